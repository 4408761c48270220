//! Looks, every morning, at how fresh each project is: reminds those who can post its status, one after the other, and
//! raises and clears flags as their evidence comes and goes.

use crate::{CatchUp, Job, JobInput, Progress};
use chrono::{Days, NaiveDateTime, NaiveTime};
use domain::Result;
use domain::flag::Doubt;
use domain::freshness::{Freshness, NudgeStep};
use domain::id::ProjectId;
use domain::job::{JobCounts, JobInfo};
use domain::policy::{About, Action, Granted, Viewer};
use std::collections::HashSet;
use store::flag::Flag;
use store::nudge::{self, Nudge};
use store::project::Project;
use store::{Conn, Store, flag, project, state};

const NAME: &str = "freshness";

/// Projects in one batch: a handful of statements reads them.
const BATCH: i64 = 100;

/// How far back updates are looked at for flags.
const LOOKS_BACK: Days = Days::new(365);

/// The job. One run makes up for all that were missed: it looks at how things are.
pub(crate) const JOB: Job = Job {
    info: JobInfo {
        name: NAME,
        about: "Reminds the lead of a project whose status is due, then who pays for it, then the unit; raises flags \
                where what a project shows does not fit, and clears those whose evidence is gone.",
        schedule: "30 6 * * *",
        time_zone: "Europe/London",
    },
    catch_up: CatchUp::Latest,
    run: |store, input, progress| Box::pin(run(store, input, progress)),
};

async fn run(store: &Store, input: JobInput, progress: &dyn Progress) -> Result<JobCounts> {
    let mut counts = JobCounts::default();
    let mut after = None;
    loop {
        let batch = Batch::read(store, after, input.known_at).await?;
        let Some(last) = batch.projects.last() else {
            return Ok(counts);
        };
        after = Some(last.id);
        progress.total(counts.read.unsigned_abs() + batch.projects.len() as u64);
        for (project, doubts) in &batch.projects_with_doubts() {
            let written = batch.keep(store, project, doubts, input.known_at).await?;
            counts.read += 1;
            counts.written += written;
            counts.unchanged += i64::from(written == 0);
            progress.step();
        }
    }
}

/// Projects that are looked at together, and what is known of them.
struct Batch {
    projects: Vec<Project>,
    doubts: Vec<Vec<Doubt>>,
    flags: Vec<Flag>,
    nudged: HashSet<(ProjectId, String, NudgeStep)>,
}

impl Batch {
    async fn read(store: &Store, after: Option<ProjectId>, now: NaiveDateTime) -> Result<Self> {
        let mut conn = store.read_wide().await?;
        let conn = &mut conn;
        let projects = nudge::projects_after(conn, after, BATCH).await?;
        let ids: Vec<ProjectId> = projects.iter().map(|row| row.id).collect();
        let facts = state::facts(conn, &projects, now - LOOKS_BACK).await?;
        let doubts_of = |row: &Project| match facts.get(&row.id) {
            // What is over is left in peace.
            Some(facts) if row.phase.is_open() => facts.doubts(now.date()),
            _ => Vec::new(),
        };
        let doubts = projects.iter().map(doubts_of).collect();
        let sent = |row: Nudge| (row.project_id, row.after_status_id, row.step);
        Ok(Self {
            doubts,
            flags: flag::standing(conn, &ids).await?,
            nudged: nudge::of(conn, &ids).await?.into_iter().map(sent).collect(),
            projects,
        })
    }

    fn projects_with_doubts(&self) -> Vec<(&Project, &Vec<Doubt>)> {
        self.projects.iter().zip(&self.doubts).collect()
    }

    /// Whom to remind of a project's status at `now`, and was not since its last one.
    fn due(&self, project: &Project, now: NaiveDateTime) -> Vec<NudgeStep> {
        let after = project
            .status_id
            .map(|id| id.to_string())
            .unwrap_or_default();
        let began = project.started_on.and_time(NaiveTime::MIN);
        let last = project.status_at.unwrap_or(began);
        let Some(step) = Freshness::of(last, project.cadence_days, now).nudges() else {
            return Vec::new();
        };
        if !project.phase.is_open() {
            return Vec::new();
        }
        // Whoever comes before is reminded, too, where no run did while it was their turn.
        let steps = NudgeStep::ALL.iter().copied().filter(|one| *one <= step);
        steps
            .filter(|one| !self.nudged.contains(&(project.id, after.clone(), *one)))
            .collect()
    }

    /// Whether the flags that stand are those of the doubts.
    fn flagged(&self, project: &Project, doubts: &[Doubt]) -> Result<bool> {
        let mut standing = Vec::new();
        for flag in self
            .flags
            .iter()
            .filter(|flag| flag.project_id == project.id)
        {
            standing.push((flag.kind, flag.evidence()?));
        }
        let wanted = doubts.iter().map(|one| (one.kind, one.evidence.clone()));
        let mut wanted: Vec<_> = wanted.collect();
        standing.sort();
        wanted.sort();
        Ok(standing == wanted)
    }

    /// Writes what is to be written of one project, in one transaction; how many rows that were.
    async fn keep(
        &self,
        store: &Store,
        project: &Project,
        doubts: &[Doubt],
        now: NaiveDateTime,
    ) -> Result<i64> {
        let steps = self.due(project, now);
        if steps.is_empty() && self.flagged(project, doubts)? {
            return Ok(0);
        }
        let granted = Viewer::Job(NAME).may(Action::KeepClock, About::Project(project.id))?;
        store
            .write(async |conn| write(conn, &granted, project.id, now, &steps).await)
            .await
    }
}

/// Writes what is due by the facts as they are in this transaction: a status may have come meanwhile.
async fn write(
    conn: &mut Conn,
    granted: &Granted,
    id: ProjectId,
    now: NaiveDateTime,
    steps: &[NudgeStep],
) -> Result<i64> {
    let row = project::by_id(conn, id).await?;
    let facts = state::facts(conn, std::slice::from_ref(&row), now - LOOKS_BACK).await?;
    let doubts = match facts.get(&id) {
        Some(facts) if row.phase.is_open() => facts.doubts(now.date()),
        _ => Vec::new(),
    };
    let written = flag::keep(conn, granted, now, &row, &doubts).await?;
    let mut written = i64::try_from(written).unwrap_or(i64::MAX);
    let began = row.started_on.and_time(NaiveTime::MIN);
    let fresh = Freshness::of(row.status_at.unwrap_or(began), row.cadence_days, now);
    for step in steps.iter().filter(|step| Some(**step) <= fresh.nudges()) {
        written += i64::from(nudge::send(conn, granted, now, &row, *step).await?);
    }
    Ok(written)
}
