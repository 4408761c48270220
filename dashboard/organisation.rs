//! One organisation: its facts, its life, and where it stands with each standard.

use askama::Template;
use serde::Deserialize;
use serde_json::json;

use crate::answer::{Connection, Event, Named, Pager};
use crate::ask::{Ask, ORGANISATION, answer, render};
use crate::deed::Deed;
use crate::error::PageError;
use crate::follow::follow;
use crate::form::{Field, Form};
use crate::frame::{Frame, PageContext};
use crate::params::{OrganisationParams, chosen, past_day};
use crate::show::{Count, Day};
use crate::words::{
    CommitmentOutcome, GroupKind, Nation, OrganisationKind, SignatureState, State, SuccessionKind,
    Tier, Word,
};

/// Standards a page.
const SHOWN: u32 = 50;

#[derive(Deserialize)]
struct Answer {
    organisation: Option<Organisation>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Organisation {
    id: String,
    name: String,
    kind: OrganisationKind,
    tier: Option<Tier>,
    nation: Option<Nation>,
    region: Option<String>,
    population: Option<Count>,
    opened_on: Option<Day>,
    closed_on: Option<Day>,
    codes: Vec<Code>,
    predecessors: Vec<Before>,
    successors: Vec<After>,
    groups: Vec<Group>,
    adoptions: Connection<Row>,
    signatures: Vec<Signed>,
    commitments: Vec<Promised>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Signed {
    state: SignatureState,
    signed_on: Day,
    declaration: Numbered,
}

#[derive(Deserialize)]
struct Numbered {
    number: i32,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Promised {
    text: String,
    due_on: Day,
    outcome: Option<CommitmentOutcome>,
    outcome_on: Option<Day>,
    explanation: Option<String>,
    overdue: bool,
}

#[derive(Deserialize)]
struct Code {
    scheme: String,
    code: String,
    alias: bool,
}

#[derive(Deserialize)]
struct Before {
    on: Day,
    kind: SuccessionKind,
    predecessor: Named,
}

#[derive(Deserialize)]
struct After {
    on: Day,
    kind: SuccessionKind,
    successor: Named,
}

#[derive(Deserialize)]
struct Group {
    name: String,
    kind: GroupKind,
}

#[derive(Deserialize)]
struct Row {
    standard: Named,
    state: State,
    since: Option<Day>,
    event: Option<Event>,
}

#[derive(Template)]
#[template(path = "organisation.html")]
struct OrganisationPage {
    frame: Frame,
    path: String,
    follow: Option<Deed>,
    form: Form,
    as_of: Day,
    organisation: Organisation,
    pager: Pager,
}

/// The page at `/organisations/{slug}`.
///
/// # Errors
/// [`PageError::NotFound`] if no organisation has the slug; [`PageError::BadRequest`] if the query
/// string asks for what cannot be; as [`Ask::ask`]; and [`PageError::Failed`] if the answer does not
/// have the shape of the page.
pub async fn organisation(
    ask: &impl Ask,
    context: &PageContext,
    slug: &str,
    params: &OrganisationParams,
) -> Result<String, PageError> {
    let as_of = past_day(context, params.as_of.as_deref())?;
    let after = chosen(params.after.as_deref());
    let variables = json!({
        "slug": slug,
        "asOf": as_of.iso(),
        "first": SHOWN,
        "after": after,
    });
    let found: Answer = answer(ask, ORGANISATION, &variables).await?;
    let organisation = found.organisation.ok_or(PageError::NotFound)?;
    let path = format!("/organisations/{slug}");
    let kept = [("as_of", (as_of.0 != context.today).then(|| as_of.iso()))];
    let info = &organisation.adoptions.page_info;
    let page = OrganisationPage {
        frame: Frame::new(context, &organisation.name)
            .asking(ORGANISATION, &variables)
            .feed("organisation", slug),
        follow: follow(context, &organisation.id, &organisation.name),
        form: form(&path, as_of, context),
        as_of,
        pager: Pager::onwards(
            "standards",
            &path,
            "#adoptions",
            &kept,
            after.as_deref(),
            info,
        ),
        organisation,
        path,
    };
    render(ask, &page)
}

fn form(path: &str, as_of: Day, context: &PageContext) -> Form {
    Form {
        action: format!("{path}#adoptions"),
        label: "Choose the day",
        fields: vec![Field::date_until(
            "as_of",
            "As of",
            as_of,
            Day(context.today),
        )],
        kept: Vec::new(),
        button: "Show",
    }
}
