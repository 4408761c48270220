//! What can be changed of problems, who backs them, and what people suggest.

use crate::asked::Asked;
use crate::back_problem::{
    self, AnswerBackingInput, BackProblemInput, BackingPayload, WithdrawBackingInput,
};
use crate::cost;
use crate::error::Result;
use crate::merge_problems::{
    self, JudgeSimilarInput, JudgeSimilarPayload, MergePayload, MergeProblemsInput, UndoMergeInput,
};
use crate::raise_problem::{
    self, MoveProblemInput, ProblemPayload, RaiseProblemInput, RestoreProblemInput,
    ReviseProblemInput,
};
use crate::suggest::{
    self, AnswerSuggestionInput, SuggestInput, SuggestPayload, SuggestionPayload,
};
use async_graphql::{Context, Object};

/// What can be changed of problems, who backs them, and what people suggest.
#[derive(Default)]
pub struct ProblemMutations;

#[Object]
impl ProblemMutations {
    /// Raises a problem: for the members of an organisation, or for the unit's own. `similarProblems` says first whether
    /// somebody has raised it already.
    #[graphql(complexity = "child_complexity.saturating_add(cost::MUTATION)")]
    async fn raise_problem(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it is, and who has it.")] input: RaiseProblemInput,
    ) -> Result<ProblemPayload> {
        raise_problem::raise(Asked::of(ctx), input).await
    }

    /// Writes at a problem's text: for everybody who acts for an organisation or the unit. The earlier text is kept.
    #[graphql(complexity = "child_complexity.saturating_add(cost::MUTATION)")]
    async fn revise_problem(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to change.")] input: ReviseProblemInput,
    ) -> Result<ProblemPayload> {
        raise_problem::revise(Asked::of(ctx), input).await
    }

    /// Brings back an earlier text of a problem, as a new revision: for those who may write at it.
    #[graphql(complexity = "child_complexity.saturating_add(cost::MUTATION)")]
    async fn restore_problem(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which text.")] input: RestoreProblemInput,
    ) -> Result<ProblemPayload> {
        raise_problem::restore(Asked::of(ctx), input).await
    }

    /// Parks a problem, says that it is solved, or takes it up again: for the body that raised it, the lead of a project
    /// that works on it, and the unit. All other moves follow from who backs it and works on it.
    #[graphql(complexity = "child_complexity.saturating_add(cost::MUTATION)")]
    async fn move_problem(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Where it is to stand.")] input: MoveProblemInput,
    ) -> Result<ProblemPayload> {
        raise_problem::move_to(Asked::of(ctx), input).await
    }

    /// Says that an organisation has a problem, too, and what it is willing to do: for its members. Said again, it changes
    /// what was said.
    #[graphql(complexity = "child_complexity.saturating_add(cost::MUTATION)")]
    async fn back_problem(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which problem, and who has it.")] input: BackProblemInput,
    ) -> Result<BackingPayload> {
        back_problem::back(Asked::of(ctx), input).await
    }

    /// Takes a backing back: for the members of the organisation.
    #[graphql(complexity = "child_complexity.saturating_add(cost::MUTATION)")]
    async fn withdraw_backing(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which backing.")] input: WithdrawBackingInput,
    ) -> Result<BackingPayload> {
        back_problem::withdraw(Asked::of(ctx), input).await
    }

    /// Answers a body that backs a problem: for the body that raised it, those who work on it, and the unit.
    #[graphql(complexity = "child_complexity.saturating_add(cost::MUTATION)")]
    async fn answer_backing(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which backing, and the answer.")] input: AnswerBackingInput,
    ) -> Result<BackingPayload> {
        back_problem::answer(Asked::of(ctx), input).await
    }

    /// Merges a problem into another, with its backings and projects: for the unit. Both texts are kept, a body that backs
    /// both keeps the stronger willingness, and `undoMerge` takes it apart again.
    #[graphql(complexity = "child_complexity.saturating_add(cost::MUTATION)")]
    async fn merge_problems(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which problem goes on as which.")] input: MergeProblemsInput,
    ) -> Result<MergePayload> {
        merge_problems::merge(Asked::of(ctx), input).await
    }

    /// Undoes a merge: for the unit. What bodies said since stands.
    #[graphql(complexity = "child_complexity.saturating_add(cost::MUTATION)")]
    async fn undo_merge(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which merge.")] input: UndoMergeInput,
    ) -> Result<MergePayload> {
        merge_problems::undo(Asked::of(ctx), input).await
    }

    /// Says whether two problems are the same in substance: for everybody who acts for an organisation or the unit. It
    /// merges nothing; it is kept to judge the suggestions by.
    #[graphql(complexity = "child_complexity.saturating_add(cost::MUTATION)")]
    async fn judge_similar(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which two, and whether they are.")] input: JudgeSimilarInput,
    ) -> Result<JudgeSimilarPayload> {
        merge_problems::judge(Asked::of(ctx), input).await
    }

    /// Hands in a question or an idea: for anyone, signed in or not. The unit reads it before anybody else does; the
    /// receipt shows what became of it.
    #[graphql(complexity = "child_complexity.saturating_add(cost::MUTATION)")]
    async fn suggest(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it says, and what it is about.")] input: SuggestInput,
    ) -> Result<SuggestPayload> {
        suggest::suggest(Asked::of(ctx), input).await
    }

    /// Answers a suggestion, declines it, or takes it for spam: for the unit.
    #[graphql(complexity = "child_complexity.saturating_add(cost::MUTATION)")]
    async fn answer_suggestion(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which suggestion, and what becomes of it.")] input: AnswerSuggestionInput,
    ) -> Result<SuggestionPayload> {
        suggest::answer(Asked::of(ctx), input).await
    }
}
