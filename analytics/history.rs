//! One standard's whole history: who it applied to, and what each body was known to have done.
pub use crate::facts::{Body, Event, Grade, Member, Provision, State, Status};
use crate::timeline::{Timeline, in_force};
use chrono::{NaiveDate, NaiveDateTime};
use std::collections::HashSet;
use std::sync::Arc;

/// Why a history could not be built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HistoryError {
    /// An event names a body that is not in the list.
    Event {
        /// The event.
        id: u128,
        /// The index it names.
        body: usize,
        /// How many bodies there are.
        bodies: usize,
    },
    /// A provision names a body that is not in the list.
    Provision {
        /// The index it names.
        body: usize,
        /// How many bodies there are.
        bodies: usize,
    },
}

impl std::fmt::Display for HistoryError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Event { id, body, bodies } => {
                write!(f, "event {id:032x} names body {body} of {bodies}")
            }
            Self::Provision { body, bodies } => {
                write!(f, "a provision names body {body} of {bodies}")
            }
        }
    }
}

impl std::error::Error for HistoryError {}

/// One standard's history as it was known at a cut-off: for every body the strongest reason for
/// which the standard applied and the status it had, on any date.
#[derive(Clone, Debug)]
pub struct History {
    bodies: Arc<[Body]>,
    /// By body: the strongest reason in force; no value or `None` where not eligible.
    reasons: Vec<Timeline<Option<u8>>>,
    /// By body: the status, whether eligible or not; no value where unknown.
    statuses: Vec<Timeline<Status>>,
    /// By body: the state while eligible. Joins the two above, as most figures want both.
    standings: Vec<Timeline<Option<State>>>,
}

impl History {
    /// Builds the history of one standard from its provisions and events.
    ///
    /// `bodies` may be shared between the histories of many standards. An event recorded after
    /// `known_at` has no effect at all. Of the others, an event that any of them corrects is out
    /// (even where the correcting event is itself corrected or unconfirmed), and then so is one
    /// that is not confirmed or whose grade is below `min_grade` (`None`: any grade).
    ///
    /// # Errors
    /// When a provision, or an event recorded by `known_at`, names a body out of range.
    pub fn new(
        bodies: Arc<[Body]>,
        mut provisions: Vec<Provision>,
        events: Vec<Event>,
        known_at: NaiveDateTime,
        min_grade: Option<Grade>,
    ) -> Result<Self, HistoryError> {
        let mut events = deciding(events, bodies.len(), known_at, min_grade)?;
        check(&provisions, bodies.len())?;

        events.sort_unstable_by_key(|e| (e.body, e.effective_on, e.recorded_at, e.id));
        let mut statuses = vec![Timeline::default(); bodies.len()];
        for events in events.chunk_by(|a, b| a.body == b.body) {
            statuses[events[0].body] = statuses_of(events);
        }

        provisions.sort_unstable_by_key(|provision| provision.body);
        let mut reasons = vec![Timeline::default(); bodies.len()];
        for provisions in provisions.chunk_by(|a, b| a.body == b.body) {
            let body = provisions[0].body;
            reasons[body] = reasons_of(&bodies[body], provisions);
        }

        let standings = std::iter::zip(&reasons, &statuses)
            .map(|(reasons, statuses)| standings_of(reasons, statuses))
            .collect();
        Ok(Self {
            bodies,
            reasons,
            statuses,
            standings,
        })
    }

    /// The bodies, by index.
    pub fn bodies(&self) -> &[Body] {
        &self.bodies
    }

    /// Whether the body is open on `on`, with a provision in force and no exclusion. A body out of
    /// range is not.
    pub fn eligible(&self, body: usize, on: NaiveDate) -> bool {
        self.reason(body, on).is_some()
    }

    /// The strongest reason (the lowest number) in force for the body on `on`; `None` when it is
    /// not eligible.
    pub fn reason(&self, body: usize, on: NaiveDate) -> Option<u8> {
        self.reasons.get(body)?.at(on).flatten()
    }

    /// The status of the body on `on`, whether it is eligible or not. A body out of range is
    /// unknown.
    pub fn status(&self, body: usize, on: NaiveDate) -> Status {
        self.statuses
            .get(body)
            .and_then(|statuses| statuses.at(on))
            .unwrap_or(Status::UNKNOWN)
    }

