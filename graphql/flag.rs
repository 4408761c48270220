//! Flags: what does not fit the green that a project shows.

use crate::error::Result;
use crate::id::Key;
use crate::scalar::DateTime;
use crate::status_words::FlagKind;
use async_graphql::{ID, Object};
use store::flag::Flag as Row;

/// A flag.
#[derive(Clone)]
pub struct Flag(pub(crate) Row);

/// Something that does not fit the green a project shows, with its evidence. Its lead may answer once, and everybody reads
/// the answer; it goes by itself when the evidence does.
#[Object]
impl Flag {
    /// Its opaque id.
    pub(crate) async fn id(&self) -> ID {
        Key::Flag(self.0.project_id, self.0.id).id()
    }

    /// What does not fit.
    async fn kind(&self) -> FlagKind {
        self.0.kind.into()
    }

    /// Why, in full sentences.
    async fn evidence(&self) -> Result<Vec<String>> {
        Ok(self.0.evidence()?)
    }

    /// When it was raised.
    async fn raised_at(&self) -> DateTime {
        DateTime(self.0.raised_at)
    }

    /// What the lead says to it; null until then.
    async fn answer(&self) -> Option<&str> {
        self.0.answer.as_deref()
    }

    /// When it was answered.
    async fn answered_at(&self) -> Option<DateTime> {
        self.0.answered_at.map(DateTime)
    }

    /// When its evidence was gone; null while it stands.
    async fn cleared_at(&self) -> Option<DateTime> {
        self.0.cleared_at.map(DateTime)
    }

    /// Counts the changes to it, from 1.
    async fn version(&self) -> i64 {
        self.0.version
    }
}
