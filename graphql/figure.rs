//! Figures of adoption on a date: who they count, and the rows behind them.

use crate::adopter;
use crate::cost;
use crate::error::Result;
use crate::event::AdoptionEvent;
use crate::group::Group;
use crate::method::Method;
use crate::page::{Connection, forward};
use crate::scalar::{Date, DateTime};
use crate::standard::Standard;
use crate::words::{AdoptionState, SectorView, SuccessionRule};
use analytics::adoption::Figure;
use analytics::history::State;
use async_graphql::{Object, SimpleObject};
use chrono::{NaiveDate, NaiveDateTime};
use domain::Error;
use domain::adoption::EvidenceGrade;
use domain::id::GroupId;

/// What counts as known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Known {
    /// What was recorded by then.
    pub(crate) at: NaiveDateTime,
    /// With evidence of at least this grade; `None`: any.
    pub(crate) min_grade: Option<EvidenceGrade>,
}

/// What a figure speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Cut {
    /// The day.
    pub(crate) as_of: NaiveDate,
    /// What counts as known.
    pub(crate) known: Known,
    /// Only the members of this group on that day; `None`: everybody.
    pub(crate) group: Option<GroupId>,
}

/// The figure of one standard.
pub struct Adoption {
    standard: Standard,
    cut: Cut,
    group: Option<Group>,
    view: SectorView,
    succession: SuccessionRule,
    figure: Figure,
}

impl Adoption {
    /// Works out the figure of a standard.
    pub(crate) async fn of(
        standard: &Standard,
        cut: Cut,
        view: SectorView,
        succession: SuccessionRule,
    ) -> Result<Self> {
        let group = match cut.group {
            Some(id) => Some(group(standard, id).await?),
            None => None,
        };
        let figures = standard.together.figures(cut).await?;
        Ok(Self {
            standard: standard.clone(),
            cut,
            group,
            view,
            succession,
            figure: figures.get(&standard.row.id).cloned().unwrap_or_default(),
        })
    }
}

/// The group that an argument names.
///
/// # Errors
/// `NOT_FOUND` when there is none.
pub(crate) async fn group(standard: &Standard, id: GroupId) -> Result<Group> {
    let sector = standard.together.asked.sector().await?;
    let found = sector.groups.iter().find(|group| group.id == id).cloned();
    Ok(found
        .map(Group)
        .ok_or_else(|| Error::not_found("group", id.to_string()))?)
}

/// How many bodies a standard applies to on a day, and where they stand. `rate` = adopted / (eligible − exempt).
#[Object]
impl Adoption {
    /// The day it speaks of, UTC.
    async fn as_of(&self) -> Date {
        Date(self.cut.as_of)
    }

    /// Only what was recorded of adoption by then counts. Bodies, groups and provisions are read as the register has
    /// them now, each with its own dates.
    async fn known_at(&self) -> DateTime {
        DateTime(self.cut.known.at)
    }

    /// How it is worked out.
    async fn method(&self) -> Method {
        Method::from(&analytics::adoption::METHOD)
    }

    /// Which bodies it counts.
    async fn view(&self) -> SectorView {
        self.view
    }

    /// What a body has of its predecessors.
    async fn succession(&self) -> SuccessionRule {
        self.succession
    }

    /// The group whose members it counts; null when it counts everybody.
    async fn group(&self) -> Option<&Group> {
        self.group.as_ref()
    }

    /// How many bodies the standard applies to, the exempt ones included.
    async fn eligible(&self) -> u32 {
        self.figure.eligible()
    }

    /// How many of them have adopted it.
    async fn adopted(&self) -> u32 {
        self.figure.adopted()
    }

    /// How many of them are exempt.
    async fn exempt(&self) -> u32 {
        self.figure.exempt()
    }

    /// Of how many of them nothing is known. It is never counted as "no".
    async fn unknown(&self) -> u32 {
        self.figure.unknown()
    }

    /// The population of the eligible bodies, where it is known.
    async fn population(&self) -> i64 {
        self.figure.population()
    }

    /// The eligible bodies by state: every state, in the order of the enum.
    #[graphql(complexity = "cost::list(State::ALL.len(), child_complexity)")]
    async fn states(&self) -> Vec<StateCount> {
        state_counts(&self.figure)
    }

    /// adopted / (eligible − exempt), from 0 to 1; null where no body is left to count.
    async fn rate(&self) -> Option<f64> {
        self.figure.rate()
    }

    /// The rate by population, over the bodies whose population is known; null where there is none.
    async fn coverage(&self) -> Option<f64> {
        self.figure.coverage()
    }

    /// The rows behind the figure: the deciding event of each eligible body that has one, by the body's address.
    #[graphql(complexity = "cost::page(first, None, child_complexity)")]
    async fn evidence(
        &self,
        #[graphql(desc = "How many, 1 to 100. Required.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
    ) -> Result<Connection<AdoptionEvent>> {
        let page = forward(adopter::EVIDENCE, first, after)?;
        adopter::evidence(&self.standard, self.cut, page).await
    }
}

/// How many bodies are in a state.
#[derive(SimpleObject)]
pub struct StateCount {
    /// The state.
    state: AdoptionState,
    /// How many eligible bodies are in it.
    organisations: u32,
    /// The people they serve, where it is known.
    population: i64,
}

/// The bodies of a figure by state: every state, in the order of the enum.
pub(crate) fn state_counts(figure: &Figure) -> Vec<StateCount> {
    let count = |state: &State| StateCount {
        state: (*state).into(),
        organisations: figure.count(*state).organisations,
        population: figure.count(*state).population,
    };
    State::ALL.iter().map(count).collect()
}

/// How many bodies a standard applies to for a reason.
#[derive(SimpleObject)]
pub struct ReasonCount {
    /// The strongest reason for which it applies to them.
    pub(crate) reason: crate::words::ProvisionReason,
    /// How many eligible bodies.
    pub(crate) organisations: u32,
}
