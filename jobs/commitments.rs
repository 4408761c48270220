//! Reminds organisations, every morning, of what they promised and what falls due within 30 days: once of each.

use crate::{CatchUp, Job, JobInput};
use domain::Result;
use domain::job::{JobCounts, JobInfo};
use domain::policy::{About, Action, Viewer};
use store::{Store, commitment};

const NAME: &str = "commitments";

/// The job. One run makes up for all that were missed: what was reminded of once is not again.
pub(crate) const JOB: Job = Job {
    info: JobInfo {
        name: NAME,
        about: "Reminds organisations, once, of commitments that fall due within 30 days.",
        schedule: "30 6 * * *",
        time_zone: "Europe/London",
    },
    catch_up: CatchUp::Latest,
    run: |store, input, _| Box::pin(run(store, input)),
};

async fn run(store: &Store, input: JobInput) -> Result<JobCounts> {
    let granted = Viewer::Job(NAME).may(Action::KeepClock, About::Sector)?;
    let remind = async |conn: &mut store::Conn| {
        commitment::remind(conn, &granted, store::now(), input.as_of).await
    };
    let reminded = i64::try_from(store.write(remind).await?).unwrap_or(i64::MAX);
    Ok(JobCounts {
        read: reminded,
        written: reminded,
        ..JobCounts::default()
    })
}
