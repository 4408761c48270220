//! Projects by GraphQL: the whole way of one by the tokens of three bodies, and lists at a constant number of statements.

use crate::project_sample::{body, proposed, shared, signatory};
use crate::sample::Sample;
use crate::testing::{Fixture, add, ask, council};
use domain::participation::{ParticipationRole, Side};
use domain::policy::Viewer;
use serde_json::{Value, json};

/// What a mutation gives whoever asks.
async fn did(
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
    let mut answer = ask(&fixture.schema, viewer, &document, json!({"input": input})).await;
    assert_eq!(answer["errors"], Value::Null, "{mutation}: {answer}");
    answer["data"]["done"].take()
}

#[tokio::test]
async fn a_gate_says_who_is_missing_until_the_third_accepts() {
    for fixture in Fixture::each().await {
        Sample::fill(&fixture.store).await;
        let store = &fixture.store;
        let ash = signatory(body(store, "ash").await);
        let birch = signatory(body(store, "birch").await);
        let dale = signatory(body(store, "dale").await);
        // The body is that of the token.
        let input = json!({"title": "One register", "summary": "Keep it once."});
        let started = did(
            &fixture,
            &ash,
            "startProject",
            "project { slug lead { slug } phase }",
            input,
        )
        .await;
        assert_eq!(
            started["project"],
            json!({"slug": "one-register", "lead": {"slug": "ash"}, "phase": "DISCOVERY"})
        );
        let mut parts = Vec::new();
        for whom in ["birch", "dale"] {
            let input =
                json!({"project": "one-register", "organisation": whom, "message": "Come."});
            let done = did(
                &fixture,
                &ash,
                "inviteParticipant",
                "participation { id state }",
                input,
            )
            .await;
            assert_eq!(done["participation"]["state"], "INVITED");
            parts.push(done["participation"]["id"].clone());
        }
        let yes = |id: &Value| json!({"participation": id, "accept": true});
        did(&fixture, &birch, "answerParticipation", "", yes(&parts[0])).await;
        let to_beta = json!({"project": "one-register", "phase": "BETA"});
        let held = did(
            &fixture,
            &ash,
            "changePhase",
            "project { phase }",
            to_beta.clone(),
        )
        .await;
        let messages: Vec<&str> = held["userErrors"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["message"].as_str().unwrap())
            .collect();
        assert_eq!(
            messages,
            [
                "BETA needs 3 signed participants; 2 have signed: Dale has not answered.",
                "BETA needs an answer of everybody who is to work on it; 2 of 3 have signed: Dale has not answered.",
            ]
        );
        assert_eq!(held["userErrors"][0]["code"], "GATE");
        assert_eq!(held["project"], Value::Null);
        did(&fixture, &dale, "answerParticipation", "", yes(&parts[1])).await;
        let moved = did(
            &fixture,
            &ash,
            "changePhase",
            "project { phase version }",
            to_beta,
        )
        .await;
        assert_eq!(moved["project"], json!({"phase": "BETA", "version": 2}));
        let output = json!({"project": "one-register", "title": "Kit", "kind": "CODE", "licence": "MIT",
            "url": "https://example.org/kit", "readiness": "READY", "standard": "plans"});
        did(&fixture, &dale, "publishOutput", "", output).await;
        let milestone =
            json!({"project": "one-register", "title": "First use", "dueOn": "2030-01-01"});
        did(&fixture, &ash, "setMilestone", "", milestone).await;
        let pledge = json!({"project": "one-register", "kind": "MONEY", "amount": 500});
        let pledged = did(
            &fixture,
            &birch,
            "pledgeContribution",
            "project { contributions { id } }",
            pledge,
        )
        .await;
        let id = &pledged["project"]["contributions"][0]["id"];
        did(
            &fixture,
            &birch,
            "giveContribution",
            "",
            json!({"contribution": id, "given": 300}),
        )
        .await;
        let data = fixture
            .data(
                "{ project(slug: \"one-register\") { participantCount participants { organisation { slug } role state }
                    phases { from to } gates { phase condition failing } milestones { title slipDays overdue }
                    outputs { title readiness standard { slug } } contributions { organisation { slug } pledged given } } }",
            )
            .await;
        let project = &data["project"];
        assert_eq!(project["participantCount"], 3);
        assert_eq!(
            project["participants"][2],
            json!({"organisation": {"slug": "dale"}, "role": "PARTNER", "state": "ACTIVE"})
        );
        assert_eq!(
            project["phases"],
            json!([{"from": null, "to": "DISCOVERY"}, {"from": "DISCOVERY", "to": "BETA"}])
        );
        assert_eq!(
            project["gates"][2]["failing"],
            Value::Null,
            "an output is ready"
        );
        assert_eq!(
            project["gates"][3]["failing"],
            "LIVE needs a status of the last 14 days; none was ever posted."
        );
        assert_eq!(project["outputs"][0]["standard"]["slug"], "plans");
        assert_eq!(
            project["contributions"][0],
            json!({"organisation": {"slug": "birch"}, "pledged": 500, "given": 300})
        );
    }
}

