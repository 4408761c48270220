//! Webhooks: the addresses that changes are delivered to, and how far each was told.

use crate::change::{self, Write};
use crate::conn::internal;
use crate::delivery::{self, Delivery};
use crate::invitation::check_open;
use crate::notice::{self, News};
use crate::schema::webhook;
use crate::{Conn, activity, fresh, lock, news, random};
use chrono::{NaiveDateTime, TimeDelta};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::id::{OrganisationId, WebhookId};
use domain::notice::NoticeKind;
use domain::policy::{About, Action, Granted, Viewer};
use domain::subscription::{Followed, FollowedKind};
use domain::webhook::{MOST_WEBHOOKS, WebhookState, gives_up, pause_after};
use domain::{Error, Result};
use serde::Serialize;

/// Who delivers, as the record names it.
const DELIVERER: Viewer = Viewer::Job("deliveries");

/// An address that is told of changes.
#[derive(Queryable, Selectable, Insertable, Debug, Clone, PartialEq, Eq, Serialize)]
#[diesel(table_name = webhook, treat_none_as_default_value = false)]
pub struct Webhook {
    /// Its id.
    pub id: WebhookId,
    /// Whose it is; `None` for the unit's.
    pub organisation_id: Option<OrganisationId>,
    /// The address.
    pub url: String,
    #[serde(skip)]
    secret: String,
    thing_kind: Option<FollowedKind>,
    thing_id: Option<String>,
    /// Whether it is delivered to.
    pub state: WebhookState,
    /// Changes up to this place in the record are delivered.
    #[serde(skip)]
    pub told_to: i64,
    /// How often in a row it failed.
    #[serde(skip)]
    pub failures: i32,
    /// Since when it fails, UTC.
    #[serde(skip)]
    pub failing_since: Option<NaiveDateTime>,
    /// When it is tried next, UTC.
    #[serde(skip)]
    pub next_try_at: NaiveDateTime,
    /// When it was added, UTC.
    pub created_at: NaiveDateTime,
    /// Goes up by one with every change.
    pub version: i64,
}

impl Webhook {
    /// What it tells of; `None` for all that everybody may see.
    pub fn followed(&self) -> Option<Followed> {
        Some(Followed {
            kind: self.thing_kind?,
            id: self.thing_id.as_ref()?.parse().ok()?,
        })
    }

    /// What signs its deliveries.
    pub fn secret(&self) -> &str {
        &self.secret
    }
}

/// Adds a webhook of an organisation, or of the unit: told of what is sealed from now on, of one thing or of all. Gives
/// also the secret that signs its deliveries.
///
/// # Errors
/// [`Error::NotFound`] when there is no such thing; [`Error::Conflict`] when there are too many, or the organisation is
/// closed; [`Error::Internal`] when the database fails.
pub async fn add(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    organisation: Option<OrganisationId>,
    (url, thing): (&str, Option<Followed>),
) -> Result<(Webhook, String)> {
    granted.require(Action::KeepWebhooks)?;
    granted.covers(About::affairs_of(organisation))?;
    if let Some(id) = organisation {
        lock::organisations(conn, &[id]).await?;
        check_open(conn, now.date(), id).await?;
    }
    if let Some(thing) = thing
        && !news::titles(conn, &[thing]).await?.contains_key(&thing)
    {
        return Err(Error::not_found(
            thing.kind.in_record(),
            thing.id.to_string(),
        ));
    }
    let standing = of_organisation(conn, organisation).await?.len();
    if i64::try_from(standing).is_ok_and(|standing| standing >= MOST_WEBHOOKS) {
        let told = format!("There are {MOST_WEBHOOKS} webhooks, which is the most.");
        return Err(Error::Conflict(told));
    }
    let row = Webhook {
        id: fresh(),
        organisation_id: organisation,
        url: url.to_owned(),
        secret: random::webhook_secret()?,
        thing_kind: thing.map(|thing| thing.kind),
        thing_id: thing.map(|thing| thing.id.to_string()),
        state: WebhookState::Active,
        told_to: activity::newest(conn).await?,
        failures: 0,
        failing_since: None,
        next_try_at: now,
        created_at: now,
        version: 1,
    };
    on!(conn, c => diesel::insert_into(webhook::table).values(&row).execute(c).await)
        .map_err(internal)?;
    record(conn, granted, now, None, &row).await?;
    let secret = row.secret.clone();
    Ok((row, secret))
}

/// Pauses a webhook, or resumes it: it is then told at once of all it missed.
///
/// # Errors
/// [`Error::NotFound`] when there is none; [`Error::Stale`] when it was changed meanwhile; [`Error::Conflict`] when it is
/// in that state; [`Error::Internal`] when the database fails.
pub async fn set_state(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    id: WebhookId,
    (expected_version, state): (i64, WebhookState),
) -> Result<Webhook> {
    granted.require(Action::KeepWebhooks)?;
    let before = by_id(conn, id).await?;
    granted.covers(About::affairs_of(before.organisation_id))?;
    if before.version != expected_version {
        let current = before.version;
        return Err(Error::Stale { current });
    }
    let after = Webhook {
        state: before.state.becomes(state)?,
        failures: 0,
        failing_since: None,
        next_try_at: now,
        version: before.version + 1,
        ..before.clone()
    };
    save(conn, &before, &after).await?;
    record(conn, granted, now, Some(&before), &after).await?;
    Ok(after)
}

