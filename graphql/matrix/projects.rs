//! Who may do what in projects: the rows of the matrix. Ash leads, Dale is a partner.

use super::{On, Row};
use crate::id::Key;
use crate::project_sample::{body, part, proposed, shared, signatory, started};
use domain::contribution::ContributionKind;
use domain::participation::{ParticipationRole, Side};
use domain::policy::{About, Action};
use serde_json::{Value, json};
use store::contribution::{self, Pledge};
use store::participation::Participation;
use store::{Conn, Store};

/// The rows about projects.
#[rustfmt::skip]
pub(crate) const PROJECTS: &[Row] = &[
    ("startProject", "of the council", On::Nothing, |_, _| json!({"organisation": "ash", "title": "T", "summary": "s"})),
    ("changePhase", "of the council's project", On::Made(|store, name| Box::pin(project(store, name))), |id, _| json!({"project": id, "phase": "ALPHA"})),
    ("setGate", "of the council's project", On::Made(|store, name| Box::pin(project(store, name))), |id, _| json!({"project": id, "phase": "BETA", "condition": "PARTICIPANTS", "least": 2})),
    ("setMilestone", "of the council's project", On::Made(|store, name| Box::pin(project(store, name))), |id, _| json!({"project": id, "title": "t", "dueOn": "2030-01-01"})),
    ("publishOutput", "of the council's project", On::Made(|store, name| Box::pin(project(store, name))), |id, _| json!({"project": id, "title": "t", "kind": "CODE", "url": "https://example.org", "licence": "MIT"})),
    ("inviteParticipant", "to the council's project", On::Made(|store, name| Box::pin(project(store, name))), |id, _| json!({"project": id, "organisation": "birch"})),
    ("inviteParticipant", "to lead a project without a lead", On::Made(|store, name| Box::pin(leaderless(store, name))), |id, _| json!({"project": id, "organisation": "dale", "role": "LEAD"})),
    ("requestParticipation", "of the council", On::Made(|store, name| Box::pin(elsewhere(store, name))), |id, _| json!({"project": id, "organisation": "ash"})),
    ("answerParticipation", "an invitation of the council", On::Made(|store, name| Box::pin(invited(store, name))), |id, _| json!({"participation": id, "accept": true})),
    ("answerParticipation", "a request to the council's project", On::Made(|store, name| Box::pin(asked(store, name))), |id, _| json!({"participation": id, "accept": true})),
    ("withdrawParticipation", "an invitation by the council's project", On::Made(|store, name| Box::pin(inviting(store, name))), |id, _| json!({"participation": id})),
    ("withdrawParticipation", "a request of the council", On::Made(|store, name| Box::pin(asking(store, name))), |id, _| json!({"participation": id})),
    ("leaveProject", "as the council", On::Made(|store, name| Box::pin(leading(store, name))), |id, _| json!({"participation": id, "reason": "r"})),
    ("pledgeContribution", "of the council", On::Made(|store, name| Box::pin(project(store, name))), |id, _| json!({"project": id, "organisation": "ash", "kind": "DAYS", "amount": 5})),
    ("giveContribution", "of the council", On::Made(|store, name| Box::pin(pledged(store, name))), |id, version| json!({"contribution": id, "given": 2, "expectedVersion": version})),
];

fn keyed(row: &Participation) -> (Value, Value) {
    let id = Key::Participation(row.project_id, row.id).id();
    (json!(id), json!(row.version))
}

async fn project(store: &Store, name: &str) -> (Value, Value) {
    let row = shared(store, name).await;
    (json!(Key::Project(row.id).id()), json!(row.version))
}

async fn leaderless(store: &Store, name: &str) -> (Value, Value) {
    let project = shared(store, name).await;
    let lead = part(store, project.id, "ash").await;
    let leave = async |conn: &mut Conn| {
        let own = About::Organisation(lead.organisation_id);
        let granted = signatory(lead.organisation_id).may(Action::TakePart, own)?;
        let key = (project.id, lead.id);
        store::participation::leave(conn, &granted, store::now(), key, "r", None).await
    };
    store.write(leave).await.unwrap();
    (json!(project.slug), Value::Null)
}

async fn elsewhere(store: &Store, name: &str) -> (Value, Value) {
    let row = started(store, "birch", name).await;
    (json!(row.slug), Value::Null)
}

async fn invited(store: &Store, name: &str) -> (Value, Value) {
    let row = started(store, "birch", name).await;
    let role = ParticipationRole::Partner;
    keyed(&proposed(store, &row, "ash", role, Side::Project).await)
}

async fn asked(store: &Store, name: &str) -> (Value, Value) {
    let row = shared(store, name).await;
    let role = ParticipationRole::Partner;
    keyed(&proposed(store, &row, "birch", role, Side::Organisation).await)
}

async fn inviting(store: &Store, name: &str) -> (Value, Value) {
    let row = shared(store, name).await;
    let role = ParticipationRole::Partner;
    keyed(&proposed(store, &row, "birch", role, Side::Project).await)
}

async fn asking(store: &Store, name: &str) -> (Value, Value) {
    let row = started(store, "birch", name).await;
    let role = ParticipationRole::Partner;
    keyed(&proposed(store, &row, "ash", role, Side::Organisation).await)
}

async fn leading(store: &Store, name: &str) -> (Value, Value) {
    let row = shared(store, name).await;
    keyed(&part(store, row.id, "ash").await)
}

async fn pledged(store: &Store, name: &str) -> (Value, Value) {
    let project = shared(store, name).await;
    let ash = body(store, "ash").await;
    let pledge = async |conn: &mut Conn| {
        let granted = signatory(ash).may(Action::TakePart, About::Organisation(ash))?;
        let new = Pledge {
            project: project.id,
            organisation: ash,
            kind: ContributionKind::Days,
            amount: 5,
            note: None,
        };
        contribution::pledge(conn, &granted, store::now(), new).await
    };
    let row = store.write(pledge).await.unwrap();
    (
        json!(Key::Contribution(project.id, row.id).id()),
        json!(row.version),
    )
}
