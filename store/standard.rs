//! Standards: their rows, stages and versions, and every statement about them.

use crate::change::{self, Write};
use crate::conn::{OnTaken, internal};
use crate::page::{Page, Rows, contains, keyset};
use crate::schema::{adoption_event, provision, standard};
use crate::{Conn, Saved, fresh, stage};

pub use crate::stage::{Stage, Version, stages, versions};
use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::id::StandardId;
use domain::policy::{Action, Granted};
use domain::standard::{StandardKind, StandardStage, stage_on};
use domain::{Error, Result};
use serde::Serialize;

/// A standard or practice.
#[derive(
    Queryable, Selectable, Insertable, AsChangeset, Debug, Clone, PartialEq, Eq, Serialize,
)]
#[diesel(table_name = standard, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct Standard {
    /// Its id.
    pub id: StandardId,
    /// Its address, such as `conservation-area`.
    pub slug: String,
    /// Its title.
    pub title: String,
    #[serde(skip)]
    title_key: String,
    /// What it is about.
    pub kind: StandardKind,
    /// How far it has come.
    pub stage: StandardStage,
    /// What it is for, in a sentence or two.
    pub summary: String,
    /// Where it is published.
    pub url: Option<String>,
    /// How many months an adoption holds when nobody says otherwise; 0: for ever.
    pub expiry_months: i32,
    /// The standard it takes the place of.
    pub supersedes_id: Option<StandardId>,
    /// Where these words come from.
    pub source: String,
    /// Counts the changes to it, from 1.
    pub version: i64,
    /// When it was last changed, UTC.
    #[serde(skip)]
    pub updated_at: NaiveDateTime,
}

impl Standard {
    /// The key by which lists are ordered by title.
    pub fn title_key(&self) -> &str {
        &self.title_key
    }
}

/// What a file or person says of a standard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// Its address.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// What it is about.
    pub kind: StandardKind,
    /// Its stages, each with its first day where it is known. At least one; none may begin after today.
    pub stages: Vec<(StandardStage, Option<NaiveDate>)>,
    /// Its versions: label, day of release, address.
    pub versions: Vec<(String, Option<NaiveDate>, Option<String>)>,
    /// What it is for.
    pub summary: String,
    /// Where it is published.
    pub url: Option<String>,
    /// How many months an adoption holds; 0: for ever.
    pub expiry_months: i32,
    /// Where these words come from.
    pub source: String,
}

/// Which standards a list holds.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Words that the title holds, in any case.
    pub text: Option<String>,
    /// Only standards of this kind.
    pub kind: Option<StandardKind>,
    /// Only standards in one of these stages.
    pub stages: Option<Vec<StandardStage>>,
    /// Only standards that have (or have not) a provision.
    pub applied: Option<bool>,
}

macro_rules! restrict {
    ($query:ident, $filter:expr) => {
        if let Some(text) = &$filter.text {
            $query = $query.filter(standard::title_key.like(contains(text)).escape('\\'));
        }
        if let Some(kind) = $filter.kind {
            $query = $query.filter(standard::kind.eq(kind));
        }
        if let Some(stages) = &$filter.stages {
            $query = $query.filter(standard::stage.eq_any(stages));
        }
        if let Some(applied) = $filter.applied {
            let with = provision::table.select(provision::standard_id);
            $query = if applied {
                $query.filter(standard::id.eq_any(with))
            } else {
                $query.filter(standard::id.ne_all(with))
            };
        }
    };
}

/// One page of the standards that `filter` lets through, by title.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn page(conn: &mut Conn, filter: &Filter, page: &Page) -> Result<Rows<Standard>> {
    let rows = on!(conn, c => {
        let mut query = standard::table.select(Standard::as_select()).into_boxed();
        restrict!(query, filter);
        query = keyset!(query, page, standard::title_key, standard::id);
        query.load(c).await
    })
    .map_err(internal)?;
    Ok(Rows::cut(rows, page))
}

/// How many standards `filter` lets through.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn count(conn: &mut Conn, filter: &Filter) -> Result<i64> {
    on!(conn, c => {
        let mut query = standard::table.count().into_boxed();
        restrict!(query, filter);
        query.get_result(c).await
    })
    .map_err(internal)
}

/// The standards with these ids, in no particular order; unknown ids are left out.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn by_ids(conn: &mut Conn, ids: &[StandardId]) -> Result<Vec<Standard>> {
    let mut found = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(crate::CHUNK) {
        let rows: Vec<Standard> = on!(conn, c => standard::table
            .filter(standard::id.eq_any(chunk))
            .select(Standard::as_select())
            .load(c)
            .await)
        .map_err(internal)?;
        found.extend(rows);
    }
    Ok(found)
}

