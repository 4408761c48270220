//! Who may do what about the status of projects: the rows of the matrix. Ash leads, Dale is a partner.

use super::{On, Row};
use crate::id::Key;
use crate::project_sample::{shared, signatory, started};
use domain::ask::AskKind;
use domain::flag::{Doubt, FlagKind};
use domain::policy::{About, Action, Viewer};
use domain::status::{Draft, Rag};
use serde_json::{Value, json};
use store::project::Project;
use store::status::NewStatus;
use store::{Conn, Store};

/// The rows about the status of projects.
#[rustfmt::skip]
pub(crate) const STATUS: &[Row] = &[
    ("postStatus", "of the council's project", On::Made(|store, name| Box::pin(project(store, name))), |id, _| json!({"project": id, "delivery": "GREEN", "money": "GREEN", "people": "AMBER", "reuse": "GREEN", "headline": "h"})),
    ("closeAsk", "of the council's project", On::Made(|store, name| Box::pin(own_ask(store, name))), |id, version| json!({"ask": id, "expectedVersion": version})),
    ("offerHelp", "as the council", On::Made(|store, name| Box::pin(ask_of_another(store, name))), |id, _| json!({"ask": id, "organisation": "ash", "text": "t"})),
    ("setHelpOffers", "of the council", On::Made(|_, name| Box::pin(other_kinds(name))), |kinds, _| json!({"organisation": "ash", "kinds": kinds})),
    ("answerFlag", "of the council's project", On::Made(|store, name| Box::pin(flag(store, name))), |id, version| json!({"flag": id, "answer": "a", "expectedVersion": version})),
];

/// Kinds of work that are not those of the cell before: saying the same again changes nothing.
async fn other_kinds(name: &str) -> (Value, Value) {
    let number: usize = name
        .trim_start_matches(char::is_alphabetic)
        .parse()
        .unwrap();
    let kinds = ["MONEY", "PEOPLE", "SKILL", "TESTING", "DATA", "ADVICE"];
    let some = kinds
        .iter()
        .enumerate()
        .filter(|(bit, _)| number & (1 << bit) != 0);
    (
        json!(some.map(|(_, kind)| kind).collect::<Vec<_>>()),
        Value::Null,
    )
}

async fn project(store: &Store, name: &str) -> (Value, Value) {
    let row = shared(store, name).await;
    (json!(Key::Project(row.id).id()), Value::Null)
}

async fn own_ask(store: &Store, name: &str) -> (Value, Value) {
    let row = shared(store, name).await;
    asking(store, &row).await
}

async fn ask_of_another(store: &Store, name: &str) -> (Value, Value) {
    let row = started(store, "birch", name).await;
    asking(store, &row).await
}

/// The lead posts a status with an ask.
async fn asking(store: &Store, project: &Project) -> (Value, Value) {
    let post = async |conn: &mut Conn| {
        let team = store::project::team(conn, project.id).await?;
        let granted = signatory(team.lead.unwrap()).may_in(Action::PostStatus, &team)?;
        let new = NewStatus {
            draft: Draft {
                delivery: Some(Rag::Green),
                money: Some(Rag::Green),
                people: Some(Rag::Green),
                reuse: Some(Rag::Green),
                headline: Some("h".to_owned()),
                ..Draft::default()
            },
            ask: Some((AskKind::Data, "d".to_owned())),
            corrects: None,
        };
        let row = store::status::locked(conn, Some(project.id), "").await?;
        store::status::post(conn, &granted, store::now(), &row, &new).await?;
        store::ask::of(conn, &[project.id]).await
    };
    let ask = store.write(post).await.unwrap().pop().unwrap();
    let (of, id) = ask.key();
    (json!(Key::Ask(of, id).id()), json!(ask.version))
}

async fn flag(store: &Store, name: &str) -> (Value, Value) {
    let row = shared(store, name).await;
    let raise = async |conn: &mut Conn| {
        let about = About::Project(row.id);
        let granted = Viewer::Job("freshness").may(Action::KeepClock, about)?;
        let doubt = Doubt {
            kind: FlagKind::Silent,
            evidence: vec!["e".to_owned()],
        };
        store::flag::keep(conn, &granted, store::now(), &row, &[doubt]).await?;
        store::flag::standing(conn, &[row.id]).await
    };
    let flag = store.write(raise).await.unwrap().pop().unwrap();
    (json!(Key::Flag(row.id, flag.id).id()), json!(flag.version))
}
