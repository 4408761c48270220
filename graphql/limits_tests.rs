//! What one request may ask, what it is told when it asks too much, and the codes of errors.

use crate::sample::Sample;
use crate::testing::{Fixture, JOBS, ask, fault, token};
use crate::{Limits, Timetable, execute, schema};
use async_graphql::Request;
use domain::policy::{Role, Viewer};
use serde_json::{Value, json};

#[tokio::test]
async fn every_answer_says_what_it_cost() {
    let fixture = Fixture::sqlite().await;
    Sample::fill(&fixture.store).await;
    let cost = async |query: &str| fixture.ask(query).await["extensions"]["cost"].clone();
    let budget = Limits::default().cost_anonymous;
    assert_eq!(
        cost("{ viewer { kind } }").await,
        json!({"cost": 2, "budget": budget, "depth": 2})
    );
    // Each of 50: itself in `nodes`, and its slug.
    assert_eq!(
        cost("{ standards(first: 50) { nodes { slug } } }").await["cost"],
        1 + 50 * 2
    );
    assert_eq!(
        cost("{ standards(first: 50) { pageInfo { hasNextPage } } }").await["cost"],
        1
    );
    assert_eq!(
        cost("{ nonsense").await,
        json!({"cost": 0, "budget": budget, "depth": 0})
    );
    let operator = ask(
        &fixture.schema,
        &Viewer::Operator,
        "{ viewer { kind } }",
        Value::Null,
    )
    .await;
    assert_eq!(
        operator["extensions"]["cost"]["budget"],
        Limits::default().cost_token
    );
}

#[tokio::test]
async fn a_public_page_of_fifty_figures_fits_an_anonymous_budget() {
    let fixture = Fixture::sqlite().await;
    Sample::fill(&fixture.store).await;
    let query = "{ standards(first: 50) { nodes { slug title stage adoption { eligible adopted unknown rate coverage } } } }";
    let answer = fixture.ask(query).await;
    assert_eq!(answer["errors"], Value::Null);
    assert!(
        answer["extensions"]["cost"]["cost"].as_u64().unwrap() > 50 * 10,
        "{answer}"
    );
}

#[tokio::test]
async fn what_costs_more_than_the_budget_is_refused_with_both_numbers_and_nothing_runs() {
    let fixture = Fixture::sqlite().await;
    let query =
        "{ organisations(first: 100) { nodes { adoptions(first: 100) { nodes { state } } } } }";
    let before = fixture.store.statements().count();
    let answer = fixture.ask(query).await;
    assert_eq!(fixture.store.statements().count(), before);
    let (code, message) = fault(&answer);
    assert_eq!(code, "TOO_COSTLY");
    let cost = answer["extensions"]["cost"]["cost"].to_string();
    assert!(
        message.contains(&cost) && message.contains("20000") && message.contains("token"),
        "{message}"
    );
    let mine = ask(
        &fixture.schema,
        &token(Role::Editor, None),
        query,
        Value::Null,
    )
    .await;
    assert_eq!(mine["errors"], Value::Null);
    // The largest numbers do not wrap around to a small cost.
    let huge = "query ($n: Int) { organisations(first: $n) { nodes { adoptions(first: $n) { nodes { state } } } } }";
    let answer = ask(
        &fixture.schema,
        &Viewer::Operator,
        huge,
        json!({"n": i32::MAX}),
    )
    .await;
    assert_eq!(fault(&answer).0, "TOO_COSTLY");
}

/// A chain of successors `pairs` long.
fn chain(pairs: usize) -> String {
    let mut query = "slug".to_owned();
    for n in 0..pairs {
        let (list, one) = if n % 2 == 0 {
            ("predecessors", "predecessor")
        } else {
            ("successors", "successor")
        };
        query = format!("{list} {{ {one} {{ {query} }} }}");
    }
    format!(r#"{{ organisation(slug: "cedar") {{ {query} }} }}"#)
}

#[tokio::test]
async fn a_request_goes_as_deep_as_allowed_and_no_deeper() {
    let fixture = Fixture::sqlite().await;
    Sample::fill(&fixture.store).await;
    let answer = fixture.ask(&chain(5)).await;
    assert_eq!(answer["errors"], Value::Null);
    assert_eq!(answer["extensions"]["cost"]["depth"], 12);
    let figures = r#"{ standards(first: 1) { nodes { adopters(first: 1) { nodes { event { standard { adoption {
        evidence(first: 1) { nodes { organisation { adoptions(first: 1) { totalCount } } } } } } } } } } } }"#;
    let answer = fixture.ask(figures).await;
    assert_eq!(
        (&answer["errors"], &answer["extensions"]["cost"]["depth"]),
        (&Value::Null, &json!(12))
    );
    let (code, message) = fault(&fixture.ask(&chain(6)).await);
    assert_eq!(code, "TOO_COSTLY");
    assert!(
        message.contains("14") && message.contains("12"),
        "{message}"
    );
}

#[tokio::test]
async fn aliases_fragments_and_bytes_are_bounded() {
    let fixture = Fixture::sqlite().await;
    let aliases: String = (0..501).map(|n| format!("a{n}: __typename ")).collect();
    let spread = format!(
        "{{ {} }} fragment F on Query {{ a: __typename b: __typename }}",
        "...F ".repeat(200)
    );
    let long = format!("{{ __typename }} # {}", "x".repeat(16 * 1024));
    for (query, said) in [
        (format!("{{ {aliases}}}"), "501 fields"),
        (spread, "600 fields"),
        (long, "bytes"),
    ] {
        let (code, message) = fault(&fixture.ask(&query).await);
        assert_eq!(code, "TOO_COSTLY");
        assert!(message.contains(said), "{message}");
    }
}

