//! Seals: batches of changes in their order, chained, and the line that is published so that nobody can rewrite them.

use crate::merkle::{self, Hash};
use crate::{Error, Result, moment};
use chrono::NaiveDateTime;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// What a published line begins with: what it is, and the version of its form.
const FORM: &str = "manyhands-record 1";

/// One batch of changes, put in their order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Seal {
    /// Its number, without gaps from 0.
    pub number: u64,
    /// The sequence of its first change; that of the record's first change is 1.
    pub first: u64,
    /// The sequence of its last change.
    pub last: u64,
    /// The Merkle root over the hashes of its changes, as bytes, in their order.
    pub root: Hash,
    /// The hash of the seal before it; of no bytes for the first.
    pub previous: Hash,
    /// When it was made: UTC, microseconds; never before the seal before it.
    #[serde(with = "moment")]
    pub sealed_at: NaiveDateTime,
}

impl Seal {
    /// SHA-256 of the canonical form: a JSON array of all fields in the order above, hashes in hexadecimal, times in
    /// microseconds since 1970.
    pub fn hash(&self) -> Hash {
        let canonical = serde_json::json!([
            self.number,
            self.first,
            self.last,
            self.root,
            self.previous,
            self.sealed_at.and_utc().timestamp_micros(),
        ]);
        Hash::of(canonical.to_string().as_bytes())
    }

    /// The seal as a leaf of the tree over all seals, whose root is published.
    pub fn leaf(&self) -> Hash {
        leaf(self.hash())
    }
}

/// The leaf of a tree for a change or a seal with this hash.
pub fn leaf(hash: Hash) -> Hash {
    merkle::leaf(&hash.0)
}

/// What is published of the record: whoever keeps the line can show later whether the record still says the same.
///
/// As text it is `manyhands-record 1 SEALS CHANGES HEAD TIME`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// How many seals there were.
    pub seals: u64,
    /// How many changes they held.
    pub changes: u64,
    /// The Merkle root over the hashes of the seals, as bytes.
    pub head: Hash,
    /// When the last of them was made.
    pub at: NaiveDateTime,
}

impl fmt::Display for Published {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = moment::text(self.at);
        write!(
            f,
            "{FORM} {} {} {} {at}",
            self.seals, self.changes, self.head
        )
    }
}

impl FromStr for Published {
    type Err = Error;

    /// Reads a line as it was published; blanks around it are no part of it.
    fn from_str(raw: &str) -> Result<Self> {
        let line = raw.trim();
        let parse = || {
            let mut words = line.strip_prefix(FORM)?.strip_prefix(' ')?.split(' ');
            let published = Self {
                seals: words.next()?.parse().ok().filter(|seals| *seals > 0)?,
                changes: words.next()?.parse().ok()?,
                head: words.next()?.parse().ok()?,
                at: moment::parse(words.next()?)?,
            };
            (published.to_string() == line).then_some(published)
        };
        parse().ok_or_else(|| {
            Error::invalid(
                "kept",
                format!("This is not a line that was published; give it whole: {FORM} SEALS CHANGES HEAD TIME."),
            )
        })
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn seal(number: u64, leaves: &[Hash], previous: Hash) -> Seal {
        Seal {
            number,
            first: number * leaves.len() as u64 + 1,
            last: (number + 1) * leaves.len() as u64,
            root: merkle::root(leaves),
            previous,
            sealed_at: "2026-01-02T03:04:05.000006".parse().unwrap(),
        }
    }

    #[test]
    fn the_hash_of_a_seal_is_that_of_the_documented_form() {
        let seal = seal(0, &[leaf(Hash::of(b"x"))], Hash::of(b""));
        let form = format!(
            r#"[0,1,1,"{}","{}",1767323045000006]"#,
            // printf x | sha256sum, then the same of a zero byte and those bytes; and sha256sum of nothing.
            "fac54c2c8f36475db4861a8fe820901be56f719c755a565b1e202f642fde9426",
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
        assert_eq!(seal.hash(), Hash::of(form.as_bytes()));
        assert_eq!(seal.leaf(), merkle::leaf(&seal.hash().0));
    }

    #[test]
    fn every_field_counts_in_the_hash_of_a_seal() {
        let one = || seal(3, &[Hash::of(b"x")], Hash::of(b"y"));
        let changed: [fn(&mut Seal); 6] = [
            |seal| seal.number += 1,
            |seal| seal.first -= 1,
            |seal| seal.last += 1,
            |seal| seal.root.0[0] ^= 1,
            |seal| seal.previous.0[31] ^= 1,
            |seal| seal.sealed_at += chrono::TimeDelta::microseconds(1),
        ];
        for change in changed {
            let mut other = one();
            change(&mut other);
            assert_ne!(other.hash(), one().hash(), "{other:?}");
        }
    }

    #[test]
    fn a_published_line_is_read_back_and_nothing_like_it() {
        let head = Hash::of(b"x").to_string();
        let line = format!("manyhands-record 1 7 40 {head} 2026-01-02T03:04:05.000006Z");
        let read: Published = format!(" {line}\n").parse().unwrap();
        assert_eq!((read.seals, read.changes), (7, 40));
        assert_eq!(read.to_string(), line);
        for bad in [
            "",
            &line[1..],
            &line[..line.len() - 1],
            &line.replace("record 1", "record 2"),
            &line.replace(" 7 ", " +7 "),
            &line.replace(" 7 ", " 07 "),
            &line.replace(" 7 ", " 0 "),
            &line.replace(" 7 ", "  7 "),
            &format!("{line} x"),
            &line.replace(&head, &head.to_uppercase()),
        ] {
            assert!(bad.parse::<Published>().is_err(), "{bad}");
        }
    }
}
