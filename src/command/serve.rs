//! `serve`: the pages, the API and the scheduled jobs in one process.

use super::{plain, stop_signal};
use crate::http;
use crate::terminal::say;
use clap::Args;
use std::net::SocketAddr;
use store::Store;

#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  manyhands serve\n  manyhands --database postgres://unit@db.example/manyhands serve --listen 0.0.0.0:8080"
)]
pub(super) struct Serve {
    /// The address and port to listen on; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:8080", value_name = "ADDRESS")]
    pub(super) listen: SocketAddr,
    /// Only serves: another copy of the program runs the jobs.
    #[arg(long)]
    pub(super) without_jobs: bool,
}

impl Serve {
    pub(super) async fn run(self, store: Store) -> anyhow::Result<()> {
        self.serve(store, None, |address| {
            say(format_args!(
                "Manyhands is at http://{address} (Ctrl-C stops it)"
            ));
        })
        .await
    }

    /// Serves until the signal to stop; `ready` is told the address as soon as requests are answered.
    pub(super) async fn serve(
        self,
        store: Store,
        notice: Option<&'static str>,
        ready: impl FnOnce(SocketAddr),
    ) -> anyhow::Result<()> {
        let server = http::bind(store.clone(), self.listen, notice)?;
        // Whatever runs the jobs, what is written here is sealed here.
        let sealer = jobs::Sealer::start(store.clone());
        let runner = if self.without_jobs {
            None
        } else {
            Some(jobs::Runner::start(store).await.map_err(plain)?)
        };
        ready(server.address);
        server.run(stop_signal()).await?;
        if let Some(runner) = runner {
            runner.stop().await;
        }
        // Last, so that nothing that was written is left without its seal.
        sealer.stop().await;
        Ok(())
    }
}
