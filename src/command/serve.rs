//! `serve`: the pages, the API and the scheduled jobs in one process.

use super::limits::Limits;
use super::notify::Notify;
use super::sign_in::{self, SignIn};
use super::{plain, stop_signal};
use crate::http::{self, Trial};
use crate::terminal::{remark, say};
use clap::Args;
use std::net::SocketAddr;
use store::Store;

#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  manyhands serve\n  manyhands --database postgres://unit@db.example/manyhands serve --listen 0.0.0.0:8080\n  manyhands serve --trial-sign-in\n  manyhands serve --production --public-url https://manyhands.example --oidc-issuer https://login.example --oidc-client-id manyhands --oidc-client-secret-file secret"
)]
pub(super) struct Serve {
    /// The address and port to listen on; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:8080", value_name = "ADDRESS")]
    pub(super) listen: SocketAddr,
    /// Only serves: another copy of the program runs the jobs.
    #[arg(long)]
    pub(super) without_jobs: bool,
    #[command(flatten)]
    pub(super) sign_in: SignIn,
    #[command(flatten)]
    pub(super) limits: Limits,
    #[command(flatten)]
    pub(super) notify: Notify,
}

impl Serve {
    pub(super) async fn run(self, store: Store) -> anyhow::Result<()> {
        self.serve(store, None, &[Trial::ADMINISTRATOR], |address| {
            say(format_args!(
                "Manyhands is at http://{address} (Ctrl-C stops it)"
            ));
        })
        .await
    }

    /// Serves until the signal to stop; `ready` is told the address as soon as requests are answered. A trial signs in as
    /// one of `trials`.
    pub(super) async fn serve(
        self,
        store: Store,
        notice: Option<&'static str>,
        trials: &[Trial],
        ready: impl FnOnce(SocketAddr),
    ) -> anyhow::Result<()> {
        let access = self.sign_in.setup(self.listen, trials)?;
        let described = sign_in::describe(&access);
        let public = access.public_url.as_ref().map(ToString::to_string);
        let setup = http::Setup {
            notice,
            limits: self.limits.setup(),
            cors_origins: self.limits.cors_origin,
            access,
            offers: self.notify.offers(),
            ..http::Setup::at(self.listen)
        };
        let server = http::bind(store.clone(), setup)?;
        let site = public.unwrap_or_else(|| format!("http://{}", server.address));
        let mailer = self.notify.mailer(&site)?;
        // Whatever runs the jobs, what is written here is sealed here.
        let sealer = jobs::Sealer::start(store.clone());
        let runner = if self.without_jobs {
            None
        } else {
            Some(jobs::Runner::start(store.clone()).await.map_err(plain)?)
        };
        let digests = mailer.map(|mailer| jobs::Digests::start(store.clone(), mailer));
        let deliverer = jobs::Deliverer::start(store, self.notify.courier());
        ready(server.address);
        remark(described);
        for (name, path) in &server.trial_links {
            let address = server.address;
            say(format_args!(
                "To sign in once as {name}, within an hour: http://{address}{path}"
            ));
        }
        server.run(stop_signal()).await?;
        if let Some(runner) = runner {
            runner.stop().await;
        }
        if let Some(digests) = digests {
            digests.stop().await;
        }
        deliverer.stop().await;
        // Last, so that nothing that was written is left without its seal.
        sealer.stop().await;
        Ok(())
    }
}
