//! `check`: verifies the record and everything that is derived.

use super::plain;
use crate::terminal::{Bar, say};
use clap::Args;
use domain::seal::Published;
use store::Store;
use store::check::Findings;

#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  manyhands --database manyhands.db check\n  manyhands check --publish >> kept.txt\n  manyhands check --kept 'manyhands-record 1 7 …'"
)]
pub(super) struct Check {
    /// Seals what waits, and prints the newest line of the record alone when all is well: keep it where others can see it.
    #[arg(long)]
    publish: bool,
    /// A line that was published earlier: also checks that the record goes on from it.
    #[arg(long, value_name = "LINE")]
    kept: Option<Published>,
}

impl Check {
    pub(super) async fn run(self, store: &Store) -> anyhow::Result<()> {
        if self.publish {
            jobs::seal_all(store).await.map_err(plain)?;
        }
        let findings = self.look(store).await?;
        if !findings.faults.is_empty() {
            findings.faults.iter().for_each(say);
            anyhow::bail!(
                "{}; the first: {}",
                counted(findings.faults.len() as u64 + findings.more_faults),
                findings.faults[0]
            )
        }
        match findings.published {
            Some(line) if self.publish => say(line),
            None if self.publish => anyhow::bail!("there is nothing in the record to publish yet"),
            _ => self.report(&findings),
        }
        Ok(())
    }

    async fn look(&self, store: &Store) -> anyhow::Result<Findings> {
        let mut conn = store.read_wide().await.map_err(plain)?;
        let bar = Bar::steps("Checking the record".to_owned());
        let today = store::now().date();
        let progress = |done, total| bar.of(done, total);
        let found = store::check::run_against(&mut conn, today, self.kept.as_ref(), progress).await;
        bar.clear();
        found.map_err(plain)
    }

    fn report(&self, found: &Findings) {
        say(format_args!(
            "Checked {} changes ({} of them wait for a seal), {} seals, {} organisations and {} standards.",
            found.changes, found.waiting, found.seals, found.organisations, found.standards
        ));
        if let Some(kept) = &self.kept {
            say(format_args!(
                "The record goes on from the kept line of {} changes.",
                kept.changes
            ));
        }
        say("All is as it should be.");
    }
}

/// How many faults there are, in words.
fn counted(faults: u64) -> String {
    match faults {
        1 => "one fault found".to_owned(),
        many => format!("{many} faults found"),
    }
}
