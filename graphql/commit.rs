//! Making commitments, and saying how they ended.

use crate::asked::Asked;
use crate::commitment::{Commitment, CommitmentOutcome, standard};
use crate::declare::body;
use crate::done::Done;
use crate::error::Result;
use crate::id::Key;
use crate::input;
use crate::receipt::{self, Sent, Work};
use crate::scalar::Date;
use crate::user_error::UserError;
use async_graphql::{ID, InputObject, SimpleObject};
use chrono::NaiveDateTime;
use domain::Error;
use domain::id::{ProjectId, StandardId};
use domain::policy::{About, Action, Viewer};
use std::sync::Arc;
use store::Conn;
use store::commitment::NewCommitment;

/// What is promised.
#[derive(InputObject)]
pub struct MakeCommitmentInput {
    /// The organisation: its slug or a code, such as `E07000223`; left out, the one you act for.
    organisation: Option<String>,
    /// What is promised, in at most 2,000 characters.
    text: String,
    /// The part of the declaration it follows from.
    principle: Option<String>,
    /// The last day on which it can be kept, UTC.
    due_on: Date,
    /// The project it is about: its id or its slug.
    project: Option<ID>,
    /// The standard it is about: its id or its slug.
    standard: Option<ID>,
    /// Up to 100 characters of your choice: sent again with the same input, it gives the first answer again.
    idempotency_key: Option<String>,
}

/// How a commitment ended.
#[derive(InputObject)]
pub struct SettleCommitmentInput {
    /// The commitment's id.
    commitment: ID,
    /// How it ended: `KEPT` only until the day it was due, `LATE` only after it.
    outcome: CommitmentOutcome,
    /// Why; needed for `EXPLAINED`. It is published.
    explanation: Option<String>,
    /// The version you saw: when it has moved on, nothing is done and the error says which it is now.
    expected_version: i64,
    /// Up to 100 characters of your choice: sent again with the same input, it gives the first answer again.
    idempotency_key: Option<String>,
}

/// What came of making a commitment, or of ending it.
#[derive(SimpleObject)]
pub struct CommitmentPayload {
    /// The commitment; null when there are errors.
    commitment: Option<Commitment>,
    /// What has to be mended in the input.
    user_errors: Vec<UserError>,
}

async fn payload(asked: &Arc<Asked>, done: Done) -> Result<CommitmentPayload> {
    Ok(CommitmentPayload {
        commitment: Commitment::find(asked, done.id()?).await?,
        user_errors: done.user_errors,
    })
}

/// Makes a commitment.
///
/// # Errors
/// `UNAUTHENTICATED` and `FORBIDDEN` for want of the right; `CONFLICT` when the organisation is closed.
pub(crate) async fn make(
    asked: &Arc<Asked>,
    input: MakeCommitmentInput,
) -> Result<CommitmentPayload> {
    let sent = Sent::new("makeCommitment", &input, &input.idempotency_key);
    let viewer = asked.viewer.clone();
    let done = receipt::answer(asked, sent, Make { viewer, input }).await?;
    payload(asked, done).await
}

struct Make {
    viewer: Viewer,
    input: MakeCommitmentInput,
}

impl Work for Make {
    type Answer = Done;

    async fn run(&self, conn: &mut Conn, now: NaiveDateTime) -> domain::Result<Done> {
        let Self { viewer, input } = self;
        let body = body(conn, viewer, input.organisation.as_deref()).await?;
        let granted = viewer.may(Action::Commit, About::Organisation(body))?;
        let new = NewCommitment {
            organisation: body,
            text: &input.text,
            principle: input.principle.as_deref(),
            due_on: input.due_on.0,
            project: match &input.project {
                Some(named) => Some(project_named(conn, named).await?),
                None => None,
            },
            standard: match &input.standard {
                Some(named) => Some(standard_named(conn, named).await?),
                None => None,
            },
        };
        let row = store::commitment::make(conn, &granted, now, &new).await?;
        Ok(Done::with(row.id))
    }
}

async fn project_named(conn: &mut Conn, named: &ID) -> domain::Result<ProjectId> {
    let row = match Key::parse("project", named) {
        Ok(Key::Project(id)) => store::project::by_ids(conn, &[id]).await?.pop(),
        _ => store::project::by_slug(conn, named.trim()).await?,
    };
    let missing = || Error::not_found("project", named.as_str());
    Ok(row.ok_or_else(missing)?.id)
}

async fn standard_named(conn: &mut Conn, named: &ID) -> domain::Result<StandardId> {
    let id = match Key::parse("standard", named) {
        Ok(Key::Standard(id)) => id,
        _ => return standard(conn, named).await,
    };
    let row = store::standard::by_ids(conn, &[id]).await?.pop();
    let missing = || Error::not_found("standard", named.as_str());
    Ok(row.ok_or_else(missing)?.id)
}

/// Says how a commitment ended.
///
/// # Errors
/// `UNAUTHENTICATED` and `FORBIDDEN` for want of the right; `CONFLICT` when it moved on or ended before.
pub(crate) async fn settle(
    asked: &Arc<Asked>,
    input: SettleCommitmentInput,
) -> Result<CommitmentPayload> {
    let sent = Sent::new("settleCommitment", &input, &input.idempotency_key);
    let viewer = asked.viewer.clone();
    let done = receipt::answer(asked, sent, Settle { viewer, input }).await?;
    payload(asked, done).await
}

struct Settle {
    viewer: Viewer,
    input: SettleCommitmentInput,
}

impl Work for Settle {
    type Answer = Done;

    async fn run(&self, conn: &mut Conn, now: NaiveDateTime) -> domain::Result<Done> {
        let Self { viewer, input } = self;
        let id = input::commitment(&input.commitment)?;
        let row = store::commitment::by_id(conn, id).await?;
        let granted = viewer.may(Action::Commit, About::Organisation(row.organisation_id))?;
        let said = (input.outcome.into(), input.explanation.as_deref());
        let version = input.expected_version;
        store::commitment::settle(conn, &granted, now, id, version, said).await?;
        Ok(Done::with(id))
    }
}
