//! Who is told of an ask: those who back one of the project's problems, then those who said they can help with it.

use crate::Conn;
use crate::ask::{Ask, Route};
use crate::conn::internal;
use crate::schema::{backing, help_offer, organisation, participation, project_problem};
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::Result;
use domain::ask::{ROUTES_MOST, RouteReason};
use domain::id::OrganisationId;
use domain::participation::ParticipationState;
use std::collections::BTreeSet;

/// How many rows are asked for to find [`ROUTES_MOST`] bodies: one may back several problems of a project.
const READ_MOST: i64 = 500;

/// The routes of a new ask, at most [`ROUTES_MOST`]: never to a body that takes part in the project, nor to one that is
/// closed.
pub(crate) async fn find(conn: &mut Conn, today: NaiveDate, ask: &Ask) -> Result<Vec<Route>> {
    let backers = backers(conn, today, ask).await?;
    let helpers = helpers(conn, today, ask).await?;
    let backers = backers
        .into_iter()
        .map(|id| (id, RouteReason::BacksProblem));
    let helpers = helpers.into_iter().map(|id| (id, RouteReason::CanHelp));
    let mut told = BTreeSet::new();
    let routes = backers
        .chain(helpers)
        .filter(|(id, _)| told.insert(*id))
        .take(ROUTES_MOST)
        .map(|(organisation_id, reason)| Route {
            project_id: ask.project_id,
            ask_id: ask.id,
            organisation_id,
            reason,
            offer: None,
            offered_at: None,
        });
    Ok(routes.collect())
}

/// Leaves out the bodies that take part in the project of the ask, and those that are closed.
macro_rules! may_be_told {
    ($ask:expr, $today:expr, $body:expr) => {{
        let taking_part = participation::table
            .filter(participation::project_id.eq($ask.project_id))
            .filter(participation::state.eq(ParticipationState::Active))
            .select(participation::organisation_id);
        organisation::closed_on
            .is_null()
            .or(organisation::closed_on.gt($today))
            .and(diesel::dsl::not($body.eq_any(taking_part)))
    }};
}

/// Those who back one of the project's problems, who came first, first.
async fn backers(conn: &mut Conn, today: NaiveDate, ask: &Ask) -> Result<Vec<OrganisationId>> {
    on!(conn, c => backing::table
        .inner_join(project_problem::table.on(project_problem::problem_id.eq(backing::problem_id)))
        .inner_join(organisation::table.on(organisation::id.eq(backing::organisation_id)))
        .filter(project_problem::project_id.eq(ask.project_id))
        .filter(backing::withdrawn_at.is_null())
        .filter(may_be_told!(ask, today, backing::organisation_id))
        .order(backing::id)
        .limit(READ_MOST)
        .select(backing::organisation_id)
        .load(c)
        .await)
    .map_err(internal)
}

/// Those who said that they can help with this kind of work, by id.
async fn helpers(conn: &mut Conn, today: NaiveDate, ask: &Ask) -> Result<Vec<OrganisationId>> {
    on!(conn, c => help_offer::table
        .inner_join(organisation::table.on(organisation::id.eq(help_offer::organisation_id)))
        .filter(help_offer::kind.eq(ask.kind))
        .filter(may_be_told!(ask, today, help_offer::organisation_id))
        .order(help_offer::organisation_id)
        .limit(READ_MOST)
        .select(help_offer::organisation_id)
        .load(c)
        .await)
    .map_err(internal)
}
