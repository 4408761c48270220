//! Recording adoptions and asking for runs: rights, faults, corrections and sending the same again.

use crate::sample::Sample;
use crate::testing::{Fixture, ask, fault, token};
use domain::policy::{Role, Viewer};
use serde_json::{Value, json};

const RECORD: &str = "mutation ($input: RecordAdoptionInput!) { recordAdoption(input: $input) {
    event { id organisation { slug } standard { slug } state effectiveOn expiresOn grade standing source note corrects }
    userErrors { path code message } } }";

const BULK: &str = "mutation ($input: RecordAdoptionsInput!) { recordAdoptions(input: $input) { recorded
    results { index event { id state standing } userErrors { path code message } } userErrors { path code message } } }";

/// Input of a row about Ash and `maps`, with some fields set otherwise.
fn row(fields: Value) -> Value {
    let mut row = json!({"organisation": "ash", "standard": "maps", "state": "ADOPTED", "effectiveOn": "2024-01-01"});
    for (name, value) in fields.as_object().unwrap() {
        row[name] = value.clone();
    }
    row
}

async fn record(fixture: &Fixture, viewer: &Viewer, fields: Value) -> Value {
    let mut answer = ask(&fixture.schema, viewer, RECORD, json!({"input": row(fields)})).await;
    assert_eq!(answer["errors"], Value::Null);
    answer["data"]["recordAdoption"].take()
}

async fn bulk(fixture: &Fixture, viewer: &Viewer, input: Value) -> Value {
    let mut answer = ask(&fixture.schema, viewer, BULK, json!({"input": input})).await;
    assert_eq!(answer["errors"], Value::Null);
    answer["data"]["recordAdoptions"].take()
}

/// How many events of `maps` there are, as the deciding ones of everybody show.
async fn events(fixture: &Fixture) -> usize {
    let standard = store::standard::by_slug(&mut fixture.store.read().await.unwrap(), "maps").await.unwrap().unwrap();
    let all = store::adoption::of_source(&mut fixture.store.read().await.unwrap(), standard.id, "own").await.unwrap();
    let unit = store::adoption::of_source(&mut fixture.store.read().await.unwrap(), standard.id, "unit").await.unwrap();
    all.len() + unit.len()
}

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
        let own = record(&fixture, &token(Role::Editor, Some(ash)), json!({"note": "  Done. ", "evidenceUrl": " "})).await;
        let today = store::now().date();
        let expiry = today.checked_add_months(chrono::Months::new(12)).unwrap().to_string();
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
            fault(&ask(&fixture.schema, viewer, RECORD, json!({"input": row(json!({}))})).await).0
        };
        assert_eq!(code(&Viewer::Anonymous).await, "UNAUTHENTICATED");
        assert_eq!(code(&token(Role::Lead, Some(sample.birch))).await, "FORBIDDEN");
        assert_eq!(code(&token(Role::Admin, Some(sample.ash))).await, "FORBIDDEN");
        assert_eq!(code(&Viewer::Job("adoption_snapshot")).await, "FORBIDDEN");
        assert_eq!(events(&fixture).await, 0);
        for viewer in [Viewer::Operator, token(Role::Admin, None), token(Role::Signatory, Some(sample.ash))] {
            assert_eq!(record(&fixture, &viewer, json!({})).await["userErrors"], json!([]));
        }
    }
}

#[tokio::test]
async fn the_event_is_counted_in_figures_asked_for_with_it() {
    let fixture = Fixture::sqlite().await;
    let ash = Sample::fill(&fixture.store).await.ash;
    let query = "mutation ($input: RecordAdoptionInput!) { recordAdoption(input: $input) {
        event { standard { adoption { adopted } } } } }";
    let answer = ask(&fixture.schema, &token(Role::Lead, Some(ash)), query, json!({"input": row(json!({}))})).await;
    assert_eq!(answer["data"]["recordAdoption"]["event"]["standard"]["adoption"]["adopted"], 1);
}

