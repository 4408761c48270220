//! Writing the text of a problem anew: filled with what stands, sent with the version that was seen.

use dashboard::*;
use serde_json::{Value, json};

use crate::account::{fields, page};
use crate::asked::{Prepared, ann, context, now};
use crate::projects::deeds;
use crate::rendered::shown;
use crate::suggestions::PROBLEM;

const PATH: &str = "/problems/late-plans/edit";
const FORM: [(&str, &str); 12] = [
    ("does", "revise"),
    ("title", "Plans come later"),
    ("summary", "Still nobody has them."),
    ("why", ""),
    ("affected", " Everybody. "),
    ("burden", ""),
    ("service", ""),
    ("standard", "plans"),
    ("tags", "plans, , late"),
    ("note", "Told more"),
    ("version", "4"),
    ("idempotencyKey", "k"),
];

fn text(may_revise: bool) -> Value {
    let service = |code: &str, name: &str| json!({"code": code, "name": name});
    json!({
        "services": [{"name": "Planning", "services": [service("P1", "Plans"), service("P2", "Trees")]}],
        "problem": {
            "slug": "late-plans", "title": "Plans come <late>", "summary": "Nobody has them.", "why": "It costs.",
            "affected": "Everybody.", "burden": "Ten days.", "tags": ["plans", "maps"], "version": 4,
            "mayRevise": may_revise, "service": {"code": "P2"}, "standard": {"slug": "trees"}, "mergedInto": null,
        },
    })
}

fn look(answer: Value) -> Result<Shown, PageError> {
    now(edit_problem(
        &Prepared::with(answer),
        &ann(PATH),
        "late-plans",
    ))
}

fn html(shown: Result<Shown, PageError>) -> String {
    match shown {
        Ok(Shown::Page(html)) => html,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_form_holds_the_text_that_stands_and_its_version() {
    let html = html(look(text(true)));
    assert_eq!(deeds(&html), ["revise"]);
    for held in [
        "name=\"title\" value=\"Plans come &#60;late&#62;\"",
        ">Nobody has them.</textarea>",
        ">It costs.</textarea>",
        ">Everybody.</textarea>",
        ">Ten days.</textarea>",
        "<option value=\"P2\" selected>",
        "name=\"tags\" value=\"plans, maps\"",
        "name=\"standard\" value=\"trees\"",
        "name=\"version\" value=\"4\"",
    ] {
        assert!(html.contains(held), "{held}");
    }
    assert_eq!(html.matches(" selected>").count(), 1);
}

#[test]
fn only_those_who_may_write_at_it_get_the_form_and_the_way_to_it() {
    assert_eq!(deeds(&html(look(text(false)))), Vec::<&str>::new());
    let public = context(PATH);
    let refused = now(edit_problem(&Prepared::with(text(true)), &public, "x"));
    assert_eq!(refused, Err(PageError::Unauthenticated));
    let mut answer: Value = serde_json::from_str(PROBLEM).unwrap();
    for may in [true, false] {
        answer["problem"]["mayRevise"] = json!(may);
        let ask = Prepared::with(answer.clone());
        let none = DoneParams::default();
        let html = html(now(problem(&ask, &ann(PATH), "late-plans", &none)));
        assert_eq!(html.contains(&format!("href=\"{PATH}\"")), may);
    }
}

#[test]
fn a_problem_that_was_merged_is_written_where_it_goes_on() {
    let mut answer = text(true);
    answer["problem"]["mergedInto"] = json!({"slug": "plans-again"});
    assert_eq!(
        look(answer),
        Ok(Shown::Moved("/problems/plans-again".into()))
    );
    let none = json!({"services": [], "problem": null});
    assert_eq!(look(none), Err(PageError::NotFound));
}

#[test]
fn what_was_emptied_is_sent_as_empty_and_not_left_as_it_stood() {
    let ask = Prepared::with(text(true)).changing(json!({"userErrors": []}));
    let reply = now(edit_form(&ask, &ann(PATH), "late-plans", &fields(&FORM)));
    let to = "/problems/late-plans?done=problem-revised";
    assert_eq!(reply, Ok(Reply::Go(to.into())));
    let input = json!({
        "problem": "late-plans", "expectedVersion": 4, "title": "Plans come later", "summary": "Still nobody has them.",
        "why": "", "affected": "Everybody.", "burden": "", "service": "", "standard": "plans", "tags": ["plans", "late"],
        "note": "Told more", "idempotencyKey": "k",
    });
    assert_eq!(ask.sent(), ("ReviseProblem".to_owned(), input));
}

#[test]
fn a_text_that_moved_on_is_not_overwritten_and_what_was_typed_stays() {
    let moved = PageError::Conflict("It is at version 5 by now.".into());
    let ask = Prepared::with(text(true)).refusing(moved);
    let reply = now(edit_form(&ask, &ann(PATH), "late-plans", &fields(&FORM)));
    let (status, html) = page(reply);
    assert_eq!(status, 409);
    shown(
        &html,
        &["Nothing was changed", "It is at version 5 by now."],
    );
    assert!(html.contains("value=\"Plans come later\""));
    assert!(html.contains("name=\"note\" value=\"Told more\""));
}
