//! Pages stay right while rows are inserted, from either end, and nodes are found again by their ids.

use crate::sample::Sample;
use crate::testing::{Fixture, add, ask, council, fault, may};
use domain::policy::{Action, Viewer};
use serde_json::{Value, json};

/// A page of names, and the cursors at its ends.
async fn names(fixture: &Fixture, arguments: &str) -> (String, Value) {
    let query = format!(
        "{{ organisations({arguments}) {{ pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }}
            edges {{ cursor node {{ name }} }} }} }}"
    );
    let mut page = fixture.data(&query).await["organisations"].take();
    let edges = page["edges"].as_array().unwrap();
    let names: Vec<&str> = edges
        .iter()
        .map(|edge| edge["node"]["name"].as_str().unwrap())
        .collect();
    let names = names.join(" ");
    for (end, edge) in [("startCursor", edges.first()), ("endCursor", edges.last())] {
        assert_eq!(
            Some(&page["pageInfo"][end]),
            edge.map(|edge| &edge["cursor"]).or(Some(&Value::Null))
        );
    }
    (names, page["pageInfo"].take())
}

#[tokio::test]
async fn pages_go_on_where_they_ended_while_rows_are_inserted_before_and_after() {
    for fixture in Fixture::each().await {
        for name in ["Barnet", "Devon", "Fife", "Hull"] {
            add(&fixture.store, council(name)).await;
        }
        let (first, info) = names(&fixture, "first: 2").await;
        assert_eq!(first, "Barnet Devon");
        assert_eq!(
            (&info["hasNextPage"], &info["hasPreviousPage"]),
            (&json!(true), &json!(false))
        );
        for name in ["Adur", "Ealing", "Zetland"] {
            add(&fixture.store, council(name)).await;
        }
        let after = info["endCursor"].as_str().unwrap();
        let (next, info) = names(&fixture, &format!(r#"first: 3, after: "{after}""#)).await;
        assert_eq!(next, "Ealing Fife Hull");
        assert_eq!(
            (&info["hasNextPage"], &info["hasPreviousPage"]),
            (&json!(true), &json!(true))
        );
        let before = info["startCursor"].as_str().unwrap();
        let (back, info) = names(&fixture, &format!(r#"last: 2, before: "{before}""#)).await;
        assert_eq!(back, "Barnet Devon");
        assert_eq!(
            (&info["hasNextPage"], &info["hasPreviousPage"]),
            (&json!(true), &json!(true))
        );
        let (end, info) = names(&fixture, "last: 1").await;
        assert_eq!(end, "Zetland");
        assert_eq!(
            (&info["hasNextPage"], &info["hasPreviousPage"]),
            (&json!(false), &json!(true))
        );
        let (none, _) = names(&fixture, r#"first: 5, filter: { text: "nowhere" }"#).await;
        assert_eq!(none, "");
    }
}

#[tokio::test]
async fn walking_a_list_by_population_meets_every_body_once_from_either_end() {
    for fixture in Fixture::each().await {
        for (n, people) in [Some(5), None, Some(7), Some(5), None, Some(0), Some(7)]
            .into_iter()
            .enumerate()
        {
            let facts = council(&format!("C{n}"));
            add(
                &fixture.store,
                store::organisation::Facts {
                    population: people,
                    ..facts
                },
            )
            .await;
        }
        let walk = async |size: &str, end: &str, cursor: &str| {
            let (mut met, mut at) = (Vec::new(), String::new());
            loop {
                let (page, info) =
                    names(&fixture, &format!("orderBy: POPULATION, {size}{at}")).await;
                met.push(page);
                let [more, cursor_name] = [end, cursor].map(|name| info[name].clone());
                if more == false {
                    return met;
                }
                let argument = if end == "hasNextPage" {
                    "after"
                } else {
                    "before"
                };
                at = format!(", {argument}: {cursor_name}");
            }
        };
        let forward = walk("first: 2", "hasNextPage", "endCursor").await.join(" ");
        let mut backward = walk("last: 3", "hasPreviousPage", "startCursor").await;
        backward.reverse();
        assert_eq!(forward, "C2 C6 C0 C3 C5 C1 C4");
        assert_eq!(backward.join(" "), forward);
    }
}

#[tokio::test]
async fn a_list_says_what_is_wrong_with_its_arguments() {
    let fixture = Fixture::sqlite().await;
    Sample::fill(&fixture.store).await;
    let cursor = names(&fixture, "first: 1").await.1["endCursor"].clone();
    for (arguments, said) in [
        ("", "`first` or `last`"),
        ("first: 0", "1 to 100"),
        ("first: 101", "1 to 100"),
        ("last: -1", "1 to 100"),
        ("first: 1, last: 1", "not both"),
        (r#"first: 1, after: "x""#, "not a cursor"),
        (
            &format!("first: 1, orderBy: POPULATION, after: {cursor}"),
            "not a cursor of this list",
        ),
    ] {
        let arguments = if arguments.is_empty() {
            String::new()
        } else {
            format!("({arguments})")
        };
        let (code, message) = fault(
            &fixture
                .ask(&format!("{{ organisations{arguments} {{ totalCount }} }}"))
                .await,
        );
        assert_eq!(code, "BAD_INPUT", "{arguments}");
        assert!(message.contains(said), "{arguments}: {message}");
    }
    for list in [
        "jobRuns",
        r#"standard(slug: "plans") { snapshots"#,
        r#"standard(slug: "plans") { adopters"#,
    ] {
        let close = if list.contains('{') { "}" } else { "" };
        let (code, message) = fault(
            &fixture
                .ask(&format!("{{ {list} {{ totalCount }} {close} }}"))
                .await,
        );
        assert_eq!(
            (code.as_str(), message.contains("Give `first`")),
            ("BAD_INPUT", true),
            "{message}"
        );
    }
}

/// The id of one thing of each kind, with its type.
async fn ids(fixture: &Fixture) -> Vec<(String, Value)> {
    let sample = Sample::fill(&fixture.store).await;
    let request = async |conn: &mut store::Conn| {
        let day = chrono::NaiveDate::default();
        store::job_run::request(conn, &may(Action::RunJob), "never", store::now(), day).await
    };
    fixture.store.write(request).await.unwrap();
    let query = r#"{
        organisations(first: 1) { nodes { id __typename } } groups(kind: REGION) { id __typename }
        jobRuns(first: 1) { nodes { id __typename } }
        standard(slug: "plans") { id __typename provisions { id __typename } snapshots(first: 1) { nodes { id __typename } }
            adopters(first: 1) { nodes { event { id __typename } } } } }"#;
    let data = fixture.data(query).await;
    let standard = &data["standard"];
    let things = [
        &data["organisations"]["nodes"][0],
        &data["groups"][0],
        &data["jobRuns"]["nodes"][0],
        standard,
        &standard["provisions"][0],
        &standard["snapshots"]["nodes"][0],
        &standard["adopters"]["nodes"][0]["event"],
    ];
    let event = crate::id::Key::Event((sample.plans, sample.ash, sample.event)).id();
    assert_eq!(things[6]["id"], event.as_str());
    things
        .map(|thing| {
            (
                thing["__typename"].as_str().unwrap().to_owned(),
                thing["id"].clone(),
            )
        })
        .to_vec()
}

#[tokio::test]
async fn everything_with_an_id_is_found_again_by_it() {
    for fixture in Fixture::each().await {
        let ids = ids(&fixture).await;
        let types: Vec<&str> = ids.iter().map(|(name, _)| name.as_str()).collect();
        let expected = [
            "Organisation",
            "Group",
            "JobRun",
            "Standard",
            "Provision",
            "Snapshot",
            "AdoptionEvent",
        ];
        assert_eq!(types, expected);
        for (name, id) in &ids {
            let query = format!("{{ node(id: {id}) {{ id __typename }} }}");
            assert_eq!(
                fixture.data(&query).await["node"],
                json!({"id": id, "__typename": name})
            );
        }
        // All at once, one of them twice and one unknown.
        let unknown = crate::id::Key::Standard(store::fresh()).id();
        let mut all: Vec<Value> = ids.iter().map(|(_, id)| id.clone()).collect();
        all.extend([json!(unknown.as_str()), ids[0].1.clone()]);
        let query = "query ($ids: [ID!]!) { nodes(ids: $ids) { id
            ... on Provision { kind } ... on AdoptionEvent { standard { slug } organisation { slug } } ... on Organisation { slug } } }";
        let before = fixture.store.statements().count();
        let answer = ask(
            &fixture.schema,
            &Viewer::Anonymous,
            query,
            json!({"ids": all.clone()}),
        )
        .await;
        // One for each kind, and two for the event's body and standard.
        assert_eq!(fixture.store.statements().count() - before, 7 + 2);
        let nodes = answer["data"]["nodes"].as_array().unwrap();
        let found: Vec<Value> = nodes.iter().map(|node| node["id"].clone()).collect();
        all[7] = Value::Null;
        assert_eq!(found, all);
        assert_eq!(nodes[4]["kind"], "COUNCIL");
        assert_eq!(nodes[6]["standard"]["slug"], "plans");
        assert_eq!(nodes[8]["slug"], "ash");
    }
}

#[tokio::test]
async fn ids_that_name_nothing_are_null_and_those_that_are_none_are_refused() {
    for fixture in Fixture::each().await {
        use crate::id::Key;
        let [a, b, c] = [1_u128, 2, 3].map(uuid::Uuid::from_u128);
        for key in [
            Key::Organisation(a.into()),
            Key::Group(a.into()),
            Key::Standard(a.into()),
            Key::Provision(a.into(), b.into()),
            Key::Event((a.into(), b.into(), c.into())),
            Key::Snapshot(a.into(), b.into()),
            Key::JobRun(a.into()),
        ] {
            let query = format!(r#"{{ node(id: "{}") {{ id }} }}"#, key.id().as_str());
            assert_eq!(fixture.data(&query).await["node"], Value::Null, "{key:?}");
        }
        assert_eq!(
            fault(&fixture.ask(r#"{ node(id: "1") { id } }"#).await).0,
            "BAD_INPUT"
        );
        assert_eq!(
            fault(&fixture.ask(r#"{ nodes(ids: ["1"]) { id } }"#).await).0,
            "BAD_INPUT"
        );
        let many = vec![Key::Standard(a.into()).id().0; 101];
        let query = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }";
        let (code, message) = fault(
            &ask(
                &fixture.schema,
                &Viewer::Anonymous,
                query,
                json!({"ids": many}),
            )
            .await,
        );
        assert_eq!(
            (code.as_str(), message.contains("at most 100")),
            ("BAD_INPUT", true),
            "{message}"
        );
    }
}
