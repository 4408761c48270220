//! Deliveries: the log of what was sent to webhooks, and what came of it.

use crate::Conn;
use crate::conn::internal;
use crate::schema::delivery;
use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::Result;
use domain::id::{DeliveryId, WebhookId};
use domain::webhook::KEPT;

/// One try to deliver.
#[derive(Queryable, Selectable, Insertable, Debug, Clone, PartialEq, Eq)]
#[diesel(table_name = delivery, treat_none_as_default_value = false)]
pub struct Delivery {
    /// To which webhook.
    pub webhook_id: WebhookId,
    /// Its id.
    pub id: DeliveryId,
    /// The place in the record of its first change.
    pub first: i64,
    /// That of its last one.
    pub last: i64,
    /// Which try it was of these changes, from 1.
    pub attempt: i32,
    /// When, UTC.
    pub tried_at: NaiveDateTime,
    /// The status of the answer; `None` where there was none.
    pub status: Option<i32>,
    /// What went wrong.
    pub error: Option<String>,
    /// How long it took, in milliseconds.
    pub duration_ms: i64,
}

/// Keeps what came of a try.
pub(crate) async fn keep(conn: &mut Conn, row: &Delivery) -> Result<()> {
    on!(conn, c => diesel::insert_into(delivery::table).values(row).execute(c).await)
        .map_err(internal)?;
    Ok(())
}

/// The last try to deliver to a webhook; `None` when there was none.
///
/// # Errors
/// [`domain::Error::Internal`] when the database fails.
pub async fn last(conn: &mut Conn, webhook: WebhookId) -> Result<Option<Delivery>> {
    on!(conn, c => delivery::table
        .filter(delivery::webhook_id.eq(webhook))
        .select(Delivery::as_select())
        .order(delivery::id.desc())
        .first(c)
        .await
        .optional())
    .map_err(internal)
}

/// The deliveries to these webhooks since a moment, the newest first.
///
/// # Errors
/// [`domain::Error::Internal`] when the database fails.
pub async fn since(
    conn: &mut Conn,
    webhooks: &[WebhookId],
    since: NaiveDateTime,
    limit: i64,
) -> Result<Vec<Delivery>> {
    on!(conn, c => delivery::table
        .filter(delivery::webhook_id.eq_any(webhooks))
        .filter(delivery::tried_at.ge(since))
        .select(Delivery::as_select())
        .order(delivery::id.desc())
        .limit(limit)
        .load(c)
        .await)
    .map_err(internal)
}

/// Forgets deliveries that are older than 30 days; how many it were.
///
/// # Errors
/// [`domain::Error::Internal`] when the database fails.
pub async fn forget(conn: &mut Conn, now: NaiveDateTime) -> Result<usize> {
    on!(conn, c => diesel::delete(delivery::table)
        .filter(delivery::tried_at.lt(now - KEPT))
        .execute(c)
        .await)
    .map_err(internal)
}
