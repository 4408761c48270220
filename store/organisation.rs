//! Organisations: the rows of bodies, and every statement about them.

use crate::change::{self, Write};
use crate::conn::{OnTaken, internal};
use crate::page::{Page, Rows, contains, keyset};
use crate::schema::{group_member, organisation};
use crate::{Conn, Saved, fresh, group};
use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::Result;
use domain::group::GroupKey;
use domain::id::{GroupId, OrganisationId};
use domain::organisation::{Nation, OrganisationKind, Tier};
use domain::period::Period;
use domain::policy::{Action, Granted};
use serde::Serialize;

/// A body of the sector.
#[derive(
    Queryable, Selectable, Insertable, AsChangeset, Debug, Clone, PartialEq, Eq, Serialize,
)]
#[diesel(table_name = organisation, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct Organisation {
    /// Its id.
    pub id: OrganisationId,
    /// Its address, such as `adur-district-council`.
    pub slug: String,
    /// Its official name.
    pub name: String,
    #[serde(skip)]
    name_key: String,
    /// What it is.
    pub kind: OrganisationKind,
    /// Its tier, when it is a council.
    pub tier: Option<Tier>,
    /// The nation it serves; `None` for the whole kingdom.
    pub nation: Option<Nation>,
    /// The English region it lies in.
    pub region: Option<String>,
    population: i64,
    /// Its first day; `None` when it was always there.
    pub opened_on: Option<NaiveDate>,
    /// The first day it was no longer there.
    pub closed_on: Option<NaiveDate>,
    /// Counts the changes to it, from 1.
    pub version: i64,
    /// When it was last changed, UTC.
    #[serde(skip)]
    pub updated_at: NaiveDateTime,
}

impl Organisation {
    /// Persons who live there, where it is known.
    pub fn population(&self) -> Option<i64> {
        (self.population >= 0).then_some(self.population)
    }

    /// The groups that come by themselves from what it is and where it lies.
    pub(crate) fn derived_groups(&self) -> impl Iterator<Item = GroupKey> {
        GroupKey::derived(self.kind, self.tier, self.nation, self.region.as_deref())
    }

    /// The key by which lists are ordered by name.
    pub fn name_key(&self) -> &str {
        &self.name_key
    }

    /// The key by which lists are ordered by population: -1 where it is not known.
    pub fn population_key(&self) -> i64 {
        self.population
    }

    /// Whether it was there on `day`.
    pub fn open_on(&self, day: NaiveDate) -> bool {
        self.opened_on.is_none_or(|from| from <= day) && self.closed_on.is_none_or(|to| day < to)
    }

    /// What a register says of it, to compare with what another says.
    pub fn facts(&self) -> Facts {
        Facts {
            slug: self.slug.clone(),
            name: self.name.clone(),
            kind: self.kind,
            tier: self.tier,
            nation: self.nation,
            region: self.region.clone(),
            population: self.population(),
            opened_on: self.opened_on,
            closed_on: self.closed_on,
        }
    }
}

/// What a register says of a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// Its address.
    pub slug: String,
    /// Its official name.
    pub name: String,
    /// What it is.
    pub kind: OrganisationKind,
    /// Its tier, when it is a council.
    pub tier: Option<Tier>,
    /// The nation it serves.
    pub nation: Option<Nation>,
    /// The English region it lies in.
    pub region: Option<String>,
    /// Persons who live there, where it is known.
    pub population: Option<i64>,
    /// Its first day.
    pub opened_on: Option<NaiveDate>,
    /// The first day it was no longer there.
    pub closed_on: Option<NaiveDate>,
}

/// Which bodies a list holds.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Words that the name holds, in any case.
    pub text: Option<String>,
    /// Only bodies of this kind.
    pub kind: Option<OrganisationKind>,
    /// Only councils of this tier.
    pub tier: Option<Tier>,
    /// Only bodies of this nation.
    pub nation: Option<Nation>,
    /// Only bodies of this region, by its exact name.
    pub region: Option<String>,
    /// Only bodies that were ever members of this group.
    pub group: Option<GroupId>,
    /// Only bodies open on this day.
    pub open_on: Option<NaiveDate>,
    /// Only bodies not open on this day.
    pub not_open_on: Option<NaiveDate>,
}

