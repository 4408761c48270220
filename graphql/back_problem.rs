//! Backing problems, taking that back, and answering who backs them.

use crate::asked::Asked;
use crate::backing::Backing;
use crate::done::Done;
use crate::error::Result;
use crate::id::Key;
use crate::input;
use crate::problem::Problem;
use crate::problem_words::Willingness;
use crate::problems::{Problems, teams};
use crate::receipt::{self, Sent, Work};
use crate::user_error::UserError;
use async_graphql::{ID, InputObject, SimpleObject};
use chrono::NaiveDateTime;
use domain::Error;
use domain::policy::{About, Action, Viewer};
use std::sync::Arc;
use store::Conn;
use store::backing::BackingKey;

/// Which problem a body has, too.
#[derive(InputObject)]
pub struct BackProblemInput {
    /// The problem's id or slug.
    problem: ID,
    /// Who has it, too: an organisation's slug or code. Left out, it is that of the token, or of your only membership.
    organisation: Option<String>,
    /// What it is willing to do.
    #[graphql(default_with = "Some(Willingness::Follow)")]
    willingness: Option<Willingness>,
    /// What it says beside.
    note: Option<String>,
    /// Up to 100 characters of your choice: sent again with the same input, it gives the first answer again.
    idempotency_key: Option<String>,
}

/// Which backing is taken back.
#[derive(InputObject)]
pub struct WithdrawBackingInput {
    /// The backing's id.
    backing: ID,
    /// The version you saw: when it has moved on, nothing is done and the error says which it is now.
    expected_version: i64,
    /// Why.
    reason: Option<String>,
    /// Up to 100 characters of your choice: sent again with the same input, it gives the first answer again.
    idempotency_key: Option<String>,
}

/// What a body that backs a problem is answered.
#[derive(InputObject)]
pub struct AnswerBackingInput {
    /// The backing's id.
    backing: ID,
    /// What the body will read.
    answer: String,
    /// The version you saw: when it has moved on, nothing is done and the error says which it is now.
    expected_version: i64,
    /// Up to 100 characters of your choice: sent again with the same input, it gives the first answer again.
    idempotency_key: Option<String>,
}

/// What came of backing a problem, of taking that back, or of answering it.
#[derive(SimpleObject)]
pub struct BackingPayload {
    /// The backing; null when there are errors.
    backing: Option<Backing>,
    /// The problem that is backed; null when there are errors.
    problem: Option<Problem>,
    /// What has to be mended in the input.
    user_errors: Vec<UserError>,
}

/// The answer of a mutation that wrote this backing.
fn done((problem, id): BackingKey) -> Done {
    Done::with(Key::Backing(problem, id).id().as_str())
}

/// The backing that an id names.
fn key(id: &str) -> domain::Result<BackingKey> {
    match Key::parse("backing", id) {
        Ok(Key::Backing(problem, id)) => Ok((problem, id)),
        _ => Err(Error::invalid(
            "backing",
            format!("`{id}` is not the id of a backing; use one that this API gave."),
        )),
    }
}

async fn payload(asked: &Arc<Asked>, done: Done) -> Result<BackingPayload> {
    let Some(wrote) = done.text() else {
        return Ok(BackingPayload {
            backing: None,
            problem: None,
            user_errors: done.user_errors,
        });
    };
    let key = key(wrote)?;
    let asked = asked.renewed();
    let row = store::backing::by_key(&mut asked.read().await?, key).await?;
    let problems = Problems::named(&asked, [key.0]);
    Ok(BackingPayload {
        problem: Some(problems.get(key.0).await?),
        backing: Some(Backing::new(row, &problems)),
        user_errors: done.user_errors,
    })
}

/// Backs a problem.
///
/// # Errors
/// `UNAUTHENTICATED` and `FORBIDDEN` for want of the right; `CONFLICT` when it was merged or the organisation is closed.
pub(crate) async fn back(asked: &Arc<Asked>, input: BackProblemInput) -> Result<BackingPayload> {
    let sent = Sent::new("backProblem", &input, &input.idempotency_key);
    let viewer = asked.viewer.clone();
    payload(
        asked,
        receipt::answer(asked, sent, Back { viewer, input }).await?,
    )
    .await
}

struct Back {
    viewer: Viewer,
    input: BackProblemInput,
}

impl Work for Back {
    type Answer = Done;

    async fn run(&self, conn: &mut Conn, now: NaiveDateTime) -> domain::Result<Done> {
        let Self { viewer, input } = self;
        let home = input::acting(conn, viewer, input.organisation.as_deref()).await?;
        let granted = viewer.may(Action::BackProblem, About::affairs_of(home))?;
        let body = home.ok_or_else(|| {
            Error::invalid("organisation", "Say which organisation backs the problem.")
        })?;
        let pair = (input::problem_named(conn, &input.problem).await?, body);
        let willingness = input.willingness.unwrap_or(Willingness::Follow).into();
        let said = (willingness, input.note.as_deref());
        let row = store::backing::back(conn, &granted, now, pair, said).await?;
        Ok(done((row.problem_id, row.id)))
    }
}

/// Takes a backing back.
///
/// # Errors
/// `UNAUTHENTICATED` and `FORBIDDEN` for want of the right; `CONFLICT` when it moved on.
pub(crate) async fn withdraw(
    asked: &Arc<Asked>,
    input: WithdrawBackingInput,
) -> Result<BackingPayload> {
    let sent = Sent::new("withdrawBacking", &input, &input.idempotency_key);
    let viewer = asked.viewer.clone();
    payload(
        asked,
        receipt::answer(asked, sent, Withdraw { viewer, input }).await?,
    )
    .await
}

struct Withdraw {
    viewer: Viewer,
    input: WithdrawBackingInput,
}

impl Work for Withdraw {
    type Answer = Done;

    async fn run(&self, conn: &mut Conn, now: NaiveDateTime) -> domain::Result<Done> {
        let Self { viewer, input } = self;
        let key = key(&input.backing)?;
        let row = store::backing::by_key(conn, key).await?;
        let about = About::Organisation(row.organisation_id);
        let granted = viewer.may(Action::BackProblem, about)?;
        let granted = granted.because(input::reason(input.reason.as_deref())?);
        store::backing::withdraw(conn, &granted, now, key, input.expected_version).await?;
        Ok(done(key))
    }
}

/// Answers a body that backs a problem.
///
/// # Errors
/// `UNAUTHENTICATED` and `FORBIDDEN` for want of the right; `CONFLICT` when it moved on or was taken back.
pub(crate) async fn answer(
    asked: &Arc<Asked>,
    input: AnswerBackingInput,
) -> Result<BackingPayload> {
    let sent = Sent::new("answerBacking", &input, &input.idempotency_key);
    let viewer = asked.viewer.clone();
    payload(
        asked,
        receipt::answer(asked, sent, Answer { viewer, input }).await?,
    )
    .await
}

struct Answer {
    viewer: Viewer,
    input: AnswerBackingInput,
}

impl Work for Answer {
    type Answer = Done;

    async fn run(&self, conn: &mut Conn, now: NaiveDateTime) -> domain::Result<Done> {
        let Self { viewer, input } = self;
        let key = key(&input.backing)?;
        let row = store::problem::by_id(conn, key.0).await?;
        let teams = teams(conn, &[key.0])
            .await?
            .remove(&key.0)
            .unwrap_or_default();
        let granted = viewer.may_as(Action::AnswerBacking, row.organisation_id, &teams)?;
        let said = (input.answer.as_str(), input.expected_version);
        store::backing::answer(conn, &granted, now, key, said).await?;
        Ok(done(key))
    }
}
