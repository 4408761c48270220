//! Idempotency: the same key and input from the same actor gives the first answer again.
//!
//! A key is claimed before the work it names is begun, in the same transaction. Whoever comes with it meanwhile waits at
//! the claim (SQLite has one writer; PostgreSQL holds the second insert back until the first is decided) and then reads
//! the first answer, so that the work is never done twice, nor done and thrown away.

use crate::Conn;
use crate::conn::internal;
use crate::schema::idempotency;
use chrono::{Days, NaiveDateTime};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::{Error, Result};

/// How many days an answer is kept.
pub const KEPT_DAYS: u64 = 7;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = idempotency)]
struct Kept {
    actor: String,
    idempotency_key: String,
    input_hash: String,
    /// Empty until the claim's own transaction keeps the answer: nobody else ever reads it so.
    answer: String,
    created_at: NaiveDateTime,
}

/// What names one request of one actor.
#[derive(Debug, Clone, Copy)]
pub struct Key<'a> {
    /// Who asks, as the record names them.
    pub actor: &'a str,
    /// The key they chose.
    pub key: &'a str,
    /// The hash of what they sent with it.
    pub input_hash: &'a str,
}

/// The moment before which answers are past their time.
fn stale(now: NaiveDateTime) -> NaiveDateTime {
    now - Days::new(KEPT_DAYS)
}

/// The first answer to this key, when there was one within seven days. It claims nothing: for a look before a write.
///
/// # Errors
/// [`Error::Conflict`] when the key came with another input; [`Error::Internal`] when the database fails.
pub async fn answer(conn: &mut Conn, key: Key<'_>, now: NaiveDateTime) -> Result<Option<String>> {
    let kept: Option<Kept> = on!(conn, c => idempotency::table
        .find((key.actor, key.key))
        .select(Kept::as_select())
        .first(c)
        .await
        .optional())
    .map_err(internal)?;
    match kept.filter(|kept| kept.created_at >= stale(now)) {
        Some(kept) if kept.input_hash != key.input_hash => Err(Error::Conflict(format!(
            "The idempotency key `{}` was already used with another input; use a new key.",
            key.key
        ))),
        Some(kept) => Ok(Some(kept.answer)),
        None => Ok(None),
    }
}

/// Claims the key for the present transaction: `None` when it is ours, and the work may begin. Otherwise the first
/// answer to it, once the transaction that claimed it before has ended.
///
/// # Errors
/// [`Error::Conflict`] when the key came with another input; [`Error::Internal`] when the database fails.
pub async fn claim(conn: &mut Conn, key: Key<'_>, now: NaiveDateTime) -> Result<Option<String>> {
    let row = Kept {
        actor: key.actor.to_owned(),
        idempotency_key: key.key.to_owned(),
        input_hash: key.input_hash.to_owned(),
        answer: String::new(),
        created_at: now,
    };
    // Twice: the row in the way may be past its time, or be taken away between the two statements.
    for _ in 0..2 {
        let ours = on!(conn, c => diesel::insert_into(idempotency::table)
            .values(&row)
            .on_conflict_do_nothing()
            .execute(c)
            .await)
        .map_err(internal)?;
        if ours == 1 {
            return Ok(None);
        }
        if let Some(kept) = answer(conn, key, now).await? {
            return Ok(Some(kept));
        }
        on!(conn, c => diesel::delete(idempotency::table.find((key.actor, key.key)))
            .filter(idempotency::created_at.lt(stale(now)))
            .execute(c)
            .await)
        .map_err(internal)?;
    }
    Err(Error::Conflict(format!(
        "Another request with the idempotency key `{}` is being answered; send this one again.",
        key.key
    )))
}

/// Keeps the answer to a key that the present transaction claimed.
///
/// # Errors
/// [`Error::Internal`] when it was not claimed, or the database fails.
pub async fn keep(conn: &mut Conn, key: Key<'_>, answer: &str) -> Result<()> {
    let kept = on!(conn, c => diesel::update(idempotency::table.find((key.actor, key.key)))
        .set(idempotency::answer.eq(answer))
        .execute(c)
        .await)
    .map_err(internal)?;
    match kept {
        1 => Ok(()),
        _ => Err(Error::internal("an answer to a key that nobody claimed")),
    }
}

/// Gives back a key that the present transaction claimed and wrote nothing for: it can be used again.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn release(conn: &mut Conn, key: Key<'_>) -> Result<()> {
    on!(conn, c => diesel::delete(idempotency::table.find((key.actor, key.key))).execute(c).await)
        .map_err(internal)?;
    Ok(())
}

/// Forgets every answer past its time, and says how many. In a transaction of its own it never holds up another.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn forget(conn: &mut Conn, now: NaiveDateTime) -> Result<usize> {
    on!(conn, c => diesel::delete(idempotency::table)
        .filter(idempotency::created_at.lt(stale(now)))
        .execute(c)
        .await)
    .map_err(internal)
}
