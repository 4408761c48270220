//! `proof verify`: shows, without any database, that a change stood in the record when a line of it was published.

use super::plain;
use crate::terminal::say;
use anyhow::Context;
use clap::{Args, Subcommand};
use domain::moment;
use domain::proof;
use domain::seal::Published;
use std::path::PathBuf;

#[derive(Args, Debug)]
pub(super) struct Proof {
    #[command(subcommand)]
    command: ProofCommand,
}

#[derive(Subcommand, Debug)]
enum ProofCommand {
    /// Verifies a proof against a line that was kept; needs no database and no network.
    Verify(Verify),
}

#[derive(Args, Debug)]
#[command(
    after_help = "Example:\n  curl -s 'https://hands.example/record/proof/ID?seals=7' > proof.json\n  manyhands proof verify proof.json --kept 'manyhands-record 1 7 …'"
)]
struct Verify {
    /// The proof, as /record/proof/ID gave it.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The whole line that was kept, as /record or `check --publish` gave it.
    #[arg(long, value_name = "LINE")]
    kept: Published,
}

impl Proof {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let ProofCommand::Verify(verify) = self.command;
        verify.run()
    }
}

impl Verify {
    fn run(self) -> anyhow::Result<()> {
        let shown = self.file.display();
        let text = std::fs::read(&self.file).with_context(|| format!("cannot read {shown}"))?;
        let proof: proof::Proof = serde_json::from_slice(&text)
            .with_context(|| format!("{shown} is no proof, or was changed"))?;
        proof.verify(&self.kept).map_err(plain)?;
        say(format_args!(
            "Proven: change {} of the record stood in it when the line was published ({}).",
            proof.sequence,
            moment::text(self.kept.at)
        ));
        match &proof.change {
            None => say(format_args!(
                "What it says is not shown to everybody; its hash is {}.",
                proof.hash
            )),
            Some(change) => {
                let text =
                    serde_json::to_string_pretty(change).context("cannot show the change")?;
                say(text);
            }
        }
        Ok(())
    }
}
