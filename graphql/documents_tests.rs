//! The documents of the pages fit the schema and the budget of whoever is not signed in.

use crate::execute;
use crate::sample::Sample;
use crate::testing::Fixture;
use async_graphql::{Request, Response, Variables};
use domain::policy::Viewer;
use serde_json::{Value, json};

/// The documents in the folder of the pages, by file name.
fn documents() -> Vec<(String, String)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../dashboard/queries");
    let read = |entry: std::io::Result<std::fs::DirEntry>| {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        (name, std::fs::read_to_string(path).unwrap())
    };
    let found: Vec<_> = std::fs::read_dir(folder).unwrap().map(read).collect();
    assert!(!found.is_empty());
    found
}

/// The input of a page's mutation; null for a document that asks.
fn input(name: &str) -> Value {
    let id = "eA";
    match name {
        "invite_member" => {
            json!({ "organisation": "ash", "role": "LEAD", "email": null, "days": 14 })
        }
        "answer_invitation" => json!({ "invitation": id, "accept": true }),
        "withdraw_invitation" => json!({ "invitation": id, "expectedVersion": 1 }),
        "change_membership" => {
            json!({ "membership": id, "role": "LEAD", "expectedVersion": 1, "reason": null })
        }
        "end_membership" => json!({ "membership": id, "expectedVersion": 1, "reason": null }),
        "update_contact" => {
            json!({ "organisation": "ash", "name": "x", "email": null, "phone": null, "expectedVersion": null })
        }
        "issue_token" => {
            json!({ "organisation": "ash", "name": "x", "role": "LEAD", "scopes": ["READ"], "days": 7 })
        }
        "revoke_token" => json!({ "token": id, "reason": null }),
        "erase_person" => json!({ "reason": null }),
        "sign_declaration" => json!({ "organisation": "ash" }),
        "withdraw_signature" => json!({ "signature": id, "reason": "x", "expectedVersion": 1 }),
        "make_commitment" => {
            json!({ "organisation": "ash", "text": "x", "principle": null, "dueOn": "2999-01-01" })
        }
        "settle_commitment" => {
            json!({ "commitment": id, "outcome": "KEPT", "explanation": null, "expectedVersion": 1 })
        }
        "subscribe" => json!({ "thing": id }),
        "unsubscribe" => json!({ "subscription": id }),
        "choose_digest" => json!({ "every": "DAY" }),
        _ => of_a_problem(name),
    }
}

/// The input of a mutation about a problem or what was suggested.
fn of_a_problem(name: &str) -> Value {
    let id = "eA";
    match name {
        "raise_problem" => json!({ "organisation": "ash", "title": "x", "summary": "x" }),
        "revise_problem" => {
            json!({ "problem": "x", "expectedVersion": 1, "title": "x", "service": "", "standard": "", "tags": ["x"] })
        }
        "restore_problem" => json!({ "problem": "x", "revision": 1, "expectedVersion": 2 }),
        "move_problem" => json!({ "problem": "x", "state": "PARKED", "expectedVersion": 1 }),
        "back_problem" => json!({ "problem": "x", "organisation": "ash" }),
        "withdraw_backing" => json!({ "backing": id, "expectedVersion": 1, "reason": null }),
        "answer_backing" => json!({ "backing": id, "answer": "x", "expectedVersion": 1 }),
        "suggest" => json!({ "kind": "IDEA", "problem": "x", "text": "x" }),
        "answer_suggestion" => {
            json!({ "suggestion": id, "state": "ANSWERED", "answer": "x", "expectedVersion": 1 })
        }
        _ => of_a_project(name),
    }
}

/// The input of a mutation about a project; null for a document that asks.
fn of_a_project(name: &str) -> Value {
    let id = "eA";
    match name {
        "start_project" => json!({ "organisation": "ash", "title": "x", "summary": "x" }),
        "invite_participant" => json!({ "project": "x", "organisation": "ash", "role": "PARTNER" }),
        "request_participation" => {
            json!({ "project": "x", "organisation": "ash", "role": "PARTNER" })
        }
        "answer_participation" => {
            json!({ "participation": id, "accept": true, "expectedVersion": 1 })
        }
        "withdraw_participation" => json!({ "participation": id, "expectedVersion": 1 }),
        "leave_project" => json!({ "participation": id, "reason": "x", "expectedVersion": 1 }),
        "change_phase" => json!({ "project": "x", "phase": "BETA", "expectedVersion": 1 }),
        "set_gate" => {
            json!({ "project": "x", "phase": "BETA", "condition": "PARTICIPANTS", "least": 1 })
        }
        "set_milestone" => json!({ "project": "x", "title": "x", "dueOn": "2999-01-01" }),
        "publish_output" => {
            json!({ "project": "x", "title": "x", "kind": "CODE", "url": "https://x.example", "licence": "MIT" })
        }
        "pledge_contribution" => {
            json!({ "project": "x", "organisation": "ash", "kind": "DAYS", "amount": 1 })
        }
        "give_contribution" => json!({ "contribution": id, "given": 1, "expectedVersion": 1 }),
        "post_status" => json!({ "project": "x", "unchanged": true }),
        "close_ask" => json!({ "ask": id, "expectedVersion": 1 }),
        "offer_help" => json!({ "ask": id, "organisation": "ash", "text": "x" }),
        "answer_flag" => json!({ "flag": id, "answer": "x", "expectedVersion": 1 }),
        _ => Value::Null,
    }
}

fn codes(answer: &Response) -> Vec<String> {
    let code = |error: &async_graphql::ServerError| {
        let code = error.extensions.as_ref().and_then(|all| all.get("code"));
        code.map(ToString::to_string).unwrap_or_default()
    };
    answer.errors.iter().map(code).collect()
}

#[tokio::test]
async fn the_documents_of_the_pages_are_answered_within_an_anonymous_budget() {
    let fixture = Fixture::sqlite().await;
    Sample::fill(&fixture.store).await;
    let variables = json!({
        "slug": "plans", "today": "2024-05-01", "asOf": "2024-05-01", "from": "2014-05-01", "yearBefore": "2023-05-01",
        "step": "MONTH", "by": "REGION", "cut": true, "first": 100, "shown": 100, "orderBy": "NAME", "minGrade": "PEER",
        "title": "x", "check": true, "to": "2024-05-01", "receipt": "mhr_x",
        "organisation": "ash", "secret": "mhi_x", "members": true, "keys": true, "contact": true,
    });
    for (name, document) in documents() {
        let private = [
            "people",
            "unit_people",
            "invitation",
            "suggestion",
            "unit_suggestions",
        ]
        .contains(&name.as_str());
        let mutation = input(&name);
        let mut variables = variables.clone();
        variables["slug"] = json!(if name == "people" { "ash" } else { "plans" });
        if ["problems", "projects"].contains(&name.as_str()) {
            variables["orderBy"] = json!("TITLE");
        }
        variables["input"] = mutation.clone();
        let request = Request::new(&document).variables(Variables::from_json(variables));
        let answer = execute(&fixture.schema, request, Viewer::Anonymous, true).await;
        let codes = codes(&answer);
        // Anybody may hand something in.
        let public = mutation.is_null() || name == "suggest";
        if !private && public {
            assert_eq!(answer.errors, [], "{name}");
            continue;
        }
        // What is not public is refused for what it is, not for how it is asked.
        assert!(!codes.is_empty(), "{name} is public");
        let refused = ["\"UNAUTHENTICATED\"", "\"NOT_FOUND\""];
        assert!(
            codes.iter().all(|code| refused.contains(&code.as_str())),
            "{name}: {:?}",
            answer.errors
        );
    }
}
