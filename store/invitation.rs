//! Invitations: how somebody comes to a membership, by a link or by their address.

use crate::change::{self, Write};
use crate::conn::internal;
use crate::person::digested;
use crate::schema::invitation;
use crate::{Conn, fresh, lock, membership, organisation, random};
use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::id::{InvitationId, OrganisationId, PersonId};
use domain::membership::InvitationState;
use domain::policy::{About, Action, Granted, Role};
use domain::{Error, Result};
use serde::Serialize;

pub use crate::answer::{Shown, answer};

/// An invitation. Serialised it is as the record keeps it: with a digest in place of the address, without the secret.
#[derive(Queryable, Selectable, Insertable, Debug, Clone, Serialize)]
#[diesel(table_name = invitation, treat_none_as_default_value = false)]
#[serde(into = "Recorded")]
pub struct Invitation {
    /// Its id.
    pub id: InvitationId,
    /// Where the membership will be; `None` for the unit.
    pub organisation_id: Option<OrganisationId>,
    /// What the person will be there.
    pub role: Role,
    /// Whom it is for; `None` for whoever has the link, or once that person is erased.
    pub email: Option<String>,
    pub(crate) salt: Option<String>,
    secret_hash: String,
    /// Who invited, as the record names them.
    pub invited_by: String,
    /// Whether the unit invited to an organisation.
    pub by_unit: bool,
    /// The day after the last one of the membership to come; `None` for one without an end.
    pub until_on: Option<NaiveDate>,
    /// How far it has come.
    pub state: InvitationState,
    /// Who answered it.
    pub person_id: Option<PersonId>,
    /// When it was made, UTC.
    pub created_at: NaiveDateTime,
    /// Until when it can be answered, UTC.
    pub expires_at: NaiveDateTime,
    /// Goes up by one with every change.
    pub version: i64,
}

/// An invitation as the record keeps it.
#[derive(Serialize)]
struct Recorded {
    id: InvitationId,
    organisation_id: Option<OrganisationId>,
    role: Role,
    email: Option<String>,
    invited_by: String,
    by_unit: bool,
    until_on: Option<NaiveDate>,
    state: InvitationState,
    person_id: Option<PersonId>,
    expires_at: NaiveDateTime,
    version: i64,
}

impl From<Invitation> for Recorded {
    fn from(row: Invitation) -> Self {
        Self {
            id: row.id,
            organisation_id: row.organisation_id,
            role: row.role,
            email: digested(row.salt.as_deref(), "email", row.email.as_deref()),
            invited_by: row.invited_by,
            by_unit: row.by_unit,
            until_on: row.until_on,
            state: row.state,
            person_id: row.person_id,
            expires_at: row.expires_at,
            version: row.version,
        }
    }
}

impl Invitation {
    /// The same invitation in the state after an answer or a withdrawal.
    ///
    /// # Errors
    /// [`Error::Conflict`] unless it is open.
    pub(crate) fn becomes(&self, state: InvitationState) -> Result<Self> {
        Ok(Self {
            state: self.state.becomes(state)?,
            version: self.version + 1,
            ..self.clone()
        })
    }
}

/// An invitation to be made.
#[derive(Debug, Clone)]
pub struct NewInvitation<'a> {
    /// Where the membership will be; `None` for the unit.
    pub organisation: Option<OrganisationId>,
    /// What the person will be there.
    pub role: Role,
    /// Whom it is for; `None` for whoever has the link.
    pub email: Option<String>,
    /// [`Secret::Invitation`](domain::token::Secret::Invitation)'s hash of its secret.
    pub secret_hash: &'a str,
    /// The day after the last one of the membership to come.
    pub until_on: Option<NaiveDate>,
    /// Until when it can be answered, UTC.
    pub expires_at: NaiveDateTime,
}

