//! Offering what projects ask for, closing asks, and answering flags.

use crate::ask::Ask;
use crate::asked::Asked;
use crate::done::Done;
use crate::error::Result;
use crate::flag::Flag;
use crate::input;
use crate::receipt::{self, Sent, Work};
use crate::status_words::AskKind;
use crate::user_error::UserError;
use async_graphql::{ID, InputObject, SimpleObject};
use chrono::NaiveDateTime;
use domain::policy::{About, Action, Viewer};
use std::sync::Arc;
use store::Conn;

/// What an organisation offers to a project that asks.
#[derive(InputObject)]
pub struct OfferHelpInput {
    /// The ask's id.
    ask: ID,
    /// For which organisation: its slug or a code; left out for that of the token, or the only one you act for.
    organisation: Option<String>,
    /// What it offers, and whom to ask: at most 1,000 characters, which everybody reads.
    text: String,
    /// Up to 100 characters of your choice: sent again with the same input, it gives the first answer again.
    idempotency_key: Option<String>,
}

/// Which ask is closed.
#[derive(InputObject)]
pub struct CloseAskInput {
    /// The ask's id.
    ask: ID,
    /// The version you saw: when it has moved on, nothing is done and the error says which it is now.
    expected_version: Option<i64>,
    /// Up to 100 characters of your choice: sent again with the same input, it gives the first answer again.
    idempotency_key: Option<String>,
}

/// With what an organisation can help.
#[derive(InputObject)]
pub struct SetHelpOffersInput {
    /// Which organisation: its slug or a code; left out for that of the token, or the only one you act for.
    organisation: Option<String>,
    /// The kinds of help, in place of those said before; none when it can help with nothing for now.
    kinds: Vec<AskKind>,
    /// Up to 100 characters of your choice: sent again with the same input, it gives the first answer again.
    idempotency_key: Option<String>,
}

/// What the lead says to a flag.
#[derive(InputObject)]
pub struct AnswerFlagInput {
    /// The flag's id.
    flag: ID,
    /// What everybody is to read beside its evidence: at most 1,000 characters. It is said once.
    answer: String,
    /// The version you saw: when it has moved on, nothing is done and the error says which it is now.
    expected_version: Option<i64>,
    /// Up to 100 characters of your choice: sent again with the same input, it gives the first answer again.
    idempotency_key: Option<String>,
}

/// What came of offering help, or of closing an ask.
#[derive(SimpleObject)]
pub struct AskPayload {
    /// The ask; null when there are errors.
    ask: Option<Ask>,
    /// What has to be mended in the input.
    user_errors: Vec<UserError>,
}

/// What came of saying with what an organisation can help.
#[derive(SimpleObject)]
pub struct HelpOffersPayload {
    /// The kinds of help; null when there are errors.
    kinds: Option<Vec<AskKind>>,
    /// What has to be mended in the input.
    user_errors: Vec<UserError>,
}

/// What came of answering a flag.
#[derive(SimpleObject)]
pub struct FlagPayload {
    /// The flag; null when there are errors.
    flag: Option<Flag>,
    /// What has to be mended in the input.
    user_errors: Vec<UserError>,
}

async fn ask_payload(asked: &Arc<Asked>, id: &ID, done: Done) -> Result<AskPayload> {
    let ask = match done.user_errors.is_empty() {
        true => Some(Ask::find(&asked.renewed(), input::ask(id)?).await?),
        false => None,
    };
    Ok(AskPayload {
        ask,
        user_errors: done.user_errors,
    })
}

/// Offers help.
///
/// # Errors
/// `UNAUTHENTICATED` and `FORBIDDEN` for want of the right; `CONFLICT` when the ask is closed or was answered by the same.
pub(crate) async fn offer_help(asked: &Arc<Asked>, input: OfferHelpInput) -> Result<AskPayload> {
    let sent = Sent::new("offerHelp", &input, &input.idempotency_key);
    let (viewer, ask) = (asked.viewer.clone(), input.ask.clone());
    let done = receipt::answer(asked, sent, Offer { viewer, input }).await?;
    ask_payload(asked, &ask, done).await
}

struct Offer {
    viewer: Viewer,
    input: OfferHelpInput,
}

impl Work for Offer {
    type Answer = Done;