#[tokio::test]
async fn each_fault_of_the_input_names_its_field_and_nothing_is_recorded() {
    for fixture in Fixture::each().await {
        let sample = Sample::fill(&fixture.store).await;
        let strange = crate::id::Key::Event((sample.plans, sample.ash, sample.event)).id().0;
        let missing = crate::id::Key::Event((sample.maps, sample.ash, sample.event)).id().0;
        for (fields, field, code) in [
            (json!({"organisation": "nobody"}), "organisation", "NOT_FOUND"),
            (json!({"standard": "nothing"}), "standard", "NOT_FOUND"),
            (json!({"state": "UNKNOWN"}), "state", "BAD_INPUT"),
            (json!({"effectiveOn": "2999-01-01"}), "effectiveOn", "BAD_INPUT"),
            (json!({"expiresOn": "2024-01-01"}), "expiresOn", "BAD_INPUT"),
            (json!({"state": "PLEDGED", "expiresOn": "2999-01-01"}), "expiresOn", "BAD_INPUT"),
            (json!({"grade": "DOCUMENT"}), "evidenceUrl", "BAD_INPUT"),
            (json!({"evidenceUrl": "javascript:x"}), "evidenceUrl", "BAD_INPUT"),
            (json!({"corrects": "x"}), "corrects", "BAD_INPUT"),
            (json!({"corrects": strange}), "corrects", "BAD_INPUT"),
            (json!({"corrects": missing}), "corrects", "NOT_FOUND"),
            (json!({"idempotencyKey": ""}), "idempotencyKey", "BAD_INPUT"),
            (json!({"idempotencyKey": "k".repeat(101)}), "idempotencyKey", "BAD_INPUT"),
        ] {
            let payload = record(&fixture, &Viewer::Operator, fields.clone()).await;
            assert_eq!(payload["event"], Value::Null, "{fields}");
            let errors = payload["userErrors"].as_array().unwrap();
            assert_eq!(errors.len(), 1, "{payload}");
            assert_eq!((&errors[0]["path"], &errors[0]["code"]), (&json!(["input", field]), &json!(code)), "{payload}");
            assert!(errors[0]["message"].as_str().unwrap().ends_with('.'), "{payload}");
        }
        let both = record(&fixture, &Viewer::Operator, json!({"organisation": "x", "standard": "y"})).await;
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
        let confirmed = crate::id::Key::Event((sample.plans, sample.ash, sample.event)).id().0;
        let correction = json!({"standard": "plans", "state": "DECLINED", "corrects": confirmed});
        let input = json!({"input": row(correction.clone())});
        let unit = token(Role::Analyst, None);
        assert_eq!(fault(&ask(&fixture.schema, &unit, RECORD, input).await).0, "FORBIDDEN");
        let rows = bulk(&fixture, &unit, json!({"rows": [row(correction.clone())]})).await;
        let error = &rows["results"][0]["userErrors"][0];
        assert_eq!((&error["code"], &error["path"]), (&json!("FORBIDDEN"), &json!(["input", "rows", "0", "corrects"])));

        let own = record(&fixture, &token(Role::Editor, Some(sample.ash)), correction).await;
        assert_eq!(own["event"]["corrects"], confirmed);
        let query = r#"{ standard(slug: "plans") { adoption(asOf: "2024-05-01") { adopted } } }"#;
        assert_eq!(fixture.data(query).await["standard"]["adoption"]["adopted"], 0);
        // What the unit only claimed, the unit corrects.
        let claimed = record(&fixture, &unit, json!({})).await["event"]["id"].take();
        let mended = record(&fixture, &unit, json!({"state": "PLEDGED", "corrects": claimed})).await;
        assert_eq!(mended["event"]["corrects"], claimed);
    }
}

