//! Outputs: what projects make for others to use. That one is ready is told to everybody who waits for it.

use crate::change::{self, Write};
use crate::conn::internal;
use crate::notice::{News, tell};
use crate::project::{self, Project, check_version};
use crate::schema::{backing, output, project_problem};
use crate::{Conn, fresh, lock, participation, standard};
use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::id::{OrganisationId, OutputId, ProjectId, StandardId};
use domain::notice::NoticeKind;
use domain::output::{OutputKind, Readiness};
use domain::participation::ParticipationState;
use domain::policy::{About, Action, Granted};
use domain::project::{self as rules, LONGEST_TITLE};
use domain::{Error, Result};
use serde::Serialize;
use std::collections::BTreeSet;

/// The longest name of a licence, in characters.
const LONGEST_LICENCE: usize = 100;

/// Something that a project made for others to use.
#[derive(
    Queryable, Selectable, Insertable, AsChangeset, Debug, Clone, PartialEq, Eq, Serialize,
)]
#[diesel(table_name = output, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct Output {
    /// Of which project.
    pub project_id: ProjectId,
    /// Its id.
    pub id: OutputId,
    /// What it is called.
    pub title: String,
    /// What it is.
    pub kind: OutputKind,
    /// Where it is.
    pub url: String,
    /// Under which licence others may use it.
    pub licence: String,
    /// How ready it is.
    pub readiness: Readiness,
    /// Since when it is ready, UTC: from that day the adoption of its standard counts.
    pub ready_on: Option<NaiveDate>,
    /// The standard it makes or implements.
    pub standard_id: Option<StandardId>,
    /// When it was first published here, UTC.
    pub published_at: NaiveDateTime,
    /// Counts the changes to it, from 1.
    pub version: i64,
}

/// The outputs of these projects, those of each in the order in which they were published.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn of(conn: &mut Conn, projects: &[ProjectId]) -> Result<Vec<Output>> {
    on!(conn, c => output::table
        .filter(output::project_id.eq_any(projects))
        .order((output::project_id, output::id))
        .select(Output::as_select())
        .load(c)
        .await)
    .map_err(internal)
}

/// The outputs that make these standards, ready or not: `ready_on` is the day from which one can be adopted.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn of_standards(conn: &mut Conn, standards: &[StandardId]) -> Result<Vec<Output>> {
    on!(conn, c => output::table
        .filter(output::standard_id.eq_any(standards))
        .order((output::standard_id, output::id))
        .select(Output::as_select())
        .load(c)
        .await)
    .map_err(internal)
}

/// What is said of an output; of one that stands, what is left out stays.
#[derive(Debug, Clone, Copy, Default)]
pub struct Said<'a> {
    /// The output that stands; `None` publishes a new one.
    pub standing: Option<OutputId>,
    /// What it is called.
    pub title: Option<&'a str>,
    /// What it is.
    pub kind: Option<OutputKind>,
    /// Where it is.
    pub url: Option<&'a str>,
    /// Under which licence others may use it.
    pub licence: Option<&'a str>,
    /// How ready it is; a new one is a draft if left out.
    pub readiness: Option<Readiness>,
    /// The standard it makes or implements.
    pub standard: Option<StandardId>,
    /// The version of it that somebody saw; `None` takes whatever it is.
    pub seen: Option<i64>,
}

/// Publishes an output, or says more of one. Those who back the problems of the project, and who takes part in it, are
/// told once it is ready.
///
/// # Errors
/// [`Error::NotFound`] when there is no such output or standard; [`Error::Stale`] when it was changed meanwhile;
/// [`Error::Conflict`] when the project was stopped or retired; [`Error::Invalid`] for what does not fit;
/// [`Error::Internal`] when the database fails.
pub async fn publish(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    project: ProjectId,
    said: Said<'_>,
) -> Result<Output> {
    granted.require(Action::WorkOnProject)?;
    granted.covers(About::Project(project))?;
    lock::project(conn, project).await?;
    let of_project = project::by_id(conn, project).await?;
    of_project.check_open()?;
    if let Some(standard) = said.standard
        && standard::by_ids(conn, &[standard]).await?.is_empty()
    {
        return Err(Error::not_found("standard", standard.to_string()));
    }
    let standing = of(conn, &[project]).await?;
    let before = match said.standing {
        None => None,
        Some(id) => {
            let found = standing.iter().find(|row| row.id == id);
            Some(found.ok_or_else(|| Error::not_found("output", id.to_string()))?)
        }
    };
    let after = row(now, project, before, &said)?;
    match before {
        None => on!(conn, c => diesel::insert_into(output::table).values(&after).execute(c).await),
        Some(_) => on!(conn, c => diesel::update(output::table.find((project, after.id)))
            .set(&after)
            .execute(c)
            .await),
    }
    .map_err(internal)?;
    let write = Write {
        kind: "output",
        id: format!("{project}/{}", after.id),
        about: None,
        before,
        after: Some(&after),
    };
    change::record(conn, granted, now, write).await?;
    if after.ready_on.is_some() && before.is_none_or(|row| row.ready_on.is_none()) {
        tell_ready(conn, granted, now, &of_project, &after).await?;
    }
    Ok(after)
}

