//! Where tables come from: files on disk, or texts that the program carries itself.

use crate::error::ImportError;
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// A file or a text.
#[derive(Clone, Copy)]
pub(crate) enum Source<'a> {
    /// A file on disk.
    File(&'a Path),
    /// A text with the name it goes by.
    Text {
        /// What stands for the file's name in messages.
        name: &'a str,
        /// The text.
        text: &'a str,
    },
}

impl<'a> Source<'a> {
    /// What it is called in messages.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::File(path) => path.display().to_string(),
            Self::Text { name, .. } => (*name).to_owned(),
        }
    }

    /// How many bytes it holds, as far as that is known beforehand.
    ///
    /// # Errors
    /// When it is not there, or is a folder.
    pub(crate) fn bytes(&self) -> Result<u64, ImportError> {
        match self {
            Self::File(path) => {
                let about = path.metadata().map_err(|cause| self.unreadable(&cause))?;
                if about.is_dir() {
                    return Err(ImportError::file(
                        self.name(),
                        "This is a folder; name the files in it.",
                    ));
                }
                Ok(about.len())
            }
            Self::Text { text, .. } => Ok(text.len() as u64),
        }
    }

    /// Opens it for reading.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub(crate) fn open(&self) -> Result<Box<dyn Read + Send + 'a>, ImportError> {
        match self {
            Self::File(path) => {
                let file = File::open(path).map_err(|cause| self.unreadable(&cause))?;
                Ok(Box::new(file))
            }
            Self::Text { text, .. } => Ok(Box::new(text.as_bytes())),
        }
    }

    /// Whether it is the file at this path.
    pub(crate) fn is_at(&self, path: &Path) -> bool {
        match self {
            Self::File(own) => match (own.canonicalize(), path.canonicalize()) {
                (Ok(own), Ok(path)) => own == path,
                _ => false,
            },
            Self::Text { .. } => false,
        }
    }

    fn unreadable(&self, cause: &std::io::Error) -> ImportError {
        ImportError::file(
            self.name(),
            format!("The file cannot be read ({cause}); check its name and that you may read it."),
        )
    }
}
