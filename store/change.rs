//! The record: every write leaves one row here, in the same transaction.

use crate::schema::{change, unsealed};
use crate::{Conn, fresh};
use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::change::Change;
use domain::id::{ChangeId, OrganisationId};
use domain::policy::Granted;
use domain::{Error, Result};
use serde::Serialize;

/// What a write did to one thing.
#[derive(Debug)]
pub(crate) struct Write<'a, T> {
    /// The kind of thing, such as `organisation`.
    pub kind: &'static str,
    /// Its id, or the parts of its key joined by `/`.
    pub id: String,
    /// The organisation it is about, where there is one.
    pub about: Option<OrganisationId>,
    /// The thing before; `None` when it is new.
    pub before: Option<&'a T>,
    /// The thing after; `None` when it was taken away.
    pub after: Option<&'a T>,
}

/// One row of the record, as it is stored.
#[derive(Queryable, Selectable, Insertable, Debug, Clone, PartialEq, Eq)]
#[diesel(table_name = change, treat_none_as_default_value = false)]
pub struct ChangeRow {
    id: ChangeId,
    changed_at: NaiveDateTime,
    actor: String,
    organisation_id: Option<OrganisationId>,
    action: String,
    thing_kind: String,
    thing_id: String,
    before_json: Option<String>,
    after_json: Option<String>,
    reason: Option<String>,
    hash: String,
}

impl ChangeRow {
    /// The row's content without its hash.
    pub fn change(&self) -> Change {
        Change {
            id: self.id,
            at: self.changed_at,
            actor: self.actor.clone(),
            organisation: self.organisation_id,
            action: self.action.clone(),
            thing_kind: self.thing_kind.clone(),
            thing_id: self.thing_id.clone(),
            before: self.before_json.clone(),
            after: self.after_json.clone(),
            reason: self.reason.clone(),
        }
    }

    /// The hash that was stored with it.
    pub fn hash(&self) -> &str {
        &self.hash
    }
}

fn row<T: Serialize>(
    granted: &Granted,
    at: NaiveDateTime,
    write: &Write<'_, T>,
) -> Result<ChangeRow> {
    let json = |thing: Option<&T>| {
        thing
            .map(serde_json::to_string)
            .transpose()
            .map_err(Error::internal)
    };
    let change = Change {
        id: fresh(),
        at,
        actor: granted.actor().to_owned(),
        organisation: granted.organisation().or(write.about),
        action: granted.action().words().to_owned(),
        thing_kind: write.kind.to_owned(),
        thing_id: write.id.clone(),
        before: json(write.before)?,
        after: json(write.after)?,
        reason: granted.reason().map(str::to_owned),
    };
    let hash = change.hash().to_string();
    Ok(ChangeRow {
        id: change.id,
        changed_at: change.at,
        actor: change.actor,
        organisation_id: change.organisation,
        action: change.action,
        thing_kind: change.thing_kind,
        thing_id: change.thing_id,
        before_json: change.before,
        after_json: change.after,
        reason: change.reason,
        hash,
    })
}

/// Records one write.
pub(crate) async fn record<T: Serialize>(
    conn: &mut Conn,
    granted: &Granted,
    at: NaiveDateTime,
    write: Write<'_, T>,
) -> Result<()> {
    record_all(conn, granted, at, std::iter::once(write)).await
}

/// A change that waits for its seal.
#[derive(Insertable, Clone)]
#[diesel(table_name = unsealed, treat_none_as_default_value = false)]
struct Unsealed {
    change_id: ChangeId,
}

/// Records many writes, a chunk a statement.
pub(crate) async fn record_all<'a, T: Serialize + 'a>(
    conn: &mut Conn,
    granted: &Granted,
    at: NaiveDateTime,
    writes: impl Iterator<Item = Write<'a, T>>,
) -> Result<()> {
    let rows = writes
        .map(|write| row(granted, at, &write))
        .collect::<Result<Vec<_>>>()?;
    let waiting: Vec<Unsealed> = rows
        .iter()
        .map(|row| Unsealed { change_id: row.id })
        .collect();
    let _written: usize = insert_rows!(conn, change::table, rows);
    let _waiting: usize = insert_rows!(conn, unsealed::table, waiting);
    Ok(())
}

/// Up to `limit` rows with ids after `after`, by id: for checks that read the whole record.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn after(conn: &mut Conn, after: Option<ChangeId>, limit: i64) -> Result<Vec<ChangeRow>> {
    on!(conn, c => {
        let mut query = change::table.select(ChangeRow::as_select()).into_boxed();
        if let Some(after) = after {
            query = query.filter(change::id.gt(after));
        }
        query.order(change::id.asc()).limit(limit).load(c).await
    })
    .map_err(Error::internal)
}
