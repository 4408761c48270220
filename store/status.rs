//! Status updates: append-only, and every statement about them. A project's newest one is kept on its row.

mod post;

pub use post::{NewStatus, locked, post};

use crate::Conn;
use crate::conn::internal;
use crate::page::{Page, Rows};
use crate::schema::{project, status_update};
use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::Result;
use domain::id::{OrganisationId, ProjectId, StatusId};
use domain::status::{Colours, Rag, Report};
use serde::Serialize;
use std::collections::HashMap;

/// What a project said of itself.
#[derive(Queryable, Selectable, Insertable, Debug, Clone, PartialEq, Eq, Serialize)]
#[diesel(table_name = status_update, treat_none_as_default_value = false)]
pub struct StatusUpdate {
    /// The project.
    pub project_id: ProjectId,
    /// Its id; unique together with the project.
    pub id: StatusId,
    /// When it was posted, UTC.
    pub posted_at: NaiveDateTime,
    /// Who posted it, as the record names them.
    pub posted_by: String,
    /// For which organisation of the project.
    pub organisation_id: Option<OrganisationId>,
    /// Whether it will deliver.
    pub delivery: Rag,
    /// Whether its money will do.
    pub money: Rag,
    /// Whether it has the people.
    pub people: Rag,
    /// Whether others will use what it makes.
    pub reuse: Rag,
    /// The news in one sentence.
    pub headline: String,
    /// What comes next; empty where nothing was said.
    pub next_step: String,
    /// Whether it only said that nothing changed.
    pub unchanged: bool,
    /// The update of the same project that it puts right.
    pub corrects_id: Option<StatusId>,
    /// The moment it speaks of, UTC: when it was posted, or what it puts right was.
    pub stands_at: NaiveDateTime,
}

/// What names an update: project and id.
pub type StatusKey = (ProjectId, StatusId);

impl StatusUpdate {
    /// The parts of its key.
    pub fn key(&self) -> StatusKey {
        (self.project_id, self.id)
    }

    /// Its four colours.
    pub fn colours(&self) -> Colours {
        Colours {
            delivery: self.delivery,
            money: self.money,
            people: self.people,
            reuse: self.reuse,
        }
    }

    /// What it says.
    pub fn report(&self) -> Report {
        Report {
            colours: self.colours(),
            headline: self.headline.clone(),
            next_step: self.next_step.clone(),
            unchanged: self.unchanged,
        }
    }
}

/// The start of the day after `day`: what is before it was by the end of the day.
pub(crate) fn day_after(day: NaiveDate) -> NaiveDateTime {
    day.succ_opt().unwrap_or(day).and_time(NaiveTime::MIN)
}

/// The newest update of each of these projects; those without one are left out.
///
/// # Errors
/// [`domain::Error::Internal`] when the database fails.
pub async fn latest(
    conn: &mut Conn,
    projects: &[ProjectId],
) -> Result<HashMap<ProjectId, StatusUpdate>> {
    let rows: Vec<StatusUpdate> = on!(conn, c => status_update::table
        .inner_join(project::table.on(project::id
            .eq(status_update::project_id)
            .and(project::status_id.eq(status_update::id.nullable()))))
        .filter(project::id.eq_any(projects))
        .select(StatusUpdate::as_select())
        .load(c)
        .await)
    .map_err(internal)?;
    Ok(rows.into_iter().map(|row| (row.project_id, row)).collect())
}

/// The updates with these keys, in no particular order; unknown ones are left out.
///
/// # Errors
/// [`domain::Error::Internal`] when the database fails.
pub async fn by_keys(conn: &mut Conn, keys: &[StatusKey]) -> Result<Vec<StatusUpdate>> {
    let projects: Vec<ProjectId> = keys.iter().map(|key| key.0).collect();
    let ids: Vec<StatusId> = keys.iter().map(|key| key.1).collect();
    let rows: Vec<StatusUpdate> = on!(conn, c => status_update::table
        .filter(status_update::project_id.eq_any(&projects))
        .filter(status_update::id.eq_any(&ids))
        .select(StatusUpdate::as_select())
        .load(c)
        .await)
    .map_err(internal)?;
    Ok(rows
        .into_iter()
        .filter(|row| keys.contains(&row.key()))
        .collect())
}

