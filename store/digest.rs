//! Digests: how often a person is sent what changed, how far they were told, and the links that end it.
//!
//! Whoever sends one claims it first: how far the person is told moves with the claim, in one transaction. A mail that
//! could not be sent leaves its claim, which lapses; then it is claimed again from where it told before.

use crate::change::{self, Write};
use crate::conn::internal;
use crate::schema::{digest, person, unsubscribe_link};
use crate::{Conn, activity, lock};
use chrono::{Days, NaiveDateTime};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::Result;
use domain::id::PersonId;
use domain::policy::{About, Action, Granted, Viewer};
use domain::subscription::{CLAIM, Every};
use serde::Serialize;

/// How long the link of a mail ends the digest, in days.
const LINK_DAYS: u64 = 366;

/// How a person is told.
#[derive(Queryable, Selectable, Insertable, Debug, Clone, PartialEq, Eq, Serialize)]
#[diesel(table_name = digest, treat_none_as_default_value = false)]
pub struct Digest {
    /// Who.
    pub person_id: PersonId,
    /// How often.
    pub every: Every,
    /// Changes up to this place in the record are told.
    #[serde(skip)]
    pub told_to: i64,
    /// When it was last looked whether there is something to tell, UTC.
    #[serde(skip)]
    pub looked_at: NaiveDateTime,
    /// While a mail is under way: from where it tells.
    #[serde(skip)]
    pub(crate) claimed_from: Option<i64>,
    /// When that mail is taken for lost, UTC.
    #[serde(skip)]
    pub(crate) claimed_until: Option<NaiveDateTime>,
    /// When the last mail was sent, UTC.
    #[serde(skip)]
    pub sent_at: Option<NaiveDateTime>,
    /// Counts the choices, from 1.
    pub version: i64,
}

/// How a person is told; `None` while they chose nothing and follow nothing.
///
/// # Errors
/// [`domain::Error::Internal`] when the database fails.
pub async fn of_person(conn: &mut Conn, person: PersonId) -> Result<Option<Digest>> {
    on!(conn, c => digest::table.find(person).select(Digest::as_select()).first(c).await.optional())
        .map_err(internal)
}

/// Chooses how often a person is told. From never, they are told of what is sealed from now on.
///
/// # Errors
/// [`domain::Error::Internal`] when the database fails.
pub async fn choose(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    person: PersonId,
    every: Every,
) -> Result<Digest> {
    granted.require(Action::Subscribe)?;
    granted.covers(About::Person(person))?;
    lock::person(conn, person).await?;
    let before = of_person(conn, person).await?;
    let newest = activity::newest(conn).await?;
    let after = match before.clone() {
        None => fresh(person, every, newest, now),
        Some(before) if before.every == every => return Ok(before),
        // A mail that is under way goes on.
        Some(before) if before.every != Every::Never => Digest {
            every,
            version: before.version + 1,
            ..before
        },
        Some(before) => Digest {
            version: before.version + 1,
            sent_at: before.sent_at,
            ..fresh(person, every, newest, now)
        },
    };
    save(conn, before.as_ref(), &after).await?;
    let write = Write {
        kind: "digest",
        id: person.to_string(),
        about: None,
        before: before.as_ref(),
        after: Some(&after),
    };
    change::record(conn, granted, now, write).await?;
    Ok(after)
}

async fn save(conn: &mut Conn, before: Option<&Digest>, after: &Digest) -> Result<()> {
    let chosen = (
        digest::every.eq(after.every),
        digest::version.eq(after.version),
    );
    let anew = (
        digest::told_to.eq(after.told_to),
        digest::looked_at.eq(after.looked_at),
        digest::claimed_from.eq(after.claimed_from),
        digest::claimed_until.eq(after.claimed_until),
    );
    on!(conn, c => {
        let row = digest::table.find(after.person_id);
        match before {
            None => diesel::insert_into(digest::table).values(after).execute(c).await,
            Some(before) if before.every == Every::Never => {
                diesel::update(row).set((chosen, anew)).execute(c).await
            }
            Some(_) => diesel::update(row).set(chosen).execute(c).await,
        }
    })
    .map_err(internal)?;
    Ok(())
}

fn fresh(person: PersonId, every: Every, newest: i64, now: NaiveDateTime) -> Digest {
    Digest {
        person_id: person,
        every,
        told_to: newest,
        looked_at: now,
        claimed_from: None,
        claimed_until: None,
        sent_at: None,
        version: 1,
    }
}

/// Has a person who chose nothing yet told every week, from now on.
pub(crate) async fn begin(conn: &mut Conn, now: NaiveDateTime, person: PersonId) -> Result<()> {
    let row = fresh(person, Every::Week, activity::newest(conn).await?, now);
    on!(conn, c => diesel::insert_into(digest::table)
        .values(&row)
        .on_conflict_do_nothing()
        .execute(c)
        .await)
    .map_err(internal)?;
    Ok(())
}

/// Who is to be looked after now: those for whom a digest fell due, and those whose mail was lost; with their address.
///
/// # Errors
/// [`domain::Error::Internal`] when the database fails.
pub async fn due(conn: &mut Conn, now: NaiveDateTime) -> Result<Vec<(Digest, String)>> {
    let last = |every: Every| every.last_due(now).unwrap_or(now);
    let (day, week) = (last(Every::Day), last(Every::Week));
    let rows: Vec<(Digest, Option<String>)> = on!(conn, c => {
        let daily = digest::every.eq(Every::Day).and(digest::looked_at.lt(day));
        let weekly = digest::every.eq(Every::Week).and(digest::looked_at.lt(week));
        digest::table
            .inner_join(person::table.on(person::id.eq(digest::person_id)))
            .filter(person::email.is_not_null())
            .filter(digest::every.ne(Every::Never))
            .filter(
                digest::claimed_until.is_null().and(daily.or(weekly))
                    .or(digest::claimed_until.is_not_null().and(digest::claimed_until.assume_not_null().le(now))),
            )
            .select((Digest::as_select(), person::email))
            .order(digest::person_id)
            .load(c)
            .await
    })
    .map_err(internal)?;
    let addressed = rows.into_iter();
    Ok(addressed
        .filter_map(|(digest, email)| Some((digest, email?)))
        .collect())
}

