//! Suggestions: questions and ideas from anyone, for who moderates them, who has the receipt, and, once answered, everybody.

use crate::asked::Asked;
use crate::error::Result;
use crate::id::Key;
use crate::organisation::Organisation;
use crate::organisations::Organisations;
use crate::page::{Connection, Total, Wanted};
use crate::problem::Problem;
use crate::problem_words::{SuggestionKind, SuggestionState};
use crate::problems::Problems;
use crate::scalar::DateTime;
use async_graphql::{ID, Object};
use domain::Error;
use domain::id::SuggestionId;
use domain::policy::{About, Sight};
use domain::token::Secret;
use std::sync::Arc;
use store::suggestion::Suggestion as Row;

/// The name of this list in its cursors.
const LIST: &str = "suggestions";

/// A suggestion, and what those that were read with it are about.
#[derive(Clone)]
pub struct Suggestion {
    row: Row,
    problems: Arc<Problems>,
    organisations: Arc<Organisations>,
}

impl Suggestion {
    /// A suggestion about one of these problems, by one of these organisations where it was for one.
    pub(crate) fn about(
        row: Row,
        problems: &Arc<Problems>,
        organisations: &Arc<Organisations>,
    ) -> Self {
        Self {
            row,
            problems: Arc::clone(problems),
            organisations: Arc::clone(organisations),
        }
    }

    /// Those of these rows, in their order.
    fn all(asked: &Arc<Asked>, rows: Vec<Row>) -> Vec<Self> {
        let problems = Problems::named(asked, rows.iter().filter_map(|row| row.problem_id));
        let bodies = rows.iter().filter_map(|row| row.organisation_id);
        let organisations = Organisations::named(asked, bodies);
        let one = |row| Self::about(row, &problems, &organisations);
        rows.into_iter().map(one).collect()
    }

    /// The suggestion with this id, after a mutation wrote it.
    pub(crate) async fn find(asked: &Arc<Asked>, id: Option<SuggestionId>) -> Result<Option<Self>> {
        let Some(id) = id else { return Ok(None) };
        let asked = asked.renewed();
        let row = store::suggestion::by_id(&mut asked.read().await?, id).await?;
        Ok(Self::all(&asked, vec![row]).pop())
    }

    /// The suggestion whose receipt holds this secret.
    ///
    /// # Errors
    /// `NOT_FOUND` when there is none.
    pub(crate) async fn by_receipt(asked: &Arc<Asked>, secret: &str) -> Result<Self> {
        let row = match Secret::Receipt.hash(secret.trim()) {
            Ok(hash) => store::suggestion::by_receipt(&mut asked.read().await?, &hash).await?,
            Err(_) => None,
        };
        // The secret itself is not repeated: messages may be logged.
        let shown = Self::all(asked, row.into_iter().collect()).pop();
        Ok(shown.ok_or_else(|| Error::not_found("suggestion", "with this receipt"))?)
    }
}

/// One page of suggestions, for who moderates them.
///
/// # Errors
/// `UNAUTHENTICATED` and `FORBIDDEN` for others.
pub(crate) async fn page(
    asked: &Arc<Asked>,
    state: Option<SuggestionState>,
    wanted: &Wanted,
) -> Result<Connection<Suggestion>> {
    asked.viewer.sees(Sight::Suggestions, About::Sector)?;
    let page = wanted.page(LIST)?;
    let state = state.map(Into::into);
    let rows = store::suggestion::page(&mut asked.read().await?, state, &page).await?;
    let nodes = store::page::Rows {
        rows: Suggestion::all(asked, rows.rows),
        more: rows.more,
    };
    let asked = Arc::clone(asked);
    let total = Total::counted(move || {
        let asked = Arc::clone(&asked);
        async move { Ok(store::suggestion::count(&mut asked.read().await?, state).await?) }
    });
    let place = |node: &Suggestion| (String::new(), node.row.id.to_string());
    Ok(Connection::new(LIST, &page, nodes, total, place))
}

/// A question or an idea.
#[Object]
impl Suggestion {
    /// Its opaque id.
    async fn id(&self) -> ID {
        Key::Suggestion(self.row.id).id()
    }

    /// What it is.
    async fn kind(&self) -> SuggestionKind {
        self.row.kind.into()
    }

    /// The problem it is about; null where it is about none.
    async fn problem(&self) -> Result<Option<Problem>> {
        match self.row.problem_id {
            Some(id) => self.problems.get(id).await.map(Some),
            None => Ok(None),
        }
    }

    /// What it says.
    async fn text(&self) -> &str {
        &self.row.text
    }

    /// For which organisation it was written; null where nobody signed in.
    async fn organisation(&self) -> Result<Option<Organisation>> {
        match self.row.organisation_id {
            Some(id) => self.organisations.get(id).await.map(Some),
            None => Ok(None),
        }
    }

    /// How far it has come.
    async fn state(&self) -> SuggestionState {
        self.row.state.into()
    }

    /// What it was answered, or why it was declined.
    async fn answer(&self) -> Option<&str> {
        self.row.answer.as_deref()
    }

    /// When it was answered.
    async fn answered_at(&self) -> Option<DateTime> {
        self.row.answered_at.map(DateTime)
    }

    /// When it was handed in.
    async fn created_at(&self) -> DateTime {
        DateTime(self.row.created_at)
    }

    /// Counts the changes to it, from 1. Whoever answers it says which version they saw.
    async fn version(&self) -> i64 {
        self.row.version
    }
}
