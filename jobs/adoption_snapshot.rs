//! Keeps, every night, how far each standard had come when the day ended: for the whole sector and by group.

use crate::adoption_body::Body;
use crate::{CatchUp, Job, JobInput, Progress};
use analytics::adoption::{self, METHOD};
use analytics::history::History;
use domain::id::StandardId;
use domain::job::{JobCounts, JobInfo};
use domain::policy::{About, Action, Viewer};
use domain::{Error, Result};
use std::sync::Arc;
use store::Store;
use store::figure::{self, Sector};
use store::snapshot::{self, NewSnapshot};
use store::standard;

const NAME: &str = "adoption_snapshot";

/// Standards in one batch: two statements read it, one transaction keeps it, and it bounds the memory.
const BATCH: usize = 20;

/// The job. A missed night can be filled, as its figures depend on its cut-offs only.
pub(crate) const JOB: Job = Job {
    info: JobInfo {
        name: NAME,
        about: "Keeps the adoption figures of every standard as they stood when the day ended, for the whole sector \
                and by group.",
        schedule: "15 2 * * *",
        time_zone: "Europe/London",
    },
    catch_up: CatchUp::Every,
    run: |store, input, progress| Box::pin(run(store, input, progress)),
};

async fn run(store: &Store, input: JobInput, progress: &dyn Progress) -> Result<JobCounts> {
    let granted = Viewer::Job(NAME).may(Action::KeepSnapshot, About::Sector)?;
    let (sector, standards) = {
        let mut conn = store.read_wide().await?;
        let sector = Arc::new(Sector::load(&mut conn).await?);
        (sector, standard::in_use(&mut conn, input.known_at).await?)
    };
    progress.total(standards.len() as u64);
    let mut counts = JobCounts::default();
    for batch in standards.chunks(BATCH) {
        let figures = figures(store, &sector, batch, input).await?;
        let (read, now) = (count(figures.len()), store::now());
        let kept = store
            .write(async |conn| snapshot::keep_all(conn, &granted, now, figures).await)
            .await?;
        counts.read += read;
        counts.written += count(kept);
        counts.unchanged += read - count(kept);
        batch.iter().for_each(|_| progress.step());
    }
    Ok(counts)
}

/// The figures of one batch, in its order; worked out on a blocking thread.
async fn figures(
    store: &Store,
    sector: &Arc<Sector>,
    batch: &[StandardId],
    input: JobInput,
) -> Result<Vec<NewSnapshot>> {
    let mut conn = store.read_wide().await?;
    let mut histories = figure::histories(&mut conn, sector, batch, input.known_at, None).await?;
    drop(conn);
    let (sector, batch) = (Arc::clone(sector), batch.to_vec());
    let work = move || -> Result<Vec<NewSnapshot>> {
        let with_history = batch
            .iter()
            .filter_map(|id| Some((*id, histories.remove(id)?)));
        with_history
            .map(|(id, history)| new_snapshot(&sector, id, &history, input))
            .collect()
    };
    tokio::task::spawn_blocking(work)
        .await
        .map_err(Error::internal)?
}

fn new_snapshot(
    sector: &Sector,
    standard: StandardId,
    history: &History,
    input: JobInput,
) -> Result<NewSnapshot> {
    let whole = adoption::figure(history, input.as_of, None);
    let body = Body::new(sector, history, input.as_of, &whole);
    Ok(NewSnapshot {
        standard,
        method: METHOD.id,
        method_version: METHOD.version,
        as_of: input.as_of,
        known_at: input.known_at,
        eligible: whole.eligible().into(),
        adopted: whole.adopted().into(),
        exempt: whole.exempt().into(),
        unknown: whole.unknown().into(),
        body: serde_json::to_string(&body).map_err(Error::internal)?,
    })
}

/// A number of rows, as counts keep it.
fn count(rows: usize) -> i64 {
    i64::try_from(rows).unwrap_or(i64::MAX)
}
