//! Milestones: what a project means to have done by when. When it was first due is kept.

use crate::change::{self, Write};
use crate::conn::internal;
use crate::project::{self, check_version};
use crate::schema::milestone;
use crate::{Conn, fresh, lock};
use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::id::{MilestoneId, ProjectId};
use domain::policy::{About, Action, Granted};
use domain::project::{self as rules, LONGEST_TITLE};
use domain::{Error, Result};
use serde::Serialize;

/// A milestone of a project.
#[derive(
    Queryable, Selectable, Insertable, AsChangeset, Debug, Clone, PartialEq, Eq, Serialize,
)]
#[diesel(table_name = milestone, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct Milestone {
    /// Of which project.
    pub project_id: ProjectId,
    /// Its id.
    pub id: MilestoneId,
    /// What is to be done.
    pub title: String,
    /// When it is due, UTC.
    pub due_on: NaiveDate,
    /// When it was due as first said.
    pub first_due_on: NaiveDate,
    /// When it was done, UTC.
    pub done_on: Option<NaiveDate>,
    /// Counts the changes to it, from 1.
    pub version: i64,
}

/// The milestones of these projects, those of each by when they are due.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn of(conn: &mut Conn, projects: &[ProjectId]) -> Result<Vec<Milestone>> {
    on!(conn, c => milestone::table
        .filter(milestone::project_id.eq_any(projects))
        .order((milestone::project_id, milestone::due_on, milestone::id))
        .select(Milestone::as_select())
        .load(c)
        .await)
    .map_err(internal)
}

/// What is said of a milestone; of one that stands, what is left out stays.
#[derive(Debug, Clone, Copy)]
pub struct Said<'a> {
    /// The milestone that stands; `None` sets a new one.
    pub standing: Option<MilestoneId>,
    /// What is to be done.
    pub title: Option<&'a str>,
    /// When it is due, UTC.
    pub due_on: Option<NaiveDate>,
    /// When it was done, UTC; not in the future.
    pub done_on: Option<NaiveDate>,
    /// The version of it that somebody saw; `None` takes whatever it is.
    pub seen: Option<i64>,
}

/// Sets a milestone, moves it, or says that it is done.
///
/// # Errors
/// [`Error::NotFound`] when there is no such milestone; [`Error::Stale`] when it was changed meanwhile;
/// [`Error::Conflict`] when the project is over; [`Error::Invalid`] for a title or a day that does not fit;
/// [`Error::Internal`] when the database fails.
pub async fn set(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    project: ProjectId,
    said: Said<'_>,
) -> Result<Milestone> {
    granted.require(Action::LeadProject)?;
    granted.covers(About::Project(project))?;
    lock::project(conn, project).await?;
    project::by_id(conn, project).await?.check_open()?;
    let standing = of(conn, &[project]).await?;
    let before = match said.standing {
        None => None,
        Some(id) => {
            let found = standing.iter().find(|row| row.id == id);
            Some(found.ok_or_else(|| Error::not_found("milestone", id.to_string()))?)
        }
    };
    let after = row(now.date(), project, before, &said)?;
    match before {
        None => {
            on!(conn, c => diesel::insert_into(milestone::table).values(&after).execute(c).await)
        }
        Some(_) => on!(conn, c => diesel::update(milestone::table.find((project, after.id)))
            .set(&after)
            .execute(c)
            .await),
    }
    .map_err(internal)?;
    let write = Write {
        kind: "milestone",
        id: format!("{project}/{}", after.id),
        about: None,
        before,
        after: Some(&after),
    };
    change::record(conn, granted, now, write).await?;
    Ok(after)
}

/// The milestone as it is to be.
fn row(
    today: NaiveDate,
    project_id: ProjectId,
    before: Option<&Milestone>,
    said: &Said<'_>,
) -> Result<Milestone> {
    if let Some(done) = said.done_on.filter(|done| *done > today) {
        let told = format!("{done} is in the future; say it when it is done.");
        return Err(Error::invalid("doneOn", told));
    }
    let title = said
        .title
        .map(|raw| rules::line("title", raw, LONGEST_TITLE))
        .transpose()?;
    if let Some(before) = before {
        check_version(said.seen, before.version)?;
        return Ok(Milestone {
            title: title.unwrap_or_else(|| before.title.clone()),
            due_on: said.due_on.unwrap_or(before.due_on),
            done_on: said.done_on.or(before.done_on),
            version: before.version + 1,
            ..before.clone()
        });
    }
    let due_on = said
        .due_on
        .ok_or_else(|| Error::invalid("dueOn", "Say when it is due."))?;
    Ok(Milestone {
        project_id,
        id: fresh(),
        title: title.ok_or_else(|| Error::invalid("title", "Say what is to be done."))?,
        due_on,
        first_due_on: due_on,
        done_on: said.done_on,
        version: 1,
    })
}
