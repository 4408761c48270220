//! Recording adoptions: rights, faults and corrections.

use crate::recording::{RECORD, bulk, events, record, row};
use crate::sample::Sample;
use crate::testing::{Fixture, ask, fault, token};
use domain::policy::{Role, Viewer};
use serde_json::{Value, json};

#[tokio::test]
async fn what_a_body_says_is_confirmed_and_counts_and_what_the_unit_says_is_claimed() {
    for fixture in Fixture::each().await {
        let ash = Sample::fill(&fixture.store).await.ash;
        let claimed = record(&fixture, &token(Role::Analyst, None), json!({})).await;
        assert_eq!(claimed["event"]["standing"], "CLAIMED");
        assert_eq!(claimed["event"]["source"], "unit");
        let adopted = async || {
            let query = r#"{ standard(slug: "maps") { adoption { adopted } } }"#;
            fixture.data(query).await["standard"]["adoption"]["adopted"].take()
        };
        assert_eq!(adopted().await, 0);
        let own = record(
            &fixture,
            &token(Role::Editor, Some(ash)),
            json!({"note": "  Done. ", "evidenceUrl": " "}),
        )
        .await;
        let today = store::now().date();
        let expiry = today
            .checked_add_months(chrono::Months::new(12))
            .unwrap()
            .to_string();
        let mut event = own["event"].clone();
        assert!(event["id"].take().is_string());
        assert_eq!(
            event,
            json!({
                "id": null, "organisation": {"slug": "ash"}, "standard": {"slug": "maps"}, "state": "ADOPTED",
                "effectiveOn": "2024-01-01", "expiresOn": expiry, "grade": "SELF_DECLARED", "standing": "CONFIRMED",
                "source": "own", "note": "Done.", "corrects": null,
            })
        );
        assert_eq!(own["userErrors"], json!([]));
        assert_eq!(adopted().await, 1);
    }
}

#[tokio::test]
async fn only_a_body_s_own_token_and_the_unit_s_may_record_for_it() {
    for fixture in Fixture::each().await {
        let sample = Sample::fill(&fixture.store).await;
        let code = async |viewer: &Viewer| {
            fault(
                &ask(
                    &fixture.schema,
                    viewer,
                    RECORD,
                    json!({"input": row(json!({}))}),
                )
                .await,
            )
            .0
        };
        assert_eq!(code(&Viewer::Anonymous).await, "UNAUTHENTICATED");
        assert_eq!(
            code(&token(Role::Lead, Some(sample.birch))).await,
            "FORBIDDEN"
        );
        assert_eq!(
            code(&token(Role::Admin, Some(sample.ash))).await,
            "FORBIDDEN"
        );
        assert_eq!(code(&Viewer::Job("adoption_snapshot")).await, "FORBIDDEN");
        assert_eq!(events(&fixture).await, 0);
        for viewer in [
            Viewer::Operator,
            token(Role::Admin, None),
            token(Role::Signatory, Some(sample.ash)),
        ] {
            assert_eq!(
                record(&fixture, &viewer, json!({})).await["userErrors"],
                json!([])
            );
        }
    }
}

#[tokio::test]
async fn the_event_is_counted_in_figures_asked_for_with_it() {
    let fixture = Fixture::sqlite().await;
    let ash = Sample::fill(&fixture.store).await.ash;
    let query = "mutation ($input: RecordAdoptionInput!) { recordAdoption(input: $input) {
        event { standard { adoption { adopted } } } } }";
    let answer = ask(
        &fixture.schema,
        &token(Role::Lead, Some(ash)),
        query,
        json!({"input": row(json!({}))}),
    )
    .await;
    assert_eq!(
        answer["data"]["recordAdoption"]["event"]["standard"]["adoption"]["adopted"],
        1
    );
}

