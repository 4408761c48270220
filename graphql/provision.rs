//! Provisions: whom standards apply to and why.

use crate::asked::Asked;
use crate::error::Result;
use crate::group::Group;
use crate::id::Key;
use crate::once::{Once, by, distinct};
use crate::organisation::Organisation;
use crate::organisations::Organisations;
use crate::scalar::Date;
use crate::words::{OrganisationKind, ProvisionReason};
use async_graphql::{ID, Object};
use domain::Error;
use domain::id::{GroupId, ProvisionId, StandardId};
use domain::provision::Target;
use std::collections::HashMap;
use std::sync::Arc;
use store::provision::Provision as Row;

/// The provisions of standards that were read together, with the groups and bodies they name.
pub(crate) struct Provisions {
    asked: Arc<Asked>,
    rows: HashMap<StandardId, Vec<Arc<Row>>>,
    group_ids: Vec<GroupId>,
    groups: Once<(), Arc<HashMap<GroupId, Group>>>,
    organisations: Arc<Organisations>,
}

impl Provisions {
    /// Reads the provisions of these standards.
    pub(crate) async fn of(asked: &Arc<Asked>, standards: &[StandardId]) -> Result<Arc<Self>> {
        let rows = match standards {
            [] => Vec::new(),
            _ => store::provision::of(&mut asked.read().await?, standards).await?,
        };
        let targets = rows
            .iter()
            .map(Row::target)
            .collect::<domain::Result<Vec<Target>>>()?;
        let groups = targets.iter().filter_map(|target| match target {
            Target::Group(id) => Some(*id),
            Target::Kind(_) | Target::Organisation(_) => None,
        });
        let bodies = targets.iter().filter_map(|target| match target {
            Target::Organisation(id) => Some(*id),
            Target::Kind(_) | Target::Group(_) => None,
        });
        Ok(Arc::new(Self {
            asked: Arc::clone(asked),
            group_ids: distinct(groups),
            groups: Once::default(),
            organisations: Organisations::named(asked, bodies),
            rows: by(rows.into_iter().map(Arc::new).collect(), |row| {
                row.standard_id
            }),
        }))
    }

    /// Those of one standard, by id.
    pub(crate) fn list(self: &Arc<Self>, standard: StandardId) -> Vec<Provision> {
        let rows = self.rows.get(&standard).into_iter().flatten();
        rows.map(|row| Provision {
            row: Arc::clone(row),
            together: Arc::clone(self),
        })
        .collect()
    }

    /// One of them; `None` when the standard has no such provision.
    pub(crate) fn find(
        self: &Arc<Self>,
        standard: StandardId,
        id: ProvisionId,
    ) -> Option<Provision> {
        let mut rows = self.rows.get(&standard).into_iter().flatten();
        let row = Arc::clone(rows.find(|row| row.id == id)?);
        Some(Provision {
            row,
            together: Arc::clone(self),
        })
    }

    async fn group(&self, id: GroupId) -> Result<Group> {
        let read = || {
            Box::pin(async {
                let rows =
                    store::group::by_ids(&mut self.asked.read().await?, &self.group_ids).await?;
                Ok(Arc::new(
                    rows.into_iter()
                        .map(|row| (row.id, Group(row)))
                        .collect::<HashMap<_, _>>(),
                ))
            })
        };
        let groups = self.groups.get((), read).await?;
        let missing = || Error::internal(format!("group {id} is referred to and not there"));
        Ok(groups.get(&id).cloned().ok_or_else(missing)?)
    }
}

/// A provision, and those that were read with it.
#[derive(Clone)]
pub struct Provision {
    row: Arc<Row>,
    together: Arc<Provisions>,
}

/// That a standard applies to a kind of bodies, a group or one body; or, excluded, that it does not.
#[Object]
impl Provision {
    /// Its opaque id.
    pub(crate) async fn id(&self) -> ID {
        Key::Provision(self.row.standard_id, self.row.id).id()
    }

    /// Why it applies.
    async fn reason(&self) -> ProvisionReason {
        self.row.reason.into()
    }

    /// Its first day, UTC; null when it always applied.
    async fn from(&self) -> Option<Date> {
        self.row.from_on.map(Date)
    }

    /// The first day it no longer applies, UTC; null until further notice.
    async fn to(&self) -> Option<Date> {
        self.row.to_on.map(Date)
    }

    /// Whether it takes out those it names instead of naming them.
    async fn excluded(&self) -> bool {
        self.row.excluded
    }

    /// Words about it.
    async fn note(&self) -> Option<&str> {
        self.row.note.as_deref()
    }

    /// The kind of bodies it names. Exactly one of kind, group and organisation is not null.
    async fn kind(&self) -> Result<Option<OrganisationKind>> {
        match self.row.target()? {
            Target::Kind(kind) => Ok(Some(kind.into())),
            Target::Group(_) | Target::Organisation(_) => Ok(None),
        }
    }

    /// The group it names: every member, while it is a member.
    async fn group(&self) -> Result<Option<Group>> {
        match self.row.target()? {
            Target::Group(id) => Ok(Some(self.together.group(id).await?)),
            Target::Kind(_) | Target::Organisation(_) => Ok(None),
        }
    }

    /// The one body it names.
    async fn organisation(&self) -> Result<Option<Organisation>> {
        match self.row.target()? {
            Target::Organisation(id) => Ok(Some(self.together.organisations.get(id).await?)),
            Target::Kind(_) | Target::Group(_) => Ok(None),
        }
    }
}
