//! What can be changed of the status of projects, of what they ask for, and of flags.

use crate::asked::Asked;
use crate::cost;
use crate::error::Result;
use crate::offer_help::{
    self, AnswerFlagInput, AskPayload, CloseAskInput, FlagPayload, HelpOffersPayload,
    OfferHelpInput, SetHelpOffersInput,
};
use crate::post_status::{self, PostStatusInput, PostStatusPayload};
use async_graphql::{Context, Object};

/// What can be changed of the status of projects.
#[derive(Default)]
pub struct StatusMutations;

#[Object]
impl StatusMutations {
    /// Posts the status of a project: for members of its lead and its partners, and tokens of theirs with scope STATUS.
    #[graphql(complexity = "child_complexity.saturating_add(cost::MUTATION)")]
    async fn post_status(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it says.")] input: PostStatusInput,
    ) -> Result<PostStatusPayload> {
        post_status::post_status(Asked::of(ctx), input).await
    }

    /// Offers what a project asks for: for an organisation's members. The project's lead is told.
    #[graphql(complexity = "child_complexity.saturating_add(cost::MUTATION)")]
    async fn offer_help(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is offered to which ask.")] input: OfferHelpInput,
    ) -> Result<AskPayload> {
        offer_help::offer_help(Asked::of(ctx), input).await
    }

    /// Says that a project asks for something no more: for members of its lead and its partners.
    #[graphql(complexity = "child_complexity.saturating_add(cost::MUTATION)")]
    async fn close_ask(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which ask.")] input: CloseAskInput,
    ) -> Result<AskPayload> {
        offer_help::close_ask(Asked::of(ctx), input).await
    }

    /// Says with what an organisation can help, for its members: asks of that kind are told to it.
    #[graphql(complexity = "child_complexity.saturating_add(cost::MUTATION)")]
    async fn set_help_offers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "With what.")] input: SetHelpOffersInput,
    ) -> Result<HelpOffersPayload> {
        offer_help::set_help_offers(Asked::of(ctx), input).await
    }

    /// Answers a flag, once and for everybody to read: for members of the project's lead.
    #[graphql(complexity = "child_complexity.saturating_add(cost::MUTATION)")]
    async fn answer_flag(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is answered to which flag.")] input: AnswerFlagInput,
    ) -> Result<FlagPayload> {
        offer_help::answer_flag(Asked::of(ctx), input).await
    }
}
