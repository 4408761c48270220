//! Merkle trees of RFC 6962 (SHA-256): one hash for a list, and short proofs of what stands where in it.

use crate::{Error, Result};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};
use std::fmt;
use std::str::FromStr;

/// Where a complete subtree stands: its level (0 for leaves), and its place from the left among those of its level.
pub type Place = (u32, u64);

/// A SHA-256 hash: 64 lower-case hexadecimal digits as text.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Hash(pub [u8; 32]);

impl Hash {
    /// The hash of some bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    fn of_parts(parts: [&[u8]; 3]) -> Self {
        let mut hash = Sha256::new();
        parts.into_iter().for_each(|part| hash.update(part));
        Self(hash.finalize().into())
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&crate::token::hex(&self.0))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Hash {
    type Err = Error;

    /// Reads 64 lower-case hexadecimal digits, and nothing else: one hash has one text.
    fn from_str(raw: &str) -> Result<Self> {
        let refused = || Error::invalid("hash", "A hash is 64 lower-case hexadecimal digits.");
        let digit = |byte: u8| match byte {
            b'0'..=b'9' => Ok(byte - b'0'),
            b'a'..=b'f' => Ok(byte - b'a' + 10),
            _ => Err(refused()),
        };
        let (pairs, rest) = raw.as_bytes().as_chunks::<2>();
        let mut bytes = [0; 32];
        if pairs.len() != bytes.len() || !rest.is_empty() {
            return Err(refused());
        }
        for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
            *byte = digit(*high)? * 16 + digit(*low)?;
        }
        Ok(Self(bytes))
    }
}

impl Serialize for Hash {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Hash {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// The hash of a leaf with this content.
pub fn leaf(content: &[u8]) -> Hash {
    Hash::of_parts([&[0], content, &[]])
}

/// The hash of a node over two others.
pub fn node(left: Hash, right: Hash) -> Hash {
    Hash::of_parts([&[1], &left.0, &right.0])
}

/// The hash of a tree over these leaves (their hashes, by [`leaf`]); that of no bytes when there are none.
pub fn root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => Hash::of(&[]),
        [one] => *one,
        _ => {
            let (left, right) = leaves.split_at(split(leaves.len() as u64) as usize);
            node(root(left), root(right))
        }
    }
}

/// How many of `size` leaves, two or more, are in the left subtree: the largest power of two below `size`.
fn split(size: u64) -> u64 {
    1 << (size - 1).ilog2()
}

/// The proof that the leaf at `place` stands in the tree over `leaves`: the sibling on every level, from the leaf up.
/// Empty when there is no such leaf.
pub fn path(leaves: &[Hash], place: usize) -> Vec<Hash> {
    siblings(place as u64, leaves.len() as u64)
        .into_iter()
        .map(|(from, to)| root(&leaves[from as usize..to as usize]))
        .collect()
}

/// The leaves under each sibling on the way from the leaf at `place` up to the root of a tree of `size` leaves, as
/// half-open ranges. Empty when there is no such leaf.
pub fn siblings(place: u64, size: u64) -> Vec<(u64, u64)> {
    let (mut from, mut to) = (0, size);
    let mut found = Vec::new();
    while place < size && to - from > 1 {
        let middle = from + split(to - from);
        if place < middle {
            found.push((middle, to));
            to = middle;
        } else {
            found.push((from, middle));
            from = middle;
        }
    }
    found.reverse();
    found
}

/// The root of a tree of `size` leaves in which `leaf` stands at `place` by this proof; `None` when the proof does not
/// fit such a tree. Whoever knows the true root compares.
pub fn root_by_path(leaf: Hash, place: u64, size: u64, path: &[Hash]) -> Option<Hash> {
    let ways = siblings(place, size);
    if place >= size || ways.len() != path.len() {
        return None;
    }
    let fold = |below, (sibling, (from, _)): (&Hash, (u64, u64))| {
        if from > place {
            node(below, *sibling)
        } else {
            node(*sibling, below)
        }
    };
    Some(path.iter().zip(ways).fold(leaf, fold))
}

/// The complete subtrees of which the tree over a range of leaves is made, from the left. The range is one of
/// [`siblings`], or begins at 0.
pub fn peaks((from, to): (u64, u64)) -> Vec<Place> {
    let mut found = Vec::new();
    let mut from = from;
    while from < to {
        let level = (to - from).ilog2();
        found.push((level, from >> level));
        from += 1 << level;
    }
    found
}

/// The root of the tree made of these complete subtrees; that of no leaves when there are none.
pub fn root_of_peaks(peaks: &[Hash]) -> Hash {
    match peaks {
        [] => Hash::of(&[]),
        [rest @ .., last] => rest.iter().rfold(*last, |right, left| node(*left, right)),
    }
}

/// The right edge of a growing tree: its complete subtrees, from the left.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Edge {
    size: u64,
    peaks: Vec<Hash>,
}

impl Edge {
    /// The edge of a tree of `size` leaves with these complete subtrees, which [`peaks`] of `(0, size)` names.
    pub fn new(size: u64, peaks: Vec<Hash>) -> Self {
        Self { size, peaks }
    }

    /// How many leaves the tree has.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The root of the tree.
    pub fn root(&self) -> Hash {
        root_of_peaks(&self.peaks)
    }

