//! `import KIND FILE…`: files of the sector into the database, all or nothing.

use crate::terminal::{Bar, remark, say};
use clap::Args;
use domain::policy::Viewer;
use imports::{Kind, Options, Report};
use std::path::PathBuf;
use store::Store;

#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  manyhands import organisations councils.csv\n  manyhands import adoptions spring.csv --dry-run --report report.csv\n  manyhands import awards award.csv --funds fund.csv\n\nThe README shows every kind with an example."
)]
pub(super) struct Import {
    /// What the files hold: register, successions, aliases, organisations, groups, standards, provisions, provided,
    /// adoptions or awards.
    kind: Kind,
    /// The CSV files, in UTF-8.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// For awards: the CSV file of the funds they are of.
    #[arg(long, value_name = "FILE")]
    funds: Option<PathBuf>,
    /// Writes what became of each row to this CSV file.
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Imports nothing if any row would be left out.
    #[arg(long)]
    strict: bool,
    /// Does everything but keep it: shows what an import would do.
    #[arg(long)]
    dry_run: bool,
}

impl Import {
    pub(super) async fn run(self, store: &Store) -> anyhow::Result<()> {
        if self.funds.is_some() && self.kind != Kind::Awards {
            anyhow::bail!("--funds goes with awards alone; leave it out.");
        }
        // The funds are read before the awards that name them.
        let files: Vec<PathBuf> = self.funds.into_iter().chain(self.files).collect();
        let bar = Bar::bytes(format!("Importing {}", self.kind.as_str()));
        let options = Options {
            strict: self.strict,
            dry_run: self.dry_run,
            now: store::now(),
            report: self.report.as_deref(),
        };
        let done = imports::run(store, &Viewer::Operator, self.kind, &files, &options, &bar).await;
        bar.clear();
        let report = done?;
        let would = if self.dry_run {
            "Dry run, nothing was kept: "
        } else {
            ""
        };
        say(format_args!(
            "{would}{} rows read: {} added, {} changed, {} unchanged, {} left out.",
            report.read, report.added, report.changed, report.unchanged, report.left_out
        ));
        explain(&report);
        Ok(())
    }
}

/// Says why rows were left out or noted, by reason, with the first few rows.
fn explain(report: &Report) {
    for (reason, rows) in &report.reasons {
        remark(format_args!("  {rows} × {reason}"));
    }
    for line in report.examples.iter().take(5) {
        remark(format_args!(
            "  {} row {}: {}",
            line.file, line.row, line.reason
        ));
    }
    let more = report.left_out + report.noted;
    if more > 5 {
        remark(format_args!(
            "  … {} rows in all; --report FILE lists every one.",
            more
        ));
    }
}