/// Keeps a new invitation.
///
/// The unit appoints a lead only where there is none, and only by one open invitation at a time: two at once would leave
/// the body with two strangers who both manage its members. That there is still no lead is asked again when it is
/// accepted.
///
/// # Errors
/// [`Error::Invalid`] when the role, the address or the end does not fit; [`Error::Conflict`] when the organisation is
/// closed, or is not to be given a lead; [`Error::Internal`] when the database fails.
pub async fn invite(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    new: &NewInvitation<'_>,
) -> Result<Invitation> {
    let by_unit = granted.organisation().is_none() && new.organisation.is_some();
    if !by_unit {
        granted.require(Action::ManageMembers)?;
    }
    granted.covers(About::affairs_of(new.organisation))?;
    new.role.check_home(new.organisation)?;
    check_end(now.date(), new.until_on)?;
    if let Some(organisation) = new.organisation {
        lock::organisations(conn, &[organisation]).await?;
        check_open(conn, now.date(), organisation).await?;
        if by_unit {
            granted.require(Action::AppointLead)?;
            check_appointment(conn, now.date(), organisation, new.role).await?;
            check_none_open(conn, now, organisation).await?;
        }
    }
    let email = new
        .email
        .as_deref()
        .map(domain::person::address)
        .transpose()?;
    let row = Invitation {
        id: fresh(),
        organisation_id: new.organisation,
        role: new.role,
        salt: email.is_some().then(random::salt).transpose()?,
        email,
        secret_hash: new.secret_hash.to_owned(),
        invited_by: granted.actor().to_owned(),
        by_unit,
        until_on: new.until_on,
        state: InvitationState::Pending,
        person_id: None,
        created_at: now,
        expires_at: new.expires_at,
        version: 1,
    };
    on!(conn, c => diesel::insert_into(invitation::table).values(&row).execute(c).await)
        .map_err(internal)?;
    record(conn, granted, now, None, &row).await?;
    Ok(row)
}

fn check_end(today: NaiveDate, until: Option<NaiveDate>) -> Result<()> {
    if until.is_some_and(|until| until <= today) {
        return Err(Error::invalid(
            "until",
            "The membership would be over before it begins; give a later day.",
        ));
    }
    Ok(())
}

/// Checks that an organisation is open: nobody acts for one that is closed.
pub(crate) async fn check_open(
    conn: &mut Conn,
    today: NaiveDate,
    id: OrganisationId,
) -> Result<()> {
    let found = organisation::by_ids(conn, &[id]).await?.pop();
    let body = found.ok_or_else(|| Error::not_found("organisation", id.to_string()))?;
    if body.closed_on.is_some_and(|closed| closed <= today) {
        return Err(Error::Conflict(format!(
            "{} is closed; members act for its successor.",
            body.name
        )));
    }
    Ok(())
}

/// Checks that the unit may appoint somebody to this role as things stand: a lead, where there is none.
pub(crate) async fn check_appointment(
    conn: &mut Conn,
    today: NaiveDate,
    organisation: OrganisationId,
    role: Role,
) -> Result<()> {
    let there = membership::of_organisation(conn, Some(organisation), today).await?;
    let roles: Vec<Role> = there.iter().map(|one| one.role).collect();
    domain::membership::check_appointment(&roles, role)
}

/// Checks that no other appointment by the unit is open.
async fn check_none_open(
    conn: &mut Conn,
    now: NaiveDateTime,
    organisation: OrganisationId,
) -> Result<()> {
    let open = of_organisation(conn, Some(organisation), now).await?;
    if open.iter().any(|one| one.by_unit) {
        return Err(Error::Conflict(
            "The unit has an open invitation to lead this organisation; withdraw it first."
                .to_owned(),
        ));
    }
    Ok(())
}

async fn record(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    before: Option<&Invitation>,
    after: &Invitation,
) -> Result<()> {
    let write = Write {
        kind: "invitation",
        id: after.id.to_string(),
        about: after.organisation_id,
        before,
        after: Some(after),
    };
    change::record(conn, granted, now, write).await
}

/// The invitation with this id.
///
/// # Errors
/// [`Error::NotFound`] when there is none; [`Error::Internal`] when the database fails.
pub async fn by_id(conn: &mut Conn, id: InvitationId) -> Result<Invitation> {
    on!(conn, c => invitation::table
        .find(id)
        .select(Invitation::as_select())
        .first(c)
        .await
        .optional())
    .map_err(internal)?
    .ok_or_else(|| not_found(id))
}

