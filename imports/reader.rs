//! Tables as they are read: the header, columns by name, and rows a chunk at a time, with their line numbers.

use crate::Progress;
use crate::error::ImportError;
use crate::lines::{LONGEST, Lines, line_ends};
use crate::row::{At, Column, Row};
use crate::source::Source;
use csv::{ByteRecord, StringRecord};
use std::io::Read;
use std::sync::Arc;

/// Rows in one chunk: as many as the store writes in one statement.
const CHUNK_ROWS: usize = store::CHUNK;
/// Bytes after which a chunk is cut short, so that long rows do not fill the memory.
const CHUNK_BYTES: usize = 4_000_000;
/// Bytes read from a file at a time.
const BUFFER: usize = 64 * 1024;

/// The tables of an import, one after the other.
pub(crate) struct Tables<'a> {
    sources: std::vec::IntoIter<Source<'a>>,
    bytes: u64,
    progress: &'a dyn Progress,
}

impl<'a> Tables<'a> {
    /// Looks at every source before any is read.
    ///
    /// # Errors
    /// When there is none, or one is not there.
    pub(crate) fn new(
        sources: Vec<Source<'a>>,
        progress: &'a dyn Progress,
    ) -> Result<Self, ImportError> {
        if sources.is_empty() {
            return Err(
                domain::Error::invalid("files", "Name at least one file to import.").into(),
            );
        }
        let total = sources.iter().map(Source::bytes).sum::<Result<u64, _>>()?;
        progress.total_bytes(total);
        Ok(Self {
            sources: sources.into_iter(),
            bytes: 0,
            progress,
        })
    }

    /// Opens the next table and reads its header.
    ///
    /// # Errors
    /// When it cannot be opened, is empty, or its first line is no header.
    pub(crate) fn next_table(&mut self) -> Result<Option<Table<'a>>, ImportError> {
        let Some(source) = self.sources.next() else {
            return Ok(None);
        };
        let start = self.bytes;
        self.bytes += source.bytes()?;
        Table::open(&source, start, self.progress).map(Some)
    }
}

/// One table.
pub(crate) struct Table<'a> {
    file: Arc<str>,
    csv: csv::Reader<Lines<Box<dyn Read + Send + 'a>>>,
    header: Vec<String>,
    /// Rows handed out by [`chunk_of`](Self::chunk_of).
    rows: usize,
    start: u64,
    progress: &'a dyn Progress,
}

impl<'a> Table<'a> {
    fn open(
        source: &Source<'a>,
        start: u64,
        progress: &'a dyn Progress,
    ) -> Result<Self, ImportError> {
        let csv = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .buffer_capacity(BUFFER)
            .from_reader(Lines::new(source.open()?));
        let mut table = Self {
            file: source.name().into(),
            csv,
            header: Vec::new(),
            rows: 0,
            start,
            progress,
        };
        let header = table.next_record()?.ok_or_else(|| {
            ImportError::file(
                &*table.file,
                "The file is empty; its first line names the columns.",
            )
        })?;
        table.header = header
            .record
            .iter()
            .map(|name| name.trim().to_lowercase())
            .collect();
        Ok(table)
    }

