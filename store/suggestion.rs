//! Suggestions: questions and ideas from anyone, and what became of them.

use crate::change::{self, Write};
use crate::conn::internal;
use crate::page::{Page, Rows};
use crate::person::digested;
use crate::schema::suggestion;
use crate::{Conn, fresh, problem, project};
use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::id::{OrganisationId, ProblemId, ProjectId, SuggestionId};
use domain::policy::{Action, Granted};
use domain::suggestion::{SuggestionKind, SuggestionState, answer, text};
use domain::{Error, Result};
use serde::Serialize;

/// A suggestion. Serialised it is as the record keeps it: with a digest in place of the text, which anyone may have
/// written and nobody has read yet.
#[derive(Queryable, Selectable, Insertable, Debug, Clone, PartialEq, Eq, Serialize)]
#[diesel(table_name = suggestion, treat_none_as_default_value = false)]
#[serde(into = "Recorded")]
pub struct Suggestion {
    /// Its id.
    pub id: SuggestionId,
    /// What it is.
    pub kind: SuggestionKind,
    /// The problem it is about.
    pub problem_id: Option<ProblemId>,
    /// The project it is about.
    pub project_id: Option<ProjectId>,
    /// What it says.
    pub text: String,
    /// For whom it was written, where somebody signed in.
    pub organisation_id: Option<OrganisationId>,
    receipt_hash: String,
    /// How far it has come.
    pub state: SuggestionState,
    /// What who asked is told.
    pub answer: Option<String>,
    /// When it was answered, UTC.
    pub answered_at: Option<NaiveDateTime>,
    /// When it was handed in, UTC.
    pub created_at: NaiveDateTime,
    /// Counts the changes to it, from 1.
    pub version: i64,
}

/// A suggestion as the record keeps it.
#[derive(Serialize)]
struct Recorded {
    id: SuggestionId,
    kind: SuggestionKind,
    problem_id: Option<ProblemId>,
    project_id: Option<ProjectId>,
    text: Option<String>,
    organisation_id: Option<OrganisationId>,
    state: SuggestionState,
    answer: Option<String>,
    answered_at: Option<NaiveDateTime>,
    version: i64,
}

impl From<Suggestion> for Recorded {
    fn from(row: Suggestion) -> Self {
        Self {
            id: row.id,
            kind: row.kind,
            problem_id: row.problem_id,
            project_id: row.project_id,
            // The hash of the receipt is random and shown to nobody: it salts.
            text: digested(Some(&row.receipt_hash), "text", Some(&row.text)),
            organisation_id: row.organisation_id,
            state: row.state,
            answer: row.answer,
            answered_at: row.answered_at,
            version: row.version,
        }
    }
}

/// A suggestion to be handed in.
#[derive(Debug, Clone)]
pub struct NewSuggestion<'a> {
    /// What it is.
    pub kind: SuggestionKind,
    /// The problem it is about.
    pub problem: Option<ProblemId>,
    /// The project it is about.
    pub project: Option<ProjectId>,
    /// What it says.
    pub text: &'a str,
    /// [`Secret::Receipt`](domain::token::Secret::Receipt)'s hash of the secret of its receipt.
    pub receipt_hash: &'a str,
}

/// Hands a suggestion in.
///
/// # Errors
/// [`Error::Invalid`] for a text that cannot be kept; [`Error::NotFound`] when what it is about is not there;
/// [`Error::Internal`] when the database fails.
pub async fn suggest(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    new: &NewSuggestion<'_>,
) -> Result<Suggestion> {
    granted.require(Action::Suggest)?;
    if let Some(id) = new.problem {
        problem::by_id(conn, id).await?;
    }
    if let Some(id) = new.project {
        project::by_id(conn, id).await?;
    }
    let row = Suggestion {
        id: fresh(),
        kind: new.kind,
        problem_id: new.problem,
        project_id: new.project,
        text: text(new.text)?,
        organisation_id: granted.organisation(),
        receipt_hash: new.receipt_hash.to_owned(),
        state: SuggestionState::Awaiting,
        answer: None,
        answered_at: None,
        created_at: now,
        version: 1,
    };
    on!(conn, c => diesel::insert_into(suggestion::table).values(&row).execute(c).await)
        .map_err(internal)?;
    record(conn, granted, now, None, &row).await?;
    Ok(row)
}

