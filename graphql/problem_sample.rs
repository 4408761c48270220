//! Problems for tests: how they come to be, and the rows of the matrix of rights about them.

use crate::id::Key;
use crate::matrix_tests::{On, Row};
use crate::people_sample::every_scope;
use domain::backing::Willingness;
use domain::id::OrganisationId;
use domain::policy::{About, Action, Granted, Role, Viewer};
use domain::problem::NewText;
use domain::suggestion::SuggestionKind;
use domain::token::Secret;
use futures_util::FutureExt;
use serde_json::{Value, json};
use store::Store;
use store::problem::{Change, Problem};

/// A token of a lead of this organisation, or of an analyst of the unit, with every scope.
pub(crate) fn lead(organisation: Option<OrganisationId>) -> Viewer {
    Viewer::Token {
        id: store::fresh(),
        name: "test".to_owned(),
        role: organisation.map_or(Role::Analyst, |_| Role::Lead),
        organisation,
        scopes: every_scope(),
        membership: None,
    }
}

fn granted(body: OrganisationId, action: Action) -> Granted {
    let about = match action {
        Action::ReviseProblem => About::Sector,
        _ => About::Organisation(body),
    };
    lead(Some(body)).may(action, about).unwrap()
}

async fn body(store: &Store, slug: &str) -> OrganisationId {
    let mut conn = store.read().await.unwrap();
    let row = store::organisation::by_slug(&mut conn, slug).await;
    row.unwrap().unwrap().id
}

/// A problem of Ash's with this title.
pub(crate) async fn raised(store: &Store, title: &str) -> Problem {
    let ash = body(store, "ash").await;
    let granted = granted(ash, Action::RaiseProblem);
    let text = NewText {
        title: title.to_owned(),
        summary: "In a sentence.".to_owned(),
        ..NewText::default()
    };
    store
        .write(async |conn| {
            store::revision::raise(conn, &granted, store::now(), Some(ash), &text).await
        })
        .await
        .unwrap()
}

/// The id and version of something.
fn pair(key: Key, version: i64) -> (Value, Value) {
    (json!(key.id()), json!(version))
}

async fn problem(store: &Store, name: &str) -> (Value, Value) {
    let row = raised(store, name).await;
    pair(Key::Problem(row.id), row.version)
}

/// A problem that has a second text.
async fn revised(store: &Store, name: &str) -> (Value, Value) {
    let row = raised(store, name).await;
    let granted = granted(body(store, "ash").await, Action::ReviseProblem);
    let change = Change {
        problem: row.id,
        expected_version: 1,
        reason: None,
    };
    let write = |old: NewText| NewText {
        why: "It hurts.".to_owned(),
        ..old
    };
    let row = store
        .write(async |conn| {
            store::revision::revise(conn, &granted, store::now(), change, write).await
        })
        .await
        .unwrap();
    pair(Key::Problem(row.id), row.version)
}

/// A backing by Ash.
async fn backing(store: &Store, name: &str) -> (Value, Value) {
    let row = raised(store, name).await;
    let ash = body(store, "ash").await;
    let granted = granted(ash, Action::BackProblem);
    let said = (Willingness::Join, None);
    let row = store
        .write(async |conn| {
            store::backing::back(conn, &granted, store::now(), (row.id, ash), said).await
        })
        .await
        .unwrap();
    pair(Key::Backing(row.problem_id, row.id), row.version)
}

/// A problem, and another to merge it into.
async fn two(store: &Store, name: &str) -> (Value, Value) {
    let one = raised(store, name).await;
    let other = raised(store, &format!("{name} too")).await;
    (json!(Key::Problem(one.id).id()), json!(other.slug))
}

/// A merge.
async fn merge(store: &Store, name: &str) -> (Value, Value) {
    let (one, other) = (
        raised(store, name).await,
        raised(store, &format!("{name} too")).await,
    );
    let granted = lead(None)
        .may(Action::MergeProblems, About::Sector)
        .unwrap();
    let change = Change {
        problem: one.id,
        expected_version: 1,
        reason: None,
    };
    let row = store
        .write(async |conn| {
            store::merge::merge(conn, &granted, store::now(), change, other.id).await
        })
        .await
        .unwrap();
    pair(Key::Merge(row.id), row.version)
}

/// A suggestion by somebody who did not say who they are.
async fn suggestion(store: &Store, name: &str) -> (Value, Value) {
    let granted = Viewer::Anonymous
        .may(Action::Suggest, About::Sector)
        .unwrap();
    let secret = store::secret(Secret::Receipt).unwrap();
    let new = store::suggestion::NewSuggestion {
        kind: SuggestionKind::Idea,
        problem: None,
        project: None,
        text: name,
        receipt_hash: &Secret::Receipt.hash(&secret).unwrap(),
    };
    let row = store
        .write(async |conn| store::suggestion::suggest(conn, &granted, store::now(), &new).await)
        .await
        .unwrap();
    pair(Key::Suggestion(row.id), row.version)
}

/// The rows of the matrix about problems.
#[rustfmt::skip]
pub(crate) const ROWS: &[Row] = &[
    ("raiseProblem", "for the council", On::Nothing, |_, _| json!({"organisation": "ash", "title": "Bins", "summary": "Missed."})),
    ("raiseProblem", "for whom one acts", On::Nothing, |_, _| json!({"title": "Bins", "summary": "Missed."})),
    ("reviseProblem", "of the council", On::Made(|store, name| problem(store, name).boxed()), |id, version| json!({"problem": id, "expectedVersion": version, "why": "It hurts."})),
    ("restoreProblem", "of the council", On::Made(|store, name| revised(store, name).boxed()), |id, version| json!({"problem": id, "expectedVersion": version, "revision": 1})),
    ("moveProblem", "of the council", On::Made(|store, name| problem(store, name).boxed()), |id, version| json!({"problem": id, "expectedVersion": version, "state": "PARKED", "reason": "Later."})),
    ("backProblem", "for the council", On::Made(|store, name| problem(store, name).boxed()), |id, _| json!({"problem": id, "organisation": "ash"})),
    ("withdrawBacking", "of the council", On::Made(|store, name| backing(store, name).boxed()), |id, version| json!({"backing": id, "expectedVersion": version})),
    ("answerBacking", "of a problem of the council", On::Made(|store, name| backing(store, name).boxed()), |id, version| json!({"backing": id, "expectedVersion": version, "answer": "Come."})),
    ("mergeProblems", "", On::Made(|store, name| two(store, name).boxed()), |id, into| json!({"problem": id, "into": into, "expectedVersion": 1})),
    ("undoMerge", "", On::Made(|store, name| merge(store, name).boxed()), |id, version| json!({"merge": id, "expectedVersion": version})),
    ("judgeSimilar", "", On::Made(|store, name| two(store, name).boxed()), |id, other| json!({"problem": id, "similar": other, "accepted": true})),
    ("suggest", "", On::Nothing, |_, _| json!({"text": "Why?"})),
    ("answerSuggestion", "", On::Made(|store, name| suggestion(store, name).boxed()), |id, version| json!({"suggestion": id, "state": "DECLINED", "answer": "No.", "expectedVersion": version})),
];
