//! What hangs on a project: its phases, gates, milestones, outputs, and what is given to it.

use crate::error::Result;
use crate::id::Key;
use crate::organisation::Organisation;
use crate::organisations::Organisations;
use crate::project_words::{ContributionKind, GateCondition, OutputKind, Phase, Readiness};
use crate::scalar::{Date, DateTime};
use crate::standard::Standard;
use crate::standards::Standards;
use async_graphql::{ID, Object, SimpleObject};
use chrono::NaiveDate;
use domain::gate::{Facts, failing};
use domain::milestone::{overdue, slip_days};
use std::sync::Arc;
use store::{contribution, gate, milestone, output, phase};

/// A step of a project from one phase to another.
#[derive(SimpleObject)]
pub struct PhaseChange {
    /// From which phase; null for the first.
    from: Option<Phase>,
    /// To which phase.
    to: Phase,
    /// On which day, UTC.
    on: Date,
    /// Why, where somebody said so.
    reason: Option<String>,
    /// When it was written down.
    recorded_at: DateTime,
}

impl From<&phase::PhaseChange> for PhaseChange {
    fn from(row: &phase::PhaseChange) -> Self {
        Self {
            from: row.from_phase.map(Into::into),
            to: row.to_phase.into(),
            on: Date(row.changed_on),
            reason: row.reason.clone(),
            recorded_at: DateTime(row.recorded_at),
        }
    }
}

/// Something that a project asks of itself before it enters a phase.
#[derive(SimpleObject)]
pub struct Gate {
    /// Before which phase.
    phase: Phase,
    /// What is asked for.
    condition: GateCondition,
    /// How many, where the condition counts.
    least: i32,
    /// What fails of it now, in a sentence with its numbers; null when it holds.
    failing: Option<String>,
}

impl Gate {
    /// A gate as it stands by these facts.
    pub(crate) fn new(row: &gate::Gate, facts: &Facts) -> Self {
        Self {
            phase: row.phase.into(),
            condition: row.condition.into(),
            least: row.least,
            failing: failing([row.asks()], facts).pop().map(|one| one.message),
        }
    }
}

/// What a project means to have done by when.
#[derive(SimpleObject)]
pub struct Milestone {
    /// Its opaque id.
    id: ID,
    /// What is to be done.
    title: String,
    /// When it is due, UTC.
    due_on: Date,
    /// When it was due as first said.
    first_due_on: Date,
    /// When it was done; null while it is not.
    done_on: Option<Date>,
    /// By how many days it slipped against when it was first due; below zero, it came earlier.
    slip_days: i64,
    /// Whether it should be done and is not.
    overdue: bool,
    /// Counts the changes to it, from 1.
    version: i64,
}

impl Milestone {
    /// A milestone as it stands on a day.
    pub(crate) fn new(row: &milestone::Milestone, today: NaiveDate) -> Self {
        Self {
            id: Key::Milestone(row.project_id, row.id).id(),
            title: row.title.clone(),
            due_on: Date(row.due_on),
            first_due_on: Date(row.first_due_on),
            done_on: row.done_on.map(Date),
            slip_days: slip_days(row.first_due_on, row.due_on, row.done_on),
            overdue: overdue(row.due_on, row.done_on, today),
            version: row.version,
        }
    }
}

/// An output, and the standards of those that were read with it.
pub struct Output {
    row: output::Output,
    standards: Arc<Standards>,
}

impl Output {
    /// An output among those that name these standards.
    pub(crate) fn new(row: &output::Output, standards: &Arc<Standards>) -> Self {
        Self {
            row: row.clone(),
            standards: Arc::clone(standards),
        }
    }
}

/// Something that a project made for others to use.
#[Object]
impl Output {
    /// Its opaque id.
    async fn id(&self) -> ID {
        Key::Output(self.row.project_id, self.row.id).id()
    }

    /// What it is called.
    async fn title(&self) -> &str {
        &self.row.title
    }

    /// What it is.
    async fn kind(&self) -> OutputKind {
        self.row.kind.into()
    }

    /// Where it is.
    async fn url(&self) -> &str {
        &self.row.url
    }

    /// Under which licence others may use it.
    async fn licence(&self) -> &str {
        &self.row.licence
    }

    /// How ready it is.
    async fn readiness(&self) -> Readiness {
        self.row.readiness.into()
    }

    /// Since when it is ready, UTC: from that day the adoption of its standard counts.
    async fn ready_on(&self) -> Option<Date> {
        self.row.ready_on.map(Date)
    }

    /// The standard it makes or implements.
    async fn standard(&self) -> Result<Option<Standard>> {
        match self.row.standard_id {
            Some(id) => self.standards.get(id).await.map(Some),
            None => Ok(None),
        }
    }

    /// When it was first published here.
    async fn published_at(&self) -> DateTime {
        DateTime(self.row.published_at)
    }

    /// Counts the changes to it, from 1.
    async fn version(&self) -> i64 {
        self.row.version
    }
}

/// A contribution, and the givers of those that were read with it.
pub struct Contribution {
    row: contribution::Contribution,
    organisations: Arc<Organisations>,
}

impl Contribution {
    /// A contribution among those that these organisations give.
    pub(crate) fn new(
        row: &contribution::Contribution,
        organisations: &Arc<Organisations>,
    ) -> Self {
        Self {
            row: row.clone(),
            organisations: Arc::clone(organisations),
        }
    }
}

/// Money or days that somebody gives to a project.
#[Object]
impl Contribution {
    /// Its opaque id.
    async fn id(&self) -> ID {
        Key::Contribution(self.row.project_id, self.row.id).id()
    }

    /// Which organisation gives it; null where it is none of the register, and `source` names it.
    async fn organisation(&self) -> Result<Option<Organisation>> {
        match self.row.organisation_id {
            Some(id) => self.organisations.get(id).await.map(Some),
            None => Ok(None),
        }
    }

    /// What it is.
    async fn kind(&self) -> ContributionKind {
        self.row.kind.into()
    }

    /// How much is pledged: pence, or days.
    async fn pledged(&self) -> i64 {
        self.row.pledged
    }

    /// How much of it was given: pence, or days.
    async fn given(&self) -> i64 {
        self.row.given
    }

    /// When it was pledged, UTC.
    async fn pledged_on(&self) -> Date {
        Date(self.row.pledged_on)
    }

    /// Words about it.
    async fn note(&self) -> Option<&str> {
        self.row.note.as_deref()
    }

    /// The file it was imported from, and who gives it by that; null for what was pledged here.
    async fn source(&self) -> Option<&str> {
        self.row.source.as_deref()
    }

    /// Counts the changes to it, from 1.
    async fn version(&self) -> i64 {
        self.row.version
    }
}
