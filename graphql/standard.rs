//! Standards and practices: what they are, whom they apply to and who adopted them.

use crate::adopter::{self, Adopter};
use crate::change::{self, AdoptionChange};
use crate::cost;
use crate::error::Result;
use crate::figure::{self, Adoption, Cut, Known, ReasonCount};
use crate::id::Key;
use crate::organisation::search;
use crate::page::{Connection, forward};
use crate::provision::Provision;
use crate::scalar::{Date, DateTime};
use crate::series::{self, AdoptionSeries};
use crate::snapshot::{self, Snapshot};
use crate::standards::Standards;
use crate::words::{
    AdoptionState, EvidenceGrade, GroupKind, SectorView, StandardKind, StandardStage, Step,
    SuccessionRule,
};
use async_graphql::{ID, InputObject, Object, SimpleObject};
use domain::provision::ProvisionReason;
use std::sync::Arc;
use store::standard::{Filter, Standard as Row};

/// A standard, and those that were read with it.
#[derive(Clone)]
pub struct Standard {
    pub(crate) row: Arc<Row>,
    pub(crate) together: Arc<Standards>,
}

impl Standard {
    fn known(&self, at: Option<DateTime>, min_grade: Option<EvidenceGrade>) -> Known {
        Known {
            at: self.together.asked.known_at(at),
            min_grade: min_grade.map(Into::into),
        }
    }
}

/// A standard or practice.
#[Object]
impl Standard {
    /// Its opaque id.
    pub(crate) async fn id(&self) -> ID {
        Key::Standard(self.row.id).id()
    }

    /// Its address, such as `conservation-area`.
    async fn slug(&self) -> &str {
        &self.row.slug
    }

    /// Its title.
    async fn title(&self) -> &str {
        &self.row.title
    }

    /// What it is about.
    async fn kind(&self) -> StandardKind {
        self.row.kind.into()
    }

    /// How far it has come.
    async fn stage(&self) -> StandardStage {
        self.row.stage.into()
    }

    /// What it is for, in a sentence or two.
    async fn summary(&self) -> &str {
        &self.row.summary
    }

    /// Where it is published.
    async fn url(&self) -> Option<&str> {
        self.row.url.as_deref()
    }

    /// Counts the changes to it, from 1.
    async fn version(&self) -> i64 {
        self.row.version
    }

    /// The stages it passed through, the earliest first.
    #[graphql(complexity = "cost::list(3, child_complexity)")]
    async fn stages(&self) -> Result<Vec<StageDate>> {
        let stages = self.together.stages().await?;
        let rows = stages.get(&self.row.id).into_iter().flatten();
        Ok(rows
            .map(|row| StageDate {
                stage: row.stage.into(),
                on: row.starts_on.map(Date),
            })
            .collect())
    }

    /// Its published versions, the earliest first.
    #[graphql(complexity = "cost::list(3, child_complexity)")]
    async fn versions(&self) -> Result<Vec<StandardVersion>> {
        let versions = self.together.versions().await?;
        let rows = versions.get(&self.row.id).into_iter().flatten();
        Ok(rows
            .map(|row| StandardVersion {
                label: row.label.clone(),
                released_on: row.released_on.map(Date),
                url: row.url.clone(),
            })
            .collect())
    }

    /// The standard it takes the place of.
    async fn supersedes(&self) -> Result<Option<Standard>> {
        match self.row.supersedes_id {
            Some(id) => Ok(Some(self.together.superseded().await?.get(id).await?)),
            None => Ok(None),
        }
    }

    /// Whom it applies to and why: the denominator of every figure.
    #[graphql(complexity = "cost::list(10, child_complexity)")]
    async fn provisions(&self) -> Result<Vec<Provision>> {
        Ok(self.together.provisions().await?.list(self.row.id))
    }

