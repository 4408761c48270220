//! What a project asks of others and the flags at it: what everybody sees, who may offer or answer, and what is sent.

use dashboard::*;
use serde_json::{Value, json};

use crate::account::fields;
use crate::asked::{Prepared, ann, context, now, words};
use crate::projects::{PROJECT, deeds};
use crate::rendered::shown;

const PATH: &str = "/projects/one-register";

/// The project with an ask and two flags, as somebody of this organisation sees it, who may lead it or not.
fn asking(slug: &str, lead: bool) -> Value {
    let mut answer: Value = serde_json::from_str(PROJECT).unwrap();
    answer["viewer"]["memberships"][0]["organisation"] =
        json!({"slug": slug, "name": "Own <Council>"});
    let project = &mut answer["project"];
    project["mayLead"] = json!(lead);
    project["asks"] = json!([
        {"id": "a1", "kind": "DATA", "text": "Ten <plans>", "state": "OPEN", "version": 2, "told": [
            {"reason": "CAN_HELP", "offer": null, "organisation": {"slug": "elm", "name": "Elm Council"}},
            {"reason": "CAME_FORWARD", "offer": "Two plans", "organisation": {"slug": "fir", "name": "Fir Council"}},
        ]},
        {"id": "a2", "kind": "MONEY", "text": "A desk", "state": "CLOSED", "version": 3, "told": []},
    ]);
    let flag = |id: &str, answer: Value, cleared: Value| {
        json!({"id": id, "kind": "GREEN_BUT_SLIPPING", "evidence": ["First use slipped 31 days."],
            "raisedAt": "2026-08-02T10:00:00Z", "answer": answer, "clearedAt": cleared, "version": 5})
    };
    project["flags"] = json!([
        flag("f1", json!(null), json!(null)),
        flag("f2", json!("We know <it>."), json!(null)),
        flag("f3", json!(null), json!("2026-08-20T10:00:00Z")),
    ]);
    answer
}

fn look(answer: Value, at: &PageContext) -> String {
    let ask = Prepared::with(answer);
    now(project(&ask, at, "one-register", &Default::default())).unwrap()
}

/// How many forms of the page do this.
fn count(page: &str, does: &str) -> usize {
    deeds(page).iter().filter(|one| **one == does).count()
}

#[test]
fn everybody_sees_what_is_asked_and_which_flags_are_up() {
    let html = look(asking("elm", false), &context(PATH));
    shown(
        &html,
        &[
            "Data Ten <plans> Open told to 1 Fir Council (came forward) offers: Two plans",
            "Green, but slipping First use slipped 31 days. Raised on 2 August 2026; the lead has not answered.",
            "The lead answers: We know <it>.",
        ],
    );
    assert_eq!(
        words(&html).matches("First use slipped").count(),
        2,
        "one is cleared"
    );
    assert_eq!(deeds(&html), Vec::<&str>::new());
}

#[test]
fn help_is_offered_once_by_those_who_do_not_lead_and_only_while_it_is_asked_for() {
    for (slug, offers) in [("elm", 1), ("fir", 0), ("ash", 0)] {
        let html = look(asking(slug, false), &ann(PATH));
        assert_eq!(count(&html, "offer"), offers, "{slug}");
        assert_eq!(count(&html, "flag"), 0, "{slug}");
    }
}

#[test]
fn a_lead_answers_each_flag_that_is_up_once() {
    assert_eq!(count(&look(asking("ash", true), &ann(PATH)), "flag"), 1);
}

#[test]
fn an_offer_and_an_answer_are_one_mutation_each() {
    let about = [("about", "x1"), ("version", "5"), ("idempotencyKey", "k")];
    type Sent = &'static [(&'static str, &'static str)];
    let cases: [(Sent, &str, Value, &str); 2] = [
        (
            &[
                ("does", "offer"),
                ("organisation", "elm"),
                ("text", "Our plans"),
            ],
            "OfferHelp",
            json!({"ask": "x1", "organisation": "elm", "text": "Our plans", "idempotencyKey": "k"}),
            "help-offered",
        ),
        (
            &[("does", "flag"), ("answer", "We know.")],
            "AnswerFlag",
            json!({"flag": "x1", "answer": "We know.", "expectedVersion": 5, "idempotencyKey": "k"}),
            "flag-answered",
        ),
    ];
    for (form, name, input, done) in cases {
        let ask = Prepared::with(asking("elm", true)).changing(json!({"userErrors": []}));
        let form = fields(&[form, &about].concat());
        let reply = now(project_form(&ask, &ann(PATH), "one-register", &form));
        assert_eq!(reply, Ok(Reply::Go(format!("{PATH}?done={done}"))));
        assert_eq!(ask.sent(), (name.to_owned(), input));
    }
}

#[test]
fn an_offer_that_says_nothing_stays_where_it_was_written() {
    let ask = Prepared::with(asking("elm", false));
    let form = fields(&[("does", "offer"), ("about", "a1"), ("text", " ")]);
    let reply = now(project_form(&ask, &ann(PATH), "one-register", &form)).unwrap();
    let Reply::Page { status: 422, html } = reply else {
        panic!("{reply:?}");
    };
    assert!(ask.changes.borrow().is_empty());
    assert!(html.contains("href=\"#offer-0-text\""));
    shown(
        &html,
        &["Nothing was changed", "Wrong: Say what you offer."],
    );
}
