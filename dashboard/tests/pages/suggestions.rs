//! Questions and ideas: handed in by anybody, kept from programs that fill in everything, answered by the unit.

use dashboard::*;
use serde_json::{Value, json};

use crate::account::{fields, page};
use crate::asked::{Prepared, ann, context, now, words};
use crate::projects::deeds;
use crate::rendered::shown;

pub const PROBLEM: &str = include_str!("answers/problem.json");
const PATH: &str = "/problems/late-plans";
const RECEIPT: &str = "mhr_0a";
const FORM: [(&str, &str); 5] = [
    ("does", "suggest"),
    ("kind", "IDEA"),
    ("text", " Ask us <first>. "),
    ("website", ""),
    ("idempotencyKey", "k"),
];

fn at_a_problem(context: &PageContext) -> String {
    let ask = Prepared::new(PROBLEM);
    let page = now(problem(&ask, context, "late-plans", &Default::default()));
    match page.unwrap() {
        Shown::Page(html) => html,
        Shown::Moved(to) => panic!("moved to {to}"),
    }
}

fn taking() -> Prepared {
    Prepared::new(PROBLEM).changing(json!({"receipt": RECEIPT, "userErrors": []}))
}

fn suggestion_answer(state: &str, answer: Option<&str>) -> Value {
    json!({"suggestion": {
        "kind": "QUESTION", "text": "Why <not> sooner?", "state": state, "answer": answer,
        "answeredAt": answer.map(|_| "2026-06-02T10:00:00Z"), "createdAt": "2026-06-01T10:00:00Z",
        "problem": {"slug": "late-plans", "title": "Plans come <late>"},
    }})
}

#[test]
fn whoever_is_not_signed_in_can_hand_something_in_and_do_nothing_else() {
    let html = at_a_problem(&context(PATH));
    assert_eq!(deeds(&html), ["suggest"]);
    assert!(html.contains("action=\"/problems/late-plans/suggestions\""));
    assert!(html.contains("name=\"shown\" value=\"sealed\""));
    assert!(!html.contains("name=\"csrf\""), "nobody has a session");
    let private = at_a_problem(&ann(PATH));
    assert!(private.contains("name=\"csrf\" value=\"c5rf\""));
    shown(&html, &["Why <not> sooner?", "Soon."]);
}

#[test]
fn the_field_for_programs_is_out_of_sight_and_out_of_the_order_of_keys() {
    let html = at_a_problem(&context(PATH));
    let trap = html.split("<div class=\"trap\">").nth(1).unwrap();
    let trap = trap.split("</div>").next().unwrap();
    assert!(trap.contains("name=\"website\" value=\"\" tabindex=\"-1\" autocomplete=\"off\""));
    assert_eq!(words(trap), "Leave this empty");
    let rule = STYLE.split(".trap {").nth(1).unwrap();
    assert!(rule.split('}').next().unwrap().contains("left: -100vw"));
}

#[test]
fn what_is_handed_in_leads_to_its_receipt() {
    let ask = taking();
    let at = context(PATH);
    let reply = now(suggest_form(&ask, &at, "late-plans", &fields(&FORM), true));
    let to = format!("/suggestions/{RECEIPT}?done=suggested");
    assert_eq!(reply, Ok(Reply::Go(to)));
    let input = json!({"kind": "IDEA", "problem": "late-plans", "text": " Ask us <first>. ", "idempotencyKey": "k"});
    assert_eq!(ask.sent(), ("Suggest".to_owned(), input));
    // Sent twice by somebody who is signed in: the secret was shown the first time.
    let again = Prepared::new(PROBLEM).changing(json!({"receipt": null, "userErrors": []}));
    let reply = now(suggest_form(
        &again,
        &at,
        "late-plans",
        &fields(&FORM),
        true,
    ));
    assert_eq!(
        reply,
        Ok(Reply::Go("/problems/late-plans?done=suggested".into()))
    );
}

#[test]
fn what_no_person_filled_in_is_sent_nowhere_and_can_be_sent_once_more() {
    let mut trapped = FORM;
    trapped[3].1 = "https://spam.example";
    for (form, in_time, told) in [
        (
            trapped,
            true,
            "The field that is to stay empty was filled in.",
        ),
        (FORM, false, "The form came faster than anybody writes"),
    ] {
        let ask = taking();
        let reply = now(suggest_form(
            &ask,
            &context(PATH),
            "late-plans",
            &fields(&form),
            in_time,
        ));
        let (status, html) = page(reply);
        assert_eq!(status, 422);
        assert!(ask.changes.borrow().is_empty(), "{told}");
        shown(&html, &["Nothing was changed", told, "Ask us <first>."]);
        assert!(!html.contains("spam.example"), "the field is empty again");
        assert!(html.contains("name=\"shown\" value=\"sealed\""));
    }
    let other = now(suggest_form(
        &taking(),
        &context(PATH),
        "late-plans",
        &fields(&[("does", "move")]),
        true,
    ));
    assert_eq!(other, Err(PageError::NotFound));
}

