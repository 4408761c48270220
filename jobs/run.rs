//! One run of a job, from its claim to its record: the same from the clock, the command line and a request.

use crate::calendar::Calendar;
use crate::{ALL, Job, JobInput, Progress};
use chrono::{NaiveDate, TimeDelta};
use domain::job::JobCounts;
use domain::policy::{About, Action, Viewer};
use domain::{Error, Result};
use futures_util::FutureExt;
use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::time::{Duration, Instant};
use store::Store;
use store::job_run::{self, JobRun};
use tokio::sync::oneshot;
use tracing::Instrument;

/// How long things may take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// How long a run is held without a sign of life, before another may take it over.
    pub(crate) lease: Duration,
    /// How long a run may take.
    pub(crate) run: Duration,
    /// How long a run in hand may go on when its runner is asked to stop.
    pub(crate) grace: Duration,
}

impl Limits {
    /// The limits of every runner outside tests.
    pub(crate) const USUAL: Self = Self {
        lease: Duration::from_secs(5 * 60),
        run: Duration::from_secs(60 * 60),
        grace: Duration::from_secs(20),
    };

    /// The lease in the store's units.
    pub(crate) fn lease(&self) -> TimeDelta {
        TimeDelta::from_std(self.lease).unwrap_or(TimeDelta::MAX)
    }
}

/// Why a run did not end well.
#[derive(Debug)]
enum Failure {
    /// The job said so.
    Job(Error),
    /// The job panicked, with these words.
    Panic(String),
    /// It took longer than this.
    TooLong(Duration),
    /// Its lease had run out, and another runner took it over.
    TakenOver,
}

impl Failure {
    /// What callers may read.
    fn in_public(&self) -> String {
        match self {
            Self::Job(Error::Internal(_)) | Self::Panic(_) => {
                "It failed for a reason inside the program, which its log tells.".to_owned()
            }
            Self::Job(error) => error.to_string(),
            Self::TooLong(limit) => format!(
                "It took longer than {} seconds and was stopped.",
                limit.as_secs()
            ),
            Self::TakenOver => "Another runner took it over.".to_owned(),
        }
    }

    fn into_error(self) -> Error {
        match self {
            Self::Job(error) => error,
            Self::Panic(words) => Error::internal(format!("the job panicked: {words}")),
            failure @ (Self::TooLong(_) | Self::TakenOver) => Error::Conflict(failure.in_public()),
        }
    }
}

/// Runs a job now, by hand: the same code and record as by the clock. The run is of the last day that ended in the job's
/// time zone unless `as_of` names another, and counts what was recorded by now. The row it leaves.
///
/// # Errors
/// [`Error::Invalid`] when there is no such job, with those that exist, or when `as_of` is in the future;
/// [`Error::Unauthenticated`] or [`Error::Forbidden`] when the viewer may not run jobs; what the job fails with, once
/// that is recorded.
pub async fn run_by_hand(
    store: &Store,
    viewer: &Viewer,
    name: &str,
    as_of: Option<NaiveDate>,
    progress: &dyn Progress,
) -> Result<JobRun> {
    run_one_of(ALL, store, viewer, name, as_of, progress).await
}

/// [`run_by_hand`] with a timetable of one's own.
pub(crate) async fn run_one_of(
    jobs: &[Job],
    store: &Store,
    viewer: &Viewer,
    name: &str,
    as_of: Option<NaiveDate>,
    progress: &dyn Progress,
) -> Result<JobRun> {
    let job = find(jobs, name)?;
    let granted = viewer.may(Action::RunJob, About::Sector)?;
    let (calendar, now) = (Calendar::of(&job.info)?, store::now());
    let as_of = as_of.unwrap_or_else(|| calendar.day_ended(now));
    if as_of > calendar.today(now) {
        return Err(Error::invalid(
            "asOf",
            format!("{as_of} is in the future; name a day that has come."),
        ));
    }
    let limits = Limits::USUAL;
    // Asked for and taken in one transaction, so that no runner takes it in between.
    let claimed = store
        .write(async |conn| {
            let run = job_run::request(conn, &granted, name, now, as_of).await?;
            job_run::claim(conn, &run, now, limits.lease()).await
        })
        .await?;
    let run = claimed.ok_or_else(|| {
        Error::Conflict(format!("{name} is being run for this moment; try again."))
    })?;
    perform(store, job, &run, &limits, progress).await?;
    let rows = job_run::by_ids(&mut store.read().await?, &[run.id]).await?;
    rows.into_iter()
        .next()
        .ok_or_else(|| Error::internal(format!("job run {} is gone", run.id)))
}

