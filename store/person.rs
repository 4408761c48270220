//! People: whom a provider vouches for, and what they may do today.

use crate::change::{self, Write};
use crate::conn::internal;
use crate::schema::{membership, organisation, person};
use crate::{Conn, fresh, lock, random};
use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::id::{MembershipId, OrganisationId, PersonId};
use domain::person::digest;
use domain::policy::{Action, Granted, Held, Role, Viewer};
use domain::{Error, Result};
use serde::Serialize;

pub use crate::erasure::erase;
pub use crate::export::export;

/// A person. Serialised it is as the record keeps it: with digests in place of what is personal.
#[derive(Queryable, Selectable, Insertable, Debug, Clone, Serialize)]
#[diesel(table_name = person, treat_none_as_default_value = false)]
#[serde(into = "Recorded")]
pub struct Person {
    /// The person's id.
    pub id: PersonId,
    /// Who vouches for the person; `None` once erased.
    pub issuer: Option<String>,
    /// The person's name with the issuer; `None` once erased.
    pub subject: Option<String>,
    /// An address that the issuer verified.
    pub email: Option<String>,
    /// What the person is called.
    pub name: Option<String>,
    pub(crate) salt: Option<String>,
    /// When the person first signed in, UTC.
    pub created_at: NaiveDateTime,
    /// When the person was erased, UTC.
    pub erased_at: Option<NaiveDateTime>,
    /// Goes up by one with every change.
    pub version: i64,
}

/// A person as the record keeps it.
#[derive(Serialize)]
struct Recorded {
    id: PersonId,
    issuer: Option<String>,
    subject: Option<String>,
    email: Option<String>,
    name: Option<String>,
    erased_at: Option<NaiveDateTime>,
    version: i64,
}

impl From<Person> for Recorded {
    fn from(row: Person) -> Self {
        let salt = row.salt.as_deref();
        Self {
            id: row.id,
            subject: digested(salt, "subject", row.subject.as_deref()),
            email: digested(salt, "email", row.email.as_deref()),
            name: digested(salt, "name", row.name.as_deref()),
            issuer: row.issuer,
            erased_at: row.erased_at,
            version: row.version,
        }
    }
}

/// What the record keeps of a personal field: its digest, and nothing where there is none.
pub(crate) fn digested(salt: Option<&str>, field: &str, value: Option<&str>) -> Option<String> {
    Some(digest(salt?, field, value?))
}

/// Whom a provider vouches for.
#[derive(Debug, Clone)]
pub struct Vouched<'a> {
    /// The provider.
    pub issuer: &'a str,
    /// The person's name with it, which never changes.
    pub subject: &'a str,
    /// The address it verified, as [`domain::person::address`] writes it.
    pub email: Option<String>,
    /// What the person is called, as [`domain::person::name`] writes it.
    pub name: Option<String>,
}

/// The person whom a provider vouches for: found by issuer and subject, or new. Address and name become those vouched
/// for now.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn admit(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    vouched: &Vouched<'_>,
) -> Result<Person> {
    granted.require(Action::AdmitPerson)?;
    if let Some(known) = by_subject(conn, vouched.issuer, vouched.subject).await? {
        lock::person(conn, known.id).await?;
    }
    // Read again: another sign-in of the same person, or its erasure, may have come first.
    match by_subject(conn, vouched.issuer, vouched.subject).await? {
        Some(before) if before.email == vouched.email && before.name == vouched.name => Ok(before),
        Some(before) => {
            let after = Person {
                email: vouched.email.clone(),
                name: vouched.name.clone(),
                version: before.version + 1,
                ..before.clone()
            };
            save(conn, granted, now, &before, &after).await?;
            Ok(after)
        }
        None => add(conn, granted, now, vouched).await,
    }
}

async fn add(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    vouched: &Vouched<'_>,
) -> Result<Person> {
    let row = Person {
        id: fresh(),
        issuer: Some(vouched.issuer.to_owned()),
        subject: Some(vouched.subject.to_owned()),
        email: vouched.email.clone(),
        name: vouched.name.clone(),
        salt: Some(random::salt()?),
        created_at: now,
        erased_at: None,
        version: 1,
    };
    let added = on!(conn, c => diesel::insert_into(person::table)
        .values(&row)
        .on_conflict_do_nothing()
        .execute(c)
        .await)
    .map_err(internal)?;
    if added == 0 {
        // The same person signed in twice at once, and the other sign-in was first.
        let first = by_subject(conn, vouched.issuer, vouched.subject).await?;
        return first.ok_or_else(|| Error::Conflict("Sign in again.".to_owned()));
    }
    let write = Write {
        kind: "person",
        id: row.id.to_string(),
        about: None,
        before: None,
        after: Some(&row),
    };
    change::record(conn, granted, now, write).await?;
    Ok(row)
}