#[tokio::test]
async fn the_same_key_and_input_give_the_first_answer_and_another_input_is_a_conflict() {
    for fixture in Fixture::each().await {
        let ash = Sample::fill(&fixture.store).await.ash;
        let viewer = token(Role::Editor, Some(ash));
        let first = record(&fixture, &viewer, json!({"idempotencyKey": "k"})).await;
        assert!(first["event"]["id"].is_string());
        assert_eq!(record(&fixture, &viewer, json!({"idempotencyKey": "k"})).await, first);
        assert_eq!(events(&fixture).await, 1);
        let other = json!({"input": row(json!({"idempotencyKey": "k", "state": "PLEDGED"}))});
        let (code, message) = fault(&ask(&fixture.schema, &viewer, RECORD, other).await);
        assert_eq!((code.as_str(), message.contains("`k`")), ("CONFLICT", true), "{message}");
        let as_bulk = json!({"input": {"rows": [row(json!({}))], "idempotencyKey": "k"}});
        assert_eq!(fault(&ask(&fixture.schema, &viewer, BULK, as_bulk).await).0, "CONFLICT");
        // Another viewer's keys are its own, and a key that only led to faults is free.
        let theirs = record(&fixture, &Viewer::Operator, json!({"idempotencyKey": "k"})).await;
        assert_ne!(theirs["event"]["id"], first["event"]["id"]);
        record(&fixture, &viewer, json!({"idempotencyKey": "f", "effectiveOn": "2999-01-01"})).await;
        let mended = record(&fixture, &viewer, json!({"idempotencyKey": "f"})).await;
        assert_ne!(mended["event"]["id"], first["event"]["id"]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_request_sent_many_times_at_once_is_recorded_once() {
    for fixture in Fixture::each().await {
        let ash = Sample::fill(&fixture.store).await.ash;
        let viewer = token(Role::Editor, Some(ash));
        let send = || record(&fixture, &viewer, json!({"idempotencyKey": "k"}));
        let answers = futures_util::future::join_all((0..6).map(|_| send())).await;
        assert!(answers[0]["event"]["id"].is_string());
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
        assert_eq!(events(&fixture).await, 1);
    }
}

#[tokio::test]
async fn faulty_rows_are_left_out_or_keep_the_others_out() {
    for fixture in Fixture::each().await {
        let sample = Sample::fill(&fixture.store).await;
        let viewer = token(Role::Editor, Some(sample.ash));
        let rows = json!([row(json!({})), row(json!({"organisation": "birch"})), row(json!({"state": "UNKNOWN"}))]);
        let none = bulk(&fixture, &viewer, json!({"rows": rows.clone(), "allOrNothing": true, "idempotencyKey": "k"})).await;
        assert_eq!(none["recorded"], 0);
        let said = none["userErrors"][0]["message"].as_str().unwrap();
        assert!(said.starts_with("2 of 3 rows are faulty, so none was recorded"), "{said}");
        assert_eq!(none["results"][0], json!({"index": 0, "event": null, "userErrors": []}));
        assert_eq!(events(&fixture).await, 0);

        let some = bulk(&fixture, &viewer, json!({"rows": rows.clone(), "idempotencyKey": "k"})).await;
        assert_eq!((&some["recorded"], &some["userErrors"]), (&json!(1), &json!([])));
        assert_eq!(some["results"][0]["event"]["standing"], "CONFIRMED");
        let faults: Vec<(&Value, &Value)> = [1, 2]
            .map(|n| &some["results"][n]["userErrors"][0])
            .iter()
            .map(|error| (&error["path"], &error["code"]))
            .collect();
        assert_eq!(
            faults,
            [
                (&json!(["input", "rows", "1", "organisation"]), &json!("FORBIDDEN")),
                (&json!(["input", "rows", "2", "state"]), &json!("BAD_INPUT")),
            ]
        );
        assert_eq!(bulk(&fixture, &viewer, json!({"rows": rows, "idempotencyKey": "k"})).await, some);
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
            let payload = bulk(&fixture, &viewer, json!({"rows": vec![row(json!({})); rows]})).await;
            assert_eq!(payload["recorded"], rows);
            fixture.store.statements().count() - before
        };
        let few = statements(2).await;
        assert_eq!(statements(500).await, few);
        let empty = bulk(&fixture, &viewer, json!({"rows": []})).await;
        assert_eq!(empty["userErrors"][0]["path"], json!(["input", "rows"]));
        let many = bulk(&fixture, &viewer, json!({"rows": vec![row(json!({})); 501]})).await;
        assert!(many["userErrors"][0]["message"].as_str().unwrap().contains("501"), "{many}");
        let answer = ask(&fixture.schema, &Viewer::Anonymous, BULK, json!({"input": {"rows": [row(json!({}))]}})).await;
        assert_eq!(fault(&answer).0, "UNAUTHENTICATED");
    }
}

#[tokio::test]
async fn a_run_is_put_into_the_queue_by_those_who_may() {
    for fixture in Fixture::each().await {
        let sample = Sample::fill(&fixture.store).await;
        let query = "mutation ($input: RunJobInput!) { runJob(input: $input) {
            run { id job slot asOf state startedAt durationMs error } userErrors { path code message } } }";
        let run = async |viewer: &Viewer, input: Value| ask(&fixture.schema, viewer, query, json!({"input": input})).await;
        let job = json!({"job": "adoption_snapshot"});
        assert_eq!(fault(&run(&Viewer::Anonymous, job.clone()).await).0, "UNAUTHENTICATED");
        assert_eq!(fault(&run(&token(Role::Lead, Some(sample.ash)), job.clone()).await).0, "FORBIDDEN");

        let admin = token(Role::Admin, None);
        let keyed = json!({"job": "adoption_snapshot", "idempotencyKey": "k"});
        let first = run(&admin, keyed.clone()).await["data"]["runJob"].take();
        let yesterday = store::now().date().pred_opt().unwrap().to_string();
        assert_eq!(first["run"]["asOf"], yesterday);
        assert_eq!((&first["run"]["state"], &first["run"]["job"]), (&json!("QUEUED"), &json!("adoption_snapshot")));
        assert_eq!(run(&admin, keyed).await["data"]["runJob"], first);

        for (input, field, said) in [
            (json!({"job": "tidy"}), "job", "use one of adoption_snapshot, never"),
            (json!({"job": "never", "asOf": "2999-01-01"}), "asOf", "past"),
        ] {
            let payload = run(&admin, input).await["data"]["runJob"].take();
            assert_eq!((&payload["run"], &payload["userErrors"][0]["path"]), (&Value::Null, &json!(["input", field])));
            assert!(payload["userErrors"][0]["message"].as_str().unwrap().contains(said), "{payload}");
        }
        let query = r#"{ jobs { name about schedule timeZone nextDue lastRun { asOf } }
            jobRuns(first: 5, filter: { job: "adoption_snapshot", state: QUEUED }) { totalCount }
            done: jobRuns(first: 5, filter: { state: DONE }) { totalCount } }"#;
        let mut data = fixture.data(query).await;
        assert!(data["jobs"][0]["nextDue"].take().is_string());
        assert_eq!(
            data["jobs"],
            json!([
                {"name": "adoption_snapshot", "about": "Keeps figures.", "schedule": "15 2 * * *",
                 "timeZone": "Europe/London", "nextDue": null, "lastRun": {"asOf": yesterday}},
                {"name": "never", "about": "Is never due.", "schedule": "", "timeZone": "UTC", "nextDue": null, "lastRun": null},
            ])
        );
        assert_eq!((&data["jobRuns"]["totalCount"], &data["done"]["totalCount"]), (&json!(1), &json!(0)));
    }
}

#[tokio::test]
async fn why_a_run_failed_is_told_to_those_who_may_run_it() {
    let fixture = Fixture::sqlite().await;
    let fail = async |conn: &mut store::Conn| {
        let now = store::now();
        let granted = crate::testing::may(domain::policy::Action::RunJob);
        let run = store::job_run::request(conn, &granted, "never", now, now.date()).await?;
        let run = store::job_run::claim(conn, &run, now, chrono::Duration::seconds(9)).await?.unwrap();
        let later = now + chrono::Duration::milliseconds(1_500);
        store::job_run::finish(conn, &run, later, &Err("the password is x".to_owned())).await
    };
    fixture.store.write(fail).await.unwrap();
    let error = async |viewer: &Viewer| {
        let query = "{ jobRuns(first: 1) { nodes { state durationMs error } } }";
        ask(&fixture.schema, viewer, query, Value::Null).await["data"]["jobRuns"]["nodes"][0].take()
    };
    let told = error(&Viewer::Operator).await;
    assert_eq!(told, json!({"state": "FAILED", "durationMs": 1500, "error": "the password is x"}));
    assert!(!error(&Viewer::Anonymous).await["error"].as_str().unwrap().contains("password"));
}
