//! Following things, and choosing how to be told of them: for the person who signed in.

use crate::asked::Asked;
use crate::done::Done;
use crate::error::Result;
use crate::input;
use crate::receipt::{self, Sent, Work};
use crate::subscription::{Digest, DigestEvery, Subscription, followed};
use crate::user_error::UserError;
use async_graphql::{ID, InputObject, SimpleObject};
use chrono::NaiveDateTime;
use domain::id::{PersonId, SubscriptionId};
use domain::policy::{About, Action, Granted, Viewer};
use domain::{Error, Result as DomainResult};
use std::sync::Arc;
use store::Conn;

/// What to follow.
#[derive(InputObject)]
pub struct SubscribeInput {
    /// The id of a problem, a project, a standard or an organisation.
    thing: ID,
    /// Up to 100 characters of your choice: sent again with the same input, it gives the first answer again.
    idempotency_key: Option<String>,
}

/// What to follow no longer.
#[derive(InputObject)]
pub struct UnsubscribeInput {
    /// The subscription's id.
    subscription: ID,
    /// Up to 100 characters of your choice: sent again with the same input, it gives the first answer again.
    idempotency_key: Option<String>,
}

/// How to be told.
#[derive(InputObject)]
pub struct ChooseDigestInput {
    /// How often to be sent what changed, if anything did.
    every: DigestEvery,
    /// Up to 100 characters of your choice: sent again with the same input, it gives the first answer again.
    idempotency_key: Option<String>,
}

/// What came of following something, or of ending that.
#[derive(SimpleObject)]
pub struct SubscriptionPayload {
    /// What is followed; null when there are errors, and when it is followed no longer.
    subscription: Option<Subscription>,
    /// What has to be mended in the input.
    user_errors: Vec<UserError>,
}

/// What came of choosing how to be told.
#[derive(SimpleObject)]
pub struct DigestPayload {
    /// How the person is told; null when there are errors.
    digest: Option<Digest>,
    /// What has to be mended in the input.
    user_errors: Vec<UserError>,
}

/// The person who signed in, and that they may choose what they are told.
fn themself(viewer: &Viewer) -> DomainResult<(PersonId, Granted)> {
    let Some(id) = viewer.person() else {
        // No machine follows anything.
        return Err(match viewer {
            Viewer::Anonymous => Error::Unauthenticated,
            _ => Error::Forbidden {
                action: "follow anything",
                hint: "Sign in as a person; a machine reads `changes` or keeps a webhook.",
            },
        });
    };
    Ok((id, viewer.may(Action::Subscribe, About::Person(id))?))
}

/// Follows a thing.
///
/// # Errors
/// `UNAUTHENTICATED` and `FORBIDDEN` for whoever is no person; `CONFLICT` for somebody who follows too much.
pub(crate) async fn subscribe(
    asked: &Arc<Asked>,
    input: SubscribeInput,
) -> Result<SubscriptionPayload> {
    let sent = Sent::new("subscribe", &input, &input.idempotency_key);
    let viewer = asked.viewer.clone();
    let done = receipt::answer(asked, sent, Subscribe { viewer, input }).await?;
    let id: Option<SubscriptionId> = done.id()?;
    let mut subscription = None;
    if let (Some(id), Some(person)) = (id, asked.viewer.person()) {
        let all = Subscription::of_person(&asked.renewed(), person).await?;
        subscription = all.into_iter().find(|one| one.is(id));
    }
    Ok(SubscriptionPayload {
        subscription,
        user_errors: done.user_errors,
    })
}

struct Subscribe {
    viewer: Viewer,
    input: SubscribeInput,
}

impl Work for Subscribe {
    type Answer = Done;

    async fn run(&self, conn: &mut Conn, now: NaiveDateTime) -> domain::Result<Done> {
        let (person, granted) = themself(&self.viewer)?;
        let thing = followed(&self.input.thing)?;
        let row = store::subscription::subscribe(conn, &granted, now, person, thing).await?;
        Ok(Done::with(row.id))
    }
}

/// Follows a thing no longer.
///
/// # Errors
/// `UNAUTHENTICATED` and `FORBIDDEN` for whoever is no person.
pub(crate) async fn unsubscribe(
    asked: &Arc<Asked>,
    input: UnsubscribeInput,
) -> Result<SubscriptionPayload> {
    let sent = Sent::new("unsubscribe", &input, &input.idempotency_key);
    let viewer = asked.viewer.clone();
    let done = receipt::answer(asked, sent, Unsubscribe { viewer, input }).await?;
    Ok(SubscriptionPayload {
        subscription: None,
        user_errors: done.user_errors,
    })
}

struct Unsubscribe {
    viewer: Viewer,
    input: UnsubscribeInput,
}

impl Work for Unsubscribe {
    type Answer = Done;

    async fn run(&self, conn: &mut Conn, now: NaiveDateTime) -> domain::Result<Done> {
        let (person, granted) = themself(&self.viewer)?;
        let id = input::subscription(&self.input.subscription)?;
        store::subscription::unsubscribe(conn, &granted, now, person, id).await?;
        Ok(Done::plain())
    }
}

/// Chooses how often to be told.
///
/// # Errors
/// `UNAUTHENTICATED` and `FORBIDDEN` for whoever is no person.
pub(crate) async fn choose_digest(
    asked: &Arc<Asked>,
    input: ChooseDigestInput,
) -> Result<DigestPayload> {
    let sent = Sent::new("chooseDigest", &input, &input.idempotency_key);
    let viewer = asked.viewer.clone();
    let every = input.every;
    let done = receipt::answer(asked, sent, Choose { viewer, every }).await?;
    let digest = match (asked.viewer.person(), done.user_errors.is_empty()) {
        (Some(person), true) => Some(Digest::of_person(&asked.renewed(), person).await?),
        _ => None,
    };
    Ok(DigestPayload {
        digest,
        user_errors: done.user_errors,
    })
}

struct Choose {
    viewer: Viewer,
    every: DigestEvery,
}

impl Work for Choose {
    type Answer = Done;

    async fn run(&self, conn: &mut Conn, now: NaiveDateTime) -> domain::Result<Done> {
        let (person, granted) = themself(&self.viewer)?;
        store::digest::choose(conn, &granted, now, person, self.every.into()).await?;
        Ok(Done::plain())
    }
}
