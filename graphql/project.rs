//! Projects: what they are, who works on them, how far they have come and what comes out.

use crate::ask::Ask;
use crate::cost;
use crate::error::Result;
use crate::flag::Flag;
use crate::id::Key;
use crate::organisation::Organisation;
use crate::page::{Connection, forward};
use crate::participation::Participation;
use crate::problem::Problem;
use crate::project_parts::{Contribution, Gate, Milestone, Output, PhaseChange};
use crate::project_words::{Freshness, Phase};
use crate::projects::Projects;
use crate::said;
use crate::scalar::{Date, DateTime};
use crate::state::{ProjectDifference, ProjectState};
use crate::status::StatusUpdate;
use async_graphql::{ID, Object};
use domain::policy::{About, Action, Team};
use std::sync::Arc;
use store::project::Project as Row;

/// A project, and those that were read with it.
#[derive(Clone)]
pub struct Project {
    pub(crate) row: Arc<Row>,
    pub(crate) together: Arc<Projects>,
}

impl Project {
    /// Whether whoever asks may do this in it.
    async fn may(&self, action: Action) -> Result<bool> {
        let teams = self.together.teams().await?;
        let nobody = Team {
            project: self.row.id,
            lead: None,
            partners: Vec::new(),
        };
        let team = teams.get(&self.row.id).unwrap_or(&nobody);
        Ok(self.together.asked.viewer.may_in(action, team).is_ok())
    }
}

/// A project of several organisations that solve a problem once.
#[Object]
impl Project {
    /// Its opaque id.
    pub(crate) async fn id(&self) -> ID {
        Key::Project(self.row.id).id()
    }

    /// Its address, such as `shared-planning-register`.
    async fn slug(&self) -> &str {
        &self.row.slug
    }

    /// What it is called.
    async fn title(&self) -> &str {
        &self.row.title
    }

    /// What it does, in a paragraph.
    async fn summary(&self) -> &str {
        &self.row.summary
    }

    /// Where it shows its work.
    async fn url(&self) -> Option<&str> {
        self.row.url.as_deref()
    }

    /// The problems it works on.
    #[graphql(complexity = "cost::list(2, child_complexity)")]
    async fn problems(&self) -> Result<Vec<Problem>> {
        let on = self.together.problems().await?;
        let mut found = Vec::new();
        for id in on.ids.get(&self.row.id).into_iter().flatten() {
            found.push(on.problems.get(*id).await?);
        }
        Ok(found)
    }

    /// How far it has come.
    async fn phase(&self) -> Phase {
        self.row.phase.into()
    }

    /// Since when it is in that phase, UTC.
    async fn phase_since(&self) -> Date {
        Date(self.row.phase_since)
    }

    /// When it began, UTC.
    async fn started_on(&self) -> Date {
        Date(self.row.started_on)
    }

    /// Why it stopped; null unless it did.
    async fn stopped_reason(&self) -> Option<&str> {
        self.row.stopped_reason.as_deref()
    }

    /// A status is expected every so many days.
    async fn cadence_days(&self) -> i32 {
        self.row.cadence_days
    }

    /// The organisation that leads it; null when nobody does, or who is to has not agreed yet.
    async fn lead(&self) -> Result<Option<Organisation>> {
        match self.row.lead_id {
            Some(id) => self.together.leads().await?.get(id).await.map(Some),
            None => Ok(None),
        }
    }

    /// How many organisations take part, the lead included.
    async fn participant_count(&self) -> i64 {
        self.row.participants
    }

    /// Who takes part, was to, or did, in the order in which it was proposed: see the state of each.
    #[graphql(complexity = "cost::list(6, child_complexity)")]
    async fn participants(&self) -> Result<Vec<Participation>> {
        let all = self.together.participations().await?;
        Ok(all.in_project(self.row.id))
    }

    /// The phases it went through, from the first on.
    #[graphql(complexity = "cost::list(4, child_complexity)")]
    async fn phases(&self) -> Result<Vec<PhaseChange>> {
        let all = self.together.phases().await?;
        let rows = all.get(&self.row.id).into_iter().flatten();
        Ok(rows.map(PhaseChange::from).collect())
    }

    /// What it asks of itself before it enters a phase, and whether that holds now.
    #[graphql(complexity = "cost::list(4, child_complexity)")]
    async fn gates(&self) -> Result<Vec<Gate>> {
        let all = self.together.gates().await?;
        let facts = self.together.facts().await?;
        let facts = facts.get(&self.row.id).cloned().unwrap_or_default();
        let rows = all.get(&self.row.id).into_iter().flatten();
        Ok(rows
            .filter(|row| row.least > 0)
            .map(|row| Gate::new(row, &facts))
            .collect())
    }