/// The standard at this address.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn by_slug(conn: &mut Conn, slug: &str) -> Result<Option<Standard>> {
    on!(conn, c => standard::table
        .filter(standard::slug.eq(slug))
        .select(Standard::as_select())
        .first(c)
        .await
        .optional())
    .map_err(internal)
}

/// The standards at these addresses, in no particular order; unknown ones are left out.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn by_slugs(conn: &mut Conn, slugs: &[&str]) -> Result<Vec<Standard>> {
    let mut found = Vec::with_capacity(slugs.len());
    for chunk in slugs.chunks(crate::CHUNK) {
        let rows: Vec<Standard> = on!(conn, c => standard::table
            .filter(standard::slug.eq_any(chunk))
            .select(Standard::as_select())
            .load(c)
            .await)
        .map_err(internal)?;
        found.extend(rows);
    }
    Ok(found)
}

/// Every standard, by id: for imports and jobs, which need them all.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn all(conn: &mut Conn) -> Result<Vec<Standard>> {
    on!(conn, c => standard::table.select(Standard::as_select()).order(standard::id.asc()).load(c).await)
        .map_err(internal)
}

/// The standards that have a provision, or of which something was said by `known_at`, by id.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn in_use(conn: &mut Conn, known_at: NaiveDateTime) -> Result<Vec<StandardId>> {
    let applied = provision::table.filter(provision::standard_id.eq(standard::id));
    let said = adoption_event::table
        .filter(adoption_event::standard_id.eq(standard::id))
        .filter(adoption_event::recorded_at.le(known_at));
    on!(conn, c => standard::table
        .filter(diesel::dsl::exists(applied).or(diesel::dsl::exists(said)))
        .select(standard::id)
        .order(standard::id.asc())
        .load(c)
        .await)
    .map_err(internal)
}

/// Adds a standard, or brings the one that stands to what `facts` say, its stages included. Versions are added or
/// re-dated, never taken away.
///
/// # Errors
/// [`Error::Invalid`] when there is no stage or one begins after today; [`Error::Taken`] when another standard has the
/// slug; [`Error::Internal`] when the database fails.
pub async fn save(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    standing: Option<&Standard>,
    facts: &Facts,
) -> Result<(Saved, Standard)> {
    granted.require(Action::KeepStandards)?;
    if let Some(later) = facts
        .stages
        .iter()
        .filter_map(|(_, on)| *on)
        .find(|on| *on > now.date())
    {
        return Err(Error::invalid(
            "stage_on",
            format!("{later} is in the future; add the stage when it begins."),
        ));
    }
    let stage = stage_on(&facts.stages, now.date())
        .ok_or_else(|| Error::invalid("stage", "A standard has at least one stage."))?;
    let mut row = Standard {
        id: standing.map_or_else(fresh, |row| row.id),
        slug: facts.slug.clone(),
        title: facts.title.clone(),
        title_key: facts.title.to_lowercase(),
        kind: facts.kind,
        stage,
        summary: facts.summary.clone(),
        url: facts.url.clone(),
        expiry_months: facts.expiry_months,
        supersedes_id: standing.and_then(|row| row.supersedes_id),
        source: facts.source.clone(),
        version: standing.map_or(1, |row| row.version),
        updated_at: standing.map_or(now, |row| row.updated_at),
    };
    let mut saved = if standing == Some(&row) {
        Saved::Unchanged
    } else {
        Saved::of(standing.is_some())
    };
    if saved != Saved::Unchanged {
        row.version = standing.map_or(1, |row| row.version + 1);
        row.updated_at = now;
        write(conn, granted, now, standing, &row).await?;
    }
    if stage::save(conn, granted, now, row.id, facts).await? && saved == Saved::Unchanged {
        saved = Saved::Changed;
    }
    Ok((saved, row))
}

async fn write(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    standing: Option<&Standard>,
    row: &Standard,
) -> Result<()> {
    match standing {
        None => on!(conn, c => diesel::insert_into(standard::table).values(row).execute(c).await),
        Some(_) => {
            on!(conn, c => diesel::update(standard::table.find(row.id)).set(row).execute(c).await)
        }
    }
    .on_taken("slug", &row.slug)?;
    let write = Write {
        kind: "standard",
        id: row.id.to_string(),
        about: None,
        before: standing,
        after: Some(row),
    };
    change::record(conn, granted, now, write).await
}
