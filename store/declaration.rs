//! Versions of the declaration: published once, and never changed.

use crate::change::{self, Write};
use crate::conn::{OnTaken, internal};
use crate::schema::declaration;
use crate::{Conn, fresh};
use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::Result;
use domain::declaration::{check_text, next_number};
use domain::id::DeclarationId;
use domain::policy::{About, Action, Granted};
use serde::Serialize;

/// A version of the declaration.
#[derive(Queryable, Selectable, Insertable, Debug, Clone, PartialEq, Eq, Serialize)]
#[diesel(table_name = declaration, treat_none_as_default_value = false)]
pub struct Declaration {
    /// Its id.
    pub id: DeclarationId,
    /// 1, 2, 3 and so on.
    pub number: i32,
    /// What it is called.
    pub title: String,
    /// What it says: paragraphs with an empty line between them.
    pub text: String,
    /// The day it was published, UTC.
    pub published_on: NaiveDate,
    /// Always 1: a version is never changed.
    pub version: i64,
}

/// Publishes the next version.
///
/// # Errors
/// [`domain::Error::Invalid`] when title or text are missing; [`domain::Error::Taken`] when another was published at the
/// same moment; [`domain::Error::Internal`] when the database fails.
pub async fn publish(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    title: &str,
    text: &str,
) -> Result<Declaration> {
    granted.require(Action::PublishDeclaration)?;
    granted.covers(About::Sector)?;
    let (title, text) = check_text(title, text)?;
    let row = Declaration {
        id: fresh(),
        number: next_number(newest(conn).await?.map(|newest| newest.number)),
        title,
        text,
        published_on: now.date(),
        version: 1,
    };
    on!(conn, c => diesel::insert_into(declaration::table).values(&row).execute(c).await)
        .on_taken("number", &row.number.to_string())?;
    let write = Write {
        kind: "declaration",
        id: row.id.to_string(),
        about: None,
        before: None,
        after: Some(&row),
    };
    change::record(conn, granted, now, write).await?;
    Ok(row)
}

/// Every version, the newest first.
///
/// # Errors
/// [`domain::Error::Internal`] when the database fails.
pub async fn all(conn: &mut Conn) -> Result<Vec<Declaration>> {
    on!(conn, c => declaration::table
        .select(Declaration::as_select())
        .order(declaration::number.desc())
        .load(c)
        .await)
    .map_err(internal)
}

/// The version that holds: the newest one; `None` while nothing was published.
///
/// # Errors
/// [`domain::Error::Internal`] when the database fails.
pub async fn newest(conn: &mut Conn) -> Result<Option<Declaration>> {
    on!(conn, c => declaration::table
        .select(Declaration::as_select())
        .order(declaration::number.desc())
        .first(c)
        .await
        .optional())
    .map_err(internal)
}

/// The version with this number; `None` when there is none.
///
/// # Errors
/// [`domain::Error::Internal`] when the database fails.
pub async fn by_number(conn: &mut Conn, number: i32) -> Result<Option<Declaration>> {
    on!(conn, c => declaration::table
        .filter(declaration::number.eq(number))
        .select(Declaration::as_select())
        .first(c)
        .await
        .optional())
    .map_err(internal)
}

/// The versions with these ids, in no particular order; unknown ids are left out.
///
/// # Errors
/// [`domain::Error::Internal`] when the database fails.
pub async fn by_ids(conn: &mut Conn, ids: &[DeclarationId]) -> Result<Vec<Declaration>> {
    on!(conn, c => declaration::table
        .filter(declaration::id.eq_any(ids))
        .select(Declaration::as_select())
        .load(c)
        .await)
    .map_err(internal)
}