    /// Whether it has this column.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.header.iter().any(|known| known == name)
    }

    /// Columns that it must have, in any order and case.
    ///
    /// # Errors
    /// When some are missing, or one is there twice.
    pub(crate) fn need<const N: usize>(
        &self,
        names: [&'static str; N],
    ) -> Result<[Column; N], ImportError> {
        let missing: Vec<&str> = names.into_iter().filter(|name| !self.has(name)).collect();
        if !missing.is_empty() {
            return Err(self.lacks(&missing));
        }
        self.columns(names)
    }

    /// Columns that it may have; one that it lacks is blank in every row.
    ///
    /// # Errors
    /// When one is there twice.
    pub(crate) fn columns<const N: usize>(
        &self,
        names: [&'static str; N],
    ) -> Result<[Column; N], ImportError> {
        for name in names {
            if self.header.iter().filter(|known| *known == name).count() > 1 {
                return Err(ImportError::row(
                    &*self.file,
                    1,
                    format!("The column `{name}` is there twice; take one away."),
                ));
            }
        }
        Ok(names.map(|name| Column {
            name,
            index: self.header.iter().position(|known| known == name),
        }))
    }

    fn lacks(&self, missing: &[&str]) -> ImportError {
        let quoted = |names: &[&str]| {
            names
                .iter()
                .map(|name| format!("`{name}`"))
                .collect::<Vec<_>>()
                .join(", ")
        };
        let known: Vec<&str> = self.header.iter().map(String::as_str).collect();
        let hint = match known.as_slice() {
            [one] if one.contains([';', '\t']) => "; separate them by commas",
            _ => "",
        };
        ImportError::row(
            &*self.file,
            1,
            format!(
                "These columns are missing: {}. The file has {}{hint}.",
                quoted(missing),
                quoted(&known)
            ),
        )
    }

    /// The next rows, none at the end. Rows without any text are passed over.
    ///
    /// # Errors
    /// When the file cannot be read, or a row breaks its form.
    pub(crate) async fn chunk(&mut self) -> Result<Vec<Row>, ImportError> {
        tokio::task::yield_now().await;
        let mut rows = Vec::new();
        let mut bytes = 0;
        while rows.len() < CHUNK_ROWS && bytes < CHUNK_BYTES {
            let Some(row) = self.next_record()? else {
                break;
            };
            if row.record.len() != self.header.len() {
                return Err(ImportError::row(
                    &*self.file,
                    row.at.row,
                    format!(
                        "The row has {} fields and the header {}; put quotes around texts that hold commas, and close every quote.",
                        row.record.len(),
                        self.header.len()
                    ),
                ));
            }
            bytes += row.record.as_slice().len();
            rows.push(row);
        }
        self.progress
            .at_byte(self.start + self.csv.position().byte());
        Ok(rows)
    }

    /// The next rows of a table that cannot have many: what it says is kept in memory until all is read.
    ///
    /// # Errors
    /// As [`chunk`](Self::chunk), and when there are more than `most` in all.
    pub(crate) async fn chunk_of(&mut self, most: usize) -> Result<Vec<Row>, ImportError> {
        let rows = self.chunk().await?;
        self.rows += rows.len();
        if self.rows > most {
            let problem = format!(
                "The file has more than {most} rows, more than there are bodies; is it the right one?"
            );
            return Err(ImportError::file(&*self.file, problem));
        }
        Ok(rows)
    }

    /// The next record that holds any text.
    fn next_record(&mut self) -> Result<Option<Row>, ImportError> {
        loop {
            let from = self.csv.position().byte();
            self.csv.get_mut().begin_record(from);
            let mut record = ByteRecord::new();
            let more = match self.csv.read_byte_record(&mut record) {
                Ok(more) => more,
                Err(cause) => return Err(self.broken(from, &cause)),
            };
            if !more {
                return Ok(None);
            }
            let to = self.csv.position().byte();
            let inner: u64 = record.iter().map(line_ends).sum();
            let row = self.csv.get_mut().line_before(to).saturating_sub(inner);
            if record.as_slice().len() as u64 > LONGEST {
                return Err(self.too_long(row));
            }
            if record.iter().any(|field| !field.trim_ascii().is_empty()) {
                let at = At {
                    file: Arc::clone(&self.file),
                    row,
                };
                return Ok(Some(Row {
                    record: decode(&at, record)?,
                    at,
                }));
            }
        }
    }

    fn broken(&mut self, from: u64, cause: &csv::Error) -> ImportError {
        let row = if from == 0 {
            1
        } else {
            self.csv.get_mut().line_before(from) + 1
        };
        if self.csv.get_ref().too_long() {
            self.too_long(row)
        } else {
            ImportError::row(
                &*self.file,
                row,
                format!("The file cannot be read on ({cause}); copy it anew."),
            )
        }
    }

    fn too_long(&self, row: u64) -> ImportError {
        ImportError::row(
            &*self.file,
            row,
            format!(
                "The row has more than {LONGEST} bytes; close every quote, and leave out columns that are not needed."
            ),
        )
    }
}

/// A record as text.
fn decode(at: &At, record: ByteRecord) -> Result<StringRecord, ImportError> {
    let record = StringRecord::from_byte_record(record).map_err(|error| {
        let (field, valid) = (error.utf8_error().field(), error.utf8_error().valid_up_to());
        let bytes = error.into_byte_record();
        let before: u64 = bytes.iter().take(field).map(line_ends).sum();
        let within = bytes
            .get(field)
            .and_then(|text| text.get(..valid))
            .map_or(0, line_ends);
        let problem =
            "This line is not UTF-8; save the file as UTF-8 (in a spreadsheet: CSV UTF-8).";
        ImportError::row(&*at.file, at.row + before + within, problem)
    })?;
    if record.as_slice().contains('\0') {
        let problem = "This line holds a NUL character, as UTF-16 does; save the file as UTF-8 (in a spreadsheet: CSV UTF-8).";
        return Err(ImportError::row(&*at.file, at.row, problem));
    }
    Ok(record)
}
