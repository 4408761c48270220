//! Contributions: what organisations pledge to a project, and what they gave.

use crate::change::{self, Write};
use crate::conn::internal;
use crate::invitation::check_open;
use crate::project::{self, check_version};
use crate::schema::contribution;
use crate::{Conn, fresh, participation};
use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::contribution::{ContributionKind, amount};
use domain::id::{ContributionId, OrganisationId, ProjectId};
use domain::participation::ParticipationState;
use domain::policy::{About, Action, Granted};
use domain::project::{self as rules, LONGEST_TEXT};
use domain::{Error, Result};
use serde::Serialize;

/// What somebody gives to a project.
#[derive(
    Queryable, Selectable, Insertable, AsChangeset, Debug, Clone, PartialEq, Eq, Serialize,
)]
#[diesel(table_name = contribution, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct Contribution {
    /// To which project.
    pub project_id: ProjectId,
    /// Its id.
    pub id: ContributionId,
    /// Which organisation gives it; `None` where it is none of the register, and the source names it.
    pub organisation_id: Option<OrganisationId>,
    /// What it is.
    pub kind: ContributionKind,
    /// How much is pledged: pence, or days.
    pub pledged: i64,
    /// How much of it was given.
    pub given: i64,
    /// When it was pledged, UTC.
    pub pledged_on: NaiveDate,
    /// Words about it.
    pub note: Option<String>,
    /// The file it was imported from, and who gives it by that.
    pub source: Option<String>,
    /// Counts the changes to it, from 1.
    pub version: i64,
}

impl Contribution {
    fn write<'a>(&'a self, before: Option<&'a Self>) -> Write<'a, Self> {
        Write {
            kind: "contribution",
            id: format!("{}/{}", self.project_id, self.id),
            about: self.organisation_id,
            before,
            after: Some(self),
        }
    }
}

/// What is given to these projects, that to each in the order in which it was pledged.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn of(conn: &mut Conn, projects: &[ProjectId]) -> Result<Vec<Contribution>> {
    on!(conn, c => contribution::table
        .filter(contribution::project_id.eq_any(projects))
        .order((contribution::project_id, contribution::id))
        .select(Contribution::as_select())
        .load(c)
        .await)
    .map_err(internal)
}

/// The contribution to a project with this id.
///
/// # Errors
/// [`Error::NotFound`] when there is none; [`Error::Internal`] when the database fails.
pub async fn by_key(
    conn: &mut Conn,
    project: ProjectId,
    id: ContributionId,
) -> Result<Contribution> {
    on!(conn, c => contribution::table
        .find((project, id))
        .select(Contribution::as_select())
        .first(c)
        .await
        .optional())
    .map_err(internal)?
    .ok_or_else(|| Error::not_found("contribution", id.to_string()))
}

/// A pledge to be made.
#[derive(Debug, Clone, Copy)]
pub struct Pledge<'a> {
    /// To which project.
    pub project: ProjectId,
    /// Which organisation pledges.
    pub organisation: OrganisationId,
    /// What.
    pub kind: ContributionKind,
    /// How much: pence, or days.
    pub amount: i64,
    /// Words about it.
    pub note: Option<&'a str>,
}

/// Pledges something to a project, for an organisation that takes part in it.
///
/// # Errors
/// [`Error::Conflict`] when the project is over, or the organisation closed or no active participant;
/// [`Error::Invalid`] for an amount or a note that does not fit; [`Error::Internal`] when the database fails.
pub async fn pledge(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    new: Pledge<'_>,
) -> Result<Contribution> {
    granted.require(Action::TakePart)?;
    granted.covers(About::Organisation(new.organisation))?;
    project::by_id(conn, new.project).await?.check_open()?;
    check_open(conn, now.date(), new.organisation).await?;
    let takes_part = participation::of(conn, &[new.project])
        .await?
        .iter()
        .any(|row| {
            row.organisation_id == new.organisation && row.state == ParticipationState::Active
        });
    if !takes_part {
        return Err(Error::Conflict(
            "Only who takes part in the project pledges to it; ask to join it first.".to_owned(),
        ));
    }
    let row = Contribution {
        project_id: new.project,
        id: fresh(),
        organisation_id: Some(new.organisation),
        kind: new.kind,
        pledged: amount("amount", new.amount, 1)?,
        given: 0,
        pledged_on: now.date(),
        note: rules::words("note", new.note, LONGEST_TEXT)?,
        source: None,
        version: 1,
    };
    keep_all(conn, granted, now, std::slice::from_ref(&row)).await?;
    Ok(row)
}

/// Says how much of a pledge was given so far, for the organisation that made it.
///
/// # Errors
/// [`Error::NotFound`] when there is no such pledge; [`Error::Stale`] when it was changed meanwhile; [`Error::Conflict`]
/// for one that no organisation here made; [`Error::Invalid`] for an amount that does not fit; [`Error::Internal`] when
/// the database fails.
pub async fn give(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    (project, id): (ProjectId, ContributionId),
    given: i64,
    seen: Option<i64>,
) -> Result<Contribution> {
    let before = by_key(conn, project, id).await?;
    granted.require(Action::TakePart)?;
    granted.covers(About::Organisation(giver(&before)?))?;
    check_version(seen, before.version)?;
    let after = Contribution {
        given: amount("given", given, 0)?,
        version: before.version + 1,
        ..before.clone()
    };
    let written = on!(conn, c => diesel::update(contribution::table.find((project, id)))
        .filter(contribution::version.eq(before.version))
        .set(&after)
        .execute(c)
        .await)
    .map_err(internal)?;
    if written == 0 {
        let current = by_key(conn, project, id).await?.version;
        return Err(Error::Stale { current });
    }
    change::record(conn, granted, now, after.write(Some(&before))).await?;
    Ok(after)
}

/// The organisation that made a pledge and may say what it gave.
///
/// # Errors
/// [`Error::Conflict`] for money of somebody outside the register.
pub fn giver(row: &Contribution) -> Result<OrganisationId> {
    row.organisation_id.ok_or_else(|| {
        let told = "It comes from outside the register, as its source says; nobody here gives it.";
        Error::Conflict(told.to_owned())
    })
}

/// Keeps new contributions.
pub(crate) async fn keep_all(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    rows: &[Contribution],
) -> Result<()> {
    let _written: usize = insert_rows!(conn, contribution::table, rows);
    let writes = rows.iter().map(|row| row.write(None));
    change::record_all(conn, granted, now, writes).await
}
