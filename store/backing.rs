//! Backings: which bodies have a problem too, who answered them, and who waits for too long.

use crate::change::{self, Write};
use crate::conn::internal;
use crate::invitation::check_open;
use crate::notice::{News, tell};
use crate::problem::by_id as problem_by_id;
use crate::problem_state::{check_covers, settle};
use crate::schema::{backing, problem};
use crate::{Conn, fresh, lock};
use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::backing::{Clock, Willingness, reply_by};
use domain::id::{BackingId, OrganisationId, ProblemId};
use domain::notice::NoticeKind;
use domain::policy::{About, Action, Granted};
use domain::problem::reason;
use domain::{Error, Result};
use serde::{Deserialize, Serialize};

/// An organisation's backing of a problem: one for each pair, whatever becomes of it.
#[derive(
    Queryable,
    Selectable,
    Insertable,
    AsChangeset,
    Debug,
    Clone,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
)]
#[diesel(table_name = backing, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct Backing {
    /// What is backed.
    pub problem_id: ProblemId,
    /// Its id.
    pub id: BackingId,
    /// Who backs it.
    pub organisation_id: OrganisationId,
    /// What it is willing to do.
    #[serde(deserialize_with = "willingness")]
    pub willingness: Willingness,
    /// What it says beside.
    pub note: Option<String>,
    /// When it said so, UTC.
    pub backed_at: NaiveDateTime,
    /// By when somebody has to have answered it, UTC.
    pub reply_by: NaiveDate,
    /// What it was answered.
    pub answer: Option<String>,
    /// When it was answered, UTC.
    pub answered_at: Option<NaiveDateTime>,
    /// When the unit was told that it waits, UTC.
    pub escalated_at: Option<NaiveDateTime>,
    /// When it was taken back, UTC.
    pub withdrawn_at: Option<NaiveDateTime>,
    /// Counts the changes to it, from 1.
    pub version: i64,
}

fn willingness<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Willingness, D::Error> {
    let word = String::deserialize(from)?;
    word.parse().map_err(serde::de::Error::custom)
}

impl Backing {
    /// Whether the body still backs the problem.
    pub fn holds(&self) -> bool {
        self.withdrawn_at.is_none()
    }

    /// Where it stands, for its clock.
    pub fn clock(&self) -> Clock {
        Clock {
            reply_by: self.reply_by,
            answered: self.answered_at.is_some(),
            escalated: self.escalated_at.is_some(),
            withdrawn: self.withdrawn_at.is_some(),
        }
    }
}

/// Names a backing.
pub type BackingKey = (ProblemId, BackingId);

/// Says that an organisation has a problem too; said again, it changes what was said.
///
/// # Errors
/// [`Error::NotFound`] when there is no such problem; [`Error::Conflict`] when it was merged, or the organisation is
/// closed; [`Error::Invalid`] for a note that cannot be kept; [`Error::Internal`] when the database fails.
pub async fn back(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    (problem, body): (ProblemId, OrganisationId),
    (willingness, note): (Willingness, Option<&str>),
) -> Result<Backing> {
    granted.require(Action::BackProblem)?;
    granted.covers(About::Organisation(body))?;
    let note = reason("note", note)?;
    check_open(conn, now.date(), body).await?;
    lock::problems(conn, &[problem]).await?;
    problem_by_id(conn, problem).await?.check_standing()?;
    let before = of_body(conn, problem, body).await?;
    let anew = before.as_ref().is_none_or(|before| !before.holds());
    let version = before.as_ref().map_or(1, |before| before.version + 1);
    let after = match &before {
        Some(before) if !anew => Backing {
            willingness,
            note,
            version,
            ..before.clone()
        },
        _ => Backing {
            problem_id: problem,
            id: before.as_ref().map_or_else(fresh, |before| before.id),
            organisation_id: body,
            willingness,
            note,
            backed_at: now,
            reply_by: reply_by(now.date()),
            answer: None,
            answered_at: None,
            escalated_at: None,
            withdrawn_at: None,
            version,
        },
    };
    write(conn, granted, now, before.as_ref(), &after).await?;
    if anew {
        settle(conn, granted, now, &[problem]).await?;
    }
    Ok(after)
}

