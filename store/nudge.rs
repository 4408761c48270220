//! Reminders of a status that is due: each step once after each update.

use crate::Conn;
use crate::change::{self, Write};
use crate::conn::internal;
use crate::notice::{News, tell};
use crate::project::Project;
use crate::schema::{nudge, participation, project};
use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::Result;
use domain::freshness::NudgeStep;
use domain::id::{OrganisationId, ProjectId};
use domain::notice::NoticeKind;
use domain::participation::{ParticipationRole, ParticipationState};
use domain::policy::{About, Action, Granted};
use domain::project::Phase;
use serde::Serialize;

/// A reminder that was sent.
#[derive(Queryable, Selectable, Insertable, Debug, Clone, PartialEq, Eq, Serialize)]
#[diesel(table_name = nudge, treat_none_as_default_value = false)]
pub struct Nudge {
    /// Of which project.
    pub project_id: ProjectId,
    /// After which update; empty where there was none.
    pub after_status_id: String,
    /// To whom.
    pub step: NudgeStep,
    /// When, UTC.
    pub sent_at: NaiveDateTime,
}

/// At most `limit` projects that are worked on, by id and after `after`: for the job that looks at all of them.
///
/// # Errors
/// [`domain::Error::Internal`] when the database fails.
pub async fn projects_after(
    conn: &mut Conn,
    after: Option<ProjectId>,
    limit: i64,
) -> Result<Vec<Project>> {
    on!(conn, c => {
        let mut query = project::table.select(Project::as_select()).into_boxed();
        if let Some(after) = after {
            query = query.filter(project::id.gt(after));
        }
        query.order(project::id).limit(limit).load(c).await
    })
    .map_err(internal)
}

/// The reminders that were sent of these projects, after whichever update.
///
/// # Errors
/// [`domain::Error::Internal`] when the database fails.
pub async fn of(conn: &mut Conn, projects: &[ProjectId]) -> Result<Vec<Nudge>> {
    on!(conn, c => nudge::table
        .filter(nudge::project_id.eq_any(projects))
        .order((nudge::project_id, nudge::sent_at, nudge::step))
        .select(Nudge::as_select())
        .load(c)
        .await)
    .map_err(internal)
}

/// Reminds whom `step` names of a project's status, unless they were since its last one; `false` when they were, or when
/// there is nobody.
///
/// # Errors
/// [`domain::Error::Internal`] when the database fails.
pub async fn send(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    project: &Project,
    step: NudgeStep,
) -> Result<bool> {
    granted.require(Action::KeepClock)?;
    granted.covers(About::Project(project.id))?;
    if project.phase == Phase::Retired || project.phase == Phase::Stopped {
        return Ok(false);
    }
    let sponsors = match step {
        NudgeStep::Sponsor => sponsors(conn, project.id).await?,
        _ => Vec::new(),
    };
    let to: Vec<Option<OrganisationId>> = match step {
        NudgeStep::Lead => project.lead_id.into_iter().map(Some).collect(),
        NudgeStep::Sponsor => sponsors.iter().copied().map(Some).collect(),
        NudgeStep::Unit => vec![None],
    };
    // A notice names a body: the lead, or who pays where nobody leads.
    let Some(about) = project
        .lead_id
        .or_else(|| sponsors.as_slice().first().copied())
    else {
        return Ok(false);
    };
    if to.is_empty() {
        return Ok(false);
    }
    let row = Nudge {
        project_id: project.id,
        after_status_id: project
            .status_id
            .map(|id| id.to_string())
            .unwrap_or_default(),
        step,
        sent_at: now,
    };
    let written = on!(conn, c => diesel::insert_into(nudge::table)
        .values(&row)
        .on_conflict_do_nothing()
        .execute(c)
        .await)
    .map_err(internal)?;
    if written == 0 {
        return Ok(false);
    }
    let write = Write {
        kind: "nudge",
        id: format!("{}/{}/{}", row.project_id, row.after_status_id, row.step),
        about: Some(about),
        before: None,
        after: Some(&row),
    };
    change::record(conn, granted, now, write).await?;
    let news = News {
        kind: NoticeKind::StatusDue,
        thing: ("project", project.id.to_string()),
        title: &project.title,
        about,
    };
    tell(conn, now, to, &news).await?;
    Ok(true)
}

/// Those who pay for a project.
async fn sponsors(conn: &mut Conn, project: ProjectId) -> Result<Vec<OrganisationId>> {
    on!(conn, c => participation::table
        .filter(participation::project_id.eq(project))
        .filter(participation::state.eq(ParticipationState::Active))
        .filter(participation::role.eq(ParticipationRole::Funder))
        .order(participation::id)
        .select(participation::organisation_id)
        .load(c)
        .await)
    .map_err(internal)
}
