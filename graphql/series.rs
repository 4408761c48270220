//! Figures over time, for all bodies or group by group.

use crate::cost;
use crate::error::{Result, TOO_COSTLY};
use crate::figure::{Known, StateCount, state_counts};
use crate::group::Group;
use crate::method::Method;
use crate::scalar::{Date, DateTime};
use crate::standard::Standard;
use crate::standards::{Each, Standards};
use crate::words::{SectorView, SuccessionRule};
use analytics::adoption::Figure;
use analytics::history::{History, Member, State};
use analytics::series::{SeriesError, Step, dates, series};
use async_graphql::{Error, ErrorExtensions, Object, SimpleObject};
use chrono::NaiveDate;
use std::sync::Arc;
use store::figure::Sector;

/// The most figures one field gives: points times groups.
const MOST: usize = 20_000;

/// What is asked of each standard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Wanted {
    /// The first date.
    pub(crate) from: NaiveDate,
    /// The last date.
    pub(crate) to: NaiveDate,
    /// The time between dates.
    pub(crate) step: Step,
    /// Cut by groups of this kind; `None`: all bodies together.
    pub(crate) by: Option<domain::group::GroupKind>,
    /// What counts as known.
    pub(crate) known: Known,
}

impl Wanted {
    fn dates(&self) -> Result<Vec<NaiveDate>, SeriesError> {
        dates(self.from, self.to, self.step)
    }

    /// The groups to cut by: those of the kind that have members, by name.
    fn groups(&self, sector: &Sector) -> Vec<Group> {
        let of_kind = sector
            .groups
            .iter()
            .filter(|group| Some(group.kind) == self.by);
        let mut groups: Vec<_> = of_kind
            .filter(|group| !sector.members(group.id).is_empty())
            .collect();
        groups.sort_by_key(|group| (&group.name, group.id));
        groups.into_iter().cloned().map(Group).collect()
    }
}

/// The figures of one standard: a list of points for each group, or for nobody in particular.
pub(crate) struct Lines(Vec<(Option<Group>, Vec<Figure>)>);

impl Lines {
    /// Works out the lines of each standard.
    pub(crate) async fn work_out(standards: &Standards, wanted: Wanted) -> Result<Each<Self>> {
        let dates = wanted.dates().map_err(domain::Error::internal)?;
        let lines = move |_, sector: &Sector, history: &History| {
            if wanted.by.is_none() {
                return Self(
                    series(history, &dates, &[])
                        .into_iter()
                        .map(|points| (None, points))
                        .collect(),
                );
            }
            let groups = wanted.groups(sector);
            let members: Vec<Vec<Member>> = groups
                .iter()
                .map(|group| sector.members(group.0.id).to_vec())
                .collect();
            // No groups would mean everybody to the series.
            let points = if groups.is_empty() {
                Vec::new()
            } else {
                series(history, &dates, &members)
            };
            Self(std::iter::zip(groups.into_iter().map(Some), points).collect())
        };
        Ok(Arc::new(standards.work_out(wanted.known, lines).await?))
    }
}

/// The series of one standard.
///
/// # Errors
/// `BAD_INPUT` when the last date is before the first; `TOO_COSTLY` for more figures than one field gives.
pub(crate) async fn adoption_series(
    standard: &Standard,
    wanted: Wanted,
    (view, succession): (SectorView, SuccessionRule),
) -> Result<Vec<AdoptionSeries>, Error> {
    let dates = match wanted.dates() {
        Ok(dates) => Arc::new(dates),
        Err(fault @ SeriesError::Backwards { .. }) => {
            let error = domain::Error::invalid("from", format!("{fault}; swap `from` and `to`."));
            return Err(Arc::new(error).into());
        }
        Err(fault @ SeriesError::TooManyPoints) => {
            return Err(too_costly(&format!("{fault}; take a longer step")));
        }
    };
    if wanted.by.is_some() {
        let groups = wanted
            .groups(&*standard.together.asked.sector().await?)
            .len();
        let points = dates.len();
        if points * groups > MOST {
            let message = format!(
                "{points} dates of {groups} groups are more than {MOST} figures; take a longer step"
            );
            return Err(too_costly(&message));
        }
    }
    let lines = standard.together.lines(wanted).await?;
    let lines = lines
        .get(&standard.row.id)
        .into_iter()
        .flat_map(|lines| &lines.0);
    Ok(lines
        .map(|(group, figures)| AdoptionSeries {
            group: group.clone(),
            known_at: DateTime(wanted.known.at),
            method: Method::from(&analytics::series::METHOD),
            view,
            succession,
            points: std::iter::zip(dates.iter().copied(), figures.iter().cloned())
                .map(|(on, figure)| AdoptionPoint { on, figure })
                .collect(),
        })
        .collect())
}

fn too_costly(message: &str) -> Error {
    Error::new(format!("{message}.")).extend_with(|_, values| values.set("code", TOO_COSTLY))
}

/// Figures over time, of all bodies or of one group.
#[derive(SimpleObject)]
pub struct AdoptionSeries {
    /// The group, with the members it had on each date; null for all bodies together.
    group: Option<Group>,
    /// Only what was recorded by then counts, on every date.
    known_at: DateTime,
    /// How it is worked out.
    method: Method,
    /// Which bodies each date counts.
    view: SectorView,
    /// What a body has of its predecessors.
    succession: SuccessionRule,
    /// The figures by date.
    points: Vec<AdoptionPoint>,
}

/// The figure of one date in a series.
pub struct AdoptionPoint {
    on: NaiveDate,
    figure: Figure,
}

/// The figure of one date in a series, as `Adoption` explains it.
#[Object]
impl AdoptionPoint {
    /// The date, UTC.
    async fn on(&self) -> Date {
        Date(self.on)
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

    /// adopted / (eligible − exempt), from 0 to 1; null where no body is left to count.
    async fn rate(&self) -> Option<f64> {
        self.figure.rate()
    }

    /// The rate by population, over the bodies whose population is known; null where there is none.
    async fn coverage(&self) -> Option<f64> {
        self.figure.coverage()
    }

    /// The eligible bodies by state: every state, in the order of the enum.
    #[graphql(complexity = "cost::list(State::ALL.len(), child_complexity)")]
    async fn states(&self) -> Vec<StateCount> {
        state_counts(&self.figure)
    }
}