    async fn run(&self, conn: &mut Conn, now: NaiveDateTime) -> domain::Result<Done> {
        let Self {
            viewer,
            input: sent,
        } = self;
        let key = input::ask(&sent.ask)?;
        let body = input::body(conn, viewer, sent.organisation.as_deref()).await?;
        let granted = viewer.may(Action::AskToJoin, About::Organisation(body))?;
        store::ask::offer(conn, &granted, now, key, body, &sent.text).await?;
        Ok(Done::plain())
    }
}

/// Closes an ask.
///
/// # Errors
/// `UNAUTHENTICATED` and `FORBIDDEN` for want of the right; `CONFLICT` when it moved on or is closed.
pub(crate) async fn close_ask(asked: &Arc<Asked>, input: CloseAskInput) -> Result<AskPayload> {
    let sent = Sent::new("closeAsk", &input, &input.idempotency_key);
    let (viewer, ask) = (asked.viewer.clone(), input.ask.clone());
    let done = receipt::answer(asked, sent, Close { viewer, input }).await?;
    ask_payload(asked, &ask, done).await
}

struct Close {
    viewer: Viewer,
    input: CloseAskInput,
}

impl Work for Close {
    type Answer = Done;

    async fn run(&self, conn: &mut Conn, now: NaiveDateTime) -> domain::Result<Done> {
        let Self {
            viewer,
            input: sent,
        } = self;
        let key = input::ask(&sent.ask)?;
        let team = store::project::team(conn, key.0).await?;
        let granted = viewer.may_in(Action::PostStatus, &team)?;
        store::ask::close(conn, &granted, now, key, sent.expected_version).await?;
        Ok(Done::plain())
    }
}

/// Says with what an organisation can help.
///
/// # Errors
/// `UNAUTHENTICATED` and `FORBIDDEN` for want of the right; `CONFLICT` when the organisation is closed.
pub(crate) async fn set_help_offers(
    asked: &Arc<Asked>,
    input: SetHelpOffersInput,
) -> Result<HelpOffersPayload> {
    let sent = Sent::new("setHelpOffers", &input, &input.idempotency_key);
    let viewer = asked.viewer.clone();
    let kinds = input.kinds.clone();
    let done = receipt::answer(asked, sent, SetOffers { viewer, input }).await?;
    Ok(HelpOffersPayload {
        kinds: done.user_errors.is_empty().then_some(kinds),
        user_errors: done.user_errors,
    })
}

struct SetOffers {
    viewer: Viewer,
    input: SetHelpOffersInput,
}

impl Work for SetOffers {
    type Answer = Done;

    async fn run(&self, conn: &mut Conn, now: NaiveDateTime) -> domain::Result<Done> {
        let Self {
            viewer,
            input: sent,
        } = self;
        let body = input::body(conn, viewer, sent.organisation.as_deref()).await?;
        let granted = viewer.may(Action::OfferHelp, About::Organisation(body))?;
        let kinds: Vec<domain::ask::AskKind> =
            sent.kinds.iter().map(|kind| (*kind).into()).collect();
        store::help::set(conn, &granted, now, body, &kinds).await?;
        Ok(Done::plain())
    }
}

/// Answers a flag.
///
/// # Errors
/// `UNAUTHENTICATED` and `FORBIDDEN` for want of the right; `CONFLICT` when it moved on, was answered or is gone.
pub(crate) async fn answer_flag(asked: &Arc<Asked>, input: AnswerFlagInput) -> Result<FlagPayload> {
    let sent = Sent::new("answerFlag", &input, &input.idempotency_key);
    let (viewer, flag) = (asked.viewer.clone(), input.flag.clone());
    let done = receipt::answer(asked, sent, Answer { viewer, input }).await?;
    let flag = match done.user_errors.is_empty() {
        true => {
            let key = input::flag(&flag)?;
            let row = store::flag::by_key(&mut asked.read().await?, key).await?;
            Some(Flag(row))
        }
        false => None,
    };
    Ok(FlagPayload {
        flag,
        user_errors: done.user_errors,
    })
}

struct Answer {
    viewer: Viewer,
    input: AnswerFlagInput,
}

impl Work for Answer {
    type Answer = Done;

    async fn run(&self, conn: &mut Conn, now: NaiveDateTime) -> domain::Result<Done> {
        let Self {
            viewer,
            input: sent,
        } = self;
        let key = input::flag(&sent.flag)?;
        let team = store::project::team(conn, key.0).await?;
        let granted = viewer.may_in(Action::LeadProject, &team)?;
        let seen = sent.expected_version;
        store::flag::answer(conn, &granted, now, key, &sent.answer, seen).await?;
        Ok(Done::plain())
    }
}
