//! What must hold of the record over GraphQL: a reader that follows it misses nothing, and sees only what it may.

use crate::sample::Sample;
use crate::testing::{Fixture, add, ask, council, event, fault, may, record, token};
use domain::adoption::AdoptionState::Adopted;
use domain::id::OrganisationId;
use domain::policy::{Action, Role, Scopes, Viewer};
use serde_json::{Value, json};
use std::collections::HashSet;
use store::Store;
use store::testing::seal;

async fn issue(
    store: &Store,
    hash: &str,
    organisation: Option<OrganisationId>,
) -> domain::id::TokenId {
    let new = store::token::NewToken {
        name: hash,
        secret_hash: hash,
        role: organisation.map_or(Role::Admin, |_| Role::Editor),
        organisation,
        scopes: Scopes::usual(),
        expires_at: store::now() + chrono::Days::new(1),
    };
    let write = async |conn: &mut store::Conn| {
        store::token::issue(conn, &may(Action::IssueToken), store::now(), &new).await
    };
    store.write(write).await.unwrap()
}

/// The sequences of a page, and where to go on from.
async fn page(fixture: &Fixture, arguments: &str) -> (Vec<i64>, String) {
    let query =
        format!("{{ changes({arguments}) {{ pageInfo {{ endCursor }} nodes {{ sequence }} }} }}");
    let page = fixture.data(&query).await["changes"].take();
    let nodes = page["nodes"].as_array().unwrap().iter();
    let places = nodes.map(|node| node["sequence"].as_str().unwrap().parse().unwrap());
    let end = page["pageInfo"]["endCursor"].as_str().unwrap().to_owned();
    (places.collect(), end)
}

#[tokio::test]
async fn a_reader_that_sends_the_end_of_each_answer_reads_every_change_once() {
    for fixture in Fixture::each().await {
        let (mut read, mut since) = (Vec::new(), String::new());
        let mut rounds = 0;
        let mut waiting = ["Ash", "Birch", "Cedar"].into_iter();
        loop {
            let from = match since.as_str() {
                "" => String::new(),
                cursor => format!(", since: \"{cursor}\""),
            };
            let (places, end) = page(&fixture, &format!("first: 3{from}")).await;
            assert!(places.len() <= 3);
            since = end;
            rounds += 1;
            if places.is_empty() {
                let Some(name) = waiting.next() else { break };
                add(&fixture.store, council(name)).await;
                // Not sealed yet: there is nothing to read, and the place stays where it is.
                let (none, again) = page(&fixture, &format!("first: 3, after: \"{since}\"")).await;
                assert_eq!((none, &again), (vec![], &since));
                seal(&fixture.store).await;
            }
            read.extend(places);
        }
        let mut conn = fixture.store.read().await.unwrap();
        let written = store::change::after(&mut conn, None, 1_000)
            .await
            .unwrap()
            .len();
        assert_eq!(
            read,
            (1..=i64::try_from(written).unwrap()).collect::<Vec<_>>()
        );
        assert!(rounds > 6, "{rounds}");
    }
}

#[tokio::test]
async fn an_empty_page_of_a_filter_ends_where_the_record_did_and_never_before_the_reader() {
    for fixture in Fixture::each().await {
        add(&fixture.store, council("Ash")).await;
        seal(&fixture.store).await;
        let (all, newest) = page(&fixture, "first: 100").await;
        let of_jobs = "filter: { thingKind: \"job_run\" }";
        assert_eq!(
            page(&fixture, &format!("first: 9, {of_jobs}")).await,
            (vec![], newest.clone())
        );
        assert_eq!(
            page(&fixture, &format!("last: 9, {of_jobs}")).await,
            (vec![], newest.clone())
        );
        let past = format!(
            "first: 9, since: \"{newest}\", filter: {{ sealedBefore: \"2020-01-01T00:00:00Z\" }}"
        );
        assert_eq!(page(&fixture, &past).await, (vec![], newest.clone()));
        let (first, end) = page(&fixture, "first: 1").await;
        assert_eq!(first, [1]);
        let none = format!("first: 9, before: \"{end}\"");
        let (empty, start) = page(&fixture, &none).await;
        assert!(empty.is_empty());
        assert_eq!(
            page(&fixture, &format!("first: 100, after: \"{start}\""))
                .await
                .0,
            all
        );
    }
}

