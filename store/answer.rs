//! Answers to invitations: a yes makes a membership, by whatever way the invitation was shown.

use crate::invitation::{Invitation, check_appointment, check_open, not_found, save};
use crate::membership::Membership;
use crate::{Conn, fresh, invitation, lock, membership, person};
use chrono::NaiveDateTime;
use domain::id::{InvitationId, PersonId};
use domain::membership::{InvitationState, check_joining};
use domain::policy::{About, Action, Granted, Held};
use domain::{Error, Result};

/// How somebody shows that an invitation is theirs to answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown<'a> {
    /// By its id: it is for the address that their provider verified.
    Address(InvitationId),
    /// By the secret of its link, of which this is the hash; whoever has the link may answer.
    Link(&'a str),
}

/// Answers an invitation for the person who was granted to; with a yes, the membership begins today.
///
/// Of two answers at once one counts, and of two invitations to one organisation accepted at once one makes a membership.
///
/// # Errors
/// [`Error::NotFound`] when there is no such invitation for this person; [`Error::Conflict`] when it is answered,
/// withdrawn, expired, or the person may not take it up; [`Error::Internal`] when the database fails.
pub async fn answer(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    shown: Shown<'_>,
    accept: bool,
) -> Result<(Invitation, Option<Membership>)> {
    granted.require(Action::AnswerInvitation)?;
    let person = granted.person().ok_or(Error::Unauthenticated)?;
    granted.covers(About::Person(person))?;
    lock::person(conn, person).await?;
    let id = find(conn, now, person, shown).await?;
    if let Some(organisation) = invitation::by_id(conn, id).await?.organisation_id {
        lock::organisations(conn, &[organisation]).await?;
    }
    let before = invitation::by_id(conn, id).await?;
    let state = if accept {
        InvitationState::Accepted
    } else {
        InvitationState::Declined
    };
    let mut after = before.becomes(state)?;
    after.person_id = Some(person);
    check_in_time(&before, now)?;
    if accept {
        check_joins(conn, now, person, &before).await?;
    }
    save(conn, granted, now, &before, &after).await?;
    if !accept {
        return Ok((after, None));
    }
    let membership = Membership {
        id: fresh(),
        person_id: person,
        organisation_id: after.organisation_id,
        role: after.role,
        from_on: now.date(),
        to_on: after.until_on,
        version: 1,
    };
    membership::add(conn, granted, now, &membership).await?;
    Ok((after, Some(membership)))
}

/// The invitation that was shown, if it is this person's to answer.
async fn find(
    conn: &mut Conn,
    now: NaiveDateTime,
    person: PersonId,
    shown: Shown<'_>,
) -> Result<InvitationId> {
    let person = person::by_ids(conn, &[person]).await?.pop();
    let person = person
        .filter(|person| person.erased_at.is_none())
        .ok_or(Error::Unauthenticated)?;
    match shown {
        Shown::Address(id) => {
            let found = invitation::by_id(conn, id).await?;
            let theirs = found.email.is_some() && found.email == person.email;
            // To others it does not exist.
            theirs.then_some(id).ok_or_else(|| not_found(id))
        }
        Shown::Link(hash) => match invitation::by_secret(conn, hash, now).await? {
            Some(found) => Ok(found.id),
            None => Err(Error::not_found("invitation", "of this link")),
        },
    }
}

fn check_in_time(invitation: &Invitation, now: NaiveDateTime) -> Result<()> {
    let over = invitation.until_on.is_some_and(|until| until <= now.date());
    if invitation.expires_at <= now || over {
        return Err(Error::Conflict(
            "This invitation has expired; ask for a new one.".to_owned(),
        ));
    }
    Ok(())
}

/// Checks that the person may take up the invitation as things stand.
async fn check_joins(
    conn: &mut Conn,
    now: NaiveDateTime,
    person: PersonId,
    invitation: &Invitation,
) -> Result<()> {
    let today = now.date();
    let held: Vec<Held> = membership::of_person(conn, person)
        .await?
        .iter()
        .filter(|one| one.holds(today))
        .map(|one| Held {
            membership: one.id,
            role: one.role,
            organisation: one.organisation_id,
        })
        .collect();
    check_joining(&held, invitation.organisation_id, invitation.by_unit)?;
    let Some(organisation) = invitation.organisation_id else {
        return Ok(());
    };
    check_open(conn, today, organisation).await?;
    if invitation.by_unit {
        check_appointment(conn, today, organisation, invitation.role).await?;
    }
    Ok(())
}
