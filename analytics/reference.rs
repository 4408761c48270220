//! The definitions written out word for word, slowly: what the crate is compared with in tests.
use crate::adoption::Figure;
use crate::history::{Body, Event, Grade, History, Member, Provision, State, Status};
use chrono::{NaiveDate, NaiveDateTime};
use std::sync::Arc;

/// Everything that a history is built from.
#[derive(Clone, Debug)]
pub(crate) struct Sector {
    pub(crate) bodies: Vec<Body>,
    pub(crate) provisions: Vec<Provision>,
    pub(crate) events: Vec<Event>,
    pub(crate) known_at: NaiveDateTime,
    pub(crate) min_grade: Option<Grade>,
}

impl Sector {
    /// The history under test.
    pub(crate) fn history(&self) -> History {
        History::new(
            Arc::from(self.bodies.as_slice()),
            self.provisions.clone(),
            self.events.clone(),
            self.known_at,
            self.min_grade,
        )
        .unwrap()
    }

    /// opened_on ≤ D < closed_on.
    fn open(&self, body: usize, on: NaiveDate) -> bool {
        let Body {
            opened_on,
            closed_on,
            ..
        } = self.bodies[body];
        let opened = match opened_on {
            Some(opened_on) => opened_on <= on,
            None => true,
        };
        let closed = match closed_on {
            Some(closed_on) => closed_on <= on,
            None => false,
        };
        opened && !closed
    }

    pub(crate) fn reason(&self, body: usize, on: NaiveDate) -> Option<u8> {
        let mut reasons = Vec::new();
        for provision in &self.provisions {
            let begun = provision.from.unwrap_or(NaiveDate::MIN) <= on;
            let over = provision.to.is_some_and(|to| to <= on);
            if provision.body == body && begun && !over {
                if provision.excluded {
                    return None;
                }
                reasons.push(provision.reason);
            }
        }
        reasons.sort();
        let strongest = reasons.first().copied();
        if self.open(body, on) { strongest } else { None }
    }

    pub(crate) fn status(&self, body: usize, on: NaiveDate) -> Status {
        let known: Vec<&Event> = self
            .events
            .iter()
            .filter(|event| event.recorded_at <= self.known_at)
            .collect();
        let mut candidates: Vec<&Event> = known
            .iter()
            .copied()
            .filter(|event| event.body == body && event.effective_on <= on && event.confirmed)
            .filter(|event| match self.min_grade {
                Some(grade) => event.grade >= grade,
                None => true,
            })
            .filter(|event| known.iter().all(|other| other.corrects != Some(event.id)))
            .collect();
        candidates.sort_by_key(|event| (event.effective_on, event.recorded_at, event.id));
        let Some(last) = candidates.last() else {
            return Status::UNKNOWN;
        };
        let (state, since) = match (last.state, last.expires_on) {
            (State::Adopted, Some(expiry)) if expiry <= on => (State::Lapsed, expiry),
            (state, _) => (state, last.effective_on),
        };
        Status {
            state,
            since: Some(since),
            event: Some(last.id),
        }
    }

    /// The eligible bodies, and of these the members where there is a group.
    pub(crate) fn eligible(&self, on: NaiveDate, members: Option<&[Member]>) -> Vec<usize> {
        let current = |member: &Member| {
            let begun = member.from.unwrap_or(NaiveDate::MIN) <= on;
            let over = member.to.is_some_and(|to| to <= on);
            begun && !over
        };
        let inside = |body: usize| match members {
            None => true,
            Some(members) => members.iter().any(|m| m.body == body && current(m)),
        };
        (0..self.bodies.len())
            .filter(|&body| self.reason(body, on).is_some() && inside(body))
            .collect()
    }

    pub(crate) fn adopters(&self, on: NaiveDate) -> Vec<usize> {
        let mut eligible = self.eligible(on, None);
        eligible.retain(|&body| self.status(body, on).state == State::Adopted);
        eligible
    }

    pub(crate) fn figure(&self, on: NaiveDate, members: Option<&[Member]>) -> Figure {
        let mut figure = Figure::default();
        let eligible = self.eligible(on, members);
        for (count, state) in figure.states.iter_mut().zip(State::ALL) {
            for &body in &eligible {
                if self.status(body, on).state == state {
                    count.organisations += 1;
                    count.population += self.bodies[body].population.unwrap_or(0);
                }
            }
        }
        figure
    }
}
