//! The state of the sector on a date: how many bodies a standard applies to, and where they stand.
use crate::history::{History, Member, State, Status};
use crate::method::Method;
use crate::timeline::in_force;
use chrono::NaiveDate;
use std::collections::BTreeMap;
use std::ops::{AddAssign, SubAssign};

/// How a [`Figure`] is worked out.
pub const METHOD: Method = Method {
    id: "adoption",
    version: 1,
    title: "Adoption on a date",
    definition: "\
A body is eligible on a day when it is open, some provision of the standard is in force for it and no \
exclusion is. Lives and windows run from their first day up to, and not including, their last. \
The state of a body is that of its last event that was effective by the day: last by the day it became \
effective, then by when it was recorded. Only events recorded by the cut-off count; one that another \
of them corrects does not, nor does one that is unconfirmed or of a lower grade than asked for. An \
adoption holds until the day it expires, and from that day is LAPSED. A body without such an event is \
UNKNOWN, which is never counted as no. \
rate = adopted / (eligible \u{2212} exempt). coverage = population of the adopted / (population of the \
eligible \u{2212} population of the exempt), over bodies whose population is known. Where the denominator \
is 0 there is no figure. \
View AS_THEY_WERE: the bodies open on the day itself. \
Succession OWN_ONLY: a body has its own events and inherits nothing from its predecessors.",
};

/// A number of bodies and of the people they serve.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// How many bodies.
    pub organisations: u32,
    /// Their population; a body whose population is not known adds nothing.
    pub population: i64,
}

impl AddAssign for Count {
    fn add_assign(&mut self, other: Self) {
        self.organisations += other.organisations;
        self.population += other.population;
    }
}

impl SubAssign for Count {
    fn sub_assign(&mut self, other: Self) {
        self.organisations -= other.organisations;
        self.population -= other.population;
    }
}

/// Where the eligible bodies stand on a date.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figure {
    /// The eligible bodies by state, in the order of [`State::ALL`].
    pub states: [Count; 8],
}

impl Figure {
    /// How many bodies are eligible, the exempt ones included.
    pub fn eligible(&self) -> u32 {
        self.states.iter().map(|count| count.organisations).sum()
    }

    /// The population of the eligible bodies, where known.
    pub fn population(&self) -> i64 {
        self.states.iter().map(|count| count.population).sum()
    }

    /// The eligible bodies in one state.
    pub fn count(&self, state: State) -> Count {
        self.states[state.index()]
    }

    /// How many eligible bodies have adopted.
    pub fn adopted(&self) -> u32 {
        self.count(State::Adopted).organisations
    }

    /// How many eligible bodies are exempt.
    pub fn exempt(&self) -> u32 {
        self.count(State::Exempt).organisations
    }

    /// How many eligible bodies nothing is known of.
    pub fn unknown(&self) -> u32 {
        self.count(State::Unknown).organisations
    }

    /// adopted / (eligible − exempt), from 0 to 1; `None` when no body is left to count.
    pub fn rate(&self) -> Option<f64> {
        let bound = self.eligible() - self.exempt();
        (bound > 0).then(|| f64::from(self.adopted()) / f64::from(bound))
    }

    /// The rate by population, over the bodies whose population is known; `None` when there is no
    /// such population.
    pub fn coverage(&self) -> Option<f64> {
        let bound = self.population() - self.count(State::Exempt).population;
        // Exact: populations lie far below 2^53.
        let adopted = self.count(State::Adopted).population as f64;
        (bound > 0).then(|| adopted / bound as f64)
    }

    /// The place in which bodies of `state` are counted.
    pub(crate) fn count_mut(&mut self, state: State) -> &mut Count {
        &mut self.states[state.index()]
    }
}

impl AddAssign<&Figure> for Figure {
    fn add_assign(&mut self, other: &Figure) {
        for (count, other) in self.states.iter_mut().zip(other.states) {
            *count += other;
        }
    }
}

impl SubAssign<&Figure> for Figure {
    fn sub_assign(&mut self, other: &Figure) {
        for (count, other) in self.states.iter_mut().zip(other.states) {
            *count -= other;
        }
    }
}

/// An eligible body and its status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The index of the body.
    pub body: usize,
    /// Its state on the date, and what decided it.
    pub status: Status,
}

/// The figure of one date, over all bodies or the `members` of a group on that date. A member out
/// of range is left out.
pub fn figure(history: &History, on: NaiveDate, members: Option<&[Member]>) -> Figure {
    let mut figure = Figure::default();
    for body in chosen(history, on, members) {
        if let Some(state) = history.standing(body, on) {
            *figure.count_mut(state) += one(history, body);
        }
    }
    figure
}

/// The eligible bodies behind [`figure()`], in order of index, each with its status.
pub fn standings(history: &History, on: NaiveDate, members: Option<&[Member]>) -> Vec<Standing> {
    let chosen = chosen(history, on, members).into_iter();
    chosen
        .filter(|&body| history.eligible(body, on))
        .map(|body| Standing {
            body,
            status: history.status(body, on),
        })
        .collect()
}

/// How many eligible bodies the standard applies to by each reason, the strongest one of each body.
pub fn reasons(history: &History, on: NaiveDate) -> BTreeMap<u8, u32> {
    let mut reasons = BTreeMap::new();
    for reason in (0..history.bodies().len()).filter_map(|body| history.reason(body, on)) {
        *reasons.entry(reason).or_default() += 1;
    }
    reasons
}

/// One body, as it is counted.
pub(crate) fn one(history: &History, body: usize) -> Count {
    Count {
        organisations: 1,
        population: history.bodies()[body].population.unwrap_or(0),
    }
}

/// The bodies to look at, each once, in order of index; one out of range is never eligible.
fn chosen(history: &History, on: NaiveDate, members: Option<&[Member]>) -> Vec<usize> {
    let Some(members) = members else {
        return (0..history.bodies().len()).collect();
    };
    let current = members
        .iter()
        .filter(|member| in_force(member.from, member.to, on));
    let mut chosen: Vec<usize> = current.map(|member| member.body).collect();
    chosen.sort_unstable();
    chosen.dedup();
    chosen
}
