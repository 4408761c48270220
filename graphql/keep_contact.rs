//! Saying how an organisation is reached.

use crate::asked::Asked;
use crate::contact::Contact;
use crate::done::Done;
use crate::error::Result;
use crate::input;
use crate::receipt::{self, Sent, Work};
use crate::user_error::UserError;
use async_graphql::{InputObject, SimpleObject};
use chrono::NaiveDateTime;
use domain::id::OrganisationId;
use domain::policy::{About, Action, Viewer};
use std::sync::Arc;
use store::Conn;
use store::contact::ContactFacts;

/// How an organisation is reached from now on: all of it, since what is left out is taken away.
#[derive(InputObject)]
pub struct UpdateContactInput {
    /// The organisation: its slug or a code, such as `E07000223`.
    organisation: String,
    /// Whom to ask for.
    name: Option<String>,
    /// The e-mail address.
    email: Option<String>,
    /// The telephone number.
    phone: Option<String>,
    /// The version you saw: when it has moved on, nothing is done and the error says which it is now. Left out only
    /// when there are no contact details yet.
    expected_version: Option<i64>,
    /// Up to 100 characters of your choice: sent again with the same input, it gives the first answer again.
    idempotency_key: Option<String>,
}

/// What came of saying how an organisation is reached.
#[derive(SimpleObject)]
pub struct ContactPayload {
    /// How it is reached; null when there are errors.
    contact: Option<Contact>,
    /// What has to be mended in the input.
    user_errors: Vec<UserError>,
}

/// Keeps contact details.
///
/// # Errors
/// `UNAUTHENTICATED` and `FORBIDDEN` for want of the right; `CONFLICT` when they moved on.
pub(crate) async fn update_contact(
    asked: &Arc<Asked>,
    input: UpdateContactInput,
) -> Result<ContactPayload> {
    let sent = Sent::new("updateContact", &input, &input.idempotency_key);
    let viewer = asked.viewer.clone();
    let done = receipt::answer(asked, sent, Update { viewer, input }).await?;
    let contact = match done.id::<OrganisationId>()? {
        Some(body) => store::contact::get(&mut asked.read().await?, &[body])
            .await?
            .pop(),
        None => None,
    };
    Ok(ContactPayload {
        contact: contact.map(Contact),
        user_errors: done.user_errors,
    })
}

struct Update {
    viewer: Viewer,
    input: UpdateContactInput,
}

impl Work for Update {
    type Answer = Done;

    async fn run(&self, conn: &mut Conn, now: NaiveDateTime) -> domain::Result<Done> {
        let Self { viewer, input } = self;
        let body = input::organisation(conn, &input.organisation).await?;
        let granted = viewer.may(Action::KeepContact, About::Organisation(body))?;
        let facts = ContactFacts {
            name: input.name.clone(),
            email: input.email.clone(),
            phone: input.phone.clone(),
        };
        let version = input.expected_version;
        store::contact::save(conn, &granted, now, body, version, &facts).await?;
        Ok(Done::with(body))
    }
}