/// Writes a person's row anew, and what became of it into the record.
pub(crate) async fn save(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    before: &Person,
    after: &Person,
) -> Result<()> {
    on!(conn, c => diesel::update(person::table.find(after.id))
        .set((
            person::issuer.eq(&after.issuer),
            person::subject.eq(&after.subject),
            person::email.eq(&after.email),
            person::name.eq(&after.name),
            person::salt.eq(&after.salt),
            person::erased_at.eq(after.erased_at),
            person::version.eq(after.version),
        ))
        .execute(c)
        .await)
    .map_err(internal)?;
    let write = Write {
        kind: "person",
        id: after.id.to_string(),
        about: None,
        before: Some(before),
        after: Some(after),
    };
    change::record(conn, granted, now, write).await
}

async fn by_subject(conn: &mut Conn, issuer: &str, subject: &str) -> Result<Option<Person>> {
    on!(conn, c => person::table
        .filter(person::issuer.eq(issuer))
        .filter(person::subject.eq(subject))
        .select(Person::as_select())
        .first(c)
        .await
        .optional())
    .map_err(internal)
}

/// The person with this id.
///
/// # Errors
/// [`Error::NotFound`] when there is none; [`Error::Internal`] when the database fails.
pub async fn by_id(conn: &mut Conn, id: PersonId) -> Result<Person> {
    let found = by_ids(conn, &[id]).await?.pop();
    found.ok_or_else(|| Error::not_found("person", id.to_string()))
}

/// The people with these ids, in no particular order; unknown ids are left out.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn by_ids(conn: &mut Conn, ids: &[PersonId]) -> Result<Vec<Person>> {
    on!(conn, c => person::table
        .filter(person::id.eq_any(ids))
        .select(Person::as_select())
        .load(c)
        .await)
    .map_err(internal)
}

/// The people with this address, the first to sign in first: several where providers vouch for the same one.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn by_email(conn: &mut Conn, email: &str) -> Result<Vec<Person>> {
    on!(conn, c => person::table
        .filter(person::email.eq(email))
        .select(Person::as_select())
        .order(person::id.asc())
        .load(c)
        .await)
    .map_err(internal)
}

/// The viewer that a person is today.
///
/// # Errors
/// [`Error::Unauthenticated`] when there is no such person, or the person was erased; [`Error::Internal`] when the
/// database fails.
pub async fn viewer(conn: &mut Conn, id: PersonId, today: NaiveDate) -> Result<Viewer> {
    let found = by_ids(conn, &[id]).await?.pop();
    match found.filter(|person| person.erased_at.is_none()) {
        Some(person) => viewer_of(conn, person.id, today).await,
        None => Err(Error::Unauthenticated),
    }
}

/// The viewer that a provider's subject is today: for bearers of the provider's own tokens.
///
/// # Errors
/// [`Error::Unauthenticated`] when the subject never signed in; [`Error::Internal`] when the database fails.
pub async fn viewer_of_subject(
    conn: &mut Conn,
    issuer: &str,
    subject: &str,
    today: NaiveDate,
) -> Result<Viewer> {
    match by_subject(conn, issuer, subject).await? {
        Some(person) => viewer_of(conn, person.id, today).await,
        None => Err(Error::Unauthenticated),
    }
}

/// The viewer that a person is today, of whom it is known that they are not erased.
pub(crate) async fn viewer_of(conn: &mut Conn, id: PersonId, today: NaiveDate) -> Result<Viewer> {
    let rows: Vec<(MembershipId, Role, Option<OrganisationId>)> =
        on!(conn, c => membership::table
        .left_join(organisation::table.on(membership::organisation_id.eq(organisation::id.nullable())))
        .filter(membership::person_id.eq(id))
        .filter(membership::from_on.le(today))
        .filter(membership::to_on.is_null().or(membership::to_on.gt(today)))
        .filter(organisation::closed_on.is_null().or(organisation::closed_on.gt(today)))
        .select((membership::id, membership::role, membership::organisation_id))
        .order(membership::id.asc())
        .load(c)
        .await)
        .map_err(internal)?;
    let memberships = rows
        .into_iter()
        .map(|(membership, role, organisation)| Held {
            membership,
            role,
            organisation,
        })
        .collect();
    Ok(Viewer::Person { id, memberships })
}
