//! Lists of problems: which, in which order, a page at a time.

use crate::Conn;
use crate::conn::internal;
use crate::page::{Cursor, Page, Rows, contains, keyset};
use crate::problem::Problem;
use crate::schema::{backing, problem, problem_tag};
use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::id::OrganisationId;
use domain::problem::{ORPHAN_BACKERS, ProblemState};
use domain::{Error, Result};

/// Which problems a list holds. Those that were merged into others are in none.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Words that the title holds, in any case.
    pub text: Option<String>,
    /// Only problems in one of these states.
    pub states: Option<Vec<ProblemState>>,
    /// Only problems of one of these services.
    pub services: Option<Vec<&'static str>>,
    /// Only problems with this tag.
    pub tag: Option<String>,
    /// Only problems that this organisation raised.
    pub organisation: Option<OrganisationId>,
    /// Only problems that this organisation backs.
    pub backed_by: Option<OrganisationId>,
    /// Only orphans, or only those that are none.
    pub orphan: Option<bool>,
}

/// In which order a list holds problems.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// By title.
    #[default]
    Title,
    /// Those that most bodies back first.
    Backers,
    /// Those raised last first.
    Newest,
    /// Those changed last first.
    Updated,
}

impl Order {
    /// Where a problem stands in a list of this order.
    pub fn place(self, row: &Problem) -> (String, String) {
        let key = match self {
            Self::Title => row.title_key.clone(),
            Self::Backers => row.backers.to_string(),
            Self::Newest => String::new(),
            Self::Updated => row.updated_at.and_utc().timestamp_micros().to_string(),
        };
        (key, row.id.to_string())
    }
}

macro_rules! restrict {
    ($query:ident, $filter:expr) => {
        $query = $query.filter(problem::merged_into_id.is_null());
        if let Some(text) = &$filter.text {
            $query = $query.filter(problem::title_key.like(contains(text)).escape('\\'));
        }
        if let Some(states) = &$filter.states {
            $query = $query.filter(problem::state.eq_any(states));
        }
        if let Some(services) = &$filter.services {
            $query = $query.filter(problem::service.eq_any(services));
        }
        if let Some(tag) = &$filter.tag {
            let tagged = problem_tag::table.filter(problem_tag::tag.eq(tag));
            $query = $query.filter(problem::id.eq_any(tagged.select(problem_tag::problem_id)));
        }
        if let Some(body) = $filter.organisation {
            $query = $query.filter(problem::organisation_id.eq(body));
        }
        if let Some(body) = $filter.backed_by {
            let backed = backing::table
                .filter(backing::organisation_id.eq(body))
                .filter(backing::withdrawn_at.is_null());
            $query = $query.filter(problem::id.eq_any(backed.select(backing::problem_id)));
        }
        if let Some(orphan) = $filter.orphan {
            let is_orphan = problem::projects
                .eq(0)
                .and(problem::backers.ge(ORPHAN_BACKERS))
                .and(problem::state.ne_all([ProblemState::Solved, ProblemState::Parked]));
            $query = if orphan {
                $query.filter(is_orphan)
            } else {
                $query.filter(diesel::dsl::not(is_orphan))
            };
        }
    };
}

macro_rules! filtered {
    ($filter:expr) => {{
        let mut query = problem::table.select(Problem::as_select()).into_boxed();
        restrict!(query, $filter);
        query
    }};
}

/// Restricts and orders by a key that goes down and an id that goes down with it, for one page.
macro_rules! keyset_down {
    ($query:ident, $page:expr, $key:expr, $after:expr, $before:expr) => {{
        use problem::id;
        if let Some((at, row)) = &$after {
            $query = $query.filter($key.lt(at).or($key.eq(at).and(id.lt(row))));
        }
        if let Some((at, row)) = &$before {
            $query = $query.filter($key.gt(at).or($key.eq(at).and(id.gt(row))));
        }
        $query = $query.limit($page.fetch());
        if $page.from_end {
            $query.order(($key.asc(), id.asc()))
        } else {
            $query.order(($key.desc(), id.desc()))
        }
    }};
}

/// A place whose key is a number.
fn numbered(at: Option<&Cursor>) -> Result<Option<(i64, String)>> {
    at.map(|at| Ok((at.number()?, at.id.clone()))).transpose()
}

/// A place whose key is a moment.
fn timed(at: Option<&Cursor>) -> Result<Option<(NaiveDateTime, String)>> {
    let Some((micros, id)) = numbered(at)? else {
        return Ok(None);
    };
    let moment = chrono::DateTime::from_timestamp_micros(micros);
    let moment =
        moment.ok_or_else(|| Error::invalid("after", "This cursor is from another list."))?;
    Ok(Some((moment.naive_utc(), id)))
}

/// One page of the problems that `filter` lets through.
///
/// # Errors
/// [`Error::Invalid`] when a cursor is from another list; [`Error::Internal`] when the database fails.
pub async fn page(
    conn: &mut Conn,
    filter: &Filter,
    order: Order,
    page: &Page,
) -> Result<Rows<Problem>> {
    let rows = match order {
        Order::Title => on!(conn, c => {
            let mut query = filtered!(filter);
            query = keyset!(query, page, problem::title_key, problem::id);
            query.load(c).await
        }),
        Order::Backers => {
            let (after, before) = (
                numbered(page.after.as_ref())?,
                numbered(page.before.as_ref())?,
            );
            on!(conn, c => {
                let mut query = filtered!(filter);
                query = keyset_down!(query, page, problem::backers, after, before);
                query.load(c).await
            })
        }
        Order::Updated => {
            let (after, before) = (timed(page.after.as_ref())?, timed(page.before.as_ref())?);
            on!(conn, c => {
                let mut query = filtered!(filter);
                query = keyset_down!(query, page, problem::updated_at, after, before);
                query.load(c).await
            })
        }
        // Ids are made in the order of time.
        Order::Newest => on!(conn, c => {
            let mut query = filtered!(filter);
            if let Some(at) = &page.after {
                query = query.filter(problem::id.lt(&at.id));
            }
            if let Some(at) = &page.before {
                query = query.filter(problem::id.gt(&at.id));
            }
            query = query.limit(page.fetch());
            query = if page.from_end {
                query.order(problem::id.asc())
            } else {
                query.order(problem::id.desc())
            };
            query.load(c).await
        }),
    };
    Ok(Rows::cut(rows.map_err(internal)?, page))
}

/// How many problems `filter` lets through.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn count(conn: &mut Conn, filter: &Filter) -> Result<i64> {
    on!(conn, c => {
        let mut query = problem::table.count().into_boxed();
        restrict!(query, filter);
        query.get_result(c).await
    })
    .map_err(internal)
}
