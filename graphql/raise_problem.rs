//! Raising problems, writing at them, and moving them.

use crate::asked::Asked;
use crate::done::Done;
use crate::error::Result;
use crate::input;
use crate::problem::Problem;
use crate::problem_words::ProblemState;
use crate::problems::{Problems, teams};
use crate::receipt::{self, Sent, Work};
use crate::user_error::UserError;
use async_graphql::{ID, InputObject, SimpleObject};
use chrono::NaiveDateTime;
use domain::Error;
use domain::id::{ProblemId, StandardId};
use domain::policy::{About, Action, Viewer};
use domain::problem::NewText;
use std::sync::Arc;
use store::Conn;
use store::problem::Change;

/// A problem that is raised.
#[derive(InputObject)]
pub struct RaiseProblemInput {
    /// Who has it: an organisation's slug or code. Left out, it is that of the token, or of your only membership; the
    /// unit's own raise it for the unit.
    organisation: Option<String>,
    /// What it is, on one line of at most 150 characters.
    title: String,
    /// The same in a paragraph of at most 1,000 characters.
    summary: String,
    /// Why it matters.
    why: Option<String>,
    /// Who has it.
    affected: Option<String>,
    /// What it costs, in money, days or harm.
    burden: Option<String>,
    /// The service it belongs to, by its code: see `services`.
    service: Option<String>,
    /// At most 8 tags of a word or two.
    tags: Option<Vec<String>>,
    /// The standard it is about: its slug.
    standard: Option<String>,
    /// Up to 100 characters of your choice: sent again with the same input, it gives the first answer again.
    idempotency_key: Option<String>,
}

/// What of a problem's text is to change; what is left out stays.
#[derive(InputObject)]
pub struct ReviseProblemInput {
    /// The problem's id or slug.
    problem: ID,
    /// The version you saw: when it has moved on, nothing is done and the error says which it is now.
    expected_version: i64,
    /// What it is, on one line of at most 150 characters.
    title: Option<String>,
    /// The same in a paragraph of at most 1,000 characters.
    summary: Option<String>,
    /// Why it matters.
    why: Option<String>,
    /// Who has it.
    affected: Option<String>,
    /// What it costs, in money, days or harm.
    burden: Option<String>,
    /// The service it belongs to, by its code; an empty one takes it away.
    service: Option<String>,
    /// At most 8 tags of a word or two, in place of those that stand.
    tags: Option<Vec<String>>,
    /// The standard it is about: its slug; an empty one takes it away.
    standard: Option<String>,
    /// What you did, or why.
    note: Option<String>,
    /// Up to 100 characters of your choice: sent again with the same input, it gives the first answer again.
    idempotency_key: Option<String>,
}

/// Which text of a problem is brought back.
#[derive(InputObject)]
pub struct RestoreProblemInput {
    /// The problem's id or slug.
    problem: ID,
    /// The number of the revision whose text is to stand again.
    revision: i32,
    /// The version you saw: when it has moved on, nothing is done and the error says which it is now.
    expected_version: i64,
    /// Why.
    note: Option<String>,
    /// Up to 100 characters of your choice: sent again with the same input, it gives the first answer again.
    idempotency_key: Option<String>,
}

/// Where a problem is to stand.
#[derive(InputObject)]
pub struct MoveProblemInput {
    /// The problem's id or slug.
    problem: ID,
    /// `SOLVED` when a project works on it, `PARKED` when nobody goes on with it, or, to take it up again, where its
    /// backers and projects put it.
    state: ProblemState,
    /// Why; not needed for `SOLVED`.
    reason: Option<String>,
    /// The version you saw: when it has moved on, nothing is done and the error says which it is now.
    expected_version: i64,
    /// Up to 100 characters of your choice: sent again with the same input, it gives the first answer again.
    idempotency_key: Option<String>,
}

/// What came of raising or changing a problem.
#[derive(SimpleObject)]
pub struct ProblemPayload {
    /// The problem; null when there are errors.
    problem: Option<Problem>,
    /// What has to be mended in the input.
    user_errors: Vec<UserError>,
}

async fn payload(asked: &Arc<Asked>, done: Done) -> Result<ProblemPayload> {
    Ok(ProblemPayload {
        problem: renewed(asked, done.id()?).await?,
        user_errors: done.user_errors,
    })
}

/// The problem with this id, after a mutation changed it.
pub(crate) async fn renewed(asked: &Arc<Asked>, id: Option<ProblemId>) -> Result<Option<Problem>> {
    match id {
        Some(id) => Problems::named(&asked.renewed(), [id])
            .get(id)
            .await
            .map(Some),
        None => Ok(None),
    }
}

/// The standard with this slug; `None` for a blank one.
async fn standard(conn: &mut Conn, slug: &str) -> domain::Result<Option<StandardId>> {
    if slug.trim().is_empty() {
        return Ok(None);
    }
    let row = store::standard::by_slug(conn, slug.trim()).await?;
    let row = row.ok_or_else(|| Error::not_found("standard", slug))?;
    Ok(Some(row.id))
}

/// Raises a problem.
///
/// # Errors
/// `UNAUTHENTICATED` and `FORBIDDEN` for want of the right; `CONFLICT` when the organisation is closed.
pub(crate) async fn raise(asked: &Arc<Asked>, input: RaiseProblemInput) -> Result<ProblemPayload> {
    let sent = Sent::new("raiseProblem", &input, &input.idempotency_key);
    let viewer = asked.viewer.clone();
    payload(
        asked,
        receipt::answer(asked, sent, Raise { viewer, input }).await?,
    )
    .await
}