    /// How many bodies it applies to on a day, each counted by its strongest reason; the strongest reason first.
    #[graphql(
        complexity = "cost::list(ProvisionReason::ALL.len(), child_complexity).saturating_add(cost::FIGURE)"
    )]
    async fn reasons(
        &self,
        #[graphql(desc = "The day; today (UTC) if left out.")] as_of: Option<Date>,
    ) -> Result<Vec<ReasonCount>> {
        let reasons = self
            .together
            .reasons(self.together.asked.as_of(as_of))
            .await?;
        let counts = reasons.get(&self.row.id).into_iter().flatten();
        let named =
            counts.filter_map(|(rank, count)| Some((ProvisionReason::from_rank(*rank)?, *count)));
        Ok(named
            .map(|(reason, organisations)| ReasonCount {
                reason: reason.into(),
                organisations,
            })
            .collect())
    }

    /// How many bodies it applies to on a day, and where they stand.
    #[graphql(complexity = "child_complexity.saturating_add(cost::FIGURE)")]
    #[allow(
        clippy::too_many_arguments,
        reason = "they are the arguments of the field"
    )]
    async fn adoption(
        &self,
        #[graphql(desc = "The day; today (UTC) if left out.")] as_of: Option<Date>,
        #[graphql(desc = "Only what was recorded by then counts; now if left out or yet to come.")]
        known_at: Option<DateTime>,
        #[graphql(desc = "Count only the members of this group on that day.")] group: Option<ID>,
        #[graphql(
            desc = "Count only events with evidence of at least this grade; any if left out."
        )]
        min_grade: Option<EvidenceGrade>,
        #[graphql(
            desc = "Which bodies are counted.",
            default_with = "Some(SectorView::AsTheyWere)"
        )]
        view: Option<SectorView>,
        #[graphql(
            desc = "What a body has of its predecessors.",
            default_with = "Some(SuccessionRule::OwnOnly)"
        )]
        succession: Option<SuccessionRule>,
    ) -> Result<Adoption> {
        let cut = Cut {
            as_of: self.together.asked.as_of(as_of),
            known: self.known(known_at, min_grade),
            group: group.map(|id| Key::group("group", &id)).transpose()?,
        };
        let view = view.unwrap_or(SectorView::AsTheyWere);
        Adoption::of(
            self,
            cut,
            view,
            succession.unwrap_or(SuccessionRule::OwnOnly),
        )
        .await
    }

    /// The figure on each of many dates: `from`, then one a step, and always `to`. With `by`, one series for each group
    /// of that kind that has members, by name; without, one for all bodies together.
    #[graphql(complexity = "cost::series(from, to, step, by, child_complexity)")]
    #[allow(
        clippy::too_many_arguments,
        reason = "they are the arguments of the field"
    )]
    async fn adoption_series(
        &self,
        #[graphql(desc = "The first date.")] from: Date,
        #[graphql(desc = "The last date.")] to: Date,
        #[graphql(
            desc = "The time from one date to the next.",
            default_with = "Some(Step::Month)"
        )]
        step: Option<Step>,
        #[graphql(desc = "Cut by the groups of this kind.")] by: Option<GroupKind>,
        #[graphql(desc = "Only what was recorded by then counts; now if left out or yet to come.")]
        known_at: Option<DateTime>,
        #[graphql(
            desc = "Count only events with evidence of at least this grade; any if left out."
        )]
        min_grade: Option<EvidenceGrade>,
        #[graphql(
            desc = "Which bodies are counted.",
            default_with = "Some(SectorView::AsTheyWere)"
        )]
        view: Option<SectorView>,
        #[graphql(
            desc = "What a body has of its predecessors.",
            default_with = "Some(SuccessionRule::OwnOnly)"
        )]
        succession: Option<SuccessionRule>,
    ) -> async_graphql::Result<Vec<AdoptionSeries>> {
        let rules = (
            view.unwrap_or(SectorView::AsTheyWere),
            succession.unwrap_or(SuccessionRule::OwnOnly),
        );
        let wanted = series::Wanted {
            from: from.0,
            to: to.0,
            step: step.unwrap_or(Step::Month).into(),
            by: by.map(Into::into),
            known: self.known(known_at, min_grade),
        };
        series::adoption_series(self, wanted, rules).await
    }

    /// What lies between the numbers of adopters on two dates, body by body.
    #[graphql(complexity = "child_complexity.saturating_add(cost::CHANGE)")]
    async fn adoption_change(
        &self,
        #[graphql(desc = "The first date.")] from: Date,
        #[graphql(desc = "The second date.")] to: Date,
        #[graphql(desc = "Only what was recorded by then counts; now if left out or yet to come.")]
        known_at: Option<DateTime>,
        #[graphql(
            desc = "Count only events with evidence of at least this grade; any if left out."
        )]
        min_grade: Option<EvidenceGrade>,
        #[graphql(desc = "Count only the members of this group on each date.")] group: Option<ID>,
    ) -> Result<AdoptionChange> {
        let group = group.map(|id| Key::group("group", &id)).transpose()?;
        let known = self.known(known_at, min_grade);
        AdoptionChange::of(
            self,
            change::Wanted {
                from: from.0,
                to: to.0,
                known,
                group,
            },
        )
        .await
    }

    /// The bodies it applies to on a day, by address, and where each stands.
    #[graphql(
        complexity = "cost::page(first, None, child_complexity).saturating_add(cost::FIGURE)"
    )]
    #[allow(
        clippy::too_many_arguments,
        reason = "they are the arguments of the field"
    )]
    async fn adopters(
        &self,
        #[graphql(desc = "Only bodies in one of these states; every state if left out.")]
        state: Option<Vec<AdoptionState>>,
        #[graphql(desc = "The day; today (UTC) if left out.")] as_of: Option<Date>,
        #[graphql(desc = "Only what was recorded by then counts; now if left out or yet to come.")]
        known_at: Option<DateTime>,
        #[graphql(
            desc = "Count only events with evidence of at least this grade; any if left out."
        )]
        min_grade: Option<EvidenceGrade>,
        #[graphql(desc = "Only members of this group on that day.")] group: Option<ID>,
        #[graphql(desc = "How many, 1 to 100. Required.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
    ) -> Result<Connection<Adopter>> {
        let page = forward(adopter::ADOPTERS, first, after)?;
        let group = group.map(|id| Key::group("group", &id)).transpose()?;
        if let Some(id) = group {
            figure::group(self, id).await?;
        }
        let cut = Cut {
            as_of: self.together.asked.as_of(as_of),
            known: self.known(known_at, min_grade),
            group,
        };
        adopter::adopters(self, cut, state, page).await
    }

    /// The kept figures, the newest first.
    #[graphql(complexity = "cost::page(first, None, child_complexity)")]
    async fn snapshots(
        &self,
        #[graphql(desc = "How many, 1 to 100. Required.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
    ) -> Result<Connection<Snapshot>> {
        let wanted = forward(snapshot::LIST, first, after)?;
        let page = wanted.page();
        Ok(self
            .together
            .snapshots(wanted)
            .await?
            .page(self.row.id, &page))
    }
}

