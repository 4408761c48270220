//! Status updates: what projects say of themselves.

use crate::asked::Asked;
use crate::error::Result;
use crate::id::Key;
use crate::once::Once;
use crate::organisation::Organisation;
use crate::organisations::Organisations;
use crate::project::Project;
use crate::projects::Projects;
use crate::scalar::DateTime;
use crate::status_words::Rag;
use async_graphql::{ID, Object};
use domain::id::{ProjectId, StatusId};
use std::collections::HashMap;
use std::sync::Arc;
use store::status::{StatusKey, StatusUpdate as Row};

/// Updates that were read together.
pub(crate) struct Updates {
    asked: Arc<Asked>,
    rows: HashMap<StatusKey, Arc<Row>>,
    organisations: Arc<Organisations>,
    projects: Arc<Projects>,
    corrections: Once<(), Arc<HashMap<StatusKey, StatusId>>>,
}

impl Updates {
    /// Updates that were read.
    pub(crate) fn read(asked: &Arc<Asked>, rows: impl IntoIterator<Item = Row>) -> Arc<Self> {
        let rows: HashMap<StatusKey, Arc<Row>> = rows
            .into_iter()
            .map(|row| (row.key(), Arc::new(row)))
            .collect();
        let bodies = rows.values().filter_map(|row| row.organisation_id);
        Arc::new(Self {
            asked: Arc::clone(asked),
            organisations: Organisations::named(asked, bodies),
            projects: Projects::named(asked, rows.keys().map(|key| key.0)),
            rows,
            corrections: Once::default(),
        })
    }

    /// The updates with these keys: one statement, and none without keys.
    pub(crate) async fn named(asked: &Arc<Asked>, keys: &[StatusKey]) -> Result<Arc<Self>> {
        let rows = match keys {
            [] => Vec::new(),
            _ => store::status::by_keys(&mut asked.read().await?, keys).await?,
        };
        Ok(Self::read(asked, rows))
    }

    /// One of them; `None` when there is no such update.
    pub(crate) fn find(self: &Arc<Self>, key: StatusKey) -> Option<StatusUpdate> {
        let row = Arc::clone(self.rows.get(&key)?);
        Some(StatusUpdate {
            row,
            together: Arc::clone(self),
        })
    }

    /// The one of a project, where they are one a project.
    pub(crate) fn of(self: &Arc<Self>, project: ProjectId) -> Option<StatusUpdate> {
        let key = self.rows.keys().find(|key| key.0 == project)?;
        self.find(*key)
    }

    async fn corrections(&self) -> Result<Arc<HashMap<StatusKey, StatusId>>> {
        let read = || {
            Box::pin(async {
                let keys: Vec<StatusKey> = self.rows.keys().copied().collect();
                let mut conn = self.asked.read().await?;
                Ok(Arc::new(
                    store::status::corrections(&mut conn, &keys).await?,
                ))
            })
        };
        self.corrections.get((), read).await
    }
}

/// An update, and those that were read with it.
#[derive(Clone)]
pub struct StatusUpdate {
    pub(crate) row: Arc<Row>,
    together: Arc<Updates>,
}

/// What a project said of itself. It is never changed: a newer update may put it right, and both stay readable.
#[Object]
impl StatusUpdate {
    /// Its opaque id.
    pub(crate) async fn id(&self) -> ID {
        let (project, id) = self.row.key();
        Key::StatusUpdate(project, id).id()
    }

    /// The project it is about.
    async fn project(&self) -> Result<Project> {
        self.together.projects.get(self.row.project_id).await
    }

    /// When it was posted.
    async fn posted_at(&self) -> DateTime {
        DateTime(self.row.posted_at)
    }

    /// The moment it speaks of: when it was posted, or what it puts right was.
    async fn stands_at(&self) -> DateTime {
        DateTime(self.row.stands_at)
    }

    /// Who posted it, as the record names them.
    async fn posted_by(&self) -> &str {
        &self.row.posted_by
    }

    /// For which organisation it was posted.
    async fn organisation(&self) -> Result<Option<Organisation>> {
        match self.row.organisation_id {
            Some(id) => self.together.organisations.get(id).await.map(Some),
            None => Ok(None),
        }
    }

    /// Whether it will deliver what it is to deliver.
    async fn delivery(&self) -> Rag {
        self.row.delivery.into()
    }

    /// Whether its money will do.
    async fn money(&self) -> Rag {
        self.row.money.into()
    }

    /// Whether it has the people.
    async fn people(&self) -> Rag {
        self.row.people.into()
    }

    /// Whether others will use what it makes.
    async fn reuse(&self) -> Rag {
        self.row.reuse.into()
    }

    /// The news in one sentence.
    async fn headline(&self) -> &str {
        &self.row.headline
    }

    /// What comes next; empty where nothing was said.
    async fn next_step(&self) -> &str {
        &self.row.next_step
    }

    /// Whether it only said that nothing changed.
    async fn unchanged(&self) -> bool {
        self.row.unchanged
    }

    /// The id of the update that it puts right; null for most.
    async fn corrects(&self) -> Option<ID> {
        let key = |id| Key::StatusUpdate(self.row.project_id, id).id();
        self.row.corrects_id.map(key)
    }

    /// The id of the newer update that puts this one right; null for most.
    async fn corrected_by(&self) -> Result<Option<ID>> {
        let corrections = self.together.corrections().await?;
        let key = |id: &StatusId| Key::StatusUpdate(self.row.project_id, *id).id();
        Ok(corrections.get(&self.row.key()).map(key))
    }
}
