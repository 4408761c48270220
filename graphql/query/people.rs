//! What can be asked of people and keys, and of who asks.

use crate::affairs::Affairs;
use crate::asked::Asked;
use crate::cost;
use crate::error::{Nullable, Result};
use crate::invitation::Invitation;
use crate::membership::Membership;
use crate::notice::Notice;
use crate::page::{Connection, Wanted};
use crate::refusal::{self, Refusal};
use crate::token::Token;
use crate::viewer::Viewer;
use async_graphql::{Context, Object};
use std::sync::Arc;

/// What can be asked of people and keys, and of who asks.
#[derive(Default)]
pub struct PeopleQueries;

#[Object]
impl PeopleQueries {
    /// Who asks.
    async fn viewer(&self, ctx: &Context<'_>) -> Viewer {
        Viewer(Arc::clone(Asked::of(ctx)))
    }

    /// The invitation whose link holds this secret: for whoever was given the link.
    async fn invitation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The secret of the link, such as `mhi_…`.")] secret: String,
    ) -> Nullable<Invitation> {
        Some(Invitation::by_secret(Asked::of(ctx), &secret).await)
    }

    /// What somebody asked to do and might not, the newest first: for the unit's administrators. Give `first` or
    /// `last`.
    #[graphql(complexity = "cost::page(first, last, child_complexity)")]
    async fn refusals(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Refusal>> {
        let wanted = Wanted {
            first,
            after,
            last,
            before,
        };
        refusal::page(Asked::of(ctx), &wanted).await
    }

    /// Who works for the unit today, by the day they began: for the unit.
    #[graphql(complexity = "cost::list(10, child_complexity)")]
    async fn members(&self, ctx: &Context<'_>) -> Nullable<Vec<Membership>> {
        let unit = Affairs::of(Asked::of(ctx), [None]);
        Some(unit.members(None).await)
    }

    /// The unit's own invitations that wait for an answer: for its administrators.
    #[graphql(complexity = "cost::list(5, child_complexity)")]
    async fn invitations(&self, ctx: &Context<'_>) -> Nullable<Vec<Invitation>> {
        let unit = Affairs::of(Asked::of(ctx), [None]);
        Some(unit.invitations(None).await)
    }

    /// The unit's own tokens, also those that hold no more: for its administrators.
    #[graphql(complexity = "cost::list(5, child_complexity)")]
    async fn tokens(&self, ctx: &Context<'_>) -> Nullable<Vec<Token>> {
        let unit = Affairs::of(Asked::of(ctx), [None]);
        Some(unit.tokens(None).await)
    }

    /// What the unit was told, the newest first, at most 20: for the unit.
    #[graphql(complexity = "cost::list(5, child_complexity)")]
    async fn notices(&self, ctx: &Context<'_>) -> Nullable<Vec<Notice>> {
        let unit = Affairs::of(Asked::of(ctx), [None]);
        Some(unit.notices(None).await)
    }
}
