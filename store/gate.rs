//! Gates: what a project asks of itself before it enters a phase, and what is so.

use crate::change::{self, Write};
use crate::conn::internal;
use crate::project::{self, Project};
use crate::schema::{gate, milestone, output};
use crate::{Conn, lock, organisation, participation};
use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::Result;
use domain::gate::{self as rules, Condition, DEFAULTS, Facts, Failing};
use domain::id::{OrganisationId, ProjectId};
use domain::output::Readiness;
use domain::participation::ParticipationState;
use domain::policy::{About, Action, Granted};
use domain::project::Phase;
use serde::Serialize;
use std::collections::HashMap;

/// One condition for entering one phase.
#[derive(
    Queryable, Selectable, Insertable, AsChangeset, Debug, Clone, PartialEq, Eq, Serialize,
)]
#[diesel(table_name = gate, treat_none_as_default_value = false)]
pub struct Gate {
    /// Of which project.
    pub project_id: ProjectId,
    /// Before which phase.
    pub phase: Phase,
    /// What is asked for.
    pub condition: Condition,
    /// How many, where the condition counts; 0 asks for nothing any more.
    pub least: i32,
    /// Counts the changes to it, from 1.
    pub version: i64,
}

impl Gate {
    /// The gates of a new project.
    pub(crate) fn defaults(project_id: ProjectId) -> impl Iterator<Item = Self> {
        DEFAULTS.iter().map(move |(phase, condition, least)| Self {
            project_id,
            phase: *phase,
            condition: *condition,
            least: *least,
            version: 1,
        })
    }

    pub(crate) fn write<'a>(&'a self, before: Option<&'a Self>) -> Write<'a, Self> {
        Write {
            kind: "gate",
            id: format!("{}/{}/{}", self.project_id, self.phase, self.condition),
            about: None,
            before,
            after: Some(self),
        }
    }

    /// What it asks, as the rules take it.
    pub fn asks(&self) -> (Phase, Condition, i32) {
        (self.phase, self.condition, self.least)
    }
}

/// The gates of these projects, those of each in the order of phases.
///
/// # Errors
/// [`domain::Error::Internal`] when the database fails.
pub async fn of(conn: &mut Conn, projects: &[ProjectId]) -> Result<Vec<Gate>> {
    let mut rows: Vec<Gate> = on!(conn, c => gate::table
        .filter(gate::project_id.eq_any(projects))
        .select(Gate::as_select())
        .load(c)
        .await)
    .map_err(internal)?;
    rows.sort_by_key(|row| (row.project_id, row.phase, row.condition));
    Ok(rows)
}

/// Sets what a project asks of itself before it enters a phase.
///
/// # Errors
/// [`domain::Error::Invalid`] for a phase without a gate or a number out of bounds; [`domain::Error::Conflict`] for a
/// project that is over; [`domain::Error::Internal`] when the database fails.
pub async fn set(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    project: ProjectId,
    (phase, condition, least): (Phase, Condition, i32),
) -> Result<()> {
    granted.require(Action::LeadProject)?;
    granted.covers(About::Project(project))?;
    rules::check(phase, least)?;
    lock::project(conn, project).await?;
    project::by_id(conn, project).await?.check_open()?;
    let standing = of(conn, &[project]).await?;
    let standing = standing
        .iter()
        .find(|row| row.phase == phase && row.condition == condition);
    let row = Gate {
        project_id: project,
        phase,
        condition,
        least,
        version: standing.map_or(1, |row| row.version + 1),
    };
    match standing {
        None => on!(conn, c => diesel::insert_into(gate::table).values(&row).execute(c).await),
        Some(_) => on!(conn, c => diesel::update(gate::table.find((project, phase, condition)))
            .set(&row)
            .execute(c)
            .await),
    }
    .map_err(internal)?;
    change::record(conn, granted, now, row.write(standing)).await
}

/// What is so in these projects on a day, as far as gates ask: a statement for each kind of thing.
///
/// # Errors
/// [`domain::Error::Internal`] when the database fails.
pub async fn facts(
    conn: &mut Conn,
    today: NaiveDate,
    projects: &[Project],
) -> Result<HashMap<ProjectId, Facts>> {
    let ids: Vec<ProjectId> = projects.iter().map(|row| row.id).collect();
    let fact = |row: &Project| Facts {
        status_age_days: row.status_at.map(|at| (today - at.date()).num_days()),
        cadence_days: row.cadence_days,
        ..Facts::default()
    };
    let mut facts: HashMap<ProjectId, Facts> =
        projects.iter().map(|row| (row.id, fact(row))).collect();
    parts(conn, &ids, &mut facts).await?;
    let outputs: Vec<(ProjectId, Readiness)> = on!(conn, c => output::table
        .filter(output::project_id.eq_any(&ids))
        .select((output::project_id, output::readiness))
        .load(c)
        .await)
    .map_err(internal)?;
    for (project, readiness) in outputs {
        let fact = facts.entry(project).or_default();
        fact.outputs += 1;
        fact.ready_outputs += i64::from(readiness == Readiness::Ready);
    }
    let done: Vec<ProjectId> = on!(conn, c => milestone::table
        .filter(milestone::project_id.eq_any(&ids))
        .filter(milestone::done_on.is_not_null())
        .select(milestone::project_id)
        .load(c)
        .await)
    .map_err(internal)?;
    for project in done {
        facts.entry(project).or_default().milestones_done += 1;
    }
    Ok(facts)
}

/// Who has signed and who has not answered, by name, into the facts of their projects.
async fn parts(
    conn: &mut Conn,
    ids: &[ProjectId],
    facts: &mut HashMap<ProjectId, Facts>,
) -> Result<()> {
    let mut rows = participation::of(conn, ids).await?;
    rows.retain(|row| row.role.signs() && row.state.stands());
    let waiting: Vec<OrganisationId> = rows
        .iter()
        .filter(|row| row.state.waits())
        .map(|row| row.organisation_id)
        .collect();
    let names: HashMap<OrganisationId, String> = organisation::by_ids(conn, &waiting)
        .await?
        .into_iter()
        .map(|body| (body.id, body.name))
        .collect();
    for row in rows {
        let fact = facts.entry(row.project_id).or_default();
        let name = || names.get(&row.organisation_id).cloned().unwrap_or_default();
        match row.state {
            ParticipationState::Invited => fact.unanswered.push(name()),
            ParticipationState::Requested => fact.asking.push(name()),
            _ => fact.signed += 1,
        }
    }
    Ok(())
}

/// Which conditions do not hold of the gates before these phases.
pub(crate) async fn failing(
    conn: &mut Conn,
    now: NaiveDateTime,
    project: &Project,
    phases: &[Phase],
) -> Result<Vec<Failing>> {
    if phases.is_empty() {
        return Ok(Vec::new());
    }
    let gates = of(conn, &[project.id]).await?;
    let mut facts = facts(conn, now.date(), std::slice::from_ref(project)).await?;
    let facts = facts.remove(&project.id).unwrap_or_default();
    let asked = gates.iter().filter(|row| phases.contains(&row.phase));
    Ok(rules::failing(asked.map(Gate::asks), &facts))
}
