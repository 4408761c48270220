//! How a project starts: with its lead, its problems, its first phase and its gates.

use super::Project;
use crate::change::{self, Write};
use crate::conn::internal;
use crate::gate::Gate;
use crate::invitation::check_open;
use crate::participation::Participation;
use crate::phase::PhaseChange;
use crate::schema::{gate, participation, phase_change, project, project_problem};
use crate::{Conn, fresh, problem};
use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::id::{OrganisationId, ProblemId, ProjectId};
use domain::participation::{ParticipationRole, ParticipationState};
use domain::policy::{About, Action, Granted};
use domain::project::{self as rules, LONGEST_TEXT, LONGEST_TITLE, Phase};
use domain::{Error, Result};
use std::collections::HashSet;

/// A project to be started.
#[derive(Debug, Clone)]
pub struct NewProject<'a> {
    /// What it is called.
    pub title: &'a str,
    /// What it does, in a paragraph.
    pub summary: &'a str,
    /// Where it shows its work.
    pub url: Option<&'a str>,
    /// The problems it works on; there may be none yet.
    pub problems: &'a [ProblemId],
    /// A status is expected every so many days, 1 to 365.
    pub cadence_days: i32,
    /// When it began, UTC: today or earlier.
    pub started_on: NaiveDate,
}

/// Starts a project that an organisation leads. That it leads it is its own act: it is active from the start.
///
/// # Errors
/// [`Error::Invalid`] for a text, a number or a day that does not fit; [`Error::NotFound`] for a problem that is not
/// there; [`Error::Conflict`] when the organisation is closed; [`Error::Internal`] when the database fails.
pub async fn start(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    lead: OrganisationId,
    new: &NewProject<'_>,
) -> Result<Project> {
    granted.require(Action::StartProject)?;
    granted.covers(About::Organisation(lead))?;
    check_open(conn, now.date(), lead).await?;
    if new.started_on > now.date() {
        let told = format!(
            "{} is in the future; start it when it begins.",
            new.started_on
        );
        return Err(Error::invalid("startedOn", told));
    }
    check_problems(conn, new.problems).await?;
    let title = rules::line("title", new.title, LONGEST_TITLE)?;
    let summary = rules::text("summary", new.summary, LONGEST_TEXT)?;
    let slug = free_slugs(conn, &[&title]).await?.remove(0);
    let row = Project {
        id: fresh(),
        slug,
        title_key: title.to_lowercase(),
        search_key: search_key(&title, &summary, None),
        title,
        summary,
        url: new.url.map(|url| rules::address("url", url)).transpose()?,
        phase: Phase::Discovery,
        phase_since: new.started_on,
        started_on: new.started_on,
        stopped_reason: None,
        cadence_days: rules::cadence(new.cadence_days)?,
        lead_id: Some(lead),
        participants: 1,
        status_id: None,
        status_at: None,
        source: None,
        source_key: None,
        created_at: now,
        updated_at: now,
        version: 1,
    };
    let first = Participation {
        state: ParticipationState::Active,
        answered_by: Some(granted.actor().to_owned()),
        answered_at: Some(now),
        from_on: Some(new.started_on),
        ..Participation::proposed(granted, now, row.id, lead, ParticipationRole::Lead)
    };
    begin(conn, granted, now, std::slice::from_ref(&row), &[first]).await?;
    let links = new.problems.iter().map(|problem| (row.id, *problem));
    link(conn, links.collect()).await?;
    problem::projects_changed(conn, granted, now, new.problems).await?;
    Ok(row)
}

/// Writes projects with who takes part in them, their first phase and their gates: a statement for each kind of row.
pub(crate) async fn begin(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    projects: &[Project],
    parts: &[Participation],
) -> Result<()> {
    let phases: Vec<PhaseChange> = projects
        .iter()
        .map(|row| PhaseChange::first(granted, now, row))
        .collect();
    let gates: Vec<Gate> = projects
        .iter()
        .flat_map(|row| Gate::defaults(row.id))
        .collect();
    let _written: usize = insert_rows!(conn, project::table, projects);
    let _written: usize = insert_rows!(conn, participation::table, parts);
    let _written: usize = insert_rows!(conn, phase_change::table, phases);
    let _written: usize = insert_rows!(conn, gate::table, gates);
    let whole = projects.iter().map(|row| Write {
        kind: "project",
        id: row.id.to_string(),
        about: row.lead_id,
        before: None,
        after: Some(row),
    });
    change::record_all(conn, granted, now, whole).await?;
    let parts = parts.iter().map(Participation::added);
    change::record_all(conn, granted, now, parts).await?;
    let phases = phases.iter().map(PhaseChange::added);
    change::record_all(conn, granted, now, phases).await?;
    let gates = gates.iter().map(|row| row.write(None));
    change::record_all(conn, granted, now, gates).await
}

/// Which problem a project works on.
#[derive(Insertable, Clone)]
#[diesel(table_name = project_problem, treat_none_as_default_value = false)]
struct Link {
    project_id: ProjectId,
    problem_id: ProblemId,
}

async fn link(conn: &mut Conn, pairs: Vec<(ProjectId, ProblemId)>) -> Result<()> {
    let distinct: HashSet<(ProjectId, ProblemId)> = pairs.into_iter().collect();
    let links: Vec<Link> = distinct
        .into_iter()
        .map(|(project_id, problem_id)| Link {
            project_id,
            problem_id,
        })
        .collect();
    let _written: usize = insert_rows!(conn, project_problem::table, links);
    Ok(())
}

/// Checks that these problems are there and not merged into others.
async fn check_problems(conn: &mut Conn, ids: &[ProblemId]) -> Result<()> {
    let found = problem::by_ids(conn, ids).await?;
    if let Some(id) = ids.iter().find(|id| found.iter().all(|row| row.id != **id)) {
        return Err(Error::not_found("problem", id.to_string()));
    }
    found.iter().try_for_each(problem::Problem::check_standing)
}

/// What a search looks through.
pub(crate) fn search_key(title: &str, summary: &str, stopped: Option<&str>) -> String {
    [title, summary, stopped.unwrap_or_default()]
        .join("\n")
        .trim_end()
        .to_lowercase()
}

/// An address for each of these titles that no project has: the title's words, with a number where they are taken.
pub(crate) async fn free_slugs(conn: &mut Conn, titles: &[&str]) -> Result<Vec<String>> {
    let bases: Vec<String> = titles
        .iter()
        .map(|title| match domain::slug::from_words(title) {
            words if words.is_empty() => "project".to_owned(),
            words => words,
        })
        .collect();
    // Of one title those that begin like it are enough; of many, all are.
    let like = match bases.as_slice() {
        [one] => format!("{one}%"),
        _ => "%".to_owned(),
    };
    let taken: Vec<String> = on!(conn, c => project::table
        .filter(project::slug.like(&like))
        .select(project::slug)
        .load(c)
        .await)
    .map_err(internal)?;
    let mut taken: HashSet<String> = taken.into_iter().collect();
    let mut free = Vec::with_capacity(bases.len());
    for base in bases {
        let numbered = (2..).map(|n: u32| format!("{base}-{n}"));
        let mut names = std::iter::once(base.clone()).chain(numbered);
        let slug = names.find(|name| !taken.contains(name)).unwrap_or(base);
        taken.insert(slug.clone());
        free.push(slug);
    }
    Ok(free)
}
