//! Handing in questions and ideas, and answering them.

use crate::asked::Asked;
use crate::done::Done;
use crate::error::Result;
use crate::id::Key;
use crate::input;
use crate::problem_words::{SuggestionKind, SuggestionState};
use crate::receipt::{self, Sent, Work};
use crate::suggestion::Suggestion;
use crate::user_error::UserError;
use async_graphql::{ID, InputObject, SimpleObject};
use chrono::NaiveDateTime;
use domain::Error;
use domain::policy::{About, Action, Viewer};
use domain::token::Secret;
use std::sync::Arc;
use store::Conn;
use store::suggestion::NewSuggestion;

/// A question or an idea.
#[derive(InputObject)]
pub struct SuggestInput {
    /// What it is.
    #[graphql(default_with = "Some(SuggestionKind::Question)")]
    kind: Option<SuggestionKind>,
    /// The problem it is about: its id or slug.
    problem: Option<ID>,
    /// The project it is about: its id or slug.
    project: Option<ID>,
    /// What it says, in at most 2,000 characters and 2 links.
    text: String,
    /// Up to 100 characters of your choice: sent again with the same input, it gives the first answer again. Used only for
    /// who says who they are.
    idempotency_key: Option<String>,
}

/// What became of a suggestion.
#[derive(InputObject)]
pub struct AnswerSuggestionInput {
    /// The suggestion's id.
    suggestion: ID,
    /// `ANSWERED`, `DECLINED` or `SPAM`.
    state: SuggestionState,
    /// What who asked will read; everybody sees it beside the suggestion. Not for `SPAM`.
    answer: Option<String>,
    /// The version you saw: when it has moved on, nothing is done and the error says which it is now.
    expected_version: i64,
    /// Up to 100 characters of your choice: sent again with the same input, it gives the first answer again.
    idempotency_key: Option<String>,
}

/// What came of a suggestion that was handed in.
#[derive(SimpleObject)]
pub struct SuggestPayload {
    /// The suggestion; null when there are errors.
    suggestion: Option<Suggestion>,
    /// The secret of its receipt, by which `suggestion` shows what became of it: shown now and never again.
    receipt: Option<String>,
    /// What has to be mended in the input.
    user_errors: Vec<UserError>,
}

/// What came of answering a suggestion.
#[derive(SimpleObject)]
pub struct SuggestionPayload {
    /// The suggestion; null when there are errors.
    suggestion: Option<Suggestion>,
    /// What has to be mended in the input.
    user_errors: Vec<UserError>,
}

/// Hands a suggestion in, for anyone.
///
/// # Errors
/// `CONFLICT` for a key that came with another input.
pub(crate) async fn suggest(asked: &Arc<Asked>, input: SuggestInput) -> Result<SuggestPayload> {
    let sent = Sent::new("suggest", &input, &input.idempotency_key);
    let viewer = asked.viewer.clone();
    let done = receipt::answer_anyone(asked, sent, Suggest { viewer, input }).await?;
    Ok(SuggestPayload {
        suggestion: Suggestion::find(asked, done.id()?).await?,
        receipt: done.secret,
        user_errors: done.user_errors,
    })
}

struct Suggest {
    viewer: Viewer,
    input: SuggestInput,
}

impl Work for Suggest {
    type Answer = Done;

    async fn run(&self, conn: &mut Conn, now: NaiveDateTime) -> domain::Result<Done> {
        let Self { viewer, input } = self;
        let granted = viewer.may(Action::Suggest, About::Sector)?;
        let problem = match &input.problem {
            Some(name) => Some(input::problem_named(conn, name).await?),
            None => None,
        };
        let project = match &input.project {
            Some(name) => Some(input::project_named(conn, name).await?),
            None => None,
        };
        let secret = store::secret(Secret::Receipt)?;
        let new = NewSuggestion {
            kind: input.kind.unwrap_or(SuggestionKind::Question).into(),
            problem,
            project,
            text: &input.text,
            receipt_hash: &Secret::Receipt.hash(&secret)?,
        };
        let row = store::suggestion::suggest(conn, &granted, now, &new).await?;
        Ok(Done::with(row.id).showing(secret))
    }
}

/// Answers a suggestion, declines it, or takes it for spam.
///
/// # Errors
/// `UNAUTHENTICATED` and `FORBIDDEN` for want of the right; `CONFLICT` when it moved on, or cannot become that.
pub(crate) async fn answer(
    asked: &Arc<Asked>,
    input: AnswerSuggestionInput,
) -> Result<SuggestionPayload> {
    let sent = Sent::new("answerSuggestion", &input, &input.idempotency_key);
    let viewer = asked.viewer.clone();
    let done = receipt::answer(asked, sent, Answer { viewer, input }).await?;
    Ok(SuggestionPayload {
        suggestion: Suggestion::find(asked, done.id()?).await?,
        user_errors: done.user_errors,
    })
}

struct Answer {
    viewer: Viewer,
    input: AnswerSuggestionInput,
}

impl Work for Answer {
    type Answer = Done;

    async fn run(&self, conn: &mut Conn, now: NaiveDateTime) -> domain::Result<Done> {
        let Self { viewer, input } = self;
        let granted = viewer.may(Action::Moderate, About::Sector)?;
        let Ok(Key::Suggestion(id)) = Key::parse("suggestion", &input.suggestion) else {
            let told = "This is not the id of a suggestion; use one that this API gave.";
            return Err(Error::invalid("suggestion", told));
        };
        let which = (id, input.expected_version);
        let what = (input.state.into(), input.answer.as_deref());
        store::suggestion::moderate(conn, &granted, now, which, what).await?;
        Ok(Done::with(id))
    }
}
