//! Runs of jobs: the queue, the claim and the history, in one table.

use crate::change::{self, Write};
use crate::conn::internal;
use crate::page::{Page, Rows};
use crate::schema::job_run;
use crate::{Conn, fresh};
use chrono::{Duration, NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::Result;
use domain::id::JobRunId;
use domain::job::{JobCounts, JobRunState};
use domain::policy::{Action, Granted};
use serde::Serialize;

/// One run of a job for one slot.
#[derive(Queryable, Selectable, Insertable, Debug, Clone, PartialEq, Eq)]
#[diesel(table_name = job_run, treat_none_as_default_value = false)]
pub struct JobRun {
    /// The job's name.
    pub job: String,
    /// The moment it was due or asked for, UTC; unique for the job.
    pub slot: NaiveDateTime,
    /// Its id.
    pub id: JobRunId,
    /// The date its results speak of.
    pub as_of: NaiveDate,
    /// How far it has come.
    pub state: JobRunState,
    /// Who asked for it, as the record names them.
    pub requested_by: String,
    /// How often it was begun.
    pub attempt: i32,
    /// Until when its runner holds it, UTC; after that another may take it over.
    pub lease_until: Option<NaiveDateTime>,
    /// When its last attempt began.
    pub started_at: Option<NaiveDateTime>,
    /// When it ended.
    pub finished_at: Option<NaiveDateTime>,
    /// Things looked at.
    pub read_rows: Option<i64>,
    /// Rows written.
    pub written_rows: Option<i64>,
    /// Things that already stood as they should.
    pub unchanged_rows: Option<i64>,
    /// Why it failed.
    pub error: Option<String>,
}

/// Which runs a list holds.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only runs of this job.
    pub job: Option<String>,
    /// Only runs in this state.
    pub state: Option<JobRunState>,
}

/// Asks for a run: the row is the queue. A run of the same job and slot that stands is returned instead.
///
/// # Errors
/// [`domain::Error::Internal`] when the database fails.
pub async fn request(
    conn: &mut Conn,
    granted: &Granted,
    job: &str,
    slot: NaiveDateTime,
    as_of: NaiveDate,
) -> Result<JobRun> {
    granted.require(Action::RunJob)?;
    let row = JobRun {
        job: job.to_owned(),
        slot,
        id: fresh(),
        as_of,
        state: JobRunState::Queued,
        requested_by: granted.actor().to_owned(),
        attempt: 0,
        lease_until: None,
        started_at: None,
        finished_at: None,
        read_rows: None,
        written_rows: None,
        unchanged_rows: None,
        error: None,
    };
    let inserted = on!(conn, c => diesel::insert_into(job_run::table)
        .values(&row)
        .on_conflict_do_nothing()
        .execute(c)
        .await)
    .map_err(internal)?;
    if inserted == 0 {
        return on!(conn, c => job_run::table.find((job, slot)).select(JobRun::as_select()).first(c).await)
            .map_err(internal);
    }
    let asked = Asked { job, slot, as_of };
    let write = Write {
        kind: "job_run",
        id: row.id.to_string(),
        about: None,
        before: None,
        after: Some(&asked),
    };
    change::record(conn, granted, crate::now(), write).await?;
    Ok(row)
}

/// What the record keeps of a run: that it was asked for. How it went is the row's own history.
#[derive(Serialize)]
struct Asked<'a> {
    job: &'a str,
    slot: NaiveDateTime,
    as_of: NaiveDate,
}

/// Takes a run for `lease`, if it is queued or its holder let the lease run out. Exactly one caller gets it.
///
/// # Errors
/// [`domain::Error::Internal`] when the database fails.
pub async fn claim(
    conn: &mut Conn,
    run: &JobRun,
    now: NaiveDateTime,
    lease: Duration,
) -> Result<Option<JobRun>> {
    let taken: Option<JobRun> =
        on!(conn, c => diesel::update(job_run::table.find((&run.job, run.slot)))
        .filter(
            job_run::state.eq(JobRunState::Queued)
                .or(job_run::state.eq(JobRunState::Running).and(job_run::lease_until.lt(now))),
        )
        .set((
            job_run::state.eq(JobRunState::Running),
            job_run::attempt.eq(job_run::attempt + 1),
            job_run::lease_until.eq(now + lease),
            job_run::started_at.eq(now),
        ))
        .returning(JobRun::as_returning())
        .get_result(c)
        .await
        .optional())
        .map_err(internal)?;
    Ok(taken)
}

/// Prolongs the lease of a run that is still this attempt's; says whether it is.
///
/// # Errors
/// [`domain::Error::Internal`] when the database fails.
pub async fn renew(conn: &mut Conn, run: &JobRun, until: NaiveDateTime) -> Result<bool> {
    on!(conn, c => diesel::update(job_run::table.find((&run.job, run.slot)))
        .filter(job_run::state.eq(JobRunState::Running))
        .filter(job_run::attempt.eq(run.attempt))
        .set(job_run::lease_until.eq(until))
        .execute(c)
        .await)
    .map(|rows| rows == 1)
    .map_err(internal)
}

