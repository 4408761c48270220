//! Backings: which body has a problem, too, and what it was answered.

use crate::error::Result;
use crate::id::Key;
use crate::organisation::Organisation;
use crate::problem::Problem;
use crate::problem_words::Willingness;
use crate::problems::Problems;
use crate::scalar::{Date, DateTime};
use async_graphql::{ID, Object};
use std::sync::Arc;
use store::backing::Backing as Row;

/// A backing, and the problems that were read with its own.
#[derive(Clone)]
pub struct Backing {
    row: Row,
    problems: Arc<Problems>,
}

impl Backing {
    /// The backing of one of these problems.
    pub(crate) fn new(row: Row, problems: &Arc<Problems>) -> Self {
        Self {
            row,
            problems: Arc::clone(problems),
        }
    }
}

/// That a body has a problem, too.
#[Object]
impl Backing {
    /// Its opaque id.
    async fn id(&self) -> ID {
        Key::Backing(self.row.problem_id, self.row.id).id()
    }

    /// What is backed.
    async fn problem(&self) -> Result<Problem> {
        self.problems.get(self.row.problem_id).await
    }

    /// Who backs it.
    async fn organisation(&self) -> Result<Organisation> {
        let backers = self.problems.backers().await?;
        match backers.find(self.row.organisation_id).await? {
            Some(body) => Ok(body),
            // It was taken back: it is not among those that hold.
            None => {
                let asked = &self.problems.asked;
                let alone =
                    crate::organisations::Organisations::named(asked, [self.row.organisation_id]);
                alone.get(self.row.organisation_id).await
            }
        }
    }

    /// What it is willing to do.
    async fn willingness(&self) -> Willingness {
        self.row.willingness.into()
    }

    /// What it says beside.
    async fn note(&self) -> Option<&str> {
        self.row.note.as_deref()
    }

    /// When it said so.
    async fn backed_at(&self) -> DateTime {
        DateTime(self.row.backed_at)
    }

    /// By when somebody has to have answered it, UTC; after that the unit is told.
    async fn reply_by(&self) -> Date {
        Date(self.row.reply_by)
    }

    /// What it was answered; null when nobody has.
    async fn answer(&self) -> Option<&str> {
        self.row.answer.as_deref()
    }

    /// When it was answered.
    async fn answered_at(&self) -> Option<DateTime> {
        self.row.answered_at.map(DateTime)
    }

    /// When the unit was told that it waits.
    async fn escalated_at(&self) -> Option<DateTime> {
        self.row.escalated_at.map(DateTime)
    }

    /// When it was taken back; null while it holds.
    async fn withdrawn_at(&self) -> Option<DateTime> {
        self.row.withdrawn_at.map(DateTime)
    }

    /// Counts the changes to it, from 1. Whoever changes it says which version they saw.
    async fn version(&self) -> i64 {
        self.row.version
    }
}
