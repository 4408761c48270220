//! Lists of projects: which, in which order, a page at a time.

use super::Project;
use crate::Conn;
use crate::conn::internal;
use crate::page::{Cursor, Page, Rows, contains, keyset};
use crate::schema::{participation, project, project_problem};
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::id::{OrganisationId, ProblemId};
use domain::participation::ParticipationState;
use domain::project::Phase;
use domain::{Error, Result};

/// Which projects a list holds.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Words that the title, the summary or the reason why it stopped holds, in any case.
    pub text: Option<String>,
    /// Only projects in one of these phases.
    pub phases: Option<Vec<Phase>>,
    /// Only projects that work on this problem.
    pub problem: Option<ProblemId>,
    /// Only projects in which this organisation takes part.
    pub organisation: Option<OrganisationId>,
    /// Only projects whose last status (or start, where there was none) lies in one of these.
    pub silent: Option<Vec<Band>>,
}

/// The days on which the last status of projects of one cadence was posted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Band {
    /// The cadence of the projects, in days.
    pub cadence_days: i32,
    /// The first of the days, UTC; `None` for however long ago.
    pub first: Option<NaiveDate>,
    /// The last of them, UTC; `None` for up to now.
    pub last: Option<NaiveDate>,
}

impl Band {
    /// The days as moments: from the first, up to but without the second.
    fn moments(&self) -> (NaiveDateTime, NaiveDateTime) {
        let start = |day: NaiveDate| day.and_time(NaiveTime::MIN);
        let first = self.first.unwrap_or(EARLIEST);
        let last = self.last.unwrap_or(LATEST);
        (start(first), start(last.succ_opt().unwrap_or(last)))
    }
}

/// Days that lie before and after all that is kept here, and that both engines can write.
const EARLIEST: NaiveDate = NaiveDate::from_ymd_opt(1000, 1, 1).unwrap();
const LATEST: NaiveDate = NaiveDate::from_ymd_opt(9999, 1, 1).unwrap();

/// How a list of projects is ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// By title.
    #[default]
    Title,
    /// The one that was written down last first.
    Newest,
    /// The one with the newest status first; those without any last.
    Status,
}

macro_rules! restrict {
    ($query:ident, $filter:expr) => {
        if let Some(text) = &$filter.text {
            $query = $query.filter(project::search_key.like(contains(text)).escape('\\'));
        }
        if let Some(phases) = &$filter.phases {
            $query = $query.filter(project::phase.eq_any(phases));
        }
        if let Some(problem) = $filter.problem {
            let on_it = project_problem::table
                .filter(project_problem::problem_id.eq(problem))
                .select(project_problem::project_id);
            $query = $query.filter(project::id.eq_any(on_it));
        }
        if let Some(body) = $filter.organisation {
            let with_it = participation::table
                .filter(participation::organisation_id.eq(body))
                .filter(participation::state.eq(ParticipationState::Active))
                .select(participation::project_id);
            $query = $query.filter(project::id.eq_any(with_it));
        }
        if let Some(bands) = &$filter.silent {
            // What is over is neither fresh nor stale.
            let open = [Phase::Discovery, Phase::Alpha, Phase::Beta, Phase::Live];
            $query = $query.filter(project::phase.eq_any(open));
            // A cadence is never below zero: this lets nothing through where no band does.
            let mut within = project::table
                .filter(project::cadence_days.lt(0).nullable())
                .select(project::id)
                .into_boxed();
            for band in bands {
                let (from, before) = band.moments();
                let heard = project::status_at
                    .is_not_null()
                    .and(project::status_at.ge(from))
                    .and(project::status_at.lt(before));
                let never = project::status_at
                    .is_null()
                    .and(project::started_on.ge(from.date()))
                    .and(project::started_on.lt(before.date()));
                let cadence = project::cadence_days.eq(band.cadence_days);
                within = within.or_filter(cadence.and(heard.or(never)));
            }
            $query = $query.filter(project::id.eq_any(within));
        }
    };
}

