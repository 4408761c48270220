//! People for the store's tests, and what they do there.

use crate::invitation::{Invitation, NewInvitation, Shown};
use crate::membership::Membership;
use crate::person::{Person, Vouched};
use crate::sample::{add, council, may};
use crate::{Conn, Store, fresh, invitation, membership, now, person, token};
use chrono::{Days, NaiveDateTime};
use domain::Result;
use domain::id::{OrganisationId, PersonId, TokenId};
use domain::policy::{About, Action, Granted, Role, Scopes, Viewer};

pub(crate) async fn body(store: &Store, name: &str) -> OrganisationId {
    store
        .write(async |conn| Ok(add(conn, &council(name, None)).await?.id))
        .await
        .unwrap()
}

pub(crate) async fn admitted(store: &Store, name: &str) -> Person {
    let vouched = Vouched {
        issuer: "https://id.example",
        subject: &format!("subject-of-{name}"),
        email: Some(format!("{name}@council.gov.uk")),
        name: Some(format!("{name} Surname")),
    };
    store
        .write(async |conn| person::admit(conn, &may(Action::AdmitPerson), now(), &vouched).await)
        .await
        .unwrap()
}

/// A membership from the day before yesterday, whoever might make it.
pub(crate) async fn joined(
    store: &Store,
    person: &Person,
    organisation: Option<OrganisationId>,
    role: Role,
) -> Membership {
    let row = Membership {
        id: fresh(),
        person_id: person.id,
        organisation_id: organisation,
        role,
        from_on: now().date() - Days::new(2),
        to_on: None,
        version: 1,
    };
    store
        .write(async |conn| {
            membership::add(conn, &as_person(person.id, Action::Leave), now(), &row).await
        })
        .await
        .unwrap();
    row
}

/// A new person with a membership.
pub(crate) async fn member(
    store: &Store,
    name: &str,
    organisation: Option<OrganisationId>,
    role: Role,
) -> (Person, Membership) {
    let person = admitted(store, name).await;
    let membership = joined(store, &person, organisation, role).await;
    (person, membership)
}

pub(crate) async fn viewer(store: &Store, person: PersonId) -> Result<Viewer> {
    let mut conn = store.read().await?;
    person::viewer(&mut conn, person, now().date()).await
}

/// What somebody may do about themself.
pub(crate) fn as_person(id: PersonId, action: Action) -> Granted {
    let viewer = Viewer::Person {
        id,
        memberships: Vec::new(),
    };
    viewer.may(action, About::Person(id)).unwrap()
}

/// What a lead of the organisation may do there, or the operator in the unit's own affairs.
pub(crate) async fn managing(
    store: &Store,
    lead: &Person,
    organisation: Option<OrganisationId>,
) -> Granted {
    let viewer = viewer(store, lead.id).await.unwrap();
    let about = About::affairs_of(organisation);
    viewer.may(Action::ManageMembers, about).unwrap()
}

/// What the operator may do to give an organisation its first lead.
pub(crate) fn appointing(organisation: OrganisationId) -> Granted {
    Viewer::Operator
        .may_invite(Role::Lead, Some(organisation))
        .unwrap()
}

pub(crate) async fn invite(
    store: &Store,
    granted: &Granted,
    organisation: Option<OrganisationId>,
    role: Role,
    email: Option<&str>,
    hash: &str,
) -> Result<Invitation> {
    let new = NewInvitation {
        organisation,
        role,
        email: email.map(str::to_owned),
        secret_hash: hash,
        until_on: None,
        expires_at: now() + Days::new(14),
    };
    store
        .write(async |conn| invitation::invite(conn, granted, now(), &new).await)
        .await
}

pub(crate) async fn answer_at(
    store: &Store,
    person: &Person,
    at: NaiveDateTime,
    shown: Shown<'_>,
    accept: bool,
) -> Result<Option<Membership>> {
    let granted = as_person(person.id, Action::AnswerInvitation);
    store
        .write(async |conn| invitation::answer(conn, &granted, at, shown, accept).await)
        .await
        .map(|(_, membership)| membership)
}

pub(crate) async fn accept(
    store: &Store,
    person: &Person,
    shown: Shown<'_>,
) -> Result<Option<Membership>> {
    answer_at(store, person, now(), shown, true).await
}

/// A token that somebody issues, with a hash of its own.
pub(crate) async fn token_of(
    store: &Store,
    issuer: &Viewer,
    organisation: Option<OrganisationId>,
    role: Role,
    hash: &str,
) -> TokenId {
    let granted = issuer
        .may(Action::IssueToken, About::affairs_of(organisation))
        .unwrap();
    let new = token::NewToken {
        name: hash,
        secret_hash: hash,
        role,
        organisation,
        scopes: Scopes::new(domain::policy::Scope::ALL.iter().copied()).unwrap(),
        expires_at: now() + Days::new(30),
    };
    store
        .write(async |conn| token::issue(conn, &granted, now(), &new).await)
        .await
        .unwrap()
}

pub(crate) async fn token_viewer(store: &Store, hash: &str) -> Result<Viewer> {
    let mut conn: Conn = store.read().await?;
    token::viewer(&mut conn, hash, now()).await
}

/// How many of these succeeded, and the codes of those that did not.
pub(crate) fn outcome<T>(all: Vec<Result<T>>) -> (usize, Vec<&'static str>) {
    let codes: Vec<_> = all
        .iter()
        .filter_map(|one| one.as_ref().err().map(domain::Error::code))
        .collect();
    (all.len() - codes.len(), codes)
}
