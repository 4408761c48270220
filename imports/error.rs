//! Why an import failed, in one line that names the file, the row and the fix.

use crate::report::Line;
use std::fmt;

/// Why nothing was imported.
#[derive(Debug)]
#[non_exhaustive]
pub enum ImportError {
    /// A file as a whole cannot be used.
    File {
        /// The file, as it was named.
        file: String,
        /// What is wrong and what to do.
        problem: String,
    },
    /// A line of a file breaks its form.
    Row {
        /// The file, as it was named.
        file: String,
        /// The line in the file, from 1 for the header.
        row: u64,
        /// What is wrong and what to do.
        problem: String,
    },
    /// Rows were left out, and the import was to fail then.
    Strict {
        /// How many rows were left out.
        left_out: u64,
        /// The first of them.
        first: Line,
    },
    /// A rule forbids it.
    Refused(domain::Error),
    /// Our fault, or the database's.
    Internal(domain::Error),
}

impl ImportError {
    /// A [`ImportError::File`].
    pub(crate) fn file(file: impl Into<String>, problem: impl Into<String>) -> Self {
        Self::File {
            file: file.into(),
            problem: problem.into(),
        }
    }

    /// A [`ImportError::Row`].
    pub(crate) fn row(file: impl Into<String>, row: u64, problem: impl Into<String>) -> Self {
        Self::Row {
            file: file.into(),
            row,
            problem: problem.into(),
        }
    }
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { file, problem } => write!(f, "{file}: {problem}"),
            Self::Row { file, row, problem } => write!(f, "{file}, row {row}: {problem}"),
            Self::Strict { left_out, first } => write!(
                f,
                "{}, row {}: {} ({left_out} left out in all; mend them, or import without --strict.)",
                first.file, first.row, first.reason
            ),
            Self::Refused(error) => error.fmt(f),
            Self::Internal(error) => f.write_str(&error.chain()),
        }
    }
}

impl std::error::Error for ImportError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Refused(error) | Self::Internal(error) => Some(error),
            _ => None,
        }
    }
}

impl From<domain::Error> for ImportError {
    fn from(error: domain::Error) -> Self {
        match error {
            domain::Error::Internal(_) => Self::Internal(error),
            refused => Self::Refused(refused),
        }
    }
}
