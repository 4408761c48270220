//! What an import did: counts, reasons, and the rows concerned.

use crate::error::ImportError;
use crate::row::At;
use std::collections::BTreeMap;
use std::fmt;
use std::fs::File;
use std::path::{Path, PathBuf};
use store::Saved;

/// How many rows left out or noted a report shows.
const EXAMPLES: usize = 20;

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It is new.
    Added,
    /// It stood, and is different now.
    Changed,
    /// It was not imported.
    LeftOut,
    /// It was imported, with a remark.
    Noted,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Added => "added",
            Self::Changed => "changed",
            Self::LeftOut => "left out",
            Self::Noted => "noted",
        })
    }
}

/// What is said of one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The file, as it was named.
    pub file: String,
    /// The line in the file on which the row starts, from 1 for the header.
    pub row: u64,
    /// What became of it.
    pub outcome: Outcome,
    /// Why, and what to do; empty for rows that were simply added or changed.
    pub reason: String,
}

/// What an import did. `read = added + changed + unchanged + left_out`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Rows read.
    pub read: u64,
    /// Rows that are new.
    pub added: u64,
    /// Rows that stood and are different now.
    pub changed: u64,
    /// Rows that already stood like this.
    pub unchanged: u64,
    /// Rows that were not imported.
    pub left_out: u64,
    /// Remarks on rows; each such row is also counted above.
    pub noted: u64,
    /// How many rows were left out or noted for each class of reason.
    pub reasons: BTreeMap<String, u64>,
    /// The first rows left out or noted.
    pub examples: Vec<Line>,
}

/// Why a row is left out, or what is to be remarked of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    /// The reason without the row's own values, by which rows are counted.
    pub class: String,
    /// The reason for this row, and what to do.
    pub reason: String,
}

impl Fault {
    pub(crate) fn new(class: impl Into<String>, reason: impl Into<String>) -> Self {
        Self {
            class: class.into(),
            reason: reason.into(),
        }
    }

    /// A column that must not be blank is.
    pub(crate) fn blank(column: &str) -> Self {
        Self::new(
            format!("blank `{column}`"),
            format!("`{column}` is blank; fill it in."),
        )
    }

    /// A row that says again what an earlier one said.
    pub(crate) fn duplicate(what: impl fmt::Display) -> Self {
        Self::new(
            "duplicate row",
            format!("An earlier row already gives {what}; keep one of them."),
        )
    }

    /// A broken rule, named by the column it was found in.
    pub(crate) fn in_field(column: &str, error: &domain::Error) -> Self {
        let reason = match error {
            domain::Error::Invalid { reason, .. } => format!("`{column}`: {reason}"),
            other => other.to_string(),
        };
        Self::new(format!("bad `{column}`"), reason)
    }
}

impl From<domain::Error> for Fault {
    /// For errors of parsing only: one of the store ends the import instead.
    fn from(error: domain::Error) -> Self {
        match &error {
            domain::Error::Invalid { field, .. } => Self::in_field(field, &error),
            domain::Error::NotFound { kind, .. } => {
                Self::new(format!("unknown {kind}"), error.to_string())
            }
            _ => Self::new("not allowed", error.to_string()),
        }
    }
}

/// Counts rows and writes the report file as they come.
pub(crate) struct Recorder {
    report: Report,
    first_left_out: Option<Line>,
    file: Option<(PathBuf, csv::Writer<File>)>,
}

