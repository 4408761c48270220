//! Merges: which problem goes on as which.

use crate::error::Result;
use crate::id::Key;
use crate::problem::Problem;
use crate::problems::Problems;
use crate::scalar::DateTime;
use async_graphql::{ID, Object};
use std::sync::Arc;
use store::merge::Merge as Row;

/// A merge, and the problems of those that were read with it.
#[derive(Clone)]
pub struct Merge {
    row: Row,
    problems: Arc<Problems>,
}

impl Merge {
    /// The merge of two of these problems.
    pub(crate) fn new(row: Row, problems: &Arc<Problems>) -> Self {
        Self {
            row,
            problems: Arc::clone(problems),
        }
    }
}

/// That one problem goes on as another, until it is undone.
#[Object(name = "ProblemMerge")]
impl Merge {
    /// Its opaque id.
    async fn id(&self) -> ID {
        Key::Merge(self.row.id).id()
    }

    /// The problem that goes on as another, with its own text.
    async fn problem(&self) -> Result<Problem> {
        self.problems.get(self.row.problem_id).await
    }

    /// The problem that it goes on as.
    async fn into(&self) -> Result<Problem> {
        self.problems.get(self.row.into_id).await
    }

    /// When it was merged.
    async fn merged_at(&self) -> DateTime {
        DateTime(self.row.merged_at)
    }

    /// Why.
    async fn reason(&self) -> Option<&str> {
        self.row.reason.as_deref()
    }

    /// When it was undone; null while it holds.
    async fn undone_at(&self) -> Option<DateTime> {
        self.row.undone_at.map(DateTime)
    }

    /// Counts the changes to it, from 1. Whoever undoes it says which version they saw.
    async fn version(&self) -> i64 {
        self.row.version
    }
}
