//! Organisations that were read together, and what is read for all of them at once.

use crate::affairs::Affairs;
use crate::asked::Asked;
use crate::error::Result;
use crate::group::Group;
use crate::once::{Once, by, distinct};
use crate::organisation::Organisation;
use crate::page::{Connection, Total, Wanted};
use crate::participation::Participations;
use crate::position::{self, Positions};
use crate::promises::Promises;
use crate::succession::Successions;
use chrono::NaiveDate;
use domain::Error;
use domain::id::{GroupId, OrganisationId};
use std::collections::HashMap;
use std::sync::{Arc, OnceLock};
use store::group::Member;
use store::organisation::{Filter, Order, Organisation as Row};

/// The rows of bodies, by id.
pub(crate) type Rows = HashMap<OrganisationId, Arc<Row>>;

/// Bodies that were read, or will be read, together.
pub(crate) struct Organisations {
    /// The request.
    pub(crate) asked: Arc<Asked>,
    ids: Vec<OrganisationId>,
    rows: Once<(), Arc<Rows>>,
    codes: Once<(), Arc<HashMap<OrganisationId, Vec<store::code::ExternalId>>>>,
    successions: Once<(), Arc<Successions>>,
    memberships: Once<(), Arc<Memberships>>,
    positions: Once<position::Wanted, Arc<Positions>>,
    affairs: OnceLock<Arc<Affairs>>,
    portfolios: Once<(), Arc<Participations>>,
    promises: OnceLock<Arc<Promises>>,
}

/// The memberships of bodies, and the groups they are in.
pub(crate) struct Memberships {
    members: HashMap<OrganisationId, Vec<Member>>,
    groups: HashMap<GroupId, Group>,
}

impl Organisations {
    /// Bodies to be read when the first of them is wanted.
    pub(crate) fn named(
        asked: &Arc<Asked>,
        ids: impl IntoIterator<Item = OrganisationId>,
    ) -> Arc<Self> {
        Arc::new(Self::with(asked, distinct(ids), Once::default()))
    }

    /// Bodies that were read.
    pub(crate) fn read(asked: &Arc<Asked>, rows: impl IntoIterator<Item = Row>) -> Arc<Self> {
        let rows: Rows = rows
            .into_iter()
            .map(|row| (row.id, Arc::new(row)))
            .collect();
        let ids = distinct(rows.keys().copied());
        Arc::new(Self::with(asked, ids, Once::with(Arc::new(rows))))
    }

    fn with(asked: &Arc<Asked>, ids: Vec<OrganisationId>, rows: Once<(), Arc<Rows>>) -> Self {
        Self {
            asked: Arc::clone(asked),
            ids,
            rows,
            codes: Once::default(),
            successions: Once::default(),
            memberships: Once::default(),
            positions: Once::default(),
            affairs: OnceLock::new(),
            portfolios: Once::default(),
            promises: OnceLock::new(),
        }
    }

    /// The ids of all of them, in order.
    pub(crate) fn ids(&self) -> &[OrganisationId] {
        &self.ids
    }

    /// The rows of all of them.
    pub(crate) async fn rows(&self) -> Result<Arc<Rows>> {
        let read = || {
            Box::pin(async {
                let rows =
                    store::organisation::by_ids(&mut self.asked.read().await?, &self.ids).await?;
                Ok(Arc::new(
                    rows.into_iter()
                        .map(|row| (row.id, Arc::new(row)))
                        .collect(),
                ))
            })
        };
        self.rows.get((), read).await
    }

    /// One of them; `None` when there is no such body.
    pub(crate) async fn find(self: &Arc<Self>, id: OrganisationId) -> Result<Option<Organisation>> {
        let row = self.rows().await?.get(&id).cloned();
        Ok(row.map(|row| Organisation {
            row,
            together: Arc::clone(self),
        }))
    }

    /// One of them that something else refers to.
    pub(crate) async fn get(self: &Arc<Self>, id: OrganisationId) -> Result<Organisation> {
        let missing = || Error::internal(format!("organisation {id} is referred to and not there"));
        Ok(self.find(id).await?.ok_or_else(missing)?)
    }

    /// What is not public of each.
    pub(crate) fn affairs(&self) -> &Affairs {
        let homes = || self.ids.iter().copied().map(Some);
        self.affairs
            .get_or_init(|| Affairs::of(&self.asked, homes()))
    }

