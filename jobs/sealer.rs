//! The sealer of one copy of the program: puts what was written into the order of the record, about twice a second.

use domain::Result;
use domain::policy::{About, Action, Viewer};
use std::time::Duration;
use store::{Store, seal};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::MissedTickBehavior;

/// How often it looks for changes that wait.
const PAUSE: Duration = Duration::from_millis(500);
/// Who seals, as the record would name it.
const SEALER: Viewer = Viewer::Job("sealer");

/// The sealer of one copy of the program. Any number of them share one database: every change is sealed once.
#[derive(Debug)]
pub struct Sealer {
    stop: watch::Sender<bool>,
    work: JoinHandle<()>,
}

impl Sealer {
    /// Starts to seal, in the background.
    pub fn start(store: Store) -> Self {
        let (stop, stopped) = watch::channel(false);
        let work = tokio::spawn(work(store, stopped));
        Self { stop, work }
    }

    /// Stops when the seal in hand is done, after a last look at what waits.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        if let Err(error) = self.work.await {
            tracing::error!(%error, "The sealer ended badly");
        }
    }
}

async fn work(store: Store, mut stopped: watch::Receiver<bool>) {
    let mut ticks = tokio::time::interval(PAUSE);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut well = true;
    loop {
        let last = tokio::select! {
            biased;
            // An error says that the sealer was dropped.
            _ = stopped.wait_for(|stop| *stop) => true,
            _ = ticks.tick() => false,
        };
        let round = round(&store, &stopped).await;
        // A database that is away is told of once, not at every tick.
        match &round {
            Err(error) if well => {
                tracing::error!(error = error.chain(), "Could not seal the record")
            }
            Ok(()) if !well => tracing::info!("Seals the record again"),
            _ => {}
        }
        well = round.is_ok();
        if last {
            break;
        }
    }
}

/// Seals what waits: once, and again only while more waits than one seal holds.
async fn round(store: &Store, stopped: &watch::Receiver<bool>) -> Result<()> {
    // Looking is for a reader: on SQLite a writer would hold up others twice a second for nothing.
    if !seal::waits(&mut store.read().await?).await? {
        return Ok(());
    }
    while let Sealed::More = next(store).await? {
        if *stopped.borrow() {
            break;
        }
    }
    Ok(())
}

/// What one seal left.
enum Sealed {
    /// The seal was full: more may wait.
    More,
    /// All that waited is sealed.
    All,
    /// Nothing was sealed here: nothing waits, or another sealer was first.
    Nothing,
}

async fn next(store: &Store) -> Result<Sealed> {
    let granted = SEALER.may(Action::SealRecord, About::Sector)?;
    store
        .write(async |conn| {
            let most = seal::most(conn);
            let sealed = seal::seal_next(conn, &granted, store::now()).await?;
            Ok(match sealed {
                0 => Sealed::Nothing,
                _ if sealed == most => Sealed::More,
                _ => Sealed::All,
            })
        })
        .await
}

/// Seals all that waits now: at the end of a command that wrote, since no server may be running.
///
/// # Errors
/// [`domain::Error::Internal`] when the database fails or a change cannot be sealed.
pub async fn seal_all(store: &Store) -> Result<()> {
    loop {
        match next(store).await? {
            Sealed::All => return Ok(()),
            Sealed::More => {}
            Sealed::Nothing if !seal::waits(&mut store.read().await?).await? => return Ok(()),
            // Another sealer was first, and has ended by now.
            Sealed::Nothing => {}
        }
    }
}
