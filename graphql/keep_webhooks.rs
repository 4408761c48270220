//! Adding webhooks, pausing and resuming them.

use crate::asked::Asked;
use crate::done::Done;
use crate::error::Result;
use crate::input;
use crate::receipt::{self, Sent, Work};
use crate::subscription::followed;
use crate::user_error::UserError;
use crate::webhook::Webhook;
use async_graphql::{ID, InputObject, SimpleObject};
use chrono::NaiveDateTime;
use domain::policy::{About, Action, Viewer};
use domain::webhook::{WebhookState, check_url};
use std::sync::Arc;
use store::Conn;

/// Where to deliver what.
#[derive(InputObject)]
pub struct AddWebhookInput {
    /// The organisation: its slug or a code, such as `E07000223`; left out for the unit's own.
    organisation: Option<String>,
    /// The address, which begins with `https://` and leads to the public internet.
    url: String,
    /// The id of a problem, a project, a standard or an organisation to be told of; every change that everybody may see
    /// if left out.
    of: Option<ID>,
    /// Up to 100 characters of your choice: sent again with the same input, it gives the first answer again, without
    /// the secret.
    idempotency_key: Option<String>,
}

/// Which webhook is paused.
#[derive(InputObject)]
pub struct PauseWebhookInput {
    /// The webhook's id.
    webhook: ID,
    /// The version you saw: when it has moved on, nothing is done and the error says which it is now.
    expected_version: i64,
    /// Up to 100 characters of your choice: sent again with the same input, it gives the first answer again.
    idempotency_key: Option<String>,
}

/// Which webhook is resumed.
#[derive(InputObject)]
pub struct ResumeWebhookInput {
    /// The webhook's id.
    webhook: ID,
    /// The version you saw: when it has moved on, nothing is done and the error says which it is now.
    expected_version: i64,
    /// Up to 100 characters of your choice: sent again with the same input, it gives the first answer again.
    idempotency_key: Option<String>,
}

/// What came of adding a webhook.
#[derive(SimpleObject)]
pub struct AddWebhookPayload {
    /// The webhook; null when there are errors.
    webhook: Option<Webhook>,
    /// The secret that signs its deliveries, `whsec_…`, shown now and never again. Null when the answer is given again.
    secret: Option<String>,
    /// What has to be mended in the input.
    user_errors: Vec<UserError>,
}

/// What came of pausing or resuming a webhook.
#[derive(SimpleObject)]
pub struct WebhookPayload {
    /// The webhook; null when there are errors.
    webhook: Option<Webhook>,
    /// What has to be mended in the input.
    user_errors: Vec<UserError>,
}

/// Adds a webhook.
///
/// # Errors
/// `UNAUTHENTICATED` and `FORBIDDEN` for want of the right; `CONFLICT` when there are too many.
pub(crate) async fn add(asked: &Arc<Asked>, input: AddWebhookInput) -> Result<AddWebhookPayload> {
    let sent = Sent::new("addWebhook", &input, &input.idempotency_key);
    let work = Add {
        viewer: asked.viewer.clone(),
        local: asked.desk.limits.offers.local_webhooks,
        input,
    };
    let done = receipt::answer(asked, sent, work).await?;
    Ok(AddWebhookPayload {
        webhook: Webhook::find(asked, done.id()?).await?,
        secret: done.secret,
        user_errors: done.user_errors,
    })
}

struct Add {
    viewer: Viewer,
    local: bool,
    input: AddWebhookInput,
}

impl Work for Add {
    type Answer = Done;

    async fn run(&self, conn: &mut Conn, now: NaiveDateTime) -> domain::Result<Done> {
        let input = &self.input;
        let home = input::home(conn, input.organisation.as_deref()).await?;
        let about = About::affairs_of(home);
        let granted = self.viewer.may(Action::KeepWebhooks, about)?;
        let url = check_url(&input.url, self.local)?;
        let of = input.of.as_ref().map(followed).transpose()?;
        let (row, secret) = store::webhook::add(conn, &granted, now, home, (&url, of)).await?;
        Ok(Done::with(row.id).showing(secret))
    }
}

/// Pauses a webhook.
///
/// # Errors
/// `UNAUTHENTICATED` and `FORBIDDEN` for want of the right; `CONFLICT` when it moved on or is paused.
pub(crate) async fn pause(asked: &Arc<Asked>, input: PauseWebhookInput) -> Result<WebhookPayload> {
    let sent = Sent::new("pauseWebhook", &input, &input.idempotency_key);
    let work = SetState {
        viewer: asked.viewer.clone(),
        webhook: input.webhook,
        expected_version: input.expected_version,
        state: WebhookState::Paused,
    };
    payload(asked, receipt::answer(asked, sent, work).await?).await
}

/// Resumes a webhook.
///
/// # Errors
/// `UNAUTHENTICATED` and `FORBIDDEN` for want of the right; `CONFLICT` when it moved on or is active.
pub(crate) async fn resume(
    asked: &Arc<Asked>,
    input: ResumeWebhookInput,
) -> Result<WebhookPayload> {
    let sent = Sent::new("resumeWebhook", &input, &input.idempotency_key);
    let work = SetState {
        viewer: asked.viewer.clone(),
        webhook: input.webhook,
        expected_version: input.expected_version,
        state: WebhookState::Active,
    };
    payload(asked, receipt::answer(asked, sent, work).await?).await
}

async fn payload(asked: &Arc<Asked>, done: Done) -> Result<WebhookPayload> {
    Ok(WebhookPayload {
        webhook: Webhook::find(asked, done.id()?).await?,
        user_errors: done.user_errors,
    })
}

struct SetState {
    viewer: Viewer,
    webhook: ID,
    expected_version: i64,
    state: WebhookState,
}

impl Work for SetState {
    type Answer = Done;

    async fn run(&self, conn: &mut Conn, now: NaiveDateTime) -> domain::Result<Done> {
        let id = input::webhook(&self.webhook)?;
        let row = store::webhook::by_id(conn, id).await?;
        let about = About::affairs_of(row.organisation_id);
        let granted = self.viewer.may(Action::KeepWebhooks, about)?;
        let to = (self.expected_version, self.state);
        store::webhook::set_state(conn, &granted, now, id, to).await?;
        Ok(Done::with(id))
    }
}
