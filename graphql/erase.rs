//! Erasing a person's details.

use crate::asked::Asked;
use crate::done::Done;
use crate::error::Result;
use crate::input;
use crate::receipt::{self, Answer, Sent, Work};
use crate::user_error::UserError;
use async_graphql::{ID, InputObject, SimpleObject};
use chrono::NaiveDateTime;
use domain::Error;
use domain::policy::{About, Action, Viewer};
use std::sync::Arc;
use store::Conn;

/// Whose details are erased.
#[derive(InputObject)]
pub struct ErasePersonInput {
    /// The person's id; left out for yourself.
    person: Option<ID>,
    /// Why, for the record.
    reason: Option<String>,
    /// Up to 100 characters of your choice: sent again with the same input, it gives the first answer again.
    idempotency_key: Option<String>,
}

/// What came of erasing a person's details.
#[derive(SimpleObject)]
pub struct ErasePersonPayload {
    /// Whether nothing is left of them but what they did.
    erased: bool,
    /// What has to be mended in the input.
    user_errors: Vec<UserError>,
}

/// Erases a person's details: name, address and sign-in; their memberships end.
///
/// # Errors
/// `UNAUTHENTICATED` and `FORBIDDEN` for want of the right; `CONFLICT` for a key that came with another input.
pub(crate) async fn erase_person(
    asked: &Arc<Asked>,
    input: ErasePersonInput,
) -> Result<ErasePersonPayload> {
    let sent = Sent::new("erasePerson", &input, &input.idempotency_key);
    let viewer = asked.viewer.clone();
    let done = receipt::answer(asked, sent, Erase { viewer, input }).await?;
    Ok(ErasePersonPayload {
        erased: done.wrote(),
        user_errors: done.user_errors,
    })
}

struct Erase {
    viewer: Viewer,
    input: ErasePersonInput,
}

impl Work for Erase {
    type Answer = Done;

    async fn run(&self, conn: &mut Conn, now: NaiveDateTime) -> domain::Result<Done> {
        let Self { viewer, input } = self;
        let nobody = || {
            Error::invalid(
                "person",
                "Say whom; only a person who signed in can leave it out.",
            )
        };
        let person = match &input.person {
            Some(id) => input::person(id)?,
            None => viewer.person().ok_or_else(nobody)?,
        };
        let granted = viewer
            .may(Action::ErasePerson, About::Person(person))?
            .because(input::reason(input.reason.as_deref())?);
        store::person::erase(conn, &granted, now, person).await?;
        Ok(Done::plain())
    }
}
