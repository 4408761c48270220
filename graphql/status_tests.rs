//! The status of projects by GraphQL: posted once, corrected, asked for help, and read at a constant number of statements.

use crate::project_sample::{body, shared, signatory, started};
use crate::sample::Sample;
use crate::testing::{Fixture, ask};
use domain::policy::Viewer;
use serde_json::{Value, json};

/// What a mutation answers.
async fn answered(
    fixture: &Fixture,
    viewer: &Viewer,
    mutation: &str,
    asked: &str,
    input: Value,
) -> Value {
    let kind = format!("{}{}Input", mutation[..1].to_uppercase(), &mutation[1..]);
    let document = format!(
        "mutation ($input: {kind}!) {{ done: {mutation}(input: $input) {{ {asked} userErrors {{ path code message }} }} }}"
    );
    ask(
        &fixture.schema,
        viewer,
        &document,
        json!({ "input": input }),
    )
    .await
}

async fn did(
    fixture: &Fixture,
    viewer: &Viewer,
    mutation: &str,
    asked: &str,
    input: Value,
) -> Value {
    let mut answer = answered(fixture, viewer, mutation, asked, input).await;
    assert_eq!(answer["errors"], Value::Null, "{mutation}: {answer}");
    answer["data"]["done"].take()
}

fn whole(project: &str) -> Value {
    json!({"project": project, "delivery": "GREEN", "money": "AMBER", "people": "GREEN", "reuse": "GREEN",
        "headline": "We begin", "nextStep": "Ask around"})
}

const UPDATE: &str = "statusUpdate { id delivery money headline nextStep unchanged corrects correctedBy organisation { slug } } \
     project { slug freshness latestStatus { headline } }";

#[tokio::test]
async fn a_status_is_posted_once_filled_up_and_put_right() {
    for fixture in Fixture::each().await {
        Sample::fill(&fixture.store).await;
        let store = &fixture.store;
        let project = shared(store, "One register").await;
        let dale = signatory(body(store, "dale").await);
        let slug = project.slug.as_str();
        let short = did(
            &fixture,
            &dale,
            "postStatus",
            UPDATE,
            json!({"project": slug, "delivery": "RED"}),
        )
        .await;
        assert_eq!(short["statusUpdate"], Value::Null);
        assert_eq!(short["userErrors"][0]["path"], json!(["input", "money"]));

        let mut first = whole(slug);
        first["idempotencyKey"] = json!("once");
        let posted = did(&fixture, &dale, "postStatus", UPDATE, first.clone()).await;
        let again = did(&fixture, &dale, "postStatus", UPDATE, first).await;
        assert_eq!(posted, again);
        assert_eq!(posted["statusUpdate"]["organisation"]["slug"], "dale");
        assert_eq!(
            posted["project"],
            json!({"slug": slug, "freshness": "FRESH", "latestStatus": {"headline": "We begin"}})
        );
        let same = did(
            &fixture,
            &dale,
            "postStatus",
            UPDATE,
            json!({"project": slug, "unchanged": true}),
        )
        .await;
        assert_eq!(same["statusUpdate"]["unchanged"], true);
        assert_eq!(same["statusUpdate"]["money"], "AMBER");
        let mend = json!({"project": slug, "corrects": same["statusUpdate"]["id"], "money": "RED", "headline": "No money"});
        let mended = did(&fixture, &dale, "postStatus", UPDATE, mend.clone()).await;
        assert_eq!(
            mended["statusUpdate"]["corrects"],
            same["statusUpdate"]["id"]
        );
        assert_eq!(mended["project"]["latestStatus"]["headline"], "No money");
        let twice = answered(&fixture, &dale, "postStatus", UPDATE, mend).await;
        assert_eq!(twice["errors"][0]["extensions"]["code"], "CONFLICT");

        let document = "query ($slug: String!, $after: String) { project(slug: $slug) { statusUpdates(first: 2, after: $after) {
            totalCount pageInfo { hasNextPage endCursor } nodes { headline correctedBy } } } }";
        let page = ask(
            &fixture.schema,
            &Viewer::Anonymous,
            document,
            json!({ "slug": slug }),
        )
        .await;
        let page = &page["data"]["project"]["statusUpdates"];
        assert_eq!(page["totalCount"], 3);
        assert_eq!(
            page["nodes"][1]["correctedBy"],
            mended["statusUpdate"]["id"]
        );
        let after = &page["pageInfo"]["endCursor"];
        let rest = ask(
            &fixture.schema,
            &Viewer::Anonymous,
            document,
            json!({"slug": slug, "after": after}),
        )
        .await;
        let rest = &rest["data"]["project"]["statusUpdates"];
        assert_eq!(
            rest["nodes"],
            json!([{"headline": "We begin", "correctedBy": null}])
        );
        assert_eq!(rest["pageInfo"]["hasNextPage"], false);
    }
}