pub(crate) fn not_found(id: InvitationId) -> Error {
    Error::not_found("invitation", id.to_string())
}

/// The invitation whose link has the secret with this hash, in any state, until it expires.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn by_secret(
    conn: &mut Conn,
    secret_hash: &str,
    now: NaiveDateTime,
) -> Result<Option<Invitation>> {
    on!(conn, c => invitation::table
        .filter(invitation::secret_hash.eq(secret_hash))
        .filter(invitation::expires_at.gt(now))
        .select(Invitation::as_select())
        .first(c)
        .await
        .optional())
    .map_err(internal)
}

/// The open invitations for this address, the oldest first.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn pending_for(
    conn: &mut Conn,
    email: &str,
    now: NaiveDateTime,
) -> Result<Vec<Invitation>> {
    on!(conn, c => invitation::table
        .filter(invitation::email.eq(email))
        .filter(invitation::state.eq(InvitationState::Pending))
        .filter(invitation::expires_at.gt(now))
        .select(Invitation::as_select())
        .order(invitation::id.asc())
        .load(c)
        .await)
    .map_err(internal)
}

/// The open invitations of an organisation, or of the unit, the oldest first.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn of_organisation(
    conn: &mut Conn,
    organisation: Option<OrganisationId>,
    now: NaiveDateTime,
) -> Result<Vec<Invitation>> {
    on!(conn, c => {
        let open = invitation::table
            .filter(invitation::state.eq(InvitationState::Pending))
            .filter(invitation::expires_at.gt(now))
            .select(Invitation::as_select())
            .order(invitation::id.asc())
            .into_boxed();
        of_home!(open, invitation::organisation_id, organisation).load(c).await
    })
    .map_err(internal)
}

/// Takes an invitation back.
///
/// # Errors
/// [`Error::NotFound`] when there is none; [`Error::Stale`] when it was changed meanwhile; [`Error::Conflict`] when it
/// was answered or withdrawn; [`Error::Internal`] when the database fails.
pub async fn withdraw(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    id: InvitationId,
    expected_version: i64,
) -> Result<Invitation> {
    let before = by_id(conn, id).await?;
    if !before.by_unit || granted.action() != Action::AppointLead {
        granted.require(Action::ManageMembers)?;
    }
    granted.covers(About::affairs_of(before.organisation_id))?;
    if before.version != expected_version {
        return Err(Error::Stale {
            current: before.version,
        });
    }
    let after = before.becomes(InvitationState::Withdrawn)?;
    save(conn, granted, now, &before, &after).await?;
    Ok(after)
}

/// Writes an invitation that is open at the version `before` has.
pub(crate) async fn save(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    before: &Invitation,
    after: &Invitation,
) -> Result<()> {
    let written = on!(conn, c => diesel::update(invitation::table)
        .filter(invitation::id.eq(after.id))
        .filter(invitation::version.eq(before.version))
        .set((
            invitation::state.eq(after.state),
            invitation::person_id.eq(after.person_id),
            invitation::version.eq(after.version),
        ))
        .execute(c)
        .await)
    .map_err(internal)?;
    if written == 0 {
        let current = by_id(conn, after.id).await?;
        // Somebody else was first: with an answer, or by taking it back.
        current.state.becomes(after.state)?;
        return Err(Error::Stale {
            current: current.version,
        });
    }
    record(conn, granted, now, Some(before), after).await
}

/// Every invitation that a person answered, or that is for this address, the oldest first.
pub(crate) async fn of_person(
    conn: &mut Conn,
    person: PersonId,
    email: Option<&str>,
) -> Result<Vec<Invitation>> {
    // No invitation has an address of no letters.
    let email = email.unwrap_or_default();
    on!(conn, c => invitation::table
        .filter(invitation::person_id.eq(person).or(invitation::email.eq(email)))
        .select(Invitation::as_select())
        .order(invitation::id.asc())
        .load(c)
        .await)
    .map_err(internal)
}