#[tokio::test]
async fn limits_are_those_the_schema_was_built_with() {
    let fixture = Fixture::sqlite().await;
    let timetable = Timetable {
        jobs: JOBS,
        next_due: |_, _| None,
    };
    let limits = Limits {
        depth: 1,
        ..Limits::default()
    };
    let strict = schema(fixture.store.clone(), timetable, limits);
    assert_eq!(
        fault(
            &ask(
                &strict,
                &Viewer::Operator,
                "{ viewer { kind } }",
                Value::Null
            )
            .await
        )
        .0,
        "TOO_COSTLY"
    );
}

#[tokio::test]
async fn what_does_not_fit_the_schema_is_bad_input() {
    let fixture = Fixture::sqlite().await;
    Sample::fill(&fixture.store).await;
    for query in [
        "{",
        "{ nothing }",
        "{ standard { slug } }",
        "{ standard(slug: 1) { slug } }",
        r#"{ standard(slug: "plans") { adoption(asOf: "yesterday") { rate } } }"#,
        r#"{ standard(slug: "plans") { adoption(group: "x") { rate } } }"#,
        r#"{ standard(slug: "plans") { adoption(view: TODAYS_BODIES) { rate } } }"#,
        r#"{ standard(slug: "plans") { adoptionSeries(from: "2024-01-02", to: "2024-01-01") { points { on } } } }"#,
        r#"{ reorganisations(from: "2024-01-02", to: "2024-01-01") { on } }"#,
        r#"{ organisation { slug } }"#,
        r#"{ organisation(slug: "ash", code: "E07000001") { slug } }"#,
        r#"{ standard(slug: "\u0000") { slug } }"#,
        "query A { viewer { kind } } query B { viewer { kind } }",
    ] {
        assert_eq!(fault(&fixture.ask(query).await).0, "BAD_INPUT", "{query}");
    }
    // The library says this twice.
    assert_eq!(
        fixture.ask("subscription { x }").await["errors"][0]["extensions"]["code"],
        "BAD_INPUT"
    );
    let variables = json!({"day": "31/08/2026"});
    let query =
        r#"query ($day: Date) { standard(slug: "plans") { adoption(asOf: $day) { rate } } }"#;
    assert_eq!(
        fault(&ask(&fixture.schema, &Viewer::Anonymous, query, variables).await).0,
        "BAD_INPUT"
    );
    let missing = crate::id::Key::Group(store::fresh()).id();
    let query = format!(
        r#"{{ standard(slug: "plans") {{ adoption(group: "{}") {{ rate }} }} }}"#,
        missing.as_str()
    );
    assert_eq!(fault(&fixture.ask(&query).await).0, "NOT_FOUND");
}

#[tokio::test]
async fn a_series_has_a_bound_of_its_own() {
    let fixture = Fixture::sqlite().await;
    Sample::fill(&fixture.store).await;
    let series = async |to: &str, by: &str| {
        let query = format!(
            r#"{{ standard(slug: "plans") {{ adoptionSeries(from: "2000-01-01", to: "{to}", step: DAY{by}) {{ points {{ on }} }} }} }}"#
        );
        ask(&fixture.schema, &Viewer::Operator, &query, Value::Null).await
    };
    let (code, message) = fault(&series("2012-01-01", "").await);
    assert_eq!(
        (code.as_str(), message.contains("4000")),
        ("TOO_COSTLY", true),
        "{message}"
    );
    assert_eq!(series("2010-01-01", "").await["errors"], Value::Null);
    // Enough regions for too many figures.
    for n in 0..4 {
        let region = Some(format!("Region {n}"));
        let facts = crate::testing::council(&format!("C{n}"));
        crate::testing::add(
            &fixture.store,
            store::organisation::Facts { region, ..facts },
        )
        .await;
    }
    let (code, message) = fault(&series("2010-01-01", ", by: REGION").await);
    assert_eq!(
        (code.as_str(), message.contains("6 groups")),
        ("TOO_COSTLY", true),
        "{message}"
    );
}

#[tokio::test]
async fn a_get_never_changes_anything() {
    let fixture = Fixture::sqlite().await;
    let send = async |query: &str, name: Option<&str>| {
        let mut request = Request::new(query);
        request.operation_name = name.map(str::to_owned);
        serde_json::to_value(execute(&fixture.schema, request, Viewer::Operator, false).await)
            .unwrap()
    };
    let run = r#"mutation B { runJob(input: { job: "never" }) { run { id } } }"#;
    let (code, message) = fault(&send(run, None).await);
    assert_eq!(
        (code.as_str(), message.contains("POST")),
        ("BAD_INPUT", true)
    );
    let both = format!("query A {{ viewer {{ kind }} }} {run}");
    assert_eq!(
        send(&both, Some("A")).await["data"]["viewer"]["kind"],
        "OPERATOR"
    );
    assert_eq!(fault(&send(&both, Some("B")).await).0, "BAD_INPUT");
    assert_eq!(
        fixture.data("{ jobRuns(first: 1) { totalCount } }").await["jobRuns"]["totalCount"],
        0
    );
}

#[tokio::test]
async fn an_error_of_ours_shows_an_id_and_nothing_else() {
    let fixture = Fixture::sqlite().await;
    fixture.store.close();
    let answer = fixture
        .ask("{ a: groups { slug } b: groups { slug } }")
        .await;
    let errors = answer["errors"].as_array().unwrap();
    for error in errors {
        let (message, shown) = (error["message"].as_str().unwrap(), &error["extensions"]);
        assert_eq!(shown["code"], "INTERNAL");
        let expected = format!(
            "Something went wrong on our side; quote id {}.",
            shown["id"].as_str().unwrap()
        );
        assert_eq!(message, expected);
    }
}
