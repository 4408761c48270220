//! Remembers what was read, to find rows that say the same again.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

/// The most rows remembered: about 20 MB.
const MOST_ROWS: usize = 1_000_000;

/// A memory of things seen, by a fingerprint of 8 bytes each.
pub(crate) struct Seen {
    prints: HashSet<u64>,
    most: usize,
}

impl Seen {
    /// For things of which a file may hold any number: after a million it starts afresh. What lies further apart than
    /// that is still found by the keys of the store, as a row that already stands.
    pub(crate) fn of_rows() -> Self {
        Self {
            prints: HashSet::new(),
            most: MOST_ROWS,
        }
    }

    /// For things of which there are only as many as bodies, standards and groups can be put together.
    pub(crate) fn of_the_sector() -> Self {
        Self {
            prints: HashSet::new(),
            most: usize::MAX,
        }
    }

    /// Remembers a thing; whether it was new.
    pub(crate) fn insert(&mut self, thing: &impl Hash) -> bool {
        if self.prints.len() >= self.most {
            self.prints.clear();
        }
        // Of a million fingerprints of 64 bits, two are the same by chance once in about 40 million files.
        let mut hasher = DefaultHasher::new();
        thing.hash(&mut hasher);
        self.prints.insert(hasher.finish())
    }
}