/// Every cadence that some project has, in days.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn cadences(conn: &mut Conn) -> Result<Vec<i32>> {
    on!(conn, c => project::table
        .select(project::cadence_days)
        .distinct()
        .order(project::cadence_days)
        .load(c)
        .await)
    .map_err(internal)
}

/// One page of the projects that `filter` lets through.
///
/// # Errors
/// [`Error::Invalid`] for a cursor of another list; [`Error::Internal`] when the database fails.
pub async fn page(
    conn: &mut Conn,
    filter: &Filter,
    order: Order,
    page: &Page,
) -> Result<Rows<Project>> {
    let rows = match order {
        Order::Title => on!(conn, c => {
            let mut query = project::table.select(Project::as_select()).into_boxed();
            restrict!(query, filter);
            query = keyset!(query, page, project::title_key, project::id);
            query.load(c).await
        }),
        Order::Newest => on!(conn, c => {
            let mut query = project::table.select(Project::as_select()).into_boxed();
            restrict!(query, filter);
            if let Some(at) = &page.after {
                query = query.filter(project::id.lt(&at.id));
            }
            if let Some(at) = &page.before {
                query = query.filter(project::id.gt(&at.id));
            }
            query = query.limit(page.fetch());
            query = if page.from_end {
                query.order(project::id.asc())
            } else {
                query.order(project::id.desc())
            };
            query.load(c).await
        }),
        Order::Status => by_status(conn, filter, page).await?,
    };
    Ok(Rows::cut(rows.map_err(internal)?, page))
}

/// The rows of a page in the order of their last status.
async fn by_status(
    conn: &mut Conn,
    filter: &Filter,
    page: &Page,
) -> Result<QueryResult<Vec<Project>>> {
    let after = page.after.as_ref().map(heard).transpose()?;
    let before = page.before.as_ref().map(heard).transpose()?;
    Ok(on!(conn, c => {
        use project::{id, status_at};
        let mut query = project::table.select(Project::as_select()).into_boxed();
        restrict!(query, filter);
        query = match &after {
            None => query,
            Some((None, row)) => query.filter(status_at.is_null().and(id.gt(row))),
            Some((Some(at), row)) => query.filter(
                status_at.is_null().or(status_at.lt(*at).or(status_at.eq(*at).and(id.gt(row)))),
            ),
        };
        query = match &before {
            None => query,
            Some((None, row)) => query.filter(status_at.is_not_null().or(id.lt(row))),
            Some((Some(at), row)) => {
                query.filter(status_at.gt(*at).or(status_at.eq(*at).and(id.lt(row))))
            }
        };
        query = query.limit(page.fetch());
        query = if page.from_end {
            query.order((status_at.is_null().desc(), status_at.asc(), id.desc()))
        } else {
            query.order((status_at.is_null().asc(), status_at.desc(), id.asc()))
        };
        query.load(c).await
    }))
}

/// When the project at a place of the list last had a status, and its id.
fn heard(at: &Cursor) -> Result<(Option<NaiveDateTime>, String)> {
    if at.key.is_empty() {
        return Ok((None, at.id.clone()));
    }
    let elsewhere = || {
        Error::invalid(
            "after",
            "This cursor is from another list; start again without it.",
        )
    };
    let moment = DateTime::from_timestamp_micros(at.number()?).ok_or_else(elsewhere)?;
    Ok((Some(moment.naive_utc()), at.id.clone()))
}

impl Project {
    /// The key by which lists are ordered by the last status.
    pub fn status_key(&self) -> String {
        self.status_at.map_or_else(String::new, |at| {
            at.and_utc().timestamp_micros().to_string()
        })
    }
}

/// How many projects `filter` lets through.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn count(conn: &mut Conn, filter: &Filter) -> Result<i64> {
    on!(conn, c => {
        let mut query = project::table.count().into_boxed();
        restrict!(query, filter);
        query.get_result(c).await
    })
    .map_err(internal)
}