#[tokio::test]
async fn since_takes_a_moment_and_says_what_it_does_not_take() {
    for fixture in Fixture::each().await {
        add(&fixture.store, council("Ash")).await;
        seal(&fixture.store).await;
        let (old, end) = page(&fixture, "first: 100").await;
        let sealed = fixture
            .data("{ changes(last: 1) { nodes { sealedAt } } }")
            .await;
        let moment = sealed["changes"]["nodes"][0]["sealedAt"]
            .as_str()
            .unwrap()
            .to_owned();
        add(&fixture.store, council("Birch")).await;
        seal(&fixture.store).await;
        let last = *old.last().unwrap();
        let fresh = page(&fixture, &format!("first: 100, since: \"{moment}\""))
            .await
            .0;
        assert_eq!(fresh.first(), Some(&(last + 1)));
        let by_cursor = page(&fixture, &format!("first: 100, since: \"{end}\""))
            .await
            .0;
        assert_eq!(fresh, by_cursor);
        let all = [old.clone(), fresh].concat();
        assert_eq!(
            page(&fixture, "first: 100, since: \"2020-01-01T00:00:00Z\"")
                .await
                .0,
            all
        );
        let later = format!("first: 100, filter: {{ sealedFrom: \"{moment}\" }}");
        assert_eq!(page(&fixture, &later).await.0, all);
        let earlier = format!("first: 100, filter: {{ sealedBefore: \"{moment}\" }}");
        assert_eq!(page(&fixture, &earlier).await.0, Vec::<i64>::new());

        let ahead = crate::page::encode(crate::bounds::LIST, crate::bounds::at(1_000_000));
        for (arguments, says) in [
            (
                "first: 1, since: \"yesterday\"".to_owned(),
                "neither a cursor",
            ),
            (format!("first: 1, since: \"{ahead}\""), "earlier copy"),
            (format!("first: 1, after: \"{ahead}\""), "earlier copy"),
            ("first: 0".to_owned(), "1 to 100"),
            ("filter: {}".to_owned(), "`first` or `last`"),
            (
                "first: 1, filter: { organisation: \"nowhere\" }".to_owned(),
                "no organisation",
            ),
        ] {
            let answer = fixture
                .ask(&format!("{{ changes({arguments}) {{ nodes {{ id }} }} }}"))
                .await;
            let (code, message) = fault(&answer);
            assert_eq!(code, "BAD_INPUT", "{message}");
            assert!(message.contains(says), "{message}");
        }
    }
}

#[tokio::test]
async fn a_change_says_who_did_what_for_whom_and_leads_to_the_thing() {
    for fixture in Fixture::each().await {
        let sample = Sample::fill(&fixture.store).await;
        seal(&fixture.store).await;
        let query = "{ changes(last: 1, filter: { organisation: \"ash\", thingKind: \"adoption_event\" }) { totalCount nodes {
            id sequence seal actor actorKind actorOrganisation { slug } byUnit organisation { slug } standard { slug }
            action thingKind thingId before after reason hash proof
            thing { ... on AdoptionEvent { id state standard { slug } } } } } }";
        let mut page = fixture.data(query).await["changes"].take();
        assert_eq!(page["totalCount"], 1);
        let mut node = page["nodes"][0].take();
        let id = node["id"].take();
        let event = node["thing"]["id"].take();
        assert_eq!(node["thingId"].take(), event);
        let after: Value = serde_json::from_str(node["after"].take().as_str().unwrap()).unwrap();
        assert_eq!(after["id"], json!(sample.event.to_string()));
        let hash = node["hash"].take();
        assert!(hash.as_str().unwrap().len() == 64);
        assert!(
            node["proof"]
                .take()
                .as_str()
                .unwrap()
                .starts_with("/record/proof/")
        );
        assert!(node["sequence"].take().is_string());
        assert_eq!(
            node,
            json!({
                "id": null, "sequence": null, "seal": "0", "actor": "operator", "actorKind": "OPERATOR",
                "actorOrganisation": null, "byUnit": false, "organisation": {"slug": "ash"},
                "standard": {"slug": "plans"}, "action": Action::ImportPublications.words(),
                "thingKind": "adoption_event", "thingId": null, "before": null, "after": null, "reason": null,
                "hash": null, "proof": null, "thing": {"id": null, "state": "ADOPTED", "standard": {"slug": "plans"}},
            })
        );
        let again = format!("{{ node(id: {id}) {{ id ... on Change {{ hash }} }} }}");
        assert_eq!(
            fixture.data(&again).await["node"],
            json!({"id": id, "hash": hash})
        );
        let of_thing =
            format!("{{ changes(first: 9, filter: {{ thing: {event} }}) {{ nodes {{ id }} }} }}");
        assert_eq!(
            fixture.data(&of_thing).await["changes"]["nodes"],
            json!([{"id": id}])
        );
        for name in ["gss:E07000001", "E07000001"] {
            let by_code = format!(
                "{{ changes(first: 99, filter: {{ organisation: \"{name}\", thing: {event} }}) {{ totalCount }} }}"
            );
            assert_eq!(fixture.data(&by_code).await["changes"]["totalCount"], 1);
        }
    }
}

