//! Commitments: what organisations promised, and how it ended.

use crate::change::{self, Write};
use crate::conn::internal;
use crate::invitation::check_open;
use crate::notice::{self, News};
use crate::page::{Page, Rows};
use crate::schema::commitment;
use crate::{Conn, fresh, lock};
use chrono::{Days, NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::commitment::{CommitmentOutcome, KeptRate, Promise, REMINDED_DAYS, check_new};
use domain::id::{CommitmentId, OrganisationId, ProjectId, StandardId};
use domain::notice::NoticeKind;
use domain::policy::{About, Action, Granted};
use domain::{Error, Result};
use serde::Serialize;

/// A commitment of an organisation.
#[derive(Queryable, Selectable, Insertable, Debug, Clone, PartialEq, Eq, Serialize)]
#[diesel(table_name = commitment, treat_none_as_default_value = false)]
pub struct Commitment {
    /// Its id.
    pub id: CommitmentId,
    /// Who promised it.
    pub organisation_id: OrganisationId,
    /// What was promised.
    pub text: String,
    /// The part of the declaration it follows from.
    pub principle: Option<String>,
    /// The day it was made, UTC.
    pub made_on: NaiveDate,
    /// The last day on which it can be kept, UTC.
    pub due_on: NaiveDate,
    /// The project it is about.
    pub project_id: Option<ProjectId>,
    /// The standard it is about.
    pub standard_id: Option<StandardId>,
    /// How it ended; `None` while it is open.
    pub outcome: Option<CommitmentOutcome>,
    /// The day it ended, UTC.
    pub outcome_on: Option<NaiveDate>,
    /// Why it ended so.
    pub explanation: Option<String>,
    /// When its organisation was reminded, UTC.
    #[serde(skip)]
    pub reminded_at: Option<NaiveDateTime>,
    /// Goes up by one with every change.
    pub version: i64,
}

impl Commitment {
    /// It as its rules see it.
    pub fn promise(&self) -> Promise {
        Promise {
            due_on: self.due_on,
            outcome: self.outcome,
        }
    }
}

/// A commitment to be made.
#[derive(Debug, Clone)]
pub struct NewCommitment<'a> {
    /// Who promises.
    pub organisation: OrganisationId,
    /// What.
    pub text: &'a str,
    /// The part of the declaration it follows from.
    pub principle: Option<&'a str>,
    /// The last day on which it can be kept, UTC.
    pub due_on: NaiveDate,
    /// The project it is about.
    pub project: Option<ProjectId>,
    /// The standard it is about.
    pub standard: Option<StandardId>,
}

/// Which commitments a list or a rate is of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only those of this organisation.
    pub organisation: Option<OrganisationId>,
    /// Only those about this standard.
    pub standard: Option<StandardId>,
    /// Only those about this project.
    pub project: Option<ProjectId>,
    /// Only those that ended so.
    pub outcome: Option<CommitmentOutcome>,
    /// Only those that are open (or are not).
    pub open: Option<bool>,
    /// Only those due before this day.
    pub due_before: Option<NaiveDate>,
}

macro_rules! restrict {
    ($query:ident, $filter:expr) => {
        if let Some(id) = $filter.organisation {
            $query = $query.filter(commitment::organisation_id.eq(id));
        }
        if let Some(id) = $filter.standard {
            $query = $query.filter(commitment::standard_id.eq(id));
        }
        if let Some(id) = $filter.project {
            $query = $query.filter(commitment::project_id.eq(id));
        }
        if let Some(outcome) = $filter.outcome {
            $query = $query.filter(commitment::outcome.eq(outcome));
        }
        match $filter.open {
            Some(true) => $query = $query.filter(commitment::outcome.is_null()),
            Some(false) => $query = $query.filter(commitment::outcome.is_not_null()),
            None => {}
        }
        if let Some(day) = $filter.due_before {
            $query = $query.filter(commitment::due_on.lt(day));
        }
    };
}

/// Makes a commitment for an organisation.
///
/// # Errors
/// [`Error::Invalid`] when the text is missing or the day has come; [`Error::Conflict`] when the organisation is closed;
/// [`Error::Internal`] when the database fails.
pub async fn make(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    new: &NewCommitment<'_>,
) -> Result<Commitment> {
    granted.require(Action::Commit)?;
    granted.covers(About::Organisation(new.organisation))?;
    let (text, principle) = check_new(new.text, new.principle, now.date(), new.due_on)?;
    check_open(conn, now.date(), new.organisation).await?;
    let row = Commitment {
        id: fresh(),
        organisation_id: new.organisation,
        text,
        principle,
        made_on: now.date(),
        due_on: new.due_on,
        project_id: new.project,
        standard_id: new.standard,
        outcome: None,
        outcome_on: None,
        explanation: None,
        reminded_at: None,
        version: 1,
    };
    on!(conn, c => diesel::insert_into(commitment::table).values(&row).execute(c).await)
        .map_err(internal)?;
    record(conn, granted, now, None, &row).await?;
    Ok(row)
}

