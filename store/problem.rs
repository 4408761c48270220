//! Problems: their rows, and every way to read them.

use crate::Conn;
use crate::conn::internal;
use crate::schema::{problem, project, project_problem};
use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::id::{OrganisationId, ProblemId, ProjectId, StandardId};
use domain::problem::{ORPHAN_BACKERS, ProblemState, Text};
use domain::project::Phase;
use domain::{Error, Result};
use serde::Serialize;

pub use crate::problem_list::{Filter, Order, count, page};
pub(crate) use crate::problem_state::projects_changed;
pub use crate::problem_state::{Change, move_to};

/// A problem, as its newest revision says it.
#[derive(
    Queryable, Selectable, Insertable, AsChangeset, Debug, Clone, PartialEq, Eq, Serialize,
)]
#[diesel(table_name = problem, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct Problem {
    /// Its id.
    pub id: ProblemId,
    /// Its address, such as `nobody-knows-who-is-homeless`.
    pub slug: String,
    /// Who raised it; `None` for the unit.
    pub organisation_id: Option<OrganisationId>,
    /// How far it has come.
    pub state: ProblemState,
    /// Why nobody goes on with it.
    pub parked_reason: Option<String>,
    /// The problem it was merged into: it is read there.
    pub merged_into_id: Option<ProblemId>,
    /// The number of its newest revision.
    pub revision: i32,
    /// What it is, on one line.
    pub title: String,
    #[serde(skip)]
    pub(crate) title_key: String,
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
    /// How many bodies back it.
    #[serde(skip)]
    pub backers: i64,
    /// How many projects work on it that are neither stopped nor retired.
    #[serde(skip)]
    pub projects: i64,
    /// When it was raised, UTC.
    pub created_at: NaiveDateTime,
    /// When it was last changed, UTC.
    #[serde(skip)]
    pub updated_at: NaiveDateTime,
    /// Counts the changes to it, from 1.
    pub version: i64,
}

impl Problem {
    /// Its tags, in order.
    pub fn tags(&self) -> impl Iterator<Item = &str> {
        self.tags.split(' ').filter(|tag| !tag.is_empty())
    }

    /// Its text.
    pub fn text(&self) -> Text {
        Text {
            title: self.title.clone(),
            summary: self.summary.clone(),
            why: self.why.clone(),
            affected: self.affected.clone(),
            burden: self.burden.clone(),
            service: self.service.clone(),
            tags: self.tags().map(str::to_owned).collect(),
            standard: self.standard_id,
        }
    }

    /// Whether many bodies back it and nobody works on it.
    pub fn is_orphan(&self) -> bool {
        self.merged_into_id.is_none()
            && self.state.is_open()
            && self.projects == 0
            && self.backers >= ORPHAN_BACKERS
    }

    /// Checks that it stands for itself.
    ///
    /// # Errors
    /// [`Error::Conflict`] when it was merged into another.
    pub(crate) fn check_standing(&self) -> Result<()> {
        match self.merged_into_id {
            None => Ok(()),
            Some(_) => Err(Error::Conflict(
                "This problem was merged into another; go on there, or have the merge undone."
                    .to_owned(),
            )),
        }
    }

    /// Checks that it is at the version that somebody saw.
    ///
    /// # Errors
    /// [`Error::Stale`] when it is not.
    pub(crate) fn check_version(&self, expected: i64) -> Result<()> {
        if self.version == expected {
            return Ok(());
        }
        Err(Error::Stale {
            current: self.version,
        })
    }
}

/// The problem with this address, merged or not; `None` when there is none.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn by_slug(conn: &mut Conn, slug: &str) -> Result<Option<Problem>> {
    on!(conn, c => problem::table
        .filter(problem::slug.eq(slug))
        .select(Problem::as_select())
        .first(c)
        .await
        .optional())
    .map_err(internal)
}

/// The problems with these ids, in no particular order.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn by_ids(conn: &mut Conn, ids: &[ProblemId]) -> Result<Vec<Problem>> {
    let mut found = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(crate::CHUNK) {
        let rows: Vec<Problem> = on!(conn, c => problem::table
            .filter(problem::id.eq_any(chunk))
            .select(Problem::as_select())
            .load(c)
            .await)
        .map_err(internal)?;
        found.extend(rows);
    }
    Ok(found)
}

/// The problem with this id.
///
/// # Errors
/// [`Error::NotFound`] when there is none; [`Error::Internal`] when the database fails.
pub async fn by_id(conn: &mut Conn, id: ProblemId) -> Result<Problem> {
    let found = by_ids(conn, &[id]).await?.pop();
    found.ok_or_else(|| Error::not_found("problem", id.to_string()))
}

/// Every problem, merged or not, by id: for the check.
pub(crate) async fn all(conn: &mut Conn) -> Result<Vec<Problem>> {
    on!(conn, c => problem::table.select(Problem::as_select()).order(problem::id.asc()).load(c).await)
        .map_err(internal)
}

/// The problems that were changed at this moment or later, each with its version, merged ones too; of all time where
/// none is given.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn changed_since(
    conn: &mut Conn,
    since: Option<NaiveDateTime>,
) -> Result<Vec<(ProblemId, NaiveDateTime, i64)>> {
    on!(conn, c => {
        let mut query = problem::table
            .select((problem::id, problem::updated_at, problem::version))
            .into_boxed();
        if let Some(since) = since {
            query = query.filter(problem::updated_at.ge(since));
        }
        query.load(c).await
    })
    .map_err(internal)
}

/// Which projects work on each of these problems that are neither stopped nor retired.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn worked_on(
    conn: &mut Conn,
    problems: &[ProblemId],
) -> Result<Vec<(ProblemId, ProjectId)>> {
    let over = [Phase::Retired, Phase::Stopped];
    on!(conn, c => project_problem::table
        .inner_join(project::table.on(project::id.eq(project_problem::project_id)))
        .filter(project_problem::problem_id.eq_any(problems))
        .filter(project::phase.ne_all(over))
        .order((project_problem::problem_id, project_problem::project_id))
        .select((project_problem::problem_id, project_problem::project_id))
        .load(c)
        .await)
    .map_err(internal)
}

/// Every project that works or worked on each of these problems.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn projects(
    conn: &mut Conn,
    problems: &[ProblemId],
) -> Result<Vec<(ProblemId, ProjectId)>> {
    on!(conn, c => project_problem::table
        .filter(project_problem::problem_id.eq_any(problems))
        .order((project_problem::problem_id, project_problem::project_id))
        .select((project_problem::problem_id, project_problem::project_id))
        .load(c)
        .await)
    .map_err(internal)
}
