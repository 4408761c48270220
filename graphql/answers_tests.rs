//! The figures and facts of a small sector, worked out by hand.

use crate::sample::{Sample, THEN};
use crate::testing::{Fixture, event, group, record};
use domain::adoption::AdoptionState::Declined;
use serde_json::{Value, json};
use store::adoption::NewEvent;

#[tokio::test]
async fn an_organisation_is_told_with_its_codes_groups_and_reorganisation() {
    for fixture in Fixture::each().await {
        Sample::fill(&fixture.store).await;
        let data = fixture
            .data(
                r#"{
                ash: organisation(code: "gss:E07000001") {
                    slug name kind tier nation region population openedOn closedOn version
                    codes { scheme code alias } groups { slug kind } predecessors { on }
                }
                dale: organisation(slug: "dale") {
                    openedOn predecessors { on kind predecessor { name } successor { name } } successors { on }
                }
                elm: organisation(slug: "elm") { closedOn population successors { kind successor { slug } } }
                nobody: organisation(slug: "nobody") { slug }
                noCode: organisation(code: "E0") { slug }
                reorganisations(from: "2024-04-01", to: "2024-04-01") { on successions { predecessor { slug } } }
                none: reorganisations(from: "2024-04-02", to: "2025-01-01") { on }
            }"#,
            )
            .await;
        let merge = |name| json!({"on": "2024-04-01", "kind": "MERGE", "predecessor": {"name": name}, "successor": {"name": "Dale"}});
        assert_eq!(
            data,
            json!({
                "ash": {
                    "slug": "ash", "name": "Ash", "kind": "COUNCIL", "tier": "DISTRICT", "nation": "ENGLAND",
                    "region": "South East", "population": 1000, "openedOn": null, "closedOn": null, "version": 1,
                    "codes": [{"scheme": "gss", "code": "E07000001", "alias": false}],
                    "groups": [
                        {"slug": "nation-england", "kind": "NATION"}, {"slug": "region-south-east", "kind": "REGION"},
                        {"slug": "kind-council", "kind": "KIND"}, {"slug": "tier-district", "kind": "TIER"},
                    ],
                    "predecessors": [],
                },
                "dale": {"openedOn": "2024-04-01", "predecessors": [merge("Cedar"), merge("Elm")], "successors": []},
                "elm": {"closedOn": "2024-04-01", "population": null, "successors": [{"kind": "MERGE", "successor": {"slug": "dale"}}]},
                "nobody": null,
                "noCode": null,
                "reorganisations": [{"on": "2024-04-01", "successions": [
                    {"predecessor": {"slug": "cedar"}}, {"predecessor": {"slug": "elm"}},
                ]}],
                "none": [],
            })
        );
    }
}

#[tokio::test]
async fn figures_are_those_worked_out_by_hand() {
    for fixture in Fixture::each().await {
        Sample::fill(&fixture.store).await;
        let south_east =
            crate::id::Key::Group(group(&fixture.store, "region-south-east").await).id();
        let query = format!(
            r#"{{ standard(slug: "plans") {{
                reasons(asOf: "2024-05-01") {{ reason organisations }}
                adoption({THEN}) {{
                    asOf knownAt method {{ id version }} view succession group {{ slug }}
                    eligible adopted exempt unknown population rate coverage
                }}
                before: adoption(asOf: "2024-03-31") {{ eligible adopted unknown rate coverage }}
                local: adoption({THEN}, group: "{group}") {{ group {{ name }} eligible adopted rate }}
                graded: adoption({THEN}, minGrade: DOCUMENT) {{ adopted unknown rate }}
                adoptionChange(from: "2024-03-01", to: "2024-05-01") {{
                    before after difference adopted lapsed entered left inherited bodies {{ part organisation {{ slug }} }}
                }}
            }} }}"#,
            group = south_east.as_str(),
        );
        let standard = fixture.data(&query).await["standard"].take();
        assert_eq!(
            standard,
            json!({
                "reasons": [{"reason": "EXPECTED", "organisations": 3}],
                "adoption": {
                    "asOf": "2024-05-01", "knownAt": "2024-05-01T00:00:00.000000Z",
                    "method": {"id": "adoption", "version": 1}, "view": "AS_THEY_WERE", "succession": "OWN_ONLY",
                    "group": null, "eligible": 3, "adopted": 1, "exempt": 0, "unknown": 1, "population": 5000,
                    "rate": 1.0 / 3.0, "coverage": 0.2,
                },
                "before": {"eligible": 4, "adopted": 2, "unknown": 1, "rate": 0.5, "coverage": 0.4},
                "local": {"group": {"name": "South East"}, "eligible": 2, "adopted": 1, "rate": 0.5},
                "graded": {"adopted": 0, "unknown": 3, "rate": 0.0},
                "adoptionChange": {
                    "before": 2, "after": 1, "difference": -1, "adopted": 0, "lapsed": 0, "entered": 0, "left": -1,
                    "inherited": 0, "bodies": [{"part": "LEFT", "organisation": {"slug": "cedar"}}],
                },
            })
        );
    }
}