/// Ends this attempt of a run, well or with an error; says whether it was still this attempt's to end.
///
/// # Errors
/// [`domain::Error::Internal`] when the database fails.
pub async fn finish(
    conn: &mut Conn,
    run: &JobRun,
    now: NaiveDateTime,
    outcome: &Result<JobCounts, String>,
) -> Result<bool> {
    let (state, counts, error) = match outcome {
        Ok(counts) => (JobRunState::Done, Some(*counts), None),
        Err(error) => (JobRunState::Failed, None, Some(error.as_str())),
    };
    on!(conn, c => diesel::update(job_run::table.find((&run.job, run.slot)))
        .filter(job_run::state.eq(JobRunState::Running))
        .filter(job_run::attempt.eq(run.attempt))
        .set((
            job_run::state.eq(state),
            job_run::finished_at.eq(now),
            job_run::lease_until.eq(None::<NaiveDateTime>),
            job_run::read_rows.eq(counts.map(|counts| counts.read)),
            job_run::written_rows.eq(counts.map(|counts| counts.written)),
            job_run::unchanged_rows.eq(counts.map(|counts| counts.unchanged)),
            job_run::error.eq(error),
        ))
        .execute(c)
        .await)
    .map(|rows| rows == 1)
    .map_err(internal)
}

/// Runs that wait for a runner: queued, or running past their lease; the earliest first.
///
/// # Errors
/// [`domain::Error::Internal`] when the database fails.
pub async fn waiting(conn: &mut Conn, now: NaiveDateTime) -> Result<Vec<JobRun>> {
    on!(conn, c => job_run::table
        .filter(
            job_run::state.eq(JobRunState::Queued)
                .or(job_run::state.eq(JobRunState::Running).and(job_run::lease_until.lt(now))),
        )
        .select(JobRun::as_select())
        .order((job_run::slot.asc(), job_run::job.asc()))
        .load(c)
        .await)
    .map_err(internal)
}

/// The last run of each job, by slot.
///
/// # Errors
/// [`domain::Error::Internal`] when the database fails.
pub async fn last_of_each(conn: &mut Conn) -> Result<Vec<JobRun>> {
    on!(conn, c => {
        let later = diesel::alias!(job_run as later);
        let has_later = later
            .filter(later.field(job_run::job).eq(job_run::job))
            .filter(later.field(job_run::slot).gt(job_run::slot));
        job_run::table
            .filter(diesel::dsl::not(diesel::dsl::exists(has_later)))
            .select(JobRun::as_select())
            .order(job_run::job.asc())
            .load(c)
            .await
    })
    .map_err(internal)
}

/// The last slot of a job that the calendar made, whoever ran it.
///
/// # Errors
/// [`domain::Error::Internal`] when the database fails.
pub async fn last_slot(
    conn: &mut Conn,
    job: &str,
    requested_by: &str,
) -> Result<Option<NaiveDateTime>> {
    on!(conn, c => job_run::table
        .filter(job_run::job.eq(job))
        .filter(job_run::requested_by.eq(requested_by))
        .select(job_run::slot)
        .order(job_run::slot.desc())
        .first(c)
        .await
        .optional())
    .map_err(internal)
}

/// One page of runs, the latest slot first.
///
/// # Errors
/// [`domain::Error::Internal`] when the database fails.
pub async fn page(conn: &mut Conn, filter: &Filter, page: &Page) -> Result<Rows<JobRun>> {
    let rows = on!(conn, c => {
        let mut query = job_run::table.select(JobRun::as_select()).into_boxed();
        if let Some(job) = &filter.job {
            query = query.filter(job_run::job.eq(job));
        }
        if let Some(state) = filter.state {
            query = query.filter(job_run::state.eq(state));
        }
        if let Some(at) = &page.after {
            query = query.filter(job_run::id.lt(&at.id));
        }
        query.order(job_run::id.desc()).limit(page.fetch()).load(c).await
    })
    .map_err(internal)?;
    Ok(Rows::cut(rows, page))
}

/// How many runs `filter` lets through.
///
/// # Errors
/// [`domain::Error::Internal`] when the database fails.
pub async fn count(conn: &mut Conn, filter: &Filter) -> Result<i64> {
    on!(conn, c => {
        let mut query = job_run::table.count().into_boxed();
        if let Some(job) = &filter.job {
            query = query.filter(job_run::job.eq(job));
        }
        if let Some(state) = filter.state {
            query = query.filter(job_run::state.eq(state));
        }
        query.get_result(c).await
    })
    .map_err(internal)
}

/// The runs with these ids, in no particular order; unknown ids are left out.
///
/// # Errors
/// [`domain::Error::Internal`] when the database fails.
pub async fn by_ids(conn: &mut Conn, ids: &[JobRunId]) -> Result<Vec<JobRun>> {
    on!(conn, c => job_run::table
        .filter(job_run::id.eq_any(ids))
        .select(JobRun::as_select())
        .load(c)
        .await)
    .map_err(internal)
}
