//! Memberships: who acts for which organisation, in which role, from when to when.

use crate::asked::Asked;
use crate::error::Result;
use crate::id::Key;
use crate::organisation::Organisation;
use crate::organisations::Organisations;
use crate::person::{People, Person};
use crate::roles::Role;
use crate::scalar::Date;
use async_graphql::{ID, Object};
use domain::id::MembershipId;
use domain::policy::{About, Sight};
use std::sync::Arc;
use store::membership::Membership as Row;

/// The people and bodies of memberships that were read together.
pub(crate) struct Memberships {
    people: Arc<People>,
    organisations: Arc<Organisations>,
}

impl Memberships {
    /// Those of these rows, in their order.
    pub(crate) fn of(asked: &Arc<Asked>, rows: &[Row]) -> Vec<Membership> {
        let together = Arc::new(Self {
            people: People::named(asked, rows.iter().map(|row| row.person_id)),
            organisations: Organisations::named(
                asked,
                rows.iter().filter_map(|row| row.organisation_id),
            ),
        });
        let one = |row: &Row| Membership {
            row: row.clone(),
            together: Arc::clone(&together),
        };
        rows.iter().map(one).collect()
    }

    /// The membership with this id, after a mutation changed it.
    pub(crate) async fn find(
        asked: &Arc<Asked>,
        id: Option<MembershipId>,
    ) -> Result<Option<Membership>> {
        let Some(id) = id else { return Ok(None) };
        let asked = asked.renewed();
        let rows = store::membership::by_ids(&mut asked.read().await?, &[id]).await?;
        Ok(Self::of(&asked, &rows).pop())
    }

    /// Those with these ids that the viewer may see.
    pub(crate) async fn seen(asked: &Arc<Asked>, ids: &[MembershipId]) -> Result<Vec<Membership>> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let mut rows = store::membership::by_ids(&mut asked.read().await?, ids).await?;
        rows.retain(|row| {
            let viewer = &asked.viewer;
            let home = About::affairs_of(row.organisation_id);
            let own = About::Person(row.person_id);
            viewer.sees(Sight::Members, home).is_ok() || viewer.sees(Sight::Person, own).is_ok()
        });
        Ok(Self::of(asked, &rows))
    }
}

/// A membership, and those that were read with it.
#[derive(Clone)]
pub struct Membership {
    row: Row,
    together: Arc<Memberships>,
}

impl Membership {
    /// Its id in the store.
    pub(crate) fn key(&self) -> MembershipId {
        self.row.id
    }
}

/// That a person acts for an organisation or the unit in a role, from one day to another.
#[Object]
impl Membership {
    /// Its opaque id.
    pub(crate) async fn id(&self) -> ID {
        Key::Membership(self.row.id).id()
    }

    /// Who it is.
    async fn person(&self) -> Result<Person> {
        let home = About::affairs_of(self.row.organisation_id);
        self.together.people.get(self.row.person_id, home).await
    }

    /// For which organisation; null for the unit's own.
    async fn organisation(&self) -> Result<Option<Organisation>> {
        match self.row.organisation_id {
            Some(id) => self.together.organisations.get(id).await.map(Some),
            None => Ok(None),
        }
    }

    /// What they are there.
    async fn role(&self) -> Role {
        self.row.role.into()
    }

    /// The first day of it, UTC.
    async fn from(&self) -> Date {
        Date(self.row.from_on)
    }

    /// The first day it no longer holds, UTC; null while no end is set.
    async fn to(&self) -> Option<Date> {
        self.row.to_on.map(Date)
    }

    /// Counts the changes to it, from 1. Whoever changes it says which version they saw.
    async fn version(&self) -> i64 {
        self.row.version
    }
}
