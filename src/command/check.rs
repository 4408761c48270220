//! `check`: verifies the record and everything that is derived.

use super::plain;
use crate::terminal::{Bar, say};
use clap::Args;
use store::Store;

#[derive(Args, Debug)]
#[command(after_help = "Example:\n  manyhands --database manyhands.db check")]
pub(super) struct Check {}

impl Check {
    pub(super) async fn run(self, store: &Store) -> anyhow::Result<()> {
        let mut conn = store.read_wide().await.map_err(plain)?;
        let bar = Bar::steps("Checking the record".to_owned());
        let today = store::now().date();
        let findings = store::check::run(&mut conn, today, |done| bar.at(done)).await;
        bar.clear();
        let findings = findings.map_err(plain)?;
        say(format_args!(
            "Checked {} changes, the groups of {} organisations and the stages of {} standards.",
            findings.changes, findings.organisations, findings.standards
        ));
        if findings.faults.is_empty() {
            say("All is as it should be.");
            return Ok(());
        }
        findings.faults.iter().for_each(say);
        anyhow::bail!(
            "{} faults found; the first: {}",
            findings.faults.len(),
            findings.faults[0]
        )
    }
}
