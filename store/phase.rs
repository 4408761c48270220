//! Phases: the dated steps of a project from one to the next, through its gates.

use crate::change::{self, Write};
use crate::conn::internal;
use crate::project::{self, Project, check_version, search_key};
use crate::schema::phase_change;
use crate::{Conn, fresh, gate, lock, problem};
use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::gate::Failing;
use domain::id::{PhaseChangeId, ProblemId, ProjectId};
use domain::policy::{About, Action, Granted};
use domain::project::{self as rules, LONGEST_TEXT, Phase};
use domain::{Error, Result};
use serde::Serialize;

/// A step of a project from one phase to another.
#[derive(Queryable, Selectable, Insertable, Debug, Clone, PartialEq, Eq, Serialize)]
#[diesel(table_name = phase_change, treat_none_as_default_value = false)]
pub struct PhaseChange {
    /// Of which project.
    pub project_id: ProjectId,
    /// Its id.
    pub id: PhaseChangeId,
    /// From which phase; `None` for the first.
    pub from_phase: Option<Phase>,
    /// To which phase.
    pub to_phase: Phase,
    /// On which day, UTC.
    pub changed_on: NaiveDate,
    /// Why, where somebody said so.
    pub reason: Option<String>,
    /// Who did it, as the record names them.
    pub changed_by: String,
    /// When it was written down, UTC.
    pub recorded_at: NaiveDateTime,
}

impl PhaseChange {
    /// The beginning of a project.
    pub(crate) fn first(granted: &Granted, now: NaiveDateTime, project: &Project) -> Self {
        Self {
            project_id: project.id,
            id: fresh(),
            from_phase: None,
            to_phase: project.phase,
            changed_on: project.phase_since,
            reason: None,
            changed_by: granted.actor().to_owned(),
            recorded_at: now,
        }
    }

    pub(crate) fn added(&self) -> Write<'_, Self> {
        Write {
            kind: "phase_change",
            id: format!("{}/{}", self.project_id, self.id),
            about: None,
            before: None,
            after: Some(self),
        }
    }
}

/// The phases that these projects went through, those of each from the first on.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn of(conn: &mut Conn, projects: &[ProjectId]) -> Result<Vec<PhaseChange>> {
    on!(conn, c => phase_change::table
        .filter(phase_change::project_id.eq_any(projects))
        .order((phase_change::project_id, phase_change::id))
        .select(PhaseChange::as_select())
        .load(c)
        .await)
    .map_err(internal)
}

/// A step that somebody wants a project to take.
#[derive(Debug, Clone, Copy)]
pub struct Step<'a> {
    /// To which phase.
    pub to: Phase,
    /// Why: needed to stop and to go back.
    pub reason: Option<&'a str>,
    /// On which day, UTC: today if left out, not in the future and not before the last step.
    pub on: Option<NaiveDate>,
    /// The version of the project that somebody saw; `None` takes whatever it is.
    pub seen: Option<i64>,
}

/// What came of a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Moved {
    /// The project is in the phase.
    Done(Box<Project>),
    /// It stays where it is: these conditions of its gates do not hold.
    Held(Vec<Failing>),
}

/// Moves a project to another phase, if its gates let it.
///
/// # Errors
/// [`Error::NotFound`] when there is no such project; [`Error::Stale`] when it was changed meanwhile;
/// [`Error::Invalid`] for a step that there is not, or one without its reason, or on a day that does not fit;
/// [`Error::Internal`] when the database fails.
pub async fn change(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    id: ProjectId,
    step: Step<'_>,
) -> Result<Moved> {
    granted.require(Action::LeadProject)?;
    granted.covers(About::Project(id))?;
    lock::project(conn, id).await?;
    let before = project::by_id(conn, id).await?;
    check_version(step.seen, before.version)?;
    let passed = before.phase.moves(step.to, step.reason)?;
    let on = check_day(&before, now.date(), step.on)?;
    let failing = gate::failing(conn, now, &before, &passed).await?;
    if !failing.is_empty() {
        return Ok(Moved::Held(failing));
    }
    let reason = rules::words("reason", step.reason, LONGEST_TEXT)?;
    let stopped_reason = reason.clone().filter(|_| step.to == Phase::Stopped);
    let after = Project {
        phase: step.to,
        phase_since: on,
        search_key: search_key(&before.title, &before.summary, stopped_reason.as_deref()),
        stopped_reason,
        updated_at: now,
        version: before.version + 1,
        ..before.clone()
    };
    project::save(conn, granted, now, &before, &after).await?;
    let row = PhaseChange {
        from_phase: Some(before.phase),
        reason,
        ..PhaseChange::first(granted, now, &after)
    };
    on!(conn, c => diesel::insert_into(phase_change::table).values(&row).execute(c).await)
        .map_err(internal)?;
    change::record(conn, granted, now, row.added()).await?;
    if !step.to.is_open() {
        let on = project::problems(conn, &[id]).await?;
        let on: Vec<ProblemId> = on.into_iter().map(|(_, problem)| problem).collect();
        problem::projects_changed(conn, granted, now, &on).await?;
    }
    Ok(Moved::Done(Box::new(after)))
}

/// The day of a step, checked.
fn check_day(project: &Project, today: NaiveDate, on: Option<NaiveDate>) -> Result<NaiveDate> {
    let on = on.unwrap_or(today);
    if on > today {
        let told = format!("{on} is in the future; say it when it is so.");
        return Err(Error::invalid("changedOn", told));
    }
    if on < project.phase_since {
        let told = format!(
            "It has been in {} since {}; give that day or a later one.",
            project.phase, project.phase_since
        );
        return Err(Error::invalid("changedOn", told));
    }
    Ok(on)
}