/// The output as it is to be.
fn row(
    now: NaiveDateTime,
    project_id: ProjectId,
    before: Option<&Output>,
    said: &Said<'_>,
) -> Result<Output> {
    let title = said
        .title
        .map(|raw| rules::line("title", raw, LONGEST_TITLE))
        .transpose()?;
    let url = said.url.map(|raw| rules::address("url", raw)).transpose()?;
    let licence = said
        .licence
        .map(|raw| rules::line("licence", raw, LONGEST_LICENCE))
        .transpose()?;
    let standing = before.map_or(Readiness::Draft, |row| row.readiness);
    let readiness = said.readiness.unwrap_or(standing);
    standing.moves(readiness)?;
    let ready_on = before
        .and_then(|row| row.ready_on)
        .or((readiness == Readiness::Ready).then(|| now.date()));
    if let Some(before) = before {
        check_version(said.seen, before.version)?;
        return Ok(Output {
            title: title.unwrap_or_else(|| before.title.clone()),
            kind: said.kind.unwrap_or(before.kind),
            url: url.unwrap_or_else(|| before.url.clone()),
            licence: licence.unwrap_or_else(|| before.licence.clone()),
            readiness,
            ready_on,
            standard_id: said.standard.or(before.standard_id),
            version: before.version + 1,
            ..before.clone()
        });
    }
    let unsaid = |field, told: &str| Error::invalid(field, told);
    Ok(Output {
        project_id,
        id: fresh(),
        title: title.ok_or_else(|| unsaid("title", "Say what it is called."))?,
        kind: said
            .kind
            .ok_or_else(|| unsaid("kind", "Say what it is: CODE, DOCUMENT, STANDARD or DATA."))?,
        url: url.ok_or_else(|| unsaid("url", "Say where it is."))?,
        licence: licence.ok_or_else(|| {
            unsaid(
                "licence",
                "Say under which licence others may use it, such as MIT or OGL-UK-3.0.",
            )
        })?,
        readiness,
        ready_on,
        standard_id: said.standard,
        published_at: now,
        version: 1,
    })
}

/// Tells everybody who waits for an output that it is ready, whoever published it aside.
async fn tell_ready(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    project: &Project,
    ready: &Output,
) -> Result<()> {
    let backers: Vec<OrganisationId> = on!(conn, c => backing::table
        .inner_join(project_problem::table.on(project_problem::problem_id.eq(backing::problem_id)))
        .filter(project_problem::project_id.eq(project.id))
        .filter(backing::withdrawn_at.is_null())
        .select(backing::organisation_id)
        .load(c)
        .await)
    .map_err(internal)?;
    let parts = participation::of(conn, &[project.id]).await?;
    let active = parts
        .iter()
        .filter(|row| row.state == ParticipationState::Active)
        .map(|row| row.organisation_id);
    let mut told: BTreeSet<OrganisationId> = backers.into_iter().chain(active).collect();
    let publisher = granted.organisation().or(project.lead_id);
    if let Some(publisher) = publisher {
        told.remove(&publisher);
    }
    let Some(about) = publisher.or_else(|| told.iter().next().copied()) else {
        return Ok(());
    };
    let news = News {
        kind: NoticeKind::OutputReady,
        thing: ("project", project.id.to_string()),
        title: &ready.title,
        about,
    };
    tell(conn, now, told.into_iter().map(Some), &news).await
}
