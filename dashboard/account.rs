//! The account of whoever is signed in: who they are, for whom they act, what waits for them, and what is kept of them.

use askama::Template;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::answer::Named;
use crate::ask::{
    ACCOUNT, ANSWER_INVITATION, Ask, CHOOSE_DIGEST, END_MEMBERSHIP, ERASE_PERSON, PERSONAL_DATA,
    SUBSCRIBE, UNSUBSCRIBE, answer, render,
};
use crate::deed::{Deed, Deeds, Input};
use crate::done::Done;
use crate::error::PageError;
use crate::follow::{self, Digest, Subscription};
use crate::frame::{Frame, PageContext};
use crate::link::link;
use crate::outcome::Outcome;
use crate::params::DoneParams;
use crate::sent::{Fields, Reply, Returned, Wrong, change};
use crate::show::{Day, Moment};
use crate::words::{Role, Word};

/// Where the page is.
const PATH: &str = "/account";

#[derive(Deserialize)]
struct Answer {
    viewer: Viewer,
}

#[derive(Deserialize)]
struct Viewer {
    person: Option<Person>,
    memberships: Vec<Membership>,
    invitations: Vec<Invitation>,
    notices: Vec<Notice>,
    #[serde(default)]
    subscriptions: Vec<Subscription>,
    digest: Option<Digest>,
}

#[derive(Deserialize)]
struct Person {
    name: Option<String>,
    email: Option<String>,
}