    /// What each takes part in, was to, or did.
    pub(crate) async fn portfolios(&self) -> Result<Arc<Participations>> {
        let read = || Box::pin(Participations::of_organisations(&self.asked, &self.ids));
        self.portfolios.get((), read).await
    }

    /// What each signed and promised, and where it is told.
    pub(crate) fn promises(&self) -> &Promises {
        self.promises
            .get_or_init(|| Promises::of(&self.asked, &self.ids))
    }

    /// The codes of each.
    pub(crate) async fn codes(
        &self,
    ) -> Result<Arc<HashMap<OrganisationId, Vec<store::code::ExternalId>>>> {
        let read = || {
            Box::pin(async {
                let rows = store::code::of(&mut self.asked.read().await?, &self.ids).await?;
                Ok(Arc::new(by(rows, |row| row.organisation_id)))
            })
        };
        self.codes.get((), read).await
    }

    /// The successions that any of them is part of.
    pub(crate) async fn successions(&self) -> Result<Arc<Successions>> {
        let read = || {
            Box::pin(async {
                let pairs =
                    store::succession::around(&mut self.asked.read().await?, &self.ids).await?;
                Successions::read(&self.asked, pairs).await
            })
        };
        self.successions.get((), read).await
    }

    /// The memberships of each, of any time.
    pub(crate) async fn memberships(&self) -> Result<Arc<Memberships>> {
        let read = || {
            Box::pin(async {
                let mut conn = self.asked.read().await?;
                let members = store::group::of(&mut conn, &self.ids).await?;
                let ids = distinct(members.iter().map(|member| member.group_id));
                let groups = store::group::by_ids(&mut conn, &ids).await?;
                Ok(Arc::new(Memberships {
                    members: by(members, |member| member.organisation_id),
                    groups: groups.into_iter().map(|row| (row.id, Group(row))).collect(),
                }))
            })
        };
        self.memberships.get((), read).await
    }

    /// Where each of them stands with the standards.
    pub(crate) async fn positions(&self, wanted: position::Wanted) -> Result<Arc<Positions>> {
        let work = || Box::pin(Positions::work_out(self, wanted.clone()));
        self.positions.get(wanted.clone(), work).await
    }
}

impl Memberships {
    /// The groups of a body on a day, by kind and name.
    pub(crate) fn on(&self, body: OrganisationId, day: NaiveDate) -> Vec<Group> {
        let members = self.members.get(&body).into_iter().flatten();
        let current = members.filter(|member| member.period().contains(day));
        let ids = distinct(current.map(|member| member.group_id));
        let mut groups: Vec<Group> = ids
            .iter()
            .filter_map(|id| self.groups.get(id).cloned())
            .collect();
        groups.sort_by(|a, b| (a.0.kind, &a.0.name, a.0.id).cmp(&(b.0.kind, &b.0.name, b.0.id)));
        groups
    }
}

/// One page of the bodies that a filter lets through.
pub(crate) async fn page(
    asked: &Arc<Asked>,
    filter: Filter,
    order: Order,
    wanted: &Wanted,
) -> Result<Connection<Organisation>> {
    let list = match order {
        Order::Name => "organisations by name",
        Order::Population => "organisations by population",
    };
    let page = wanted.page(list)?;
    let rows = store::organisation::page(&mut asked.read().await?, &filter, order, &page).await?;
    let together = Organisations::read(asked, rows.rows.iter().cloned());
    let node = |row| Organisation {
        row: Arc::new(row),
        together: Arc::clone(&together),
    };
    let nodes = store::page::Rows {
        rows: rows.rows.into_iter().map(node).collect(),
        more: rows.more,
    };
    let asked = Arc::clone(asked);
    let total = Total::counted(move || {
        let (asked, filter) = (Arc::clone(&asked), filter.clone());
        async move { Ok(store::organisation::count(&mut asked.read().await?, &filter).await?) }
    });
    Ok(Connection::new(
        list,
        &page,
        nodes,
        total,
        |node: &Organisation| {
            let key = match order {
                Order::Name => node.row.name_key().to_owned(),
                Order::Population => node.row.population_key().to_string(),
            };
            (key, node.row.id.to_string())
        },
    ))
}