#[tokio::test]
async fn a_claim_of_the_unit_is_not_shown_as_one_of_the_body_it_is_about() {
    for fixture in Fixture::each().await {
        let sample = Sample::fill(&fixture.store).await;
        let (own, unit) = (
            issue(&fixture.store, "a", Some(sample.ash)).await,
            issue(&fixture.store, "u", None).await,
        );
        for (id, role, place) in [
            (own, Role::Editor, Some(sample.ash)),
            (unit, Role::Admin, None),
        ] {
            let mut viewer = token(role, place);
            if let Viewer::Token { id: of, .. } = &mut viewer {
                *of = id;
            }
            let record = "mutation { recordAdoption(input: { organisation: \"ash\", standard: \"maps\", state: PLEDGED,
                effectiveOn: \"2024-01-01\" }) { event { id } userErrors { message } } }";
            let answer = ask(&fixture.schema, &viewer, record, Value::Null).await;
            assert_eq!(
                answer["data"]["recordAdoption"]["userErrors"],
                json!([]),
                "{answer}"
            );
        }
        seal(&fixture.store).await;
        let query = "{ changes(last: 2, filter: { thingKind: \"adoption_event\" }) { nodes {
            actor actorKind byUnit actorOrganisation { slug } organisation { slug } } } }";
        let nodes = fixture.data(query).await["changes"]["nodes"].take();
        let ash = json!({"slug": "ash"});
        let expected = |id: domain::id::TokenId, by_unit: bool, of: &Value| {
            json!({"actor": format!("token:{id}"), "actorKind": "TOKEN", "byUnit": by_unit,
                "actorOrganisation": of, "organisation": ash})
        };
        assert_eq!(
            nodes,
            json!([
                expected(own, false, &ash),
                expected(unit, true, &Value::Null)
            ])
        );
    }
}

#[tokio::test]
async fn changes_of_keys_are_seen_by_own_members_and_the_unit_alone() {
    for fixture in Fixture::each().await {
        let sample = Sample::fill(&fixture.store).await;
        issue(&fixture.store, "ash", Some(sample.ash)).await;
        issue(&fixture.store, "birch", Some(sample.birch)).await;
        issue(&fixture.store, "unit", None).await;
        seal(&fixture.store).await;
        let query = "{ changes(first: 99, filter: { thingKind: \"token\" }) { totalCount nodes { id after } } }";
        let seen = async |viewer: &Viewer| -> (Vec<String>, HashSet<String>) {
            let page =
                ask(&fixture.schema, viewer, query, Value::Null).await["data"]["changes"].take();
            let nodes = page["nodes"].as_array().unwrap().clone();
            assert_eq!(page["totalCount"], nodes.len());
            let name = |node: &Value| {
                let after: Value = serde_json::from_str(node["after"].as_str().unwrap()).unwrap();
                after["name"].as_str().unwrap().to_owned()
            };
            let ids = nodes
                .iter()
                .map(|node| node["id"].as_str().unwrap().to_owned());
            (nodes.iter().map(name).collect(), ids.collect())
        };
        let (all, ids) = seen(&token(Role::Admin, None)).await;
        assert_eq!(all, ["ash", "birch", "unit"]);
        let mut scoped = token(Role::Editor, Some(sample.ash));
        if let Viewer::Token { scopes, .. } = &mut scoped {
            *scopes = "ADOPTION".parse().unwrap();
        }
        for (viewer, names) in [
            (Viewer::Anonymous, vec![]),
            (scoped, vec![]),
            (token(Role::Editor, Some(sample.ash)), vec!["ash"]),
            (token(Role::Lead, Some(sample.birch)), vec!["birch"]),
        ] {
            let (found, own) = seen(&viewer).await;
            assert_eq!(found, names);
            for id in &ids {
                let query = format!("{{ node(id: \"{id}\") {{ id }} }}");
                let answer = ask(&fixture.schema, &viewer, &query, Value::Null).await;
                assert_eq!(answer["data"]["node"].is_null(), !own.contains(id));
            }
        }
    }
}

#[tokio::test]
async fn a_page_of_many_changes_takes_no_more_statements_than_one_of_few() {
    for fixture in Fixture::each().await {
        let sample = Sample::fill(&fixture.store).await;
        issue(&fixture.store, "unit", None).await;
        seal(&fixture.store).await;
        let query = "{ changes(last: 100, filter: { thingKind: \"adoption_event\" }) { totalCount pageInfo { endCursor } nodes {
            sequence actorOrganisation { slug } byUnit organisation { slug codes { code } } standard { slug versions { label } }
            thing { id ... on AdoptionEvent { state organisation { slug } } } } } }";
        let few = fixture.statements(query).await;
        assert!(few > 4);
        for number in 0..40 {
            let body = add(&fixture.store, council(&format!("More {number}")))
                .await
                .id;
            record(
                &fixture.store,
                store::now(),
                &[event(sample.maps, body, Adopted, "2024-01-01")],
            )
            .await;
        }
        seal(&fixture.store).await;
        assert_eq!(fixture.statements(query).await, few);
        let plain =
            "{ changes(first: 1) { nodes { id sequence hash before after thingId actorKind } } }";
        let counted = "{ changes(first: 1) { totalCount nodes { id } } }";
        assert_eq!(
            (
                fixture.statements(plain).await,
                fixture.statements(counted).await
            ),
            (2, 3)
        );
    }
}
