//! Problems: what they are, who has them, what their texts were, and what people say of them.

use crate::backing::Backing;
use crate::cost;
use crate::error::Result;
use crate::id::Key;
use crate::merge::Merge;
use crate::organisation::Organisation;
use crate::problem_words::ProblemState;
use crate::problems::Problems;
use crate::project::Project;
use crate::revision::Revision;
use crate::scalar::DateTime;
use crate::standard::Standard;
use crate::suggestion::Suggestion;
use async_graphql::{ID, Object, SimpleObject};
use domain::policy::{About, Action};
use std::sync::Arc;
use store::problem::Problem as Row;

/// A problem, and those that were read with it.
#[derive(Clone)]
pub struct Problem {
    pub(crate) row: Arc<Row>,
    pub(crate) together: Arc<Problems>,
}

impl Problem {
    /// Whether whoever asks may do this to it: as the body that raised it, by working on it, or for the unit.
    async fn may(&self, action: Action) -> Result<bool> {
        let teams = self.together.teams().await?;
        let teams = teams
            .get(&self.row.id)
            .map(Vec::as_slice)
            .unwrap_or_default();
        let viewer = &self.together.asked.viewer;
        Ok(viewer
            .may_as(action, self.row.organisation_id, teams)
            .is_ok())
    }
}

/// A problem that several bodies may have, to be solved once.
#[Object]
impl Problem {
    /// Its opaque id.
    pub(crate) async fn id(&self) -> ID {
        Key::Problem(self.row.id).id()
    }

    /// Its address, such as `nobody-knows-who-is-homeless`. It stays when the title changes.
    async fn slug(&self) -> &str {
        &self.row.slug
    }

    /// What it is, on one line.
    async fn title(&self) -> &str {
        &self.row.title
    }

    /// The same in a paragraph.
    async fn summary(&self) -> &str {
        &self.row.summary
    }

    /// Why it matters; can be empty.
    async fn why(&self) -> &str {
        &self.row.why
    }

    /// Who has it; can be empty.
    async fn affected(&self) -> &str {
        &self.row.affected
    }

    /// What it costs, in money, days or harm; can be empty.
    async fn burden(&self) -> &str {
        &self.row.burden
    }

    /// The service it belongs to; null where none was named.
    async fn service(&self) -> Option<Service> {
        self.row.service.as_deref().and_then(Service::named)
    }

    /// Its tags, in order.
    async fn tags(&self) -> Vec<&str> {
        self.row.tags().collect()
    }

    /// The standard it is about; null where none was named.
    async fn standard(&self) -> Result<Option<Standard>> {
        match self.row.standard_id {
            Some(id) => self.together.standards().await?.get(id).await.map(Some),
            None => Ok(None),
        }
    }

    /// How far it has come.
    async fn state(&self) -> ProblemState {
        self.row.state.into()
    }

    /// Why nobody goes on with it; null unless it is parked.
    async fn parked_reason(&self) -> Option<&str> {
        self.row.parked_reason.as_deref()
    }

    /// The problem it was merged into, where it is backed and worked on now; null where it stands for itself.
    async fn merged_into(&self) -> Result<Option<Self>> {
        match self.row.merged_into_id {
            Some(id) => self.together.went_to().await?.get(id).await.map(Some),
            None => Ok(None),
        }
    }

    /// Who raised it; null for the unit.
    async fn organisation(&self) -> Result<Option<Organisation>> {
        match self.row.organisation_id {
            Some(id) => self.together.owners().await?.get(id).await.map(Some),
            None => Ok(None),
        }
    }

    /// How many bodies back it.
    async fn backers(&self) -> i64 {
        self.row.backers
    }

    /// How many projects work on it that are neither stopped nor retired.
    async fn project_count(&self) -> i64 {
        self.row.projects
    }

    /// The projects that work on it or did, whatever their phase.
    #[graphql(complexity = "cost::list(3, child_complexity)")]
    async fn projects(&self) -> Result<Vec<Project>> {
        let (ids, projects) = &*self.together.projects().await?;
        let mut found = Vec::new();
        for id in ids.get(&self.row.id).into_iter().flatten() {
            found.push(projects.get(*id).await?);
        }
        Ok(found)
    }