/// Takes a backing back.
///
/// # Errors
/// [`Error::NotFound`] when there is none; [`Error::Stale`] when it was changed meanwhile; [`Error::Conflict`] when it was
/// taken back already; [`Error::Internal`] when the database fails.
pub async fn withdraw(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    key: BackingKey,
    expected_version: i64,
) -> Result<Backing> {
    granted.require(Action::BackProblem)?;
    lock::problems(conn, &[key.0]).await?;
    let before = by_key(conn, key).await?;
    granted.covers(About::Organisation(before.organisation_id))?;
    check_holds(&before, expected_version)?;
    let after = Backing {
        withdrawn_at: Some(now),
        version: before.version + 1,
        ..before.clone()
    };
    write(conn, granted, now, Some(&before), &after).await?;
    settle(conn, granted, now, &[key.0]).await?;
    Ok(after)
}

/// Answers a body that backs a problem.
///
/// # Errors
/// [`Error::NotFound`] when there is none; [`Error::Stale`] when it was changed meanwhile; [`Error::Conflict`] when it was
/// taken back; [`Error::Invalid`] when the answer is blank or too long; [`Error::Internal`] when the database fails.
pub async fn answer(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    key: BackingKey,
    (answer, expected_version): (&str, i64),
) -> Result<Backing> {
    granted.require(Action::AnswerBacking)?;
    lock::problems(conn, &[key.0]).await?;
    let row = problem_by_id(conn, key.0).await?;
    check_covers(conn, granted, &row).await?;
    let before = by_key(conn, key).await?;
    check_holds(&before, expected_version)?;
    let answer = reason("answer", Some(answer))?;
    if answer.is_none() {
        let told = "Write what the body that backs it will read.";
        return Err(Error::invalid("answer", told));
    }
    let after = Backing {
        answer,
        answered_at: Some(now),
        version: before.version + 1,
        ..before.clone()
    };
    write(conn, granted, now, Some(&before), &after).await?;
    Ok(after)
}

fn check_holds(row: &Backing, expected_version: i64) -> Result<()> {
    if row.version != expected_version {
        return Err(Error::Stale {
            current: row.version,
        });
    }
    if !row.holds() {
        let told = "This backing was taken back already.";
        return Err(Error::Conflict(told.to_owned()));
    }
    Ok(())
}

/// Writes a backing in place of `before`, of a problem that is locked, and records it.
pub(crate) async fn write(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    before: Option<&Backing>,
    after: &Backing,
) -> Result<()> {
    match before {
        None => on!(conn, c => diesel::insert_into(backing::table).values(after).execute(c).await),
        Some(_) => {
            let key = (after.problem_id, after.id);
            on!(conn, c => diesel::update(backing::table.find(key)).set(after).execute(c).await)
        }
    }
    .map_err(internal)?;
    change::record(conn, granted, now, written(before, after)).await
}

fn written<'a>(before: Option<&'a Backing>, after: &'a Backing) -> Write<'a, Backing> {
    Write {
        kind: "backing",
        id: format!("{}/{}", after.problem_id, after.id),
        about: Some(after.organisation_id),
        before,
        after: Some(after),
    }
}

/// The backing with this key. One that a merge moved is found where the problem is now.
///
/// # Errors
/// [`Error::NotFound`] when there is none; [`Error::Internal`] when the database fails.
pub async fn by_key(conn: &mut Conn, (problem, id): BackingKey) -> Result<Backing> {
    on!(conn, c => backing::table
        .find((problem, id))
        .select(Backing::as_select())
        .first(c)
        .await
        .optional())
    .map_err(internal)?
    .ok_or_else(|| Error::not_found("backing", id.to_string()))
}

