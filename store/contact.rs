//! Contacts: how an organisation is reached, for its own members and the unit.

use crate::change::{self, Write};
use crate::conn::internal;
use crate::person::digested;
use crate::schema::contact;
use crate::{Conn, random};
use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::id::OrganisationId;
use domain::policy::{About, Action, Granted};
use domain::{Error, Result, person};
use serde::Serialize;

/// How an organisation is reached. Serialised it is as the record keeps it: with digests in place of what is personal.
#[derive(Queryable, Selectable, Insertable, Debug, Clone, Serialize)]
#[diesel(table_name = contact, treat_none_as_default_value = false)]
#[serde(into = "Recorded")]
pub struct Contact {
    /// Whom it reaches.
    pub organisation_id: OrganisationId,
    /// Whom to ask for.
    pub name: Option<String>,
    /// The address to write to.
    pub email: Option<String>,
    /// The number to call.
    pub phone: Option<String>,
    pub(crate) salt: String,
    /// Goes up by one with every change.
    pub version: i64,
    /// When it was last changed, UTC.
    pub updated_at: NaiveDateTime,
}

/// A contact as the record keeps it.
#[derive(Serialize)]
struct Recorded {
    name: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    version: i64,
}

impl From<Contact> for Recorded {
    fn from(row: Contact) -> Self {
        let digest = |field, value: Option<String>| {
            digested(Some(row.salt.as_str()), field, value.as_deref())
        };
        Self {
            name: digest("name", row.name),
            email: digest("email", row.email),
            phone: digest("phone", row.phone),
            version: row.version,
        }
    }
}

/// How an organisation is to be reached, as somebody writes it; what is blank is not kept.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ContactFacts {
    /// Whom to ask for.
    pub name: Option<String>,
    /// The address to write to.
    pub email: Option<String>,
    /// The number to call.
    pub phone: Option<String>,
}

impl ContactFacts {
    /// The facts as they are kept.
    fn kept(&self) -> Result<Self> {
        let name = self.name.as_deref().unwrap_or_default();
        let email = self.email.as_deref().unwrap_or_default().trim();
        let phone = self.phone.as_deref().unwrap_or_default();
        Ok(Self {
            name: person::name(name)?,
            email: (!email.is_empty())
                .then(|| person::address(email))
                .transpose()?,
            phone: person::phone(phone)?,
        })
    }
}

/// The contacts of these organisations, in no particular order.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn get(conn: &mut Conn, organisations: &[OrganisationId]) -> Result<Vec<Contact>> {
    on!(conn, c => contact::table
        .filter(contact::organisation_id.eq_any(organisations))
        .select(Contact::as_select())
        .load(c)
        .await)
    .map_err(internal)
}

/// Says how an organisation is reached, in place of what was said at `expected_version`; `None` where nobody said so yet.
///
/// # Errors
/// [`Error::Invalid`] for a fact that cannot be; [`Error::Stale`] when the contact is at another version;
/// [`Error::NotFound`] when there is none at all; [`Error::Internal`] when the database fails.
pub async fn save(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    organisation: OrganisationId,
    expected_version: Option<i64>,
    facts: &ContactFacts,
) -> Result<Contact> {
    granted.require(Action::KeepContact)?;
    granted.covers(About::Organisation(organisation))?;
    let facts = facts.kept()?;
    let before = get(conn, &[organisation]).await?.pop();
    let version = before.as_ref().map(|before| before.version);
    if version != expected_version {
        return Err(stale(version, organisation));
    }
    let salt = match &before {
        Some(before) => before.salt.clone(),
        None => random::salt()?,
    };
    let after = Contact {
        organisation_id: organisation,
        name: facts.name,
        email: facts.email,
        phone: facts.phone,
        salt,
        version: version.unwrap_or(0) + 1,
        updated_at: now,
    };
    write(conn, granted, now, before.as_ref(), after).await
}

fn stale(current: Option<i64>, organisation: OrganisationId) -> Error {
    match current {
        Some(current) => Error::Stale { current },
        None => Error::not_found("contact of organisation", organisation.to_string()),
    }
}

/// Writes a contact in place of `before`, unless somebody else was first.
async fn write(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    before: Option<&Contact>,
    after: Contact,
) -> Result<Contact> {
    let facts = |row: &Contact| (row.name.clone(), row.email.clone(), row.phone.clone());
    if let Some(before) = before
        && facts(before) == facts(&after)
    {
        return Ok(before.clone());
    }
    let written = match before {
        None => on!(conn, c => diesel::insert_into(contact::table)
            .values(&after)
            .on_conflict_do_nothing()
            .execute(c)
            .await),
        Some(before) => on!(conn, c => diesel::update(contact::table)
            .filter(contact::organisation_id.eq(after.organisation_id))
            .filter(contact::version.eq(before.version))
            .set((
                contact::name.eq(&after.name),
                contact::email.eq(&after.email),
                contact::phone.eq(&after.phone),
                contact::salt.eq(&after.salt),
                contact::version.eq(after.version),
                contact::updated_at.eq(after.updated_at),
            ))
            .execute(c)
            .await),
    }
    .map_err(internal)?;
    if written == 0 {
        let current = get(conn, &[after.organisation_id]).await?.pop();
        return Err(stale(current.map(|row| row.version), after.organisation_id));
    }
    let write = Write {
        kind: "contact",
        id: after.organisation_id.to_string(),
        about: Some(after.organisation_id),
        before,
        after: Some(&after),
    };
    change::record(conn, granted, now, write).await?;
    Ok(after)
}

/// Empties every contact with this address, with a new salt: what the record has of it can no longer be shown.
pub(crate) async fn erase(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    email: &str,
) -> Result<()> {
    let salt = random::salt()?;
    let before: Vec<Contact> = on!(conn, c => contact::table
        .filter(contact::email.eq(email))
        .select(Contact::as_select())
        .load(c)
        .await)
    .map_err(internal)?;
    let after: Vec<Contact> = on!(conn, c => diesel::update(contact::table)
        .filter(contact::email.eq(email))
        .set((
            contact::name.eq(None::<String>),
            contact::email.eq(None::<String>),
            contact::phone.eq(None::<String>),
            contact::salt.eq(&salt),
            contact::version.eq(contact::version + 1),
            contact::updated_at.eq(now),
        ))
        .returning(Contact::as_returning())
        .get_results(c)
        .await)
    .map_err(internal)?;
    let writes = after.iter().map(|after| Write {
        kind: "contact",
        id: after.organisation_id.to_string(),
        about: Some(after.organisation_id),
        before: before
            .iter()
            .find(|before| before.organisation_id == after.organisation_id),
        after: Some(after),
    });
    change::record_all(conn, granted, now, writes).await
}