#[tokio::test]
async fn each_fault_of_the_input_names_its_field_and_nothing_is_recorded() {
    for fixture in Fixture::each().await {
        let sample = Sample::fill(&fixture.store).await;
        let strange = crate::id::Key::Event((sample.plans, sample.ash, sample.event))
            .id()
            .0;
        let missing = crate::id::Key::Event((sample.maps, sample.ash, sample.event))
            .id()
            .0;
        for (fields, field, code) in [
            (
                json!({"organisation": "nobody"}),
                "organisation",
                "NOT_FOUND",
            ),
            (json!({"standard": "nothing"}), "standard", "NOT_FOUND"),
            (json!({"state": "UNKNOWN"}), "state", "BAD_INPUT"),
            (
                json!({"effectiveOn": "2999-01-01"}),
                "effectiveOn",
                "BAD_INPUT",
            ),
            (json!({"expiresOn": "2024-01-01"}), "expiresOn", "BAD_INPUT"),
            (
                json!({"state": "PLEDGED", "expiresOn": "2999-01-01"}),
                "expiresOn",
                "BAD_INPUT",
            ),
            (json!({"grade": "DOCUMENT"}), "evidenceUrl", "BAD_INPUT"),
            (
                json!({"evidenceUrl": "javascript:x"}),
                "evidenceUrl",
                "BAD_INPUT",
            ),
            (json!({"corrects": "x"}), "corrects", "BAD_INPUT"),
            (json!({"corrects": strange}), "corrects", "BAD_INPUT"),
            (json!({"corrects": missing}), "corrects", "NOT_FOUND"),
            (json!({"idempotencyKey": ""}), "idempotencyKey", "BAD_INPUT"),
            (
                json!({"idempotencyKey": "k".repeat(101)}),
                "idempotencyKey",
                "BAD_INPUT",
            ),
        ] {
            let payload = record(&fixture, &Viewer::Operator, fields.clone()).await;
            assert_eq!(payload["event"], Value::Null, "{fields}");
            let errors = payload["userErrors"].as_array().unwrap();
            assert_eq!(errors.len(), 1, "{payload}");
            assert_eq!(
                (&errors[0]["path"], &errors[0]["code"]),
                (&json!(["input", field]), &json!(code)),
                "{payload}"
            );
            assert!(
                errors[0]["message"].as_str().unwrap().ends_with('.'),
                "{payload}"
            );
        }
        let both = record(
            &fixture,
            &Viewer::Operator,
            json!({"organisation": "x", "standard": "y"}),
        )
        .await;
        assert_eq!(both["userErrors"].as_array().unwrap().len(), 2);
        assert_eq!(events(&fixture).await, 0);
    }
}

#[tokio::test]
async fn a_body_is_named_by_its_code_too() {
    for fixture in Fixture::each().await {
        Sample::fill(&fixture.store).await;
        for name in ["E07000001", "gss:E07000001", " ash "] {
            let payload = record(&fixture, &Viewer::Operator, json!({"organisation": name})).await;
            assert_eq!(payload["event"]["organisation"]["slug"], "ash", "{name}");
        }
    }
}

#[tokio::test]
async fn what_a_body_confirmed_only_it_itself_corrects() {
    for fixture in Fixture::each().await {
        let sample = Sample::fill(&fixture.store).await;
        let confirmed = crate::id::Key::Event((sample.plans, sample.ash, sample.event))
            .id()
            .0;
        let correction = json!({"standard": "plans", "state": "DECLINED", "corrects": confirmed});
        let input = json!({"input": row(correction.clone())});
        let unit = token(Role::Analyst, None);
        assert_eq!(
            fault(&ask(&fixture.schema, &unit, RECORD, input).await).0,
            "FORBIDDEN"
        );
        let rows = bulk(&fixture, &unit, json!({"rows": [row(correction.clone())]})).await;
        let error = &rows["results"][0]["userErrors"][0];
        assert_eq!(
            (&error["code"], &error["path"]),
            (
                &json!("FORBIDDEN"),
                &json!(["input", "rows", "0", "corrects"])
            )
        );

        let own = record(&fixture, &token(Role::Editor, Some(sample.ash)), correction).await;
        assert_eq!(own["event"]["corrects"], confirmed);
        let query = r#"{ standard(slug: "plans") { adoption(asOf: "2024-05-01") { adopted } } }"#;
        assert_eq!(
            fixture.data(query).await["standard"]["adoption"]["adopted"],
            0
        );
        // What the unit only claimed, the unit corrects.
        let claimed = record(&fixture, &unit, json!({})).await["event"]["id"].take();
        let mended = record(
            &fixture,
            &unit,
            json!({"state": "PLEDGED", "corrects": claimed}),
        )
        .await;
        assert_eq!(mended["event"]["corrects"], claimed);
    }
}
