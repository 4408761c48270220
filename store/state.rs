//! How a project stood on a day, and the facts from which its flags follow.

use crate::conn::internal;
use crate::output::Output;
use crate::participation::Participation;
use crate::project::Project;
use crate::schema::{output, participation, phase_change};
use crate::status::{self, StatusUpdate};
use crate::{Conn, milestone as milestones};
use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::Result;
use domain::flag::{Due, Facts, Seen};
use domain::id::ProjectId;
use domain::output::Readiness;
use domain::project::Phase;
use domain::state::State;
use std::collections::HashMap;

/// How a project stood when a day ended, with the rows behind it.
#[derive(Debug, Clone)]
pub struct Stood {
    /// The day.
    pub day: NaiveDate,
    /// What differences are made of.
    pub state: State,
    /// What it said of itself last.
    pub status: Option<StatusUpdate>,
    /// Who took part, in the order in which they came.
    pub participants: Vec<Participation>,
    /// The outputs that were ready, in the order in which they were published.
    pub ready: Vec<Output>,
}

impl Stood {
    /// A project that had not begun.
    fn nothing(day: NaiveDate) -> Self {
        Self {
            day,
            state: State::default(),
            status: None,
            participants: Vec::new(),
            ready: Vec::new(),
        }
    }
}

/// How each of these projects stood when `day` ended: four statements. Who was invited or asked, and had not agreed, took
/// no part.
///
/// # Errors
/// [`domain::Error::Internal`] when the database fails.
pub async fn on(
    conn: &mut Conn,
    projects: &[ProjectId],
    day: NaiveDate,
) -> Result<HashMap<ProjectId, Stood>> {
    let mut all: HashMap<ProjectId, Stood> = projects
        .iter()
        .map(|id| (*id, Stood::nothing(day)))
        .collect();
    for (project, phase) in phases(conn, projects, day).await? {
        if let Some(stood) = all.get_mut(&project) {
            stood.state.phase = Some(phase);
        }
    }
    for (project, row) in status::on(conn, projects, day).await? {
        if let Some(stood) = all.get_mut(&project) {
            stood.state.status = Some((row.id, row.colours()));
            stood.status = Some(row);
        }
    }
    for row in participants(conn, projects, day).await? {
        if let Some(stood) = all.get_mut(&row.project_id) {
            stood
                .state
                .participants
                .insert(row.organisation_id, row.role);
            stood.participants.push(row);
        }
    }
    for row in ready(conn, projects, day).await? {
        if let Some(stood) = all.get_mut(&row.project_id) {
            stood.state.ready.push(row.id);
            stood.ready.push(row);
        }
    }
    Ok(all)
}

/// The phases of these projects that had begun by `day`, the last of each last.
async fn phases(
    conn: &mut Conn,
    projects: &[ProjectId],
    day: NaiveDate,
) -> Result<Vec<(ProjectId, Phase)>> {
    on!(conn, c => phase_change::table
        .filter(phase_change::project_id.eq_any(projects))
        .filter(phase_change::changed_on.le(day))
        .order((phase_change::changed_on, phase_change::id))
        .select((phase_change::project_id, phase_change::to_phase))
        .load(c)
        .await)
    .map_err(internal)
}

async fn participants(
    conn: &mut Conn,
    projects: &[ProjectId],
    day: NaiveDate,
) -> Result<Vec<Participation>> {
    on!(conn, c => participation::table
        .filter(participation::project_id.eq_any(projects))
        .filter(participation::from_on.le(day))
        .filter(participation::to_on.is_null().or(participation::to_on.gt(day)))
        .order((participation::from_on, participation::id))
        .select(Participation::as_select())
        .load(c)
        .await)
    .map_err(internal)
}

async fn ready(conn: &mut Conn, projects: &[ProjectId], day: NaiveDate) -> Result<Vec<Output>> {
    on!(conn, c => output::table
        .filter(output::project_id.eq_any(projects))
        .filter(output::readiness.eq(Readiness::Ready))
        .filter(output::ready_on.le(day))
        .order(output::id)
        .select(Output::as_select())
        .load(c)
        .await)
    .map_err(internal)
}

/// What flags need to know of these projects: three statements, and the updates since `since` with the newest.
///
/// # Errors
/// [`domain::Error::Internal`] when the database fails.
pub async fn facts(
    conn: &mut Conn,
    projects: &[Project],
    since: NaiveDateTime,
) -> Result<HashMap<ProjectId, Facts>> {
    let ids: Vec<ProjectId> = projects.iter().map(|row| row.id).collect();
    let mut all: HashMap<ProjectId, Facts> = projects
        .iter()
        .map(|row| {
            let facts = Facts {
                cadence_days: row.cadence_days,
                ..Facts::default()
            };
            (row.id, facts)
        })
        .collect();
    let mut updates = status::latest(conn, &ids).await?;
    updates.retain(|_, row| row.stands_at < since);
    let recent = status::standing(conn, &ids, since).await?;
    for row in updates.into_values().chain(recent) {
        if let Some(facts) = all.get_mut(&row.project_id) {
            facts.updates.push(Seen {
                on: row.stands_at.date(),
                colours: row.colours(),
            });
        }
    }
    for row in milestones::of(conn, &ids).await? {
        if let Some(facts) = all.get_mut(&row.project_id) {
            facts.milestones.push(Due {
                title: row.title,
                first_due_on: row.first_due_on,
                due_on: row.due_on,
                done_on: row.done_on,
            });
        }
    }
    let published: Vec<(ProjectId, NaiveDateTime, Option<NaiveDate>)> =
        on!(conn, c => output::table
        .filter(output::project_id.eq_any(&ids))
        .select((output::project_id, output::published_at, output::ready_on))
        .load(c)
        .await)
        .map_err(internal)?;
    for (project, published_at, ready_on) in published {
        if let Some(facts) = all.get_mut(&project) {
            facts.outputs.push(published_at.date());
            facts.outputs.extend(ready_on);
        }
    }
    Ok(all)
}
