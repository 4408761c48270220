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
        "organisation": "ash", "secret": "mhi_x", "members": true, "keys": true, "contact": true,
    });
    for (name, document) in documents() {
        let private = ["people", "unit_people", "invitation"].contains(&name.as_str());
        let mutation = input(&name);
        let mut variables = variables.clone();
        variables["slug"] = json!(if name == "people" { "ash" } else { "plans" });
        variables["input"] = mutation.clone();
        let request = Request::new(&document).variables(Variables::from_json(variables));
        let answer = execute(&fixture.schema, request, Viewer::Anonymous, true).await;
        let codes = codes(&answer);
        if !private && mutation.is_null() {
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
