//! The runner of one copy of the program: asks for what is due, and does what waits, one run at a time.

use crate::calendar::Calendar;
use crate::run::{self, Limits};
use crate::{ALL, CatchUp, Job, Silent};
use chrono::{NaiveDateTime, TimeDelta};
use domain::policy::{About, Action, Viewer};
use domain::{Error, Result};
use std::collections::VecDeque;
use std::sync::Arc;
use store::Store;
use store::job_run::{self, JobRun};
use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;
use tokio_cron_scheduler::JobScheduler;

/// How often the bell rings: every second.
const BELL: &str = "* * * * * *";
/// How many missed slots of a job are made up for at most.
const MOST_MISSED: usize = 14;
/// A run that was begun this often and never ended takes its runner down with it, and is given up.
const MOST_ATTEMPTS: i32 = 5;

/// The runner of one copy of the program. Any number of them share one database: each slot is run once.
#[derive(Debug)]
pub struct Runner {
    stop: watch::Sender<bool>,
    work: JoinHandle<()>,
}

impl Runner {
    /// Starts to run what is due and what is asked for, in the background. A slot that was missed while no copy ran is
    /// made up for; a job that never had a slot begins with the next.
    ///
    /// # Errors
    /// [`Error::Internal`] when the database fails or the bell cannot be hung.
    pub async fn start(store: Store) -> Result<Self> {
        Self::start_with(store, ALL, Limits::USUAL).await
    }

    /// [`Runner::start`] with a timetable and limits of one's own.
    pub(crate) async fn start_with(
        store: Store,
        jobs: &'static [Job],
        limits: Limits,
    ) -> Result<Self> {
        let timetable = timetable(&store, jobs).await?;
        let bell = Arc::new(Notify::new());
        let scheduler = hang(Arc::clone(&bell)).await.map_err(Error::internal)?;
        let (stop, stopped) = watch::channel(false);
        let desk = Desk {
            store,
            timetable,
            limits,
            stopped,
        };
        let work = tokio::spawn(desk.work(bell, scheduler));
        Ok(Self { stop, work })
    }

    /// Stops: takes nothing new, and waits up to 20 seconds for the run in hand. One that takes longer is let go, for
    /// another copy to begin again.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        if let Err(error) = self.work.await {
            tracing::error!(%error, "The runner of jobs ended badly");
        }
    }
}

/// Hangs the bell. It only rings: it forgets when the program ends and drifts when the clock changes, so what is due is
/// worked out from the calendar and the database each time it does.
async fn hang(bell: Arc<Notify>) -> Result<JobScheduler, tokio_cron_scheduler::JobSchedulerError> {
    let scheduler = JobScheduler::new().await?;
    let ring = tokio_cron_scheduler::Job::new(BELL, move |_, _| bell.notify_one())?;
    scheduler.add(ring).await?;
    scheduler.start().await?;
    Ok(scheduler)
}

/// A job and how far its slots have been asked for.
#[derive(Debug)]
struct Line {
    job: &'static Job,
    calendar: Calendar,
    asked: NaiveDateTime,
    next: Option<NaiveDateTime>,
}

impl Line {
    /// The slots to be asked for now: of those that are due, the newest few.
    fn due(&self, now: NaiveDateTime) -> VecDeque<NaiveDateTime> {
        let most = match self.job.catch_up {
            CatchUp::Latest => 1,
            CatchUp::Every => MOST_MISSED,
        };
        let mut due = VecDeque::new();
        for slot in self
            .calendar
            .slots(self.asked)
            .take_while(|slot| *slot <= now)
        {
            if due.len() == most
                && let Some(slot) = due.pop_front()
            {
                tracing::debug!(job.name = self.job.info.name, job.slot = %slot, "A missed slot is left out");
            }
            due.push_back(slot);
        }
        due
    }
}

/// Reads how far each job has come; one without a slot begins now.
async fn timetable(store: &Store, jobs: &'static [Job]) -> Result<Vec<Line>> {
    let mut conn = store.read().await?;
    let mut lines = Vec::with_capacity(jobs.len());
    for job in jobs {
        let calendar = Calendar::of(&job.info)?;
        let by_clock = Viewer::Job(job.info.name).label();
        let last = job_run::last_slot(&mut conn, job.info.name, &by_clock).await?;
        let asked = last.unwrap_or_else(store::now);
        let next = calendar.slots(asked).next();
        lines.push(Line {
            job,
            calendar,
            asked,
            next,
        });
    }
    Ok(lines)
}

