//! What can be changed of projects and of who takes part in them.

use crate::asked::Asked;
use crate::cost;
use crate::error::Result;
use crate::start_project::{
    self, ChangePhaseInput, ProjectPayload, SetGateInput, StartProjectInput,
};
use crate::take_part::{
    self, AnswerParticipationInput, InviteParticipantInput, LeaveProjectInput,
    ParticipationPayload, RequestParticipationInput, WithdrawParticipationInput,
};
use crate::work_on_project::{
    self, GiveContributionInput, PledgeContributionInput, PublishOutputInput, SetMilestoneInput,
};
use async_graphql::{Context, Object};

/// What can be changed of projects and of who takes part in them.
#[derive(Default)]
pub struct ProjectMutations;

#[Object]
impl ProjectMutations {
    /// Starts a project that an organisation leads from then on: for its members.
    #[graphql(complexity = "child_complexity.saturating_add(cost::MUTATION)")]
    async fn start_project(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it is to be.")] input: StartProjectInput,
    ) -> Result<ProjectPayload> {
        start_project::start_project(Asked::of(ctx), input).await
    }

    /// Moves a project to another phase: for its lead. Where its gates refuse, `userErrors` name every condition that
    /// does not hold, with code `GATE`.
    #[graphql(complexity = "child_complexity.saturating_add(cost::MUTATION)")]
    async fn change_phase(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which project, and to which phase.")] input: ChangePhaseInput,
    ) -> Result<ProjectPayload> {
        start_project::change_phase(Asked::of(ctx), input).await
    }

    /// Sets what a project asks of itself before it enters a phase: for its lead.
    #[graphql(complexity = "child_complexity.saturating_add(cost::MUTATION)")]
    async fn set_gate(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which gate.")] input: SetGateInput,
    ) -> Result<ProjectPayload> {
        start_project::set_gate(Asked::of(ctx), input).await
    }

    /// Invites an organisation to a project: for its lead. Where a project has no lead, the unit's administrators invite
    /// one to lead it.
    #[graphql(complexity = "child_complexity.saturating_add(cost::MUTATION)")]
    async fn invite_participant(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whom to invite to what.")] input: InviteParticipantInput,
    ) -> Result<ParticipationPayload> {
        take_part::invite(Asked::of(ctx), input).await
    }

    /// Asks for an organisation to take part in a project: for its members.
    #[graphql(complexity = "child_complexity.saturating_add(cost::MUTATION)")]
    async fn request_participation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who asks for what.")] input: RequestParticipationInput,
    ) -> Result<ParticipationPayload> {
        take_part::request(Asked::of(ctx), input).await
    }

    /// Answers an invitation, for the signatories of the invited organisation, or a request, for the project's lead.
    #[graphql(complexity = "child_complexity.saturating_add(cost::MUTATION)")]
    async fn answer_participation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, and how it is answered.")] input: AnswerParticipationInput,
    ) -> Result<ParticipationPayload> {
        take_part::answer(Asked::of(ctx), input).await
    }

    /// Takes an invitation or a request back before it is answered: for the side that made it.
    #[graphql(complexity = "child_complexity.saturating_add(cost::MUTATION)")]
    async fn withdraw_participation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which.")] input: WithdrawParticipationInput,
    ) -> Result<ParticipationPayload> {
        take_part::withdraw(Asked::of(ctx), input).await
    }

    /// Ends an organisation's part in a project: for its signatories.
    #[graphql(complexity = "child_complexity.saturating_add(cost::MUTATION)")]
    async fn leave_project(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which part, and why.")] input: LeaveProjectInput,
    ) -> Result<ParticipationPayload> {
        take_part::leave(Asked::of(ctx), input).await
    }

    /// Sets a milestone, moves it, or says that it is done: for the project's lead.
    #[graphql(complexity = "child_complexity.saturating_add(cost::MUTATION)")]
    async fn set_milestone(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which milestone.")] input: SetMilestoneInput,
    ) -> Result<ProjectPayload> {
        work_on_project::set_milestone(Asked::of(ctx), input).await
    }

    /// Publishes an output or says more of one: for who leads or works on the project.
    #[graphql(complexity = "child_complexity.saturating_add(cost::MUTATION)")]
    async fn publish_output(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which output.")] input: PublishOutputInput,
    ) -> Result<ProjectPayload> {
        work_on_project::publish_output(Asked::of(ctx), input).await
    }

    /// Pledges money or days to a project: for the signatories of an organisation that takes part in it.
    #[graphql(complexity = "child_complexity.saturating_add(cost::MUTATION)")]
    async fn pledge_contribution(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is pledged.")] input: PledgeContributionInput,
    ) -> Result<ProjectPayload> {
        work_on_project::pledge_contribution(Asked::of(ctx), input).await
    }

    /// Says how much of a pledge was given so far: for the signatories of the organisation that made it.
    #[graphql(complexity = "child_complexity.saturating_add(cost::MUTATION)")]
    async fn give_contribution(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which pledge, and how much.")] input: GiveContributionInput,
    ) -> Result<ProjectPayload> {
        work_on_project::give_contribution(Asked::of(ctx), input).await
    }
}