/// Which of these updates were put right, by which newer one.
///
/// # Errors
/// [`domain::Error::Internal`] when the database fails.
pub async fn corrections(
    conn: &mut Conn,
    keys: &[StatusKey],
) -> Result<HashMap<StatusKey, StatusId>> {
    let projects: Vec<ProjectId> = keys.iter().map(|key| key.0).collect();
    let ids: Vec<StatusId> = keys.iter().map(|key| key.1).collect();
    let rows: Vec<(ProjectId, Option<StatusId>, StatusId)> = on!(conn, c => status_update::table
        .filter(status_update::project_id.eq_any(&projects))
        .filter(status_update::corrects_id.eq_any(&ids))
        .select((status_update::project_id, status_update::corrects_id, status_update::id))
        .load(c)
        .await)
    .map_err(internal)?;
    let pair = |(project, corrected, by)| Option::map(corrected, |id| ((project, id), by));
    Ok(rows.into_iter().filter_map(pair).collect())
}

/// One page of a project's updates, the one posted last first; those that were put right as well.
///
/// # Errors
/// [`domain::Error::Internal`] when the database fails.
pub async fn page(conn: &mut Conn, project: ProjectId, page: &Page) -> Result<Rows<StatusUpdate>> {
    let rows = on!(conn, c => {
        let mut query = status_update::table
            .filter(status_update::project_id.eq(project))
            .select(StatusUpdate::as_select())
            .into_boxed();
        if let Some(at) = &page.after {
            query = query.filter(status_update::id.lt(&at.id));
        }
        if let Some(at) = &page.before {
            query = query.filter(status_update::id.gt(&at.id));
        }
        query = if page.from_end {
            query.order(status_update::id.asc())
        } else {
            query.order(status_update::id.desc())
        };
        query.limit(page.fetch()).load(c).await
    })
    .map_err(internal)?;
    Ok(Rows::cut(rows, page))
}

/// The keys of every update of these projects, by project and the one posted last first: from them the pages of many
/// projects are cut without a statement for each.
///
/// # Errors
/// [`domain::Error::Internal`] when the database fails.
pub async fn keys(conn: &mut Conn, projects: &[ProjectId]) -> Result<Vec<StatusKey>> {
    on!(conn, c => status_update::table
        .filter(status_update::project_id.eq_any(projects))
        .select((status_update::project_id, status_update::id))
        .order((status_update::project_id.asc(), status_update::id.desc()))
        .load(c)
        .await)
    .map_err(internal)
}

/// The update of each of these projects that stood when `day` ended, as far as was known then; those without one are
/// left out.
///
/// # Errors
/// [`domain::Error::Internal`] when the database fails.
pub async fn on(
    conn: &mut Conn,
    projects: &[ProjectId],
    day: NaiveDate,
) -> Result<HashMap<ProjectId, StatusUpdate>> {
    let ended = day_after(day);
    let rows: Vec<StatusUpdate> = on!(conn, c => {
        let newer = diesel::alias!(status_update as newer);
        let corrected = newer
            .filter(newer.field(status_update::project_id).eq(status_update::project_id))
            .filter(newer.field(status_update::corrects_id).eq(status_update::id.nullable()))
            .filter(newer.field(status_update::posted_at).lt(ended));
        status_update::table
            .filter(status_update::project_id.eq_any(projects))
            .filter(status_update::posted_at.lt(ended))
            .filter(diesel::dsl::not(diesel::dsl::exists(corrected)))
            .order((status_update::stands_at, status_update::id))
            .select(StatusUpdate::as_select())
            .load(c)
            .await
    })
    .map_err(internal)?;
    // The last of each stays.
    Ok(rows.into_iter().map(|row| (row.project_id, row)).collect())
}

/// The updates of these projects that nobody put right and that speak of `since` or later, by project and the oldest
/// first.
///
/// # Errors
/// [`domain::Error::Internal`] when the database fails.
pub async fn standing(
    conn: &mut Conn,
    projects: &[ProjectId],
    since: NaiveDateTime,
) -> Result<Vec<StatusUpdate>> {
    on!(conn, c => {
        let newer = diesel::alias!(status_update as newer);
        let corrected = newer
            .filter(newer.field(status_update::project_id).eq(status_update::project_id))
            .filter(newer.field(status_update::corrects_id).eq(status_update::id.nullable()));
        status_update::table
            .filter(status_update::project_id.eq_any(projects))
            .filter(status_update::stands_at.ge(since))
            .filter(diesel::dsl::not(diesel::dsl::exists(corrected)))
            .order((status_update::project_id, status_update::stands_at, status_update::id))
            .select(StatusUpdate::as_select())
            .load(c)
            .await
    })
    .map_err(internal)
}
