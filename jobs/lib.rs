//! Scheduled work: the timetable of every job, and the runner that does what is due.
//!
//! A job gets its cut-offs as input and is idempotent, so a run is the same whether the clock, the command line or a
//! request asked for it. The database is queue and lock: each run is a row named by job and slot, and whoever claims
//! the row runs it. Adding a job is a file here and a line in [`ALL`].
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::expect_used, reason = "tests may panic")
)]

mod adoption_body;
mod adoption_snapshot;
mod calendar;
mod commitments;
mod courier;
mod deliveries;
mod digest;
mod freshness;
mod mail;
mod reply_clock;
mod rounds;
mod run;
mod runner;
mod sealer;

#[cfg(test)]
mod adoption_snapshot_tests;
#[cfg(test)]
mod calendar_tests;
#[cfg(test)]
mod deliveries_tests;
#[cfg(test)]
mod digest_tests;
#[cfg(test)]
mod freshness_tests;
#[cfg(test)]
mod reply_clock_tests;
#[cfg(test)]
mod run_tests;
#[cfg(test)]
mod runner_tests;
#[cfg(test)]
mod sealer_tests;
#[cfg(test)]
mod testing;

pub use calendar::{day_ended, due_slots, next_due};
pub use courier::Courier;
pub use deliveries::{Deliverer, deliver_due};
pub use digest::{Digests, send_due};
pub use mail::Mailer;
pub use run::run_by_hand;
pub use runner::Runner;
pub use sealer::{Sealer, seal_all};

use chrono::{NaiveDate, NaiveDateTime};
use domain::Result;
use domain::job::{JobCounts, JobInfo};
use futures_util::future::BoxFuture;
use store::Store;

/// Every job.
pub const ALL: &[Job] = &[
    adoption_snapshot::JOB,
    commitments::JOB,
    freshness::JOB,
    reply_clock::JOB,
];

/// What the timetable says of every job, in the order of [`ALL`].
pub const INFOS: &[JobInfo] = &infos();

const fn infos() -> [JobInfo; ALL.len()] {
    let mut infos = [ALL[0].info; ALL.len()];
    let mut place = 1;
    while place < ALL.len() {
        infos[place] = ALL[place].info;
        place += 1;
    }
    infos
}

/// A piece of work that is due by the calendar, or run by hand.
#[derive(Clone, Copy, Debug)]
pub struct Job {
    /// Its name, what it does, and when it is due.
    pub info: JobInfo,
    /// What becomes of the slots that nobody ran when they were due.
    pub catch_up: CatchUp,
    /// Does the work. It must be idempotent: a run that was cut off is begun again.
    pub run: for<'a> fn(&'a Store, JobInput, &'a dyn Progress) -> BoxFuture<'a, Result<JobCounts>>,
}

/// Which missed slots are made up for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CatchUp {
    /// Only the newest: one run makes up for all.
    Latest,
    /// Each with its own cut-offs, up to the 14 newest.
    Every,
}

/// The cut-offs of one run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JobInput {
    /// The date the results speak of.
    pub as_of: NaiveDate,
    /// Only what was recorded by then counts, UTC.
    pub known_at: NaiveDateTime,
}

/// Hears how far a run has come.
pub trait Progress: Send + Sync {
    /// The run has this many steps.
    fn total(&self, steps: u64);
    /// One of them is done.
    fn step(&self);
}

/// A [`Progress`] that tells nobody.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Progress for Silent {
    fn total(&self, _steps: u64) {}
    fn step(&self) {}
}
