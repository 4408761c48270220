//! Refusals: what somebody asked to do and might not.

use crate::conn::internal;
use crate::page::{Page, Rows};
use crate::schema::refusal;
use crate::{Conn, fresh};
use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::Result;
use domain::id::RefusalId;

/// Something that was refused.
#[derive(Queryable, Selectable, Insertable, Debug, Clone, PartialEq, Eq)]
#[diesel(table_name = refusal, treat_none_as_default_value = false)]
pub struct Refusal {
    /// Its id.
    pub id: RefusalId,
    /// When it was refused, UTC.
    pub refused_at: NaiveDateTime,
    /// Who asked, as the record names them.
    pub actor: String,
    /// What they asked to do.
    pub action: String,
    /// The code of the refusal, such as `FORBIDDEN`.
    pub code: String,
}

/// Keeps what was refused. It is about no thing, and leaves no row in the record of what was written.
///
/// # Errors
/// [`domain::Error::Internal`] when the database fails.
pub async fn keep(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &str,
    action: &str,
    code: &str,
) -> Result<()> {
    let row = Refusal {
        id: fresh(),
        refused_at: now,
        actor: actor.to_owned(),
        action: action.to_owned(),
        code: code.to_owned(),
    };
    on!(conn, c => diesel::insert_into(refusal::table).values(&row).execute(c).await)
        .map_err(internal)?;
    Ok(())
}

/// One page of refusals, the newest first. Cursors hold the id alone.
///
/// # Errors
/// [`domain::Error::Internal`] when the database fails.
pub async fn page(conn: &mut Conn, page: &Page) -> Result<Rows<Refusal>> {
    let rows = on!(conn, c => {
        let mut query = refusal::table.select(Refusal::as_select()).into_boxed();
        if let Some(at) = &page.after {
            query = query.filter(refusal::id.lt(&at.id));
        }
        if let Some(at) = &page.before {
            query = query.filter(refusal::id.gt(&at.id));
        }
        let query = query.limit(page.fetch());
        let ordered = if page.from_end {
            query.order(refusal::id.asc())
        } else {
            query.order(refusal::id.desc())
        };
        ordered.load(c).await
    })
    .map_err(internal)?;
    Ok(Rows::cut(rows, page))
}

/// How much was refused in all.
///
/// # Errors
/// [`domain::Error::Internal`] when the database fails.
pub async fn count(conn: &mut Conn) -> Result<i64> {
    on!(conn, c => refusal::table.count().get_result(c).await).map_err(internal)
}
