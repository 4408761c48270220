//! What the pages of figures show of an answer and ask for, and what they say when there is none.

use dashboard::*;
use serde_json::{Value, json};

use crate::asked::{Prepared, context, now, words};

pub const HOME: &str = include_str!("answers/home.json");
pub const STANDARDS: &str = include_str!("answers/standards.json");
pub const STANDARD: &str = include_str!("answers/standard.json");
pub const EVIDENCE: &str = include_str!("answers/evidence.json");
pub const ORGANISATIONS: &str = include_str!("answers/organisations.json");
pub const ORGANISATION: &str = include_str!("answers/organisation.json");

pub fn shown(page: &str, expected: &[&str]) {
    let words = words(page);
    for text in expected {
        assert!(words.contains(text), "“{text}” is not in: {words}");
    }
}

fn standard_page(ask: &Prepared, params: &StandardParams) -> String {
    now(standard(ask, &context("/standards/trees"), "trees", params)).unwrap()
}

#[test]
fn the_front_page_shows_every_rate_with_its_denominator_and_unknown() {
    let page = now(home(&Prepared::new(HOME), &context("/"))).unwrap();
    shown(
        &page,
        &[
            "organisations open today 1,402",
            "Adoption on 31 August 2026.",
            "Trees & hedges 51.7% 620 / 1,240 300 40 Required",
            "Ponds no body is eligible 0 / 0 0 0 Proposed",
            "Adoption on a date, version 3",
            "These are the first 2 of 3.",
        ],
    );
}

#[test]
fn the_headline_of_a_standard_comes_with_all_that_a_figure_needs() {
    let page = standard_page(&Prepared::new(STANDARD), &StandardParams::default());
    shown(
        &page,
        &[
            "51.7% On 31 August 2026, 620 of 1,200 bodies had adopted it. 1,240 were eligible and 40 of them exempt.",
            "300 are unknown: nothing is recorded of them, which is not a “no”.",
            "By population 60.0% the eligible bodies serve 56,536,419 people, where known",
            "Known by 31 August 2026, 14:05 UTC",
            "Adoption on a date, version 3 The last confirmed event decides.",
        ],
    );
    let fixed = "as_of=2026-08-31&#38;known_at=2026-08-31T14%3A05%3A09.120345Z\"";
    assert!(
        page.contains(&format!("/standards/trees?{fixed}")),
        "no permanent link"
    );
    assert!(
        page.contains(&format!("/standards/trees/evidence?{fixed}")),
        "no rows behind it"
    );
    assert!(
        page.contains("href=\"/graphql?query=query%20StandardPage"),
        "no query"
    );
}

#[test]
fn what_changed_is_split_into_parts_with_their_bodies() {
    let page = standard_page(&Prepared::new(STANDARD), &StandardParams::default());
    shown(
        &page,
        &[
            "Adopters on 31 August 2025 500",
            "Adopted +130 1 body Ash Council",
            "No longer adopted −6",
            "Had adopted when it stopped being eligible −5 1 body Elm Council",
            "Inherited from predecessors 0",
            "Adopters on 31 August 2026 620 +120 in 12 months",
        ],
    );
}

#[test]
fn a_reorganisation_is_marked_on_the_curve_and_told() {
    let page = standard_page(&Prepared::new(STANDARD), &StandardParams::default());
    shown(
        &page,
        &["1 April 2025 Ash Council took over from Elm Council, Fir Council and Yew Council"],
    );
    // One badge on the wide chart and one on the narrow one.
    assert_eq!(page.matches("<circle").count(), 2);
}

#[test]
fn a_day_without_eligible_bodies_has_no_rate_in_the_table_of_the_curve() {
    let page = standard_page(&Prepared::new(STANDARD), &StandardParams::default());
    shown(
        &page,
        &["30 June 2026 no body is eligible 0 0 0 0 population not known"],
    );
}

