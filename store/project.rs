//! Projects: their rows, and who works on them.

mod award;
mod list;
mod start;

pub use award::{Award, import_all};
pub use list::{Band, Filter, Order, cadences, count, page};
pub use start::{NewProject, start};
pub(crate) use start::{begin, free_slugs, search_key};

use crate::Conn;
use crate::change::{self, Write};
use crate::conn::internal;
use crate::schema::{participation, project, project_problem};
use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::id::{OrganisationId, ProblemId, ProjectId, StatusId};
use domain::participation::{ParticipationRole, ParticipationState};
use domain::policy::{Granted, Team};
use domain::project::Phase;
use domain::{Error, Result};
use serde::Serialize;
use std::collections::HashMap;

/// A project.
#[derive(
    Queryable, Selectable, Insertable, AsChangeset, Debug, Clone, PartialEq, Eq, Serialize,
)]
#[diesel(table_name = project, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct Project {
    /// Its id.
    pub id: ProjectId,
    /// Its address, such as `shared-planning-register`.
    pub slug: String,
    /// What it is called.
    pub title: String,
    #[serde(skip)]
    pub(crate) title_key: String,
    #[serde(skip)]
    pub(crate) search_key: String,
    /// What it does, in a paragraph.
    pub summary: String,
    /// Where it shows its work.
    pub url: Option<String>,
    /// How far it has come.
    pub phase: Phase,
    /// Since when, UTC.
    pub phase_since: NaiveDate,
    /// When it began, UTC.
    pub started_on: NaiveDate,
    /// Why it stopped.
    pub stopped_reason: Option<String>,
    /// A status is expected every so many days.
    pub cadence_days: i32,
    /// The organisation that leads it; `None` when nobody does.
    pub lead_id: Option<OrganisationId>,
    /// How many organisations take part, the lead included.
    pub participants: i64,
    /// Its newest status.
    pub status_id: Option<StatusId>,
    /// When that was posted, UTC.
    pub status_at: Option<NaiveDateTime>,
    /// The file it was imported from.
    pub source: Option<String>,
    #[serde(skip)]
    pub(crate) source_key: Option<String>,
    /// When it was written down here, UTC.
    pub created_at: NaiveDateTime,
    /// When it was last changed, UTC.
    #[serde(skip)]
    pub updated_at: NaiveDateTime,
    /// Counts the changes to it, from 1.
    pub version: i64,
}

impl Project {
    /// The key by which lists are ordered by title.
    pub fn title_key(&self) -> &str {
        &self.title_key
    }

    /// The row of an import from which it comes; `None` for one that was started here.
    pub fn source_key(&self) -> Option<&str> {
        self.source_key.as_deref()
    }

    /// Checks that it is still worked on.
    ///
    /// # Errors
    /// [`Error::Conflict`] for one that is retired or stopped.
    pub(crate) fn check_open(&self) -> Result<()> {
        if self.phase.is_open() {
            return Ok(());
        }
        let told = format!("{} is {} and takes nothing more.", self.title, self.phase);
        Err(Error::Conflict(told))
    }
}

/// The project with this address; `None` when there is none.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn by_slug(conn: &mut Conn, slug: &str) -> Result<Option<Project>> {
    on!(conn, c => project::table
        .filter(project::slug.eq(slug))
        .select(Project::as_select())
        .first(c)
        .await
        .optional())
    .map_err(internal)
}

/// The projects with these ids, in no particular order.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn by_ids(conn: &mut Conn, ids: &[ProjectId]) -> Result<Vec<Project>> {
    let mut found = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(crate::CHUNK) {
        let rows: Vec<Project> = on!(conn, c => project::table
            .filter(project::id.eq_any(chunk))
            .select(Project::as_select())
            .load(c)
            .await)
        .map_err(internal)?;
        found.extend(rows);
    }
    Ok(found)
}

