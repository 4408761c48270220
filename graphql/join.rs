//! Answering an invitation.

use crate::asked::Asked;
use crate::done::Done;
use crate::error::Result;
use crate::input;
use crate::receipt::{self, Sent, Work};
use crate::tenure::{MembershipPayload, payload};
use async_graphql::{ID, InputObject};
use chrono::NaiveDateTime;
use domain::Error;
use domain::policy::{About, Action, Viewer};
use domain::token::Secret;
use std::sync::Arc;
use store::Conn;
use store::invitation::Shown;

/// Which invitation is answered, and how. Give either its id or the secret of its link.
#[derive(InputObject)]
pub struct AnswerInvitationInput {
    /// The id of an invitation to your own verified e-mail address.
    invitation: Option<ID>,
    /// The secret of the link you were given.
    secret: Option<String>,
    /// Whether you take it up.
    accept: bool,
    /// Up to 100 characters of your choice: sent again with the same input, it gives the first answer again.
    idempotency_key: Option<String>,
}

/// Answers an invitation, for the person who signed in.
///
/// # Errors
/// `UNAUTHENTICATED` and `FORBIDDEN` for whoever it is not for; `CONFLICT` when it was answered, withdrawn or ran out,
/// and for who is a member there already.
pub(crate) async fn answer_invitation(
    asked: &Arc<Asked>,
    input: AnswerInvitationInput,
) -> Result<MembershipPayload> {
    let sent = Sent::new("answerInvitation", &input, &input.idempotency_key);
    let viewer = asked.viewer.clone();
    let done = receipt::answer(asked, sent, Join { viewer, input }).await?;
    payload(asked, done).await
}

struct Join {
    viewer: Viewer,
    input: AnswerInvitationInput,
}

impl Work for Join {
    type Answer = Done;

    async fn run(&self, conn: &mut Conn, now: NaiveDateTime) -> domain::Result<Done> {
        let Self { viewer, input } = self;
        // Only a person answers; whoever is none is refused by the policy.
        let about = viewer.person().map_or(About::Sector, About::Person);
        let granted = viewer.may(Action::AnswerInvitation, about)?;
        let hash;
        let shown = match (&input.invitation, &input.secret) {
            (Some(id), None) => Shown::Address(input::invitation(id)?),
            (None, Some(secret)) => {
                // A text that can be no secret is told as one that is not known; neither is repeated.
                hash = Secret::Invitation.hash(secret).unwrap_or_default();
                Shown::Link(&hash)
            }
            _ => {
                let reason = "Give either `invitation` or `secret`.";
                return Err(Error::invalid("invitation", reason));
            }
        };
        let answered = store::invitation::answer(conn, &granted, now, shown, input.accept).await?;
        Ok(match answered.1 {
            Some(membership) => Done::with(membership.id),
            None => Done::plain(),
        })
    }
}
