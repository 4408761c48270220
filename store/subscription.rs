//! Subscriptions: what people follow.

use crate::change::{self, Write};
use crate::conn::internal;
use crate::schema::subscription;
use crate::{Conn, digest, fresh, lock, news};
use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::id::{PersonId, SubscriptionId};
use domain::policy::{About, Action, Granted};
use domain::subscription::{Followed, FollowedKind, check_following};
use domain::{Error, Result};
use serde::Serialize;

/// What a person follows.
#[derive(Queryable, Selectable, Insertable, Debug, Clone, PartialEq, Eq, Serialize)]
#[diesel(table_name = subscription, treat_none_as_default_value = false)]
pub struct Subscription {
    /// Who follows.
    pub person_id: PersonId,
    /// Its id.
    pub id: SubscriptionId,
    /// The kind of thing.
    pub thing_kind: FollowedKind,
    /// Its key in the record.
    pub thing_id: String,
    /// Since when, UTC.
    pub created_at: NaiveDateTime,
}

impl Subscription {
    /// The thing.
    ///
    /// # Errors
    /// [`Error::Internal`] when its key is none.
    pub fn followed(&self) -> Result<Followed> {
        Ok(Followed {
            kind: self.thing_kind,
            id: self.thing_id.parse().map_err(Error::internal)?,
        })
    }
}

/// Lets a person follow a thing. Who follows it already goes on. With the first, a person who chose nothing yet is told
/// every week.
///
/// # Errors
/// [`Error::NotFound`] when there is no such thing; [`Error::Conflict`] when they follow too many;
/// [`Error::Internal`] when the database fails.
pub async fn subscribe(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    person: PersonId,
    thing: Followed,
) -> Result<Subscription> {
    granted.require(Action::Subscribe)?;
    granted.covers(About::Person(person))?;
    lock::person(conn, person).await?;
    if !news::titles(conn, &[thing]).await?.contains_key(&thing) {
        return Err(Error::not_found(
            thing.kind.in_record(),
            thing.id.to_string(),
        ));
    }
    let standing = of_person(conn, person).await?;
    let key = thing.id.to_string();
    let same = |one: &&Subscription| one.thing_kind == thing.kind && one.thing_id == key;
    if let Some(same) = standing.iter().find(same) {
        return Ok(same.clone());
    }
    check_following(i64::try_from(standing.len()).unwrap_or(i64::MAX))?;
    digest::begin(conn, now, person).await?;
    let row = Subscription {
        person_id: person,
        id: fresh(),
        thing_kind: thing.kind,
        thing_id: key,
        created_at: now,
    };
    on!(conn, c => diesel::insert_into(subscription::table).values(&row).execute(c).await)
        .map_err(internal)?;
    record(conn, granted, now, None, Some(&row)).await?;
    Ok(row)
}

/// Ends a subscription of a person's.
///
/// # Errors
/// [`Error::NotFound`] when the person has none with this id; [`Error::Internal`] when the database fails.
pub async fn unsubscribe(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    person: PersonId,
    id: SubscriptionId,
) -> Result<()> {
    granted.require(Action::Subscribe)?;
    granted.covers(About::Person(person))?;
    let standing = of_person(conn, person).await?;
    let missing = || Error::not_found("subscription", id.to_string());
    let before = standing
        .iter()
        .find(|one| one.id == id)
        .ok_or_else(missing)?;
    let ended = on!(conn, c => diesel::delete(subscription::table.find((person, id)))
        .execute(c)
        .await)
    .map_err(internal)?;
    if ended == 0 {
        return Err(missing());
    }
    record(conn, granted, now, Some(before), None).await
}

async fn record(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    before: Option<&Subscription>,
    after: Option<&Subscription>,
) -> Result<()> {
    let one = before.or(after).map(|row| row.id.to_string());
    let write = Write {
        kind: "subscription",
        id: one.unwrap_or_default(),
        about: None,
        before,
        after,
    };
    change::record(conn, granted, now, write).await
}

/// What a person follows, the oldest first.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn of_person(conn: &mut Conn, person: PersonId) -> Result<Vec<Subscription>> {
    on!(conn, c => subscription::table
        .filter(subscription::person_id.eq(person))
        .select(Subscription::as_select())
        .order(subscription::id.asc())
        .load(c)
        .await)
    .map_err(internal)
}

/// Forgets all that a person follows, how they are told, and the links that end it.
pub(crate) async fn forget(conn: &mut Conn, person: PersonId) -> Result<()> {
    on!(conn, c => diesel::delete(subscription::table.filter(subscription::person_id.eq(person)))
        .execute(c)
        .await)
    .map_err(internal)?;
    digest::forget(conn, person).await
}