    /// Who has it, too, and what they are willing to do; the oldest first.
    #[graphql(complexity = "cost::list(10, child_complexity)")]
    async fn backings(&self) -> Result<Vec<Backing>> {
        let backings = self.together.backings().await?;
        let rows = backings.get(&self.row.id).into_iter().flatten();
        Ok(rows
            .map(|row| Backing::new(row.clone(), &self.together))
            .collect())
    }

    /// What its text was, the newest first.
    #[graphql(complexity = "cost::list(5, child_complexity)")]
    async fn revisions(
        &self,
        #[graphql(desc = "Only the one with this number.")] number: Option<i32>,
    ) -> Result<Vec<Revision>> {
        let revisions = self.together.revisions().await?;
        let rows = revisions.get(&self.row.id).into_iter().flatten();
        let wanted = rows.filter(|row| number.is_none_or(|number| row.number == number));
        Ok(wanted
            .map(|row| Revision::new(row.clone(), &self.together))
            .collect())
    }

    /// The problems that were merged into it, and what it was merged into, undone merges too; the oldest first.
    #[graphql(complexity = "cost::list(2, child_complexity)")]
    async fn merges(&self) -> Result<Vec<Merge>> {
        let merges = self.together.merges().await?;
        let id = self.row.id;
        let about = |row: &&store::merge::Merge| row.problem_id == id || row.into_id == id;
        let merged = self.together.merged().await?;
        let rows = merges.iter().filter(about).cloned();
        Ok(rows.map(|row| Merge::new(row, &merged)).collect())
    }

    /// What people asked or suggested that was answered or declined, the oldest first.
    #[graphql(complexity = "cost::list(5, child_complexity)")]
    async fn suggestions(&self) -> Result<Vec<Suggestion>> {
        let suggestions = self.together.suggestions().await?;
        let askers = self.together.askers().await?;
        let rows = suggestions.get(&self.row.id).into_iter().flatten();
        Ok(rows
            .map(|row| Suggestion::about(row.clone(), &self.together, &askers))
            .collect())
    }

    /// Whether many bodies back it and nobody works on it.
    async fn orphan(&self) -> bool {
        self.row.is_orphan()
    }

    /// When it was raised.
    async fn created_at(&self) -> DateTime {
        DateTime(self.row.created_at)
    }

    /// When its text or state last changed.
    async fn updated_at(&self) -> DateTime {
        DateTime(self.row.updated_at)
    }

    /// Counts the changes to it, from 1. Whoever changes it says which version they saw.
    async fn version(&self) -> i64 {
        self.row.version
    }

    /// Whether whoever asks may write at its text.
    async fn may_revise(&self) -> bool {
        let viewer = &self.together.asked.viewer;
        viewer.may(Action::ReviseProblem, About::Sector).is_ok()
    }

    /// Whether whoever asks may answer the bodies that back it.
    async fn may_answer(&self) -> Result<bool> {
        self.may(Action::AnswerBacking).await
    }

    /// Whether whoever asks may park it, take it up again, or say that it is solved.
    async fn may_move(&self) -> Result<bool> {
        self.may(Action::MoveProblem).await
    }
}

/// A service of councils.
#[derive(SimpleObject, Debug, Clone, Copy)]
pub struct Service {
    /// Its code, such as `homelessness`.
    code: &'static str,
    /// What it is called.
    pub(crate) name: &'static str,
}

impl Service {
    /// The service with this code.
    pub(crate) fn named(code: &str) -> Option<Self> {
        domain::service::find(code).ok().map(Self::from)
    }
}

impl From<domain::service::Service> for Service {
    fn from(one: domain::service::Service) -> Self {
        Self {
            code: one.code,
            name: one.name,
        }
    }
}

/// An area of services.
#[derive(SimpleObject, Debug, Clone)]
pub struct ServiceArea {
    /// Its code, for problems that belong to all of it.
    code: &'static str,
    /// What it is called.
    name: &'static str,
    /// Its services.
    services: Vec<Service>,
}

impl ServiceArea {
    /// Every area.
    pub(crate) fn all() -> Vec<Self> {
        let area = |area: &domain::service::Area| Self {
            code: area.whole.code,
            name: area.whole.name,
            services: area.services.iter().copied().map(Service::from).collect(),
        };
        domain::service::AREAS.iter().map(area).collect()
    }
}
