//! The forms of people and keys: what they send, what is shown once, and what comes back.

use dashboard::*;
use serde_json::{Value, json};

use crate::account::{fields, page};
use crate::asked::{Prepared, ann, now};
use crate::people::{PATH, PEOPLE, council};
use crate::rendered::shown;

fn sent(ask: &Prepared, pairs: &[(&str, &str)]) -> Result<Reply, PageError> {
    now(people_form(ask, &ann(PATH), &council(), &fields(pairs)))
}

fn taken(payload: Value) -> Prepared {
    let mut payload = payload;
    payload["userErrors"] = json!([]);
    Prepared::new(PEOPLE).changing(payload)
}

#[test]
fn what_forms_send_is_the_thing_its_version_and_what_was_filled_in() {
    let about = [
        ("about", "x1"),
        ("version", "7"),
        ("idempotencyKey", "k"),
        ("reason", "Because"),
    ];
    let known = |id: &str| json!({ id: "x1", "expectedVersion": 7, "reason": "Because", "idempotencyKey": "k" });
    let with = |mut input: Value, name: &str, value: Value| {
        input[name] = value;
        input
    };
    let withdrawn = json!({ "invitation": "x1", "expectedVersion": 7, "idempotencyKey": "k" });
    let role = with(known("membership"), "role", json!("LEAD"));
    // A leaked key does not wait for anybody to look at it again.
    let revoked = json!({ "token": "x1", "reason": "Because", "idempotencyKey": "k" });
    for (does, name, input, done) in [
        ("role", "ChangeMembership", role, "role-changed"),
        (
            "end",
            "EndMembership",
            known("membership"),
            "membership-ended",
        ),
        ("withdraw", "WithdrawInvitation", withdrawn, "withdrawn"),
        ("revoke", "RevokeToken", revoked, "revoked"),
    ] {
        let ask = taken(json!({}));
        let form = [&[("does", does), ("role", "LEAD")], &about[..]].concat();
        assert_eq!(
            sent(&ask, &form),
            Ok(Reply::Go(format!("{PATH}?done={done}")))
        );
        assert_eq!(ask.sent(), (name.to_owned(), input));
    }
}

#[test]
fn contact_details_are_sent_whole_with_the_version_that_was_seen_or_none() {
    let form = [
        ("does", "contact"),
        ("name", "Data team"),
        ("email", ""),
        ("phone", "1"),
        ("idempotencyKey", "k"),
    ];
    for (version, expected) in [(Some("4"), json!(4)), (None, Value::Null)] {
        let ask = taken(json!({}));
        let versions: Vec<_> = version
            .map(|version| ("version", version))
            .into_iter()
            .collect();
        let form = [&form[..], &versions].concat();
        assert_eq!(
            sent(&ask, &form),
            Ok(Reply::Go(format!("{PATH}?done=contact-saved")))
        );
        let input = json!({ "organisation": "ash", "name": "Data team", "email": null, "phone": "1", "expectedVersion": expected, "idempotencyKey": "k" });
        assert_eq!(ask.sent(), ("UpdateContact".to_owned(), input));
    }
}

#[test]
fn contact_details_that_moved_on_are_shown_beside_what_was_typed() {
    let moved = PageError::Conflict("They are at version 4 by now.".into());
    let ask = Prepared::new(PEOPLE).refusing(moved);
    let form = [
        ("does", "contact"),
        ("name", "My team"),
        ("email", "my@ash.example"),
        ("version", "3"),
    ];
    let (status, html) = page(sent(&ask, &form));
    assert_eq!(status, 409);
    shown(
        &html,
        &[
            "Nothing was changed They are at version 4 by now.",
            "send it again if it is still right",
            "Whom to ask for Data team E-mail data@ash.example",
        ],
    );
    for kept in [
        "value=\"My team\"",
        "value=\"my@ash.example\"",
        "name=\"version\" value=\"4\"",
    ] {
        assert!(html.contains(kept), "{kept}");
    }
    // Only the form that came back is open.
    assert_eq!(html.matches("<details open>").count(), 1);
}