    /// Appends a leaf; the subtrees above the leaves that it completes, from the lowest.
    pub fn append(&mut self, leaf: Hash) -> Vec<(Place, Hash)> {
        let mut right = leaf;
        let mut completed = Vec::new();
        let mut place = self.size;
        let mut level = 0;
        while place % 2 == 1
            && let Some(left) = self.peaks.pop()
        {
            right = node(left, right);
            place /= 2;
            level += 1;
            completed.push(((level, place), right));
        }
        self.peaks.push(right);
        self.size += 1;
        completed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::HashMap;

    /// The leaves, roots and paths of the tests of Certificate Transparency (RFC 6962's reference implementation).
    const LEAVES: [&str; 8] = [
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    ];
    const ROOTS: [&str; 8] = [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];
    const PATHS: [(usize, usize, &[&str]); 5] = [
        (0, 1, &[]),
        (
            0,
            8,
            &[
                "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
            ],
        ),
        (
            5,
            8,
            &[
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ],
        ),
        (
            2,
            3,
            &["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
        ),
        (
            1,
            5,
            &[
                "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            ],
        ),
    ];

    fn known() -> Vec<Hash> {
        let bytes = |hex: &str| -> Vec<u8> {
            (0..hex.len() / 2)
                .map(|n| u8::from_str_radix(&hex[n * 2..n * 2 + 2], 16).unwrap())
                .collect()
        };
        LEAVES.iter().map(|hex| leaf(&bytes(hex))).collect()
    }

    fn hash(text: &&str) -> Hash {
        text.parse().unwrap()
    }

    fn leaves(count: usize) -> Vec<Hash> {
        (0..count).map(|n| leaf(&n.to_be_bytes())).collect()
    }

    #[test]
    fn roots_and_paths_are_those_of_the_reference_implementation() {
        for (size, text) in (1..).zip(&ROOTS) {
            assert_eq!(root(&known()[..size]), hash(text), "{size}");
        }
        assert_eq!(
            root(&[]).to_string(),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
        for (place, size, expected) in PATHS {
            let expected: Vec<Hash> = expected.iter().map(hash).collect();
            let leaves = &known()[..size];
            assert_eq!(path(leaves, place), expected, "{place} of {size}");
            let found = root_by_path(leaves[place], place as u64, size as u64, &expected);
            assert_eq!(found, Some(hash(&ROOTS[size - 1])));
        }
    }

    #[test]
    fn a_hash_has_one_text() {
        let text = ROOTS[0];
        assert_eq!(hash(&text).to_string(), text);
        let (upper, longer) = (text.to_uppercase(), format!("{text}0"));
        for bad in ["", &text[1..], &upper, &longer, &text.replace('6', "ä")] {
            assert!(bad.parse::<Hash>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_growing_tree_completes_every_node_once_and_keeps_the_root_of_the_whole() {
        let all = leaves(70);
        let mut edge = Edge::default();
        let mut nodes: HashMap<Place, Hash> = HashMap::new();
        for (place, leaf) in (0..).zip(&all) {
            nodes.insert((0, place), *leaf);
            for (place, hash) in edge.append(*leaf) {
                assert_eq!(nodes.insert(place, hash), None);
            }
            let size = place + 1;
            let grown = &all[..size as usize];
            assert_eq!((edge.size(), edge.root()), (size, root(grown)));
            let now: Vec<Hash> = peaks((0, size)).iter().map(|at| nodes[at]).collect();
            assert_eq!(Edge::new(size, now), edge);
            for leaf in 0..size {
                let read: Vec<Hash> = siblings(leaf, size)
                    .into_iter()
                    .map(|range| {
                        let parts: Vec<Hash> = peaks(range).iter().map(|at| nodes[at]).collect();
                        root_of_peaks(&parts)
                    })
                    .collect();
                assert_eq!(read, path(grown, leaf as usize));
            }
        }
        // A node for every pair of nodes below it.
        assert_eq!(nodes.len(), 70 + 35 + 17 + 8 + 4 + 2 + 1);
    }

    proptest! {
        #[test]
        fn a_path_proves_its_leaf_at_its_place_and_nothing_else(
            size in 1..200_usize, at in any::<prop::sample::Index>(), other in any::<prop::sample::Index>(),
            byte in 0..32_usize, bit in 0..8_u8, part in any::<prop::sample::Index>(),
        ) {
            let leaves = leaves(size);
            let (place, other) = (at.index(size), other.index(size));
            let (whole, path) = (root(&leaves), path(&leaves, place));
            let proven = |leaf, place: usize, size: usize, path: &[Hash]| {
                root_by_path(leaf, place as u64, size as u64, path) == Some(whole)
            };
            prop_assert!(proven(leaves[place], place, size, &path));
            prop_assert!(path.len() <= 8);
            if other != place {
                prop_assert!(!proven(leaves[other], place, size, &path));
                prop_assert!(!proven(leaves[place], other, size, &path));
            }
            prop_assert!(!proven(leaves[place], size, size, &path));
            let mut longer = path.clone();
            longer.push(whole);
            prop_assert!(!proven(leaves[place], place, size, &longer));
            if !path.is_empty() {
                let mut changed = path.clone();
                changed[part.index(path.len())].0[byte] ^= 1 << bit;
                prop_assert!(!proven(leaves[place], place, size, &changed));
                prop_assert!(!proven(leaves[place], place, size, &path[1..]));
            }
        }
    }
}
