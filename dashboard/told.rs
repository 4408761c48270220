//! Webhooks as the page of people and keys shows them: where changes are delivered to, and what came of it.

use serde::Deserialize;

use crate::show::Moment;
use crate::words::WebhookState;

/// An address that changes are delivered to.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Webhook {
    pub(crate) url: String,
    pub(crate) state: WebhookState,
    pub(crate) of: Option<Of>,
    pub(crate) failing_since: Option<Moment>,
    pub(crate) next_try_at: Option<Moment>,
    pub(crate) deliveries: Vec<Delivery>,
}

/// What it is told of.
#[derive(Deserialize)]
pub(crate) struct Of {
    pub(crate) title: String,
    pub(crate) path: String,
}

/// One try to deliver.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Delivery {
    pub(crate) tried_at: Moment,
    pub(crate) first: String,
    pub(crate) last: String,
    pub(crate) attempt: i64,
    pub(crate) status: Option<i64>,
    pub(crate) error: Option<String>,
}
