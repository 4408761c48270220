//! Asking for a run of a job.

use crate::Timetable;
use crate::asked::Asked;
use crate::error::Result;
use crate::job::JobRun;
use crate::receipt::{self, Answer, Sent, Work};
use crate::scalar::Date;
use crate::user_error::UserError;
use async_graphql::{InputObject, InputType, SimpleObject};
use chrono::{Days, NaiveDate, NaiveDateTime};
use domain::Error;
use domain::id::JobRunId;
use domain::policy::{About, Action, Granted};
use serde::{Deserialize, Serialize};
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

/// The answer as it is kept for the same key.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Requested {
    run: Option<String>,
    user_errors: Vec<UserError>,
}

impl Answer for Requested {
    fn refused(fault: UserError) -> Self {
        Self {
            run: None,
            user_errors: vec![fault],
        }
    }

    fn wrote(&self) -> bool {
        self.run.is_some()
    }

    fn faults(&self) -> impl Iterator<Item = &UserError> {
        self.user_errors.iter()
    }
}

/// Puts a run into the queue.
///
/// # Errors
/// `UNAUTHENTICATED` and `FORBIDDEN` for want of the right; `CONFLICT` for a key that came with another input.
pub(crate) async fn run_job(asked: &Arc<Asked>, input: RunJobInput) -> Result<JobRunPayload> {
    let granted = asked.viewer.may(Action::RunJob, About::Sector)?;
    let key = input.idempotency_key.clone();
    let sent = Sent {
        mutation: "runJob",
        key: key.as_deref(),
        input: input.to_value(),
    };
    let request = Request {
        granted,
        timetable: asked.timetable,
        input,
    };
    let requested = receipt::answer(asked, sent, request).await?;
    let run = match requested.run {
        Some(id) => {
            let id: JobRunId = id.parse()?;
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
    granted: Granted,
    timetable: Timetable,
    input: RunJobInput,
}

impl Work for Request {
    type Answer = Requested;

    async fn run(&self, conn: &mut Conn, now: NaiveDateTime) -> domain::Result<Requested> {
        let (job, as_of) = match check(&self.timetable, &self.input, now.date()) {
            Ok(sound) => sound,
            Err(fault) => return Ok(Requested::refused(fault)),
        };
        let run = store::job_run::request(conn, &self.granted, job, now, as_of).await?;
        Ok(Requested {
            run: Some(run.id.to_string()),
            user_errors: Vec::new(),
        })
    }
}

/// The job and date that are asked for.
fn check<'a>(
    timetable: &Timetable,
    input: &'a RunJobInput,
    today: NaiveDate,
) -> Result<(&'a str, NaiveDate), UserError> {
    let names = timetable.jobs.iter().map(|job| job.name);
    if !names.clone().any(|name| name == input.job) {
        let known: Vec<&str> = names.collect();
        let reason = format!(
            "There is no job `{}`; use one of {}.",
            input.job,
            known.join(", ")
        );
        return Err(UserError::of("job", &Error::invalid("job", reason)));
    }
    let as_of = match input.as_of {
        Some(day) => Some(day.0),
        None => today.checked_sub_days(Days::new(1)),
    };
    match as_of {
        Some(day) if day <= today => Ok((&input.job, day)),
        _ => {
            let reason = "A job speaks of what is past; give today (UTC) or an earlier day.";
            Err(UserError::of("asOf", &Error::invalid("asOf", reason)))
        }
    }
}
