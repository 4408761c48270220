//! Provisions: whom standards apply to, and every statement about them.

use crate::change::{self, Write};
use crate::conn::internal;
use crate::schema::provision;
use crate::{Conn, Saved, fresh};
use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::id::{GroupId, OrganisationId, ProvisionId, StandardId};
use domain::organisation::OrganisationKind;
use domain::period::Period;
use domain::policy::{Action, Granted};
use domain::provision::{ProvisionReason, Target};
use domain::{Error, Result};
use serde::Serialize;
use std::collections::HashMap;

/// That a standard applies to somebody, or, excluded, that it does not.
#[derive(
    Queryable, Selectable, Insertable, AsChangeset, Debug, Clone, PartialEq, Eq, Serialize,
)]
#[diesel(table_name = provision, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct Provision {
    /// The standard.
    pub standard_id: StandardId,
    /// Its id.
    pub id: ProvisionId,
    target_kind: Option<OrganisationKind>,
    target_group_id: Option<GroupId>,
    target_organisation_id: Option<OrganisationId>,
    /// Why it applies.
    pub reason: ProvisionReason,
    /// Its first day; `None` when it always applied.
    pub from_on: Option<NaiveDate>,
    /// The first day it no longer applies.
    pub to_on: Option<NaiveDate>,
    /// Whether it takes out those it names instead of naming them.
    pub excluded: bool,
    /// Words about it.
    pub note: Option<String>,
    source_key: String,
    #[serde(skip)]
    updated_at: NaiveDateTime,
}

impl Provision {
    /// Whom it names.
    ///
    /// # Errors
    /// [`Error::Internal`] when the row names nobody, which the table forbids.
    pub fn target(&self) -> Result<Target> {
        match (
            self.target_kind,
            self.target_group_id,
            self.target_organisation_id,
        ) {
            (Some(kind), None, None) => Ok(Target::Kind(kind)),
            (None, Some(group), None) => Ok(Target::Group(group)),
            (None, None, Some(body)) => Ok(Target::Organisation(body)),
            _ => Err(Error::internal(format!(
                "provision {} names not exactly one target",
                self.id
            ))),
        }
    }

    /// The days on which it is in force.
    pub fn period(&self) -> Period {
        Period {
            from: self.from_on,
            to: self.to_on,
        }
    }
}

/// What a file or person says of whom a standard applies to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// The standard.
    pub standard: StandardId,
    /// Whom it names.
    pub target: Target,
    /// Why.
    pub reason: ProvisionReason,
    /// The days on which it is in force.
    pub period: Period,
    /// Whether it takes out those it names.
    pub excluded: bool,
    /// Words about it.
    pub note: Option<String>,
    /// What makes it the same provision when its file is read again; unique within the standard.
    pub source_key: String,
}

impl Facts {
    fn row(&self, id: ProvisionId, now: NaiveDateTime) -> Provision {
        let (mut kind, mut group, mut body) = (None, None, None);
        match self.target {
            Target::Kind(one) => kind = Some(one),
            Target::Group(one) => group = Some(one),
            Target::Organisation(one) => body = Some(one),
        }
        Provision {
            standard_id: self.standard,
            id,
            target_kind: kind,
            target_group_id: group,
            target_organisation_id: body,
            reason: self.reason,
            from_on: self.period.from,
            to_on: self.period.to,
            excluded: self.excluded,
            note: self.note.clone(),
            source_key: self.source_key.clone(),
            updated_at: now,
        }
    }
}

/// The provisions of these standards, by standard and id.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn of(conn: &mut Conn, standards: &[StandardId]) -> Result<Vec<Provision>> {
    let mut found = Vec::new();
    for chunk in standards.chunks(crate::CHUNK) {
        let rows: Vec<Provision> = on!(conn, c => provision::table
            .filter(provision::standard_id.eq_any(chunk))
            .select(Provision::as_select())
            .order((provision::standard_id.asc(), provision::id.asc()))
            .load(c)
            .await)
        .map_err(internal)?;
        found.extend(rows);
    }
    Ok(found)
}

/// The standards with a provision that names one of these kinds, groups or bodies, whether or not it is in force.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn naming(
    conn: &mut Conn,
    kinds: &[OrganisationKind],
    groups: &[GroupId],
    bodies: &[OrganisationId],
) -> Result<Vec<StandardId>> {
    on!(conn, c => provision::table
        .filter(
            provision::target_kind.eq_any(kinds)
                .or(provision::target_group_id.eq_any(groups))
                .or(provision::target_organisation_id.eq_any(bodies)),
        )
        .select(provision::standard_id)
        .distinct()
        .order(provision::standard_id.asc())
        .load(c)
        .await)
    .map_err(internal)
}

/// The provisions of a standard that carry one of these source keys.
async fn standing(
    conn: &mut Conn,
    standard: StandardId,
    keys: &[&str],
) -> Result<HashMap<String, Provision>> {
    let rows: Vec<Provision> = on!(conn, c => provision::table
        .filter(provision::standard_id.eq(standard))
        .filter(provision::source_key.eq_any(keys))
        .select(Provision::as_select())
        .load(c)
        .await)
    .map_err(internal)?;
    Ok(rows
        .into_iter()
        .map(|row| (row.source_key.clone(), row))
        .collect())
}

/// Adds provisions, or brings those that stand to what `facts` say; what was done to each, in the order given. No two
/// facts may share a standard and source key.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn save_all(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    facts: &[Facts],
) -> Result<Vec<Saved>> {
    granted.require(Action::KeepStandards)?;
    let mut by_standard: HashMap<StandardId, Vec<&str>> = HashMap::new();
    for one in facts {
        by_standard
            .entry(one.standard)
            .or_default()
            .push(&one.source_key);
    }
    let mut known = HashMap::new();
    for (standard, keys) in by_standard {
        for chunk in keys.chunks(crate::CHUNK) {
            known.extend(
                standing(conn, standard, chunk)
                    .await?
                    .into_iter()
                    .map(|(key, row)| ((standard, key), row)),
            );
        }
    }
    let mut done = Vec::with_capacity(facts.len());
    let mut new = Vec::new();
    for one in facts {
        let before = known.get(&(one.standard, one.source_key.clone()));
        let row = one.row(
            before.map_or_else(fresh, |row| row.id),
            before.map_or(now, |row| row.updated_at),
        );
        if before == Some(&row) {
            done.push(Saved::Unchanged);
        } else if let Some(before) = before {
            update(conn, granted, now, before, row).await?;
            done.push(Saved::Changed);
        } else {
            new.push(row);
            done.push(Saved::Added);
        }
    }
    let _written: usize = insert_rows!(conn, provision::table, new);
    let writes = new.iter().map(|row| write(None, row));
    change::record_all(conn, granted, now, writes).await?;
    Ok(done)
}

async fn update(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    before: &Provision,
    row: Provision,
) -> Result<()> {
    let row = Provision {
        updated_at: now,
        ..row
    };
    on!(conn, c => diesel::update(provision::table.find((row.standard_id, row.id))).set(&row).execute(c).await)
        .map_err(internal)?;
    change::record(conn, granted, now, write(Some(before), &row)).await
}

fn write<'a>(before: Option<&'a Provision>, after: &'a Provision) -> Write<'a, Provision> {
    Write {
        kind: "provision",
        id: format!("{}/{}", after.standard_id, after.id),
        about: after.target_organisation_id,
        before,
        after: Some(after),
    }
}
