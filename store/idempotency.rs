//! Idempotency: the same key and input from the same actor gives the first answer again.

use crate::Conn;
use crate::conn::internal;
use crate::schema::idempotency;
use chrono::{Days, NaiveDateTime};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::{Error, Result};

/// How many days an answer is kept.
const KEPT_DAYS: u64 = 7;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = idempotency)]
struct Kept {
    actor: String,
    idempotency_key: String,
    input_hash: String,
    answer: String,
    created_at: NaiveDateTime,
}

/// The first answer to this key, when there was one within seven days.
///
/// # Errors
/// [`Error::Conflict`] when the key came with another input; [`Error::Internal`] when the database fails.
pub async fn answer(
    conn: &mut Conn,
    actor: &str,
    key: &str,
    input_hash: &str,
    now: NaiveDateTime,
) -> Result<Option<String>> {
    let kept: Option<Kept> = on!(conn, c => idempotency::table
        .find((actor, key))
        .select(Kept::as_select())
        .first(c)
        .await
        .optional())
    .map_err(internal)?;
    match kept {
        Some(kept) if kept.created_at + Days::new(KEPT_DAYS) < now => Ok(None),
        Some(kept) if kept.input_hash != input_hash => Err(Error::Conflict(format!(
            "The idempotency key `{key}` was already used with another input; use a new key."
        ))),
        Some(kept) => Ok(Some(kept.answer)),
        None => Ok(None),
    }
}

/// Keeps the answer to a key, in the transaction that made it, and forgets all those past their time. A key that another transaction took meanwhile is a
/// conflict: the caller's transaction fails, and asking again gives the first answer.
///
/// # Errors
/// [`Error::Conflict`] as said; [`Error::Internal`] when the database fails.
pub async fn keep(
    conn: &mut Conn,
    actor: &str,
    key: &str,
    input_hash: &str,
    answer: String,
    now: NaiveDateTime,
) -> Result<()> {
    let row = Kept {
        actor: actor.to_owned(),
        idempotency_key: key.to_owned(),
        input_hash: input_hash.to_owned(),
        answer,
        created_at: now,
    };
    let stale = now - Days::new(KEPT_DAYS);
    on!(conn, c => diesel::delete(idempotency::table)
        .filter(idempotency::created_at.lt(stale))
        .execute(c)
        .await)
    .map_err(internal)?;
    let kept = on!(conn, c => diesel::insert_into(idempotency::table)
        .values(&row)
        .on_conflict_do_nothing()
        .execute(c)
        .await)
    .map_err(internal)?;
    if kept == 0 {
        return Err(Error::Conflict(format!(
            "Another request with the idempotency key `{key}` is being answered; send this one again."
        )));
    }
    Ok(())
}
