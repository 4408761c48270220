//! Starting a project, and moving it from phase to phase through its gates.

use crate::asked::Asked;
use crate::done::Done;
use crate::error::Result;
use crate::input;
use crate::project::Project;
use crate::project_words::{GateCondition, Phase};
use crate::projects::Projects;
use crate::receipt::{self, Sent, Work};
use crate::scalar::Date;
use crate::user_error::UserError;
use async_graphql::{ID, InputObject, SimpleObject};
use chrono::NaiveDateTime;
use domain::Error;
use domain::id::ProjectId;
use domain::policy::{About, Action, Viewer};
use std::sync::Arc;
use store::Conn;
use store::phase::{Moved, Step};
use store::project::NewProject;

/// How often a status is expected where nobody says otherwise, in days.
const CADENCE_DAYS: i32 = 14;

/// A project to be started.
#[derive(InputObject)]
pub struct StartProjectInput {
    /// The organisation that starts and leads it: its slug or a code; left out, the one you act for.
    organisation: Option<String>,
    /// What it is called.
    title: String,
    /// What it does, in a paragraph.
    summary: String,
    /// The problems it works on: their ids or addresses.
    problems: Option<Vec<ID>>,
    /// Where it shows its work.
    url: Option<String>,
    /// A status is expected every so many days, 1 to 365.
    #[graphql(default_with = "Some(CADENCE_DAYS)")]
    cadence_days: Option<i32>,
    /// When it began, UTC; today if left out.
    started_on: Option<Date>,
    /// Up to 100 characters of your choice: sent again with the same input, it gives the first answer again.
    idempotency_key: Option<String>,
}

/// Which project enters which phase.
#[derive(InputObject)]
pub struct ChangePhaseInput {
    /// The project: its id or address.
    project: ID,
    /// The phase it enters.
    phase: Phase,
    /// Why: needed to stop it and to go back.
    reason: Option<String>,
    /// On which day, UTC; today if left out.
    changed_on: Option<Date>,
    /// The version you saw: when it has moved on, nothing is done and the error says which it is now.
    expected_version: Option<i64>,
    /// Up to 100 characters of your choice: sent again with the same input, it gives the first answer again.
    idempotency_key: Option<String>,
}

/// What a project asks of itself before it enters a phase.
#[derive(InputObject)]
pub struct SetGateInput {
    /// The project: its id or address.
    project: ID,
    /// Before which phase: `ALPHA`, `BETA`, `LIVE` or `RETIRED`.
    phase: Phase,
    /// What is asked for.
    condition: GateCondition,
    /// How many, where the condition counts, else 1; 0 asks for nothing any more.
    least: i32,
    /// Up to 100 characters of your choice: sent again with the same input, it gives the first answer again.
    idempotency_key: Option<String>,
}

/// What came of starting a project, or of changing something about it.
#[derive(SimpleObject)]
pub struct ProjectPayload {
    /// The project; null when there are errors.
    project: Option<Project>,
    /// What has to be mended: in the input, or, with code `GATE`, in the project before it enters the phase.
    user_errors: Vec<UserError>,
}

impl ProjectPayload {
    /// The project that a mutation wrote, as it is now.
    pub(crate) async fn of(asked: &Arc<Asked>, done: Done) -> Result<Self> {
        let project = match done.id::<ProjectId>()? {
            Some(id) => Projects::named(&asked.renewed(), [id]).find(id).await?,
            None => None,
        };
        Ok(Self {
            project,
            user_errors: done.user_errors,
        })
    }
}

/// Starts a project.
///
/// # Errors
/// `UNAUTHENTICATED` and `FORBIDDEN` for want of the right; `CONFLICT` for a closed organisation, or a key that came with
/// another input.
pub(crate) async fn start_project(
    asked: &Arc<Asked>,
    input: StartProjectInput,
) -> Result<ProjectPayload> {
    let sent = Sent::new("startProject", &input, &input.idempotency_key);
    let viewer = asked.viewer.clone();
    let done = receipt::answer(asked, sent, Start { viewer, input }).await?;
    ProjectPayload::of(asked, done).await
}

