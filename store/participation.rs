//! Participation: who takes part in which project, and how both sides came to want it.

mod act;

pub use act::{Answer, Proposal, answer, leave, propose, withdraw};

use crate::Conn;
use crate::change::{self, Write};
use crate::conn::internal;
use crate::fresh;
use crate::schema::participation;
use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::Result;
use domain::id::{OrganisationId, ParticipationId, ProjectId};
use domain::participation::{ParticipationRole, ParticipationState};
use domain::policy::Granted;
use serde::Serialize;

/// An organisation's part in a project.
#[derive(
    Queryable, Selectable, Insertable, AsChangeset, Debug, Clone, PartialEq, Eq, Serialize,
)]
#[diesel(table_name = participation, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct Participation {
    /// In which project.
    pub project_id: ProjectId,
    /// Its id.
    pub id: ParticipationId,
    /// Which organisation.
    pub organisation_id: OrganisationId,
    /// What it does there.
    pub role: ParticipationRole,
    /// How far the two sides have come.
    pub state: ParticipationState,
    /// What was said when it was proposed.
    pub message: Option<String>,
    /// Who invited or asked, as the record names them.
    pub proposed_by: String,
    /// When, UTC.
    pub proposed_at: NaiveDateTime,
    /// Who answered, as the record names them.
    pub answered_by: Option<String>,
    /// When, UTC.
    pub answered_at: Option<NaiveDateTime>,
    /// Its first day, UTC.
    pub from_on: Option<NaiveDate>,
    /// The first day it was over, UTC.
    pub to_on: Option<NaiveDate>,
    /// Why it was declined, taken back or left.
    pub reason: Option<String>,
    /// Counts the changes to it, from 1.
    pub version: i64,
}

impl Participation {
    /// An invitation by whoever was granted this; its other fields are to be set from it.
    pub(crate) fn proposed(
        granted: &Granted,
        now: NaiveDateTime,
        project_id: ProjectId,
        organisation_id: OrganisationId,
        role: ParticipationRole,
    ) -> Self {
        Self {
            project_id,
            id: fresh(),
            organisation_id,
            role,
            state: ParticipationState::Invited,
            message: None,
            proposed_by: granted.actor().to_owned(),
            proposed_at: now,
            answered_by: None,
            answered_at: None,
            from_on: None,
            to_on: None,
            reason: None,
            version: 1,
        }
    }

    pub(crate) fn added(&self) -> Write<'_, Self> {
        self.write(None)
    }

    fn write<'a>(&'a self, before: Option<&'a Self>) -> Write<'a, Self> {
        Write {
            kind: "participation",
            id: format!("{}/{}", self.project_id, self.id),
            about: Some(self.organisation_id),
            before,
            after: Some(self),
        }
    }
}

/// Who takes part in these projects, was to, or did: those of each by the time at which it was proposed.
///
/// # Errors
/// [`domain::Error::Internal`] when the database fails.
pub async fn of(conn: &mut Conn, projects: &[ProjectId]) -> Result<Vec<Participation>> {
    let mut found = Vec::new();
    for chunk in projects.chunks(crate::CHUNK) {
        let rows: Vec<Participation> = on!(conn, c => participation::table
            .filter(participation::project_id.eq_any(chunk))
            .order((participation::project_id, participation::id))
            .select(Participation::as_select())
            .load(c)
            .await)
        .map_err(internal)?;
        found.extend(rows);
    }
    Ok(found)
}

/// What these organisations take part in, were to, or did: those of each by the time at which it was proposed.
///
/// # Errors
/// [`domain::Error::Internal`] when the database fails.
pub async fn of_organisations(
    conn: &mut Conn,
    organisations: &[OrganisationId],
) -> Result<Vec<Participation>> {
    on!(conn, c => participation::table
        .filter(participation::organisation_id.eq_any(organisations))
        .order((participation::organisation_id, participation::id))
        .select(Participation::as_select())
        .load(c)
        .await)
    .map_err(internal)
}

/// The participation of a project with this id.
///
/// # Errors
/// [`domain::Error::NotFound`] when there is none; [`domain::Error::Internal`] when the database fails.
pub async fn by_key(
    conn: &mut Conn,
    project: ProjectId,
    id: ParticipationId,
) -> Result<Participation> {
    on!(conn, c => participation::table
        .find((project, id))
        .select(Participation::as_select())
        .first(c)
        .await
        .optional())
    .map_err(internal)?
    .ok_or_else(|| domain::Error::not_found("participation", id.to_string()))
}

/// Writes a participation that stood as `before`, and records it.
async fn save(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    before: &Participation,
    after: &Participation,
) -> Result<()> {
    let key = (after.project_id, after.id);
    on!(conn, c => diesel::update(participation::table.find(key)).set(after).execute(c).await)
        .map_err(internal)?;
    change::record(conn, granted, now, after.write(Some(before))).await
}