/// The problems that these projects work on.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn problems(
    conn: &mut Conn,
    projects: &[ProjectId],
) -> Result<Vec<(ProjectId, ProblemId)>> {
    on!(conn, c => project_problem::table
        .filter(project_problem::project_id.eq_any(projects))
        .order((project_problem::project_id, project_problem::problem_id))
        .select((project_problem::project_id, project_problem::problem_id))
        .load(c)
        .await)
    .map_err(internal)
}

/// The projects that work on these problems, whatever their phase.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn of_problems(
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

/// Writes a project that is at the version `before` has, and records it.
pub(crate) async fn save(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    before: &Project,
    after: &Project,
) -> Result<()> {
    on!(conn, c => diesel::update(project::table.find(after.id)).set(after).execute(c).await)
        .map_err(internal)?;
    let write = Write {
        kind: "project",
        id: after.id.to_string(),
        about: after.lead_id,
        before: Some(before),
        after: Some(after),
    };
    change::record(conn, granted, now, write).await
}

/// Derives the lead of a project and the number of its participants from who takes part in it.
pub(crate) async fn recount(conn: &mut Conn, id: ProjectId) -> Result<()> {
    let active: Vec<(OrganisationId, ParticipationRole)> = on!(conn, c => participation::table
        .filter(participation::project_id.eq(id))
        .filter(participation::state.eq(ParticipationState::Active))
        .select((participation::organisation_id, participation::role))
        .load(c)
        .await)
    .map_err(internal)?;
    let lead = active
        .iter()
        .find(|(_, role)| *role == ParticipationRole::Lead);
    let lead = lead.map(|(body, _)| *body);
    let participants = i64::try_from(active.len()).unwrap_or(i64::MAX);
    on!(conn, c => diesel::update(project::table.find(id))
        .set((project::lead_id.eq(lead), project::participants.eq(participants)))
        .execute(c)
        .await)
    .map_err(internal)?;
    Ok(())
}

/// Checks the version that somebody saw, where they said which.
pub(crate) fn check_version(seen: Option<i64>, current: i64) -> Result<()> {
    match seen {
        Some(seen) if seen != current => Err(Error::Stale { current }),
        _ => Ok(()),
    }
}

/// The project with this id.
///
/// # Errors
/// [`Error::NotFound`] when there is none; [`Error::Internal`] when the database fails.
pub async fn by_id(conn: &mut Conn, id: ProjectId) -> Result<Project> {
    let found = by_ids(conn, &[id]).await?.pop();
    found.ok_or_else(|| Error::not_found("project", id.to_string()))
}

/// Who works on a project today: its active lead and partners.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn team(conn: &mut Conn, project: ProjectId) -> Result<Team> {
    let mut teams = teams(conn, &[project]).await?;
    Ok(teams.remove(&project).unwrap_or(Team {
        project,
        lead: None,
        partners: Vec::new(),
    }))
}

/// Who works on each of these projects; those without anybody are left out.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn teams(conn: &mut Conn, projects: &[ProjectId]) -> Result<HashMap<ProjectId, Team>> {
    let roles = [ParticipationRole::Lead, ParticipationRole::Partner];
    let rows: Vec<(ProjectId, OrganisationId, ParticipationRole)> =
        on!(conn, c => participation::table
        .filter(participation::project_id.eq_any(projects))
        .filter(participation::state.eq(ParticipationState::Active))
        .filter(participation::role.eq_any(roles))
        .order(participation::id)
        .select((participation::project_id, participation::organisation_id, participation::role))
        .load(c)
        .await)
        .map_err(internal)?;
    let mut teams: HashMap<ProjectId, Team> = HashMap::new();
    for (project, body, role) in rows {
        let team = teams.entry(project).or_insert(Team {
            project,
            lead: None,
            partners: Vec::new(),
        });
        match role {
            ParticipationRole::Lead => team.lead = Some(body),
            _ => team.partners.push(body),
        }
    }
    Ok(teams)
}
