//! Asks: what projects need, to whom it was told, and what was offered.

use crate::change::{self, Write};
use crate::conn::internal;
use crate::notice::{News, tell};
use crate::page::{Page, Rows};
use crate::project::{Project, check_version};
use crate::schema::{ask, ask_route};
use crate::{Conn, fresh, lock, route};
use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::ask::{self as rules, AskKind, AskState, RouteReason};
use domain::id::{AskId, OrganisationId, ProjectId, StatusId};
use domain::notice::NoticeKind;
use domain::policy::{About, Action, Granted};
use domain::{Error, Result};
use serde::Serialize;

/// What a project asks for.
#[derive(
    Queryable, Selectable, Insertable, AsChangeset, Debug, Clone, PartialEq, Eq, Serialize,
)]
#[diesel(table_name = ask, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct Ask {
    /// The project.
    pub project_id: ProjectId,
    /// Its id; unique together with the project.
    pub id: AskId,
    /// The update that it came with.
    pub status_id: StatusId,
    /// Which kind of help.
    pub kind: AskKind,
    /// What for, in words.
    pub text: String,
    /// How far it has come.
    pub state: AskState,
    /// When it was opened, UTC.
    pub opened_at: NaiveDateTime,
    /// When it was closed, UTC.
    pub closed_at: Option<NaiveDateTime>,
    /// Counts the changes to it, from 1.
    pub version: i64,
}

/// Somebody who was told of an ask, or came forward.
#[derive(
    Queryable, Selectable, Insertable, AsChangeset, Debug, Clone, PartialEq, Eq, Serialize,
)]
#[diesel(table_name = ask_route, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct Route {
    /// The project.
    pub project_id: ProjectId,
    /// Its ask.
    pub ask_id: AskId,
    /// Who was told.
    pub organisation_id: OrganisationId,
    /// Why they.
    pub reason: RouteReason,
    /// What they offer; `None` until they do.
    pub offer: Option<String>,
    /// When they offered it, UTC.
    pub offered_at: Option<NaiveDateTime>,
}

/// What names an ask: project and id.
pub type AskKey = (ProjectId, AskId);

impl Ask {
    /// The parts of its key.
    pub fn key(&self) -> AskKey {
        (self.project_id, self.id)
    }

    fn write<'a>(
        &'a self,
        about: Option<OrganisationId>,
        before: Option<&'a Self>,
    ) -> Write<'a, Self> {
        Write {
            kind: "ask",
            id: format!("{}/{}", self.project_id, self.id),
            about,
            before,
            after: Some(self),
        }
    }
}

/// Opens what an update asks for, and tells those who may help.
pub(crate) async fn open(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    project: &Project,
    status: StatusId,
    kind: AskKind,
    text: &str,
) -> Result<()> {
    let row = Ask {
        project_id: project.id,
        id: fresh(),
        status_id: status,
        kind,
        text: rules::text(text)?,
        state: AskState::Open,
        opened_at: now,
        closed_at: None,
        version: 1,
    };
    on!(conn, c => diesel::insert_into(ask::table).values(&row).execute(c).await)
        .map_err(internal)?;
    let about = granted.organisation().or(project.lead_id);
    change::record(conn, granted, now, row.write(about, None)).await?;
    let routes = route::find(conn, now.date(), &row).await?;
    let _written: usize = insert_rows!(conn, ask_route::table, routes);
    let Some(about) = about else { return Ok(()) };
    let news = News {
        kind: NoticeKind::AskOpened,
        thing: ("ask", format!("{}/{}", row.project_id, row.id)),
        title: &project.title,
        about,
    };
    let told = routes.iter().map(|route| Some(route.organisation_id));
    tell(conn, now, told, &news).await
}

/// An organisation offers what is asked for; the project's lead is told.
///
/// # Errors
/// [`Error::NotFound`] when there is no such ask; [`Error::Conflict`] when it is closed, when the organisation leads the
/// project, or has offered already; [`Error::Invalid`] when nothing is said; [`Error::Internal`] when the database fails.
pub async fn offer(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    key: AskKey,
    organisation: OrganisationId,
    text: &str,
) -> Result<Ask> {
    granted.require(Action::AskToJoin)?;
    granted.covers(About::Organisation(organisation))?;
    crate::invitation::check_open(conn, now.date(), organisation).await?;
    lock::project(conn, key.0).await?;
    let before = by_key(conn, key).await?;
    let project = crate::project::by_id(conn, key.0).await?;
    if project.lead_id == Some(organisation) {
        let told = "Your organisation leads this project; it asks others.".to_owned();
        return Err(Error::Conflict(told));
    }
    let after = Ask {
        state: before.state.offered()?,
        version: before.version + 1,
        ..before.clone()
    };
    keep_offer(conn, now, key, organisation, rules::text(text)?).await?;
    save(conn, granted, now, organisation, &before, &after).await?;
    let news = News {
        kind: NoticeKind::AskOffered,
        thing: ("ask", format!("{}/{}", key.0, key.1)),
        title: &project.title,
        about: organisation,
    };
    tell(conn, now, [project.lead_id], &news).await?;
    Ok(after)
}

/// Writes what an organisation offers, beside why it was told, or that it came forward.
async fn keep_offer(
    conn: &mut Conn,
    now: NaiveDateTime,
    (project_id, ask_id): AskKey,
    organisation_id: OrganisationId,
    text: String,
) -> Result<()> {
    let place = ask_route::table.find((project_id, ask_id, organisation_id));
    let standing: Option<Route> = on!(conn, c => place
        .select(Route::as_select())
        .first(c)
        .await
        .optional())
    .map_err(internal)?;
    if standing
        .as_ref()
        .is_some_and(|route| route.offered_at.is_some())
    {
        return Err(Error::Conflict(
            "Your organisation has offered help already; the project's lead knows of it."
                .to_owned(),
        ));
    }
    let route = Route {
        project_id,
        ask_id,
        organisation_id,
        reason: standing
            .as_ref()
            .map_or(RouteReason::CameForward, |route| route.reason),
        offer: Some(text),
        offered_at: Some(now),
    };
    on!(conn, c => match standing {
        Some(_) => diesel::update(place).set(&route).execute(c).await,
        None => diesel::insert_into(ask_route::table).values(&route).execute(c).await,
    })
    .map_err(internal)?;
    Ok(())
}

