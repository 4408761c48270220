//! Work that every copy of the program looks for again and again, until it is stopped.

use domain::Result;
use futures_util::future::BoxFuture;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::MissedTickBehavior;

/// What one round does.
pub(crate) type Round = Box<dyn FnMut() -> BoxFuture<'static, Result<()>> + Send>;

/// Rounds of one kind of work, in the background.
#[derive(Debug)]
pub(crate) struct Rounds {
    stop: watch::Sender<bool>,
    work: JoinHandle<()>,
}

impl Rounds {
    /// Starts to go round: `what` is named when it goes wrong, after "Could not".
    pub(crate) fn start(what: &'static str, pause: Duration, round: Round) -> Self {
        let (stop, stopped) = watch::channel(false);
        let work = tokio::spawn(go(what, pause, round, stopped));
        Self { stop, work }
    }

    /// Stops when the round in hand is done.
    pub(crate) async fn stop(self) {
        self.stop.send_replace(true);
        if let Err(error) = self.work.await {
            tracing::error!(%error, "A round ended badly");
        }
    }
}

async fn go(
    what: &'static str,
    pause: Duration,
    mut round: Round,
    mut stopped: watch::Receiver<bool>,
) {
    let mut ticks = tokio::time::interval(pause);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut well = true;
    loop {
        tokio::select! {
            biased;
            // An error says that whoever started it is gone.
            _ = stopped.wait_for(|stop| *stop) => break,
            _ = ticks.tick() => {}
        }
        let done = round().await;
        // A database that is away is told of once, not at every tick.
        match &done {
            Err(error) if well => {
                tracing::error!(error = error.chain(), "Could not {what}")
            }
            Ok(()) if !well => tracing::info!("Goes on to {what}"),
            _ => {}
        }
        well = done.is_ok();
    }
}