struct Raise {
    viewer: Viewer,
    input: RaiseProblemInput,
}

impl Work for Raise {
    type Answer = Done;

    async fn run(&self, conn: &mut Conn, now: NaiveDateTime) -> domain::Result<Done> {
        let Self { viewer, input } = self;
        let home = input::acting(conn, viewer, input.organisation.as_deref()).await?;
        let granted = viewer.may(Action::RaiseProblem, About::affairs_of(home))?;
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let new = NewText {
            title: input.title.clone(),
            summary: input.summary.clone(),
            why: text(&input.why),
            affected: text(&input.affected),
            burden: text(&input.burden),
            service: input.service.clone(),
            tags: input.tags.clone().unwrap_or_default(),
            standard: standard(conn, &text(&input.standard)).await?,
        };
        let row = store::revision::raise(conn, &granted, now, home, &new).await?;
        Ok(Done::with(row.id))
    }
}

/// Writes at a problem.
///
/// # Errors
/// `UNAUTHENTICATED` and `FORBIDDEN` for want of the right; `CONFLICT` when it moved on or was merged.
pub(crate) async fn revise(
    asked: &Arc<Asked>,
    input: ReviseProblemInput,
) -> Result<ProblemPayload> {
    let sent = Sent::new("reviseProblem", &input, &input.idempotency_key);
    let viewer = asked.viewer.clone();
    payload(
        asked,
        receipt::answer(asked, sent, Revise { viewer, input }).await?,
    )
    .await
}

struct Revise {
    viewer: Viewer,
    input: ReviseProblemInput,
}

impl Work for Revise {
    type Answer = Done;

    async fn run(&self, conn: &mut Conn, now: NaiveDateTime) -> domain::Result<Done> {
        let Self { viewer, input } = self;
        let granted = viewer.may(Action::ReviseProblem, About::Sector)?;
        let named_standard = match &input.standard {
            Some(slug) => Some(standard(conn, slug).await?),
            None => None,
        };
        let change = Change {
            problem: input::problem_named(conn, &input.problem).await?,
            expected_version: input.expected_version,
            reason: input.note.as_deref(),
        };
        let write = |old: NewText| NewText {
            title: input.title.clone().unwrap_or(old.title),
            summary: input.summary.clone().unwrap_or(old.summary),
            why: input.why.clone().unwrap_or(old.why),
            affected: input.affected.clone().unwrap_or(old.affected),
            burden: input.burden.clone().unwrap_or(old.burden),
            service: input.service.clone().or(old.service),
            tags: input.tags.clone().unwrap_or(old.tags),
            standard: named_standard.unwrap_or(old.standard),
        };
        let row = store::revision::revise(conn, &granted, now, change, write).await?;
        Ok(Done::with(row.id))
    }
}

/// Brings back what a problem's text was.
///
/// # Errors
/// As [`revise`].
pub(crate) async fn restore(
    asked: &Arc<Asked>,
    input: RestoreProblemInput,
) -> Result<ProblemPayload> {
    let sent = Sent::new("restoreProblem", &input, &input.idempotency_key);
    let viewer = asked.viewer.clone();
    payload(
        asked,
        receipt::answer(asked, sent, Restore { viewer, input }).await?,
    )
    .await
}

struct Restore {
    viewer: Viewer,
    input: RestoreProblemInput,
}

impl Work for Restore {
    type Answer = Done;

    async fn run(&self, conn: &mut Conn, now: NaiveDateTime) -> domain::Result<Done> {
        let Self { viewer, input } = self;
        let granted = viewer.may(Action::ReviseProblem, About::Sector)?;
        let change = Change {
            problem: input::problem_named(conn, &input.problem).await?,
            expected_version: input.expected_version,
            reason: input.note.as_deref(),
        };
        let row = store::revision::restore(conn, &granted, now, change, input.revision).await?;
        Ok(Done::with(row.id))
    }
}

/// Moves a problem.
///
/// # Errors
/// `UNAUTHENTICATED` and `FORBIDDEN` for want of the right; `CONFLICT` when it moved on or cannot move there.
pub(crate) async fn move_to(asked: &Arc<Asked>, input: MoveProblemInput) -> Result<ProblemPayload> {
    let sent = Sent::new("moveProblem", &input, &input.idempotency_key);
    let viewer = asked.viewer.clone();
    payload(
        asked,
        receipt::answer(asked, sent, Move { viewer, input }).await?,
    )
    .await
}

struct Move {
    viewer: Viewer,
    input: MoveProblemInput,
}

impl Work for Move {
    type Answer = Done;

    async fn run(&self, conn: &mut Conn, now: NaiveDateTime) -> domain::Result<Done> {
        let Self { viewer, input } = self;
        let id = input::problem_named(conn, &input.problem).await?;
        let row = store::problem::by_id(conn, id).await?;
        let teams = teams(conn, &[id]).await?.remove(&id).unwrap_or_default();
        let granted = viewer.may_as(Action::MoveProblem, row.organisation_id, &teams)?;
        let change = Change {
            problem: id,
            expected_version: input.expected_version,
            reason: input.reason.as_deref(),
        };
        let state = input.state.into();
        store::problem::move_to(conn, &granted, now, change, state).await?;
        Ok(Done::with(id))
    }
}
