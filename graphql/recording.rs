//! Ways to record adoptions in tests, and to see what was recorded.

use crate::testing::{Fixture, ask};
use domain::policy::{Action, Viewer};
use serde_json::{Value, json};

/// Records one adoption.
pub(crate) const RECORD: &str = "mutation ($input: RecordAdoptionInput!) { recordAdoption(input: $input) {
    event { id organisation { slug } standard { slug } state effectiveOn expiresOn grade standing source note corrects }
    userErrors { path code message } } }";

/// Records many.
pub(crate) const BULK: &str = "mutation ($input: RecordAdoptionsInput!) { recordAdoptions(input: $input) { recorded
    results { index event { id state standing } userErrors { path code message } } userErrors { path code message } } }";

/// Input of a row about Ash and `maps`, with some fields set otherwise.
pub(crate) fn row(fields: Value) -> Value {
    let mut row = json!({"organisation": "ash", "standard": "maps", "state": "ADOPTED", "effectiveOn": "2024-01-01"});
    for (name, value) in fields.as_object().unwrap() {
        row[name] = value.clone();
    }
    row
}

/// What comes of recording a [`row`] as this viewer.
///
/// # Panics
/// When there are errors.
pub(crate) async fn record(fixture: &Fixture, viewer: &Viewer, fields: Value) -> Value {
    let mut answer = ask(
        &fixture.schema,
        viewer,
        RECORD,
        json!({"input": row(fields)}),
    )
    .await;
    assert_eq!(answer["errors"], Value::Null);
    answer["data"]["recordAdoption"].take()
}

/// What comes of recording many rows as this viewer.
///
/// # Panics
/// When there are errors.
pub(crate) async fn bulk(fixture: &Fixture, viewer: &Viewer, input: Value) -> Value {
    let mut answer = ask(&fixture.schema, viewer, BULK, json!({"input": input})).await;
    assert_eq!(answer["errors"], Value::Null);
    answer["data"]["recordAdoptions"].take()
}

/// How many events were recorded by mutations, as the record of changes has it.
pub(crate) async fn events(fixture: &Fixture) -> usize {
    let mut conn = fixture.store.read().await.unwrap();
    let changes = store::change::after(&mut conn, None, 100_000)
        .await
        .unwrap();
    let recorded = |row: &&store::change::ChangeRow| {
        let change = row.change();
        change.thing_kind == "adoption_event" && change.action == Action::RecordAdoption.words()
    };
    changes.iter().filter(recorded).count()
}