fn find<'a>(jobs: &'a [Job], name: &str) -> Result<&'a Job> {
    let found = jobs.iter().find(|job| job.info.name == name);
    found.ok_or_else(|| {
        let known: Vec<&str> = jobs.iter().map(|job| job.info.name).collect();
        let known = known.join(", ");
        Error::invalid(
            "job",
            format!("There is no job `{name}`; name one of {known}."),
        )
    })
}

/// Does a run that was just claimed, and records how it ended.
///
/// # Errors
/// What the job failed with, which is recorded and logged.
pub(crate) async fn perform(
    store: &Store,
    job: &Job,
    run: &JobRun,
    limits: &Limits,
    progress: &dyn Progress,
) -> Result<JobCounts> {
    let span = tracing::info_span!("job", job.name = job.info.name, job.slot = %run.slot, job.attempt = run.attempt);
    async {
        let began = Instant::now();
        let ended = attempt(store, job, run, limits, progress).await;
        record(store, run, &ended, began.elapsed()).await;
        ended.map_err(Failure::into_error)
    }
    .instrument(span)
    .await
}

/// Does the work while it keeps the lease.
async fn attempt(
    store: &Store,
    job: &Job,
    run: &JobRun,
    limits: &Limits,
    progress: &dyn Progress,
) -> Result<JobCounts, Failure> {
    // The cut-off is the slot, not the clock: a run that comes late or twice gives the same figures.
    let input = JobInput {
        as_of: run.as_of,
        known_at: run.slot,
    };
    let (done, working) = oneshot::channel::<()>();
    let work = async {
        // The call is inside, as a job may panic before it gives a future.
        let work =
            AssertUnwindSafe(async { (job.run)(store, input, progress).await }).catch_unwind();
        let ended = tokio::time::timeout(limits.run, work).await;
        drop(done);
        Ok(ended)
    };
    match tokio::try_join!(work, keep_lease(store, run, limits, working))?.0 {
        Ok(Ok(ended)) => ended.map_err(Failure::Job),
        Ok(Err(panic)) => Err(Failure::Panic(words(panic.as_ref()))),
        Err(_) => Err(Failure::TooLong(limits.run)),
    }
}

/// Prolongs the lease until the sender of `working` is dropped. It is never cut off in the middle of its write.
async fn keep_lease(
    store: &Store,
    run: &JobRun,
    limits: &Limits,
    mut working: oneshot::Receiver<()>,
) -> Result<(), Failure> {
    while tokio::time::timeout(limits.lease / 3, &mut working)
        .await
        .is_err()
    {
        match renew(store, run, limits.lease()).await {
            Ok(true) => {}
            Ok(false) => return Err(Failure::TakenOver),
            Err(error) => tracing::warn!(
                error = error.chain(),
                "Could not prolong the lease of a job's run"
            ),
        }
    }
    Ok(())
}

/// Lets the lease of a run end this long from now; says whether the run is still this attempt's.
pub(crate) async fn renew(store: &Store, run: &JobRun, lease: TimeDelta) -> Result<bool> {
    store
        .write(async |conn| job_run::renew(conn, run, store::now() + lease).await)
        .await
}

/// Writes and logs how a run ended. Where that cannot be written, the lease runs out and another begins the run again.
async fn record(store: &Store, run: &JobRun, ended: &Result<JobCounts, Failure>, took: Duration) {
    let duration_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    match ended {
        Ok(JobCounts {
            read,
            written,
            unchanged,
        }) => {
            tracing::info!(duration_ms, read, written, unchanged, "Job done");
        }
        Err(Failure::Job(error)) => {
            tracing::error!(duration_ms, error = error.chain(), "Job failed")
        }
        Err(Failure::Panic(words)) => tracing::error!(duration_ms, error = words, "Job panicked"),
        Err(failure) => tracing::error!(duration_ms, error = failure.in_public(), "Job stopped"),
    }
    let outcome = ended
        .as_ref()
        .map_or_else(|failure| Err(failure.in_public()), |counts| Ok(*counts));
    match finish(store, run, &outcome).await {
        Ok(true) => {}
        Ok(false) => tracing::warn!("The run of the job was taken over; its record is another's"),
        Err(error) => tracing::error!(error = error.chain(), "Could not record how the job ended"),
    }
}

/// Ends this attempt in the record; says whether it was still this attempt's to end.
pub(crate) async fn finish(
    store: &Store,
    run: &JobRun,
    outcome: &Result<JobCounts, String>,
) -> Result<bool> {
    store
        .write(async |conn| job_run::finish(conn, run, store::now(), outcome).await)
        .await
}

/// What a panic said.
fn words(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "without words".to_owned())
}