/// A stage of a standard and when it began.
#[derive(SimpleObject)]
pub struct StageDate {
    /// The stage.
    stage: StandardStage,
    /// Its first day, UTC; null when it is not known.
    on: Option<Date>,
}

/// A published version of a standard.
#[derive(SimpleObject)]
pub struct StandardVersion {
    /// Its label, such as `2.1`.
    label: String,
    /// When it was released, UTC.
    released_on: Option<Date>,
    /// Where it is published.
    url: Option<String>,
}

/// Which standards a list holds: those to which everything given applies.
#[derive(InputObject, Default)]
pub struct StandardFilter {
    /// Words that the title holds, in any case.
    text: Option<String>,
    /// Only standards of this kind.
    kind: Option<StandardKind>,
    /// Only standards in one of these stages.
    stage: Option<Vec<StandardStage>>,
    /// Only standards that have (or have not) at least one provision.
    applied: Option<bool>,
}

impl StandardFilter {
    /// The filter as the store takes it.
    pub(crate) fn parse(self) -> Result<Filter> {
        Ok(Filter {
            text: self
                .text
                .map(|text| search("filter.text", text))
                .transpose()?,
            kind: self.kind.map(Into::into),
            stages: self
                .stage
                .map(|stages| stages.into_iter().map(Into::into).collect()),
            applied: self.applied,
        })
    }
}
