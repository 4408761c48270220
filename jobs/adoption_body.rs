//! The JSON of an adoption snapshot: the same figures give the same bytes.
//!
//! When it was known is not in it, so that a figure that did not change is recognised as the same.

use analytics::adoption::{self, Figure};
use analytics::history::{History, State};
use chrono::NaiveDate;
use domain::group::GroupKind;
use serde::Serialize;
use store::figure::Sector;

/// A standard's figure on a date, of the whole sector and by group.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Body<'a> {
    method: &'static str,
    version: i32,
    as_of: NaiveDate,
    view: &'static str,
    succession: &'static str,
    whole: Part,
    /// By slug; only groups with a member to which the standard applies.
    groups: Vec<GroupPart<'a>>,
}

/// The figure of some bodies.
#[derive(Debug, Serialize)]
struct Part {
    eligible: u32,
    adopted: u32,
    exempt: u32,
    unknown: u32,
    population: i64,
    rate: Option<f64>,
    coverage: Option<f64>,
    /// The states that occur.
    states: Vec<StateCount>,
}

#[derive(Debug, Serialize)]
struct StateCount {
    state: &'static str,
    organisations: u32,
    population: i64,
}

/// The figure of one group.
#[derive(Debug, Serialize)]
struct GroupPart<'a> {
    group: &'a str,
    name: &'a str,
    kind: GroupKind,
    #[serde(flatten)]
    part: Part,
}

impl<'a> Body<'a> {
    /// Works out the figure on a date, of the whole (which is given) and of every group of the sector.
    pub(crate) fn new(
        sector: &'a Sector,
        history: &History,
        as_of: NaiveDate,
        whole: &Figure,
    ) -> Self {
        let mut groups = Vec::new();
        for group in &sector.groups {
            let figure = adoption::figure(history, as_of, Some(sector.members(group.id)));
            if figure.eligible() > 0 {
                groups.push(GroupPart {
                    group: &group.slug,
                    name: &group.name,
                    kind: group.kind,
                    part: Part::new(&figure),
                });
            }
        }
        groups.sort_unstable_by_key(|part| part.group);
        Self {
            method: adoption::METHOD.id,
            version: adoption::METHOD.version,
            as_of,
            view: "AS_THEY_WERE",
            succession: "OWN_ONLY",
            whole: Part::new(whole),
            groups,
        }
    }
}

impl Part {
    fn new(figure: &Figure) -> Self {
        let states = State::ALL
            .into_iter()
            .map(|state| (state, figure.count(state)));
        Self {
            eligible: figure.eligible(),
            adopted: figure.adopted(),
            exempt: figure.exempt(),
            unknown: figure.unknown(),
            population: figure.population(),
            rate: figure.rate(),
            coverage: figure.coverage(),
            states: states
                .filter(|(_, count)| count.organisations > 0)
                .map(|(state, count)| StateCount {
                    state: word(state),
                    organisations: count.organisations,
                    population: count.population,
                })
                .collect(),
        }
    }
}

fn word(state: State) -> &'static str {
    match state {
        State::Unknown => "UNKNOWN",
        State::Considering => "CONSIDERING",
        State::Pledged => "PLEDGED",
        State::Piloting => "PILOTING",
        State::Adopted => "ADOPTED",
        State::Lapsed => "LAPSED",
        State::Declined => "DECLINED",
        State::Exempt => "EXEMPT",
    }
}
