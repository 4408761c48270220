//! The record as readers see it: sealed changes in their one order, a page at a time.
//!
//! A change gets its place when it is sealed, however late it was committed. So whoever has read up to a place has seen
//! all that is before it.

use crate::Conn;
use crate::change::{ChangeRow, Waiting};
use crate::conn::internal;
use crate::page::{Page, Rows};
use crate::schema::{change, membership, seal, sealed, token};
use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::Result;
use domain::change::PRIVATE_KINDS;
use domain::id::{ChangeId, OrganisationId, PersonId, TokenId};
use domain::policy::Reach;
use std::collections::HashMap;

/// The place of a change in the order of the record, with what lists find it by, as it stands in the change.
#[derive(Insertable, Debug, Clone)]
#[diesel(table_name = sealed, treat_none_as_default_value = false)]
pub(crate) struct SealedRow {
    sequence: i64,
    change_id: ChangeId,
    seal: i64,
    organisation_id: Option<OrganisationId>,
    thing_kind: String,
    thing_id: String,
    subject_id: String,
}

/// How many characters of a thing's key say what it is part of.
pub(crate) const SUBJECT: usize = 36;

impl SealedRow {
    pub(crate) fn new(sequence: i64, seal: i64, change: &Waiting) -> Self {
        Self {
            sequence,
            change_id: change.id,
            seal,
            organisation_id: change.organisation_id,
            thing_kind: change.thing_kind.clone(),
            thing_id: change.thing_id.clone(),
            subject_id: change.thing_id.chars().take(SUBJECT).collect(),
        }
    }
}

/// A change with its place in the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// Its place, without gaps from 1.
    pub sequence: i64,
    /// The number of its seal, from 0.
    pub seal: i64,
    /// When it was sealed, UTC.
    pub sealed_at: NaiveDateTime,
    /// The change itself.
    pub change: ChangeRow,
}

/// Which changes a list holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only changes by or about this organisation.
    pub organisation: Option<OrganisationId>,
    /// Only changes of things of this kind.
    pub thing_kind: Option<String>,
    /// Only changes of the thing with this key.
    pub thing_id: Option<String>,
    /// Only changes by this action, in its words.
    pub action: Option<String>,
    /// Only changes by this actor, as the record names them.
    pub actor: Option<String>,
    /// Only changes after this place.
    pub after: Option<i64>,
    /// Only changes before this place.
    pub before: Option<i64>,
}

/// What may be seen at all: private changes only of the organisations in reach.
macro_rules! visible {
    ($query:ident, $reach:expr, $kind:expr) => {
        if let Reach::Only(own) = $reach {
            // Those without an organisation are the unit's own: no reach holds them but the whole.
            let reached = sealed::organisation_id.assume_not_null().eq_any(own);
            match $kind.as_deref() {
                None => {
                    let public = sealed::thing_kind.ne_all(PRIVATE_KINDS);
                    $query = $query.filter(public.or(reached));
                }
                Some(kind) if PRIVATE_KINDS.contains(&kind) => $query = $query.filter(reached),
                Some(_) => {}
            }
        }
    };
}

/// What the place of a change says: reads no change.
macro_rules! restrict {
    ($query:ident, $reach:expr, $filter:expr) => {
        visible!($query, $reach, $filter.thing_kind);
        if let Some(id) = $filter.organisation {
            $query = $query.filter(sealed::organisation_id.eq(id));
        }
        if let Some(kind) = &$filter.thing_kind {
            $query = $query.filter(sealed::thing_kind.eq(kind));
        }
        if let Some(id) = &$filter.thing_id {
            $query = $query.filter(sealed::thing_id.eq(id));
        }
        if let Some(place) = $filter.after {
            $query = $query.filter(sealed::sequence.gt(place));
        }
        if let Some(place) = $filter.before {
            $query = $query.filter(sealed::sequence.lt(place));
        }
    };
}

/// What only the change itself says.
macro_rules! restrict_content {
    ($query:ident, $filter:expr) => {
        if let Some(action) = &$filter.action {
            $query = $query.filter(change::action.eq(action));
        }
        if let Some(actor) = &$filter.actor {
            $query = $query.filter(change::actor.eq(actor));
        }
    };
}

/// Places with their changes.
macro_rules! places {
    () => {
        sealed::table.inner_join(change::table.on(change::id.eq(sealed::change_id)))
    };
}

/// Whole rows.
macro_rules! rows {
    () => {
        sealed::table
            .inner_join(change::table.on(change::id.eq(sealed::change_id)))
            .inner_join(seal::table.on(seal::number.eq(sealed::seal)))
            .select((
                sealed::sequence,
                sealed::seal,
                seal::sealed_at,
                ChangeRow::as_select(),
            ))
    };
}

pub(crate) use rows as sealed_rows;

/// A whole row as it is read.
pub(crate) type Read = (i64, i64, NaiveDateTime, ChangeRow);

/// It by names.
pub(crate) fn recorded((sequence, seal, sealed_at, change): Read) -> Recorded {
    Recorded {
        sequence,
        seal,
        sealed_at,
        change,
    }
}

