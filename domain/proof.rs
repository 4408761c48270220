//! Proofs that a change stands in the record, for whoever kept a published line: no database is needed.

use crate::change::Change;
use crate::merkle::{self, Hash};
use crate::seal::{Published, Seal, leaf};
use crate::{Error, Result};
use serde::{Deserialize, Serialize};

/// The version of the form of proofs.
pub const FORM: u32 = 1;

/// Why a change is in the record that a published line speaks of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Proof {
    /// The version of this form: [`FORM`].
    pub proof: u32,
    /// What the change says; `None` where it is not for everybody's eyes.
    pub change: Option<Change>,
    /// The hash of the change.
    pub hash: Hash,
    /// Its place in the record.
    pub sequence: u64,
    /// The way from the change to the root of its seal.
    pub path: Vec<Hash>,
    /// The seal that holds it.
    pub seal: Seal,
    /// How many seals the published line speaks of.
    pub seals: u64,
    /// The way from the seal to the head of so many.
    pub seal_path: Vec<Hash>,
    /// That head.
    pub head: Hash,
}

impl Proof {
    /// The proof without what the change says, when that is not for everybody.
    pub fn for_everybody(mut self) -> Self {
        self.change = self.change.filter(|change| !change.is_private());
        self
    }

    /// Checks everything that the proof says against a line that was kept.
    ///
    /// # Errors
    /// [`Error::Invalid`] that says what does not fit.
    pub fn verify(&self, kept: &Published) -> Result<()> {
        let holds = |fits: bool, otherwise: &str| {
            fits.then_some(())
                .ok_or_else(|| Error::invalid("proof", otherwise))
        };
        holds(
            self.proof == FORM,
            "It is of a form that this version does not know.",
        )?;
        holds(
            self.seals == kept.seals,
            "It is for a record of another length than the kept line; ask for one with `seals` of that line.",
        )?;
        let content = self.change.as_ref();
        holds(
            content.is_none_or(|change| change.hash() == self.hash),
            "The hash of the change does not fit what it says.",
        )?;
        let seal = &self.seal;
        let place = self.sequence.checked_sub(seal.first);
        let size = (seal.last.checked_sub(seal.first)).and_then(|more| more.checked_add(1));
        let root = place.zip(size).and_then(|(place, size)| {
            merkle::root_by_path(leaf(self.hash), place, size, &self.path)
        });
        holds(
            root == Some(seal.root),
            "The change does not stand in its seal at this place.",
        )?;
        let head = merkle::root_by_path(seal.leaf(), seal.number, self.seals, &self.seal_path);
        holds(
            head == Some(self.head),
            "The seal does not stand in the record at this place.",
        )?;
        holds(
            self.head == kept.head && seal.last <= kept.changes && seal.sealed_at <= kept.at,
            "It is not of the record that the kept line speaks of.",
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::ChangeId;
    use crate::seal::tests::seal;
    use proptest::prelude::*;

    fn change(n: u128) -> Change {
        Change {
            id: ChangeId::from(uuid::Uuid::from_u128(n)),
            at: "2026-01-02T03:04:05.000006".parse().unwrap(),
            actor: "operator \u{1f} \"ä\"".into(),
            organisation: None,
            action: "keep the register".into(),
            thing_kind: "organisation".into(),
            thing_id: "x".into(),
            before: None,
            after: Some(r#"{"name":"X"}"#.into()),
            reason: Some("so".into()),
        }
    }

    /// A record of `seals` seals with `each` changes, and the proof of the change at `sequence`, made from the whole.
    fn made(seals: u64, each: u64, sequence: u64) -> (Proof, Published) {
        let hashes: Vec<Hash> = (1..=seals * each)
            .map(|n| change(n.into()).hash())
            .collect();
        let mut chain: Vec<Seal> = Vec::new();
        let leaves: Vec<Vec<Hash>> = hashes
            .chunks(each as usize)
            .map(|chunk| chunk.iter().copied().map(leaf).collect())
            .collect();
        for (number, leaves) in (0..).zip(&leaves) {
            let previous = chain.last().map_or(Hash::of(b""), Seal::hash);
            chain.push(seal(number, leaves, previous));
        }
        let (number, place) = ((sequence - 1) / each, (sequence - 1) % each);
        let tree: Vec<Hash> = chain.iter().map(Seal::leaf).collect();
        let proof = Proof {
            proof: FORM,
            change: Some(change(sequence.into())),
            hash: hashes[sequence as usize - 1],
            sequence,
            path: merkle::path(&leaves[number as usize], place as usize),
            seal: chain[number as usize].clone(),
            seals,
            seal_path: merkle::path(&tree, number as usize),
            head: merkle::root(&tree),
        };
        let kept = Published {
            seals,
            changes: seals * each,
            head: proof.head,
            at: chain[0].sealed_at,
        };
        (proof, kept)
    }

    #[test]
    fn a_proof_without_what_the_change_says_still_holds() {
        let (proof, kept) = made(5, 3, 8);
        assert!(proof.clone().for_everybody().change.is_some());
        let mut private = proof;
        if let Some(change) = &mut private.change {
            change.thing_kind = "membership".into();
        }
        let shown = private.for_everybody();
        assert_eq!(shown.change, None);
        shown.verify(&kept).unwrap();
    }

    #[test]
    fn a_proof_is_refused_by_every_other_line() {
        let (proof, kept) = made(5, 3, 8);
        proof.verify(&kept).unwrap();
        let (_, longer) = made(6, 3, 8);
        let mut other = kept.clone();
        other.head.0[3] ^= 1;
        let mut shorter = kept.clone();
        shorter.changes = 8;
        let mut earlier = kept;
        earlier.at -= chrono::TimeDelta::microseconds(1);
        for line in [longer, other, shorter, earlier] {
            assert!(proof.verify(&line).is_err(), "{line}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(3_000))]
        #[test]
        fn a_proof_holds_and_no_byte_of_it_can_be_changed(
            seals in 1..9_u64, each in 1..9_u64, at in any::<prop::sample::Index>(),
            byte in any::<prop::sample::Index>(), to in any::<u8>(),
        ) {
            let sequence = at.index((seals * each) as usize) as u64 + 1;
            let (proof, kept) = made(seals, each, sequence);
            proof.verify(&kept).unwrap();
            let mut text = serde_json::to_vec(&proof).unwrap();
            let read: Proof = serde_json::from_slice(&text).unwrap();
            prop_assert_eq!(&read, &proof);
            let byte = byte.index(text.len());
            text[byte] = to;
            // What reads as the very same proof (`\u001F` for `\u001f`) says the same.
            if let Ok(read) = serde_json::from_slice::<Proof>(&text) && read != proof {
                prop_assert!(read.verify(&kept).is_err(), "{}", String::from_utf8_lossy(&text));
            }
        }
    }
}
