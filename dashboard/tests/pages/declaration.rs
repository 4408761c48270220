//! The declaration: what it shows to whom, and what its forms send.

use dashboard::*;
use serde_json::json;

use crate::account::{fields, page};
use crate::asked::{Prepared, ann, context, now};
use crate::rendered::shown;

const DECLARATION: &str = include_str!("answers/declaration.json");

fn sent(ask: &Prepared, pairs: &[(&str, &str)]) -> Result<Reply, PageError> {
    now(declaration_form(ask, &ann("/declaration"), &fields(pairs)))
}

#[test]
fn everybody_sees_the_text_who_signed_and_the_rate_with_its_n() {
    let ask = Prepared::new(DECLARATION);
    let at = context("/declaration");
    let html = now(declaration(&ask, &at, &Default::default())).unwrap();
    shown(
        &html,
        &[
            "Version 2, published on 1 January 2026",
            "We say which problems we have.",
            "2 organisations",
            "38% kept on time: 3 of 8 that ended or are overdue, on 1 March 2026.",
            "Overdue 1",
            "Version 1: Solve it once published on 1 January 2025, signed by 1",
        ],
    );
    assert!(html.contains("We publish &#60;what&#62; we make."));
    assert!(!html.contains("name=\"csrf\""), "the public sends no form");
}

#[test]
fn signatories_and_leads_have_the_forms_of_their_bodies() {
    let ask = Prepared::new(DECLARATION);
    let html = now(declaration(&ask, &ann("/declaration"), &Default::default())).unwrap();
    // Ash signed: withdraw, promise, and one to settle; Birch did not: sign and promise.
    for (does, count) in [
        ("sign", 1),
        ("withdraw-signature", 1),
        ("commit", 2),
        ("settle", 1),
    ] {
        let field = format!("name=\"does\" value=\"{does}\"");
        assert_eq!(html.matches(&field).count(), count, "{does}");
    }
    assert!(!html.contains("Cedar"), "an editor signs nothing");
}

#[test]
fn a_form_sends_its_input_and_what_is_missing_is_said() {
    let ask = Prepared::new(DECLARATION).changing(json!({ "userErrors": [] }));
    let done = sent(
        &ask,
        &[
            ("does", "withdraw-signature"),
            ("about", "g1"),
            ("version", "1"),
            ("reason", "We merge."),
            ("idempotencyKey", "k"),
        ],
    );
    assert_eq!(
        done,
        Ok(Reply::Go(
            "/declaration?done=signature-withdrawn".to_owned()
        ))
    );
    let changes = ask.changes.borrow();
    assert_eq!(
        changes[0].1,
        json!({ "signature": "g1", "reason": "We merge.", "expectedVersion": 1, "idempotencyKey": "k" })
    );
    drop(changes);
    let commit = [
        ("does", "commit"),
        ("about", "ash"),
        ("text", "Share."),
        ("dueOn", ""),
    ];
    let (status, html) = page(sent(&ask, &commit));
    assert_eq!(status, 422);
    shown(&html, &["Choose a day that is still to come."]);
    assert!(html.contains("value=\"Share.\""));
    let unknown = sent(&ask, &[("does", "dance")]);
    assert_eq!(unknown, Err(PageError::NotFound));
}

#[test]
fn the_link_of_a_digest_asks_first_and_needs_no_account() {
    let at = context("/unsubscribe/mhu_x");
    let ask = Unsubscribe::Ask {
        action: "/unsubscribe/mhu_x".to_owned(),
    };
    let html = unsubscribe(&ask, &at);
    assert_eq!(
        html.matches("<form method=\"post\" action=\"/unsubscribe/mhu_x\"")
            .count(),
        1
    );
    assert!(!unsubscribe(&Unsubscribe::Ended, &at).contains("mhu_x"));
    shown(
        &unsubscribe(&Unsubscribe::Dead, &at),
        &["This link ends nothing"],
    );
}
