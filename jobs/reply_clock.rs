//! Tells the unit, every morning, of bodies that back a problem and were not answered in time: of each once.

use crate::{CatchUp, Job, JobInput, Progress};
use domain::Result;
use domain::job::{JobCounts, JobInfo};
use domain::policy::{About, Action, Viewer};
use store::Store;
use store::backing::{self, BackingKey};

const NAME: &str = "reply_clock";

/// Backings in one transaction.
const BATCH: i64 = 100;

/// The job. One run makes up for all that were missed: it tells of everything that waits.
pub(crate) const JOB: Job = Job {
    info: JobInfo {
        name: NAME,
        about: "Tells the unit of bodies that back a problem and were not answered within 14 days.",
        schedule: "0 6 * * *",
        time_zone: "Europe/London",
    },
    catch_up: CatchUp::Latest,
    run: |store, input, progress| Box::pin(run(store, input, progress)),
};

async fn run(store: &Store, input: JobInput, progress: &dyn Progress) -> Result<JobCounts> {
    let granted = Viewer::Job(NAME).may(Action::KeepClock, About::Sector)?;
    let mut counts = JobCounts::default();
    loop {
        let waiting = backing::waiting(&mut store.read().await?, input.as_of, BATCH).await?;
        if waiting.is_empty() {
            return Ok(counts);
        }
        progress.total(waiting.len() as u64);
        let keys: Vec<BackingKey> = waiting.iter().map(|row| (row.problem_id, row.id)).collect();
        let now = store::now();
        let told = store
            .write(async |conn| backing::escalate(conn, &granted, now, input.as_of, &keys).await)
            .await?;
        let (read, told) = (waiting.len() as i64, told as i64);
        counts.read += read;
        counts.written += told;
        // Answered between the reading and the telling.
        counts.unchanged += read - told;
        keys.iter().for_each(|_| progress.step());
    }
}
