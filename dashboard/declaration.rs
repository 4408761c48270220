//! The declaration: what it says, who signed it, how much of what was promised was kept, and the forms for signatories.

use askama::Template;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::answer::{Connection, Named, Pager};
use crate::ask::{
    Ask, DECLARATION, MAKE_COMMITMENT, SETTLE_COMMITMENT, SIGN_DECLARATION, WITHDRAW_SIGNATURE,
    answer, render,
};
use crate::deed::{Deed, Deeds, Input};
use crate::done::Done;
use crate::error::PageError;
use crate::frame::{Frame, PageContext};
use crate::link::link;
use crate::outcome::Outcome;
use crate::params::{DeclarationParams, DoneParams, chosen};
use crate::sent::{Fields, Reply, Returned, Wrong, change};
use crate::show::Day;
use crate::words::{CommitmentOutcome, Role, SignatureState, Word};

const PATH: &str = "/declaration";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    declaration: Option<Declaration>,
    declarations: Vec<Version>,
    kept_rate: KeptRate,
    viewer: Viewer,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Declaration {
    number: i32,
    title: String,
    text: String,
    published_on: Day,
    signatory_count: i64,
    signatures: Connection<Signed>,
}

impl Declaration {
    fn paragraphs(&self) -> impl Iterator<Item = &str> {
        let all = self.text.split("\n\n").map(str::trim);
        all.filter(|paragraph| !paragraph.is_empty())
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Signed {
    signed_on: Day,
    organisation: Named,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Version {
    number: i32,
    title: String,
    published_on: Day,
    signatory_count: i64,
}

/// How much of what was promised was kept.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct KeptRate {
    as_of: Day,
    kept: i64,
    late: i64,
    dropped: i64,
    explained: i64,
    overdue: i64,
    open: i64,
    n: i64,
    rate: Option<f64>,
}

impl KeptRate {
    /// The rate in per cent, where there is one.
    fn percent(&self) -> Option<String> {
        self.rate.map(|rate| format!("{:.0}%", rate * 100.0))
    }
}

#[derive(Deserialize)]
struct Viewer {
    memberships: Vec<Membership>,
}

#[derive(Deserialize)]
struct Membership {
    role: Role,
    organisation: Option<Body>,
}

#[derive(Deserialize)]
struct Body {
    slug: String,
    name: String,
    signatures: Vec<Own>,
    commitments: Vec<Commitment>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Own {
    id: String,
    state: SignatureState,
    version: i64,
    signed_on: Day,
    declaration: Numbered,
}

#[derive(Deserialize)]
struct Numbered {
    number: i32,
}

/// A commitment.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Commitment {
    id: String,
    text: String,
    due_on: Day,
    outcome: Option<CommitmentOutcome>,
    overdue: bool,
    version: i64,
}

/// What a signatory may do for one organisation.
struct Desk {
    slug: String,
    name: String,
    signed: Option<Day>,
    sign: Option<Deed>,
    withdraw: Option<Deed>,
    commit: Deed,
    open: Vec<(Commitment, Deed)>,
}

impl Desk {
    fn deeds(&self) -> impl Iterator<Item = &Deed> {
        let open = self.open.iter().map(|(_, deed)| deed);
        let forms = self.sign.iter().chain(&self.withdraw);
        forms.chain([&self.commit]).chain(open)
    }
}

#[derive(Template)]
#[template(path = "declaration.html")]
struct DeclarationPage {
    frame: Frame,
    outcome: Outcome,
    declaration: Option<Declaration>,
    versions: Vec<Version>,
    rate: KeptRate,
    desks: Vec<Desk>,
    pager: Option<Pager>,
}

/// The page at `/declaration`.
///
/// # Errors
/// [`PageError::BadRequest`] if the query string asks for what cannot be; as [`Ask::ask`]; and [`PageError::Failed`] if
/// the answer does not have the shape of the page.
pub async fn declaration(
    ask: &impl Ask,
    context: &PageContext,
    params: &DeclarationParams,
) -> Result<String, PageError> {
    let done = DoneParams {
        done: params.done.clone(),
    };
    let after = chosen(params.after.as_deref());
    page(ask, context, Outcome::done(&done)?, after, None).await
}

/// What follows a form of the page at `/declaration`.
///
/// # Errors
/// As [`Ask::change`], but for what whoever sent the form can mend; and as [`declaration`].
pub async fn declaration_form(
    ask: &impl Ask,
    context: &PageContext,
    fields: &Fields,
) -> Result<Reply, PageError> {
    let about = |names: &[&str], field: &str, versioned: bool| {
        let mut input = fields.input(names);
        input.insert(field.to_owned(), json!(fields.filled("about")));
        if versioned {
            input.insert("expectedVersion".to_owned(), fields.version());
        }
        input
    };
    let (document, mut input, done) = match fields.typed("does") {
        "sign" => (
            SIGN_DECLARATION,
            about(&[], "organisation", false),
            Done::Signed,
        ),
        "withdraw-signature" => (
            WITHDRAW_SIGNATURE,
            about(&["reason"], "signature", true),
            Done::SignatureWithdrawn,
        ),
        "commit" => (
            MAKE_COMMITMENT,
            about(&["text", "principle", "dueOn"], "organisation", false),
            Done::Committed,
        ),
        "settle" => (
            SETTLE_COMMITMENT,
            about(&["outcome", "explanation"], "commitment", true),
            Done::Settled,
        ),
        _ => return Err(PageError::NotFound),
    };
    if input.get("dueOn") == Some(&Value::Null) {
        let wrong = Wrong::of("dueOn", "Choose a day that is still to come.");
        return again(ask, context, fields, wrong).await;
    }
    // A text that is needed and was left blank is refused by its rule, in words, rather than by the type of the input.
    for needed in ["text", "reason"] {
        if input.get(needed) == Some(&Value::Null) {
            input.insert(needed.to_owned(), json!(""));
        }
    }
    match change(ask, document, input).await? {
        Ok(_) => {
            let done = Some(done.value().to_owned());
            Ok(Reply::Go(link(PATH, &[("done", done)])))
        }
        Err(wrong) => again(ask, context, fields, wrong).await,
    }
}

async fn again(
    ask: &impl Ask,
    context: &PageContext,
    fields: &Fields,
    wrong: Wrong,
) -> Result<Reply, PageError> {
    let status = wrong.status();
    let returned = Returned { fields, wrong };
    let html = page(ask, context, Outcome::default(), None, Some(&returned)).await?;
    Ok(Reply::Page { status, html })
}

async fn page(
    ask: &impl Ask,
    context: &PageContext,
    outcome: Outcome,
    after: Option<String>,
    returned: Option<&Returned<'_>>,
) -> Result<String, PageError> {
    let variables = json!({ "after": after });
    let found: Answer = answer(ask, DECLARATION, &variables).await?;
    let signatory = |held: &Membership| matches!(held.role, Role::Signatory | Role::Lead);
    let bodies = found.viewer.memberships.into_iter().filter(signatory);
    let bodies = bodies.filter_map(|held| held.organisation);
    let deeds = Deeds::of(context, PATH, returned);
    let newest = found.declaration.as_ref().map(|newest| newest.number);
    let desks: Vec<Desk> = match &deeds {
        Some(deeds) => bodies
            .enumerate()
            .map(|(nth, body)| desk(deeds, nth, newest, body))
            .collect(),
        None => Vec::new(),
    };
    let outcome = outcome.with(desks.iter().flat_map(Desk::deeds), returned);
    let pager = found.declaration.as_ref().map(|declaration| {
        let info = &declaration.signatures.page_info;
        Pager::onwards("signatures", PATH, "#signed", &[], after.as_deref(), info)
    });
    let page = DeclarationPage {
        frame: Frame::new(context, outcome.title("The declaration"))
            .asking(DECLARATION, &variables),
        outcome,
        declaration: found.declaration,
        versions: found.declarations,
        rate: found.kept_rate,
        desks,
        pager,
    };
    render(ask, &page)
}

fn desk(deeds: &Deeds<'_>, nth: usize, newest: Option<i32>, body: Body) -> Desk {
    let live = body
        .signatures
        .iter()
        .find(|one| one.state == SignatureState::Live && Some(one.declaration.number) == newest);
    let about = || vec![("about", body.slug.clone())];
    let sign = (newest.is_some() && live.is_none()).then(|| {
        deeds
            .deed("sign", nth, about(), Vec::new())
            .button("Sign", format!("for {}", body.name))
    });
    let withdraw = live.map(|one| {
        let hidden = vec![
            ("about", one.id.clone()),
            ("version", one.version.to_string()),
        ];
        let why = Input::text("reason", "Why", "").hint("It is published.");
        deeds
            .deed("withdraw-signature", nth, hidden, vec![why])
            .button("Withdraw", format!("the signature of {}", body.name))
            .grave()
    });
    let inputs = vec![
        Input::text("text", "What do you promise?", ""),
        Input::text(
            "principle",
            "Which part of the declaration it follows from",
            "",
        ),
        Input::typed("date", "dueOn", "By when", ""),
    ];
    let commit = deeds
        .deed("commit", nth, about(), inputs)
        .button("Promise", format!("for {}", body.name));
    let signed = live.map(|one| one.signed_on);
    let open = body
        .commitments
        .into_iter()
        .filter(|one| one.outcome.is_none());
    let open = open.enumerate().map(|(at, one)| {
        let deed = settle(deeds, nth * 1_000 + at, &one);
        (one, deed)
    });
    Desk {
        open: open.collect(),
        slug: body.slug,
        name: body.name,
        signed,
        sign,
        withdraw,
        commit,
    }
}

fn settle(deeds: &Deeds<'_>, nth: usize, one: &Commitment) -> Deed {
    let hidden = vec![
        ("about", one.id.clone()),
        ("version", one.version.to_string()),
    ];
    let likely = match one.overdue {
        true => CommitmentOutcome::Late,
        false => CommitmentOutcome::Kept,
    };
    let inputs = vec![
        Input::word("outcome", "How it ended", CommitmentOutcome::ALL, likely),
        Input::text("explanation", "Why", "")
            .hint("Needed where it is explained. It is published."),
    ];
    deeds
        .deed("settle", nth, hidden, inputs)
        .button("Save", format!("how it ended: {}", one.text))
}
