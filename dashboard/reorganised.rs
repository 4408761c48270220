//! Reorganisations in words: which bodies became which on a day.

use serde::Deserialize;

use crate::answer::Named;
use crate::show::Day;
use crate::words::SuccessionKind;

/// All successions of one day.
#[derive(Debug, Deserialize)]
pub(crate) struct Reorganisation {
    pub(crate) on: Day,
    pub(crate) successions: Vec<Succession>,
}

/// One body that gave way to another.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Succession {
    pub(crate) kind: SuccessionKind,
    pub(crate) predecessor: Named,
    pub(crate) successor: Named,
}

/// A sentence: a body, what happened to it, and the other bodies of it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Sentence {
    pub(crate) body: Named,
    pub(crate) verb: &'static str,
    pub(crate) others: Vec<Named>,
}

impl Reorganisation {
    /// What happened, one sentence a new body of a merger and one an old body of a split.
    pub(crate) fn sentences(&self) -> Vec<Sentence> {
        let mut sentences: Vec<Sentence> = Vec::new();
        for succession in &self.successions {
            let (body, verb, other) = parts(succession);
            let begun = |sentence: &&mut Sentence| sentence.body == *body && sentence.verb == verb;
            match sentences.iter_mut().find(begun) {
                Some(sentence) => sentence.others.push(other.clone()),
                None => sentences.push(Sentence {
                    body: body.clone(),
                    verb,
                    others: vec![other.clone()],
                }),
            }
        }
        sentences
    }
}

fn parts(succession: &Succession) -> (&Named, &'static str, &Named) {
    let (old, new) = (&succession.predecessor, &succession.successor);
    match succession.kind {
        SuccessionKind::Merge => (new, "took over from", old),
        SuccessionKind::Split => (old, "was divided between", new),
        SuccessionKind::Rename => (old, "was renamed", new),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn body(name: &str) -> Named {
        Named {
            slug: name.to_lowercase(),
            name: name.to_owned(),
        }
    }

    #[test]
    fn a_merger_is_told_by_its_new_body_and_a_split_by_its_old_one() {
        let named = |name: &str| json!({ "slug": name.to_lowercase(), "name": name });
        let succession = |kind: &str, old: &str, new: &str| json!({ "kind": kind, "predecessor": named(old), "successor": named(new) });
        let day: Reorganisation = serde_json::from_value(json!({
            "on": "2025-04-01",
            "successions": [
                succession("MERGE", "Ash", "Wood"),
                succession("SPLIT", "Shire", "North"),
                succession("MERGE", "Beech", "Wood"),
                succession("SPLIT", "Shire", "South"),
                succession("RENAME", "Old", "New"),
            ]
        }))
        .unwrap();
        let told: Vec<_> = day.sentences();
        let expected = [
            (
                body("Wood"),
                "took over from",
                vec![body("Ash"), body("Beech")],
            ),
            (
                body("Shire"),
                "was divided between",
                vec![body("North"), body("South")],
            ),
            (body("Old"), "was renamed", vec![body("New")]),
        ]
        .map(|(body, verb, others)| Sentence { body, verb, others });
        assert_eq!(told, expected);
    }
}
