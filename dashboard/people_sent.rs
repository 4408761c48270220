//! What follows the forms on the page of people and keys.

use askama::Template;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::ask::{
    Ask, CHANGE_MEMBERSHIP, END_MEMBERSHIP, INVITE_MEMBER, ISSUE_TOKEN, REVOKE_TOKEN,
    UPDATE_CONTACT, WITHDRAW_INVITATION, render,
};
use crate::done::Done;
use crate::error::PageError;
use crate::frame::{Frame, PageContext};
use crate::link::link;
use crate::outcome::Outcome;
use crate::people::{Home, page};
use crate::sent::{Fields, Reply, Returned, Wrong, change};
use crate::show::Moment;
use crate::words::Word;

/// What is shown once, on a page of its own.
#[derive(Template)]
#[template(path = "once.html")]
struct OncePage {
    frame: Frame,
    /// The page to go back to.
    back: String,
    shown: Once,
}

/// A secret that is shown once.
enum Once {
    /// The link of an invitation; none when the form was sent before.
    Link {
        link: Option<String>,
        email: Option<String>,
        until: Option<Moment>,
    },
    /// The secret of a token; none when the form was sent before.
    Token {
        secret: Option<String>,
        name: String,
        until: Option<Moment>,
    },
}

/// What a form does: a document with its input, and what follows.
struct Step {
    document: &'static str,
    input: Map<String, Value>,
    then: Then,
}

/// What follows what was done.
enum Then {
    Say(Done),
    ShowLink,
    ShowToken,
}

/// What follows a form of the page at `/organisations/{slug}/people`, or at `/unit/people`.
///
/// # Errors
/// As [`Ask::change`], but for what whoever sent the form can mend; and as [`crate::people`].
pub async fn people_form(
    ask: &impl Ask,
    context: &PageContext,
    home: &Home,
    fields: &Fields,
) -> Result<Reply, PageError> {
    let outcome = match step(home, fields) {
        Some(Ok(step)) => {
            let done = change(ask, step.document, step.input).await?;
            done.map(|payload| (payload, step.then))
        }
        Some(Err(wrong)) => Err(wrong),
        None => return Err(PageError::NotFound),
    };
    match outcome {
        Ok((_, Then::Say(done))) => {
            let done = Some(done.value().to_owned());
            Ok(Reply::Go(link(&home.path(), &[("done", done)])))
        }
        Ok((payload, then)) => once(ask, context, home, fields, &payload, &then),
        Err(wrong) => {
            let status = wrong.status();
            let returned = Returned { fields, wrong };
            let html = page(ask, context, home, Outcome::default(), Some(&returned)).await?;
            Ok(Reply::Page { status, html })
        }
    }
}

/// What the form does; `None` for what no form of the page does.
fn step(home: &Home, fields: &Fields) -> Option<Result<Step, Wrong>> {
    let known = |document, id, names: &[&str], done| {
        let mut input = fields.input(names);
        input.insert(String::from(id), json!(fields.filled("about")));
        input.insert("expectedVersion".to_owned(), fields.version());
        let then = Then::Say(done);
        Ok(Step {
            document,
            input,
            then,
        })
    };
    Some(match fields.typed("does") {
        "role" => known(
            CHANGE_MEMBERSHIP,
            "membership",
            &["role", "reason"],
            Done::RoleChanged,
        ),
        "end" => known(
            END_MEMBERSHIP,
            "membership",
            &["reason"],
            Done::MembershipEnded,
        ),
        "withdraw" => known(WITHDRAW_INVITATION, "invitation", &[], Done::Withdrawn),
        "revoke" => Ok(revoke(fields)),
        "contact" => Ok(contact(home, fields)),
        "invite" => invite(home, fields),
        "issue" => issue(home, fields),
        _ => return None,
    })
}

/// A leaked key does not wait: it is revoked whatever happened to it since the page was made.
fn revoke(fields: &Fields) -> Step {
    let mut input = fields.input(&["reason"]);
    input.insert("token".to_owned(), json!(fields.filled("about")));
    Step {
        document: REVOKE_TOKEN,
        input,
        then: Then::Say(Done::Revoked),
    }
}

fn contact(home: &Home, fields: &Fields) -> Step {
    let mut input = fields.input(&["name", "email", "phone"]);
    input.insert("organisation".to_owned(), home.slug());
    input.insert("expectedVersion".to_owned(), fields.version());
    Step {
        document: UPDATE_CONTACT,
        input,
        then: Then::Say(Done::ContactSaved),
    }
}

fn invite(home: &Home, fields: &Fields) -> Result<Step, Wrong> {
    Ok(Step {
        document: INVITE_MEMBER,
        input: new(home, fields, &["role", "email"])?,
        then: Then::ShowLink,
    })
}

fn issue(home: &Home, fields: &Fields) -> Result<Step, Wrong> {
    let scopes: Vec<_> = fields.all("scopes").collect();
    if scopes.is_empty() {
        return Err(Wrong::of("scopes", "Tick at least one."));
    }
    if fields.filled("name").is_none() {
        return Err(Wrong::of("name", "Write what the token is for."));
    }
    let mut input = new(home, fields, &["name", "role"])?;
    input.insert("scopes".to_owned(), json!(scopes));
    Ok(Step {
        document: ISSUE_TOKEN,
        input,
        then: Then::ShowToken,
    })
}

/// The input for a new thing there: a role, and for how many days; those that are left out are the API's to choose.
fn new(home: &Home, fields: &Fields, names: &[&str]) -> Result<Map<String, Value>, Wrong> {
    if fields.filled("role").is_none() {
        return Err(Wrong::of("role", "Choose a role."));
    }
    let mut input = fields.input(names);
    input.insert("organisation".to_owned(), home.slug());
    if let Some(days) = fields.number("days")? {
        input.insert("days".to_owned(), json!(days));
    }
    Ok(input)
}

fn once(
    ask: &impl Ask,
    context: &PageContext,
    home: &Home,
    fields: &Fields,
    payload: &Value,
    then: &Then,
) -> Result<Reply, PageError> {
    #[derive(Deserialize, Default)]
    #[serde(rename_all = "camelCase")]
    struct Until {
        expires_at: Option<Moment>,
    }
    let secret = payload["secret"].as_str().map(str::to_owned);
    let until = |thing: &str| {
        Until::deserialize(&payload[thing])
            .unwrap_or_default()
            .expires_at
    };
    let (title, shown) = match then {
        Then::ShowToken => (
            "The token is issued",
            Once::Token {
                secret,
                name: fields.typed("name").trim().to_owned(),
                until: until("token"),
            },
        ),
        _ => (
            "The invitation is made",
            Once::Link {
                link: secret.map(|secret| format!("{}/invitation/{secret}", context.origin)),
                email: fields.filled("email"),
                until: until("invitation"),
            },
        ),
    };
    let page = OncePage {
        frame: Frame::new(context, title),
        back: home.path(),
        shown,
    };
    let html = render(ask, &page)?;
    Ok(Reply::Page { status: 200, html })
}
