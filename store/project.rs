//! Projects: their rows, and who works on them.

use crate::Conn;
use crate::conn::internal;
use crate::schema::{participation, project};
use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::id::{OrganisationId, ProjectId, StatusId};
use domain::participation::{ParticipationRole, ParticipationState};
use domain::policy::Team;
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
    on!(conn, c => project::table
        .filter(project::id.eq_any(ids))
        .select(Project::as_select())
        .load(c)
        .await)
    .map_err(internal)
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
