//! Snapshots: immutable results of an analytic at its cut-offs.

use crate::change::{self, Write};
use crate::conn::internal;
use crate::page::{Page, Rows};
use crate::schema::snapshot;
use crate::{Conn, fresh};
use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::Result;
use domain::id::{SnapshotId, StandardId};
use domain::policy::{Action, Granted};
use serde::Serialize;
use std::collections::HashMap;

/// A kept figure of one standard.
#[derive(Queryable, Selectable, Insertable, Debug, Clone, PartialEq, Eq, Serialize)]
#[diesel(table_name = snapshot)]
pub struct Snapshot {
    /// The standard.
    pub standard_id: StandardId,
    /// Its id.
    pub id: SnapshotId,
    /// The id of the method that made it.
    pub method: String,
    /// The version of that method.
    pub method_version: i32,
    /// The date it speaks of.
    pub as_of: NaiveDate,
    /// What was recorded by then counts, UTC.
    pub known_at: NaiveDateTime,
    /// Bodies it applies to.
    pub eligible: i64,
    /// Bodies that adopted it.
    pub adopted: i64,
    /// Bodies that are exempt.
    pub exempt: i64,
    /// Bodies of which nothing is known.
    pub unknown: i64,
    /// The whole figure as JSON.
    pub body: String,
}

/// A figure to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSnapshot {
    /// The standard.
    pub standard: StandardId,
    /// The id of the method that made it.
    pub method: &'static str,
    /// The version of that method.
    pub method_version: i32,
    /// The date it speaks of.
    pub as_of: NaiveDate,
    /// What was recorded by then counts.
    pub known_at: NaiveDateTime,
    /// Bodies it applies to.
    pub eligible: i64,
    /// Bodies that adopted it.
    pub adopted: i64,
    /// Bodies that are exempt.
    pub exempt: i64,
    /// Bodies of which nothing is known.
    pub unknown: i64,
    /// The whole figure as JSON.
    pub body: String,
}

/// Keeps those figures that differ from the last kept for the same standard, method, version and date as known by the
/// same moment; how many those were. A figure that stands is never touched. All are of one method, date and moment.
///
/// # Errors
/// [`domain::Error::Internal`] when the database fails.
pub async fn keep_all(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    figures: Vec<NewSnapshot>,
) -> Result<usize> {
    granted.require(Action::KeepSnapshot)?;
    let ids: Vec<StandardId> = figures.iter().map(|one| one.standard).collect();
    let mut last = HashMap::new();
    if let Some(first) = figures.as_slice().first() {
        last = latest(conn, &ids, first.method, first.as_of, first.known_at).await?;
    }
    let rows: Vec<Snapshot> = figures
        .into_iter()
        .filter(|new| {
            last.get(&new.standard).is_none_or(|row: &Snapshot| {
                row.body != new.body
                    || row.method_version != new.method_version
                    || row.as_of != new.as_of
            })
        })
        .map(row)
        .collect();
    let written: usize = insert_rows!(conn, snapshot::table, rows);
    let writes = rows.iter().map(|row| Write {
        kind: "snapshot",
        id: format!("{}/{}", row.standard_id, row.id),
        about: None,
        before: None,
        after: Some(row),
    });
    change::record_all(conn, granted, now, writes).await?;
    Ok(written)
}

fn row(new: NewSnapshot) -> Snapshot {
    Snapshot {
        standard_id: new.standard,
        id: fresh(),
        method: new.method.to_owned(),
        method_version: new.method_version,
        as_of: new.as_of,
        known_at: new.known_at,
        eligible: new.eligible,
        adopted: new.adopted,
        exempt: new.exempt,
        unknown: new.unknown,
        body: new.body,
    }
}

/// The last kept figure of each standard for this method and date, among those known by `known_at`.
async fn latest(
    conn: &mut Conn,
    standards: &[StandardId],
    method: &str,
    as_of: NaiveDate,
    known_at: NaiveDateTime,
) -> Result<HashMap<StandardId, Snapshot>> {
    let mut found = HashMap::new();
    for chunk in standards.chunks(crate::CHUNK) {
        let rows: Vec<Snapshot> = on!(conn, c => snapshot::table
            .filter(snapshot::standard_id.eq_any(chunk))
            .filter(snapshot::method.eq(method))
            .filter(snapshot::as_of.eq(as_of))
            .filter(snapshot::known_at.le(known_at))
            .select(Snapshot::as_select())
            .order((snapshot::known_at.asc(), snapshot::id.asc()))
            .load(c)
            .await)
        .map_err(internal)?;
        found.extend(rows.into_iter().map(|row| (row.standard_id, row)));
    }
    Ok(found)
}

/// One page of a standard's snapshots, the newest kept first.
///
/// # Errors
/// [`domain::Error::Internal`] when the database fails.
pub async fn page(conn: &mut Conn, standard: StandardId, page: &Page) -> Result<Rows<Snapshot>> {
    let rows = on!(conn, c => {
        let mut query = snapshot::table
            .filter(snapshot::standard_id.eq(standard))
            .select(Snapshot::as_select())
            .into_boxed();
        if let Some(at) = &page.after {
            query = query.filter(snapshot::id.lt(&at.id));
        }
        query.order(snapshot::id.desc()).limit(page.fetch()).load(c).await
    })
    .map_err(internal)?;
    Ok(Rows::cut(rows, page))
}

/// The keys of every snapshot of these standards, by standard and then the newest kept first: from them the pages of
/// many standards are cut without a statement for each.
///
/// # Errors
/// [`domain::Error::Internal`] when the database fails.
pub async fn keys(
    conn: &mut Conn,
    standards: &[StandardId],
) -> Result<Vec<(StandardId, SnapshotId)>> {
    on!(conn, c => snapshot::table
        .filter(snapshot::standard_id.eq_any(standards))
        .select((snapshot::standard_id, snapshot::id))
        .order((snapshot::standard_id.asc(), snapshot::id.desc()))
        .load(c)
        .await)
    .map_err(internal)
}

/// How many snapshots a standard has.
///
/// # Errors
/// [`domain::Error::Internal`] when the database fails.
pub async fn count(conn: &mut Conn, standard: StandardId) -> Result<i64> {
    on!(conn, c => snapshot::table
        .filter(snapshot::standard_id.eq(standard))
        .count()
        .get_result(c)
        .await)
    .map_err(internal)
}

/// The snapshots with these keys, in no particular order; unknown keys are left out.
///
/// # Errors
/// [`domain::Error::Internal`] when the database fails.
pub async fn by_keys(conn: &mut Conn, keys: &[(StandardId, SnapshotId)]) -> Result<Vec<Snapshot>> {
    let (standards, ids): (Vec<_>, Vec<_>) = keys.iter().copied().unzip();
    let rows: Vec<Snapshot> = on!(conn, c => snapshot::table
        .filter(snapshot::standard_id.eq_any(&standards))
        .filter(snapshot::id.eq_any(&ids))
        .select(Snapshot::as_select())
        .load(c)
        .await)
    .map_err(internal)?;
    Ok(rows
        .into_iter()
        .filter(|row| keys.contains(&(row.standard_id, row.id)))
        .collect())
}