/// How a list of bodies is ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// By name.
    #[default]
    Name,
    /// The largest first; those of unknown population last.
    Population,
}

macro_rules! filtered {
    ($filter:expr) => {{
        let mut query = organisation::table
            .select(Organisation::as_select())
            .into_boxed();
        restrict!(query, $filter);
        query
    }};
}

macro_rules! restrict {
    ($query:ident, $filter:expr) => {
        if let Some(text) = &$filter.text {
            $query = $query.filter(organisation::name_key.like(contains(text)).escape('\\'));
        }
        if let Some(kind) = $filter.kind {
            $query = $query.filter(organisation::kind.eq(kind));
        }
        if let Some(tier) = $filter.tier {
            $query = $query.filter(organisation::tier.eq(tier));
        }
        if let Some(nation) = $filter.nation {
            $query = $query.filter(organisation::nation.eq(nation));
        }
        if let Some(region) = &$filter.region {
            $query = $query.filter(organisation::region.eq(region));
        }
        if let Some(group) = $filter.group {
            let members = group_member::table
                .filter(group_member::group_id.eq(group))
                .select(group_member::organisation_id);
            $query = $query.filter(organisation::id.eq_any(members));
        }
        if let Some(day) = $filter.open_on {
            $query = $query
                .filter(
                    organisation::opened_on
                        .is_null()
                        .or(organisation::opened_on.le(day)),
                )
                .filter(
                    organisation::closed_on
                        .is_null()
                        .or(organisation::closed_on.gt(day)),
                );
        }
        if let Some(day) = $filter.not_open_on {
            // Both parts are true or false, never unknown: a missing day compares as unknown.
            let later = organisation::opened_on
                .is_not_null()
                .and(organisation::opened_on.gt(day));
            let over = organisation::closed_on
                .is_not_null()
                .and(organisation::closed_on.le(day));
            $query = $query.filter(later.or(over));
        }
    };
}

/// One page of the bodies that `filter` lets through.
///
/// # Errors
/// [`domain::Error::Invalid`] for a cursor of another list; [`domain::Error::Internal`] when the database fails.
pub async fn page(
    conn: &mut Conn,
    filter: &Filter,
    order: Order,
    page: &Page,
) -> Result<Rows<Organisation>> {
    let rows = match order {
        Order::Name => on!(conn, c => {
            let mut query = filtered!(filter);
            query = keyset!(query, page, organisation::name_key, organisation::id);
            query.load(c).await
        }),
        Order::Population => {
            let after = page
                .after
                .as_ref()
                .map(|at| at.number().map(|n| (n, at.id.clone())))
                .transpose()?;
            let before = page
                .before
                .as_ref()
                .map(|at| at.number().map(|n| (n, at.id.clone())))
                .transpose()?;
            on!(conn, c => {
                use organisation::{id, population};
                let mut query = filtered!(filter);
                if let Some((key, row)) = &after {
                    query = query.filter(population.lt(key).or(population.eq(key).and(id.gt(row))));
                }
                if let Some((key, row)) = &before {
                    query = query.filter(population.gt(key).or(population.eq(key).and(id.lt(row))));
                }
                query = query.limit(page.fetch());
                query = if page.from_end {
                    query.order((population.asc(), id.desc()))
                } else {
                    query.order((population.desc(), id.asc()))
                };
                query.load(c).await
            })
        }
    };
    Ok(Rows::cut(rows.map_err(internal)?, page))
}

/// How many bodies `filter` lets through.
///
/// # Errors
/// [`domain::Error::Internal`] when the database fails.
pub async fn count(conn: &mut Conn, filter: &Filter) -> Result<i64> {
    on!(conn, c => {
        let mut query = organisation::table.count().into_boxed();
        restrict!(query, filter);
        query.get_result(c).await
    })
    .map_err(internal)
}

/// The bodies with these ids, in no particular order; unknown ids are left out.
///
/// # Errors
/// [`domain::Error::Internal`] when the database fails.
pub async fn by_ids(conn: &mut Conn, ids: &[OrganisationId]) -> Result<Vec<Organisation>> {
    let mut found = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(crate::CHUNK) {
        let rows: Vec<Organisation> = on!(conn, c => organisation::table
            .filter(organisation::id.eq_any(chunk))
            .select(Organisation::as_select())
            .load(c)
            .await)
        .map_err(internal)?;
        found.extend(rows);
    }
    Ok(found)
}

