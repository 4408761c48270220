//! What lies between two dates: which bodies made the number of adopters what it is.

use crate::cost;
use crate::error::Result;
use crate::figure::{self, Known};
use crate::group::Group;
use crate::method::Method;
use crate::once::distinct;
use crate::organisation::Organisation;
use crate::organisations::Organisations;
use crate::scalar::{Date, DateTime};
use crate::standard::Standard;
use crate::standards::Standards;
use crate::words::ChangePart;
use analytics::change::{Change, Part, change};
use analytics::history::History;
use async_graphql::Object;
use chrono::NaiveDate;
use domain::id::{GroupId, OrganisationId, StandardId};
use std::collections::HashMap;
use std::sync::Arc;
use store::figure::Sector;

/// What is asked of each standard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Wanted {
    /// The first date.
    pub(crate) from: NaiveDate,
    /// The second date.
    pub(crate) to: NaiveDate,
    /// What counts as known.
    pub(crate) known: Known,
    /// Only the members of this group on each date; `None`: everybody.
    pub(crate) group: Option<GroupId>,
}

/// The change of each of the standards that were read together.
pub(crate) struct Changes {
    changes: HashMap<StandardId, Change>,
    /// The bodies of all the changes.
    organisations: Arc<Organisations>,
    /// Their ids, by place in the sector.
    ids: HashMap<usize, OrganisationId>,
}

impl Changes {
    /// Works out the change of each standard.
    pub(crate) async fn work_out(standards: &Standards, wanted: Wanted) -> Result<Arc<Self>> {
        let part = move |_, sector: &Sector, history: &History| {
            let members = wanted.group.map(|group| sector.members(group));
            change(history, wanted.from, wanted.to, members)
        };
        let changes = standards.work_out(wanted.known, part).await?;
        let sector = standards.asked.sector().await?;
        let places = distinct(
            changes
                .values()
                .flat_map(|change| change.bodies.iter().map(|(_, place)| *place)),
        );
        let body = |place: &usize| &sector.organisations[*place];
        Ok(Arc::new(Self {
            organisations: Organisations::read(
                &standards.asked,
                places.iter().map(|place| body(place).clone()),
            ),
            ids: places
                .iter()
                .map(|place| (*place, body(place).id))
                .collect(),
            changes,
        }))
    }
}

/// The change of one standard.
pub struct AdoptionChange {
    standard: StandardId,
    wanted: Wanted,
    group: Option<Group>,
    together: Arc<Changes>,
}

impl AdoptionChange {
    /// Works out the change of a standard.
    pub(crate) async fn of(standard: &Standard, wanted: Wanted) -> Result<Self> {
        let group = match wanted.group {
            Some(id) => Some(figure::group(standard, id).await?),
            None => None,
        };
        Ok(Self {
            standard: standard.row.id,
            wanted,
            group,
            together: standard.together.changes(wanted).await?,
        })
    }

    fn change(&self) -> Option<&Change> {
        self.together.changes.get(&self.standard)
    }

    fn total(&self, part: Part) -> i64 {
        self.change().map_or(0, |change| change.total(part))
    }
}

/// The change of the number of adopters between two dates, split exactly: adopted + lapsed + entered + left +
/// inherited = difference.
#[Object]
impl AdoptionChange {
    /// The first date, UTC.
    async fn from(&self) -> Date {
        Date(self.wanted.from)
    }

    /// The second date, UTC.
    async fn to(&self) -> Date {
        Date(self.wanted.to)
    }

    /// Only what was recorded by then counts, on both dates.
    async fn known_at(&self) -> DateTime {
        DateTime(self.wanted.known.at)
    }

    /// The group whose members it counts; null when it counts everybody.
    async fn group(&self) -> Option<&Group> {
        self.group.as_ref()
    }

    /// How it is worked out.
    async fn method(&self) -> Method {
        Method::from(&analytics::change::METHOD)
    }

    /// How many eligible bodies had adopted on the first date.
    async fn before(&self) -> i64 {
        self.change().map_or(0, |change| change.before)
    }

    /// How many eligible bodies have adopted on the second.
    async fn after(&self) -> i64 {
        self.change().map_or(0, |change| change.after)
    }

    /// after − before.
    async fn difference(&self) -> i64 {
        self.change().map_or(0, Change::difference)
    }

    /// Bodies eligible on both dates that have adopted on the second only.
    async fn adopted(&self) -> i64 {
        self.total(Part::Adopted)
    }

    /// Bodies eligible on both dates that had adopted on the first only, as a negative number.
    async fn lapsed(&self) -> i64 {
        self.total(Part::Lapsed)
    }

    /// Bodies eligible (and members of the group) on the second date only, that have adopted then.
    async fn entered(&self) -> i64 {
        self.total(Part::Entered)
    }

    /// Bodies eligible (and members of the group) on the first date only, that had adopted then, as a negative number.
    async fn left(&self) -> i64 {
        self.total(Part::Left)
    }

    /// Bodies that have adopted by what a predecessor had done: none under the rule `OWN_ONLY`.
    async fn inherited(&self) -> i64 {
        self.total(Part::Inherited)
    }

    /// Each body that changed the number, by part and then by address.
    #[graphql(complexity = "cost::list(20, child_complexity)")]
    async fn bodies(&self) -> Vec<ChangedBody> {
        let bodies = self.change().into_iter().flat_map(|change| &change.bodies);
        let known =
            bodies.filter_map(|(part, place)| Some((*part, *self.together.ids.get(place)?)));
        known
            .map(|(part, id)| ChangedBody {
                part,
                id,
                organisations: Arc::clone(&self.together.organisations),
            })
            .collect()
    }
}

/// A body that changed the number.
pub struct ChangedBody {
    part: Part,
    id: OrganisationId,
    organisations: Arc<Organisations>,
}

/// A body that changed the number of adopters, and how.
#[Object]
impl ChangedBody {
    /// The part of the difference it belongs to.
    async fn part(&self) -> ChangePart {
        self.part.into()
    }

    /// The body.
    async fn organisation(&self) -> Result<Organisation> {
        self.organisations.get(self.id).await
    }
}