#[test]
fn a_cut_by_group_compares_the_groups_that_are_large_enough() {
    let params = StandardParams {
        by: Some("NATION".into()),
        ..Default::default()
    };
    let ask = Prepared::new(STANDARD);
    let page = standard_page(&ask, &params);
    assert_eq!(
        (ask.variable("by"), ask.variable("cut")),
        (json!("NATION"), json!(true))
    );
    shown(
        &page,
        &[
            "compared by nation",
            "England 52.6% 610 1,200 40 290 60.0%",
            "Wales 27.8% 10 36 0 10 population not known",
            "31 July 2026 50.8% 590 of 1,160; 300 unknown 27.8% 10 of 36; 20 unknown",
            "Not shown on its own, with fewer than 5 eligible bodies: Scotland.",
        ],
    );
}

#[test]
fn unknown_is_shown_as_unknown_and_never_as_a_date_or_a_no() {
    let page = standard_page(&Prepared::new(STANDARD), &StandardParams::default());
    shown(
        &page,
        &[
            "Ash Council Adopted 1 February 2025 Automatic check, confirmed Open the evidence (another site); holds until 31 January 2027",
            "Oak Council Unknown nothing recorded",
        ],
    );
}

#[test]
fn why_a_standard_applies_is_shown_with_its_provisions_and_exclusions() {
    let page = standard_page(&Prepared::new(STANDARD), &StandardParams::default());
    shown(
        &page,
        &[
            "Statutory 1,200 Expected 40 Eligible 1,240",
            "Every organisation of the kind “Council” Statutory 1 January 2024 no end Trees Act",
            "Excluded Elm Council Expected always no end",
            "It supersedes Shrubs.",
        ],
    );
}

#[test]
fn what_was_chosen_is_asked_for_and_kept_in_every_link() {
    let params = StandardParams {
        as_of: Some("2025-12-31".into()),
        known_at: Some("2026-01-15T09:00:00+01:00".into()),
        min_grade: Some("DOCUMENT".into()),
        years: Some("10".into()),
        state: Some("LAPSED".into()),
        after: Some("a=".into()),
        ..Default::default()
    };
    let ask = Prepared::new(STANDARD);
    let page = standard_page(&ask, &params);
    for (name, value) in [
        ("asOf", json!("2025-12-31")),
        ("from", json!("2015-12-31")),
        ("yearBefore", json!("2024-12-31")),
        ("knownAt", json!("2026-01-15T08:00:00Z")),
        ("minGrade", json!("DOCUMENT")),
        ("step", json!("QUARTER")),
        ("state", json!(["LAPSED"])),
        ("after", json!("a=")),
        ("by", Value::Null),
    ] {
        assert_eq!(ask.variable(name), value, "{name}");
    }
    let kept = "as_of=2025-12-31&#38;known_at=2026-01-15T08%3A00%3A00Z&#38;min_grade=DOCUMENT&#38;years=10";
    for after in [
        "&#38;state=LAPSED&#38;after=e1#bodies",
        "&#38;state=LAPSED#bodies",
        "&#38;state=UNKNOWN#bodies",
    ] {
        assert!(
            page.contains(&format!("/standards/trees?{kept}{after}\"")),
            "{after}"
        );
    }
    shown(
        &page,
        &["This shows what was known on 15 January 2026, 08:00 UTC."],
    );
}

#[test]
fn the_fields_of_the_forms_are_those_that_the_pages_read() {
    let fields = |page: &str, action: &str| {
        let form = page.split_once(&format!("action=\"{action}\"")).unwrap().1;
        let form = form.split_once("</form>").unwrap().0;
        let names = form.split(" name=\"").skip(1);
        names
            .map(|rest| rest.split_once('"').unwrap().0.to_owned())
            .collect::<Vec<_>>()
    };
    let page = standard_page(&Prepared::new(STANDARD), &StandardParams::default());
    let figures = fields(&page, "/standards/trees");
    assert_eq!(figures, ["as_of", "by", "min_grade", "years"]);
    assert_eq!(fields(&page, "/standards/trees#bodies"), ["state"]);
    let at = context("/");
    let page = now(standards(
        &Prepared::new(STANDARDS),
        &at,
        &Default::default(),
    ))
    .unwrap();
    assert_eq!(fields(&page, "/standards"), ["text", "stage"]);
    let page = now(organisations(
        &Prepared::new(ORGANISATIONS),
        &at,
        &Default::default(),
    ))
    .unwrap();
    let found = ["text", "nation", "region", "tier", "open_on", "order"];
    assert_eq!(fields(&page, "/organisations"), found);
    let page = now(organisation(
        &Prepared::new(ORGANISATION),
        &at,
        "ash",
        &Default::default(),
    ))
    .unwrap();
    assert_eq!(fields(&page, "/organisations/ash#adoptions"), ["as_of"]);
}