/// The body at this address.
///
/// # Errors
/// [`domain::Error::Internal`] when the database fails.
pub async fn by_slug(conn: &mut Conn, slug: &str) -> Result<Option<Organisation>> {
    on!(conn, c => organisation::table
        .filter(organisation::slug.eq(slug))
        .select(Organisation::as_select())
        .first(c)
        .await
        .optional())
    .map_err(internal)
}

/// The bodies at these addresses, in no particular order; unknown ones are left out.
///
/// # Errors
/// [`domain::Error::Internal`] when the database fails.
pub async fn by_slugs(conn: &mut Conn, slugs: &[&str]) -> Result<Vec<Organisation>> {
    let mut found = Vec::with_capacity(slugs.len());
    for chunk in slugs.chunks(crate::CHUNK) {
        let rows: Vec<Organisation> = on!(conn, c => organisation::table
            .filter(organisation::slug.eq_any(chunk))
            .select(Organisation::as_select())
            .load(c)
            .await)
        .map_err(internal)?;
        found.extend(rows);
    }
    Ok(found)
}

/// The body that people name by its slug or by a code of any scheme.
///
/// # Errors
/// [`domain::Error::Invalid`] when a bare code names several bodies; [`domain::Error::Internal`] when the database fails.
pub async fn named(conn: &mut Conn, name: &str) -> Result<Option<Organisation>> {
    if let Some(body) = by_slug(conn, name).await? {
        return Ok(Some(body));
    }
    match crate::code::find(conn, name).await? {
        Some(id) => Ok(by_ids(conn, &[id]).await?.pop()),
        None => Ok(None),
    }
}

/// Every body, by id: for imports and figures, which need them all.
///
/// # Errors
/// [`domain::Error::Internal`] when the database fails.
pub async fn all(conn: &mut Conn) -> Result<Vec<Organisation>> {
    on!(conn, c => organisation::table
        .select(Organisation::as_select())
        .order(organisation::id.asc())
        .load(c)
        .await)
    .map_err(internal)
}

/// Adds a body, or brings the one that stands to what `facts` say, with its groups of nation, region, kind and tier.
///
/// # Errors
/// [`domain::Error::Invalid`] when it would close before it opened; [`domain::Error::Taken`] when another body has the slug; [`domain::Error::Internal`] when the database fails.
pub async fn save(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    standing: Option<&Organisation>,
    facts: &Facts,
) -> Result<(Saved, Organisation)> {
    granted.require(Action::KeepRegister)?;
    if let Some(standing) = standing.filter(|row| row.facts() == *facts) {
        return Ok((Saved::Unchanged, standing.clone()));
    }
    // A life that ends before it begins is refused here, not by the table.
    Period::new(facts.opened_on, facts.closed_on)?;
    let row = Organisation {
        id: standing.map_or_else(fresh, |row| row.id),
        slug: facts.slug.clone(),
        name: facts.name.clone(),
        name_key: facts.name.to_lowercase(),
        kind: facts.kind,
        tier: facts.tier,
        nation: facts.nation,
        region: facts.region.clone(),
        population: facts.population.unwrap_or(-1),
        opened_on: facts.opened_on,
        closed_on: facts.closed_on,
        version: standing.map_or(1, |row| row.version + 1),
        updated_at: now,
    };
    match standing {
        None => on!(conn, c => diesel::insert_into(organisation::table).values(&row).execute(c).await),
        Some(_) => on!(conn, c => diesel::update(organisation::table.find(row.id)).set(&row).execute(c).await),
    }
    .on_taken("slug", &row.slug)?;
    let write = Write {
        kind: "organisation",
        id: row.id.to_string(),
        about: Some(row.id),
        before: standing,
        after: Some(&row),
    };
    change::record(conn, granted, now, write).await?;
    group::follow(conn, granted, now, &row).await?;
    Ok((Saved::of(standing.is_some()), row))
}
