//! How a project stood on a day, and what two days have apart.

use crate::error::Result;
use crate::organisation::Organisation;
use crate::organisations::Organisations;
use crate::participation::Participation;
use crate::project_parts::Output;
use crate::project_words::{ParticipationRole, Phase};
use crate::scalar::Date;
use crate::standards::Standards;
use crate::status::StatusUpdate;
use crate::status_words::Rag;
use async_graphql::{Object, SimpleObject};
use domain::id::OrganisationId;
use domain::state::Difference;
use std::sync::Arc;
use store::output::Output as OutputRow;
use store::state::Stood;

/// How a project stood, and what was read with it.
pub struct ProjectState {
    pub(crate) stood: Stood,
    pub(crate) status: Option<StatusUpdate>,
    pub(crate) participants: Vec<Participation>,
    pub(crate) standards: Arc<Standards>,
}

/// How a project stood when a day ended, UTC, as far as was known then.
#[Object]
impl ProjectState {
    /// The day.
    async fn as_of(&self) -> Date {
        Date(self.stood.day)
    }

    /// How far it had come; null before it began.
    async fn phase(&self) -> Option<Phase> {
        self.stood.state.phase.map(Into::into)
    }

    /// What it had said of itself last; null where it had not yet.
    async fn status(&self) -> Option<&StatusUpdate> {
        self.status.as_ref()
    }

    /// Who took part that day, in the order in which it was proposed. What is said of each is as it is now.
    async fn participants(&self) -> &[Participation] {
        &self.participants
    }

    /// Its outputs that were ready.
    async fn outputs(&self) -> Vec<Output> {
        let rows = self.stood.ready.iter();
        rows.map(|row| Output::new(row, &self.standards)).collect()
    }
}

/// A side of a project whose colour is another.
#[derive(SimpleObject)]
pub struct ColourChange {
    /// Which: `delivery`, `money`, `people` or `reuse`.
    side: &'static str,
    /// What it was; null where nothing was said.
    before: Option<Rag>,
    /// What it is.
    after: Option<Rag>,
}

/// What two days of a project have apart, and the rows behind it.
pub struct ProjectDifference {
    pub(crate) from: chrono::NaiveDate,
    pub(crate) to: chrono::NaiveDate,
    pub(crate) difference: Difference,
    pub(crate) ready: Vec<OutputRow>,
    pub(crate) before: Arc<Organisations>,
    pub(crate) after: Arc<Organisations>,
    pub(crate) standards: Arc<Standards>,
}

async fn bodies(
    together: &Arc<Organisations>,
    ids: &[OrganisationId],
) -> Result<Vec<Organisation>> {
    let mut bodies = Vec::with_capacity(ids.len());
    for id in ids {
        bodies.push(together.get(*id).await?);
    }
    Ok(bodies)
}

/// What changed in a project from one day to another.
#[Object]
impl ProjectDifference {
    /// The day from which.
    async fn from(&self) -> Date {
        Date(self.from)
    }

    /// The day to which.
    async fn to(&self) -> Date {
        Date(self.to)
    }

    /// Whether anything did.
    async fn any(&self) -> bool {
        self.difference != Difference::default()
    }

    /// The phase before; null where it is the same, or there was none.
    async fn phase_before(&self) -> Option<Phase> {
        let (before, _) = self.difference.phase?;
        before.map(Into::into)
    }

    /// The phase after; null where it is the same.
    async fn phase_after(&self) -> Option<Phase> {
        let (_, after) = self.difference.phase?;
        after.map(Into::into)
    }

    /// The sides whose colour is another.
    async fn colours(&self) -> Vec<ColourChange> {
        let changed = self.difference.colours.iter();
        changed
            .map(|(side, before, after)| ColourChange {
                side,
                before: before.map(Into::into),
                after: after.map(Into::into),
            })
            .collect()
    }

    /// Who takes part and did not.
    async fn joined(&self) -> Result<Vec<Organisation>> {
        bodies(&self.after, &self.difference.joined).await
    }

    /// Who took part and does not.
    async fn left(&self) -> Result<Vec<Organisation>> {
        bodies(&self.before, &self.difference.left).await
    }

    /// Who takes part in another role.
    async fn moved(&self) -> Result<Vec<RoleChange>> {
        let mut moved = Vec::new();
        for (id, before, after) in &self.difference.moved {
            moved.push(RoleChange {
                organisation: self.after.get(*id).await?,
                before: (*before).into(),
                after: (*after).into(),
            });
        }
        Ok(moved)
    }

    /// Outputs that are ready and were not.
    async fn outputs(&self) -> Vec<Output> {
        let rows = self.ready.iter();
        rows.map(|row| Output::new(row, &self.standards)).collect()
    }
}

/// An organisation that takes part in another role.
#[derive(SimpleObject)]
pub struct RoleChange {
    /// Which organisation.
    organisation: Organisation,
    /// What it was.
    before: ParticipationRole,
    /// What it is.
    after: ParticipationRole,
}
