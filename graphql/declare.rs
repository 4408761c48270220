//! Publishing the declaration, signing it, and taking a signature back.

use crate::asked::Asked;
use crate::declaration::{Declaration, Signature};
use crate::done::Done;
use crate::error::Result;
use crate::input;
use crate::receipt::{self, Sent, Work};
use crate::user_error::UserError;
use async_graphql::{ID, InputObject, SimpleObject};
use chrono::NaiveDateTime;
use domain::Error;
use domain::id::OrganisationId;
use domain::policy::{About, Action, Viewer};
use std::sync::Arc;
use store::Conn;

/// What the next version says.
#[derive(InputObject)]
pub struct PublishDeclarationInput {
    /// What it is called, in at most 200 characters.
    title: String,
    /// What it says: paragraphs with an empty line between them, in at most 50,000 characters.
    text: String,
    /// Up to 100 characters of your choice: sent again with the same input, it gives the first answer again.
    idempotency_key: Option<String>,
}

/// Who signs what.
#[derive(InputObject)]
pub struct SignDeclarationInput {
    /// The organisation: its slug or a code, such as `E07000223`; left out, the one you act for.
    organisation: Option<String>,
    /// The version's id; the newest if left out.
    declaration: Option<ID>,
    /// Up to 100 characters of your choice: sent again with the same input, it gives the first answer again.
    idempotency_key: Option<String>,
}

/// Which signature is taken back.
#[derive(InputObject)]
pub struct WithdrawSignatureInput {
    /// The signature's id.
    signature: ID,
    /// Why; it is published.
    reason: String,
    /// The version you saw: when it has moved on, nothing is done and the error says which it is now.
    expected_version: i64,
    /// Up to 100 characters of your choice: sent again with the same input, it gives the first answer again.
    idempotency_key: Option<String>,
}

/// What came of publishing a version.
#[derive(SimpleObject)]
pub struct DeclarationPayload {
    /// The version; null when there are errors.
    declaration: Option<Declaration>,
    /// What has to be mended in the input.
    user_errors: Vec<UserError>,
}

/// What came of signing, or of taking a signature back.
#[derive(SimpleObject)]
pub struct SignaturePayload {
    /// The signature; null when there are errors.
    signature: Option<Signature>,
    /// What has to be mended in the input.
    user_errors: Vec<UserError>,
}

/// The organisation that somebody acts for: named, or the only one.
///
/// # Errors
/// [`Error::Invalid`] when nothing is named and they act for none, or for several.
pub(crate) async fn body(
    conn: &mut Conn,
    viewer: &Viewer,
    name: Option<&str>,
) -> domain::Result<OrganisationId> {
    let home = input::acting(conn, viewer, name).await?;
    home.ok_or_else(|| Error::invalid("organisation", "Say for which organisation."))
}

/// Publishes the next version of the declaration.
///
/// # Errors
/// `UNAUTHENTICATED` and `FORBIDDEN` for want of the right; `CONFLICT` for a key that came with another input.
pub(crate) async fn publish(
    asked: &Arc<Asked>,
    input: PublishDeclarationInput,
) -> Result<DeclarationPayload> {
    let sent = Sent::new("publishDeclaration", &input, &input.idempotency_key);
    let viewer = asked.viewer.clone();
    let done = receipt::answer(asked, sent, Publish { viewer, input }).await?;
    Ok(DeclarationPayload {
        declaration: Declaration::find(asked, done.id()?).await?,
        user_errors: done.user_errors,
    })
}

struct Publish {
    viewer: Viewer,
    input: PublishDeclarationInput,
}

impl Work for Publish {
    type Answer = Done;

    async fn run(&self, conn: &mut Conn, now: NaiveDateTime) -> domain::Result<Done> {
        let Self { viewer, input } = self;
        let granted = viewer.may(Action::PublishDeclaration, About::Sector)?;
        let row =
            store::declaration::publish(conn, &granted, now, &input.title, &input.text).await?;
        Ok(Done::with(row.id))
    }
}

/// Signs a version of the declaration.
///
/// # Errors
/// `UNAUTHENTICATED` and `FORBIDDEN` for want of the right; `CONFLICT` when the organisation signed it or is closed.
pub(crate) async fn sign(
    asked: &Arc<Asked>,
    input: SignDeclarationInput,
) -> Result<SignaturePayload> {
    let sent = Sent::new("signDeclaration", &input, &input.idempotency_key);
    let viewer = asked.viewer.clone();
    let done = receipt::answer(asked, sent, Sign { viewer, input }).await?;
    signature(asked, done).await
}

async fn signature(asked: &Arc<Asked>, done: Done) -> Result<SignaturePayload> {
    Ok(SignaturePayload {
        signature: Signature::find(asked, done.id()?).await?,
        user_errors: done.user_errors,
    })
}

struct Sign {
    viewer: Viewer,
    input: SignDeclarationInput,
}

impl Work for Sign {
    type Answer = Done;

    async fn run(&self, conn: &mut Conn, now: NaiveDateTime) -> domain::Result<Done> {
        let Self { viewer, input } = self;
        let body = body(conn, viewer, input.organisation.as_deref()).await?;
        let granted = viewer.may(Action::SignDeclaration, About::Organisation(body))?;
        let version = input.declaration.as_ref();
        let version = version.map(input::declaration).transpose()?;
        let row = store::signature::sign(conn, &granted, now, body, version).await?;
        Ok(Done::with(row.id))
    }
}

/// Takes a signature back.
///
/// # Errors
/// `UNAUTHENTICATED` and `FORBIDDEN` for want of the right; `CONFLICT` when it moved on or holds no more.
pub(crate) async fn withdraw(
    asked: &Arc<Asked>,
    input: WithdrawSignatureInput,
) -> Result<SignaturePayload> {
    let sent = Sent::new("withdrawSignature", &input, &input.idempotency_key);
    let viewer = asked.viewer.clone();
    let done = receipt::answer(asked, sent, Withdraw { viewer, input }).await?;
    signature(asked, done).await
}

struct Withdraw {
    viewer: Viewer,
    input: WithdrawSignatureInput,
}

impl Work for Withdraw {
    type Answer = Done;

    async fn run(&self, conn: &mut Conn, now: NaiveDateTime) -> domain::Result<Done> {
        let Self { viewer, input } = self;
        let id = input::signature(&input.signature)?;
        let row = store::signature::by_id(conn, id).await?;
        let about = About::Organisation(row.organisation_id);
        let granted = viewer
            .may(Action::SignDeclaration, about)?
            .because(input::reason(Some(&input.reason))?);
        let version = input.expected_version;
        store::signature::withdraw(conn, &granted, now, id, version).await?;
        Ok(Done::with(id))
    }
}
