//! The deliverer of one copy of the program: brings sealed changes to webhooks, in their order and without a gap.
//!
//! A webhook is claimed by moving the time of its next try, so of several copies one delivers. What fails is tried again
//! with the same changes until it is taken; only then do later ones follow.

use crate::courier::{Courier, Message};
use crate::rounds::Rounds;
use chrono::{NaiveDateTime, TimeDelta};
use domain::subscription::Followed;
use domain::webhook::{BATCH, sign};
use domain::{Error, Result};
use futures_util::future::join_all;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use store::delivery::{self, Delivery};
use store::news::{self, News};
use store::webhook::{self, Webhook};
use store::{Store, activity};

/// How often it looks for what is to be delivered.
const PAUSE: Duration = Duration::from_secs(1);
/// How long one delivery is in hand at most.
const LEASE: TimeDelta = TimeDelta::minutes(2);
/// Webhooks that are delivered to at one time.
const AT_ONCE: i64 = 16;
/// How often old deliveries are forgotten.
const FORGET_EVERY: TimeDelta = TimeDelta::hours(1);

/// What delivers in one copy of the program. Any number of them share one database: every change is delivered once.
#[derive(Debug)]
pub struct Deliverer(Rounds);

impl Deliverer {
    /// Starts to deliver, in the background.
    pub fn start(store: Store, courier: Courier) -> Self {
        let forgot = Arc::new(Mutex::new(None::<NaiveDateTime>));
        let round = Box::new(
            move || -> futures_util::future::BoxFuture<'static, Result<()>> {
                let (store, courier) = (store.clone(), courier.clone());
                let forgot = Arc::clone(&forgot);
                Box::pin(async move {
                    let now = store::now();
                    deliver_due(&store, &courier, now).await?;
                    let last = *forgot.lock().unwrap_or_else(PoisonError::into_inner);
                    if last.is_none_or(|last| now - last >= FORGET_EVERY) {
                        store
                            .write(async |conn| delivery::forget(conn, now).await)
                            .await?;
                        *forgot.lock().unwrap_or_else(PoisonError::into_inner) = Some(now);
                    }
                    Ok(())
                })
            },
        );
        Self(Rounds::start("deliver to webhooks", PAUSE, round))
    }

    /// Stops when the deliveries in hand are done.
    pub async fn stop(self) {
        self.0.stop().await;
    }
}

/// Delivers once to every webhook that is due at `now`; how many deliveries were taken.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn deliver_due(store: &Store, courier: &Courier, now: NaiveDateTime) -> Result<usize> {
    let due = webhook::due(&mut store.read().await?, now, AT_ONCE).await?;
    let all = due.iter().map(|row| deliver(store, courier, row, now));
    let mut taken = 0;
    for done in join_all(all).await {
        taken += usize::from(done?);
    }
    Ok(taken)
}

/// Delivers the next changes to one webhook, unless another copy does: whether they were taken.
async fn deliver(
    store: &Store,
    courier: &Courier,
    row: &Webhook,
    now: NaiveDateTime,
) -> Result<bool> {
    let claimed = store
        .write(async |conn| webhook::claim(conn, row, now, LEASE).await)
        .await?;
    let Some(hook) = claimed else {
        return Ok(false);
    };
    let (news, to) = next(store, &hook).await?;
    let (Some(first), Some(last)) = (news.first(), news.last()) else {
        store
            .write(async |conn| webhook::told(conn, &hook, now, to, None).await)
            .await?;
        return Ok(false);
    };
    let (first, last) = (first.recorded.sequence, last.recorded.sequence);
    let message = message(&hook, &news, (first, last), now)?;
    let (courier, url) = (courier.clone(), hook.url.clone());
    let answer = tokio::task::spawn_blocking(move || courier.deliver(&url, &message))
        .await
        .map_err(Error::internal)?;
    let tried = Delivery {
        webhook_id: hook.id,
        id: store::fresh(),
        first,
        last,
        attempt: hook.failures.saturating_add(1),
        tried_at: now,
        status: answer.status,
        error: answer.error.clone(),
        duration_ms: i64::try_from(answer.took.as_millis()).unwrap_or(i64::MAX),
    };
    let full = i64::try_from(news.len()).is_ok_and(|count| count >= BATCH);
    let told_to = if full { last } else { to };
    let taken = answer.error.is_none();
    store
        .write(async |conn| {
            if taken {
                webhook::told(conn, &hook, now, told_to, Some(&tried)).await
            } else {
                webhook::failed(conn, &hook, now, &tried).await
            }
        })
        .await?;
    Ok(taken)
}

/// The changes that a webhook is to be told next, and up to which place of the record these are all.
async fn next(store: &Store, hook: &Webhook) -> Result<(Vec<News>, i64)> {
    let mut conn = store.read().await?;
    let mut to = activity::newest(&mut conn).await?;
    if hook.failures > 0
        && let Some(last) = delivery::last(&mut conn, hook.id).await?
        && last.last > hook.told_to
    {
        // The same changes under the same id, so that whoever took them and could not say so can tell.
        to = last.last;
    }
    let of = hook.followed();
    let of: Option<Vec<Followed>> = of.map(|one| vec![one]);
    let news = news::between(&mut conn, of.as_deref(), (hook.told_to, to), BATCH).await?;
    Ok((news, to))
}

fn message(
    hook: &Webhook,
    news: &[News],
    (first, last): (i64, i64),
    now: NaiveDateTime,
) -> Result<Message> {
    let timestamp = now.and_utc().timestamp();
    let id = format!("msg_{}_{first}_{last}", hook.id.0.simple());
    let changes: Vec<Value> = news.iter().map(change).collect();
    let body = json!({
        "type": "changes",
        "timestamp": domain::moment::text(now),
        "data": { "changes": changes },
    })
    .to_string();
    Ok(Message {
        signature: sign(hook.secret(), &id, timestamp, &body)?,
        id,
        timestamp,
        body,
    })
}

/// A change as it is delivered.
fn change(news: &News) -> Value {
    let change = news.recorded.change.change();
    json!({
        "sequence": news.recorded.sequence,
        "change": change.id,
        "at": domain::moment::text(change.at),
        "kind": change.thing_kind,
        "thing": change.thing_id,
        "action": change.action,
        "sentence": news.sentence,
        "title": news.about.as_ref().map(|about| &about.title),
        "path": news.about.as_ref().map(store::news::Titled::path),
    })
}
