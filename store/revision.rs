//! Revisions: how problems are raised and written at, and every text that each ever had.

use crate::change::{self, Write};
use crate::conn::{OnTaken, internal};
use crate::invitation::check_open;
use crate::problem::{Change, Problem, by_id};
use crate::problem_state::{record, save};
use crate::schema::{problem, problem_revision, problem_tag};
use crate::{Conn, fresh, lock};
use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::id::{OrganisationId, ProblemId, StandardId};
use domain::policy::{About, Action, Granted};
use domain::problem::{NewText, ProblemState, Text, reason};
use domain::{Error, Result};
use serde::Serialize;

/// What a problem's text once was.
#[derive(Queryable, Selectable, Insertable, Debug, Clone, PartialEq, Eq, Serialize)]
#[diesel(table_name = problem_revision, treat_none_as_default_value = false)]
pub struct Revision {
    /// Whose text it is.
    pub problem_id: ProblemId,
    /// 1, 2, 3 …
    pub number: i32,
    /// What it is, on one line.
    pub title: String,
    /// The same in a paragraph.
    pub summary: String,
    /// Why it matters.
    pub why: String,
    /// Who has it.
    pub affected: String,
    /// What it costs.
    pub burden: String,
    /// The code of the service it belongs to.
    pub service: Option<String>,
    /// Its tags, with a blank between them, in order.
    pub tags: String,
    /// The standard it is about.
    pub standard_id: Option<StandardId>,
    /// Who wrote it, as the record names them.
    pub written_by: String,
    /// For whom it was written; `None` for the unit.
    pub organisation_id: Option<OrganisationId>,
    /// What was done, or why.
    pub note: Option<String>,
    /// The revision whose text it brings back.
    pub restores: Option<i32>,
    /// When, UTC.
    pub written_at: NaiveDateTime,
}

impl Revision {
    /// Its text.
    pub fn text(&self) -> Text {
        Text {
            title: self.title.clone(),
            summary: self.summary.clone(),
            why: self.why.clone(),
            affected: self.affected.clone(),
            burden: self.burden.clone(),
            service: self.service.clone(),
            tags: self
                .tags
                .split(' ')
                .filter(|tag| !tag.is_empty())
                .map(str::to_owned)
                .collect(),
            standard: self.standard_id,
        }
    }
}

#[derive(Insertable, Clone)]
#[diesel(table_name = problem_tag)]
struct Tagged {
    problem_id: ProblemId,
    tag: String,
}

/// The problem with another text.
fn rewritten(row: &Problem, text: &Text) -> Problem {
    let text = text.clone();
    Problem {
        title_key: text.title.to_lowercase(),
        title: text.title,
        summary: text.summary,
        why: text.why,
        affected: text.affected,
        burden: text.burden,
        service: text.service,
        tags: text.tags.join(" "),
        standard_id: text.standard,
        ..row.clone()
    }
}

/// Raises a problem, for an organisation or for the unit.
///
/// # Errors
/// [`Error::Invalid`] for a text that cannot be kept; [`Error::Conflict`] when the organisation is closed;
/// [`Error::Internal`] when the database fails.
pub async fn raise(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    organisation: Option<OrganisationId>,
    new: &NewText,
) -> Result<Problem> {
    granted.require(Action::RaiseProblem)?;
    granted.covers(About::affairs_of(organisation))?;
    if let Some(body) = organisation {
        check_open(conn, now.date(), body).await?;
    }
    let text = new.kept()?;
    let id: ProblemId = fresh();
    let blank = Problem {
        id,
        slug: free_slug(conn, id, &text.title).await?,
        organisation_id: organisation,
        state: ProblemState::Proposed,
        parked_reason: None,
        merged_into_id: None,
        revision: 1,
        title: String::new(),
        title_key: String::new(),
        summary: String::new(),
        why: String::new(),
        affected: String::new(),
        burden: String::new(),
        service: None,
        tags: String::new(),
        standard_id: None,
        backers: 0,
        projects: 0,
        created_at: now,
        updated_at: now,
        version: 1,
    };
    let row = rewritten(&blank, &text);
    on!(conn, c => diesel::insert_into(problem::table).values(&row).execute(c).await)
        .on_taken("title", &row.title)?;
    record(conn, granted, now, None, &row).await?;
    keep(conn, granted, now, &row, None).await?;
    Ok(row)
}

/// An address that no other problem has.
async fn free_slug(conn: &mut Conn, id: ProblemId, title: &str) -> Result<String> {
    let mut words = domain::slug::from_words(title);
    words.truncate(70);
    let words = words.trim_end_matches('-');
    let numbered = (2..10).map(|n| format!("{words}-{n}"));
    let wanted: Vec<String> = std::iter::once(words.to_owned()).chain(numbered).collect();
    let taken: Vec<String> = on!(conn, c => problem::table
        .filter(problem::slug.eq_any(&wanted))
        .select(problem::slug)
        .load(c)
        .await)
    .map_err(internal)?;
    let free = wanted.into_iter().find(|slug| !taken.contains(slug));
    // The end of the id is random.
    let last = || {
        let id = id.to_string();
        format!("{words}-{}", id.rsplit('-').next().unwrap_or_default())
    };
    let slug = free.unwrap_or_else(last);
    Ok(slug)
}

