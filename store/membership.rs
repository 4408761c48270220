//! Memberships: who acts for an organisation or the unit, in which role, and from when to when.

use crate::change::{self, Write};
use crate::conn::internal;
use crate::schema::membership;
use crate::{Conn, lock, notice, token};
use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::id::{MembershipId, OrganisationId, PersonId};
use domain::policy::{About, Action, Granted, Role};
use domain::{Error, Result};
use serde::Serialize;

/// What a person is at an organisation, or at the unit.
#[derive(Queryable, Selectable, Insertable, Debug, Clone, PartialEq, Eq, Serialize)]
#[diesel(table_name = membership, treat_none_as_default_value = false)]
pub struct Membership {
    /// Its id.
    pub id: MembershipId,
    /// Whose it is.
    pub person_id: PersonId,
    /// Where; `None` for the unit.
    pub organisation_id: Option<OrganisationId>,
    /// What the person is there.
    pub role: Role,
    /// The first day of it.
    pub from_on: NaiveDate,
    /// The day after the last one; `None` while nobody set it.
    pub to_on: Option<NaiveDate>,
    /// Goes up by one with every change.
    pub version: i64,
}

impl Membership {
    /// Whether it holds on this day.
    pub fn holds(&self, day: NaiveDate) -> bool {
        self.from_on <= day && self.to_on.is_none_or(|to| day < to)
    }
}

/// The membership with this id.
///
/// # Errors
/// [`Error::NotFound`] when there is none; [`Error::Internal`] when the database fails.
pub async fn by_id(conn: &mut Conn, id: MembershipId) -> Result<Membership> {
    on!(conn, c => membership::table
        .find(id)
        .select(Membership::as_select())
        .first(c)
        .await
        .optional())
    .map_err(internal)?
    .ok_or_else(|| Error::not_found("membership", id.to_string()))
}

/// The memberships with these ids, in no particular order; unknown ids are left out.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn by_ids(conn: &mut Conn, ids: &[MembershipId]) -> Result<Vec<Membership>> {
    on!(conn, c => membership::table
        .filter(membership::id.eq_any(ids))
        .select(Membership::as_select())
        .load(c)
        .await)
    .map_err(internal)
}

/// The memberships of an organisation, or of the unit, that hold today, the oldest first.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn of_organisation(
    conn: &mut Conn,
    organisation: Option<OrganisationId>,
    today: NaiveDate,
) -> Result<Vec<Membership>> {
    on!(conn, c => {
        let holding = membership::table
            .filter(membership::from_on.le(today))
            .filter(membership::to_on.is_null().or(membership::to_on.gt(today)))
            .select(Membership::as_select())
            .order(membership::id.asc())
            .into_boxed();
        of_home!(holding, membership::organisation_id, organisation).load(c).await
    })
    .map_err(internal)
}

/// The memberships of these organisations that hold today, the oldest first.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn of_organisations(
    conn: &mut Conn,
    organisations: &[OrganisationId],
    today: NaiveDate,
) -> Result<Vec<Membership>> {
    on!(conn, c => membership::table
        .filter(membership::organisation_id.eq_any(organisations))
        .filter(membership::from_on.le(today))
        .filter(membership::to_on.is_null().or(membership::to_on.gt(today)))
        .select(Membership::as_select())
        .order(membership::id.asc())
        .load(c)
        .await)
    .map_err(internal)
}

/// Every membership that a person has or had, the oldest first.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn of_person(conn: &mut Conn, person: PersonId) -> Result<Vec<Membership>> {
    on!(conn, c => membership::table
        .filter(membership::person_id.eq(person))
        .select(Membership::as_select())
        .order(membership::id.asc())
        .load(c)
        .await)
    .map_err(internal)
}

/// Gives a member another role. With less than before, tokens that its holder issued for more are revoked.
///
/// # Errors
/// [`Error::NotFound`] when there is no such membership; [`Error::Stale`] when it was changed meanwhile;
/// [`Error::Conflict`] when it has ended; [`Error::Invalid`] when the role is none of that organisation's;
/// [`Error::Internal`] when the database fails.
pub async fn change_role(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    id: MembershipId,
    expected_version: i64,
    role: Role,
) -> Result<Membership> {
    granted.require(Action::ManageMembers)?;
    let before = locked(conn, now.date(), id, expected_version).await?;
    granted.covers(About::affairs_of(before.organisation_id))?;
    role.check_home(before.organisation_id)?;
    if before.role == role {
        return Ok(before);
    }
    let after = Membership {
        role,
        version: before.version + 1,
        ..before.clone()
    };
    save(conn, granted, now, &before, &after).await?;
    Ok(after)
}