#[derive(Deserialize)]
struct Membership {
    id: String,
    role: Role,
    from: Day,
    to: Option<Day>,
    version: i64,
    organisation: Option<Named>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Invitation {
    id: String,
    role: Role,
    expires_at: Moment,
    until: Option<Day>,
    organisation: Option<Named>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Notice {
    created_at: Moment,
    message: String,
    about: Named,
}

/// A thing with what can be done about it.
struct With<T> {
    thing: T,
    deeds: Vec<Deed>,
}

#[derive(Template)]
#[template(path = "account.html")]
struct AccountPage {
    frame: Frame,
    outcome: Outcome,
    person: Person,
    memberships: Vec<With<Membership>>,
    invitations: Vec<With<Invitation>>,
    notices: Vec<Notice>,
    followed: Vec<With<Subscription>>,
    digest: Option<With<Digest>>,
    erase: Option<Deed>,
}

#[derive(Template)]
#[template(path = "no_account.html")]
struct NoAccountPage {
    frame: Frame,
    outcome: Outcome,
}

/// The page at `/account`. Whoever is not signed in is told what an account is for.
///
/// # Errors
/// [`PageError::BadRequest`] if the query string says something was done that no form does; as [`Ask::ask`]; and
/// [`PageError::Failed`] if the answer does not have the shape of the page.
pub async fn account(
    ask: &impl Ask,
    context: &PageContext,
    params: &DoneParams,
) -> Result<String, PageError> {
    page(ask, context, Outcome::done(params)?, None).await
}

/// What follows a form of the page at `/account`.
///
/// # Errors
/// As [`Ask::change`], but for what whoever sent the form can mend; and as [`account`].
pub async fn account_form(
    ask: &impl Ask,
    context: &PageContext,
    fields: &Fields,
) -> Result<Reply, PageError> {
    let (document, input, done) = match fields.typed("does") {
        "accept" => (ANSWER_INVITATION, answered(fields, true), Done::Joined),
        "decline" => (ANSWER_INVITATION, answered(fields, false), Done::Declined),
        "leave" => (END_MEMBERSHIP, ended(fields), Done::Left),
        "follow" => (SUBSCRIBE, about(fields, "thing"), Done::Followed),
        "unfollow" => (UNSUBSCRIBE, about(fields, "subscription"), Done::Unfollowed),
        "digest" => (CHOOSE_DIGEST, fields.input(&["every"]), Done::DigestChosen),
        "erase" if fields.filled("confirm").is_none() => {
            let wrong = Wrong::of("confirm", "Tick the box to erase your details.");
            return again(ask, context, fields, wrong).await;
        }
        "erase" => (ERASE_PERSON, fields.input(&["reason"]), Done::Erased),
        _ => return Err(PageError::NotFound),
    };
    match change(ask, document, input).await? {
        Ok(_) => Ok(Reply::Go(link(
            PATH,
            &[("done", Some(done.value().to_owned()))],
        ))),
        Err(wrong) => again(ask, context, fields, wrong).await,
    }
}

/// Everything that is kept of whoever is signed in, to be sent as JSON.
///
/// # Errors
/// [`PageError::Unauthenticated`] when nobody is signed in; as [`Ask::ask`].
pub async fn personal_data(ask: &impl Ask) -> Result<Value, PageError> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Kept {
        personal_data: Option<Value>,
    }
    #[derive(Deserialize)]
    struct Answer {
        viewer: Kept,
    }
    let found: Answer = answer(ask, PERSONAL_DATA, &json!({})).await?;
    found.viewer.personal_data.ok_or(PageError::Unauthenticated)
}

/// The input of what is done about the thing that the form names.
fn about(fields: &Fields, field: &str) -> Map<String, Value> {
    let mut input = fields.input(&[]);
    input.insert(field.to_owned(), json!(fields.filled("about")));
    input
}

fn answered(fields: &Fields, accept: bool) -> Map<String, Value> {
    let mut input = fields.input(&[]);
    input.insert("invitation".to_owned(), json!(fields.filled("about")));
    input.insert("accept".to_owned(), json!(accept));
    input
}

fn ended(fields: &Fields) -> Map<String, Value> {
    let mut input = fields.input(&["reason"]);
    input.insert("membership".to_owned(), json!(fields.filled("about")));
    input.insert("expectedVersion".to_owned(), fields.version());
    input
}

async fn again(
    ask: &impl Ask,
    context: &PageContext,
    fields: &Fields,
    wrong: Wrong,
) -> Result<Reply, PageError> {
    let status = wrong.status();
    let returned = Returned { fields, wrong };
    let html = page(ask, context, Outcome::default(), Some(&returned)).await?;
    Ok(Reply::Page { status, html })
}

async fn page(
    ask: &impl Ask,
    context: &PageContext,
    outcome: Outcome,
    returned: Option<&Returned<'_>>,
) -> Result<String, PageError> {
    let found: Answer = answer(ask, ACCOUNT, &json!({})).await?;
    let deeds = Deeds::of(context, PATH, returned);
    let (Some(person), Some(deeds)) = (found.viewer.person, deeds) else {
        let frame = Frame::new(context, "Your account");
        return render(ask, &NoAccountPage { frame, outcome });
    };
    let memberships = with(found.viewer.memberships, |nth, held| {
        vec![leave(&deeds, nth, held)]
    });
    let invitations = with(found.viewer.invitations, |nth, one| {
        answers(&deeds, nth, one)
    });
    let followed = with(found.viewer.subscriptions, |nth, one| {
        follow::unfollow(&deeds, nth, one)
    });
    let digest = found.viewer.digest.map(|thing| With {
        deeds: vec![follow::choose(&deeds, &thing)],
        thing,
    });
    let erase = erase(&deeds);
    let of_invitations = invitations.iter().flat_map(|one| &one.deeds);
    let of_memberships = memberships.iter().flat_map(|held| &held.deeds);
    let of_following = followed.iter().flat_map(|one| &one.deeds);
    let of_digest = digest.iter().flat_map(|one| &one.deeds);
    let all = of_invitations
        .chain(of_memberships)
        .chain(of_following)
        .chain(of_digest)
        .chain([&erase]);
    let outcome = outcome.with(all, returned);
    let page = AccountPage {
        frame: Frame::new(context, outcome.title("Your account")),
        outcome,
        person,
        memberships,
        invitations,
        notices: found.viewer.notices,
        followed,
        digest,
        erase: Some(erase),
    };
    render(ask, &page)
}

fn with<T>(things: Vec<T>, deeds: impl Fn(usize, &T) -> Vec<Deed>) -> Vec<With<T>> {
    let with = |(nth, thing): (usize, T)| With {
        deeds: deeds(nth, &thing),
        thing,
    };
    things.into_iter().enumerate().map(with).collect()
}

fn leave(deeds: &Deeds<'_>, nth: usize, held: &Membership) -> Deed {
    let hidden = vec![
        ("about", held.id.clone()),
        ("version", held.version.to_string()),
    ];
    deeds
        .deed("leave", nth, hidden, vec![Input::reason()])
        .button("Leave", named(held.organisation.as_ref()))
        .grave()
}

fn answers(deeds: &Deeds<'_>, nth: usize, one: &Invitation) -> Vec<Deed> {
    let of = format!("the invitation of {}", named(one.organisation.as_ref()));
    let deed = |does, button| {
        let hidden = vec![("about", one.id.clone())];
        let deed = deeds.deed(does, nth, hidden, Vec::new());
        deed.button(button, of.clone())
    };
    vec![deed("accept", "Accept"), deed("decline", "Decline").grave()]
}

fn erase(deeds: &Deeds<'_>) -> Deed {
    let sure = "I understand that this cannot be undone";
    let inputs = vec![Input::reason(), Input::confirm("confirm", sure)];
    deeds
        .deed("erase", 0, Vec::new(), inputs)
        .button("Erase my details", "")
        .grave()
}

/// Whom somebody acts for: the body, or the unit.
pub(crate) fn named(organisation: Option<&Named>) -> &str {
    organisation.map_or("the collaboration unit", |body| &body.name)
}