/// A claim to tell a person of what lies between two places of the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    /// Who is told.
    pub person: PersonId,
    /// After this place.
    pub from: i64,
    /// Up to this one.
    pub to: i64,
    at: NaiveDateTime,
}

/// Claims a digest that [`due`] found: of several at once one gets it. How far the person is told moves with it.
///
/// # Errors
/// [`domain::Error::Internal`] when the database fails.
pub async fn claim(conn: &mut Conn, row: &Digest, now: NaiveDateTime) -> Result<Option<Claim>> {
    let from = row.claimed_from.unwrap_or(row.told_to);
    let to = activity::newest(conn).await?;
    let claimed = on!(conn, c => diesel::update(digest::table.find(row.person_id))
        .filter(digest::looked_at.eq(row.looked_at))
        .filter(digest::told_to.eq(row.told_to))
        .filter(digest::every.ne(Every::Never))
        .set((
            digest::told_to.eq(to),
            digest::looked_at.eq(now),
            digest::claimed_from.eq(from),
            digest::claimed_until.eq(now + CLAIM),
        ))
        .execute(c)
        .await)
    .map_err(internal)?;
    Ok((claimed == 1).then_some(Claim {
        person: row.person_id,
        from,
        to,
        at: now,
    }))
}

/// Ends a claim: the mail was sent, or there was nothing to tell.
///
/// # Errors
/// [`domain::Error::Internal`] when the database fails.
pub async fn end(conn: &mut Conn, claim: &Claim, sent_at: Option<NaiveDateTime>) -> Result<()> {
    let none = (
        digest::claimed_from.eq(None::<i64>),
        digest::claimed_until.eq(None::<NaiveDateTime>),
    );
    on!(conn, c => {
        let claimed = digest::table.find(claim.person).filter(digest::looked_at.eq(claim.at));
        match sent_at {
            Some(at) => diesel::update(claimed).set((none, digest::sent_at.eq(at))).execute(c).await,
            None => diesel::update(claimed).set(none).execute(c).await,
        }
    })
    .map_err(internal)?;
    Ok(())
}

/// Keeps the hash of the link of a mail, and forgets those that are too old.
///
/// # Errors
/// [`domain::Error::Internal`] when the database fails.
pub async fn add_link(
    conn: &mut Conn,
    person: PersonId,
    secret_hash: &str,
    now: NaiveDateTime,
) -> Result<()> {
    let oldest = now - Days::new(LINK_DAYS);
    on!(conn, c => diesel::delete(unsubscribe_link::table)
        .filter(unsubscribe_link::person_id.eq(person))
        .filter(unsubscribe_link::created_at.lt(oldest))
        .execute(c)
        .await)
    .map_err(internal)?;
    let row = (
        unsubscribe_link::secret_hash.eq(secret_hash),
        unsubscribe_link::person_id.eq(person),
        unsubscribe_link::created_at.eq(now),
    );
    on!(conn, c => diesel::insert_into(unsubscribe_link::table).values(row).execute(c).await)
        .map_err(internal)?;
    Ok(())
}

/// Whose digest the link with this hash ends; `None` when there is no such link.
///
/// # Errors
/// [`domain::Error::Internal`] when the database fails.
pub async fn of_link(conn: &mut Conn, secret_hash: &str) -> Result<Option<PersonId>> {
    on!(conn, c => unsubscribe_link::table
        .find(secret_hash)
        .select(unsubscribe_link::person_id)
        .first(c)
        .await
        .optional())
    .map_err(internal)
}

/// Ends the digest of whoever was sent the link with this hash: having it says that one is that person. False when there
/// is no such link.
///
/// # Errors
/// [`domain::Error::Internal`] when the database fails.
pub async fn end_by_link(conn: &mut Conn, secret_hash: &str, now: NaiveDateTime) -> Result<bool> {
    let Some(id) = of_link(conn, secret_hash).await? else {
        return Ok(false);
    };
    let themself = Viewer::Person {
        id,
        memberships: Vec::new(),
    };
    let granted = themself.may(Action::Subscribe, About::Person(id))?;
    choose(conn, &granted, now, id, Every::Never).await?;
    Ok(true)
}

/// Forgets how a person is told, and the links that end it.
pub(crate) async fn forget(conn: &mut Conn, id: PersonId) -> Result<()> {
    on!(conn, c => diesel::delete(digest::table.find(id)).execute(c).await).map_err(internal)?;
    on!(conn, c => diesel::delete(unsubscribe_link::table)
        .filter(unsubscribe_link::person_id.eq(id))
        .execute(c)
        .await)
    .map_err(internal)?;
    Ok(())
}

/// When the links that end a person's digest were made, UTC.
pub(crate) async fn links(conn: &mut Conn, id: PersonId) -> Result<Vec<NaiveDateTime>> {
    on!(conn, c => unsubscribe_link::table
        .filter(unsubscribe_link::person_id.eq(id))
        .select(unsubscribe_link::created_at)
        .order(unsubscribe_link::created_at.asc())
        .load(c)
        .await)
    .map_err(internal)
}
