//! What can be asked of declarations and commitments.

use crate::asked::Asked;
use crate::commitment::{self, Commitment, CommitmentFilter, KeptRate};
use crate::cost;
use crate::declaration::{Declaration, Declarations};
use crate::error::{Nullable, Result};
use crate::page::{Connection, Wanted};
use crate::webhook::Webhook;
use async_graphql::{Context, Object};
use domain::policy::{About, Sight};

/// What can be asked of declarations and commitments.
#[derive(Default)]
pub struct FollowQueries;

#[Object]
impl FollowQueries {
    /// A version of the declaration; null when there is none.
    async fn declaration(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its number, from 1; the newest version if left out.")] number: Option<
            i32,
        >,
    ) -> Result<Option<Declaration>> {
        Declaration::numbered(Asked::of(ctx), number).await
    }

    /// Every version of the declaration, the newest first.
    #[graphql(complexity = "cost::list(3, child_complexity)")]
    async fn declarations(&self, ctx: &Context<'_>) -> Result<Vec<Declaration>> {
        Declarations::of(Asked::of(ctx)).all().await
    }

    /// What organisations promised, the oldest first. Give `first` or `last`.
    #[graphql(complexity = "cost::page(first, last, child_complexity)")]
    async fn commitments(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which commitments.")] filter: Option<CommitmentFilter>,
        #[graphql(desc = "How many from the start, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Commitment>> {
        let wanted = Wanted {
            first,
            after,
            last,
            before,
        };
        commitment::page(Asked::of(ctx), filter.unwrap_or_default(), &wanted).await
    }

    /// How much of what was promised was kept by today: kept / all that ended or is overdue.
    async fn kept_rate(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "Only of this organisation: its slug or a code, such as `E07000223`; of all if left out."
        )]
        organisation: Option<String>,
    ) -> Result<KeptRate> {
        commitment::kept_rate(Asked::of(ctx), organisation).await
    }

    /// The unit's own webhooks: for its administrators.
    #[graphql(complexity = "cost::list(3, child_complexity)")]
    async fn webhooks(&self, ctx: &Context<'_>) -> Nullable<Vec<Webhook>> {
        let asked = Asked::of(ctx);
        let read = async {
            asked.viewer.sees(Sight::Keys, About::Unit)?;
            let rows = store::webhook::of_organisation(&mut asked.read().await?, None).await?;
            Webhook::all(asked, rows).await
        };
        Some(read.await)
    }
}
