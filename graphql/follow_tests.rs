//! Declarations, commitments, subscriptions and webhooks by GraphQL, on both engines.

use crate::id::Key;
use crate::people_sample::{Home, bearer, issued, member, signed_in};
use crate::sample::Sample;
use crate::testing::{Fixture, add_standard, ask};
use domain::policy::{Role, Viewer};
use serde_json::{Value, json};

/// The data of a request that must not fail, under `done`.
async fn done(fixture: &Fixture, viewer: &Viewer, document: &str, input: Value) -> Value {
    let mut answer = ask(&fixture.schema, viewer, document, json!({ "input": input })).await;
    assert_eq!(answer["errors"], Value::Null, "{answer}");
    assert!(
        answer["data"]["done"]["userErrors"]
            .as_array()
            .is_none_or(Vec::is_empty),
        "{answer}"
    );
    answer["data"]["done"].take()
}

async fn publish(fixture: &Fixture) -> Value {
    let (_, hash) = issued(&fixture.store, (None, Role::Admin), 1).await;
    let admin = bearer(&fixture.store, &hash).await.unwrap();
    let publish =
        "mutation ($input: PublishDeclarationInput!) { done: publishDeclaration(input: $input) {
        declaration { id number title signatoryCount } userErrors { message } } }";
    done(
        fixture,
        &admin,
        publish,
        json!({"title": "Once", "text": "We share."}),
    )
    .await
}

const SIGN: &str = "mutation ($input: SignDeclarationInput!) { done: signDeclaration(input: $input) {
    signature { id state version organisation { slug } declaration { number signatoryCount } } userErrors { message } } }";
const MAKE: &str = "mutation ($input: MakeCommitmentInput!) { done: makeCommitment(input: $input) {
    commitment { id dueOn overdue outcome version standard { slug } } userErrors { code message path } } }";

#[tokio::test]
async fn a_signatory_signs_promises_and_keeps_and_everybody_sees_it() {
    for fixture in Fixture::each().await {
        let store = &fixture.store;
        let ash: Home = Some(Sample::fill(store).await.ash);
        add_standard(store, "bins").await;
        let first = publish(&fixture).await;
        assert_eq!(first["declaration"]["number"], 1);
        let (signatory, _) = member(store, "sig", ash, Role::Signatory).await;
        let signatory = signed_in(store, signatory).await;
        // Of the only organisation that the person acts for, under the newest version.
        let signed = done(&fixture, &signatory, SIGN, json!({})).await;
        let signed = &signed["signature"];
        assert_eq!(
            (&signed["state"], &signed["organisation"]["slug"]),
            (&json!("LIVE"), &json!("ash"))
        );
        assert_eq!(signed["declaration"]["signatoryCount"], 1);

        let promise =
            json!({"text": "Publish our bins.", "dueOn": "2999-01-01", "standard": "bins"});
        let made = done(&fixture, &signatory, MAKE, promise).await;
        let made = &made["commitment"];
        assert_eq!(
            (&made["standard"]["slug"], &made["overdue"]),
            (&json!("bins"), &json!(false))
        );
        let settle =
            "mutation ($input: SettleCommitmentInput!) { done: settleCommitment(input: $input) {
            commitment { outcome outcomeOn } userErrors { code path } } }";
        let said = |outcome: &str| json!({"commitment": made["id"], "outcome": outcome, "expectedVersion": 1});
        let early = ask(
            &fixture.schema,
            &signatory,
            settle,
            json!({"input": said("LATE")}),
        )
        .await;
        assert_eq!(
            early["data"]["done"]["userErrors"][0]["path"],
            json!(["input", "outcome"])
        );
        let kept = done(&fixture, &signatory, settle, said("KEPT")).await;
        assert_eq!(kept["commitment"]["outcome"], "KEPT");

        let seen = fixture.ask("{ declaration { number signatures(first: 5) { totalCount nodes { organisation { slug } } } }
            declarations { number } keptRate(organisation: \"ash\") { kept late dropped explained overdue open n rate }
            commitments(first: 5, filter: { organisation: \"ash\", open: false }) { totalCount nodes { text } }
            organisation(slug: \"ash\") { signatures { state } commitments { outcome } } }").await;
        let data = &seen["data"];
        assert_eq!(
            data["declaration"]["signatures"],
            json!({"totalCount": 1, "nodes": [{"organisation": {"slug": "ash"}}]}),
            "{seen}"
        );
        assert_eq!(
            data["keptRate"],
            json!({"kept": 1, "late": 0, "dropped": 0, "explained": 0, "overdue": 0, "open": 0, "n": 1, "rate": 1.0})
        );
        assert_eq!(data["commitments"]["totalCount"], 1);
        assert_eq!(
            data["organisation"]["commitments"],
            json!([{"outcome": "KEPT"}])
        );

        let withdraw =
            "mutation ($input: WithdrawSignatureInput!) { done: withdrawSignature(input: $input) {
            signature { state reason declaration { signatoryCount } } userErrors { message } } }";
        let input = json!({"signature": signed["id"], "reason": "We merge.", "expectedVersion": 1});
        let withdrawn = done(&fixture, &signatory, withdraw, input).await;
        assert_eq!(
            withdrawn["signature"],
            json!({"state": "WITHDRAWN", "reason": "We merge.", "declaration": {"signatoryCount": 0}})
        );
    }
}

