//! Projects from a register of grants: everybody that an award names is invited, and nobody is made to take part.

use super::{Project, begin, free_slugs, search_key};
use crate::conn::internal;
use crate::contribution::{self, Contribution};
use crate::participation::Participation;
use crate::schema::project;
use crate::{Conn, Saved, fresh};
use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::Result;
use domain::contribution::ContributionKind;
use domain::id::OrganisationId;
use domain::participation::ParticipationRole;
use domain::policy::{About, Action, Granted};
use domain::project::Phase;
use std::collections::HashSet;

/// How often a status is expected of a project that was imported, in days: nobody chose a rhythm for it yet.
const CADENCE_DAYS: i32 = 90;

/// An award as its register has it.
#[derive(Debug, Clone)]
pub struct Award {
    /// What makes it the same when its file is read again.
    pub source_key: String,
    /// The file.
    pub source: String,
    /// What the project is called.
    pub title: String,
    /// What it does.
    pub summary: String,
    /// Where it is published.
    pub url: Option<String>,
    /// How far it has come, as far as the register says.
    pub phase: Phase,
    /// When it began, UTC.
    pub started_on: NaiveDate,
    /// Whom it names, each once, and what each is to do.
    pub parts: Vec<(OrganisationId, ParticipationRole)>,
    /// What each is invited with: it names the award.
    pub message: String,
    /// The money, in pence; `None` where the register does not say.
    pub pence: Option<i64>,
    /// Who gives it, where that is a body of the register.
    pub giver: Option<OrganisationId>,
    /// Who gives it, in words.
    pub giver_name: String,
}

/// Adds a project for each of these awards that has none: what each did, in the order given. One that stands is left
/// as it is, whatever the file says now: it belongs to those who work on it.
///
/// # Errors
/// [`domain::Error::Internal`] when the database fails.
pub async fn import_all(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    awards: &[Award],
) -> Result<Vec<Saved>> {
    granted.require(Action::ImportProjects)?;
    granted.covers(About::Sector)?;
    let mut known = standing(conn, awards).await?;
    let mut done = Vec::with_capacity(awards.len());
    let mut new = Vec::new();
    for award in awards {
        if known.insert(award.source_key.clone()) {
            new.push(award);
            done.push(Saved::Added);
        } else {
            done.push(Saved::Unchanged);
        }
    }
    if new.is_empty() {
        return Ok(done);
    }
    let titles: Vec<&str> = new.iter().map(|award| award.title.as_str()).collect();
    let slugs = free_slugs(conn, &titles).await?;
    let (mut projects, mut parts, mut money) = (Vec::new(), Vec::new(), Vec::new());
    for (award, slug) in new.into_iter().zip(slugs) {
        let row = row(now, award, slug);
        parts.extend(award.parts.iter().map(|(body, role)| Participation {
            message: Some(award.message.clone()),
            ..Participation::proposed(granted, now, row.id, *body, *role)
        }));
        money.extend(given(award, &row));
        projects.push(row);
    }
    begin(conn, granted, now, &projects, &parts).await?;
    contribution::keep_all(conn, granted, now, &money).await?;
    Ok(done)
}

/// The keys among those of `awards` that have a project.
async fn standing(conn: &mut Conn, awards: &[Award]) -> Result<HashSet<String>> {
    let mut known = HashSet::new();
    for chunk in awards.chunks(crate::CHUNK) {
        let keys = chunk.iter().map(|award| award.source_key.as_str());
        let rows: Vec<Option<String>> = on!(conn, c => project::table
            .filter(project::source_key.eq_any(keys))
            .select(project::source_key)
            .load(c)
            .await)
        .map_err(internal)?;
        known.extend(rows.into_iter().flatten());
    }
    Ok(known)
}

fn row(now: NaiveDateTime, award: &Award, slug: String) -> Project {
    Project {
        id: fresh(),
        slug,
        title: award.title.clone(),
        title_key: award.title.to_lowercase(),
        search_key: search_key(&award.title, &award.summary, None),
        summary: award.summary.clone(),
        url: award.url.clone(),
        phase: award.phase,
        phase_since: award.started_on,
        started_on: award.started_on,
        stopped_reason: None,
        cadence_days: CADENCE_DAYS,
        lead_id: None,
        participants: 0,
        status_id: None,
        status_at: None,
        source: Some(award.source.clone()),
        source_key: Some(award.source_key.clone()),
        created_at: now,
        updated_at: now,
        version: 1,
    }
}

/// The money of an award: pledged; how much was paid, its register does not say.
fn given(award: &Award, project: &Project) -> Option<Contribution> {
    Some(Contribution {
        project_id: project.id,
        id: fresh(),
        organisation_id: award.giver,
        kind: ContributionKind::Money,
        pledged: award.pence?,
        given: 0,
        pledged_on: award.started_on,
        note: None,
        source: Some(award.giver_name.clone()),
        version: 1,
    })
}
