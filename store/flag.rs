//! Flags: what does not fit the green that a project shows, kept with its evidence and its lead's answer.

use crate::change::{self, Write};
use crate::conn::internal;
use crate::notice::{News, tell};
use crate::project::{Project, check_version};
use crate::schema::flag;
use crate::{Conn, fresh, lock};
use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::flag::{self as rules, Doubt, FlagKind};
use domain::id::{FlagId, ProjectId};
use domain::notice::NoticeKind;
use domain::policy::{About, Action, Granted};
use domain::{Error, Result};
use serde::Serialize;

/// A flag.
#[derive(
    Queryable, Selectable, Insertable, AsChangeset, Debug, Clone, PartialEq, Eq, Serialize,
)]
#[diesel(table_name = flag, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct Flag {
    /// The project.
    pub project_id: ProjectId,
    /// Its id; unique together with the project.
    pub id: FlagId,
    /// What does not fit.
    pub kind: FlagKind,
    /// Why, as a JSON list of sentences.
    evidence: String,
    /// When it was raised, UTC.
    pub raised_at: NaiveDateTime,
    /// What the lead says to it, for everybody.
    pub answer: Option<String>,
    /// Who answered, as the record names them.
    pub answered_by: Option<String>,
    /// When it was answered, UTC.
    pub answered_at: Option<NaiveDateTime>,
    /// When its evidence was gone, UTC.
    pub cleared_at: Option<NaiveDateTime>,
    /// Counts the changes to it, from 1.
    pub version: i64,
}

/// What names a flag: project and id.
pub type FlagKey = (ProjectId, FlagId);

impl Flag {
    /// The sentences that say why.
    ///
    /// # Errors
    /// [`Error::Internal`] when they were damaged.
    pub fn evidence(&self) -> Result<Vec<String>> {
        serde_json::from_str(&self.evidence).map_err(Error::internal)
    }

    fn raised(project_id: ProjectId, now: NaiveDateTime, kind: FlagKind, evidence: String) -> Self {
        Self {
            project_id,
            id: fresh(),
            kind,
            evidence,
            raised_at: now,
            answer: None,
            answered_by: None,
            answered_at: None,
            cleared_at: None,
            version: 1,
        }
    }
}

/// The flags of these projects that stand, by project and kind.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn standing(conn: &mut Conn, projects: &[ProjectId]) -> Result<Vec<Flag>> {
    on!(conn, c => flag::table
        .filter(flag::project_id.eq_any(projects))
        .filter(flag::cleared_at.is_null())
        .order((flag::project_id, flag::kind))
        .select(Flag::as_select())
        .load(c)
        .await)
    .map_err(internal)
}

/// Every flag that these projects have or had, the newest first.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn of(conn: &mut Conn, projects: &[ProjectId]) -> Result<Vec<Flag>> {
    on!(conn, c => flag::table
        .filter(flag::project_id.eq_any(projects))
        .order(flag::id.desc())
        .select(Flag::as_select())
        .load(c)
        .await)
    .map_err(internal)
}

/// The flag with this key.
///
/// # Errors
/// [`Error::NotFound`] when there is none; [`Error::Internal`] when the database fails.
pub async fn by_key(conn: &mut Conn, key: FlagKey) -> Result<Flag> {
    on!(conn, c => flag::table.find(key).select(Flag::as_select()).first(c).await.optional())
        .map_err(internal)?
        .ok_or_else(|| Error::not_found("flag", key.1.to_string()))
}

/// Makes the flags of a project those that its doubts ask for: raises what is new and tells its lead, brings evidence up
/// to date, clears what is gone. How many rows that wrote.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn keep(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    project: &Project,
    doubts: &[Doubt],
) -> Result<usize> {
    granted.require(Action::KeepClock)?;
    granted.covers(About::Project(project.id))?;
    lock::project(conn, project.id).await?;
    let standing = standing(conn, &[project.id]).await?;
    let mut written = 0;
    for before in &standing {
        if doubts.iter().all(|doubt| doubt.kind != before.kind) {
            let after = Flag {
                cleared_at: Some(now),
                version: before.version + 1,
                ..before.clone()
            };
            save(conn, granted, now, project, Some(before), &after).await?;
            written += 1;
        }
    }
    for doubt in doubts {
        let evidence = serde_json::to_string(&doubt.evidence).map_err(Error::internal)?;
        let before = standing.iter().find(|flag| flag.kind == doubt.kind);
        let after = match before {
            Some(before) if before.evidence == evidence => continue,
            Some(before) => Flag {
                evidence,
                version: before.version + 1,
                ..before.clone()
            },
            None => Flag::raised(project.id, now, doubt.kind, evidence),
        };
        save(conn, granted, now, project, before, &after).await?;
        if before.is_none() {
            tell_lead(conn, now, project, &after).await?;
        }
        written += 1;
    }
    Ok(written)
}

async fn tell_lead(
    conn: &mut Conn,
    now: NaiveDateTime,
    project: &Project,
    flag: &Flag,
) -> Result<()> {
    // A project that nobody leads has nobody to tell; the unit sees the flag in its list.
    let Some(lead) = project.lead_id else {
        return Ok(());
    };
    let news = News {
        kind: NoticeKind::FlagRaised,
        thing: ("flag", format!("{}/{}", flag.project_id, flag.id)),
        title: &project.title,
        about: lead,
    };
    tell(conn, now, [Some(lead)], &news).await
}

/// The lead's answer, for everybody to read.
///
/// # Errors
/// [`Error::NotFound`] when there is no such flag; [`Error::Stale`] when it was changed meanwhile; [`Error::Conflict`]
/// when it was answered or is gone; [`Error::Invalid`] when nothing is said; [`Error::Internal`] when the database fails.
pub async fn answer(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    key: FlagKey,
    text: &str,
    seen: Option<i64>,
) -> Result<Flag> {
    granted.require(Action::LeadProject)?;
    granted.covers(About::Project(key.0))?;
    lock::project(conn, key.0).await?;
    let before = by_key(conn, key).await?;
    check_version(seen, before.version)?;
    let (answered, cleared) = (before.answer.is_some(), before.cleared_at.is_some());
    let after = Flag {
        answer: Some(rules::answer(answered, cleared, text)?),
        answered_by: Some(granted.actor().to_owned()),
        answered_at: Some(now),
        version: before.version + 1,
        ..before.clone()
    };
    let project = crate::project::by_id(conn, key.0).await?;
    save(conn, granted, now, &project, Some(&before), &after).await?;
    Ok(after)
}

async fn save(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    project: &Project,
    before: Option<&Flag>,
    after: &Flag,
) -> Result<()> {
    on!(conn, c => match before {
        Some(_) => diesel::update(flag::table.find((after.project_id, after.id)))
            .set(after)
            .execute(c)
            .await,
        None => diesel::insert_into(flag::table).values(after).execute(c).await,
    })
    .map_err(internal)?;
    let write = Write {
        kind: "flag",
        id: format!("{}/{}", after.project_id, after.id),
        about: granted.organisation().or(project.lead_id),
        before,
        after: Some(after),
    };
    change::record(conn, granted, now, write).await
}
