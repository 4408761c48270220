//! What the page of activity shows of the record and asks for.

use dashboard::*;
use serde_json::{Value, json};

use crate::asked::{Prepared, context, now, words};
use crate::rendered::shown;

pub const ACTIVITY: &str = include_str!("answers/activity.json");

fn page(ask: &Prepared, params: &ActivityParams) -> Result<String, PageError> {
    now(activity(ask, &context("/activity"), params))
}

#[test]
fn each_change_says_who_did_what_to_which_thing_when_and_why_the_newest_first() {
    let page = page(&Prepared::new(ACTIVITY), &ActivityParams::default()).unwrap();
    shown(
        &page,
        &[
            "The operator took away a group: Coastal councils",
            "A person of the unit changed an organisation: Elm Council",
            "A machine of Ash Council added an adoption: Ash Council, Trees & hedges Why: Asked by the auditor",
            "31 August 2026, 09:30 UTC · number 42 · Proof of change 42",
            "The job adoption_snapshot added a kept figure: Trees & hedges",
        ],
    );
    let words = words(&page);
    let place = |text: &str| words.find(text).unwrap();
    assert!(place("number 44") < place("number 43") && place("number 42") < place("number 41"));
    for href in [
        "/organisations/ash",
        "/standards/trees",
        "/record/proof/2",
        "/record",
    ] {
        assert!(page.contains(&format!("href=\"{href}\"")), "{href}");
    }
    assert!(page.contains("href=\"/activity\" aria-current=\"page\""));
}

#[test]
fn what_became_different_is_a_table_of_the_fields_that_did() {
    let page = page(&Prepared::new(ACTIVITY), &ActivityParams::default()).unwrap();
    shown(
        &page,
        &[
            "Field Before After name Elm Elm Council version 1 2 Recorded as done by person:9. Hash: cc33",
            "Field Value note <b>well</b> state ADOPTED Recorded as done by token:7. Hash: bb22",
            "Field Value name Coastal councils Recorded",
        ],
    );
    assert!(!page.contains("<b>"));
}

#[test]
fn the_newest_changes_are_asked_for_and_then_those_before_or_after_a_cursor() {
    let asked = |after: Option<&str>, before: Option<&str>| {
        let ask = Prepared::new(ACTIVITY);
        let params = ActivityParams {
            after: after.map(Into::into),
            before: before.map(Into::into),
            ..Default::default()
        };
        let page = page(&ask, &params).unwrap();
        let asked = ["first", "after", "last", "before"].map(|name| ask.variable(name));
        (asked, page)
    };
    let none = Value::Null;
    let (variables, page) = asked(None, None);
    assert_eq!(
        variables,
        [none.clone(), none.clone(), json!(50), none.clone()]
    );
    assert!(page.contains("rel=\"next\" href=\"/activity?before=s1\""));
    assert!(!page.contains("rel=\"prev\""));
    let (variables, page) = asked(None, Some("b"));
    assert_eq!(
        variables,
        [none.clone(), none.clone(), json!(50), json!("b")]
    );
    assert!(page.contains("rel=\"prev\" href=\"/activity?after=e1\""));
    let (variables, _) = asked(Some("a"), None);
    assert_eq!(variables, [json!(50), json!("a"), none.clone(), none]);
}

#[test]
fn changes_are_chosen_by_organisation_kind_and_day() {
    let ask = Prepared::new(ACTIVITY);
    let params = ActivityParams {
        organisation: Some(" E07000223 ".into()),
        kind: Some("adoption_event".into()),
        day: Some("2026-08-31".into()),
        ..Default::default()
    };
    let shown_page = page(&ask, &params).unwrap();
    assert_eq!(
        ask.variable("filter"),
        json!({
            "organisation": "E07000223", "thingKind": "adoption_event",
            "sealedFrom": "2026-08-31T00:00:00Z", "sealedBefore": "2026-09-01T00:00:00Z",
        })
    );
    assert!(shown_page.contains("<option value=\"adoption_event\" selected>Adoption</option>"));
    let kept = "organisation=E07000223&#38;kind=adoption_event&#38;day=2026-08-31&#38;before=s1";
    assert!(shown_page.contains(&format!("/activity?{kept}\"")));
    for wrong in [
        ActivityParams {
            kind: Some("colour".into()),
            ..Default::default()
        },
        ActivityParams {
            day: Some("31/08/2026".into()),
            ..Default::default()
        },
    ] {
        assert_eq!(page(&ask, &wrong).unwrap_err().status(), 400);
    }
}

#[test]
fn a_day_without_changes_says_so_and_leads_on() {
    let info = json!({ "hasNextPage": false, "hasPreviousPage": false, "startCursor": null, "endCursor": "e" });
    let empty = json!({ "changes": { "pageInfo": info, "nodes": [] } });
    let params = ActivityParams {
        day: Some("2020-01-01".into()),
        ..Default::default()
    };
    let page = page(&Prepared::with(empty), &params).unwrap();
    shown(&page, &["No change of 1 January 2020 is shown here."]);
}
