//! `demo`: a sector to look at, in a database of its own that goes with the process.

use super::{limits::Limits, notify::Notify, plain, serve::Serve, sign_in::SignIn};
use crate::http::Trial;
use crate::terminal::{remark, say};
use anyhow::Context;
use clap::Args;
use domain::policy::{Role, Viewer};
use std::net::SocketAddr;
use std::path::PathBuf;
use store::{Store, Url};

/// What every page of the demonstration begins with.
const NOTICE: &str = "Demonstration. The councils are real; every adoption and project shown here is illustrative and made up.";

/// Whom the links of a trial sign in as: the unit's administrator, and somebody who speaks for a council.
const TRIALS: [Trial; 2] = [
    Trial::ADMINISTRATOR,
    Trial {
        name: "Trial lead of Somerset",
        role: Role::Lead,
        organisation: Some("E06000066"),
    },
];

#[derive(Args, Debug)]
#[command(after_help = "Example:\n  manyhands demo --listen 127.0.0.1:9000")]
pub(super) struct Demo {
    /// The address and port to listen on; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:8080", value_name = "ADDRESS")]
    listen: SocketAddr,
    /// Prints two links that sign in once each: as the unit's administrator, and as the lead of one council.
    #[arg(long)]
    trial_sign_in: bool,
}

impl Demo {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        let folder = Folder::new()?;
        remark("Making a sector: real councils, illustrative adoption …");
        let store = Store::open(&Url::Sqlite(folder.0.join("demo.db")))
            .await
            .map_err(plain)?;
        let events = demo::make(&store, store::now()).await.map_err(plain)?;
        for job in jobs::INFOS {
            jobs::run_by_hand(&store, &Viewer::Operator, job.name, None, &jobs::Silent)
                .await
                .map_err(plain)?;
        }
        jobs::seal_all(&store).await.map_err(plain)?;
        remark(format_args!(
            "{events} illustrative adoption events; the councils are real, what they adopt is not."
        ));
        let serve = Serve {
            listen: self.listen,
            without_jobs: false,
            limits: Limits::default(),
            notify: Notify::default(),
            sign_in: match self.trial_sign_in {
                true => SignIn::trial(),
                false => SignIn::default(),
            },
        };
        let served = serve
            .serve(store.clone(), Some(NOTICE), &TRIALS, greet)
            .await;
        store.close();
        served
    }
}

fn greet(address: SocketAddr) {
    say(format_args!(
        "The demo is at http://{address} (Ctrl-C stops it and leaves nothing behind). Three things to try:"
    ));
    say(format_args!(
        "  1. See how a standard spreads:     http://{address}/standards/open-contracting-data?by=REGION&years=10"
    ));
    say(format_args!(
        "  2. Follow a council that merged:   http://{address}/organisations?text=somerset&open_on="
    ));
    say("  3. Ask the same by GraphQL:");
    say(format_args!(
        "     curl -s http://{address}/graphql -H 'Content-Type: application/json' \\\n       -d '{{\"query\":\"{{ standard(slug: \\\"open-contracting-data\\\") {{ adoption {{ asOf eligible adopted unknown rate }} }} }}\"}}'"
    ));
}

/// A folder of the system's for such things, removed with the value.
struct Folder(PathBuf);

impl Folder {
    fn new() -> anyhow::Result<Self> {
        let path =
            std::env::temp_dir().join(format!("manyhands-demo-{}", store::fresh::<uuid::Uuid>()));
        std::fs::create_dir(&path)
            .with_context(|| format!("cannot make the folder {}", path.display()))?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0) {
            remark(format_args!(
                "Could not remove {}: {error}",
                self.0.display()
            ));
        }
    }
}
