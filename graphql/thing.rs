//! What the record names by kind and key, as the schema names it by id.

use crate::id::Key;
use domain::id::{EventId, StandardId};
use uuid::Uuid;

/// The thing of this kind with this key; `None` for what has no id of its own in this schema.
pub(crate) fn named(kind: &str, key: &str) -> Option<Key> {
    let parts: Option<Vec<Uuid>> = key.split('/').map(|part| part.parse().ok()).collect();
    Some(match (kind, parts?.as_slice()) {
        ("organisation", &[id]) => Key::Organisation(id.into()),
        ("group", &[id]) => Key::Group(id.into()),
        ("standard", &[id]) => Key::Standard(id.into()),
        ("provision", &[standard, id]) => Key::Provision(standard.into(), id.into()),
        ("adoption_event", &[standard, body, id]) => {
            Key::Event((standard.into(), body.into(), EventId(id)))
        }
        ("snapshot", &[standard, id]) => Key::Snapshot(standard.into(), id.into()),
        ("job_run", &[id]) => Key::JobRun(id.into()),
        ("person", &[id]) => Key::Person(id.into()),
        ("membership", &[id]) => Key::Membership(id.into()),
        ("invitation", &[id]) => Key::Invitation(id.into()),
        ("token", &[id]) => Key::Token(id.into()),
        ("declaration", &[id]) => Key::Declaration(id.into()),
        ("signature", &[id]) => Key::Signature(id.into()),
        ("commitment", &[id]) => Key::Commitment(id.into()),
        ("problem", &[id]) => Key::Problem(id.into()),
        ("backing", &[of, id]) => Key::Backing(of.into(), id.into()),
        ("problem_merge", &[id]) => Key::Merge(id.into()),
        ("suggestion", &[id]) => Key::Suggestion(id.into()),
        ("project", &[id]) => Key::Project(id.into()),
        ("participation", &[of, id]) => Key::Participation(of.into(), id.into()),
        ("contribution", &[of, id]) => Key::Contribution(of.into(), id.into()),
        ("milestone", &[of, id]) => Key::Milestone(of.into(), id.into()),
        ("output", &[of, id]) => Key::Output(of.into(), id.into()),
        ("status_update", &[of, id]) => Key::StatusUpdate(of.into(), id.into()),
        ("ask", &[of, id]) => Key::Ask(of.into(), id.into()),
        ("flag", &[of, id]) => Key::Flag(of.into(), id.into()),
        ("subscription", &[id]) => Key::Subscription(id.into()),
        ("webhook", &[id]) => Key::Webhook(id.into()),
        _ => return None,
    })
}

/// The kind and key by which the record names a thing; `None` for what it does not name.
pub(crate) fn in_record(key: Key) -> Option<(&'static str, String)> {
    Some(match key {
        Key::Organisation(id) => ("organisation", id.to_string()),
        Key::Group(id) => ("group", id.to_string()),
        Key::Standard(id) => ("standard", id.to_string()),
        Key::Provision(standard, id) => ("provision", format!("{standard}/{id}")),
        Key::Event((standard, body, id)) => ("adoption_event", format!("{standard}/{body}/{id}")),
        Key::Snapshot(standard, id) => ("snapshot", format!("{standard}/{id}")),
        Key::JobRun(id) => ("job_run", id.to_string()),
        Key::Person(id) => ("person", id.to_string()),
        Key::Membership(id) => ("membership", id.to_string()),
        Key::Invitation(id) => ("invitation", id.to_string()),
        Key::Token(id) => ("token", id.to_string()),
        Key::Declaration(id) => ("declaration", id.to_string()),
        Key::Signature(id) => ("signature", id.to_string()),
        Key::Commitment(id) => ("commitment", id.to_string()),
        Key::Problem(id) => ("problem", id.to_string()),
        Key::Backing(of, id) => ("backing", format!("{of}/{id}")),
        Key::Merge(id) => ("problem_merge", id.to_string()),
        Key::Suggestion(id) => ("suggestion", id.to_string()),
        Key::Project(id) => ("project", id.to_string()),
        Key::Participation(of, id) => ("participation", format!("{of}/{id}")),
        Key::Contribution(of, id) => ("contribution", format!("{of}/{id}")),
        Key::Milestone(of, id) => ("milestone", format!("{of}/{id}")),
        Key::Output(of, id) => ("output", format!("{of}/{id}")),
        Key::StatusUpdate(of, id) => ("status_update", format!("{of}/{id}")),
        Key::Ask(of, id) => ("ask", format!("{of}/{id}")),
        Key::Flag(of, id) => ("flag", format!("{of}/{id}")),
        Key::Subscription(id) => ("subscription", id.to_string()),
        Key::Webhook(id) => ("webhook", id.to_string()),
        Key::Notice(_) | Key::Refusal(_) | Key::Change(_) => return None,
    })
}

/// The standard that a thing is, or is part of.
pub(crate) fn standard(kind: &str, key: &str) -> Option<StandardId> {
    match kind {
        "standard" | "standard_stage" | "standard_version" | "provision" | "adoption_event"
        | "snapshot" => key.split('/').next()?.parse().ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thing_is_named_the_same_in_the_record_and_by_its_id() {
        let [a, b, c] = [1, 2, 3].map(Uuid::from_u128);
        for key in [
            Key::Organisation(a.into()),
            Key::Group(a.into()),
            Key::Standard(a.into()),
            Key::Provision(a.into(), b.into()),
            Key::Event((a.into(), b.into(), c.into())),
            Key::Snapshot(a.into(), b.into()),
            Key::JobRun(a.into()),
            Key::Person(a.into()),
            Key::Membership(a.into()),
            Key::Invitation(a.into()),
            Key::Token(a.into()),
            Key::Declaration(a.into()),
            Key::Signature(a.into()),
            Key::Commitment(a.into()),
            Key::Problem(a.into()),
            Key::Backing(a.into(), b.into()),
            Key::Merge(a.into()),
            Key::Suggestion(a.into()),
            Key::Project(a.into()),
            Key::Participation(a.into(), b.into()),
            Key::Contribution(a.into(), b.into()),
            Key::Milestone(a.into(), b.into()),
            Key::Output(a.into(), b.into()),
            Key::StatusUpdate(a.into(), b.into()),
            Key::Ask(a.into(), b.into()),
            Key::Flag(a.into(), b.into()),
            Key::Subscription(a.into()),
            Key::Webhook(a.into()),
        ] {
            let (kind, text) = in_record(key).unwrap();
            assert_eq!(named(kind, &text), Some(key), "{kind}");
        }
        assert_eq!(in_record(Key::Change(a.into())), None);
        assert_eq!(named("external_id", "gss/E07000223"), None);
        assert_eq!(named("organisation", "x"), None);
    }

    #[test]
    fn what_is_part_of_a_standard_leads_to_it() {
        let id = Uuid::from_u128(5);
        for kind in ["standard", "standard_stage", "provision", "adoption_event"] {
            assert_eq!(
                standard(kind, &format!("{id}/x")),
                Some(id.into()),
                "{kind}"
            );
        }
        assert_eq!(standard("organisation", &id.to_string()), None);
        assert_eq!(standard("standard", "x"), None);
    }
}
