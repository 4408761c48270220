//! Erasure of a person: what is personal goes, the record of what was done stays.

use crate::change::{self, Write};
use crate::conn::internal;
use crate::invitation::Invitation;
use crate::person::{Person, by_id, save};
use crate::schema::invitation as invited;
use crate::{Conn, contact, invitation, lock, membership, session, subscription};
use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::Result;
use domain::id::{InvitationId, PersonId};
use domain::membership::InvitationState;
use domain::policy::{About, Action, Granted};

/// Erases a person: their details and the salt of the digests that the record has of them; their memberships end and
/// with them their tokens; their sessions are forgotten, and what they follow; their address leaves invitations and contacts. A person erased
/// before stays so.
///
/// # Errors
/// [`domain::Error::NotFound`] when there is no such person; [`domain::Error::Internal`] when the database fails.
pub async fn erase(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    id: PersonId,
) -> Result<()> {
    granted.require(Action::ErasePerson)?;
    granted.covers(About::Person(id))?;
    lock::person(conn, id).await?;
    let before = by_id(conn, id).await?;
    if before.erased_at.is_some() {
        return Ok(());
    }
    membership::end_all(conn, granted, now, id).await?;
    session::end_all(conn, id).await?;
    subscription::forget(conn, id).await?;
    let email = before.email.as_deref();
    erase_invitations(conn, granted, now, id, email).await?;
    if let Some(email) = email {
        contact::erase(conn, granted, now, email).await?;
    }
    let after = Person {
        issuer: None,
        subject: None,
        email: None,
        name: None,
        salt: None,
        erased_at: Some(now),
        version: before.version + 1,
        ..before.clone()
    };
    save(conn, granted, now, &before, &after).await
}

/// Takes the address out of every invitation that was for it or that this person answered, and withdraws those that
/// are open.
async fn erase_invitations(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    person: PersonId,
    email: Option<&str>,
) -> Result<()> {
    let before: Vec<Invitation> = invitation::of_person(conn, person, email).await?;
    let ids: Vec<InvitationId> = before.iter().map(|row| row.id).collect();
    on!(conn, c => diesel::update(invited::table)
        .filter(invited::id.eq_any(&ids))
        .filter(invited::state.eq(InvitationState::Pending))
        .set(invited::state.eq(InvitationState::Withdrawn))
        .execute(c)
        .await)
    .map_err(internal)?;
    let after: Vec<Invitation> = on!(conn, c => diesel::update(invited::table)
        .filter(invited::id.eq_any(&ids))
        .set((
            invited::email.eq(None::<String>),
            invited::salt.eq(None::<String>),
            invited::version.eq(invited::version + 1),
        ))
        .returning(Invitation::as_returning())
        .get_results(c)
        .await)
    .map_err(internal)?;
    let writes = after.iter().map(|after| Write {
        kind: "invitation",
        id: after.id.to_string(),
        about: after.organisation_id,
        before: before.iter().find(|before| before.id == after.id),
        after: Some(after),
    });
    change::record_all(conn, granted, now, writes).await
}
