//! Sessions: browsers that people signed in with, of whose secrets only hashes are kept. What is only upkeep of a
//! session leaves no row in the record: nothing of the sector changed.

use crate::conn::internal;
use crate::person::{Person, viewer_of};
use crate::schema::{person, session};
use crate::{Conn, fresh};
use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::id::{PersonId, SessionId};
use domain::policy::{Action, Granted, Viewer};
use domain::session::{ABSOLUTE, IDLE, NOTED, Times};
use domain::{Error, Result};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = session, treat_none_as_default_value = false)]
struct Session {
    id: SessionId,
    person_id: PersonId,
    secret_hash: String,
    former_hash: Option<String>,
    rotated_at: NaiveDateTime,
    created_at: NaiveDateTime,
    seen_at: NaiveDateTime,
}

/// Who comes with the secret of a session that holds.
#[derive(Debug, Clone)]
pub struct Found {
    /// The session.
    pub session: SessionId,
    /// Whose it is.
    pub person: Person,
    /// What the person may do today.
    pub viewer: Viewer,
    /// Whether its secret should be changed, with [`rotate`].
    pub rotate: bool,
    /// Whether that it was used is to be noted, with [`touch`].
    pub touch: bool,
}

/// Begins a session, and forgets all those that are over.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn begin(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    person: PersonId,
    secret_hash: &str,
) -> Result<SessionId> {
    granted.require(Action::AdmitPerson)?;
    on!(conn, c => diesel::delete(session::table)
        .filter(session::created_at.le(now - ABSOLUTE).or(session::seen_at.le(now - IDLE)))
        .execute(c)
        .await)
    .map_err(internal)?;
    let row = Session {
        id: fresh(),
        person_id: person,
        secret_hash: secret_hash.to_owned(),
        former_hash: None,
        rotated_at: now,
        created_at: now,
        seen_at: now,
    };
    on!(conn, c => diesel::insert_into(session::table).values(&row).execute(c).await)
        .map_err(internal)?;
    Ok(row.id)
}

/// Finds the session with this secret, or with this former one shortly after a change, and its person's viewer: two
/// statements.
///
/// # Errors
/// [`Error::Unauthenticated`] when there is none, or it holds no more; [`Error::Internal`] when the database fails.
pub async fn find(conn: &mut Conn, secret_hash: &str, now: NaiveDateTime) -> Result<Found> {
    let found: Option<(Session, Person)> = on!(conn, c => session::table
        .inner_join(person::table)
        .filter(session::secret_hash.eq(secret_hash).or(session::former_hash.eq(secret_hash)))
        .filter(person::erased_at.is_null())
        .select((Session::as_select(), Person::as_select()))
        .first(c)
        .await
        .optional())
    .map_err(internal)?;
    let (row, person) = found.ok_or(Error::Unauthenticated)?;
    let times = Times {
        created_at: row.created_at,
        seen_at: row.seen_at,
        rotated_at: row.rotated_at,
    };
    let due = times
        .due(row.secret_hash != secret_hash, now)
        .ok_or(Error::Unauthenticated)?;
    Ok(Found {
        session: row.id,
        viewer: viewer_of(conn, person.id, now.date()).await?,
        person,
        rotate: due.rotate,
        touch: due.touch,
    })
}

/// Changes the secret of a session; whether it was this call that did. Of two at once one does, and the other's
/// `old_hash` holds a little longer.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn rotate(
    conn: &mut Conn,
    id: SessionId,
    now: NaiveDateTime,
    old_hash: &str,
    new_hash: &str,
) -> Result<bool> {
    let rotated = on!(conn, c => diesel::update(session::table.find(id))
        .filter(session::secret_hash.eq(old_hash))
        .set((
            session::secret_hash.eq(new_hash),
            session::former_hash.eq(Some(old_hash)),
            session::rotated_at.eq(now),
            session::seen_at.eq(now),
        ))
        .execute(c)
        .await)
    .map_err(internal)?;
    Ok(rotated == 1)
}

/// Notes that a session was used, at most once a minute.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn touch(conn: &mut Conn, id: SessionId, now: NaiveDateTime) -> Result<()> {
    on!(conn, c => diesel::update(session::table.find(id))
        .filter(session::seen_at.le(now - NOTED))
        .set(session::seen_at.eq(now))
        .execute(c)
        .await)
    .map_err(internal)?;
    Ok(())
}

/// Ends the session with this secret or this former one, if there is one.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn end(conn: &mut Conn, secret_hash: &str) -> Result<()> {
    on!(conn, c => diesel::delete(session::table)
        .filter(session::secret_hash.eq(secret_hash).or(session::former_hash.eq(secret_hash)))
        .execute(c)
        .await)
    .map_err(internal)?;
    Ok(())
}

/// Ends every session of a person.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn end_all(conn: &mut Conn, person: PersonId) -> Result<()> {
    on!(conn, c => diesel::delete(session::table)
        .filter(session::person_id.eq(person))
        .execute(c)
        .await)
    .map_err(internal)?;
    Ok(())
}