/// One page of the sealed changes within `reach` that `filter` lets through, by place. It costs by its size where no
/// action and no actor is asked for; these are looked for one change after the other.
///
/// # Errors
/// [`domain::Error::Invalid`] for a cursor of another list; [`domain::Error::Internal`] when the database fails.
pub async fn page(
    conn: &mut Conn,
    reach: &Reach,
    filter: &Filter,
    page: &Page,
) -> Result<Rows<Recorded>> {
    let place = |at: &Option<crate::page::Cursor>| at.as_ref().map(|at| at.number()).transpose();
    let (after, before) = (place(&page.after)?, place(&page.before)?);
    let read: Vec<Read> = on!(conn, c => {
        let mut query = rows!().into_boxed();
        restrict!(query, reach, filter);
        restrict_content!(query, filter);
        if let Some(place) = after {
            query = query.filter(sealed::sequence.gt(place));
        }
        if let Some(place) = before {
            query = query.filter(sealed::sequence.lt(place));
        }
        query = if page.from_end {
            query.order(sealed::sequence.desc())
        } else {
            query.order(sealed::sequence.asc())
        };
        query.limit(page.fetch()).load(c).await
    })
    .map_err(internal)?;
    Ok(Rows::cut(read.into_iter().map(recorded).collect(), page))
}

/// How many sealed changes within `reach` `filter` lets through.
///
/// # Errors
/// [`domain::Error::Internal`] when the database fails.
pub async fn count(conn: &mut Conn, reach: &Reach, filter: &Filter) -> Result<i64> {
    let by_content = filter.action.is_some() || filter.actor.is_some();
    on!(conn, c => if by_content {
        let mut query = places!().count().into_boxed();
        restrict!(query, reach, filter);
        restrict_content!(query, filter);
        query.get_result(c).await
    } else {
        let mut query = sealed::table.count().into_boxed();
        restrict!(query, reach, filter);
        query.get_result(c).await
    })
    .map_err(internal)
}

/// The sealed changes with these ids that are within `reach`, in no particular order; others are left out.
///
/// # Errors
/// [`domain::Error::Internal`] when the database fails.
pub async fn by_ids(conn: &mut Conn, reach: &Reach, ids: &[ChangeId]) -> Result<Vec<Recorded>> {
    let read: Vec<Read> = on!(conn, c => {
        let mut query = rows!().filter(sealed::change_id.eq_any(ids)).into_boxed();
        visible!(query, reach, None::<String>);
        query.load(c).await
    })
    .map_err(internal)?;
    Ok(read.into_iter().map(recorded).collect())
}

/// The newest place in the record; 0 while nothing is sealed. Whoever reads it before a page may go on from there when
/// the page has nothing more.
///
/// # Errors
/// [`domain::Error::Internal`] when the database fails.
pub async fn newest(conn: &mut Conn) -> Result<i64> {
    let newest: Option<i64> = on!(conn, c => sealed::table
        .select(diesel::dsl::max(sealed::sequence))
        .first(c)
        .await)
    .map_err(internal)?;
    Ok(newest.unwrap_or(0))
}

/// The last place that was sealed before `at`, UTC; `newest`, which was read earlier, when nothing was sealed since.
///
/// # Errors
/// [`domain::Error::Internal`] when the database fails.
pub async fn sealed_before(conn: &mut Conn, at: NaiveDateTime, newest: i64) -> Result<i64> {
    let first: Option<i64> = on!(conn, c => seal::table
        .filter(seal::sealed_at.ge(at))
        .order((seal::sealed_at.asc(), seal::number.asc()))
        .select(seal::first)
        .first(c)
        .await
        .optional())
    .map_err(internal)?;
    Ok(first.map_or(newest, |first| first - 1))
}

/// A time that somebody belonged somewhere; without an organisation, to the unit. Both days count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Belonging {
    /// Where.
    pub organisation: Option<OrganisationId>,
    /// The first day.
    pub from_on: NaiveDate,
    /// The day it ended.
    pub to_on: Option<NaiveDate>,
}

/// When these people belonged to which organisations: whom they wrote for.
///
/// # Errors
/// [`domain::Error::Internal`] when the database fails.
pub async fn belongings(
    conn: &mut Conn,
    people: &[PersonId],
) -> Result<HashMap<PersonId, Vec<Belonging>>> {
    let rows: Vec<(
        PersonId,
        Option<OrganisationId>,
        NaiveDate,
        Option<NaiveDate>,
    )> = on!(conn, c => membership::table
        .filter(membership::person_id.eq_any(people))
        .select((membership::person_id, membership::organisation_id, membership::from_on, membership::to_on))
        .load(c)
        .await)
    .map_err(internal)?;
    let mut all: HashMap<PersonId, Vec<Belonging>> = HashMap::new();
    for (person, organisation, from_on, to_on) in rows {
        all.entry(person).or_default().push(Belonging {
            organisation,
            from_on,
            to_on,
        });
    }
    Ok(all)
}

/// The organisations these tokens act for; `None` for the unit's own.
///
/// # Errors
/// [`domain::Error::Internal`] when the database fails.
pub async fn owners(
    conn: &mut Conn,
    tokens: &[TokenId],
) -> Result<HashMap<TokenId, Option<OrganisationId>>> {
    let rows: Vec<(TokenId, Option<OrganisationId>)> = on!(conn, c => token::table
        .filter(token::id.eq_any(tokens))
        .select((token::id, token::organisation_id))
        .load(c)
        .await)
    .map_err(internal)?;
    Ok(rows.into_iter().collect())
}
