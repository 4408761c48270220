//! Files of the sector into the store: each import is one transaction, can be repeated, and says what it did row by row.
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::expect_used, reason = "tests may panic")
)]

mod adoptions;
mod aliases;
mod awards;
mod bodies;
mod entry;
mod error;
mod groups;
mod kind;
mod lines;
mod organisations;
mod own_standards;
mod planning_provisions;
mod planning_standards;
mod provided;
mod provisions;
mod reader;
mod register;
mod report;
mod row;
mod seen;
mod source;
mod standards;
mod successions;

#[cfg(test)]
mod award_tests;
#[cfg(test)]
mod event_tests;
#[cfg(test)]
mod reader_tests;
#[cfg(test)]
mod real_tests;
#[cfg(test)]
mod register_tests;
#[cfg(test)]
mod run_tests;
#[cfg(test)]
mod standard_tests;
#[cfg(test)]
mod testing;

pub use error::ImportError;
pub use kind::Kind;
pub use report::{Line, Outcome, Report};

use chrono::{NaiveDate, NaiveDateTime};
use domain::policy::{About, Action, Granted, Viewer};
use reader::Tables;
use report::Recorder;
use source::Source;
use std::path::{Path, PathBuf};
use store::{Conn, Store};

/// How an import is to be run.
#[derive(Debug, Clone, Copy)]
pub struct Options<'a> {
    /// Whether the import fails when any row is left out.
    pub strict: bool,
    /// Whether everything is undone at the end; the report is the same.
    pub dry_run: bool,
    /// When the import happens: UTC, microseconds. It is when events are recorded, and its day is today.
    pub now: NaiveDateTime,
    /// Where to write the report of rows as CSV (`file,row,outcome,reason`); rows left unchanged are not in it.
    pub report: Option<&'a Path>,
}

/// Told how far an import has come.
pub trait Progress: Sync {
    /// How many bytes there are to read, over all files.
    fn total_bytes(&self, bytes: u64);
    /// How many of them are read.
    fn at_byte(&self, byte: u64);
}

/// Shows no progress.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Progress for Silent {
    fn total_bytes(&self, _: u64) {}
    fn at_byte(&self, _: u64) {}
}

/// Imports files, all in one transaction: when anything fails, nothing is written.
///
/// # Errors
/// [`ImportError`] for a file that cannot be read as what `kind` needs, for a viewer who may not, for a row left out
/// under `strict`, and when the database fails. The report file stays only after a whole reading.
pub async fn run(
    store: &Store,
    viewer: &Viewer,
    kind: Kind,
    files: &[PathBuf],
    options: &Options<'_>,
    progress: &dyn Progress,
) -> Result<Report, ImportError> {
    let sources = files.iter().map(|path| Source::File(path)).collect();
    import(store, viewer, kind, sources, options, progress).await
}

/// Imports a text that the program carries itself, as [`run`] does a file; `name` stands for the file in messages.
///
/// # Errors
/// As [`run`].
pub async fn run_text(
    store: &Store,
    viewer: &Viewer,
    kind: Kind,
    name: &str,
    text: &str,
    options: &Options<'_>,
) -> Result<Report, ImportError> {
    let sources = vec![Source::Text { name, text }];
    import(store, viewer, kind, sources, options, &Silent).await
}

/// One import under way: everything that reading a kind of file needs.
struct Import<'a> {
    conn: &'a mut Conn,
    viewer: &'a Viewer,
    now: NaiveDateTime,
    tables: Tables<'a>,
    recorder: &'a mut Recorder,
}

impl Import<'_> {
    /// The right to do `action` in the sector as a whole.
    fn may(&self, action: Action) -> Result<Granted, ImportError> {
        Ok(self.viewer.may(action, About::Sector)?)
    }

    /// The day on which the import happens.
    fn today(&self) -> NaiveDate {
        self.now.date()
    }
}

async fn import(
    store: &Store,
    viewer: &Viewer,
    kind: Kind,
    sources: Vec<Source<'_>>,
    options: &Options<'_>,
    progress: &dyn Progress,
) -> Result<Report, ImportError> {
    if let Some(path) = options.report
        && sources.iter().any(|source| source.is_at(path))
    {
        return Err(ImportError::file(
            path.display().to_string(),
            "The report would overwrite a file that is to be imported; name another.",
        ));
    }
    let tables = Tables::new(sources, progress)?;
    let mut recorder = Recorder::create(options.report)?;
    let mut done = None;
    let written = store
        .write_many(async |conn| {
            let import = Import {
                conn,
                viewer,
                now: options.now,
                tables,
                recorder: &mut recorder,
            };
            let whole = fill(kind, import, options.strict).await;
            let keep = whole.is_ok() && !options.dry_run;
            done = Some(whole);
            if keep { Ok(()) } else { Err(undo()) }
        })
        .await;
    match settle(done, written) {
        Ok(()) => Ok(recorder.into_report()),
        Err(error) => {
            if !matches!(error, ImportError::Strict { .. }) {
                recorder.discard();
            }
            Err(error)
        }
    }
}

/// What makes the store undo a transaction although nothing is wrong with it.
fn undo() -> domain::Error {
    domain::Error::Conflict("The import was undone.".to_owned())
}

/// How the import ended: as the reading did, unless the database itself failed.
fn settle(
    done: Option<Result<(), ImportError>>,
    written: domain::Result<()>,
) -> Result<(), ImportError> {
    match (done, written) {
        (Some(whole), Ok(()) | Err(domain::Error::Conflict(_))) => whole,
        (Some(Err(error)), _) => Err(error),
        (_, Err(error)) => Err(error.into()),
        (None, Ok(())) => Ok(()),
    }
}

/// Reads all tables as what `kind` says they are.
async fn fill(kind: Kind, mut import: Import<'_>, strict: bool) -> Result<(), ImportError> {
    match kind {
        Kind::Register => register::import(&mut import).await,
        Kind::Successions => successions::import(&mut import).await,
        Kind::Aliases => aliases::import(&mut import).await,
        Kind::Organisations => organisations::import(&mut import).await,
        Kind::Groups => groups::import(&mut import).await,
        Kind::Standards => standards::import(&mut import).await,
        Kind::Provisions => provisions::import(&mut import).await,
        Kind::Provided => provided::import(&mut import).await,
        Kind::Adoptions => adoptions::import(&mut import).await,
        Kind::Awards => awards::import(&mut import).await,
    }?;
    // Before the transaction ends: a report that cannot be written must fail the import, not follow it.
    import.recorder.flush()?;
    match import.recorder.left_out_rows() {
        Some((left_out, first)) if strict => Err(ImportError::Strict { left_out, first }),
        _ => Ok(()),
    }
}