    /// What it means to have done by when, by when that is due.
    #[graphql(complexity = "cost::list(5, child_complexity)")]
    async fn milestones(&self) -> Result<Vec<Milestone>> {
        let all = self.together.milestones().await?;
        let today = self.together.asked.today();
        let rows = all.get(&self.row.id).into_iter().flatten();
        Ok(rows.map(|row| Milestone::new(row, today)).collect())
    }

    /// What it made for others to use, in the order in which it was published.
    #[graphql(complexity = "cost::list(5, child_complexity)")]
    async fn outputs(&self) -> Result<Vec<Output>> {
        let all = self.together.outputs().await?;
        let rows = all.rows.get(&self.row.id).into_iter().flatten();
        Ok(rows.map(|row| Output::new(row, &all.standards)).collect())
    }

    /// What is pledged to it and what was given, in the order in which it was pledged.
    #[graphql(complexity = "cost::list(5, child_complexity)")]
    async fn contributions(&self) -> Result<Vec<Contribution>> {
        let all = self.together.contributions().await?;
        let rows = all.rows.get(&self.row.id).into_iter().flatten();
        Ok(rows
            .map(|row| Contribution::new(row, &all.organisations))
            .collect())
    }

    /// What it said of itself last; null where it has not yet.
    async fn latest_status(&self) -> Result<Option<StatusUpdate>> {
        self.newest_status().await
    }

    /// Everything it said of itself, the newest first; what was put right as well.
    #[graphql(complexity = "cost::page(first, None, child_complexity)")]
    async fn status_updates(
        &self,
        #[graphql(desc = "How many from the start, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
    ) -> Result<Connection<StatusUpdate>> {
        self.updates(forward(said::LIST, first, after)?).await
    }

    /// How old its last status is, by its cadence; null for one that is over. One that never had any counts from its start.
    async fn freshness(&self) -> Option<Freshness> {
        self.how_fresh()
    }

    /// How it stood when a day ended, UTC, as far as was known then.
    #[graphql(complexity = "child_complexity.saturating_add(cost::STANDING)")]
    async fn status_on(
        &self,
        #[graphql(desc = "The day; today when left out.")] as_of: Option<Date>,
    ) -> Result<Option<ProjectState>> {
        self.stood(self.together.asked.as_of(as_of)).await
    }

    /// What changed from when one day ended to when another did.
    #[graphql(complexity = "child_complexity.saturating_add(2 * cost::STANDING)")]
    async fn difference(
        &self,
        #[graphql(desc = "The day from which.")] from: Date,
        #[graphql(desc = "The day to which; today when left out.")] to: Option<Date>,
    ) -> Result<Option<ProjectDifference>> {
        self.changed(from.0, self.together.asked.as_of(to)).await
    }

    /// What it asks of others, the newest first.
    #[graphql(complexity = "cost::list(5, child_complexity)")]
    async fn asks(&self) -> Result<Vec<Ask>> {
        self.all_asks().await
    }

    /// What does not fit the green it shows, the newest first; also what is gone, see `clearedAt`.
    #[graphql(complexity = "cost::list(3, child_complexity)")]
    async fn flags(&self) -> Result<Vec<Flag>> {
        self.all_flags().await
    }

    /// Whether whoever asks may post its status.
    async fn may_post_status(&self) -> Result<bool> {
        self.may(Action::PostStatus).await
    }

    /// The file it was imported from; null for one that was started here.
    async fn source(&self) -> Option<&str> {
        self.row.source.as_deref()
    }

    /// When it was written down here.
    async fn created_at(&self) -> DateTime {
        DateTime(self.row.created_at)
    }

    /// Counts the changes to it, from 1.
    async fn version(&self) -> i64 {
        self.row.version
    }

    /// Whether whoever asks leads it: invites, moves phases, sets gates and milestones.
    async fn may_lead(&self) -> Result<bool> {
        self.may(Action::LeadProject).await
    }

    /// Whether whoever asks works on it: publishes outputs and posts its status.
    async fn may_work(&self) -> Result<bool> {
        self.may(Action::WorkOnProject).await
    }

    /// Whether whoever asks may invite an organisation to lead it: the unit's administrators, where nobody does.
    async fn may_appoint(&self) -> bool {
        let viewer = &self.together.asked.viewer;
        let about = About::Project(self.row.id);
        self.row.lead_id.is_none() && viewer.may(Action::AppointLead, about).is_ok()
    }
}
