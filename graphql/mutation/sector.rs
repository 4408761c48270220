//! What can be recorded of the sector, and asked of its jobs.

use crate::asked::Asked;
use crate::cost;
use crate::error::Result;
use crate::record::{
    self, AdoptionPayload, BulkAdoptionPayload, RecordAdoptionInput, RecordAdoptionsInput,
};
use crate::run_job::{self, JobRunPayload, RunJobInput};
use async_graphql::{Context, Object};

/// What can be recorded of the sector, and asked of its jobs.
#[derive(Default)]
pub struct SectorMutations;

#[Object]
impl SectorMutations {
    /// Records what is known of a body and a standard. What a body's own token says is `CONFIRMED`; what the unit says
    /// is `CLAIMED`, and counts in no figure until the body confirms it.
    #[graphql(complexity = "child_complexity.saturating_add(cost::MUTATION)")]
    async fn record_adoption(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to be recorded.")] input: RecordAdoptionInput,
    ) -> Result<AdoptionPayload> {
        record::record_adoption(Asked::of(ctx), input).await
    }

    /// Records many adoptions at once, with a result for each row. Faulty rows are left out, or keep all the others
    /// out, too, with `allOrNothing`.
    #[graphql(
        complexity = "cost::list(input.rows.len(), child_complexity).saturating_add(cost::MUTATION)"
    )]
    async fn record_adoptions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to be recorded.")] input: RecordAdoptionsInput,
    ) -> Result<BulkAdoptionPayload> {
        record::record_adoptions(Asked::of(ctx), input).await
    }

    /// Asks for a run of a job. Any copy of the program takes it up; `jobRuns` shows how far it has come.
    #[graphql(complexity = "child_complexity.saturating_add(cost::MUTATION)")]
    async fn run_job(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which job.")] input: RunJobInput,
    ) -> Result<JobRunPayload> {
        run_job::run_job(Asked::of(ctx), input).await
    }
}
