//! Merging problems, undoing it, and saying whether two are the same.

use crate::asked::Asked;
use crate::done::Done;
use crate::error::Result;
use crate::id::Key;
use crate::input;
use crate::merge::Merge;
use crate::problem::Problem;
use crate::problems::Problems;
use crate::receipt::{self, Sent, Work};
use crate::user_error::UserError;
use async_graphql::{ID, InputObject, SimpleObject};
use chrono::NaiveDateTime;
use domain::Error;
use domain::id::MergeId;
use domain::policy::{About, Action, Viewer};
use std::sync::Arc;
use store::Conn;
use store::problem::Change;

/// Which problem goes on as which.
#[derive(InputObject)]
pub struct MergeProblemsInput {
    /// The problem that goes on as another: its id or slug.
    problem: ID,
    /// The problem that it goes on as: its id or slug.
    into: ID,
    /// The version of the first that you saw: when it has moved on, nothing is done and the error says which it is now.
    expected_version: i64,
    /// Why.
    reason: Option<String>,
    /// Up to 100 characters of your choice: sent again with the same input, it gives the first answer again.
    idempotency_key: Option<String>,
}

/// Which merge is undone.
#[derive(InputObject)]
pub struct UndoMergeInput {
    /// The merge's id.
    merge: ID,
    /// The version you saw: when it has moved on, nothing is done and the error says which it is now.
    expected_version: i64,
    /// Why.
    reason: Option<String>,
    /// Up to 100 characters of your choice: sent again with the same input, it gives the first answer again.
    idempotency_key: Option<String>,
}

/// Whether two problems are the same.
#[derive(InputObject)]
pub struct JudgeSimilarInput {
    /// The problem that was looked at: its id or slug.
    problem: ID,
    /// The one that was suggested with it: its id or slug.
    similar: ID,
    /// Whether they are the same in substance.
    accepted: bool,
    /// Up to 100 characters of your choice: sent again with the same input, it gives the first answer again.
    idempotency_key: Option<String>,
}

/// What came of merging problems, or of undoing it.
#[derive(SimpleObject)]
pub struct MergePayload {
    /// The merge; null when there are errors.
    merge: Option<Merge>,
    /// The problem that the other one goes on as, or did; null when there are errors.
    problem: Option<Problem>,
    /// What has to be mended in the input.
    user_errors: Vec<UserError>,
}

/// What came of saying whether two problems are the same.
#[derive(SimpleObject)]
pub struct JudgeSimilarPayload {
    /// What has to be mended in the input.
    user_errors: Vec<UserError>,
}

async fn payload(asked: &Arc<Asked>, done: Done) -> Result<MergePayload> {
    let Some(id) = done.id::<MergeId>()? else {
        return Ok(MergePayload {
            merge: None,
            problem: None,
            user_errors: done.user_errors,
        });
    };
    let asked = asked.renewed();
    let row = store::merge::find(&mut asked.read().await?, id).await?;
    let problems = Problems::named(&asked, [row.problem_id, row.into_id]);
    Ok(MergePayload {
        problem: Some(problems.get(row.into_id).await?),
        merge: Some(Merge::new(row, &problems)),
        user_errors: done.user_errors,
    })
}

/// Merges a problem into another.
///
/// # Errors
/// `UNAUTHENTICATED` and `FORBIDDEN` for want of the right; `CONFLICT` when it moved on, or one of them was merged.
pub(crate) async fn merge(asked: &Arc<Asked>, input: MergeProblemsInput) -> Result<MergePayload> {
    let sent = Sent::new("mergeProblems", &input, &input.idempotency_key);
    let viewer = asked.viewer.clone();
    payload(
        asked,
        receipt::answer(asked, sent, Join { viewer, input }).await?,
    )
    .await
}

struct Join {
    viewer: Viewer,
    input: MergeProblemsInput,
}

impl Work for Join {
    type Answer = Done;

    async fn run(&self, conn: &mut Conn, now: NaiveDateTime) -> domain::Result<Done> {
        let Self { viewer, input } = self;
        let granted = viewer.may(Action::MergeProblems, About::Sector)?;
        let into = input::problem_named(conn, &input.into).await?;
        let change = Change {
            problem: input::problem_named(conn, &input.problem).await?,
            expected_version: input.expected_version,
            reason: input.reason.as_deref(),
        };
        let row = store::merge::merge(conn, &granted, now, change, into).await?;
        Ok(Done::with(row.id))
    }
}

/// Undoes a merge.
///
/// # Errors
/// `UNAUTHENTICATED` and `FORBIDDEN` for want of the right; `CONFLICT` when it moved on, was undone, or the other problem
/// was merged further.
pub(crate) async fn undo(asked: &Arc<Asked>, input: UndoMergeInput) -> Result<MergePayload> {
    let sent = Sent::new("undoMerge", &input, &input.idempotency_key);
    let viewer = asked.viewer.clone();
    payload(
        asked,
        receipt::answer(asked, sent, Undo { viewer, input }).await?,
    )
    .await
}

struct Undo {
    viewer: Viewer,
    input: UndoMergeInput,
}

impl Work for Undo {
    type Answer = Done;

    async fn run(&self, conn: &mut Conn, now: NaiveDateTime) -> domain::Result<Done> {
        let Self { viewer, input } = self;
        let granted = viewer.may(Action::MergeProblems, About::Sector)?;
        let Ok(Key::Merge(id)) = Key::parse("merge", &input.merge) else {
            let told = "This is not the id of a merge; use one that this API gave.";
            return Err(Error::invalid("merge", told));
        };
        let why = input::reason(input.reason.as_deref())?;
        let said = (input.expected_version, why.as_deref());
        let row = store::merge::undo(conn, &granted, now, id, said).await?;
        Ok(Done::with(row.id))
    }
}

/// Keeps whether two problems are the same.
///
/// # Errors
/// `UNAUTHENTICATED` and `FORBIDDEN` for want of the right.
pub(crate) async fn judge(
    asked: &Arc<Asked>,
    input: JudgeSimilarInput,
) -> Result<JudgeSimilarPayload> {
    let sent = Sent::new("judgeSimilar", &input, &input.idempotency_key);
    let viewer = asked.viewer.clone();
    let done = receipt::answer(asked, sent, Judge { viewer, input }).await?;
    Ok(JudgeSimilarPayload {
        user_errors: done.user_errors,
    })
}

struct Judge {
    viewer: Viewer,
    input: JudgeSimilarInput,
}

impl Work for Judge {
    type Answer = Done;

    async fn run(&self, conn: &mut Conn, now: NaiveDateTime) -> domain::Result<Done> {
        let Self { viewer, input } = self;
        let granted = viewer.may(Action::JudgeSimilar, About::Sector)?;
        let problem = input::problem_named(conn, &input.problem).await?;
        let pair = (problem, input::problem_named(conn, &input.similar).await?);
        store::judgement::judge(conn, &granted, now, pair, input.accepted).await?;
        Ok(Done::plain())
    }
}
