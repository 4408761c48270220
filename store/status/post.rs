//! Posting an update: the write that happens most, so it asks the database as little as it can.

use super::{StatusUpdate, by_keys, corrections};
use crate::change::{self, Write};
use crate::conn::internal;
use crate::project::Project;
use crate::schema::{project, status_update};
use crate::{Conn, ask, fresh};
use chrono::{NaiveDateTime, TimeDelta};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::ask::AskKind;
use domain::id::{ProjectId, StatusId};
use domain::policy::{About, Action, Granted};
use domain::status::{Draft, check_correction};
use domain::{Error, Result};

/// An update to be posted.
#[derive(Debug, Clone, Default)]
pub struct NewStatus {
    /// What it says; what it leaves out is as in the last one.
    pub draft: Draft,
    /// What the project asks for, and the words.
    pub ask: Option<(AskKind, String)>,
    /// The update that it puts right.
    pub corrects: Option<StatusId>,
}

/// The project with this id or, where there is none, this address, locked until the transaction ends: one update at a
/// time is filled up from the last.
///
/// # Errors
/// [`Error::NotFound`] when there is none; [`Error::Internal`] when the database fails.
pub async fn locked(conn: &mut Conn, id: Option<ProjectId>, slug: &str) -> Result<Project> {
    let found: Option<Project> = match conn {
        Conn::Postgres(c) => {
            let query = project::table
                .select(Project::as_select())
                .for_no_key_update();
            match id {
                Some(id) => query.filter(project::id.eq(id)).first(&mut ***c).await,
                None => query.filter(project::slug.eq(slug)).first(&mut ***c).await,
            }
            .optional()
            .map_err(internal)?
        }
        // There is one writer.
        Conn::Sqlite(_) => match id {
            Some(id) => crate::project::by_ids(conn, &[id]).await?.pop(),
            None => crate::project::by_slug(conn, slug).await?,
        },
    };
    found.ok_or_else(|| Error::not_found("project", slug))
}

/// Posts an update of a project that is [`locked`]; its ask goes to those who may help, in the same transaction.
///
/// # Errors
/// [`Error::Invalid`] when it says too little or too much; [`Error::NotFound`] when it is to put right what is not
/// there; [`Error::Conflict`] when that was put right already, or when the project is over and there is nothing to put
/// right; [`Error::Internal`] when the database fails.
pub async fn post(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    project: &Project,
    new: &NewStatus,
) -> Result<StatusUpdate> {
    granted.require(Action::PostStatus)?;
    granted.covers(About::Project(project.id))?;
    if new.corrects.is_none() || new.ask.is_some() {
        project.check_open()?;
    }
    let base = base(conn, project, new.corrects).await?;
    let row = row(granted, now, project, new, base.as_ref())?;
    on!(conn, c => diesel::insert_into(status_update::table).values(&row).execute(c).await)
        .map_err(internal)?;
    // What puts right an older update leaves the newest as it is.
    if new.corrects.is_none() || new.corrects == project.status_id {
        on!(conn, c => diesel::update(project::table.find(project.id))
            .set((project::status_id.eq(row.id), project::status_at.eq(row.posted_at)))
            .execute(c)
            .await)
        .map_err(internal)?;
    }
    let write = Write {
        kind: "status_update",
        id: format!("{}/{}", row.project_id, row.id),
        about: row.organisation_id,
        before: None,
        after: Some(&row),
    };
    change::record(conn, granted, now, write).await?;
    if let Some((kind, text)) = &new.ask {
        ask::open(conn, granted, now, project, row.id, *kind, text).await?;
    }
    Ok(row)
}

/// The update from which the new one is filled up: the newest, or the one that it puts right.
async fn base(
    conn: &mut Conn,
    project: &Project,
    corrects: Option<StatusId>,
) -> Result<Option<StatusUpdate>> {
    let Some(id) = corrects.or(project.status_id) else {
        return Ok(None);
    };
    let key = (project.id, id);
    let found = by_keys(conn, &[key]).await?.pop();
    let found = found.ok_or_else(|| Error::not_found("status update", id.to_string()))?;
    if corrects.is_some() {
        let corrected = corrections(conn, &[key]).await?;
        check_correction(corrected.contains_key(&key))?;
    }
    Ok(Some(found))
}

fn row(
    granted: &Granted,
    now: NaiveDateTime,
    project: &Project,
    new: &NewStatus,
    base: Option<&StatusUpdate>,
) -> Result<StatusUpdate> {
    let last = base.map(StatusUpdate::report);
    let report = new.draft.complete(last.as_ref())?;
    // The clock of another copy of the program may be ahead; updates still come one after the other.
    let posted_at = match project.status_at {
        Some(last) if last >= now => last + TimeDelta::microseconds(1),
        _ => now,
    };
    let corrected = base.filter(|_| new.corrects.is_some());
    Ok(StatusUpdate {
        project_id: project.id,
        id: fresh(),
        posted_at,
        posted_by: granted.actor().to_owned(),
        organisation_id: granted.organisation(),
        delivery: report.colours.delivery,
        money: report.colours.money,
        people: report.colours.people,
        reuse: report.colours.reuse,
        headline: report.headline,
        next_step: report.next_step,
        unchanged: report.unchanged,
        corrects_id: new.corrects,
        stands_at: corrected.map_or(posted_at, |row| row.stands_at),
    })
}