#[test]
fn the_evidence_lists_the_deciding_events() {
    let page = now(evidence(
        &Prepared::new(EVIDENCE),
        &context("/"),
        "trees",
        &Default::default(),
    ))
    .unwrap();
    shown(
        &page,
        &[
            "On 31 August 2026, 620 of the 1,200 bodies counted had adopted it (51.7%). 300 are unknown.",
            "940 deciding events",
            "Ash Council Adopted version 1.0 1 February 2025 holds until 31 January 2027 Automatic check Confirmed https://ash.example/trees.csv checked on 14 February 2026 All fields there 3 February 2025 Its own endpoint",
            "Oak Council Declined 1 May 2024 Self-declared Confirmed no link given 2 May 2024 A form",
        ],
    );
}

#[test]
fn nothing_of_that_name_is_not_found() {
    let none =
        Prepared::with(json!({ "standard": null, "organisation": null, "reorganisations": [] }));
    let at = context("/standards/x");
    let missing = [
        now(standard(&none, &at, "x", &Default::default())),
        now(evidence(&none, &at, "x", &Default::default())),
        now(organisation(&none, &at, "x", &Default::default())),
    ];
    assert!(
        missing
            .into_iter()
            .all(|page| page == Err(PageError::NotFound))
    );
}

#[test]
fn an_answer_of_another_shape_fails_with_the_id_of_its_report() {
    let page = now(home(&Prepared::with(json!({ "open": 1 })), &context("/")));
    assert_eq!(page, Err(PageError::Failed("logged-1".into())));
}

#[test]
fn what_the_schema_refuses_is_passed_on() {
    let refused = PageError::BadRequest("Too costly.".into());
    let page = now(home(&Prepared::saying(Err(refused.clone())), &context("/")));
    assert_eq!(page, Err(refused));
}

#[test]
fn a_day_that_cannot_be_read_is_refused_before_anything_is_asked() {
    let ask = Prepared::new(STANDARD);
    let params = StandardParams {
        as_of: Some("31/08/2026".into()),
        ..Default::default()
    };
    let page = now(standard(&ask, &context("/"), "trees", &params));
    assert!(matches!(page, Err(PageError::BadRequest(why)) if why.contains("31/08/2026")));
    assert_eq!(*ask.variables.borrow(), Value::Null);
}

#[test]
fn error_pages_say_what_happened_and_lead_back() {
    let at = context("/standards/trees");
    let told = |error: PageError| (error.status(), error_page(&error, &at));
    let (status, page) = told(PageError::NotFound);
    assert_eq!(status, 404);
    shown(&page, &["There is no such page", "front page"]);
    let (status, page) = told(PageError::BadRequest("Write a date.".into()));
    assert_eq!(status, 400);
    shown(&page, &["Write a date."]);
    assert!(page.contains("href=\"/standards/trees\""));
    let (status, page) = told(PageError::TooLong);
    assert_eq!(status, 413);
    shown(&page, &["too long to be read", "Nothing was changed."]);
    for (seconds, says) in [(1, "in 1 second."), (30, "in 30 seconds.")] {
        let error = PageError::TooMany { seconds };
        assert_eq!(error.retry_after(), Some(seconds));
        let (status, page) = told(error);
        assert_eq!(status, 429);
        shown(&page, &["Please wait a moment", says]);
    }
    let (status, page) = told(PageError::Failed("f-9".into()));
    assert_eq!(status, 500);
    shown(&page, &["give this number: f-9"]);
}
