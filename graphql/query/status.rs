//! What can be asked of what projects ask for.

use crate::ask::{self, Ask, AskFilter};
use crate::asked::Asked;
use crate::cost;
use crate::error::Result;
use crate::page::{Connection, Wanted};
use async_graphql::{Context, Object};

/// What can be asked of what projects ask for.
#[derive(Default)]
pub struct StatusQueries;

#[Object]
impl StatusQueries {
    /// What projects ask of others, the newest first.
    #[graphql(complexity = "cost::page(first, last, child_complexity)")]
    async fn asks(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which asks.")] filter: Option<AskFilter>,
        #[graphql(desc = "How many from the start, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Ask>> {
        let wanted = Wanted {
            first,
            after,
            last,
            before,
        };
        ask::page(Asked::of(ctx), filter.unwrap_or_default(), &wanted).await
    }
}
