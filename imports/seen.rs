//! Remembers what was read, to find rows that say the same again.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

/// The most fingerprints kept: about 20 MB.
const MOST: usize = 1_000_000;

/// A bounded memory of things seen: 8 bytes each, and a fresh start after a million.
///
/// What lies further apart than that is still found by the keys of the store, as a row that already stands.
#[derive(Default)]
pub(crate) struct Seen(HashSet<u64>);

impl Seen {
    /// Remembers a thing; whether it was new.
    pub(crate) fn insert(&mut self, thing: &impl Hash) -> bool {
        if self.0.len() >= MOST {
            self.0.clear();
        }
        // Of a million fingerprints of 64 bits, two are the same by chance once in about 40 million files.
        let mut hasher = DefaultHasher::new();
        thing.hash(&mut hasher);
        self.0.insert(hasher.finish())
    }
}
