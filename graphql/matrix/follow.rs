//! Who may declare, promise, follow and be told: the rows of the matrix.

use super::{On, Row};
use crate::id::Key;
use crate::testing::may;
use domain::id::OrganisationId;
use domain::policy::{About, Action, Granted, Role, Viewer};
use serde_json::{Value, json};
use store::commitment::NewCommitment;
use store::{Conn, Store};

/// The rows about declarations, commitments, subscriptions and webhooks.
#[rustfmt::skip]
pub(crate) const FOLLOW: &[Row] = &[
    ("publishDeclaration", "", On::Nothing, |_, _| json!({"title": "t", "text": "x"})),
    ("signDeclaration", "for the council", On::Made(|store, name| Box::pin(published(store, name))), |id, _| json!({"organisation": "ash", "declaration": id})),
    ("withdrawSignature", "of the council", On::Made(|store, name| Box::pin(signed(store, name))), |id, version| json!({"signature": id, "reason": "r", "expectedVersion": version})),
    ("makeCommitment", "of the council", On::Nothing, |_, _| json!({"organisation": "ash", "text": "t", "dueOn": "2999-01-01"})),
    ("settleCommitment", "of the council", On::Made(|store, name| Box::pin(promised(store, name))), |id, version| json!({"commitment": id, "outcome": "DROPPED", "expectedVersion": version})),
    ("subscribe", "as a machine", On::Made(|store, name| Box::pin(thing(store, name))), |id, _| json!({"thing": id})),
    ("unsubscribe", "as a machine", On::Made(|store, name| Box::pin(thing(store, name))), |_, other| json!({"subscription": other})),
    ("chooseDigest", "as a machine", On::Nothing, |_, _| json!({"every": "DAY"})),
    ("addWebhook", "of the council", On::Made(|store, name| Box::pin(cleared(store, name))), |_, _| json!({"organisation": "ash", "url": "https://hooks.example/"})),
    ("addWebhook", "of the unit", On::Nothing, |_, _| json!({"url": "https://hooks.example/"})),
    ("pauseWebhook", "of the council", On::Made(|store, name| Box::pin(hooked(store, name))), |id, version| json!({"webhook": id, "expectedVersion": version})),
    ("resumeWebhook", "of the council", On::Made(|store, name| Box::pin(paused(store, name))), |id, version| json!({"webhook": id, "expectedVersion": version})),
];

async fn ash(conn: &mut Conn) -> domain::Result<OrganisationId> {
    let found = store::organisation::by_slug(conn, "ash").await?;
    Ok(found.unwrap().id)
}

/// What a signatory's machine of the council may do.
fn signatory(of: OrganisationId, action: Action) -> Granted {
    let viewer = Viewer::Token {
        id: store::fresh(),
        name: "signatory of a test".to_owned(),
        role: Role::Signatory,
        organisation: Some(of),
        scopes: crate::people_sample::every_scope(),
        membership: None,
    };
    viewer.may(action, About::Organisation(of)).unwrap()
}

async fn published(store: &Store, name: &str) -> (Value, Value) {
    let granted = may(Action::PublishDeclaration);
    let publish = async |conn: &mut Conn| {
        store::declaration::publish(conn, &granted, store::now(), name, "text").await
    };
    let row = store.write(publish).await.unwrap();
    (json!(Key::Declaration(row.id).id()), json!(1))
}

async fn signed(store: &Store, name: &str) -> (Value, Value) {
    published(store, name).await;
    let sign = async |conn: &mut Conn| {
        let ash = ash(conn).await?;
        let granted = signatory(ash, Action::SignDeclaration);
        store::signature::sign(conn, &granted, store::now(), ash, None).await
    };
    let row = store.write(sign).await.unwrap();
    (json!(Key::Signature(row.id).id()), json!(row.version))
}

async fn promised(store: &Store, name: &str) -> (Value, Value) {
    let make = async |conn: &mut Conn| {
        let ash = ash(conn).await?;
        let new = NewCommitment {
            organisation: ash,
            text: name,
            principle: None,
            due_on: "2999-01-01".parse().unwrap(),
            project: None,
            standard: None,
        };
        let granted = signatory(ash, Action::Commit);
        store::commitment::make(conn, &granted, store::now(), &new).await
    };
    let row = store.write(make).await.unwrap();
    (json!(Key::Commitment(row.id).id()), json!(row.version))
}

async fn thing(store: &Store, _: &str) -> (Value, Value) {
    let id = ash(&mut store.read().await.unwrap()).await.unwrap();
    let other = Key::Subscription(store::fresh());
    (json!(Key::Organisation(id).id()), json!(other.id()))
}

/// Takes the council's webhooks away: there is a most of them.
async fn cleared(store: &Store, _: &str) -> (Value, Value) {
    store::testing::clear_webhooks(store).await;
    (Value::Null, Value::Null)
}

async fn hooked(store: &Store, name: &str) -> (Value, Value) {
    cleared(store, name).await;
    let add = async |conn: &mut Conn| {
        let ash = ash(conn).await?;
        let granted = may(Action::KeepWebhooks);
        let url = ("https://hooks.example/", None);
        store::webhook::add(conn, &granted, store::now(), Some(ash), url).await
    };
    let row = store.write(add).await.unwrap().0;
    (json!(Key::Webhook(row.id).id()), json!(row.version))
}

async fn paused(store: &Store, name: &str) -> (Value, Value) {
    let (id, _) = hooked(store, name).await;
    let pause = async |conn: &mut Conn| {
        let ash = ash(conn).await?;
        let row = store::webhook::of_organisation(conn, Some(ash))
            .await?
            .pop()
            .unwrap();
        let granted = may(Action::KeepWebhooks);
        let to = (row.version, domain::webhook::WebhookState::Paused);
        store::webhook::set_state(conn, &granted, store::now(), row.id, to).await
    };
    let row = store.write(pause).await.unwrap();
    (id, json!(row.version))
}