/// Where the work of a runner is done.
struct Desk {
    store: Store,
    timetable: Vec<Line>,
    limits: Limits,
    stopped: watch::Receiver<bool>,
}

impl Desk {
    async fn work(mut self, bell: Arc<Notify>, mut scheduler: JobScheduler) {
        let mut well = true;
        let mut stopped = self.stopped.clone();
        loop {
            tokio::select! {
                biased;
                () = stop_wanted(&mut stopped) => break,
                () = bell.notified() => {}
            }
            let round = self.round().await;
            // A database that is away is told of once, not at every ring.
            match &round {
                Err(error) if well => {
                    tracing::error!(error = error.chain(), "Could not look for jobs to run")
                }
                Ok(()) if !well => tracing::info!("Looks for jobs to run again"),
                _ => {}
            }
            well = round.is_ok();
        }
        if let Err(error) = scheduler.shutdown().await {
            tracing::warn!(%error, "The bell of the jobs goes on ringing");
        }
    }

    /// Asks for what is due, then does what waits.
    async fn round(&mut self) -> Result<()> {
        self.ask().await?;
        let waiting = job_run::waiting(&mut self.store.read().await?, store::now()).await?;
        for run in waiting {
            if *self.stopped.borrow() {
                break;
            }
            // A job of another version of the program is left to a copy that knows it.
            let known = self
                .timetable
                .iter()
                .find(|line| line.job.info.name == run.job);
            if let Some(job) = known.map(|line| line.job) {
                self.take(job, &run).await?;
            }
        }
        Ok(())
    }

    /// Asks for the slots that are due. Another copy may have asked for them before.
    async fn ask(&mut self) -> Result<()> {
        let now = store::now();
        for line in &mut self.timetable {
            if line.next.is_none_or(|next| next > now) {
                continue;
            }
            let due = line.due(now);
            let info = &line.job.info;
            let granted = Viewer::Job(info.name).may(Action::RunJob, About::Sector)?;
            let calendar = &line.calendar;
            self.store
                .write(async |conn| {
                    for slot in &due {
                        job_run::request(
                            conn,
                            &granted,
                            info.name,
                            *slot,
                            calendar.day_ended(*slot),
                        )
                        .await?;
                    }
                    Ok(())
                })
                .await?;
            line.asked = due.back().copied().unwrap_or(line.asked);
            line.next = line.calendar.slots(line.asked).next();
        }
        Ok(())
    }

    /// Does a run that waits, unless another copy takes it first.
    async fn take(&self, job: &Job, run: &JobRun) -> Result<()> {
        let lease = self.limits.lease();
        let claimed = self
            .store
            .write(async |conn| job_run::claim(conn, run, store::now(), lease).await)
            .await?;
        let Some(run) = claimed else { return Ok(()) };
        if run.attempt > MOST_ATTEMPTS {
            let given_up = Err(format!(
                "It was begun {MOST_ATTEMPTS} times, never ended, and is given up."
            ));
            tracing::error!(job.name = job.info.name, job.slot = %run.slot, "A job's run is given up");
            run::finish(&self.store, &run, &given_up).await?;
            return Ok(());
        }
        let mut stopped = self.stopped.clone();
        let out_of_time = async {
            stop_wanted(&mut stopped).await;
            tokio::time::sleep(self.limits.grace).await;
        };
        tokio::select! {
            // What it failed with is recorded and logged; it stops neither the runner nor other jobs.
            _ = run::perform(&self.store, job, &run, &self.limits, &Silent) => {}
            () = out_of_time => {
                tracing::warn!(job.name = job.info.name, job.slot = %run.slot, "A job's run is let go");
                run::renew(&self.store, &run, TimeDelta::zero()).await?;
            }
        }
        Ok(())
    }
}

/// Ends when the runner is asked to stop, or dropped.
async fn stop_wanted(stopped: &mut watch::Receiver<bool>) {
    // An error says that the runner was dropped.
    let _ = stopped.wait_for(|stop| *stop).await;
}