#[tokio::test]
async fn series_have_a_line_for_each_group_with_members() {
    for fixture in Fixture::each().await {
        Sample::fill(&fixture.store).await;
        let query = r#"{ standard(slug: "plans") {
            whole: adoptionSeries(from: "2024-03-01", to: "2024-04-15") {
                group { slug } points { on eligible adopted exempt unknown rate coverage }
            }
            regions: adoptionSeries(from: "2024-04-01", to: "2024-04-01", by: REGION) {
                group { name } points { eligible adopted states { state organisations population } }
            }
            families: adoptionSeries(from: "2024-04-01", to: "2024-04-01", by: FAMILY) { group { name } }
        } }"#;
        let standard = fixture.data(query).await["standard"].take();
        let point = |on, eligible, adopted, rate, coverage: f64| json!({"on": on, "eligible": eligible, "adopted": adopted, "exempt": 0, "unknown": 1, "rate": rate, "coverage": coverage});
        let states = |counts: [(u32, i64); 8]| -> Value {
            let names = [
                "UNKNOWN",
                "CONSIDERING",
                "PLEDGED",
                "PILOTING",
                "ADOPTED",
                "LAPSED",
                "DECLINED",
                "EXEMPT",
            ];
            let state = |(name, (n, people))| json!({"state": name, "organisations": n, "population": people});
            names.into_iter().zip(counts).map(state).collect()
        };
        let none = (0, 0);
        assert_eq!(
            standard,
            json!({
                "whole": [{"group": null, "points": [
                    point("2024-03-01", 4, 2, 0.5, 0.4),
                    point("2024-04-01", 3, 1, 1.0 / 3.0, 0.2),
                    point("2024-04-15", 3, 1, 1.0 / 3.0, 0.2),
                ]}],
                "regions": [
                    {"group": {"name": "South East"}, "points": [{
                        "eligible": 2, "adopted": 1,
                        "states": states([(1, 1000), none, none, none, (1, 1000), none, none, none]),
                    }]},
                    {"group": {"name": "South West"}, "points": [{
                        "eligible": 1, "adopted": 0,
                        "states": states([none, none, (1, 3000), none, none, none, none, none]),
                    }]},
                ],
                "families": [],
            })
        );
    }
}

#[tokio::test]
async fn the_bodies_behind_a_figure_are_listed_with_what_decided_them() {
    for fixture in Fixture::each().await {
        Sample::fill(&fixture.store).await;
        let query = format!(
            r#"{{ standard(slug: "plans") {{
                adopters({THEN}, first: 2) {{
                    totalCount pageInfo {{ hasNextPage hasPreviousPage }}
                    nodes {{ organisation {{ slug }} state since event {{ effectiveOn recordedAt source corrects }} }}
                }}
                some: adopters({THEN}, state: [UNKNOWN, PLEDGED], first: 9) {{ nodes {{ organisation {{ slug }} }} }}
                adoption({THEN}) {{
                    evidence(first: 9) {{ totalCount nodes {{ state organisation {{ slug }} standard {{ slug }} }} }}
                }}
            }} }}"#
        );
        let standard = fixture.data(&query).await["standard"].take();
        let adopter = |slug, state, on, at| {
            json!({
                "organisation": {"slug": slug}, "state": state, "since": on,
                "event": {"effectiveOn": on, "recordedAt": at, "source": "test", "corrects": null},
            })
        };
        let evidence = |slug, state| json!({"state": state, "organisation": {"slug": slug}, "standard": {"slug": "plans"}});
        assert_eq!(
            standard,
            json!({
                "adopters": {
                    "totalCount": 3, "pageInfo": {"hasNextPage": true, "hasPreviousPage": false},
                    "nodes": [
                        adopter("ash", "ADOPTED", "2023-01-01", "2023-01-02T00:00:00.000000Z"),
                        adopter("birch", "PLEDGED", "2023-06-01", "2023-06-02T00:00:00.000000Z"),
                    ],
                },
                "some": {"nodes": [{"organisation": {"slug": "birch"}}, {"organisation": {"slug": "dale"}}]},
                "adoption": {"evidence": {"totalCount": 2, "nodes": [evidence("ash", "ADOPTED"), evidence("birch", "PLEDGED")]}},
            })
        );
    }
}

