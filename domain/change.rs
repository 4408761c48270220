//! The record: one change for every write, with its own hash.

use crate::id::{ChangeId, OrganisationId};
use crate::merkle::Hash;
use chrono::NaiveDateTime;
use serde::{Deserialize, Serialize};

/// Kinds of things whose changes not everybody sees: they tell of people and keys.
pub const PRIVATE_KINDS: [&str; 8] = [
    "person",
    "membership",
    "invitation",
    "contact",
    "token",
    "subscription",
    "digest",
    "webhook",
];

/// One write as the record keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Change {
    /// Its id, made by the store.
    pub id: ChangeId,
    /// When it was written: UTC, microseconds.
    #[serde(with = "crate::moment")]
    pub at: NaiveDateTime,
    /// Who wrote it, such as `operator` or `token:…`.
    pub actor: String,
    /// The organisation for which the actor wrote.
    pub organisation: Option<OrganisationId>,
    /// What was done, such as `record adoption`.
    pub action: String,
    /// The kind of thing it was done to, such as `standard`.
    pub thing_kind: String,
    /// The id of that thing, or its parts joined by `/`.
    pub thing_id: String,
    /// The thing before, as JSON; `None` when it is new.
    pub before: Option<String>,
    /// The thing after, as JSON.
    pub after: Option<String>,
    /// Why, where somebody said so.
    pub reason: Option<String>,
}

impl Change {
    /// SHA-256 of the canonical form: a JSON array of all fields in the order above, times in
    /// microseconds since 1970.
    pub fn hash(&self) -> Hash {
        let canonical = serde_json::json!([
            self.id,
            self.at.and_utc().timestamp_micros(),
            self.actor,
            self.organisation,
            self.action,
            self.thing_kind,
            self.thing_id,
            self.before,
            self.after,
            self.reason,
        ]);
        Hash::of(canonical.to_string().as_bytes())
    }

    /// Whether it tells of people or keys, so that not everybody sees what it says.
    pub fn is_private(&self) -> bool {
        PRIVATE_KINDS.contains(&self.thing_kind.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change() -> Change {
        Change {
            id: ChangeId::from(uuid::Uuid::from_u128(1)),
            at: "2026-01-02T03:04:05.000006".parse().unwrap(),
            actor: "operator".into(),
            organisation: None,
            action: "keep register".into(),
            thing_kind: "organisation".into(),
            thing_id: "x".into(),
            before: None,
            after: Some(r#"{"name":"X"}"#.into()),
            reason: None,
        }
    }

    #[test]
    fn every_field_counts_in_the_hash() {
        let whole = change().hash();
        let others = [
            Change {
                id: ChangeId::from(uuid::Uuid::from_u128(2)),
                ..change()
            },
            Change {
                at: "2026-01-02T03:04:05.000007".parse().unwrap(),
                ..change()
            },
            Change {
                actor: "operator2".into(),
                ..change()
            },
            Change {
                organisation: Some(OrganisationId::from(uuid::Uuid::nil())),
                ..change()
            },
            Change {
                action: "a".into(),
                ..change()
            },
            Change {
                thing_kind: "k".into(),
                ..change()
            },
            Change {
                thing_id: "y".into(),
                ..change()
            },
            Change {
                before: change().after,
                after: None,
                ..change()
            },
            Change {
                after: None,
                ..change()
            },
            Change {
                reason: Some(String::new()),
                ..change()
            },
        ];
        for other in others {
            assert_ne!(other.hash(), whole, "{other:?}");
        }
    }

    #[test]
    fn the_hash_is_that_of_the_documented_form() {
        // sha256sum of the line below, computed apart from this code.
        let form = r#"["00000000-0000-0000-0000-000000000001",1767323045000006,"operator",null,"keep register","organisation","x",null,"{\"name\":\"X\"}",null]"#;
        assert_eq!(Hash::of(form.as_bytes()), change().hash());
        assert_eq!(
            change().hash().to_string(),
            "d203c5dafda672c36cfddb670b1b9ae5c1231e29d4ad306bdfcca01f81a84654"
        );
    }
}