/// A list with everything that hangs on each project.
const LIST: &str = "{ projects(first: 100, orderBy: STATUS) { totalCount nodes { slug lead { name }
    participants { organisation { name } role state project { title } mayAnswer } phases { to } gates { failing }
    milestones { title } outputs { standard { slug } } problems { title projects { slug } } contributions { organisation { name } } mayLead } } }";

#[tokio::test]
async fn a_list_of_projects_takes_as_many_statements_however_long_it_is() {
    for fixture in Fixture::each().await {
        Sample::fill(&fixture.store).await;
        let mut counted = Vec::new();
        for more in [2, 20] {
            for number in 0..more {
                shared(&fixture.store, &format!("Project {more} {number}")).await;
            }
            counted.push(fixture.statements(LIST).await);
        }
        assert_eq!(counted[0], counted[1]);
        assert!(counted[0] <= 20, "{}", counted[0]);
        let portfolio = "{ organisations(first: 10) { nodes { portfolio(first: 5) { totalCount
            nodes { state project { title lead { slug } } } } } } }";
        let one = fixture.statements(portfolio).await;
        add(&fixture.store, council("Gorse")).await;
        let project = shared(&fixture.store, "Another").await;
        let role = ParticipationRole::Observer;
        proposed(&fixture.store, &project, "gorse", role, Side::Project).await;
        assert_eq!(fixture.statements(portfolio).await, one);
    }
}

#[tokio::test]
async fn lists_are_filtered_and_walked_and_a_portfolio_shows_what_is_not_agreed_yet() {
    for fixture in Fixture::each().await {
        Sample::fill(&fixture.store).await;
        let store = &fixture.store;
        for title in ["Trees", "Bins", "Roads"] {
            shared(store, title).await;
        }
        let role = ParticipationRole::Tester;
        let bins = store::project::by_slug(&mut store.read().await.unwrap(), "bins").await;
        let bins = bins.unwrap().unwrap();
        proposed(store, &bins, "birch", role, Side::Project).await;
        let ash = signatory(body(store, "ash").await);
        let stop =
            json!({"project": "roads", "phase": "STOPPED", "reason": "The supplier went under."});
        did(&fixture, &ash, "changePhase", "", stop).await;
        for (filter, expected) in [
            ("", "bins roads trees"),
            ("text: \"SUPPLIER went\"", "roads"),
            ("phase: [DISCOVERY, ALPHA]", "bins trees"),
            ("organisation: \"dale\"", "bins roads trees"),
            ("organisation: \"birch\"", ""),
            ("freshness: [FRESH]", "bins trees"),
            ("freshness: [DORMANT, STALE]", ""),
        ] {
            let query = format!(
                "{{ projects(first: 9, filter: {{ {filter} }}) {{ totalCount nodes {{ slug }} }} }}"
            );
            let data = fixture.data(&query).await;
            let nodes = data["projects"]["nodes"].as_array().unwrap();
            let slugs: Vec<&str> = nodes
                .iter()
                .map(|node| node["slug"].as_str().unwrap())
                .collect();
            assert_eq!(slugs.join(" "), expected, "{filter}");
            assert_eq!(data["projects"]["totalCount"], json!(slugs.len()));
        }
        let data = fixture
            .data(
                "{ organisation(slug: \"birch\") { portfolio(first: 5) { nodes { state role from project { slug } } } }
                    two: projects(last: 2) { nodes { slug } pageInfo { hasPreviousPage } } }",
            )
            .await;
        assert_eq!(
            data["organisation"]["portfolio"]["nodes"],
            json!([{"state": "INVITED", "role": "TESTER", "from": null, "project": {"slug": "bins"}}])
        );
        assert_eq!(data["two"]["nodes"][0]["slug"], "roads");
    }
}