struct Start {
    viewer: Viewer,
    input: StartProjectInput,
}

impl Work for Start {
    type Answer = Done;

    async fn run(&self, conn: &mut Conn, now: NaiveDateTime) -> domain::Result<Done> {
        let Self { viewer, input } = self;
        let lead = input::body(conn, viewer, input.organisation.as_deref()).await?;
        let granted = viewer.may(Action::StartProject, About::Organisation(lead))?;
        let mut problems = Vec::new();
        let named = input.problems.iter().flatten();
        for one in named.take(MOST_PROBLEMS + 1) {
            problems.push(input::problem_named(conn, one).await?);
        }
        if problems.len() > MOST_PROBLEMS {
            let told = format!("Name at most {MOST_PROBLEMS} problems.");
            return Err(Error::invalid("problems", told));
        }
        let new = NewProject {
            title: &input.title,
            summary: &input.summary,
            url: input.url.as_deref(),
            problems: &problems,
            cadence_days: input.cadence_days.unwrap_or(CADENCE_DAYS),
            started_on: input.started_on.map_or(now.date(), |day| day.0),
        };
        let row = store::project::start(conn, &granted, now, lead, &new).await?;
        Ok(Done::with(row.id))
    }
}

/// The most problems that one project works on.
const MOST_PROBLEMS: usize = 20;

/// Moves a project to another phase, or says every condition of its gates that does not hold.
///
/// # Errors
/// `UNAUTHENTICATED` and `FORBIDDEN` for want of the right; `CONFLICT` when it moved on.
pub(crate) async fn change_phase(
    asked: &Arc<Asked>,
    input: ChangePhaseInput,
) -> Result<ProjectPayload> {
    let sent = Sent::new("changePhase", &input, &input.idempotency_key);
    let viewer = asked.viewer.clone();
    let done = receipt::answer(asked, sent, Change { viewer, input }).await?;
    ProjectPayload::of(asked, done).await
}

struct Change {
    viewer: Viewer,
    input: ChangePhaseInput,
}

impl Work for Change {
    type Answer = Done;

    async fn run(&self, conn: &mut Conn, now: NaiveDateTime) -> domain::Result<Done> {
        let Self { viewer, input } = self;
        let id = input::project_named(conn, &input.project).await?;
        let team = store::project::team(conn, id).await?;
        let reason = input::reason(input.reason.as_deref())?;
        let granted = viewer
            .may_in(Action::LeadProject, &team)?
            .because(reason.clone());
        let step = Step {
            to: input.phase.into(),
            reason: reason.as_deref(),
            on: input.changed_on.map(|day| day.0),
            seen: input.expected_version,
        };
        Ok(
            match store::phase::change(conn, &granted, now, id, step).await? {
                Moved::Done(row) => Done::with(row.id),
                Moved::Held(failing) => {
                    Done::held(failing.iter().map(|one| UserError::gate(&one.message)))
                }
            },
        )
    }
}

/// Sets a gate of a project.
///
/// # Errors
/// `UNAUTHENTICATED` and `FORBIDDEN` for want of the right; `CONFLICT` when the project is over.
pub(crate) async fn set_gate(asked: &Arc<Asked>, input: SetGateInput) -> Result<ProjectPayload> {
    let sent = Sent::new("setGate", &input, &input.idempotency_key);
    let viewer = asked.viewer.clone();
    let done = receipt::answer(asked, sent, SetGate { viewer, input }).await?;
    ProjectPayload::of(asked, done).await
}

struct SetGate {
    viewer: Viewer,
    input: SetGateInput,
}

impl Work for SetGate {
    type Answer = Done;

    async fn run(&self, conn: &mut Conn, now: NaiveDateTime) -> domain::Result<Done> {
        let Self { viewer, input } = self;
        let id = input::project_named(conn, &input.project).await?;
        let team = store::project::team(conn, id).await?;
        let granted = viewer.may_in(Action::LeadProject, &team)?;
        let gate = (input.phase.into(), input.condition.into(), input.least);
        store::gate::set(conn, &granted, now, id, gate).await?;
        Ok(Done::with(id))
    }
}