/// Keeps the text that a problem has now as its newest revision, and its tags.
async fn keep(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    row: &Problem,
    restores: Option<i32>,
) -> Result<()> {
    let revision = Revision {
        problem_id: row.id,
        number: row.revision,
        title: row.title.clone(),
        summary: row.summary.clone(),
        why: row.why.clone(),
        affected: row.affected.clone(),
        burden: row.burden.clone(),
        service: row.service.clone(),
        tags: row.tags.clone(),
        standard_id: row.standard_id,
        written_by: granted.actor().to_owned(),
        organisation_id: granted.organisation(),
        note: granted.reason().map(str::to_owned),
        restores,
        written_at: now,
    };
    on!(conn, c => diesel::insert_into(problem_revision::table).values(&revision).execute(c).await)
        .map_err(internal)?;
    let tags: Vec<Tagged> = row
        .tags()
        .map(|tag| Tagged {
            problem_id: row.id,
            tag: tag.to_owned(),
        })
        .collect();
    if row.revision > 1 {
        on!(conn, c => diesel::delete(problem_tag::table)
            .filter(problem_tag::problem_id.eq(row.id))
            .execute(c)
            .await)
        .map_err(internal)?;
    }
    let _written: usize = insert_rows!(conn, problem_tag::table, tags);
    let write = Write {
        kind: "problem_revision",
        id: format!("{}/{}", row.id, revision.number),
        about: row.organisation_id,
        before: None,
        after: Some(&revision),
    };
    change::record(conn, granted, now, write).await
}

/// Writes a problem anew: `write` makes the new text of the one that stands. A text that stands already is not kept again.
///
/// # Errors
/// [`Error::NotFound`] when there is none; [`Error::Stale`] when it was changed meanwhile; [`Error::Invalid`] for a text
/// that cannot be kept; [`Error::Conflict`] when it was merged; [`Error::Internal`] when the database fails.
pub async fn revise(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    change: Change<'_>,
    write: impl FnOnce(NewText) -> NewText,
) -> Result<Problem> {
    let before = open(conn, granted, change).await?;
    let text = write(before.text().into()).kept()?;
    write_text(conn, granted, now, (&before, change.reason), &text, None).await
}

/// Brings back the text of an earlier revision, as a new one.
///
/// # Errors
/// As [`revise`]; [`Error::NotFound`] also when there is no such revision.
pub async fn restore(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    change: Change<'_>,
    number: i32,
) -> Result<Problem> {
    let before = open(conn, granted, change).await?;
    let text = by_number(conn, before.id, number).await?.text();
    let change = (&before, change.reason);
    write_text(conn, granted, now, change, &text, Some(number)).await
}

/// The problem that somebody wants to write at, as they saw it.
async fn open(conn: &mut Conn, granted: &Granted, change: Change<'_>) -> Result<Problem> {
    granted.require(Action::ReviseProblem)?;
    granted.covers(About::Sector)?;
    lock::problems(conn, &[change.problem]).await?;
    let row = by_id(conn, change.problem).await?;
    row.check_standing()?;
    row.check_version(change.expected_version)?;
    Ok(row)
}

async fn write_text(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    (before, note): (&Problem, Option<&str>),
    text: &Text,
    restores: Option<i32>,
) -> Result<Problem> {
    let note = reason("note", note)?;
    if *text == before.text() {
        return Ok(before.clone());
    }
    let after = Problem {
        revision: before.revision + 1,
        ..rewritten(before, text)
    };
    let granted = granted.clone().because(note);
    let after = save(conn, &granted, now, before, after).await?;
    keep(conn, &granted, now, &after, restores).await?;
    Ok(after)
}

/// A revision of a problem.
///
/// # Errors
/// [`Error::NotFound`] when there is none; [`Error::Internal`] when the database fails.
pub async fn by_number(conn: &mut Conn, problem: ProblemId, number: i32) -> Result<Revision> {
    on!(conn, c => problem_revision::table
        .find((problem, number))
        .select(Revision::as_select())
        .first(c)
        .await
        .optional())
    .map_err(internal)?
    .ok_or_else(|| Error::not_found("revision", number.to_string()))
}

/// Every revision of each of these problems, the newest first.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn of_problems(conn: &mut Conn, problems: &[ProblemId]) -> Result<Vec<Revision>> {
    on!(conn, c => problem_revision::table
        .filter(problem_revision::problem_id.eq_any(problems))
        .order((problem_revision::problem_id, problem_revision::number.desc()))
        .select(Revision::as_select())
        .load(c)
        .await)
    .map_err(internal)
}

/// The tags of every problem, as they are searched: for the check.
pub(crate) async fn tags(conn: &mut Conn) -> Result<Vec<(ProblemId, String)>> {
    on!(conn, c => problem_tag::table
        .order((problem_tag::problem_id, problem_tag::tag))
        .select((problem_tag::problem_id, problem_tag::tag))
        .load(c)
        .await)
    .map_err(internal)
}