/// The project asks for it no more.
///
/// # Errors
/// [`Error::NotFound`] when there is no such ask; [`Error::Stale`] when it was changed meanwhile; [`Error::Conflict`]
/// when it is closed; [`Error::Internal`] when the database fails.
pub async fn close(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    key: AskKey,
    seen: Option<i64>,
) -> Result<Ask> {
    granted.require(Action::PostStatus)?;
    granted.covers(About::Project(key.0))?;
    lock::project(conn, key.0).await?;
    let before = by_key(conn, key).await?;
    check_version(seen, before.version)?;
    let after = Ask {
        state: before.state.closed()?,
        closed_at: Some(now),
        version: before.version + 1,
        ..before.clone()
    };
    save(conn, granted, now, granted.organisation(), &before, &after).await?;
    Ok(after)
}

async fn save(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    about: impl Into<Option<OrganisationId>>,
    before: &Ask,
    after: &Ask,
) -> Result<()> {
    on!(conn, c => diesel::update(ask::table.find(after.key())).set(after).execute(c).await)
        .map_err(internal)?;
    change::record(conn, granted, now, after.write(about.into(), Some(before))).await
}

/// The ask with this key.
///
/// # Errors
/// [`Error::NotFound`] when there is none; [`Error::Internal`] when the database fails.
pub async fn by_key(conn: &mut Conn, key: AskKey) -> Result<Ask> {
    let found = by_keys(conn, &[key]).await?.pop();
    found.ok_or_else(|| Error::not_found("ask", key.1.to_string()))
}

/// The asks with these keys, in no particular order; unknown ones are left out.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn by_keys(conn: &mut Conn, keys: &[AskKey]) -> Result<Vec<Ask>> {
    let projects: Vec<ProjectId> = keys.iter().map(|key| key.0).collect();
    let ids: Vec<AskId> = keys.iter().map(|key| key.1).collect();
    let rows: Vec<Ask> = on!(conn, c => ask::table
        .filter(ask::project_id.eq_any(&projects))
        .filter(ask::id.eq_any(&ids))
        .select(Ask::as_select())
        .load(c)
        .await)
    .map_err(internal)?;
    Ok(rows
        .into_iter()
        .filter(|row| keys.contains(&row.key()))
        .collect())
}

/// The asks of these projects, the newest first.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn of(conn: &mut Conn, projects: &[ProjectId]) -> Result<Vec<Ask>> {
    on!(conn, c => ask::table
        .filter(ask::project_id.eq_any(projects))
        .order(ask::id.desc())
        .select(Ask::as_select())
        .load(c)
        .await)
    .map_err(internal)
}

/// To whom these asks went and what they offer, by ask and the first to offer first.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn routes(conn: &mut Conn, keys: &[AskKey]) -> Result<Vec<Route>> {
    let projects: Vec<ProjectId> = keys.iter().map(|key| key.0).collect();
    let ids: Vec<AskId> = keys.iter().map(|key| key.1).collect();
    on!(conn, c => ask_route::table
        .filter(ask_route::project_id.eq_any(&projects))
        .filter(ask_route::ask_id.eq_any(&ids))
        .order((ask_route::ask_id, ask_route::organisation_id))
        .select(Route::as_select())
        .load(c)
        .await)
    .map_err(internal)
}

/// Which asks a list holds.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only asks for these kinds of help.
    pub kinds: Option<Vec<AskKind>>,
    /// Only asks in these states.
    pub states: Option<Vec<AskState>>,
    /// Only asks of which this organisation was told, or to which it offered something.
    pub told: Option<OrganisationId>,
}

macro_rules! restrict {
    ($query:ident, $filter:expr) => {
        if let Some(kinds) = &$filter.kinds {
            $query = $query.filter(ask::kind.eq_any(kinds));
        }
        if let Some(states) = &$filter.states {
            $query = $query.filter(ask::state.eq_any(states));
        }
        if let Some(body) = $filter.told {
            let told = ask_route::table
                .filter(ask_route::organisation_id.eq(body))
                .select(ask_route::ask_id);
            $query = $query.filter(ask::id.eq_any(told));
        }
    };
}

/// One page of asks, the newest first.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn page(conn: &mut Conn, filter: &Filter, page: &Page) -> Result<Rows<Ask>> {
    let rows = on!(conn, c => {
        let mut query = ask::table.select(Ask::as_select()).into_boxed();
        restrict!(query, filter);
        if let Some(at) = &page.after {
            query = query.filter(ask::id.lt(&at.id));
        }
        if let Some(at) = &page.before {
            query = query.filter(ask::id.gt(&at.id));
        }
        query = if page.from_end {
            query.order(ask::id.asc())
        } else {
            query.order(ask::id.desc())
        };
        query.limit(page.fetch()).load(c).await
    })
    .map_err(internal)?;
    Ok(Rows::cut(rows, page))
}

/// How many asks the filter lets through.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn count(conn: &mut Conn, filter: &Filter) -> Result<i64> {
    on!(conn, c => {
        let mut query = ask::table.count().into_boxed();
        restrict!(query, filter);
        query.get_result(c).await
    })
    .map_err(internal)
}