impl Recorder {
    /// Begins a report, on disk too when `path` is given.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(crate) fn create(path: Option<&Path>) -> Result<Self, ImportError> {
        let mut recorder = Self {
            report: Report::default(),
            first_left_out: None,
            file: None,
        };
        if let Some(path) = path {
            let file = File::create(path).map_err(|cause| unwritable(path, &cause))?;
            recorder.file = Some((path.to_owned(), csv::Writer::from_writer(file)));
            recorder.write(["file", "row", "outcome", "reason"])?;
        }
        Ok(recorder)
    }

    /// Counts a row that was read and saved.
    ///
    /// # Errors
    /// When the report file cannot be written.
    pub(crate) fn saved(&mut self, at: &At, saved: Saved) -> Result<(), ImportError> {
        self.report.read += 1;
        let outcome = match saved {
            Saved::Unchanged => {
                self.report.unchanged += 1;
                return Ok(());
            }
            Saved::Added => {
                self.report.added += 1;
                Outcome::Added
            }
            Saved::Changed => {
                self.report.changed += 1;
                Outcome::Changed
            }
        };
        self.line(at, outcome, "")
    }

    /// Counts a row that was read and left out.
    ///
    /// # Errors
    /// When the report file cannot be written.
    pub(crate) fn left_out(&mut self, at: &At, fault: &Fault) -> Result<(), ImportError> {
        self.report.read += 1;
        self.report.left_out += 1;
        self.explain(at, Outcome::LeftOut, fault)
    }

    /// Counts a remark on a row that is counted apart.
    ///
    /// # Errors
    /// When the report file cannot be written.
    pub(crate) fn noted(&mut self, at: &At, fault: &Fault) -> Result<(), ImportError> {
        self.report.noted += 1;
        self.explain(at, Outcome::Noted, fault)
    }

    /// The first row left out and how many there are, if any.
    pub(crate) fn left_out_rows(&self) -> Option<(u64, Line)> {
        self.first_left_out
            .clone()
            .map(|first| (self.report.left_out, first))
    }

    /// Ends the report: what is written so far is on disk.
    ///
    /// # Errors
    /// When the report file cannot be written.
    pub(crate) fn flush(&mut self) -> Result<(), ImportError> {
        match &mut self.file {
            Some((path, writer)) => writer.flush().map_err(|cause| unwritable(path, &cause)),
            None => Ok(()),
        }
    }

    /// What was counted.
    pub(crate) fn into_report(self) -> Report {
        self.report
    }

    /// Takes the report file away: the import ended before it was whole.
    pub(crate) fn discard(self) {
        if let Some((path, writer)) = self.file {
            drop(writer);
            if let Err(error) = std::fs::remove_file(&path) {
                tracing::warn!(%error, path = %path.display(), "An unfinished report could not be removed");
            }
        }
    }

    fn explain(&mut self, at: &At, outcome: Outcome, fault: &Fault) -> Result<(), ImportError> {
        match self.report.reasons.get_mut(&fault.class) {
            Some(count) => *count += 1,
            None => {
                self.report.reasons.insert(fault.class.clone(), 1);
            }
        }
        let first = outcome == Outcome::LeftOut && self.first_left_out.is_none();
        if first || self.report.examples.len() < EXAMPLES {
            let line = Line {
                file: at.file.to_string(),
                row: at.row,
                outcome,
                reason: fault.reason.clone(),
            };
            if first {
                self.first_left_out = Some(line.clone());
            }
            if self.report.examples.len() < EXAMPLES {
                self.report.examples.push(line);
            }
        }
        self.line(at, outcome, &fault.reason)
    }

    fn line(&mut self, at: &At, outcome: Outcome, reason: &str) -> Result<(), ImportError> {
        if self.file.is_none() {
            return Ok(());
        }
        self.write([&*at.file, &at.row.to_string(), &outcome.to_string(), reason])
    }

    fn write(&mut self, fields: [&str; 4]) -> Result<(), ImportError> {
        match &mut self.file {
            Some((path, writer)) => writer
                .write_record(fields)
                .map_err(|cause| unwritable(path, &cause)),
            None => Ok(()),
        }
    }
}

fn unwritable(path: &Path, cause: &dyn fmt::Display) -> ImportError {
    ImportError::file(
        path.display().to_string(),
        format!("The report cannot be written ({cause}); name another file."),
    )
}

/// What a row did that saved several things: it is new when one of them is, unless something else only changed.
pub(crate) fn both(first: Saved, second: Saved) -> Saved {
    match (first, second) {
        (Saved::Added, _) => Saved::Added,
        (Saved::Unchanged, Saved::Unchanged) => Saved::Unchanged,
        _ => Saved::Changed,
    }
}