#[test]
fn what_is_wrong_with_a_suggestion_is_said_at_its_field() {
    let errors = json!([{"path": ["input", "text"], "code": "BAD_INPUT", "message": "Write your question or idea."}]);
    let ask = Prepared::new(PROBLEM).changing(json!({"receipt": null, "userErrors": errors}));
    let reply = now(suggest_form(
        &ask,
        &context(PATH),
        "late-plans",
        &fields(&FORM),
        true,
    ));
    let (status, html) = page(reply);
    assert_eq!(status, 422);
    assert!(html.contains("href=\"#suggest-0-text\""));
    shown(&html, &["Wrong: Write your question or idea."]);
}

#[test]
fn a_receipt_shows_the_answer_and_its_address_only_at_first() {
    let look = |answer: Value, done: Option<&str>| {
        let params = DoneParams {
            done: done.map(str::to_owned),
        };
        let at = context(&format!("/suggestions/{RECEIPT}"));
        now(suggestion(&Prepared::with(answer), &at, RECEIPT, &params))
    };
    let address = format!("https://manyhands.example/suggestions/{RECEIPT}");
    let first = look(suggestion_answer("AWAITING", None), Some("suggested")).unwrap();
    shown(
        &first,
        &[
            "Your question",
            "It is handed in.",
            &address,
            "Why <not> sooner?",
            "Waits for an answer",
        ],
    );
    let later = look(suggestion_answer("ANSWERED", Some("Soon.")), None).unwrap();
    shown(&later, &["Answered at 2 June 2026", "Soon."]);
    assert!(
        !later.contains(RECEIPT),
        "the page does not repeat its secret"
    );
    let none = look(json!({"suggestion": null}), None);
    assert_eq!(none, Err(PageError::NotFound));
}

fn list(state: &str, actions: &[&str]) -> Value {
    json!({
        "viewer": {"may": {"actions": actions, "sights": ["SUGGESTIONS"]}},
        "suggestions": {
            "totalCount": 1, "pageInfo": {"hasNextPage": false, "endCursor": null},
            "nodes": [{
                "id": "s1", "kind": "QUESTION", "text": "Why <not> sooner?", "state": state, "answer": null,
                "answeredAt": null, "createdAt": "2026-06-01T10:00:00Z", "version": 3,
                "problem": {"slug": "late-plans", "title": "Plans come <late>"}, "organisation": null,
            }],
        },
    })
}

#[test]
fn the_unit_sees_what_waits_with_a_form_for_each_thing_it_can_become() {
    let look = |answer: Value, state: Option<&str>| {
        let ask = Prepared::with(answer);
        let params = SuggestionsParams {
            state: state.map(str::to_owned),
            ..SuggestionsParams::default()
        };
        let html = now(suggestions(&ask, &ann("/unit/suggestions"), &params)).unwrap();
        (ask.variable("state"), html)
    };
    let (state, html) = look(list("AWAITING", &["MODERATE"]), None);
    assert_eq!(state, json!("AWAITING"));
    assert_eq!(deeds(&html), ["answer", "decline", "spam"]);
    shown(
        &html,
        &[
            "1 suggestion",
            "Why <not> sooner?",
            "about Plans come <late>",
        ],
    );
    let (state, html) = look(list("SPAM", &["MODERATE"]), Some("SPAM"));
    assert_eq!(state, json!("SPAM"));
    assert_eq!(deeds(&html), ["answer", "decline"]);
    let (_, html) = look(list("AWAITING", &[]), None);
    assert_eq!(deeds(&html), Vec::<&str>::new());
    let refused = Prepared::saying(Err(PageError::Unauthenticated));
    let page = now(suggestions(
        &refused,
        &context("/unit/suggestions"),
        &Default::default(),
    ));
    assert_eq!(page, Err(PageError::Unauthenticated));
}

#[test]
fn each_answer_is_one_mutation_with_the_version_that_was_seen() {
    let about = [
        ("about", "s1"),
        ("version", "3"),
        ("listed", "AWAITING"),
        ("answer", "Soon."),
        ("idempotencyKey", "k"),
    ];
    let at = ann("/unit/suggestions");
    for (does, state, done) in [
        ("answer", "ANSWERED", "suggestion-answered"),
        ("decline", "DECLINED", "suggestion-declined"),
        ("spam", "SPAM", "suggestion-spam"),
    ] {
        let ask =
            Prepared::with(list("AWAITING", &["MODERATE"])).changing(json!({"userErrors": []}));
        let form = [&[("does", does)], &about[..]].concat();
        let reply = now(suggestions_form(&ask, &at, &fields(&form)));
        let to = format!("/unit/suggestions?state=AWAITING&done={done}");
        assert_eq!(reply, Ok(Reply::Go(to)));
        let input = json!({"suggestion": "s1", "state": state, "answer": "Soon.", "expectedVersion": 3, "idempotencyKey": "k"});
        assert_eq!(ask.sent(), ("AnswerSuggestion".to_owned(), input));
    }
    let moved = PageError::Conflict("It is at version 4 by now.".into());
    let ask = Prepared::with(list("AWAITING", &["MODERATE"])).refusing(moved);
    let form = [&[("does", "answer")], &about[..]].concat();
    let (status, html) = page(now(suggestions_form(&ask, &at, &fields(&form))));
    assert_eq!(status, 409);
    shown(
        &html,
        &["Nothing was changed", "It is at version 4 by now.", "Soon."],
    );
}
