//! What can be changed of declarations, commitments, and who is told what.

use crate::asked::Asked;
use crate::commit::{self, CommitmentPayload, MakeCommitmentInput, SettleCommitmentInput};
use crate::cost;
use crate::declare::{
    self, DeclarationPayload, PublishDeclarationInput, SignDeclarationInput, SignaturePayload,
    WithdrawSignatureInput,
};
use crate::error::Result;
use crate::follow::{
    self, ChooseDigestInput, DigestPayload, SubscribeInput, SubscriptionPayload, UnsubscribeInput,
};
use crate::keep_webhooks::{
    self, AddWebhookInput, AddWebhookPayload, PauseWebhookInput, ResumeWebhookInput, WebhookPayload,
};
use async_graphql::{Context, Object};

/// What can be changed of declarations, commitments, and who is told what.
#[derive(Default)]
pub struct FollowMutations;

#[Object]
impl FollowMutations {
    /// Publishes the next version of the declaration: for the unit.
    #[graphql(complexity = "child_complexity.saturating_add(cost::MUTATION)")]
    async fn publish_declaration(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it says.")] input: PublishDeclarationInput,
    ) -> Result<DeclarationPayload> {
        declare::publish(Asked::of(ctx), input).await
    }

    /// Signs the declaration for an organisation: for its signatories and leads.
    #[graphql(complexity = "child_complexity.saturating_add(cost::MUTATION)")]
    async fn sign_declaration(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who signs what.")] input: SignDeclarationInput,
    ) -> Result<SignaturePayload> {
        declare::sign(Asked::of(ctx), input).await
    }

    /// Takes a signature back, with a reason: for the organisation's signatories and leads.
    #[graphql(complexity = "child_complexity.saturating_add(cost::MUTATION)")]
    async fn withdraw_signature(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which signature, and why.")] input: WithdrawSignatureInput,
    ) -> Result<SignaturePayload> {
        declare::withdraw(Asked::of(ctx), input).await
    }

    /// Promises something for an organisation: for its signatories and leads.
    #[graphql(complexity = "child_complexity.saturating_add(cost::MUTATION)")]
    async fn make_commitment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is promised.")] input: MakeCommitmentInput,
    ) -> Result<CommitmentPayload> {
        commit::make(Asked::of(ctx), input).await
    }

    /// Says how a commitment ended: for the organisation's signatories and leads.
    #[graphql(complexity = "child_complexity.saturating_add(cost::MUTATION)")]
    async fn settle_commitment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which commitment, and how it ended.")] input: SettleCommitmentInput,
    ) -> Result<CommitmentPayload> {
        commit::settle(Asked::of(ctx), input).await
    }

    /// Follows a problem, a project, a standard or an organisation: for the person who signed in.
    #[graphql(complexity = "child_complexity.saturating_add(cost::MUTATION)")]
    async fn subscribe(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to follow.")] input: SubscribeInput,
    ) -> Result<SubscriptionPayload> {
        follow::subscribe(Asked::of(ctx), input).await
    }

    /// Follows something no longer: for the person who signed in.
    #[graphql(complexity = "child_complexity.saturating_add(cost::MUTATION)")]
    async fn unsubscribe(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to follow no longer.")] input: UnsubscribeInput,
    ) -> Result<SubscriptionPayload> {
        follow::unsubscribe(Asked::of(ctx), input).await
    }

    /// Chooses how often to be sent what changed: for the person who signed in.
    #[graphql(complexity = "child_complexity.saturating_add(cost::MUTATION)")]
    async fn choose_digest(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How often.")] input: ChooseDigestInput,
    ) -> Result<DigestPayload> {
        follow::choose_digest(Asked::of(ctx), input).await
    }

    /// Has changes delivered to an address: for the organisation's leads; for the unit's own, its administrators.
    #[graphql(complexity = "child_complexity.saturating_add(cost::MUTATION)")]
    async fn add_webhook(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Where to deliver what.")] input: AddWebhookInput,
    ) -> Result<AddWebhookPayload> {
        keep_webhooks::add(Asked::of(ctx), input).await
    }

    /// Delivers no more to a webhook until it is resumed: for those who may add one.
    #[graphql(complexity = "child_complexity.saturating_add(cost::MUTATION)")]
    async fn pause_webhook(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which webhook.")] input: PauseWebhookInput,
    ) -> Result<WebhookPayload> {
        keep_webhooks::pause(Asked::of(ctx), input).await
    }

    /// Delivers to a webhook again, first all that it missed: for those who may add one.
    #[graphql(complexity = "child_complexity.saturating_add(cost::MUTATION)")]
    async fn resume_webhook(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which webhook.")] input: ResumeWebhookInput,
    ) -> Result<WebhookPayload> {
        keep_webhooks::resume(Asked::of(ctx), input).await
    }
}
