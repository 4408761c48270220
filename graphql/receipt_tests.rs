//! Sending the same again, and sending many rows at once.

use crate::recording::{BULK, RECORD, bulk, events, record, row};
use crate::sample::Sample;
use crate::testing::{Fixture, ask, fault, token};
use domain::policy::{Role, Viewer};
use serde_json::{Value, json};

#[tokio::test]
async fn the_same_key_and_input_give_the_first_answer_and_another_input_is_a_conflict() {
    for fixture in Fixture::each().await {
        let ash = Sample::fill(&fixture.store).await.ash;
        let viewer = token(Role::Editor, Some(ash));
        let first = record(&fixture, &viewer, json!({"idempotencyKey": "k"})).await;
        assert!(first["event"]["id"].is_string());
        assert_eq!(
            record(&fixture, &viewer, json!({"idempotencyKey": "k"})).await,
            first
        );
        assert_eq!(events(&fixture).await, 1);
        let other = json!({"input": row(json!({"idempotencyKey": "k", "state": "PLEDGED"}))});
        let (code, message) = fault(&ask(&fixture.schema, &viewer, RECORD, other).await);
        assert_eq!(
            (code.as_str(), message.contains("`k`")),
            ("CONFLICT", true),
            "{message}"
        );
        let as_bulk = json!({"input": {"rows": [row(json!({}))], "idempotencyKey": "k"}});
        assert_eq!(
            fault(&ask(&fixture.schema, &viewer, BULK, as_bulk).await).0,
            "CONFLICT"
        );
        // Another viewer's keys are its own, and a key that only led to faults is free.
        let theirs = record(&fixture, &Viewer::Operator, json!({"idempotencyKey": "k"})).await;
        assert_ne!(theirs["event"]["id"], first["event"]["id"]);
        record(
            &fixture,
            &viewer,
            json!({"idempotencyKey": "f", "effectiveOn": "2999-01-01"}),
        )
        .await;
        let mended = record(&fixture, &viewer, json!({"idempotencyKey": "f"})).await;
        assert_ne!(mended["event"]["id"], first["event"]["id"]);
    }
}