#[tokio::test]
async fn a_person_follows_things_and_chooses_how_to_be_told() {
    for fixture in Fixture::each().await {
        let store = &fixture.store;
        let ash = Sample::fill(store).await.ash;
        let (ann, _) = member(store, "ann", Some(ash), Role::Editor).await;
        let ann = signed_in(store, ann).await;
        let subscribe = "mutation ($input: SubscribeInput!) { done: subscribe(input: $input) {
            subscription { id of { kind title path feed } } userErrors { message } } }";
        let thing = json!({"thing": Key::Organisation(ash).id()});
        let followed = done(&fixture, &ann, subscribe, thing).await;
        let followed = &followed["subscription"];
        assert_eq!(
            followed["of"],
            json!({"kind": "ORGANISATION", "title": "Ash", "path": "/organisations/ash", "feed": "/feeds/organisation/ash"})
        );
        let mine = "{ done: viewer { subscriptions { id } digest { every available sentAt } } }";
        let seen = done(&fixture, &ann, mine, Value::Null).await;
        assert_eq!(seen["subscriptions"], json!([{"id": followed["id"]}]));
        assert_eq!(
            seen["digest"],
            json!({"every": "WEEK", "available": false, "sentAt": null})
        );
        let choose = "mutation ($input: ChooseDigestInput!) { done: chooseDigest(input: $input) { digest { every } } }";
        let chosen = done(&fixture, &ann, choose, json!({"every": "NEVER"})).await;
        assert_eq!(chosen["digest"]["every"], "NEVER");
        let leave = "mutation ($input: UnsubscribeInput!) { done: unsubscribe(input: $input) { userErrors { message } } }";
        done(
            &fixture,
            &ann,
            leave,
            json!({"subscription": followed["id"]}),
        )
        .await;
        let seen = done(&fixture, &ann, mine, Value::Null).await;
        assert_eq!(seen["subscriptions"], json!([]));
        // What people follow is for nobody else to see in the record.
        store::testing::seal(store).await;
        let record = fixture
            .ask("{ changes(last: 100) { nodes { thingKind sentence } } }")
            .await;
        let nodes = record["data"]["changes"]["nodes"].as_array().unwrap();
        assert!(
            !nodes.is_empty()
                && nodes
                    .iter()
                    .all(|one| !["subscription", "digest"]
                        .contains(&one["thingKind"].as_str().unwrap()))
        );
        assert!(
            nodes
                .iter()
                .any(|one| one["sentence"] == "“Ash” was added to the register."),
            "{record}"
        );
    }
}

#[tokio::test]
async fn a_webhook_shows_its_secret_once_and_only_leads_see_it() {
    for fixture in Fixture::each().await {
        let store = &fixture.store;
        let ash: Home = Some(Sample::fill(store).await.ash);
        let (_, hash) = issued(store, (ash, Role::Lead), 1).await;
        let lead = bearer(store, &hash).await.unwrap();
        let add = "mutation ($input: AddWebhookInput!) { done: addWebhook(input: $input) {
            secret webhook { id url state version of { title } deliveries { status } } userErrors { path message } } }";
        let input =
            json!({"organisation": "ash", "url": "https://hooks.example/x", "idempotencyKey": "k"});
        let added = done(&fixture, &lead, add, input.clone()).await;
        assert!(added["secret"].as_str().unwrap().starts_with("whsec_"));
        assert_eq!(added["webhook"]["state"], "ACTIVE");
        assert_eq!(
            done(&fixture, &lead, add, input).await["secret"],
            Value::Null
        );
        for url in [
            "http://127.0.0.1:9/",
            "http://hooks.example/",
            "https://u:p@hooks.example/",
        ] {
            let input = json!({"input": {"organisation": "ash", "url": url}});
            let refused = ask(&fixture.schema, &lead, add, input).await;
            let fault = &refused["data"]["done"]["userErrors"][0];
            assert_eq!(fault["path"], json!(["input", "url"]), "{url}: {refused}");
        }
        let seen = "{ done: organisation(slug: \"ash\") { webhooks { url } } }";
        let own = done(&fixture, &lead, seen, Value::Null).await;
        assert_eq!(own["webhooks"], json!([{"url": "https://hooks.example/x"}]));
        let public = fixture
            .ask("{ organisation(slug: \"ash\") { slug webhooks { url } } }")
            .await;
        assert_eq!(
            public["data"]["organisation"],
            json!({"slug": "ash", "webhooks": null}),
            "{public}"
        );
        assert_eq!(public["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
    }
}

#[tokio::test]
async fn the_statements_of_signatures_and_commitments_do_not_grow_with_them() {
    for fixture in Fixture::each().await {
        let store = &fixture.store;
        Sample::fill(store).await;
        publish(&fixture).await;
        let query = "{ organisations(first: 50) { nodes { signatures { state declaration { number signatoryCount } organisation { slug } }
            commitments { text standard { slug } organisation { slug } } } }
            commitments(first: 50) { nodes { organisation { slug } standard { slug } } }
            declarations { signatoryCount }
            changes(last: 50) { nodes { sentence } } }";
        let mut counted = Vec::new();
        add_standard(store, "bins").await;
        for round in 0..2 {
            for n in 0..=(round * 5) {
                let body =
                    crate::testing::add(store, crate::testing::council(&format!("B{round}{n}")))
                        .await;
                let home = Some(body.id);
                let (_, hash) = issued(store, (home, Role::Signatory), 1).await;
                let viewer = bearer(store, &hash).await.unwrap();
                done(&fixture, &viewer, SIGN, json!({})).await;
                let promise = json!({"text": "t", "dueOn": "2999-01-01", "standard": "bins"});
                done(&fixture, &viewer, MAKE, promise).await;
            }
            store::testing::seal(store).await;
            let before = store.statements().count();
            let answer = fixture.ask(query).await;
            assert_eq!(answer["errors"], Value::Null, "{answer}");
            counted.push(store.statements().count() - before);
        }
        assert_eq!(counted[0], counted[1]);
    }
}