#[tokio::test]
async fn an_ask_is_offered_help_and_closed_and_told_of() {
    for fixture in Fixture::each().await {
        Sample::fill(&fixture.store).await;
        let store = &fixture.store;
        let project = shared(store, "One register").await;
        let (ash, birch) = (
            signatory(body(store, "ash").await),
            signatory(body(store, "birch").await),
        );
        let help = json!({"kinds": ["TESTING"]});
        let set = did(&fixture, &birch, "setHelpOffers", "kinds", help).await;
        assert_eq!(set["kinds"], json!(["TESTING"]));
        let mut input = whole(&project.slug);
        input["ask"] = json!({"kind": "TESTING", "text": "Two testers"});
        did(&fixture, &ash, "postStatus", "statusUpdate { id }", input).await;
        let document = "{ asks(first: 5, filter: {organisation: \"birch\", state: [OPEN]}) { totalCount nodes { id version text
            project { slug } told { reason organisation { slug } offer } } } }";
        let found = ask(&fixture.schema, &Viewer::Anonymous, document, json!({})).await;
        let asks = &found["data"]["asks"];
        assert_eq!(asks["totalCount"], 1);
        assert_eq!(
            asks["nodes"][0]["told"],
            json!([{"reason": "CAN_HELP", "organisation": {"slug": "birch"}, "offer": null}])
        );
        let id = &asks["nodes"][0]["id"];
        let offer = json!({"ask": id, "text": "Two of us"});
        let offered = did(
            &fixture,
            &birch,
            "offerHelp",
            "ask { state version told { offer } }",
            offer,
        )
        .await;
        assert_eq!(
            offered["ask"],
            json!({"state": "ANSWERED", "version": 2, "told": [{"offer": "Two of us"}]})
        );
        let closed = did(
            &fixture,
            &ash,
            "closeAsk",
            "ask { state }",
            json!({"ask": id, "expectedVersion": 2}),
        )
        .await;
        assert_eq!(closed["ask"]["state"], "CLOSED");
    }
}

#[tokio::test]
async fn a_project_is_shown_on_a_day_and_between_two() {
    for fixture in Fixture::each().await {
        Sample::fill(&fixture.store).await;
        let store = &fixture.store;
        let project = shared(store, "One register").await;
        let ash = signatory(body(store, "ash").await);
        did(
            &fixture,
            &ash,
            "postStatus",
            "statusUpdate { id }",
            whole(&project.slug),
        )
        .await;
        let document = "query ($slug: String!) { project(slug: $slug) {
            then: statusOn(asOf: \"2001-01-01\") { phase status { headline } participants { role } outputs { title } }
            now: statusOn { phase status { headline } participants { role organisation { slug } } }
            difference(from: \"2001-01-01\") { any phaseBefore phaseAfter colours { side before after } joined { slug } left { slug } } } }";
        let found = ask(
            &fixture.schema,
            &Viewer::Anonymous,
            document,
            json!({"slug": project.slug}),
        )
        .await;
        let found = &found["data"]["project"];
        assert_eq!(
            found["then"],
            json!({"phase": null, "status": null, "participants": [], "outputs": []})
        );
        assert_eq!(found["now"]["phase"], "DISCOVERY");
        assert_eq!(found["now"]["status"]["headline"], "We begin");
        assert_eq!(found["now"]["participants"].as_array().unwrap().len(), 2);
        let difference = &found["difference"];
        assert_eq!(
            (&difference["any"], &difference["phaseAfter"]),
            (&json!(true), &json!("DISCOVERY"))
        );
        assert_eq!(
            difference["colours"][1],
            json!({"side": "money", "before": null, "after": "AMBER"})
        );
        assert_eq!(difference["joined"].as_array().unwrap().len(), 2);
    }
}

#[tokio::test]
async fn a_list_with_lead_participants_status_and_freshness_takes_as_many_statements_for_one_as_for_many()
 {
    for fixture in Fixture::each().await {
        Sample::fill(&fixture.store).await;
        let store = &fixture.store;
        let ash = signatory(body(store, "ash").await);
        let document = "{ projects(first: 100) { nodes { slug freshness lead { name } participants { role organisation { name } }
            latestStatus { headline delivery organisation { name } correctedBy } flags { kind } asks { text told { reason } }
            statusUpdates(first: 3) { nodes { headline } } statusOn { phase status { headline } participants { role } }
            difference(from: \"2001-01-01\") { any joined { slug } } } } }";
        let mut counted = Vec::new();
        for many in [1, 5] {
            for nth in 0..many {
                let row = started(store, "ash", &format!("Project {many} {nth}")).await;
                let mut input = whole(&row.slug);
                input["ask"] = json!({"kind": "DATA", "text": "d"});
                did(&fixture, &ash, "postStatus", "statusUpdate { id }", input).await;
            }
            counted.push(fixture.statements(document).await);
        }
        assert_eq!(counted[0], counted[1]);
    }
}
