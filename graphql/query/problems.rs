//! What can be asked of problems, services and suggestions.

use crate::asked::Asked;
use crate::cost;
use crate::error::{Nullable, Result};
use crate::page::{Connection, Wanted};
use crate::problem::{Problem, ServiceArea};
use crate::problem_words::{ProblemOrder, SuggestionState};
use crate::problems::{self, ProblemFilter};
use crate::similar::{self, SimilarProblem, Written};
use crate::suggestion::{self, Suggestion};
use async_graphql::{Context, Object};

/// What can be asked of problems, services and suggestions.
#[derive(Default)]
pub struct ProblemQueries;

#[Object]
impl ProblemQueries {
    /// One problem, by its address, merged or not; null when there is none.
    async fn problem(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its address, such as `nobody-knows-who-is-homeless`.")] slug: String,
    ) -> Result<Option<Problem>> {
        problems::by_slug(Asked::of(ctx), &slug).await
    }

    /// The problems that stand for themselves: those that were merged into others are left out. Give `first` or `last`.
    #[graphql(complexity = "cost::page(first, last, child_complexity)")]
    #[allow(
        clippy::too_many_arguments,
        reason = "they are the arguments of the field"
    )]
    async fn problems(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which problems.")] filter: Option<ProblemFilter>,
        #[graphql(desc = "In which order.", default_with = "Some(ProblemOrder::Title)")]
        order_by: Option<ProblemOrder>,
        #[graphql(desc = "How many from the start, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Problem>> {
        let wanted = Wanted {
            first,
            after,
            last,
            before,
        };
        let order = order_by.unwrap_or(ProblemOrder::Title);
        let filter = filter.unwrap_or_default();
        problems::page(Asked::of(ctx), filter, order, &wanted).await
    }

    /// The problems that are most similar to what somebody writes, with the reasons; those that were merged are left out.
    #[graphql(
        complexity = "cost::list(usize::try_from(first.unwrap_or(5)).unwrap_or_default(), child_complexity).saturating_add(cost::FIGURE)"
    )]
    async fn similar_problems(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it is, on one line.")] title: String,
        #[graphql(desc = "The rest of what is written, in any order.")] summary: Option<String>,
        #[graphql(desc = "The service it belongs to, by its code.")] service: Option<String>,
        #[graphql(desc = "Its tags.")] tags: Option<Vec<String>>,
        #[graphql(desc = "How many, 1 to 20.", default_with = "Some(5)")] first: Option<i32>,
    ) -> Result<Vec<SimilarProblem>> {
        let written = Written {
            title,
            summary: summary.unwrap_or_default(),
            service,
            tags: tags.unwrap_or_default(),
        };
        similar::similar(Asked::of(ctx), written, first.unwrap_or(5)).await
    }

    /// The services of councils, by area: what a problem belongs to.
    #[graphql(complexity = "cost::list(15, child_complexity)")]
    async fn services(&self) -> Vec<ServiceArea> {
        ServiceArea::all()
    }

    /// The suggestion whose receipt this is: for whoever was given it.
    async fn suggestion(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The secret of the receipt, such as `mhr_…`.")] receipt: String,
    ) -> Nullable<Suggestion> {
        Some(Suggestion::by_receipt(Asked::of(ctx), &receipt).await)
    }

    /// What was suggested, the oldest first: for the unit, which answers it. Give `first` or `last`.
    #[graphql(complexity = "cost::page(first, last, child_complexity)")]
    async fn suggestions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those in this state.")] state: Option<SuggestionState>,
        #[graphql(desc = "How many from the start, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Suggestion>> {
        let wanted = Wanted {
            first,
            after,
            last,
            before,
        };
        suggestion::page(Asked::of(ctx), state, &wanted).await
    }
}
