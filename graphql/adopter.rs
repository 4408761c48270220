//! The bodies behind a figure: where each stands, and the event that decides it.

use crate::error::Result;
use crate::event::{AdoptionEvent, Events, deciding};
use crate::figure::Cut;
use crate::once::distinct;
use crate::organisation::Organisation;
use crate::organisations::Organisations;
use crate::page::{Connection, Forward, Total};
use crate::scalar::Date;
use crate::standard::Standard;
use crate::standards::Standards;
use crate::words::AdoptionState;
use analytics::adoption::standings;
use analytics::history::{History, State, Status};
use async_graphql::Object;
use domain::id::{OrganisationId, StandardId};
use futures_util::future::try_join_all;
use std::collections::HashMap;
use std::sync::Arc;
use store::adoption::EventKey;
use store::figure::Sector;
use store::page::Rows;

/// The name of the list of adopters in its cursors.
pub(crate) const ADOPTERS: &str = "adopters by slug";
/// The name of the list of deciding events in its cursors.
pub(crate) const EVIDENCE: &str = "evidence by slug";

/// What is asked of each standard.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Wanted {
    /// The figure whose bodies are listed.
    pub(crate) cut: Cut,
    /// Only bodies in one of these states.
    pub(crate) states: Vec<State>,
    /// Only bodies with a deciding event.
    pub(crate) decided: bool,
    /// The page.
    pub(crate) page: Forward,
}

/// An eligible body of a standard.
#[derive(Debug, Clone)]
struct Eligible {
    standard: StandardId,
    body: OrganisationId,
    /// The body's address, by which the list is ordered.
    slug: String,
    status: Status,
}

impl Eligible {
    fn place(&self) -> (String, String) {
        (self.slug.clone(), self.body.to_string())
    }

    fn event(&self) -> Option<EventKey> {
        deciding(self.standard, self.body, self.status)
    }
}

/// A page of bodies, and how many there are in all.
type Listing = (Rows<Eligible>, usize);

/// One page of bodies for each of the standards that were read together.
pub(crate) struct Listed {
    pages: HashMap<StandardId, Listing>,
    organisations: Arc<Organisations>,
    events: Arc<Events>,
}

impl Listed {
    /// Works out the page of each standard.
    pub(crate) async fn work_out(standards: &Standards, wanted: Wanted) -> Result<Arc<Self>> {
        let known = wanted.cut.known;
        let list = move |standard, sector: &Sector, history: &History| {
            list(standard, sector, history, &wanted)
        };
        let pages: HashMap<StandardId, Listing> = standards.work_out(known, list).await?;

        let sector = standards.asked.sector().await?;
        let shown = || pages.values().flat_map(|(page, _)| &page.rows);
        let ids = distinct(shown().map(|eligible| eligible.body));
        let places = ids
            .iter()
            .map(|id| sector.place(*id))
            .collect::<domain::Result<Vec<usize>>>()?;
        let bodies = places
            .into_iter()
            .map(|place| sector.organisations[place].clone());
        Ok(Arc::new(Self {
            organisations: Organisations::read(&standards.asked, bodies),
            events: Events::named(&standards.asked, shown().filter_map(Eligible::event)),
            pages,
        }))
    }

    fn page(&self, standard: StandardId) -> (Rows<Eligible>, Total) {
        match self.pages.get(&standard) {
            Some((page, total)) => (page.clone(), Total::Known(*total)),
            None => (
                Rows {
                    rows: Vec::new(),
                    more: false,
                },
                Total::Known(0),
            ),
        }
    }
}

/// The page of one standard. The sector's bodies are in the order of their addresses, and so is what comes of them.
fn list(standard: StandardId, sector: &Sector, history: &History, wanted: &Wanted) -> Listing {
    let members = wanted.cut.group.map(|group| sector.members(group));
    let chosen = standings(history, wanted.cut.as_of, members)
        .into_iter()
        .filter(|standing| {
            wanted.states.contains(&standing.status.state)
                && (!wanted.decided || standing.status.event.is_some())
        });
    let whole: Vec<Eligible> = chosen
        .map(|standing| {
            let body = &sector.organisations[standing.body];
            Eligible {
                standard,
                body: body.id,
                slug: body.slug.clone(),
                status: standing.status,
            }
        })
        .collect();
    (wanted.page.cut(&whole, Eligible::place), whole.len())
}

/// One page of the bodies a standard applies to, by address.
pub(crate) async fn adopters(
    standard: &Standard,
    cut: Cut,
    states: Option<Vec<AdoptionState>>,
    page: Forward,
) -> Result<Connection<Adopter>> {
    let mut states: Vec<State> = match states {
        Some(states) => states.into_iter().map(State::from).collect(),
        None => State::ALL.to_vec(),
    };
    states.sort_unstable();
    let wanted = Wanted {
        cut,
        states,
        decided: false,
        page: page.clone(),
    };
    let listed = standard.together.listed(wanted).await?;
    let (rows, total) = listed.page(standard.row.id);
    let node = |eligible| Adopter {
        eligible,
        listed: Arc::clone(&listed),
    };
    let rows = Rows {
        rows: rows.rows.into_iter().map(node).collect(),
        more: rows.more,
    };
    Ok(Connection::new(
        ADOPTERS,
        &page.page(),
        rows,
        total,
        |node| node.eligible.place(),
    ))
}

/// One page of the deciding events behind a figure, by the body's address.
pub(crate) async fn evidence(
    standard: &Standard,
    cut: Cut,
    page: Forward,
) -> Result<Connection<AdoptionEvent>> {
    let wanted = Wanted {
        cut,
        states: State::ALL.to_vec(),
        decided: true,
        page: page.clone(),
    };
    let listed = standard.together.listed(wanted).await?;
    let (rows, total) = listed.page(standard.row.id);
    let places: HashMap<EventKey, (String, String)> = rows
        .rows
        .iter()
        .filter_map(|eligible| Some((eligible.event()?, eligible.place())))
        .collect();
    let keys = rows.rows.iter().filter_map(Eligible::event);
    let events = try_join_all(keys.map(|key| listed.events.get(key))).await?;
    let rows = Rows {
        rows: events,
        more: rows.more,
    };
    Ok(Connection::new(
        EVIDENCE,
        &page.page(),
        rows,
        total,
        |event: &AdoptionEvent| places.get(&event.key()).cloned().unwrap_or_default(),
    ))
}

/// A body that a standard applies to, and those that were listed with it.
pub struct Adopter {
    eligible: Eligible,
    listed: Arc<Listed>,
}

/// A body that a standard applies to, and where it stands.
#[Object]
impl Adopter {
    /// The body.
    async fn organisation(&self) -> Result<Organisation> {
        self.listed.organisations.get(self.eligible.body).await
    }

    /// How far it has come.
    async fn state(&self) -> AdoptionState {
        self.eligible.status.state.into()
    }

    /// Since when; for an adoption that expired, the day it did. Null when nothing is known.
    async fn since(&self) -> Option<Date> {
        self.eligible.status.since.map(Date)
    }

    /// The event that decides the state; null when nothing is known.
    async fn event(&self) -> Result<Option<AdoptionEvent>> {
        match self.eligible.event() {
            Some(key) => Ok(Some(self.listed.events.get(key).await?)),
            None => Ok(None),
        }
    }
}
