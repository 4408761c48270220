//! The page of an invitation's link: to what it invites, until when, and the two answers.

use askama::Template;
use serde::Deserialize;
use serde_json::json;

use crate::answer::Named;
use crate::ask::{ANSWER_INVITATION, Ask, INVITATION, answer, render};
use crate::deed::{Deed, Deeds};
use crate::done::Done;
use crate::error::PageError;
use crate::frame::{Frame, PageContext};
use crate::link::link;
use crate::outcome::Outcome;
use crate::sent::{Fields, Reply, Returned, change};
use crate::show::{Day, Moment};
use crate::words::{InvitationState, Role, Word};

#[derive(Deserialize)]
struct Answer {
    invitation: Option<Invitation>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Invitation {
    role: Role,
    state: InvitationState,
    invited_by: String,
    expires_at: Moment,
    until: Option<Day>,
    organisation: Option<Named>,
}

impl Invitation {
    /// Who invites. The record names people by a number, which tells whoever reads it here nothing.
    fn inviter(&self) -> &'static str {
        let (kind, _) = self.invited_by.split_once(':').unwrap_or_default();
        match kind {
            "person" => "somebody who may invite for them",
            "token" => "a machine that may invite for them",
            _ => "whoever runs this server",
        }
    }

    fn waits(&self) -> bool {
        self.state == InvitationState::Pending
    }
}

#[derive(Template)]
#[template(path = "invitation.html")]
struct InvitationPage {
    frame: Frame,
    outcome: Outcome,
    invitation: Invitation,
    deeds: Vec<Deed>,
}

/// The page at `/invitation/{secret}`, which is to be sent so that the address reaches nobody else.
///
/// # Errors
/// [`PageError::DeadLink`] when no invitation has this link, or it is too old; otherwise as [`Ask::ask`], and [`PageError::Failed`] if the answer does not have the shape of the page.
pub async fn invitation(
    ask: &impl Ask,
    context: &PageContext,
    secret: &str,
) -> Result<String, PageError> {
    page(ask, context, secret, None).await
}

/// What follows the form of the page at `/invitation/{secret}`.
///
/// # Errors
/// As [`Ask::change`], but for what whoever sent the form can mend; and as [`invitation`].
pub async fn invitation_form(
    ask: &impl Ask,
    context: &PageContext,
    secret: &str,
    fields: &Fields,
) -> Result<Reply, PageError> {
    let (accept, done) = match fields.typed("does") {
        "accept" => (true, Done::Joined),
        "decline" => (false, Done::Declined),
        _ => return Err(PageError::NotFound),
    };
    let mut input = fields.input(&[]);
    input.insert("secret".to_owned(), json!(secret));
    input.insert("accept".to_owned(), json!(accept));
    match change(ask, ANSWER_INVITATION, input).await? {
        Ok(_) => {
            let done = Some(done.value().to_owned());
            Ok(Reply::Go(link("/account", &[("done", done)])))
        }
        Err(wrong) => {
            let status = wrong.status();
            let returned = Returned { fields, wrong };
            let html = page(ask, context, secret, Some(&returned)).await?;
            Ok(Reply::Page { status, html })
        }
    }
}

async fn page(
    ask: &impl Ask,
    context: &PageContext,
    secret: &str,
    returned: Option<&Returned<'_>>,
) -> Result<String, PageError> {
    let found: Result<Answer, _> = answer(ask, INVITATION, &json!({ "secret": secret })).await;
    let found = found.map_err(|error| match error {
        PageError::NotFound => PageError::DeadLink,
        error => error,
    })?;
    let invitation = found.invitation.ok_or(PageError::DeadLink)?;
    let path = format!("/invitation/{secret}");
    let deeds = Deeds::of(context, &path, returned);
    let deeds = deeds.filter(|_| invitation.waits());
    let deeds = deeds.as_ref().map(answers).unwrap_or_default();
    let outcome = Outcome::default().with(&deeds, returned);
    let page = InvitationPage {
        frame: Frame::new(context, outcome.title("An invitation")),
        outcome,
        invitation,
        deeds,
    };
    render(ask, &page)
}

fn answers(deeds: &Deeds<'_>) -> Vec<Deed> {
    let deed = |does, button| {
        let deed = deeds.deed(does, 0, Vec::new(), Vec::new());
        deed.button(button, "the invitation")
    };
    vec![deed("accept", "Accept"), deed("decline", "Decline").grave()]
}
