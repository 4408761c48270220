//! Jobs: who may ask for a run, and what everybody sees of it.

use crate::sample::Sample;
use crate::testing::{Fixture, ask, fault, token};
use domain::policy::{Role, Viewer};
use serde_json::{Value, json};

#[tokio::test]
async fn a_run_is_put_into_the_queue_by_those_who_may() {
    for fixture in Fixture::each().await {
        let sample = Sample::fill(&fixture.store).await;
        let query = "mutation ($input: RunJobInput!) { runJob(input: $input) {
            run { id job slot asOf state startedAt durationMs error } userErrors { path code message } } }";
        let run = async |viewer: &Viewer, input: Value| {
            ask(&fixture.schema, viewer, query, json!({"input": input})).await
        };
        let job = json!({"job": "adoption_snapshot"});
        assert_eq!(
            fault(&run(&Viewer::Anonymous, job.clone()).await).0,
            "UNAUTHENTICATED"
        );
        assert_eq!(
            fault(&run(&token(Role::Lead, Some(sample.ash)), job.clone()).await).0,
            "FORBIDDEN"
        );

        let admin = token(Role::Admin, None);
        let keyed = json!({"job": "adoption_snapshot", "idempotencyKey": "k"});
        let first = run(&admin, keyed.clone()).await["data"]["runJob"].take();
        let yesterday = store::now().date().pred_opt().unwrap().to_string();
        assert_eq!(first["run"]["asOf"], yesterday);
        assert_eq!(
            (&first["run"]["state"], &first["run"]["job"]),
            (&json!("QUEUED"), &json!("adoption_snapshot"))
        );
        assert_eq!(run(&admin, keyed).await["data"]["runJob"], first);

        for (input, field, said) in [
            (
                json!({"job": "tidy"}),
                "job",
                "use one of adoption_snapshot, never",
            ),
            (
                json!({"job": "never", "asOf": "2999-01-01"}),
                "asOf",
                "past",
            ),
        ] {
            let payload = run(&admin, input).await["data"]["runJob"].take();
            assert_eq!(
                (&payload["run"], &payload["userErrors"][0]["path"]),
                (&Value::Null, &json!(["input", field]))
            );
            assert!(
                payload["userErrors"][0]["message"]
                    .as_str()
                    .unwrap()
                    .contains(said),
                "{payload}"
            );
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
        assert_eq!(
            (&data["jobRuns"]["totalCount"], &data["done"]["totalCount"]),
            (&json!(1), &json!(0))
        );
    }
}

#[tokio::test]
async fn why_a_run_failed_is_told_to_those_who_may_run_it() {
    let fixture = Fixture::sqlite().await;
    let fail = async |conn: &mut store::Conn| {
        let now = store::now();
        let granted = crate::testing::may(domain::policy::Action::RunJob);
        let run = store::job_run::request(conn, &granted, "never", now, now.date()).await?;
        let run = store::job_run::claim(conn, &run, now, chrono::Duration::seconds(9))
            .await?
            .unwrap();
        let later = now + chrono::Duration::milliseconds(1_500);
        store::job_run::finish(conn, &run, later, &Err("the password is x".to_owned())).await
    };
    fixture.store.write(fail).await.unwrap();
    let error = async |viewer: &Viewer| {
        let query = "{ jobRuns(first: 1) { nodes { state durationMs error } } }";
        ask(&fixture.schema, viewer, query, Value::Null).await["data"]["jobRuns"]["nodes"][0].take()
    };
    let told = error(&Viewer::Operator).await;
    assert_eq!(
        told,
        json!({"state": "FAILED", "durationMs": 1500, "error": "the password is x"})
    );
    assert!(
        !error(&Viewer::Anonymous).await["error"]
            .as_str()
            .unwrap()
            .contains("password")
    );
}
