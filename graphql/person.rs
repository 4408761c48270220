//! People: who acts for an organisation, seen by name only where they are known.

use crate::asked::Asked;
use crate::error::Result;
use crate::id::Key;
use crate::once::{Once, distinct};
use async_graphql::{ID, Object};
use domain::Error;
use domain::id::PersonId;
use domain::policy::{About, Sight};
use std::collections::HashMap;
use std::sync::Arc;
use store::person::Person as Row;

type Rows = HashMap<PersonId, Arc<Row>>;

/// People who will be read together, when the first of them is wanted.
pub(crate) struct People {
    asked: Arc<Asked>,
    ids: Vec<PersonId>,
    rows: Once<(), Arc<Rows>>,
}

impl People {
    /// The people with these ids.
    pub(crate) fn named(asked: &Arc<Asked>, ids: impl IntoIterator<Item = PersonId>) -> Arc<Self> {
        Arc::new(Self {
            asked: Arc::clone(asked),
            ids: distinct(ids),
            rows: Once::default(),
        })
    }

    async fn rows(&self) -> Result<Arc<Rows>> {
        let read = || {
            Box::pin(async {
                let rows = store::person::by_ids(&mut self.asked.read().await?, &self.ids).await?;
                let rows = rows.into_iter().map(|row| (row.id, Arc::new(row)));
                Ok(Arc::new(rows.collect()))
            })
        };
        self.rows.get((), read).await
    }

    /// One of them, as a member in the affairs of `home` or by themself.
    pub(crate) async fn get(&self, id: PersonId, home: About) -> Result<Person> {
        let missing = || Error::internal(format!("person {id} is referred to and not there"));
        let row = self.rows().await?.get(&id).cloned().ok_or_else(missing)?;
        let viewer = &self.asked.viewer;
        let seen = |sight| {
            viewer.sees(sight, home).is_ok()
                || viewer.sees(Sight::Person, About::Person(id)).is_ok()
        };
        Ok(Person {
            row,
            named: seen(Sight::Members),
            addressed: seen(Sight::Addresses),
        })
    }
}

/// A person, as this viewer sees them.
pub struct Person {
    row: Arc<Row>,
    /// Whether the viewer may know the name.
    named: bool,
    /// Whether the viewer may know the address.
    addressed: bool,
}

/// A person who acts, or acted, for an organisation or the unit.
#[Object]
impl Person {
    /// Their opaque id.
    async fn id(&self) -> ID {
        Key::Person(self.row.id).id()
    }

    /// Their name: for themself, other members of the organisation, and the unit. Null for others, and where none is
    /// known.
    async fn name(&self) -> Option<&str> {
        self.row.name.as_deref().filter(|_| self.named)
    }

    /// Their verified e-mail address: for themself, the organisation's leads and the unit's administrators. Null for
    /// others, and where none is known.
    async fn email(&self) -> Option<&str> {
        self.row.email.as_deref().filter(|_| self.addressed)
    }

    /// Whether their details were erased. What they did stays on record.
    async fn erased(&self) -> bool {
        self.row.erased_at.is_some()
    }
}
