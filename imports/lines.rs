//! Bytes on their way to the CSV reader: counts lines and refuses a record that never ends.

use std::collections::VecDeque;
use std::io::{self, Read};

/// The most bytes that one record may have.
pub(crate) const LONGEST: u64 = 1_000_000;

/// A source of bytes that knows where its lines end.
///
/// The CSV reader's own line numbers are one short in files with Windows line ends and after blank lines.
pub(crate) struct Lines<R> {
    inner: R,
    /// Bytes handed out so far.
    read: u64,
    last: u8,
    /// Offsets of line ends that were handed out and not yet counted.
    ends: VecDeque<u64>,
    /// Line ends counted so far.
    passed: u64,
    record_from: u64,
    too_long: bool,
}

impl<R: Read> Lines<R> {
    pub(crate) fn new(inner: R) -> Self {
        Self {
            inner,
            read: 0,
            last: 0,
            ends: VecDeque::new(),
            passed: 0,
            record_from: 0,
            too_long: false,
        }
    }

    /// Says that a record begins at this offset.
    pub(crate) fn begin_record(&mut self, offset: u64) {
        self.record_from = offset;
    }

    /// Whether reading stopped because a record has more than [`LONGEST`] bytes.
    pub(crate) fn too_long(&self) -> bool {
        self.too_long
    }

    /// The line, from 1, of the last byte before `offset`. Offsets only grow from call to call.
    pub(crate) fn line_before(&mut self, offset: u64) -> u64 {
        while self.ends.front().is_some_and(|end| end + 1 < offset) {
            self.ends.pop_front();
            self.passed += 1;
        }
        self.passed + 1
    }

    /// Notes the line ends among bytes that are handed out.
    fn note(&mut self, bytes: &[u8]) {
        for byte in bytes {
            match (self.last, byte) {
                // The second half of a Windows line end.
                (b'\r', b'\n') => {
                    if let Some(end) = self.ends.back_mut() {
                        *end = self.read;
                    }
                }
                (_, b'\n' | b'\r') => self.ends.push_back(self.read),
                _ => {}
            }
            self.last = *byte;
            self.read += 1;
        }
    }
}

impl<R: Read> Read for Lines<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.read.saturating_sub(self.record_from) > LONGEST {
            self.too_long = true;
            return Err(io::Error::other("a record is too long"));
        }
        let n = self.inner.read(buffer)?;
        self.note(buffer.get(..n).unwrap_or_default());
        Ok(n)
    }
}

/// How many lines a text within a record spans beyond its first.
pub(crate) fn line_ends(text: &[u8]) -> u64 {
    let mut lines = Lines::new(io::empty());
    lines.note(text);
    lines.ends.len() as u64
}
