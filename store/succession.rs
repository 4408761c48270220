//! Successions: which body follows which.

use crate::change::{self, Write};
use crate::conn::internal;
use crate::schema::succession;
use crate::{Conn, Saved};
use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::Result;
use domain::id::OrganisationId;
use domain::policy::{Action, Granted};
use domain::succession::Pair;
use serde::Serialize;

#[derive(Queryable, Selectable, Insertable, Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[diesel(table_name = succession)]
struct Succession {
    predecessor_id: OrganisationId,
    successor_id: OrganisationId,
    starts_on: NaiveDate,
}

impl From<Succession> for Pair {
    fn from(row: Succession) -> Self {
        Self {
            predecessor: row.predecessor_id,
            successor: row.successor_id,
            on: row.starts_on,
        }
    }
}

/// Every succession whose first day lies in `[from, to]`, by day.
///
/// # Errors
/// [`domain::Error::Internal`] when the database fails.
pub async fn between(conn: &mut Conn, from: NaiveDate, to: NaiveDate) -> Result<Vec<Pair>> {
    let rows: Vec<Succession> = on!(conn, c => succession::table
        .filter(succession::starts_on.between(from, to))
        .select(Succession::as_select())
        .order((succession::starts_on.asc(), succession::successor_id.asc(), succession::predecessor_id.asc()))
        .load(c)
        .await)
    .map_err(internal)?;
    Ok(rows.into_iter().map(Pair::from).collect())
}

/// Every succession on a day on which one of these bodies is part of one: what is needed to tell merges from splits.
///
/// # Errors
/// [`domain::Error::Internal`] when the database fails.
pub async fn around(conn: &mut Conn, bodies: &[OrganisationId]) -> Result<Vec<Pair>> {
    let mut found = std::collections::BTreeMap::new();
    for chunk in bodies.chunks(crate::CHUNK) {
        let rows: Vec<Succession> = on!(conn, c => {
            let days = diesel::alias!(succession as day);
            let theirs = days
                .filter(
                    days.field(succession::predecessor_id).eq_any(chunk)
                        .or(days.field(succession::successor_id).eq_any(chunk)),
                )
                .select(days.field(succession::starts_on));
            succession::table
                .filter(succession::starts_on.eq_any(theirs))
                .select(Succession::as_select())
                .load(c)
                .await
        })
        .map_err(internal)?;
        found.extend(rows.into_iter().map(|row| {
            (
                (row.starts_on, row.successor_id, row.predecessor_id),
                Pair::from(row),
            )
        }));
    }
    Ok(found.into_values().collect())
}

/// Every succession there is.
///
/// # Errors
/// [`domain::Error::Internal`] when the database fails.
pub async fn all(conn: &mut Conn) -> Result<Vec<Pair>> {
    let rows: Vec<Succession> = on!(conn, c => succession::table
        .select(Succession::as_select())
        .load(c)
        .await)
    .map_err(internal)?;
    Ok(rows.into_iter().map(Pair::from).collect())
}

/// Adds a succession, or moves the day of the one that stands.
///
/// # Errors
/// [`domain::Error::Internal`] when the database fails.
pub async fn save(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    standing: Option<&Pair>,
    pair: &Pair,
) -> Result<Saved> {
    granted.require(Action::KeepRegister)?;
    if standing == Some(pair) {
        return Ok(Saved::Unchanged);
    }
    let row = Succession {
        predecessor_id: pair.predecessor,
        successor_id: pair.successor,
        starts_on: pair.on,
    };
    on!(conn, c => diesel::insert_into(succession::table)
        .values(&row)
        .on_conflict((succession::predecessor_id, succession::successor_id))
        .do_update()
        .set(succession::starts_on.eq(row.starts_on))
        .execute(c)
        .await)
    .map_err(internal)?;
    let before = standing.map(|pair| Succession {
        starts_on: pair.on,
        ..row
    });
    let write = Write {
        kind: "succession",
        id: format!("{}/{}", row.predecessor_id, row.successor_id),
        about: Some(row.successor_id),
        before: before.as_ref(),
        after: Some(&row),
    };
    change::record(conn, granted, now, write).await?;
    Ok(Saved::of(standing.is_some()))
}
