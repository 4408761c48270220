//! Short ways to write down bodies, provisions, events and histories in tests.
use crate::history::{Body, Event, Grade, History, Member, Provision, State};
use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use std::sync::Arc;

/// A cut-off after everything that [`event`] records.
pub(crate) const KNOWN: &str = "2030-01-01";

/// A date as `2020-02-01`.
pub(crate) fn day(date: &str) -> NaiveDate {
    date.parse().unwrap()
}

/// Midnight at the start of a date.
pub(crate) fn at(date: &str) -> NaiveDateTime {
    day(date).and_time(NaiveTime::MIN)
}

/// A date, or `""` for none.
fn end(date: &str) -> Option<NaiveDate> {
    (!date.is_empty()).then(|| day(date))
}

/// A body of unknown size with a life; `""` leaves an end open.
pub(crate) fn body(opened_on: &str, closed_on: &str) -> Body {
    Body {
        opened_on: end(opened_on),
        closed_on: end(closed_on),
        population: None,
    }
}

/// Bodies that are always open, one for each population.
pub(crate) fn sized<const N: usize>(populations: [Option<i64>; N]) -> [Body; N] {
    populations.map(|population| Body {
        population,
        ..Body::default()
    })
}

/// A provision with reason 1; `""` leaves an end open.
pub(crate) fn provision(body: usize, from: &str, to: &str) -> Provision {
    Provision {
        body,
        from: end(from),
        to: end(to),
        excluded: false,
        reason: 1,
    }
}

/// A provision without end for each of the bodies.
pub(crate) fn applied(bodies: &[Body]) -> Vec<Provision> {
    let each = 0..bodies.len();
    each.map(|body| provision(body, "", "")).collect()
}

/// A membership; `""` leaves an end open.
pub(crate) fn member(body: usize, from: &str, to: &str) -> Member {
    Member {
        body,
        from: end(from),
        to: end(to),
    }
}

/// A confirmed event, recorded on the day it is about.
pub(crate) fn event(id: u128, body: usize, state: State, effective_on: &str) -> Event {
    Event {
        id,
        body,
        state,
        effective_on: day(effective_on),
        recorded_at: at(effective_on),
        expires_on: None,
        grade: Grade::SelfDeclared,
        confirmed: true,
        corrects: None,
    }
}

/// The history of everything recorded by [`KNOWN`], of any grade.
pub(crate) fn history(bodies: &[Body], provisions: &[Provision], events: &[Event]) -> History {
    let (provisions, events) = (provisions.to_vec(), events.to_vec());
    History::new(Arc::from(bodies), provisions, events, at(KNOWN), None).unwrap()
}