/// All at once: every request is there before the first is answered.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_repeats_at_once_make_one_event_and_have_one_answer() {
    let mutation = "mutation ($input: RecordAdoptionInput!) { recordAdoption(input: $input) {
        event { id } userErrors { code } } }";
    for fixture in Fixture::each().await {
        let ash = Sample::fill(&fixture.store).await.ash;
        let viewer = token(Role::Editor, Some(ash));
        let send = |_| {
            let (schema, viewer) = (fixture.schema.clone(), viewer.clone());
            let input = json!({"input": row(json!({"idempotencyKey": "k"}))});
            tokio::spawn(async move { ask(&schema, &viewer, mutation, input).await })
        };
        let sent: Vec<_> = (0..10_000).map(send).collect();
        let answers: Vec<Value> = futures_util::future::try_join_all(sent).await.unwrap();
        assert!(answers[0]["data"]["recordAdoption"]["event"]["id"].is_string());
        let other = answers.iter().find(|one| **one != answers[0]);
        assert_eq!((answers.len(), other), (10_000, None));
        assert_eq!(events(&fixture).await, 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_inputs_with_one_key_at_once_are_one_event_and_a_conflict() {
    for fixture in Fixture::each().await {
        let ash = Sample::fill(&fixture.store).await.ash;
        let viewer = token(Role::Editor, Some(ash));
        let send = async |turn: usize| {
            let state = ["ADOPTED", "PLEDGED"][turn % 2];
            let input = json!({"input": row(json!({"idempotencyKey": "k", "state": state}))});
            let answer = ask(&fixture.schema, &viewer, RECORD, input).await;
            match answer["data"]["recordAdoption"]["event"]["state"].as_str() {
                Some(told) => {
                    assert_eq!(told, state);
                    Ok(turn % 2)
                }
                None => {
                    assert_eq!(fault(&answer).0, "CONFLICT", "{answer}");
                    Err(turn % 2)
                }
            }
        };
        let answers = futures_util::future::join_all((0..40).map(send)).await;
        let won = answers.iter().find_map(|one| one.ok()).unwrap();
        let expected = |turn: usize| {
            if turn % 2 == won {
                Ok(won)
            } else {
                Err(1 - won)
            }
        };
        assert_eq!(answers, (0..40).map(expected).collect::<Vec<_>>());
        assert_eq!(events(&fixture).await, 1);
    }
}

#[tokio::test]
async fn faulty_rows_are_left_out_or_keep_the_others_out() {
    for fixture in Fixture::each().await {
        let sample = Sample::fill(&fixture.store).await;
        let viewer = token(Role::Editor, Some(sample.ash));
        let rows = json!([
            row(json!({})),
            row(json!({"organisation": "birch"})),
            row(json!({"state": "UNKNOWN"}))
        ]);
        let none = bulk(
            &fixture,
            &viewer,
            json!({"rows": rows.clone(), "allOrNothing": true, "idempotencyKey": "k"}),
        )
        .await;
        assert_eq!(none["recorded"], 0);
        let said = none["userErrors"][0]["message"].as_str().unwrap();
        assert!(
            said.starts_with("2 of 3 rows are faulty, so none was recorded"),
            "{said}"
        );
        assert_eq!(
            none["results"][0],
            json!({"index": 0, "event": null, "userErrors": []})
        );
        assert_eq!(events(&fixture).await, 0);

        let some = bulk(
            &fixture,
            &viewer,
            json!({"rows": rows.clone(), "idempotencyKey": "k"}),
        )
        .await;
        assert_eq!(
            (&some["recorded"], &some["userErrors"]),
            (&json!(1), &json!([]))
        );
        assert_eq!(some["results"][0]["event"]["standing"], "CONFIRMED");
        let faults: Vec<(&Value, &Value)> = [1, 2]
            .map(|n| &some["results"][n]["userErrors"][0])
            .iter()
            .map(|error| (&error["path"], &error["code"]))
            .collect();
        assert_eq!(
            faults,
            [
                (
                    &json!(["input", "rows", "1", "organisation"]),
                    &json!("FORBIDDEN")
                ),
                (&json!(["input", "rows", "2", "state"]), &json!("BAD_INPUT")),
            ]
        );
        assert_eq!(
            bulk(
                &fixture,
                &viewer,
                json!({"rows": rows, "idempotencyKey": "k"})
            )
            .await,
            some
        );
        assert_eq!(events(&fixture).await, 1);
    }
}

#[tokio::test]
async fn many_rows_take_as_many_statements_as_few() {
    for fixture in Fixture::each().await {
        let sample = Sample::fill(&fixture.store).await;
        let viewer = token(Role::Editor, Some(sample.ash));
        let statements = async |rows: usize| {
            let before = fixture.store.statements().count();
            let payload = bulk(
                &fixture,
                &viewer,
                json!({"rows": vec![row(json!({})); rows]}),
            )
            .await;
            assert_eq!(payload["recorded"], rows);
            fixture.store.statements().count() - before
        };
        let few = statements(2).await;
        assert_eq!(statements(500).await, few);
        let empty = bulk(&fixture, &viewer, json!({"rows": []})).await;
        assert_eq!(empty["userErrors"][0]["path"], json!(["input", "rows"]));
        let many = bulk(
            &fixture,
            &viewer,
            json!({"rows": vec![row(json!({})); 501]}),
        )
        .await;
        assert!(
            many["userErrors"][0]["message"]
                .as_str()
                .unwrap()
                .contains("501"),
            "{many}"
        );
        let answer = ask(
            &fixture.schema,
            &Viewer::Anonymous,
            BULK,
            json!({"input": {"rows": [row(json!({}))]}}),
        )
        .await;
        assert_eq!(fault(&answer).0, "UNAUTHENTICATED");
    }
}