/// Answers a suggestion, declines it, or takes it for spam.
///
/// # Errors
/// [`Error::NotFound`] when there is none; [`Error::Stale`] when it was changed meanwhile; [`Error::Conflict`] when it
/// cannot become that; [`Error::Invalid`] when an answer is missing; [`Error::Internal`] when the database fails.
pub async fn moderate(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    (id, expected_version): (SuggestionId, i64),
    (state, words): (SuggestionState, Option<&str>),
) -> Result<Suggestion> {
    granted.require(Action::Moderate)?;
    let before = by_id(conn, id).await?;
    let stale = |current| Err(Error::Stale { current });
    if before.version != expected_version {
        return stale(before.version);
    }
    let words = answer(words)?;
    let after = Suggestion {
        state: before.state.becomes(state, words.as_deref())?,
        answer: words,
        answered_at: Some(now),
        version: before.version + 1,
        ..before.clone()
    };
    let written = on!(conn, c => diesel::update(suggestion::table)
        .filter(suggestion::id.eq(id))
        .filter(suggestion::version.eq(before.version))
        .set((
            suggestion::state.eq(after.state),
            suggestion::answer.eq(&after.answer),
            suggestion::answered_at.eq(after.answered_at),
            suggestion::version.eq(after.version),
        ))
        .execute(c)
        .await)
    .map_err(internal)?;
    if written == 0 {
        return stale(by_id(conn, id).await?.version);
    }
    record(conn, granted, now, Some(&before), &after).await?;
    Ok(after)
}

async fn record(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    before: Option<&Suggestion>,
    after: &Suggestion,
) -> Result<()> {
    let write = Write {
        kind: "suggestion",
        id: after.id.to_string(),
        about: after.organisation_id,
        before,
        after: Some(after),
    };
    change::record(conn, granted, now, write).await
}

/// The suggestion with this id.
///
/// # Errors
/// [`Error::NotFound`] when there is none; [`Error::Internal`] when the database fails.
pub async fn by_id(conn: &mut Conn, id: SuggestionId) -> Result<Suggestion> {
    on!(conn, c => suggestion::table
        .find(id)
        .select(Suggestion::as_select())
        .first(c)
        .await
        .optional())
    .map_err(internal)?
    .ok_or_else(|| Error::not_found("suggestion", id.to_string()))
}

/// The suggestion whose receipt has the secret with this hash.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn by_receipt(conn: &mut Conn, receipt_hash: &str) -> Result<Option<Suggestion>> {
    on!(conn, c => suggestion::table
        .filter(suggestion::receipt_hash.eq(receipt_hash))
        .select(Suggestion::as_select())
        .first(c)
        .await
        .optional())
    .map_err(internal)
}

/// The suggestions about these problems that everybody sees, the oldest first.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn public_of(conn: &mut Conn, problems: &[ProblemId]) -> Result<Vec<Suggestion>> {
    let public = SuggestionState::ALL.iter().filter(|one| one.is_public());
    let public: Vec<SuggestionState> = public.copied().collect();
    on!(conn, c => suggestion::table
        .filter(suggestion::problem_id.eq_any(problems))
        .filter(suggestion::state.eq_any(&public))
        .order(suggestion::id.asc())
        .select(Suggestion::as_select())
        .load(c)
        .await)
    .map_err(internal)
}

/// One page of the suggestions in this state, or in any, the oldest first.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn page(
    conn: &mut Conn,
    state: Option<SuggestionState>,
    page: &Page,
) -> Result<Rows<Suggestion>> {
    let rows = on!(conn, c => {
        let mut query = suggestion::table.select(Suggestion::as_select()).into_boxed();
        if let Some(state) = state {
            query = query.filter(suggestion::state.eq(state));
        }
        if let Some(at) = &page.after {
            query = query.filter(suggestion::id.gt(&at.id));
        }
        if let Some(at) = &page.before {
            query = query.filter(suggestion::id.lt(&at.id));
        }
        query = query.limit(page.fetch());
        query = if page.from_end {
            query.order(suggestion::id.desc())
        } else {
            query.order(suggestion::id.asc())
        };
        query.load(c).await
    })
    .map_err(internal)?;
    Ok(Rows::cut(rows, page))
}

/// How many suggestions are in this state, or in any.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn count(conn: &mut Conn, state: Option<SuggestionState>) -> Result<i64> {
    on!(conn, c => {
        let mut query = suggestion::table.count().into_boxed();
        if let Some(state) = state {
            query = query.filter(suggestion::state.eq(state));
        }
        query.get_result(c).await
    })
    .map_err(internal)
}
