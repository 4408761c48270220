//! Where problems stand: what follows from who backs them and works on them, and what somebody decides.

use crate::change::{self, Write};
use crate::conn::internal;
use crate::problem::{Problem, by_id, by_ids, worked_on};
use crate::schema::problem;
use crate::{Conn, backing, lock};
use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::id::ProblemId;
use domain::policy::{About, Action, Granted};
use domain::problem::{Facts, ProblemState, reason};
use domain::{Error, Result};
use std::collections::HashMap;

/// What somebody wants to change of a problem, as they saw it.
#[derive(Debug, Clone, Copy)]
pub struct Change<'a> {
    /// Which problem.
    pub problem: ProblemId,
    /// The version they saw.
    pub expected_version: i64,
    /// Why, or what was done.
    pub reason: Option<&'a str>,
}

/// Who backs a problem and what works on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Counted {
    pub(crate) backers: i64,
    pub(crate) facts: Facts,
}

/// Counts anew who backs each of these problems and what works on it.
pub(crate) async fn counted(
    conn: &mut Conn,
    rows: &[Problem],
) -> Result<HashMap<ProblemId, Counted>> {
    let ids: Vec<ProblemId> = rows.iter().map(|row| row.id).collect();
    let none = Counted {
        backers: 0,
        facts: Facts {
            others: 0,
            projects: 0,
        },
    };
    let mut counted: HashMap<ProblemId, Counted> = ids.iter().map(|id| (*id, none)).collect();
    let owners: HashMap<ProblemId, _> = rows
        .iter()
        .map(|row| (row.id, row.organisation_id))
        .collect();
    for (id, body, _) in backing::backers(conn, &ids).await? {
        let one = counted.entry(id).or_insert(none);
        one.backers += 1;
        if owners.get(&id) != Some(&Some(body)) {
            one.facts.others += 1;
        }
    }
    for (id, _) in worked_on(conn, &ids).await? {
        counted.entry(id).or_insert(none).facts.projects += 1;
    }
    Ok(counted)
}

/// Counts anew what works on these problems, and moves those of which that decides where they stand. For whoever starts,
/// stops or retires a project, in the same transaction.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub(crate) async fn projects_changed(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    problems: &[ProblemId],
) -> Result<()> {
    lock::problems(conn, problems).await?;
    settle(conn, granted, now, problems).await
}

/// Brings what is derived of these problems, which are locked, to what the rows say, and each to where that puts it.
pub(crate) async fn settle(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    problems: &[ProblemId],
) -> Result<()> {
    let rows = by_ids(conn, problems).await?;
    let counted = counted(conn, &rows).await?;
    for before in rows {
        let Some(one) = counted.get(&before.id) else {
            continue;
        };
        let mut after = Problem {
            backers: one.backers,
            projects: one.facts.projects,
            ..before.clone()
        };
        if before.merged_into_id.is_none() {
            after.state = before.state.settled(one.facts);
        }
        if after.state != before.state {
            save(conn, granted, now, &before, after).await?;
        } else if after != before {
            on!(conn, c => diesel::update(problem::table.find(after.id))
                .set((problem::backers.eq(after.backers), problem::projects.eq(after.projects)))
                .execute(c)
                .await)
            .map_err(internal)?;
        }
    }
    Ok(())
}

/// Writes a problem in place of `before`, and records it.
///
/// # Errors
/// [`Error::Stale`] when somebody else was first; [`Error::Internal`] when the database fails.
pub(crate) async fn save(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    before: &Problem,
    after: Problem,
) -> Result<Problem> {
    let after = Problem {
        version: before.version + 1,
        updated_at: now,
        ..after
    };
    let written = on!(conn, c => diesel::update(problem::table)
        .filter(problem::id.eq(after.id))
        .filter(problem::version.eq(before.version))
        .set(&after)
        .execute(c)
        .await)
    .map_err(internal)?;
    if written == 0 {
        let current = by_id(conn, after.id).await?.version;
        return Err(Error::Stale { current });
    }
    record(conn, granted, now, Some(before), &after).await?;
    Ok(after)
}

pub(crate) async fn record(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    before: Option<&Problem>,
    after: &Problem,
) -> Result<()> {
    let write = Write {
        kind: "problem",
        id: after.id.to_string(),
        about: after.organisation_id,
        before,
        after: Some(after),
    };
    change::record(conn, granted, now, write).await
}

/// Checks that a grant is for this problem: as the body that raised it, or by a project that works on it.
pub(crate) async fn check_covers(conn: &mut Conn, granted: &Granted, row: &Problem) -> Result<()> {
    let own = granted.covers(About::affairs_of(row.organisation_id));
    if own.is_ok() {
        return own;
    }
    let projects = worked_on(conn, &[row.id]).await?;
    let by_project = |(_, project)| granted.covers(About::Project(project)).is_ok();
    if projects.into_iter().any(by_project) {
        return Ok(());
    }
    own
}

/// Parks a problem, says that it is solved, or takes it up again.
///
/// # Errors
/// [`Error::NotFound`] when there is none; [`Error::Stale`] when it was changed meanwhile; [`Error::Conflict`] when it
/// cannot move there; [`Error::Invalid`] when a reason is missing; [`Error::Internal`] when the database fails.
pub async fn move_to(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    change: Change<'_>,
    state: ProblemState,
) -> Result<Problem> {
    granted.require(Action::MoveProblem)?;
    lock::problems(conn, &[change.problem]).await?;
    let before = by_id(conn, change.problem).await?;
    check_covers(conn, granted, &before).await?;
    before.check_standing()?;
    before.check_version(change.expected_version)?;
    let why = reason("reason", change.reason)?;
    let counted = counted(conn, std::slice::from_ref(&before)).await?;
    let facts = counted
        .get(&before.id)
        .ok_or_else(|| Error::internal("a problem that was read is not counted"))?
        .facts;
    let after = Problem {
        state: before.state.decided(state, facts, why.as_deref())?,
        parked_reason: why.clone().filter(|_| state == ProblemState::Parked),
        ..before.clone()
    };
    let granted = granted.clone().because(why);
    save(conn, &granted, now, &before, after).await
}