/// Writes a webhook that is at the version `before` has.
async fn save(conn: &mut Conn, before: &Webhook, after: &Webhook) -> Result<()> {
    let written = on!(conn, c => diesel::update(webhook::table.find(after.id))
        .filter(webhook::version.eq(before.version))
        .set((
            webhook::state.eq(after.state),
            webhook::failures.eq(after.failures),
            webhook::failing_since.eq(after.failing_since),
            webhook::next_try_at.eq(after.next_try_at),
            webhook::version.eq(after.version),
        ))
        .execute(c)
        .await)
    .map_err(internal)?;
    if written == 0 {
        let current = by_id(conn, after.id).await?.version;
        return Err(Error::Stale { current });
    }
    Ok(())
}

async fn record(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    before: Option<&Webhook>,
    after: &Webhook,
) -> Result<()> {
    let write = Write {
        kind: "webhook",
        id: after.id.to_string(),
        about: after.organisation_id,
        before,
        after: Some(after),
    };
    change::record(conn, granted, now, write).await
}

/// The webhook with this id.
///
/// # Errors
/// [`Error::NotFound`] when there is none; [`Error::Internal`] when the database fails.
pub async fn by_id(conn: &mut Conn, id: WebhookId) -> Result<Webhook> {
    on!(conn, c => webhook::table.find(id).select(Webhook::as_select()).first(c).await.optional())
        .map_err(internal)?
        .ok_or_else(|| Error::not_found("webhook", id.to_string()))
}

/// The webhooks of an organisation, or of the unit, the oldest first.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn of_organisation(
    conn: &mut Conn,
    organisation: Option<OrganisationId>,
) -> Result<Vec<Webhook>> {
    on!(conn, c => {
        let all = webhook::table.select(Webhook::as_select()).order(webhook::id.asc()).into_boxed();
        of_home!(all, webhook::organisation_id, organisation).load(c).await
    })
    .map_err(internal)
}

/// The webhooks of these organisations, the oldest first.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn of_organisations(
    conn: &mut Conn,
    organisations: &[OrganisationId],
) -> Result<Vec<Webhook>> {
    on!(conn, c => webhook::table
        .filter(webhook::organisation_id.eq_any(organisations))
        .select(Webhook::as_select())
        .order(webhook::id.asc())
        .load(c)
        .await)
    .map_err(internal)
}

/// The webhooks to be delivered to now, those that wait longest first, at most `limit`.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn due(conn: &mut Conn, now: NaiveDateTime, limit: i64) -> Result<Vec<Webhook>> {
    let newest = activity::newest(conn).await?;
    on!(conn, c => webhook::table
        .filter(webhook::state.eq(WebhookState::Active))
        .filter(webhook::next_try_at.le(now))
        .filter(webhook::told_to.lt(newest))
        .select(Webhook::as_select())
        .order((webhook::next_try_at.asc(), webhook::id.asc()))
        .limit(limit)
        .load(c)
        .await)
    .map_err(internal)
}

/// Claims a webhook that [`due`] found, until `lease` is over: of several at once one gets it.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn claim(
    conn: &mut Conn,
    row: &Webhook,
    now: NaiveDateTime,
    lease: TimeDelta,
) -> Result<Option<Webhook>> {
    on!(conn, c => diesel::update(webhook::table.find(row.id))
        .filter(webhook::state.eq(WebhookState::Active))
        .filter(webhook::next_try_at.eq(row.next_try_at))
        .filter(webhook::told_to.eq(row.told_to))
        .set(webhook::next_try_at.eq(now + lease))
        .returning(Webhook::as_returning())
        .get_result(c)
        .await
        .optional())
    .map_err(internal)
}

/// Ends a claim well: the webhook is told up to `told_to`, by this delivery where there was anything to tell. False when
/// the claim was lost meanwhile.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn told(
    conn: &mut Conn,
    claimed: &Webhook,
    now: NaiveDateTime,
    told_to: i64,
    delivery: Option<&Delivery>,
) -> Result<bool> {
    let kept = on!(conn, c => diesel::update(webhook::table.find(claimed.id))
        .filter(webhook::next_try_at.eq(claimed.next_try_at))
        .set((
            webhook::told_to.eq(told_to),
            webhook::failures.eq(0),
            webhook::failing_since.eq(None::<NaiveDateTime>),
            webhook::next_try_at.eq(now),
        ))
        .execute(c)
        .await)
    .map_err(internal)?;
    if let Some(delivery) = delivery {
        delivery::keep(conn, delivery).await?;
    }
    Ok(kept == 1)
}

/// Ends a claim badly: it is tried again later, or paused when it failed for days, of which its organisation is told.
/// False when it was paused.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn failed(
    conn: &mut Conn,
    claimed: &Webhook,
    now: NaiveDateTime,
    delivery: &Delivery,
) -> Result<bool> {
    delivery::keep(conn, delivery).await?;
    let before = by_id(conn, claimed.id).await?;
    if before.next_try_at != claimed.next_try_at || before.state != WebhookState::Active {
        // Somebody else has it in hand.
        return Ok(true);
    }
    let since = before.failing_since.unwrap_or(now);
    let failures = before.failures + 1;
    let goes_on = !gives_up(since, now);
    let after = Webhook {
        state: if goes_on {
            WebhookState::Active
        } else {
            WebhookState::Paused
        },
        failures,
        failing_since: Some(since),
        next_try_at: now + pause_after(failures),
        version: before.version + i64::from(!goes_on),
        ..before.clone()
    };
    save(conn, &before, &after).await?;
    if goes_on {
        return Ok(true);
    }
    let granted = DELIVERER.may(Action::KeepClock, About::Sector)?;
    record(conn, &granted, now, Some(&before), &after).await?;
    if let Some(body) = after.organisation_id {
        let news = News {
            kind: NoticeKind::WebhookPaused,
            thing: ("webhook", after.id.to_string()),
            title: &after.url,
            about: body,
        };
        notice::tell(conn, now, [Some(body)], &news).await?;
    }
    Ok(false)
}
