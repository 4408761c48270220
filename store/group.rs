//! Groups and their dated members.

use crate::change::{self, Write};
use crate::conn::internal;
use crate::organisation::Organisation;
use crate::schema::{group, group_member};
use crate::{Conn, Saved, fresh};
use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::group::{GroupKey, GroupKind};
use domain::id::{GroupId, OrganisationId};
use domain::period::Period;
use domain::policy::{Action, Granted};
use domain::{Error, Result};
use serde::Serialize;

/// A named set of bodies.
#[derive(Queryable, Selectable, Insertable, Debug, Clone, PartialEq, Eq, Serialize)]
#[diesel(table_name = group)]
pub struct Group {
    /// Its id.
    pub id: GroupId,
    /// Its address, such as `region-south-east`.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// What makes its members belong together.
    pub kind: GroupKind,
}

/// One body's time in a group, half-open.
#[derive(Queryable, Selectable, Insertable, Debug, Clone, PartialEq, Eq, Serialize)]
#[diesel(table_name = group_member, treat_none_as_default_value = false)]
pub struct Member {
    /// The group.
    pub group_id: GroupId,
    /// The member.
    pub organisation_id: OrganisationId,
    id: String,
    /// Its first day as a member; `None` when it always was.
    pub from_on: Option<NaiveDate>,
    /// The first day it was no longer one.
    pub to_on: Option<NaiveDate>,
}

impl Member {
    /// The days of the membership.
    pub fn period(&self) -> Period {
        Period {
            from: self.from_on,
            to: self.to_on,
        }
    }
}

/// Every group, by kind and name.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn all(conn: &mut Conn) -> Result<Vec<Group>> {
    on!(conn, c => group::table
        .select(Group::as_select())
        .order((group::kind.asc(), group::name.asc(), group::id.asc()))
        .load(c)
        .await)
    .map_err(internal)
}

/// Every membership, by group and body.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn members(conn: &mut Conn) -> Result<Vec<Member>> {
    on!(conn, c => group_member::table
        .select(Member::as_select())
        .order((group_member::group_id.asc(), group_member::organisation_id.asc(), group_member::id.asc()))
        .load(c)
        .await)
    .map_err(internal)
}

/// The memberships of these bodies.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn of(conn: &mut Conn, bodies: &[OrganisationId]) -> Result<Vec<Member>> {
    let mut found = Vec::new();
    for chunk in bodies.chunks(crate::CHUNK) {
        let rows: Vec<Member> = on!(conn, c => group_member::table
            .filter(group_member::organisation_id.eq_any(chunk))
            .select(Member::as_select())
            .order((group_member::group_id.asc(), group_member::id.asc()))
            .load(c)
            .await)
        .map_err(internal)?;
        found.extend(rows);
    }
    Ok(found)
}

/// The groups with these ids, in no particular order; unknown ids are left out.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn by_ids(conn: &mut Conn, ids: &[GroupId]) -> Result<Vec<Group>> {
    let mut found = Vec::new();
    for chunk in ids.chunks(crate::CHUNK) {
        let rows: Vec<Group> = on!(conn, c => group::table
            .filter(group::id.eq_any(chunk))
            .select(Group::as_select())
            .load(c)
            .await)
        .map_err(internal)?;
        found.extend(rows);
    }
    Ok(found)
}

/// The group at this address.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn by_slug(conn: &mut Conn, slug: &str) -> Result<Option<Group>> {
    on!(conn, c => group::table
        .filter(group::slug.eq(slug))
        .select(Group::as_select())
        .first(c)
        .await
        .optional())
    .map_err(internal)
}

/// The group with this key, added if it is new, renamed if its name changed.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn ensure(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    key: &GroupKey,
) -> Result<(Saved, Group)> {
    granted.require(Action::KeepRegister)?;
    let standing = by_slug(conn, &key.slug).await?;
    if let Some(standing) = &standing
        && standing.name == key.name
        && standing.kind == key.kind
    {
        return Ok((Saved::Unchanged, standing.clone()));
    }
    let new = Group {
        id: standing.as_ref().map_or_else(fresh, |group| group.id),
        slug: key.slug.clone(),
        name: key.name.clone(),
        kind: key.kind,
    };
    // Another writer may add the same group meanwhile: whichever comes second takes the first one's.
    on!(conn, c => diesel::insert_into(group::table)
        .values(&new)
        .on_conflict(group::slug)
        .do_update()
        .set((group::name.eq(&new.name), group::kind.eq(new.kind)))
        .execute(c)
        .await)
    .map_err(internal)?;
    let row = by_slug(conn, &key.slug)
        .await?
        .ok_or_else(|| Error::internal("a group that was just written is gone"))?;
    let write = Write {
        kind: "group",
        id: row.id.to_string(),
        about: None,
        before: standing.as_ref(),
        after: Some(&row),
    };
    change::record(conn, granted, now, write).await?;
    Ok((Saved::of(standing.is_some()), row))
}

/// Makes the groups of nation, region, kind and tier follow what is known of a body.
pub(crate) async fn follow(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    body: &Organisation,
) -> Result<()> {
    let mut wanted = Vec::new();
    for key in body.derived_groups() {
        wanted.push((
            ensure(conn, granted, now, &key).await?.1.id,
            Period::default(),
        ));
    }
    set(conn, granted, now, body.id, &GroupKey::DERIVED, &wanted).await?;
    Ok(())
}

/// Makes `wanted` the body's memberships in groups of these kinds: adds what is missing, takes away what is not wanted.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn set(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    body: OrganisationId,
    kinds: &[GroupKind],
    wanted: &[(GroupId, Period)],
) -> Result<Saved> {
    granted.require(Action::KeepRegister)?;
    let standing: Vec<Member> = on!(conn, c => group_member::table
        .inner_join(group::table.on(group::id.eq(group_member::group_id)))
        .filter(group_member::organisation_id.eq(body))
        .filter(group::kind.eq_any(kinds))
        .select(Member::as_select())
        .load(c)
        .await)
    .map_err(internal)?;
    let is_wanted = |row: &Member| wanted.contains(&(row.group_id, row.period()));
    let mut saved = Saved::Unchanged;
    for row in standing.iter().filter(|row| !is_wanted(row)) {
        on!(conn, c => diesel::delete(group_member::table.find((row.group_id, body, &row.id))).execute(c).await)
            .map_err(internal)?;
        record(conn, granted, now, Some(row), None).await?;
        saved = Saved::Changed;
    }
    for (group_id, period) in wanted {
        if standing
            .iter()
            .any(|row| row.group_id == *group_id && row.period() == *period)
        {
            continue;
        }
        let row = Member {
            group_id: *group_id,
            organisation_id: body,
            id: uuid::Uuid::now_v7().to_string(),
            from_on: period.from,
            to_on: period.to,
        };
        on!(conn, c => diesel::insert_into(group_member::table).values(&row).execute(c).await)
            .map_err(internal)?;
        record(conn, granted, now, None, Some(&row)).await?;
        if saved == Saved::Unchanged {
            saved = Saved::Added;
        }
    }
    Ok(saved)
}

async fn record(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    before: Option<&Member>,
    after: Option<&Member>,
) -> Result<()> {
    let row = after
        .or(before)
        .ok_or_else(|| Error::internal("a membership change without a membership"))?;
    let write = Write {
        kind: "group_member",
        id: format!("{}/{}", row.group_id, row.organisation_id),
        about: Some(row.organisation_id),
        before,
        after,
    };
    change::record(conn, granted, now, write).await
}
