//! Where bodies stand with each of their standards.

use crate::error::Result;
use crate::event::{AdoptionEvent, Events, deciding};
use crate::once::{by, distinct};
use crate::organisations::Organisations;
use crate::page::{Connection, Forward, Total};
use crate::scalar::Date;
use crate::standard::Standard;
use crate::standards::Standards;
use crate::words::AdoptionState;
use analytics::history::Status;
use async_graphql::Object;
use chrono::{NaiveDate, NaiveDateTime};
use domain::id::{GroupId, OrganisationId, StandardId};
use domain::organisation::OrganisationKind;
use std::collections::HashMap;
use std::sync::Arc;
use store::adoption::EventKey;
use store::figure::Sector;
use store::page::{Page, Rows};
use store::standard::Standard as Row;
use store::{Conn, adoption, figure, provision};

/// The name of this list in its cursors.
pub(crate) const LIST: &str = "adoptions by title";

/// What is asked of each body.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Wanted {
    /// The day.
    pub(crate) as_of: NaiveDate,
    /// What was recorded by then counts.
    pub(crate) known_at: NaiveDateTime,
    /// The page.
    pub(crate) page: Forward,
}

/// One body and one of its standards.
#[derive(Debug, Clone)]
struct Position {
    body: OrganisationId,
    standard: StandardId,
    title_key: String,
    status: Status,
}

impl Position {
    fn place(&self) -> (String, String) {
        (self.title_key.clone(), self.standard.to_string())
    }

    fn event(&self) -> Option<EventKey> {
        deciding(self.standard, self.body, self.status)
    }
}

/// One page of positions for each of the bodies that were read together.
pub(crate) struct Positions {
    pages: HashMap<OrganisationId, (Rows<Position>, usize)>,
    standards: Arc<Standards>,
    events: Arc<Events>,
}

impl Positions {
    /// Works out where each of `bodies` stands.
    pub(crate) async fn work_out(bodies: &Organisations, wanted: Wanted) -> Result<Arc<Self>> {
        let asked = &bodies.asked;
        let sector = asked.sector().await?;
        let (ids, page) = (bodies.ids().to_vec(), wanted.page.clone());
        let (mut positions, rows) = asked
            .wide(async move |conn| positions(conn, &sector, &ids, &wanted).await)
            .await?;
        positions.sort_by_cached_key(|position| (position.body, position.place()));

        let pages: HashMap<_, _> = by(positions, |position| position.body)
            .into_iter()
            .map(|(body, whole)| (body, (page.cut(&whole, Position::place), whole.len())))
            .collect();
        let shown = || pages.values().flat_map(|(page, _)| &page.rows);
        let standards = distinct(shown().map(|position| position.standard));
        let rows = rows
            .into_iter()
            .filter(|row| standards.binary_search(&row.id).is_ok());
        let events = Events::named(asked, distinct(shown().filter_map(Position::event)));
        Ok(Arc::new(Self {
            standards: Standards::read(asked, rows),
            events,
            pages,
        }))
    }

    /// The page of one body.
    pub(crate) fn of(
        self: &Arc<Self>,
        body: OrganisationId,
        page: &Page,
    ) -> Connection<OrganisationAdoption> {
        let (rows, total) = match self.pages.get(&body) {
            Some((rows, total)) => (rows.rows.clone(), *total),
            None => (Vec::new(), 0),
        };
        let more = self.pages.get(&body).is_some_and(|(rows, _)| rows.more);
        let node = |position| OrganisationAdoption {
            position,
            together: Arc::clone(self),
        };
        let rows = Rows {
            rows: rows.into_iter().map(node).collect(),
            more,
        };
        Connection::new(LIST, page, rows, Total::Known(total), |node| {
            node.position.place()
        })
    }
}

/// The positions of these bodies with every standard that applies to one or of which one said something, and the rows
/// of those standards.
async fn positions(
    conn: &mut Conn,
    sector: &Sector,
    ids: &[OrganisationId],
    wanted: &Wanted,
) -> domain::Result<(Vec<Position>, Vec<Row>)> {
    let places = ids
        .iter()
        .map(|id| sector.place(*id))
        .collect::<domain::Result<Vec<usize>>>()?;
    let kinds: Vec<OrganisationKind> =
        distinct(places.iter().map(|place| sector.organisations[*place].kind));
    let groups: Vec<GroupId> = sector
        .groups
        .iter()
        .map(|group| group.id)
        .filter(|group| {
            sector
                .members(*group)
                .iter()
                .any(|member| places.contains(&member.body))
        })
        .collect();
    let mut standards = provision::naming(conn, &kinds, &groups, ids).await?;
    standards.extend(
        adoption::standards_of(conn, ids)
            .await?
            .into_iter()
            .map(|(_, standard)| standard),
    );
    let standards = distinct(standards);
    let rows = store::standard::by_ids(conn, &standards).await?;
    let histories = figure::histories_about(conn, sector, &standards, ids, wanted.known_at).await?;

    let mut positions = Vec::new();
    for row in &rows {
        let Some(history) = histories.get(&row.id) else {
            continue;
        };
        for (body, place) in ids.iter().zip(&places) {
            let status = history.status(*place, wanted.as_of);
            if status.event.is_some() || history.eligible(*place, wanted.as_of) {
                positions.push(Position {
                    body: *body,
                    standard: row.id,
                    title_key: row.title_key().to_owned(),
                    status,
                });
            }
        }
    }
    Ok((positions, rows))
}

/// One body's state with one standard.
#[derive(Clone)]
pub struct OrganisationAdoption {
    position: Position,
    together: Arc<Positions>,
}

/// Where a body stands with one standard.
#[Object]
impl OrganisationAdoption {
    /// The standard.
    async fn standard(&self) -> Result<Standard> {
        self.together.standards.get(self.position.standard).await
    }

    /// How far the body has come.
    async fn state(&self) -> AdoptionState {
        self.position.status.state.into()
    }

    /// Since when; for an adoption that expired, the day it did. Null when nothing is known.
    async fn since(&self) -> Option<Date> {
        self.position.status.since.map(Date)
    }

    /// The event that decides the state; null when nothing is known.
    async fn event(&self) -> Result<Option<AdoptionEvent>> {
        match self.position.event() {
            Some(key) => Ok(Some(self.together.events.get(key).await?)),
            None => Ok(None),
        }
    }
}
