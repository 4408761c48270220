//! `job list` and `job run`: the timetable, and a run by hand with the same code.

use super::{day, plain};
use crate::terminal::{Bar, say};
use chrono::{NaiveDate, NaiveDateTime};
use clap::{Args, Subcommand};
use domain::job::JobRunState;
use domain::policy::Viewer;
use store::Store;

#[derive(Args, Debug)]
pub(super) struct Job {
    #[command(subcommand)]
    command: JobCommand,
}

#[derive(Subcommand, Debug)]
enum JobCommand {
    /// Lists the jobs: when each is due, and how its last run went.
    #[command(after_help = "Example:\n  manyhands job list")]
    List,
    /// Runs one job now, with the same code as at night.
    #[command(after_help = "Example:\n  manyhands job run adoption_snapshot --as-of 2026-08-31")]
    Run {
        /// The job's name, as `job list` shows it.
        name: String,
        /// The date the result speaks of; yesterday when it is left out.
        #[arg(long, value_parser = day, value_name = "DATE")]
        as_of: Option<NaiveDate>,
    },
}

impl Job {
    pub(super) async fn run(self, store: &Store) -> anyhow::Result<()> {
        match self.command {
            JobCommand::List => list(store).await,
            JobCommand::Run { name, as_of } => run(store, &name, as_of).await,
        }
    }
}

async fn list(store: &Store) -> anyhow::Result<()> {
    let mut conn = store.read().await.map_err(plain)?;
    let last = store::job_run::last_of_each(&mut conn)
        .await
        .map_err(plain)?;
    for info in jobs::INFOS {
        say(format_args!("{}: {}", info.name, info.about));
        say(format_args!(
            "  due {} ({}), next {}",
            info.schedule,
            info.time_zone,
            next(info)
        ));
        match last.iter().find(|run| run.job == info.name) {
            None => say("  has not run yet"),
            Some(run) => say(format_args!("  last for {}: {}", run.as_of, run.state)),
        }
    }
    Ok(())
}

fn next(info: &domain::job::JobInfo) -> String {
    let show = |at: NaiveDateTime| at.format("%Y-%m-%d %H:%M UTC").to_string();
    jobs::next_due(info, store::now()).map_or_else(|| "never".to_owned(), show)
}

async fn run(store: &Store, name: &str, as_of: Option<NaiveDate>) -> anyhow::Result<()> {
    let bar = Bar::steps(name.to_owned());
    let run = jobs::run_by_hand(store, &Viewer::Operator, name, as_of, &bar).await;
    bar.clear();
    let run = run.map_err(plain)?;
    if run.state != JobRunState::Done {
        anyhow::bail!("{name} failed: {}", run.error.unwrap_or_default());
    }
    let count = |rows: Option<i64>| rows.unwrap_or_default();
    say(format_args!(
        "{name} as of {}: {} read, {} written, {} unchanged.",
        run.as_of,
        count(run.read_rows),
        count(run.written_rows),
        count(run.unchanged_rows)
    ));
    Ok(())
}
