//! What can be asked of the sector, its standards and the jobs.

use crate::activity::{self, Change};
use crate::asked::Asked;
use crate::bounds::ChangeFilter;
use crate::cost;
use crate::error::Result;
use crate::group::{self, Group};
use crate::job::{self, Job, JobRun, JobRunFilter};
use crate::method::Method;
use crate::node::{self, Node};
use crate::organisation::{self, Organisation, OrganisationFilter};
use crate::organisations;
use crate::page::{Connection, Wanted, forward};
use crate::scalar::Date;
use crate::standard::{Standard, StandardFilter};
use crate::standards::{self, Standards};
use crate::succession::{self, Reorganisation};
use crate::words::{GroupKind, OrganisationOrder, StandardOrder};
use async_graphql::{Context, ID, Object};
use std::sync::Arc;

/// What can be asked of the sector, its standards and the jobs.
#[derive(Default)]
pub struct SectorQueries;

#[Object]
impl SectorQueries {
    /// The thing with this id; null when there is none.
    async fn node(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "An id that this API gave.")] id: ID,
    ) -> Result<Option<Node>> {
        node::node(Asked::of(ctx), id).await
    }

    /// The things with these ids, in the same order; null for each that there is not.
    #[graphql(complexity = "cost::list(ids.len(), child_complexity)")]
    async fn nodes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Ids that this API gave, at most 100.")] ids: Vec<ID>,
    ) -> Result<Vec<Option<Node>>> {
        node::nodes(Asked::of(ctx), ids).await
    }

    /// One body, by its address or by a code; null when there is none. Give one of the two.
    async fn organisation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its address, such as `adur-district-council`.")] slug: Option<String>,
        #[graphql(
            desc = "A code of any register, such as E07000223, or with its scheme as `gss:E07000223`."
        )]
        code: Option<String>,
    ) -> Result<Option<Organisation>> {
        organisation::organisation(Asked::of(ctx), slug, code).await
    }

    /// The register of organisations. Give `first` or `last`.
    #[graphql(complexity = "cost::page(first, last, child_complexity)")]
    #[allow(
        clippy::too_many_arguments,
        reason = "they are the arguments of the field"
    )]
    async fn organisations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which organisations.")] filter: Option<OrganisationFilter>,
        #[graphql(
            desc = "In which order.",
            default_with = "Some(OrganisationOrder::Name)"
        )]
        order_by: Option<OrganisationOrder>,
        #[graphql(desc = "Only bodies open on this day; bodies of any time if left out.")]
        as_of: Option<Date>,
        #[graphql(desc = "How many from the start, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Organisation>> {
        let asked = Asked::of(ctx);
        let filter = filter.unwrap_or_default().parse(asked, as_of)?;
        let order = order_by.unwrap_or(OrganisationOrder::Name).into();
        let wanted = Wanted {
            first,
            after,
            last,
            before,
        };
        organisations::page(asked, filter, order, &wanted).await
    }

    /// Every group, by kind and name.
    #[graphql(complexity = "cost::list(20, child_complexity)")]
    async fn groups(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only groups of this kind.")] kind: Option<GroupKind>,
    ) -> Result<Vec<Group>> {
        group::groups(Asked::of(ctx), kind).await
    }

    /// One standard, by its address; null when there is none.
    async fn standard(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its address, such as `conservation-area`.")] slug: String,
    ) -> Result<Option<Standard>> {
        let asked = Asked::of(ctx);
        let row = store::standard::by_slug(&mut asked.read().await?, &slug).await?;
        Ok(row.map(|row| Standard {
            together: Standards::read(asked, [row.clone()]),
            row: Arc::new(row),
        }))
    }

    /// The standards and practices. Give `first` or `last`.
    #[graphql(complexity = "cost::page(first, last, child_complexity)")]
    #[allow(
        clippy::too_many_arguments,
        reason = "they are the arguments of the field"
    )]
    async fn standards(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which standards.")] filter: Option<StandardFilter>,
        #[graphql(desc = "In which order.", default_with = "Some(StandardOrder::Title)")]
        order_by: Option<StandardOrder>,
        #[graphql(desc = "How many from the start, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Standard>> {
        let StandardOrder::Title = order_by.unwrap_or(StandardOrder::Title);
        let filter = filter.unwrap_or_default().parse()?;
        let wanted = Wanted {
            first,
            after,
            last,
            before,
        };
        standards::page(Asked::of(ctx), filter, &wanted).await
    }

    /// The days on which bodies followed others, and which did.
    #[graphql(complexity = "cost::list(10, child_complexity)")]
    async fn reorganisations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first day.")] from: Date,
        #[graphql(desc = "The last day.")] to: Date,
    ) -> Result<Vec<Reorganisation>> {
        succession::reorganisations(Asked::of(ctx), from, to).await
    }

    /// The scheduled jobs.
    #[graphql(complexity = "cost::list(5, child_complexity)")]
    async fn jobs(&self, ctx: &Context<'_>) -> Vec<Job> {
        job::jobs(Asked::of(ctx))
    }

    /// The runs of jobs, the newest first.
    #[graphql(complexity = "cost::page(first, None, child_complexity)")]
    async fn job_runs(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which runs.")] filter: Option<JobRunFilter>,
        #[graphql(desc = "How many, 1 to 100. Required.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
    ) -> Result<Connection<JobRun>> {
        job::runs(Asked::of(ctx), filter, forward(job::RUNS, first, after)?).await
    }

    /// What was written, in the one order of the record, in which nothing ever comes before what was there. Give `first`
    /// or `last`. Whoever keeps the `endCursor` of each answer, also of an empty one, and sends it as `since` or `after`
    /// next time misses nothing. Changes of people, contacts and tokens are shown to the members of their organisation
    /// and to the unit.
    #[graphql(complexity = "cost::page(first, last, child_complexity)")]
    #[allow(
        clippy::too_many_arguments,
        reason = "they are the arguments of the field"
    )]
    async fn changes(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "Only what came after: a cursor of this list, such as the `endCursor` of an earlier answer, or a moment by RFC 3339, after which it was sealed."
        )]
        since: Option<String>,
        #[graphql(desc = "Which changes.")] filter: Option<ChangeFilter>,
        #[graphql(desc = "How many from the start, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Change>> {
        let wanted = Wanted {
            first,
            after,
            last,
            before,
        };
        activity::changes(Asked::of(ctx), since, filter.unwrap_or_default(), &wanted).await
    }

    /// The methods behind the figures: what each one means.
    #[graphql(complexity = "cost::list(3, child_complexity)")]
    async fn methods(&self) -> Vec<Method> {
        Method::all()
    }
}
