//! What sentences tell of changes, kind by kind.

use super::*;
use crate::id::ChangeId;
use serde_json::json;

fn said(kind: &str, before: Value, after: Value) -> String {
    let json = |value: Value| (!value.is_null()).then(|| value.to_string());
    let change = Change {
        id: ChangeId(uuid::Uuid::nil()),
        at: "2026-01-02T03:04:05".parse().unwrap(),
        actor: "person:x".into(),
        organisation: None,
        action: "x".into(),
        thing_kind: kind.into(),
        thing_id: "x".into(),
        before: json(before),
        after: json(after),
        reason: None,
    };
    let names = Names {
        body: Some("Ash"),
        title: Some("Bins"),
    };
    sentence(&change, names)
}

#[test]
fn each_kind_of_change_has_its_sentence() {
    let none = Value::Null;
    for (kind, before, after, expected) in [
        (
            "organisation",
            none.clone(),
            json!({}),
            "“Bins” was added to the register.",
        ),
        (
            "standard",
            json!({"stage": "TRIAL"}),
            json!({"stage": "REQUIRED"}),
            "“Bins” is required now.",
        ),
        (
            "adoption_event",
            none.clone(),
            json!({"state": "ADOPTED", "standing": "CLAIMED"}),
            "Ash adopted “Bins” (claimed, not confirmed).",
        ),
        (
            "adoption_event",
            none.clone(),
            json!({"state": "LAPSED", "standing": "CONFIRMED"}),
            "Ash no longer has “Bins”.",
        ),
        (
            "declaration",
            none.clone(),
            json!({"number": 2, "title": "Once"}),
            "Version 2 of the declaration was published: Once.",
        ),
        (
            "signature",
            none.clone(),
            json!({}),
            "Ash signed the declaration.",
        ),
        (
            "signature",
            json!({}),
            json!({"withdrawn_on": "2026-01-01"}),
            "Ash withdrew its signature under the declaration.",
        ),
        (
            "commitment",
            none.clone(),
            json!({"text": "Publish.", "due_on": "2026-02-01"}),
            "Ash promised, by 2026-02-01: Publish.",
        ),
        (
            "commitment",
            json!({}),
            json!({"text": "Publish.", "outcome": "LATE"}),
            "Ash kept late what it promised: Publish.",
        ),
        (
            "problem",
            none.clone(),
            json!({}),
            "Ash raised the problem “Bins”.",
        ),
        (
            "problem",
            json!({"state": "PROPOSED"}),
            json!({"state": "BEING_SOLVED"}),
            "The problem “Bins” is being solved now.",
        ),
        (
            "problem",
            json!({"merged_into_id": null}),
            json!({"merged_into_id": "x"}),
            "The problem “Bins” was merged into another.",
        ),
        (
            "backing",
            none.clone(),
            json!({"willingness": "TEST"}),
            "Ash has the problem “Bins”, too, and is willing to test.",
        ),
        (
            "backing",
            json!({"withdrawn_at": null}),
            json!({"withdrawn_at": "x"}),
            "Ash no longer backs “Bins”.",
        ),
        (
            "project",
            json!({"phase": "ALPHA"}),
            json!({"phase": "BETA"}),
            "“Bins” is beta now.",
        ),
        (
            "phase_change",
            none.clone(),
            json!({"to_phase": "STOPPED", "reason": "No money."}),
            "“Bins” moved to stopped: No money.",
        ),
        (
            "participation",
            none.clone(),
            json!({"state": "INVITED"}),
            "Ash was invited to take part in “Bins”.",
        ),
        (
            "participation",
            json!({"state": "INVITED"}),
            json!({"state": "ACTIVE", "role": "PARTNER"}),
            "Ash takes part in “Bins” as partner.",
        ),
        (
            "status_update",
            none.clone(),
            json!({"headline": "Going well."}),
            "“Bins”: Going well.",
        ),
        (
            "output",
            none.clone(),
            json!({"readiness": "READY", "title": "Kit"}),
            "An output of “Bins” is ready: Kit.",
        ),
        (
            "milestone",
            json!({"done_on": null}),
            json!({"done_on": "x", "title": "M"}),
            "“Bins” reached a milestone: M.",
        ),
        (
            "standard_version",
            json!({}),
            none.clone(),
            "Standard version of “Bins” was taken away.",
        ),
        (
            "something_new",
            none.clone(),
            json!({}),
            "Something new of “Bins” was added.",
        ),
    ] {
        assert_eq!(said(kind, before, after), expected, "{kind}");
    }
}

#[test]
fn nobody_is_told_of_what_is_private() {
    let untold = untold_kinds();
    assert!(PRIVATE_KINDS.iter().all(|kind| untold.contains(kind)));
    assert!(!untold.contains(&"problem") && !untold.contains(&"commitment"));
}
