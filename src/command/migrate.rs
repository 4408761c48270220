//! `migrate`: brings the tables up to date.

use crate::terminal::say;
use clap::Args;
use store::Store;

#[derive(Args, Debug)]
#[command(
    after_help = "Example:\n  manyhands --database postgres://unit@db.example/manyhands migrate"
)]
pub(super) struct Migrate {}

impl Migrate {
    /// Opening the store did it; this says so.
    pub(super) fn run(self, store: &Store) -> anyhow::Result<()> {
        say(format_args!(
            "The tables of {} are up to date.",
            store.url()
        ));
        Ok(())
    }
}
