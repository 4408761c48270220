//! What can be changed of people, their roles and their keys.

use crate::asked::Asked;
use crate::cost;
use crate::erase::{self, ErasePersonInput, ErasePersonPayload};
use crate::error::Result;
use crate::invite::{self, InvitationPayload, InviteMemberInput, WithdrawInvitationInput};
use crate::join::{self, AnswerInvitationInput};
use crate::keep_contact::{self, ContactPayload, UpdateContactInput};
use crate::keys::{self, IssueTokenInput, IssueTokenPayload, RevokeTokenInput, TokenPayload};
use crate::tenure::{self, ChangeMembershipInput, EndMembershipInput, MembershipPayload};
use async_graphql::{Context, Object};

/// What can be changed of people, their roles and their keys.
#[derive(Default)]
pub struct PeopleMutations;

#[Object]
impl PeopleMutations {
    /// Invites somebody to act for an organisation: for its leads. To the unit: for its administrators, who may also
    /// invite the first lead of an organisation.
    #[graphql(complexity = "child_complexity.saturating_add(cost::MUTATION)")]
    async fn invite_member(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whom to invite to what.")] input: InviteMemberInput,
    ) -> Result<InvitationPayload> {
        invite::invite_member(Asked::of(ctx), input).await
    }

    /// Takes up an invitation or declines it: for the person it is for.
    #[graphql(complexity = "child_complexity.saturating_add(cost::MUTATION)")]
    async fn answer_invitation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which invitation, and how it is answered.")] input: AnswerInvitationInput,
    ) -> Result<MembershipPayload> {
        join::answer_invitation(Asked::of(ctx), input).await
    }

    /// Takes an invitation back: for those who may invite to the same.
    #[graphql(complexity = "child_complexity.saturating_add(cost::MUTATION)")]
    async fn withdraw_invitation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which invitation.")] input: WithdrawInvitationInput,
    ) -> Result<InvitationPayload> {
        invite::withdraw_invitation(Asked::of(ctx), input).await
    }

    /// Changes a member's role: for the organisation's leads; for the unit's own, its administrators.
    #[graphql(complexity = "child_complexity.saturating_add(cost::MUTATION)")]
    async fn change_membership(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which member gets which role.")] input: ChangeMembershipInput,
    ) -> Result<MembershipPayload> {
        tenure::change_membership(Asked::of(ctx), input).await
    }

    /// Ends a membership today: one's own, or that of a member whose role one may change. What was claimed stays with the
    /// organisation.
    #[graphql(complexity = "child_complexity.saturating_add(cost::MUTATION)")]
    async fn end_membership(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which membership.")] input: EndMembershipInput,
    ) -> Result<MembershipPayload> {
        tenure::end_membership(Asked::of(ctx), input).await
    }

    /// Says how an organisation is reached: for its members.
    #[graphql(complexity = "child_complexity.saturating_add(cost::MUTATION)")]
    async fn update_contact(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How it is reached.")] input: UpdateContactInput,
    ) -> Result<ContactPayload> {
        keep_contact::update_contact(Asked::of(ctx), input).await
    }

    /// Issues a key for a machine: for the organisation's leads; for the unit's own, its administrators. It dies with the
    /// membership of who issued it.
    #[graphql(complexity = "child_complexity.saturating_add(cost::MUTATION)")]
    async fn issue_token(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it is for.")] input: IssueTokenInput,
    ) -> Result<IssueTokenPayload> {
        keys::issue_token(Asked::of(ctx), input).await
    }

    /// Revokes a machine's key at once: for those who may issue it.
    #[graphql(complexity = "child_complexity.saturating_add(cost::MUTATION)")]
    async fn revoke_token(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which token.")] input: RevokeTokenInput,
    ) -> Result<TokenPayload> {
        keys::revoke_token(Asked::of(ctx), input).await
    }

    /// Erases a person's details, for themself or by an administrator of the unit: name, address and sign-in go, their
    /// memberships end, and what they did stays on record.
    #[graphql(complexity = "child_complexity.saturating_add(cost::MUTATION)")]
    async fn erase_person(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose details.")] input: ErasePersonInput,
    ) -> Result<ErasePersonPayload> {
        erase::erase_person(Asked::of(ctx), input).await
    }
}
