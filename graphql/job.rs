//! Jobs and their runs.

use crate::asked::Asked;
use crate::error::Result;
use crate::id::Key;
use crate::once::Once;
use crate::page::{Connection, Forward, Total};
use crate::scalar::{Date, DateTime};
use crate::words::JobRunState;
use async_graphql::{ID, InputObject, Object};
use domain::job::JobInfo;
use domain::policy::{About, Action};
use std::collections::HashMap;
use std::sync::Arc;
use store::job_run::{Filter, JobRun as Row};

/// The name of the list of runs in its cursors.
pub(crate) const RUNS: &str = "job runs, newest first";

/// The last run of every job.
pub(crate) struct LastRuns {
    asked: Arc<Asked>,
    runs: Once<(), Arc<HashMap<String, Row>>>,
}

/// A scheduled job, and the last runs of all.
pub struct Job {
    info: JobInfo,
    together: Arc<LastRuns>,
}

/// Scheduled work, as the timetable has it.
#[Object]
impl Job {
    /// Its name, such as `adoption_snapshot`.
    async fn name(&self) -> &str {
        self.info.name
    }

    /// One sentence on what it does.
    async fn about(&self) -> &str {
        self.info.about
    }

    /// When it is due, as a cron line: minute, hour, day, month, weekday.
    async fn schedule(&self) -> &str {
        self.info.schedule
    }

    /// The IANA time zone in which the schedule is read.
    async fn time_zone(&self) -> &str {
        self.info.time_zone
    }

    /// When it is next due; null when never.
    async fn next_due(&self) -> Option<DateTime> {
        let asked = &self.together.asked;
        (asked.timetable.next_due)(&self.info, asked.now).map(DateTime)
    }

    /// Its last run; null when it never ran.
    async fn last_run(&self) -> Result<Option<JobRun>> {
        let asked = &self.together.asked;
        let read = || {
            Box::pin(async {
                let rows = store::job_run::last_of_each(&mut asked.read().await?).await?;
                Ok(Arc::new(
                    rows.into_iter().map(|row| (row.job.clone(), row)).collect(),
                ))
            })
        };
        let runs = self.together.runs.get((), read).await?;
        Ok(runs
            .get(self.info.name)
            .map(|row| JobRun::new(asked, row.clone())))
    }
}

/// Every job of the timetable.
pub(crate) fn jobs(asked: &Arc<Asked>) -> Vec<Job> {
    let together = Arc::new(LastRuns {
        asked: Arc::clone(asked),
        runs: Once::default(),
    });
    let job = |info: &JobInfo| Job {
        info: *info,
        together: Arc::clone(&together),
    };
    asked.timetable.jobs.iter().map(job).collect()
}

/// One run of a job.
#[derive(Clone)]
pub struct JobRun {
    row: Row,
    /// Whether the viewer may read why it failed.
    told: bool,
}

impl JobRun {
    /// A run as this viewer sees it.
    pub(crate) fn new(asked: &Asked, row: Row) -> Self {
        let told = asked.viewer.may(Action::RunJob, About::Sector).is_ok();
        Self { row, told }
    }
}

/// One run of a job for one slot of its timetable.
#[Object]
impl JobRun {
    /// Its opaque id.
    pub(crate) async fn id(&self) -> ID {
        Key::JobRun(self.row.id).id()
    }

    /// The job's name.
    async fn job(&self) -> &str {
        &self.row.job
    }

    /// The moment it was due or asked for.
    async fn slot(&self) -> DateTime {
        DateTime(self.row.slot)
    }

    /// The date its results speak of, UTC.
    async fn as_of(&self) -> Date {
        Date(self.row.as_of)
    }

    /// How far it has come.
    async fn state(&self) -> JobRunState {
        self.row.state.into()
    }

    /// When its last attempt began.
    async fn started_at(&self) -> Option<DateTime> {
        self.row.started_at.map(DateTime)
    }

    /// When it ended.
    async fn finished_at(&self) -> Option<DateTime> {
        self.row.finished_at.map(DateTime)
    }

    /// How long its last attempt took, in milliseconds; null until it ended.
    async fn duration_ms(&self) -> Option<i64> {
        let took = self.row.finished_at? - self.row.started_at?;
        Some(took.num_milliseconds())
    }

    /// Things looked at.
    async fn read(&self) -> Option<i64> {
        self.row.read_rows
    }

    /// Rows written.
    async fn written(&self) -> Option<i64> {
        self.row.written_rows
    }

    /// Things that already stood as they should.
    async fn unchanged(&self) -> Option<i64> {
        self.row.unchanged_rows
    }

    /// Why it failed: for those who may run jobs the reason itself, for others only that it did.
    async fn error(&self) -> Option<&str> {
        let reason = self.row.error.as_deref()?;
        Some(if self.told {
            reason
        } else {
            "The run failed; whoever runs this installation sees why."
        })
    }
}

/// Which runs a list holds: those to which everything given applies.
#[derive(InputObject, Default)]
pub struct JobRunFilter {
    /// Only runs of the job with this name.
    job: Option<String>,
    /// Only runs in this state.
    state: Option<JobRunState>,
}

/// One page of runs, the newest first.
pub(crate) async fn runs(
    asked: &Arc<Asked>,
    filter: Option<JobRunFilter>,
    wanted: Forward,
) -> Result<Connection<JobRun>> {
    let filter = filter.unwrap_or_default();
    let filter = Filter {
        job: filter.job,
        state: filter.state.map(Into::into),
    };
    let page = wanted.page();
    let rows = store::job_run::page(&mut asked.read().await?, &filter, &page).await?;
    let nodes = store::page::Rows {
        rows: rows
            .rows
            .into_iter()
            .map(|row| JobRun::new(asked, row))
            .collect(),
        more: rows.more,
    };
    let asked = Arc::clone(asked);
    let total = Total::counted(move || {
        let (asked, filter) = (Arc::clone(&asked), filter.clone());
        async move { Ok(store::job_run::count(&mut asked.read().await?, &filter).await?) }
    });
    Ok(Connection::new(
        RUNS,
        &page,
        nodes,
        total,
        |run: &JobRun| (String::new(), run.row.id.to_string()),
    ))
}