    /// The state of the body on `on`; `None` when it is not eligible.
    pub(crate) fn standing(&self, body: usize, on: NaiveDate) -> Option<State> {
        self.standings.get(body)?.at(on).flatten()
    }

    /// The states of every body while it is eligible, by index.
    pub(crate) fn standings(&self) -> &[Timeline<Option<State>>] {
        &self.standings
    }
}

/// The events that may decide a state: known by `known_at`, not corrected, confirmed, and of grade.
fn deciding(
    mut events: Vec<Event>,
    bodies: usize,
    known_at: NaiveDateTime,
    min_grade: Option<Grade>,
) -> Result<Vec<Event>, HistoryError> {
    events.retain(|event| event.recorded_at <= known_at);
    if let Some(&Event { id, body, .. }) = events.iter().find(|event| event.body >= bodies) {
        return Err(HistoryError::Event { id, body, bodies });
    }
    let corrected: HashSet<u128> = events.iter().filter_map(|event| event.corrects).collect();
    events.retain(|event| {
        !corrected.contains(&event.id)
            && event.confirmed
            && min_grade.is_none_or(|grade| event.grade >= grade)
    });
    Ok(events)
}

fn check(provisions: &[Provision], bodies: usize) -> Result<(), HistoryError> {
    match provisions.iter().find(|p| p.body >= bodies) {
        Some(&Provision { body, .. }) => Err(HistoryError::Provision { body, bodies }),
        None => Ok(()),
    }
}

/// The statuses that one body's events give it; `events` in the order in which they decide.
fn statuses_of(events: &[Event]) -> Timeline<Status> {
    let mut statuses = Timeline::default();
    for (place, event) in events.iter().enumerate() {
        let status = Status {
            state: event.state,
            since: Some(event.effective_on),
            event: Some(event.id),
        };
        statuses.set(event.effective_on, status);

        let expiry = event.expires_on.filter(|_| event.state == State::Adopted);
        if let Some(expires_on) = expiry {
            let lapsed = Status {
                state: State::Lapsed,
                since: Some(expires_on),
                ..status
            };
            // An adoption that was over before it began has lapsed from its first day.
            let from = expires_on.max(event.effective_on);
            let next = events.get(place + 1);
            if next.is_none_or(|next| from < next.effective_on) {
                statuses.set(from, lapsed);
            }
        }
    }
    statuses
}

/// The strongest reason in force for one body, from its life and its own provisions.
fn reasons_of(body: &Body, provisions: &[Provision]) -> Timeline<Option<u8>> {
    let windows = provisions.iter().map(|p| (p.from, p.to));
    let mut edges: Vec<NaiveDate> = windows
        .chain([(body.opened_on, body.closed_on)])
        .flat_map(|(from, to)| [Some(from.unwrap_or(NaiveDate::MIN)), to])
        .flatten()
        .collect();
    edges.sort_unstable();

    let mut reasons = Timeline::default();
    for edge in edges {
        reasons.set(edge, reason_on(body, provisions, edge));
    }
    reasons
}

/// The strongest reason in force for one body on one day, by definition.
fn reason_on(body: &Body, provisions: &[Provision], on: NaiveDate) -> Option<u8> {
    if !in_force(body.opened_on, body.closed_on, on) {
        return None;
    }
    let current = || provisions.iter().filter(|p| in_force(p.from, p.to, on));
    if current().any(|provision| provision.excluded) {
        return None;
    }
    current().map(|provision| provision.reason).min()
}

/// The states of one body while it is eligible.
fn standings_of(
    reasons: &Timeline<Option<u8>>,
    statuses: &Timeline<Status>,
) -> Timeline<Option<State>> {
    let eligibility = reasons.steps().iter().map(|(from, _)| *from);
    let mut edges: Vec<NaiveDate> = eligibility
        .chain(statuses.steps().iter().map(|(from, _)| *from))
        .collect();
    edges.sort_unstable();

    let mut standings = Timeline::default();
    for edge in edges {
        let status = statuses.at(edge).unwrap_or(Status::UNKNOWN);
        let eligible = reasons.at(edge).flatten().is_some();
        standings.set(edge, eligible.then_some(status.state));
    }
    standings
}
