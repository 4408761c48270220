//! Asking for a run of a job.

use crate::Timetable;
use crate::asked::Asked;
use crate::done::Done;
use crate::error::Result;
use crate::job::JobRun;
use crate::receipt::{self, Sent, Work};
use crate::scalar::Date;
use crate::user_error::UserError;
use async_graphql::{InputObject, SimpleObject};
use chrono::{Days, NaiveDate, NaiveDateTime};
use domain::Error;
use domain::id::JobRunId;
use domain::policy::{About, Action, Viewer};
use std::sync::Arc;
use store::Conn;

/// Which job is to run.
#[derive(InputObject)]
pub struct RunJobInput {
    /// The job's name, as `jobs` lists it.
    job: String,
    /// The date its results speak of, UTC; yesterday if left out, and never in the future.
    as_of: Option<Date>,
    /// Up to 100 characters of your choice: sent again with the same input, it gives the first answer again.
    idempotency_key: Option<String>,
}

/// What came of asking for a run.
#[derive(SimpleObject)]
pub struct JobRunPayload {
    /// The run, which any copy of the program takes up; null when there are errors.
    run: Option<JobRun>,
    /// What has to be mended in the input.
    user_errors: Vec<UserError>,
}

/// Puts a run into the queue.
///
/// # Errors
/// `UNAUTHENTICATED` and `FORBIDDEN` for want of the right; `CONFLICT` for a key that came with another input.
pub(crate) async fn run_job(asked: &Arc<Asked>, input: RunJobInput) -> Result<JobRunPayload> {
    let sent = Sent::new("runJob", &input, &input.idempotency_key);
    let request = Request {
        viewer: asked.viewer.clone(),
        timetable: asked.timetable,
        input,
    };
    let requested = receipt::answer(asked, sent, request).await?;
    let run = match requested.id::<JobRunId>()? {
        Some(id) => {
            let rows = store::job_run::by_ids(&mut asked.read().await?, &[id]).await?;
            rows.into_iter().next().map(|row| JobRun::new(asked, row))
        }
        None => None,
    };
    Ok(JobRunPayload {
        run,
        user_errors: requested.user_errors,
    })
}

/// A run to be put into the queue.
struct Request {
    viewer: Viewer,
    timetable: Timetable,
    input: RunJobInput,
}

impl Work for Request {
    type Answer = Done;

    async fn run(&self, conn: &mut Conn, now: NaiveDateTime) -> domain::Result<Done> {
        let granted = self.viewer.may(Action::RunJob, About::Sector)?;
        let (job, as_of) = check(&self.timetable, &self.input, now.date())?;
        let run = store::job_run::request(conn, &granted, job, now, as_of).await?;
        Ok(Done::with(run.id))
    }
}

/// The job and date that are asked for.
fn check<'a>(
    timetable: &Timetable,
    input: &'a RunJobInput,
    today: NaiveDate,
) -> domain::Result<(&'a str, NaiveDate)> {
    let names = timetable.jobs.iter().map(|job| job.name);
    if !names.clone().any(|name| name == input.job) {
        let known: Vec<&str> = names.collect();
        let reason = format!(
            "There is no job `{}`; use one of {}.",
            input.job,
            known.join(", ")
        );
        return Err(Error::invalid("job", reason));
    }
    let as_of = match input.as_of {
        Some(day) => Some(day.0),
        None => today.checked_sub_days(Days::new(1)),
    };
    match as_of {
        Some(day) if day <= today => Ok((&input.job, day)),
        _ => {
            let reason = "A job speaks of what is past; give today (UTC) or an earlier day.";
            Err(Error::invalid("asOf", reason))
        }
    }
}
