//! What the lists of standards and organisations, and the page of one organisation, show and ask for.

use dashboard::*;
use serde_json::{Value, json};

use crate::asked::{Prepared, context, now};
use crate::rendered::{ORGANISATION, ORGANISATIONS, STANDARDS, shown};

#[test]
fn standards_are_searched_by_words_and_stage_a_page_at_a_time() {
    let params = StandardsParams {
        text: Some(" trees ".into()),
        stage: Some("TRIAL".into()),
        before: Some("b".into()),
        ..Default::default()
    };
    let ask = Prepared::new(STANDARDS);
    let page = now(standards(&ask, &context("/standards"), &params)).unwrap();
    assert_eq!(
        ask.variable("filter"),
        json!({ "text": "trees", "stage": ["TRIAL"] })
    );
    assert_eq!(
        (ask.variable("first"), ask.variable("last")),
        (Value::Null, json!(25))
    );
    shown(
        &page,
        &[
            "27 standards found",
            "Trees Where the trees are. Data standard Trial",
        ],
    );
    assert!(page.contains("href=\"/standards?text=trees&#38;stage=TRIAL&#38;after=e1\""));
    assert!(page.contains("<option value=\"TRIAL\" selected>"));
}

#[test]
fn organisations_are_those_open_today_unless_the_day_is_emptied() {
    let asked = |open_on: Option<&str>| {
        let ask = Prepared::new(ORGANISATIONS);
        let params = OrganisationsParams {
            open_on: open_on.map(Into::into),
            ..Default::default()
        };
        let page = now(organisations(&ask, &context("/organisations"), &params)).unwrap();
        (ask.variable("asOf"), page)
    };
    let (day, page) = asked(None);
    assert_eq!(day, json!("2026-08-31"));
    shown(
        &page,
        &[
            "2 organisations open on 31 August 2026",
            "Ash Council Council Unitary England South West 571,547 1 April 2025 open",
            "Elm Council Council not known not recorded 1 April 2025",
        ],
    );
    let (day, page) = asked(Some(""));
    assert_eq!(day, Value::Null);
    shown(&page, &["2 organisations, open or closed"]);
    assert_eq!(asked(Some("2019-01-01")).0, json!("2019-01-01"));
}

#[test]
fn organisations_are_chosen_by_nation_region_and_tier() {
    let params = OrganisationsParams {
        nation: Some("ENGLAND".into()),
        region: Some("South West".into()),
        tier: Some("UNITARY".into()),
        order: Some("POPULATION".into()),
        ..Default::default()
    };
    let ask = Prepared::new(ORGANISATIONS);
    let page = now(organisations(&ask, &context("/organisations"), &params)).unwrap();
    let filter = json!({ "nation": "ENGLAND", "region": "South West", "tier": "UNITARY" });
    assert_eq!(
        (ask.variable("filter"), ask.variable("orderBy")),
        (filter, json!("POPULATION"))
    );
    assert!(page.contains("<option value=\"South West\" selected>"));
}

#[test]
fn an_organisation_is_shown_with_its_life_and_where_it_stands() {
    let ask = Prepared::new(ORGANISATION);
    let page = now(organisation(
        &ask,
        &context("/organisations/ash"),
        "ash",
        &Default::default(),
    ))
    .unwrap();
    shown(
        &page,
        &[
            "Population 571,547",
            "Opened 1 April 2025 Closed still open",
            "GSS code E06000999 register code ASHX another code for it",
            "Came from Elm Council Merger, 1 April 2025 Gave way to no other body on record",
            "Trees Adopted 1 February 2025",
            "Ponds Unknown nothing recorded",
        ],
    );
}

#[test]
fn a_closed_organisation_says_so_and_leads_to_what_followed() {
    let mut answer: Value = serde_json::from_str(ORGANISATION).unwrap();
    answer["organisation"]["closedOn"] = json!("2026-04-01");
    let successor = |slug: &str, name: &str| json!({ "on": "2026-04-01", "kind": "SPLIT", "successor": { "slug": slug, "name": name } });
    answer["organisation"]["successors"] =
        json!([successor("n", "North"), successor("s", "South")]);
    let page = now(organisation(
        &Prepared::with(answer),
        &context("/"),
        "ash",
        &Default::default(),
    ))
    .unwrap();
    shown(
        &page,
        &["This body closed on 1 April 2026. It gave way to North and South."],
    );
}