#[test]
fn the_link_of_an_invitation_is_shown_once() {
    let form = [
        ("does", "invite"),
        ("role", "EDITOR"),
        ("email", "cat@ash.example"),
        ("days", "7"),
        ("idempotencyKey", "k"),
    ];
    let invitation = json!({ "expiresAt": "2026-09-07T12:00:00Z" });
    let ask = taken(json!({ "secret": "mhi_1", "invitation": invitation }));
    let (status, html) = page(sent(&ask, &form));
    assert_eq!(status, 200);
    let input = json!({ "organisation": "ash", "role": "EDITOR", "email": "cat@ash.example", "days": 7, "idempotencyKey": "k" });
    assert_eq!(ask.sent(), ("InviteMember".to_owned(), input));
    shown(
        &html,
        &[
            "Copy this link now and send it to cat@ash.example.",
            "https://manyhands.example/invitation/mhi_1",
            "It can be answered until 7 September 2026, 12:00 UTC.",
        ],
    );
    let ask = taken(json!({ "secret": null, "invitation": invitation }));
    let (_, html) = page(sent(&ask, &form));
    shown(
        &html,
        &[
            "This form was sent twice.",
            "withdraw the invitation and make a new one",
        ],
    );
}

#[test]
fn the_secret_of_a_token_is_shown_once() {
    let form = [
        ("does", "issue"),
        ("name", "nightly"),
        ("role", "EDITOR"),
        ("scopes", "READ"),
        ("scopes", "ADOPTION"),
        ("days", ""),
        ("idempotencyKey", "k"),
    ];
    let token = json!({ "name": "nightly", "expiresAt": "2027-08-31T12:00:00Z" });
    let ask = taken(json!({ "secret": "mht_1", "token": token }));
    let (status, html) = page(sent(&ask, &form));
    assert_eq!(status, 200);
    // How long it holds if nobody says is the API's to choose.
    let input = json!({ "organisation": "ash", "name": "nightly", "role": "EDITOR", "scopes": ["READ", "ADOPTION"], "idempotencyKey": "k" });
    assert_eq!(ask.sent(), ("IssueToken".to_owned(), input));
    shown(
        &html,
        &[
            "Copy the secret of “nightly” now",
            "mht_1",
            "It works until 31 August 2027, 12:00 UTC",
        ],
    );
    let ask = taken(json!({ "secret": null, "token": token }));
    shown(
        &page(sent(&ask, &form)).1,
        &["revoke the token and issue a new one"],
    );
}

#[test]
fn a_form_with_a_fault_comes_back_with_what_was_typed_and_the_fault_beside_it() {
    let fault = json!({ "path": ["input", "email"], "code": "BAD_INPUT", "message": "This is not an address." });
    let ask = Prepared::new(PEOPLE)
        .changing(json!({ "secret": null, "invitation": null, "userErrors": [fault] }));
    let form = [
        ("does", "invite"),
        ("role", "SIGNATORY"),
        ("email", "cat@"),
        ("days", "3"),
    ];
    let (status, html) = page(sent(&ask, &form));
    assert_eq!(status, 422);
    shown(&html, &["Nothing was changed This is not an address."]);
    for kept in [
        "value=\"SIGNATORY\" checked",
        "value=\"cat@\"",
        "value=\"3\"",
        "href=\"#invite-0-email\"",
        "aria-describedby=\"invite-0-email-wrong invite-0-email-hint\"",
        "aria-invalid=\"true\"",
    ] {
        assert!(html.contains(kept), "{kept}");
    }
}

#[test]
fn what_can_be_seen_to_be_missing_is_said_before_anything_is_sent() {
    let scoped = ("scopes", "READ");
    for (form, fault) in [
        (vec![("does", "invite")], "Choose a role."),
        (
            vec![("does", "invite"), ("role", "LEAD"), ("days", "soon")],
            "Write a whole number",
        ),
        (
            vec![("does", "issue"), ("name", "x"), ("role", "LEAD")],
            "Tick at least one.",
        ),
        (
            vec![("does", "issue"), ("role", "LEAD"), scoped],
            "Write what the token is for.",
        ),
    ] {
        let ask = taken(json!({}));
        let (status, html) = page(sent(&ask, &form));
        assert_eq!(status, 422);
        shown(&html, &[fault]);
        assert!(ask.changes.borrow().is_empty(), "{fault}");
    }
}

#[test]
fn a_refusal_is_a_page_of_its_own() {
    let refused = PageError::Forbidden("You may not manage members here. Ask a lead.".into());
    let ask = Prepared::new(PEOPLE).refusing(refused.clone());
    let form = [("does", "end"), ("about", "m1"), ("version", "3")];
    assert_eq!(sent(&ask, &form), Err(refused.clone()));
    shown(
        &error_page(&refused, &ann(PATH)),
        &["You may not do that You may not manage members here. Ask a lead."],
    );
}