#[tokio::test]
async fn a_body_sees_the_standards_that_apply_to_it_or_of_which_it_spoke() {
    for fixture in Fixture::each().await {
        let sample = Sample::fill(&fixture.store).await;
        let standards = async |slug: &str, as_of: &str| {
            let query = format!(
                r#"{{ organisation(slug: "{slug}") {{ adoptions(asOf: "{as_of}", first: 9) {{
                    totalCount nodes {{ standard {{ slug }} state event {{ state }} }} }} }} }}"#
            );
            fixture.data(&query).await["organisation"]["adoptions"].take()
        };
        let of = |slug, state: &str, event: Value| json!({"standard": {"slug": slug}, "state": state, "event": event});
        let none = |slug| of(slug, "UNKNOWN", Value::Null);
        let plans = of("plans", "ADOPTED", json!({"state": "ADOPTED"}));
        assert_eq!(
            standards("ash", "2024-05-01").await,
            json!({"totalCount": 2, "nodes": [none("maps"), plans]})
        );
        assert_eq!(
            standards("firm", "2024-05-01").await,
            json!({"totalCount": 1, "nodes": [none("maps")]})
        );
        // Cedar is closed: nothing applies to it any more, and what it said stays.
        assert_eq!(
            standards("cedar", "2024-05-01").await,
            json!({"totalCount": 1, "nodes": [plans]})
        );
        // Nothing was effective yet, and Birch is not in the South East.
        assert_eq!(
            standards("birch", "2020-01-01").await,
            json!({"totalCount": 1, "nodes": [none("plans")]})
        );
        record(
            &fixture.store,
            store::now(),
            &[event(sample.maps, sample.birch, Declined, "2024-01-01")],
        )
        .await;
        let spoken = of("maps", "DECLINED", json!({"state": "DECLINED"}));
        assert_eq!(standards("birch", "2024-05-01").await["nodes"][0], spoken);
    }
}

#[tokio::test]
async fn what_was_known_then_is_told_in_the_same_bytes_after_a_correction() {
    for fixture in Fixture::each().await {
        let sample = Sample::fill(&fixture.store).await;
        let query = format!(
            r#"{{ standard(slug: "plans") {{ adoption({THEN}) {{
                knownAt adopted unknown rate coverage states {{ state organisations population }}
                evidence(first: 5) {{ nodes {{ id state recordedAt corrects }} }} }} }} }}"#
        );
        let then = fixture.ask(&query).await.to_string();
        let correction = NewEvent {
            corrects: Some(sample.event),
            ..event(sample.plans, sample.ash, Declined, "2023-01-01")
        };
        record(&fixture.store, store::now(), &[correction]).await;
        assert_eq!(fixture.ask(&query).await.to_string(), then);
        let now = r#"{ standard(slug: "plans") { adoption(asOf: "2024-05-01") { adopted } } }"#;
        assert_eq!(
            fixture.data(now).await["standard"]["adoption"]["adopted"],
            0
        );
    }
}

#[tokio::test]
async fn a_cut_off_yet_to_come_is_now_and_a_figure_says_so() {
    let fixture = Fixture::sqlite().await;
    Sample::fill(&fixture.store).await;
    let before = store::now();
    let query =
        r#"{ standard(slug: "plans") { adoption(knownAt: "9999-01-01T00:00:00Z") { knownAt } } }"#;
    let told = fixture.data(query).await["standard"]["adoption"]["knownAt"]
        .as_str()
        .unwrap()
        .to_owned();
    let told = chrono::DateTime::parse_from_rfc3339(&told)
        .unwrap()
        .naive_utc();
    assert!(before <= told && told <= store::now(), "{told}");
}

#[tokio::test]
async fn snapshots_are_shown_newest_first_as_they_were_kept() {
    for fixture in Fixture::each().await {
        Sample::fill(&fixture.store).await;
        let query = r#"{ standard(slug: "plans") { snapshots(first: 1) {
            totalCount pageInfo { hasNextPage endCursor }
            nodes { asOf knownAt eligible adopted exempt unknown rate coverage body method { id } standard { slug } }
        } } }"#;
        let page = fixture.data(query).await["standard"]["snapshots"].take();
        assert_eq!(
            page["nodes"],
            json!([{
                "asOf": "2024-01-02", "knownAt": "2024-01-02T00:00:00.000000Z", "eligible": 4, "adopted": 1,
                "exempt": 2, "unknown": 1, "rate": 0.5, "coverage": 0.123_456_789_012_345_7,
                "body": {"whole": {"coverage": 0.123_456_789_012_345_7}, "groups": []},
                "method": {"id": "adoption"}, "standard": {"slug": "plans"},
            }])
        );
        assert_eq!(
            (&page["totalCount"], &page["pageInfo"]["hasNextPage"]),
            (&json!(2), &json!(true))
        );
        let after = page["pageInfo"]["endCursor"].as_str().unwrap();
        let next = format!(
            r#"{{ standard(slug: "plans") {{ snapshots(first: 1, after: "{after}") {{
                pageInfo {{ hasNextPage hasPreviousPage }} nodes {{ asOf }} }} }} }}"#
        );
        let page = fixture.data(&next).await["standard"]["snapshots"].take();
        assert_eq!(page["nodes"], json!([{"asOf": "2024-01-01"}]));
        assert_eq!(
            page["pageInfo"],
            json!({"hasNextPage": false, "hasPreviousPage": true})
        );
    }
}