/// A body's backing of a problem, withdrawn or not.
async fn of_body(
    conn: &mut Conn,
    problem: ProblemId,
    body: OrganisationId,
) -> Result<Option<Backing>> {
    on!(conn, c => backing::table
        .filter(backing::problem_id.eq(problem))
        .filter(backing::organisation_id.eq(body))
        .select(Backing::as_select())
        .first(c)
        .await
        .optional())
    .map_err(internal)
}

/// Every backing of these problems, withdrawn ones too.
pub(crate) async fn all_of(conn: &mut Conn, problems: &[ProblemId]) -> Result<Vec<Backing>> {
    on!(conn, c => backing::table
        .filter(backing::problem_id.eq_any(problems))
        .order((backing::problem_id, backing::id))
        .select(Backing::as_select())
        .load(c)
        .await)
    .map_err(internal)
}

/// The backings of these problems that hold, the oldest first.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn of_problems(conn: &mut Conn, problems: &[ProblemId]) -> Result<Vec<Backing>> {
    on!(conn, c => backing::table
        .filter(backing::problem_id.eq_any(problems))
        .filter(backing::withdrawn_at.is_null())
        .order((backing::problem_id, backing::backed_at, backing::id))
        .select(Backing::as_select())
        .load(c)
        .await)
    .map_err(internal)
}

/// Who backs each of these problems, and how willing they are.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn backers(
    conn: &mut Conn,
    problems: &[ProblemId],
) -> Result<Vec<(ProblemId, OrganisationId, Willingness)>> {
    let mut found = Vec::new();
    for chunk in problems.chunks(crate::CHUNK) {
        let rows: Vec<(ProblemId, OrganisationId, Willingness)> = on!(conn, c => backing::table
            .filter(backing::problem_id.eq_any(chunk))
            .filter(backing::withdrawn_at.is_null())
            .order((backing::problem_id, backing::id))
            .select((backing::problem_id, backing::organisation_id, backing::willingness))
            .load(c)
            .await)
        .map_err(internal)?;
        found.extend(rows);
    }
    Ok(found)
}

/// The backings whose clock ran out before `today` without an answer, and of which the unit was not told, at most `limit`.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn waiting(conn: &mut Conn, today: NaiveDate, limit: i64) -> Result<Vec<Backing>> {
    on!(conn, c => backing::table
        .filter(backing::reply_by.lt(today))
        .filter(backing::answered_at.is_null())
        .filter(backing::escalated_at.is_null())
        .filter(backing::withdrawn_at.is_null())
        .order((backing::reply_by, backing::id))
        .limit(limit)
        .select(Backing::as_select())
        .load(c)
        .await)
    .map_err(internal)
}

/// Tells the unit of backings that wait, each once; those that were answered or told of meanwhile are left out. Returns
/// how many it was told of.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn escalate(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    today: NaiveDate,
    keys: &[BackingKey],
) -> Result<u64> {
    granted.require(Action::KeepClock)?;
    let mut told = 0;
    for (problem, id) in keys {
        lock::problems(conn, &[*problem]).await?;
        let before = by_key(conn, (*problem, *id)).await?;
        if !before.clock().is_due(today) {
            continue;
        }
        let after = Backing {
            escalated_at: Some(now),
            version: before.version + 1,
            ..before.clone()
        };
        write(conn, granted, now, Some(&before), &after).await?;
        let title: String = on!(conn, c => problem::table
            .find(problem)
            .select(problem::title)
            .first(c)
            .await)
        .map_err(internal)?;
        let news = News {
            kind: NoticeKind::BackingWaits,
            thing: ("problem", problem.to_string()),
            title: &title,
            about: before.organisation_id,
        };
        tell(conn, now, [None], &news).await?;
        told += 1;
    }
    Ok(told)
}
