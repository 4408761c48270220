//! Webhooks: the addresses that changes are delivered to, and the log of their deliveries.

use crate::asked::Asked;
use crate::cost;
use crate::error::Result;
use crate::id::Key;
use crate::once::{Once, by};
use crate::scalar::{DateTime, Long};
use crate::subscription::Followed;
use async_graphql::{Enum, ID, Object, SimpleObject};
use domain::id::WebhookId;
use domain::webhook::KEPT;
use std::collections::HashMap;
use std::sync::Arc;
use store::delivery::Delivery as DeliveryRow;
use store::news::Titled;
use store::webhook::Webhook as Row;

/// The most deliveries of all the webhooks that are read together.
const MOST_DELIVERIES: i64 = 500;
/// The most deliveries of one webhook that are shown, the newest first.
const SHOWN: usize = 50;

/// Whether a webhook is delivered to.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[graphql(remote = "domain::webhook::WebhookState")]
pub enum WebhookState {
    /// It is.
    Active,
    /// Not until somebody resumes it.
    Paused,
}

/// Webhooks that were read together.
pub(crate) struct Webhooks {
    asked: Arc<Asked>,
    ids: Vec<WebhookId>,
    titles: HashMap<domain::subscription::Followed, Titled>,
    deliveries: Once<(), Arc<HashMap<WebhookId, Vec<DeliveryRow>>>>,
}

/// A webhook, and those that were read with it.
#[derive(Clone)]
pub struct Webhook {
    pub(crate) row: Row,
    together: Arc<Webhooks>,
}

impl Webhook {
    /// Those of these rows, in their order.
    pub(crate) async fn all(asked: &Arc<Asked>, rows: Vec<Row>) -> Result<Vec<Self>> {
        let followed: Vec<_> = rows.iter().filter_map(Row::followed).collect();
        let titles = store::news::titles(&mut asked.read().await?, &followed).await?;
        let together = Arc::new(Webhooks {
            asked: Arc::clone(asked),
            ids: rows.iter().map(|row| row.id).collect(),
            titles,
            deliveries: Once::default(),
        });
        let one = |row| Self {
            row,
            together: Arc::clone(&together),
        };
        Ok(rows.into_iter().map(one).collect())
    }

    /// The webhook with this id, after a mutation changed it.
    pub(crate) async fn find(asked: &Arc<Asked>, id: Option<WebhookId>) -> Result<Option<Self>> {
        let Some(id) = id else { return Ok(None) };
        let asked = asked.renewed();
        let row = store::webhook::by_id(&mut asked.read().await?, id).await?;
        Ok(Self::all(&asked, vec![row]).await?.pop())
    }
}

/// An address that changes are delivered to, signed by the Standard Webhooks specification.
#[Object]
impl Webhook {
    /// Its opaque id.
    async fn id(&self) -> ID {
        Key::Webhook(self.row.id).id()
    }

    /// The address.
    async fn url(&self) -> &str {
        &self.row.url
    }

    /// What it is told of; null for every change that everybody may see.
    async fn of(&self) -> Option<Followed> {
        let titled = self.together.titles.get(&self.row.followed()?)?;
        Some(Followed::from(titled))
    }

    /// Whether it is delivered to.
    async fn state(&self) -> WebhookState {
        self.row.state.into()
    }

    /// How often in a row it failed.
    async fn failures(&self) -> i32 {
        self.row.failures
    }

    /// Since when it fails; null while it does not.
    async fn failing_since(&self) -> Option<DateTime> {
        self.row.failing_since.map(DateTime)
    }

    /// When it is tried next, where it failed.
    async fn next_try_at(&self) -> Option<DateTime> {
        (self.row.failures > 0).then_some(DateTime(self.row.next_try_at))
    }

    /// Changes up to this place in the record are delivered.
    async fn delivered_to(&self) -> Long {
        Long(self.row.told_to)
    }

    /// When it was added.
    async fn created_at(&self) -> DateTime {
        DateTime(self.row.created_at)
    }

    /// What was tried in the last 30 days, the newest first, at most 50.
    #[graphql(complexity = "cost::list(10, child_complexity)")]
    async fn deliveries(&self) -> Result<Vec<Delivery>> {
        let together = &self.together;
        let read = || {
            Box::pin(async {
                let mut conn = together.asked.read().await?;
                let since = together.asked.now - KEPT;
                let rows = store::delivery::since(&mut conn, &together.ids, since, MOST_DELIVERIES)
                    .await?;
                Ok(Arc::new(by(rows, |row| row.webhook_id)))
            })
        };
        let all = together.deliveries.get((), read).await?;
        let own = all.get(&self.row.id).into_iter().flatten();
        Ok(own.take(SHOWN).map(Delivery::from).collect())
    }

    /// Counts the changes to it, from 1. Whoever pauses or resumes it says which version they saw.
    async fn version(&self) -> i64 {
        self.row.version
    }
}

/// One try to deliver to a webhook.
#[derive(SimpleObject)]
pub struct Delivery {
    /// When it was tried.
    tried_at: DateTime,
    /// The place in the record of the first change it brought.
    first: Long,
    /// The place of the last one.
    last: Long,
    /// Which try it was of these changes, from 1.
    attempt: i32,
    /// The status of the answer; null where there was none.
    status: Option<i32>,
    /// What went wrong; null when it was taken.
    error: Option<String>,
    /// How long it took, in milliseconds.
    duration_ms: Long,
}

impl From<&DeliveryRow> for Delivery {
    fn from(row: &DeliveryRow) -> Self {
        Self {
            tried_at: DateTime(row.tried_at),
            first: Long(row.first),
            last: Long(row.last),
            attempt: row.attempt,
            status: row.status,
            error: row.error.clone(),
            duration_ms: Long(row.duration_ms),
        }
    }
}
