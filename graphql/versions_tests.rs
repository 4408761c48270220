//! Two who change the same thing at once, having seen the same version: one wins, the other is told the current one.

use crate::id::Key;
use crate::people_sample::{Home, member, signed_in};
use crate::sample::Sample;
use crate::testing::{Fixture, ask};
use domain::policy::{Role, Viewer};
use serde_json::{Value, json};

/// How many times two try it at once.
const ROUNDS: i64 = 10;

/// Sends both inputs at once. Exactly one is done, and gives the version now current; the other is told that version.
async fn race(fixture: &Fixture, viewers: [&Viewer; 2], document: &str, inputs: [Value; 2]) -> i64 {
    let [first, second] = inputs.map(|input| json!({ "input": input }));
    let send = |viewer: &Viewer, variables| {
        let (schema, viewer, document) =
            (fixture.schema.clone(), viewer.clone(), document.to_owned());
        tokio::spawn(async move { ask(&schema, &viewer, &document, variables).await })
    };
    let both = (send(viewers[0], first), send(viewers[1], second));
    let answers = [both.0.await.unwrap(), both.1.await.unwrap()];
    let version = |answer: &Value| answer["data"]["done"]["thing"]["version"].as_i64();
    let won: Vec<i64> = answers.iter().filter_map(version).collect();
    assert_eq!(won.len(), 1, "{answers:?}");
    let lost = answers.iter().find(|one| version(one).is_none()).unwrap();
    let told = &lost["errors"][0];
    assert_eq!(told["extensions"]["code"], "CONFLICT", "{lost}");
    assert_eq!(told["extensions"]["currentVersion"], won[0], "{lost}");
    let message = told["message"].as_str().unwrap();
    assert!(message.contains(&won[0].to_string()), "{message}");
    won[0]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_contacts_written_at_once_one_stands() {
    let document = "mutation ($input: UpdateContactInput!) { done: updateContact(input: $input) {
        thing: contact { version } userErrors { message } } }";
    for fixture in Fixture::each().await {
        let ash: Home = Some(Sample::fill(&fixture.store).await.ash);
        let mut viewers = Vec::new();
        for name in ["ann", "bob"] {
            let (person, _) = member(&fixture.store, name, ash, Role::Editor).await;
            viewers.push(signed_in(&fixture.store, person).await);
        }
        // The first time nobody has seen a version.
        let mut seen: Option<i64> = None;
        for round in 1..=ROUNDS {
            let input = |who: &str| json!({"organisation": "ash", "name": format!("{who} {round}"), "expectedVersion": seen});
            let both = [&viewers[0], &viewers[1]];
            let version = race(&fixture, both, document, [input("ann"), input("bob")]).await;
            assert_eq!(version, round);
            seen = Some(version);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_roles_given_at_once_one_stands() {
    let document =
        "mutation ($input: ChangeMembershipInput!) { done: changeMembership(input: $input) {
        thing: membership { version role } userErrors { message } } }";
    for fixture in Fixture::each().await {
        let ash: Home = Some(Sample::fill(&fixture.store).await.ash);
        let mut leads = Vec::new();
        for name in ["ann", "bob"] {
            let (person, _) = member(&fixture.store, name, ash, Role::Lead).await;
            leads.push(signed_in(&fixture.store, person).await);
        }
        let (_, third) = member(&fixture.store, "cy", ash, Role::Editor).await;
        let id = Key::Membership(third).id();
        for seen in 1..=ROUNDS {
            // Each gives a role it has not yet, so that both are changes.
            let role = ["SIGNATORY", "EDITOR"][usize::from(seen % 2 == 0)];
            let input = || json!({"membership": id, "role": role, "expectedVersion": seen});
            let both = [&leads[0], &leads[1]];
            let version = race(&fixture, both, document, [input(), input()]).await;
            assert_eq!(version, seen + 1);
        }
    }
}