/// Says how a commitment ended.
///
/// # Errors
/// [`Error::NotFound`] when there is none; [`Error::Stale`] when it was changed meanwhile; as
/// [`Promise::settle`]; [`Error::Internal`] when the database fails.
pub async fn settle(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    id: CommitmentId,
    expected_version: i64,
    (outcome, explanation): (CommitmentOutcome, Option<&str>),
) -> Result<Commitment> {
    granted.require(Action::Commit)?;
    let body = by_id(conn, id).await?.organisation_id;
    granted.covers(About::Organisation(body))?;
    lock::organisations(conn, &[body]).await?;
    let before = by_id(conn, id).await?;
    if before.version != expected_version {
        let current = before.version;
        return Err(Error::Stale { current });
    }
    let explanation = before.promise().settle(now.date(), outcome, explanation)?;
    let after = Commitment {
        outcome: Some(outcome),
        outcome_on: Some(now.date()),
        explanation,
        version: before.version + 1,
        ..before.clone()
    };
    on!(conn, c => diesel::update(commitment::table.find(id))
        .set((
            commitment::outcome.eq(after.outcome),
            commitment::outcome_on.eq(after.outcome_on),
            commitment::explanation.eq(&after.explanation),
            commitment::version.eq(after.version),
        ))
        .execute(c)
        .await)
    .map_err(internal)?;
    record(conn, granted, now, Some(&before), &after).await?;
    Ok(after)
}

async fn record(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    before: Option<&Commitment>,
    after: &Commitment,
) -> Result<()> {
    let write = Write {
        kind: "commitment",
        id: after.id.to_string(),
        about: Some(after.organisation_id),
        before,
        after: Some(after),
    };
    change::record(conn, granted, now, write).await
}

/// Reminds each organisation of each open commitment that falls due within 30 days of `today`, once; how many it were.
/// That somebody was reminded is no change of the commitment.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn remind(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    today: NaiveDate,
) -> Result<usize> {
    granted.require(Action::KeepClock)?;
    let last = today + Days::new(REMINDED_DAYS);
    let reminded: Vec<Commitment> = on!(conn, c => diesel::update(commitment::table)
        .filter(commitment::outcome.is_null())
        .filter(commitment::reminded_at.is_null())
        .filter(commitment::due_on.le(last))
        .set(commitment::reminded_at.eq(now))
        .returning(Commitment::as_returning())
        .get_results(c)
        .await)
    .map_err(internal)?;
    for row in &reminded {
        let news = News {
            kind: NoticeKind::CommitmentDue,
            thing: ("commitment", row.id.to_string()),
            title: &row.text,
            about: row.organisation_id,
        };
        notice::tell(conn, now, [Some(row.organisation_id)], &news).await?;
    }
    Ok(reminded.len())
}

/// The commitment with this id.
///
/// # Errors
/// [`Error::NotFound`] when there is none; [`Error::Internal`] when the database fails.
pub async fn by_id(conn: &mut Conn, id: CommitmentId) -> Result<Commitment> {
    on!(conn, c => commitment::table.find(id).select(Commitment::as_select()).first(c).await.optional())
        .map_err(internal)?
        .ok_or_else(|| Error::not_found("commitment", id.to_string()))
}

/// Every commitment of these organisations, the first due first.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn of_organisations(
    conn: &mut Conn,
    organisations: &[OrganisationId],
) -> Result<Vec<Commitment>> {
    on!(conn, c => commitment::table
        .filter(commitment::organisation_id.eq_any(organisations))
        .select(Commitment::as_select())
        .order((commitment::due_on.asc(), commitment::id.asc()))
        .load(c)
        .await)
    .map_err(internal)
}

/// One page of the commitments that `filter` lets through, the oldest first.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn page(conn: &mut Conn, filter: &Filter, page: &Page) -> Result<Rows<Commitment>> {
    let rows = on!(conn, c => {
        let mut query = commitment::table.select(Commitment::as_select()).into_boxed();
        restrict!(query, filter);
        if let Some(at) = &page.after {
            query = query.filter(commitment::id.gt(&at.id));
        }
        if let Some(at) = &page.before {
            query = query.filter(commitment::id.lt(&at.id));
        }
        query = if page.from_end {
            query.order(commitment::id.desc())
        } else {
            query.order(commitment::id.asc())
        };
        query.limit(page.fetch()).load(c).await
    })
    .map_err(internal)?;
    Ok(Rows::cut(rows, page))
}

/// How many commitments `filter` lets through.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn count(conn: &mut Conn, filter: &Filter) -> Result<i64> {
    on!(conn, c => {
        let mut query = commitment::table.count().into_boxed();
        restrict!(query, filter);
        query.get_result(c).await
    })
    .map_err(internal)
}

/// How the commitments that `filter` lets through have come out by `day`.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn kept_rate(conn: &mut Conn, filter: &Filter, day: NaiveDate) -> Result<KeptRate> {
    let rows: Vec<(NaiveDate, Option<CommitmentOutcome>)> = on!(conn, c => {
        let mut query = commitment::table
            .select((commitment::due_on, commitment::outcome))
            .into_boxed();
        restrict!(query, filter);
        query.load(c).await
    })
    .map_err(internal)?;
    let mut rate = KeptRate::default();
    for (due_on, outcome) in rows {
        rate.count(Promise { due_on, outcome }, day);
    }
    Ok(rate)
}