/// Ends a membership: it is over at once. Tokens that its holder issued are revoked; claims stay with the organisation.
///
/// # Errors
/// As [`change_role`].
pub async fn end(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    id: MembershipId,
    expected_version: i64,
) -> Result<Membership> {
    let before = locked(conn, now.date(), id, expected_version).await?;
    if granted.action() == Action::Leave {
        granted.covers(About::Person(before.person_id))?;
    } else {
        granted.require(Action::ManageMembers)?;
        granted.covers(About::affairs_of(before.organisation_id))?;
    }
    let after = before.ended(now.date());
    save(conn, granted, now, &before, &after).await?;
    Ok(after)
}

impl Membership {
    fn ended(&self, today: NaiveDate) -> Self {
        Self {
            to_on: Some(today),
            version: self.version + 1,
            ..self.clone()
        }
    }
}

/// The membership at the version that the caller read, while nobody else decides who acts for its organisation.
async fn locked(
    conn: &mut Conn,
    today: NaiveDate,
    id: MembershipId,
    expected_version: i64,
) -> Result<Membership> {
    if let Some(organisation) = by_id(conn, id).await?.organisation_id {
        lock::organisations(conn, &[organisation]).await?;
    }
    let row = by_id(conn, id).await?;
    if row.version != expected_version {
        return Err(Error::Stale {
            current: row.version,
        });
    }
    if !row.holds(today) {
        return Err(Error::Conflict(
            "This membership has ended; invite the person anew.".to_owned(),
        ));
    }
    Ok(row)
}

/// Writes a membership that was read at the version `before` has, with all that follows from it.
async fn save(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    before: &Membership,
    after: &Membership,
) -> Result<()> {
    let there = match before.organisation_id {
        Some(organisation) => of_organisations(conn, &[organisation], now.date()).await?,
        None => Vec::new(),
    };
    let written = on!(conn, c => diesel::update(membership::table)
        .filter(membership::id.eq(before.id))
        .filter(membership::version.eq(before.version))
        .set((
            membership::role.eq(after.role),
            membership::to_on.eq(after.to_on),
            membership::version.eq(after.version),
        ))
        .execute(c)
        .await)
    .map_err(internal)?;
    if written == 0 {
        // Of the unit, where no organisation is there to lock.
        let current = by_id(conn, before.id).await?.version;
        return Err(Error::Stale { current });
    }
    let (before, after) = (std::slice::from_ref(before), std::slice::from_ref(after));
    follow(conn, granted, now, &there, before, after).await
}

/// Ends every membership that a person holds.
pub(crate) async fn end_all(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    person: PersonId,
) -> Result<()> {
    let today = now.date();
    let homes: Vec<OrganisationId> = of_person(conn, person)
        .await?
        .iter()
        .filter_map(|row| row.organisation_id)
        .collect();
    lock::organisations(conn, &homes).await?;
    lock::memberships(conn, person).await?;
    let mut held = of_person(conn, person).await?;
    held.retain(|row| row.holds(today));
    let there = of_organisations(conn, &homes, today).await?;
    let ids: Vec<MembershipId> = held.iter().map(|row| row.id).collect();
    on!(conn, c => diesel::update(membership::table)
        .filter(membership::id.eq_any(&ids))
        .set((membership::to_on.eq(today), membership::version.eq(membership::version + 1)))
        .execute(c)
        .await)
    .map_err(internal)?;
    let ended: Vec<Membership> = held.iter().map(|row| row.ended(today)).collect();
    follow(conn, granted, now, &there, &held, &ended).await
}

/// What follows from memberships that were `before` and are now `after`: the record, the end of tokens, and notices to
/// those of the organisations where `there` held memberships.
async fn follow(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    there: &[Membership],
    before: &[Membership],
    after: &[Membership],
) -> Result<()> {
    let writes = before.iter().zip(after).map(|(before, after)| Write {
        kind: "membership",
        id: after.id.to_string(),
        about: after.organisation_id,
        before: Some(before),
        after: Some(after),
    });
    change::record_all(conn, granted, now, writes).await?;
    token::end_with(conn, granted, now, after).await?;
    notice::hand_over(conn, now, there, after).await
}

/// Keeps a new membership.
pub(crate) async fn add(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    row: &Membership,
) -> Result<()> {
    on!(conn, c => diesel::insert_into(membership::table).values(row).execute(c).await)
        .map_err(internal)?;
    let write = Write {
        kind: "membership",
        id: row.id.to_string(),
        about: row.organisation_id,
        before: None,
        after: Some(row),
    };
    change::record(conn, granted, now, write).await
}
