//! Every refused mutation leaves one row for the administrators, whatever refused it.

use crate::recording::{BULK, RECORD, row};
use crate::sample::Sample;
use crate::testing::{Fixture, ask, fault, token};
use domain::policy::{Role, Viewer};
use serde_json::{Value, json};

const REFUSALS: &str = "{ refusals(first: 10) { totalCount nodes { actor action code at } pageInfo { hasNextPage } } }";

#[tokio::test]
async fn refused_mutations_and_rows_are_kept_once_each_and_shown_to_administrators() {
    for fixture in Fixture::each().await {
        let ash = Sample::fill(&fixture.store).await.ash;
        let (editor, admin) = (token(Role::Editor, Some(ash)), token(Role::Admin, None));
        let birch = || row(json!({"organisation": "birch"}));
        ask(
            &fixture.schema,
            &Viewer::Anonymous,
            RECORD,
            json!({"input": birch()}),
        )
        .await;
        ask(&fixture.schema, &editor, RECORD, json!({"input": birch()})).await;
        // Two rows of one request are one refusal; what is done, or only faulty, is none.
        let rows = json!({"input": {"rows": [birch(), birch(), row(json!({}))]}});
        let some = ask(&fixture.schema, &editor, BULK, rows).await;
        assert_eq!(some["data"]["recordAdoptions"]["recorded"], 1);
        ask(
            &fixture.schema,
            &editor,
            RECORD,
            json!({"input": row(json!({"state": "UNKNOWN"}))}),
        )
        .await;
        // Under another name in the answer, beside one that is done, it is still what it is.
        let two =
            "mutation ($a: RecordAdoptionInput!) { mine: recordAdoption(input: $a) { event { id } }
            innocent: runJob(input: { job: \"adoption_snapshot\" }) { run { id } } }";
        ask(&fixture.schema, &editor, two, json!({"a": row(json!({}))})).await;

        let answer = ask(&fixture.schema, &admin, REFUSALS, Value::Null).await;
        let list = &answer["data"]["refusals"];
        let told: Vec<[&str; 3]> = list["nodes"]
            .as_array()
            .unwrap_or_else(|| panic!("{answer}"))
            .iter()
            .map(|one| ["actor", "action", "code"].map(|field| one[field].as_str().unwrap()))
            .collect();
        let me = editor.label();
        assert_eq!(
            told,
            [
                [me.as_str(), "runJob", "FORBIDDEN"],
                [&me, "recordAdoptions", "FORBIDDEN"],
                [&me, "recordAdoption", "FORBIDDEN"],
                ["anonymous", "recordAdoption", "UNAUTHENTICATED"],
            ]
        );
        assert_eq!(
            (&list["totalCount"], &list["pageInfo"]["hasNextPage"]),
            (&json!(4), &json!(false))
        );
        for (viewer, code) in [
            (Viewer::Anonymous, "UNAUTHENTICATED"),
            (editor, "FORBIDDEN"),
        ] {
            let answer = ask(&fixture.schema, &viewer, REFUSALS, Value::Null).await;
            assert_eq!(fault(&answer).0, code);
        }
    }
}
