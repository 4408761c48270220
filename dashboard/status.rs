//! The page on which the status of a project is posted, from a phone in a minute.

use askama::Template;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::ask::{Ask, CLOSE_ASK, POST_STATUS, PROJECT_STATUS, answer, render};
use crate::deed::{Deed, Deeds, Input};
use crate::done::Done;
use crate::error::PageError;
use crate::form::Choice;
use crate::frame::{Frame, PageContext};
use crate::help::Asking;
use crate::link::link;
use crate::outcome::Outcome;
use crate::params::DoneParams;
use crate::project_words::{Freshness, Phase};
use crate::sent::{Fields, Reply, Returned, Wrong, change};
use crate::show::Moment;
use crate::status_words::{AskState, FlagKind, Help, Rag};
use crate::words::Word;

#[derive(Deserialize)]
struct Answer {
    project: Option<Project>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Project {
    slug: String,
    title: String,
    phase: Phase,
    freshness: Option<Freshness>,
    may_post_status: bool,
    latest_status: Option<Latest>,
    flags: Vec<Flag>,
    asks: Vec<Asking>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Latest {
    posted_at: Moment,
    delivery: Rag,
    money: Rag,
    people: Rag,
    reuse: Rag,
    headline: String,
    next_step: String,
}

impl Latest {
    /// Each side with its colour.
    fn sides(&self) -> [(&'static str, Rag); 4] {
        [
            ("Delivery", self.delivery),
            ("Money", self.money),
            ("People", self.people),
            ("Reuse", self.reuse),
        ]
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Flag {
    kind: FlagKind,
    evidence: Vec<String>,
    raised_at: Moment,
    answer: Option<String>,
    cleared_at: Option<Moment>,
}

#[derive(Template)]
#[template(path = "status.html")]
struct StatusPage {
    frame: Frame,
    outcome: Outcome,
    project: Project,
    unchanged: Option<Deed>,
    post: Option<Deed>,
    closings: Vec<Option<Deed>>,
}

/// The page at `/projects/{slug}/status`.
///
/// # Errors
/// [`PageError::NotFound`] if no project has the slug; [`PageError::BadRequest`] if the query string says something was
/// done that no form does; as [`Ask::ask`]; and [`PageError::Failed`] if the answer does not have the shape of the page.
pub async fn status(
    ask: &impl Ask,
    context: &PageContext,
    slug: &str,
    params: &DoneParams,
) -> Result<String, PageError> {
    page(ask, context, slug, Outcome::done(params)?, None).await
}

async fn page(
    ask: &impl Ask,
    context: &PageContext,
    slug: &str,
    outcome: Outcome,
    returned: Option<&Returned<'_>>,
) -> Result<String, PageError> {
    let variables = json!({ "slug": slug });
    let found: Answer = answer(ask, PROJECT_STATUS, &variables).await?;
    let project = found.project.ok_or(PageError::NotFound)?;
    let path = format!("/projects/{}/status", project.slug);
    let may = project.may_post_status;
    let deeds = Deeds::of(context, &path, returned).filter(|_| may);
    let open = deeds.as_ref().filter(|_| !project.phase.over());
    let closing = |(nth, one): (usize, &Asking)| {
        let deeds = deeds.as_ref()?;
        if one.state == AskState::Closed {
            return None;
        }
        let hidden = vec![
            ("about", one.id.clone()),
            ("version", one.version.to_string()),
        ];
        let deed = deeds.deed("close", nth, hidden, Vec::new());
        Some(deed.button("Close", format!("what is asked: {}", one.text)))
    };
    let mut page = StatusPage {
        frame: Frame::new(context, "").asking(PROJECT_STATUS, &variables),
        outcome: Outcome::default(),
        unchanged: open
            .filter(|_| project.latest_status.is_some())
            .map(|deeds| {
                let deed = deeds.deed("unchanged", 0, Vec::new(), Vec::new());
                deed.button("No change", "since the last status")
            }),
        post: open.map(|deeds| form(deeds, project.latest_status.as_ref())),
        closings: project.asks.iter().enumerate().map(closing).collect(),
        project,
    };
    let closings = page.closings.iter().flatten();
    let all = page.unchanged.iter().chain(&page.post).chain(closings);
    page.outcome = outcome.with(all, returned);
    let title = format!("Status of {}", page.project.title);
    page.frame.title = page.outcome.title(&title);
    render(ask, &page)
}

/// The form, filled with the last update.
fn form(deeds: &Deeds<'_>, last: Option<&Latest>) -> Deed {
    let side = |name, label, colour: fn(&Latest) -> Rag| {
        Input::one_of(name, label, Rag::ALL, last.map(colour), Rag::meaning)
    };
    let text = |words: fn(&Latest) -> &str| last.map(words).unwrap_or_default();
    let mut kinds = vec![Choice {
        value: String::new(),
        label: "Nothing for now".to_owned(),
        selected: true,
    }];
    kinds.extend(Help::ALL.iter().map(|kind| Choice {
        value: kind.value().to_owned(),
        label: kind.to_string(),
        selected: false,
    }));
    let inputs = vec![
        Input::text(
            "headline",
            "The news in one sentence",
            text(|last| &last.headline),
        ),
        side("delivery", "Delivery", |last| last.delivery),
        side("money", "Money", |last| last.money),
        side("people", "People", |last| last.people),
        side("reuse", "Reuse by others", |last| last.reuse),
        Input::text("nextStep", "What comes next", text(|last| &last.next_step)),
        Input::choice("askKind", "What you need of others", kinds)
            .hint("It is told to those who back the problem, and to those who can help with that."),
        Input::text("askText", "What for", ""),
    ];
    let deed = deeds.deed("post", 0, Vec::new(), inputs);
    deed.button("Post this status", "")
}

/// What follows a form of the page at `/projects/{slug}/status`.
///
/// # Errors
/// As [`Ask::change`], but for what whoever sent the form can mend; and as [`status`].
pub async fn status_form(
    ask: &impl Ask,
    context: &PageContext,
    slug: &str,
    fields: &Fields,
) -> Result<Reply, PageError> {
    let (document, input, done) = match fields.typed("does") {
        "unchanged" => {
            let mut input = about(slug, fields, &[]);
            input.insert("unchanged".to_owned(), json!(true));
            (POST_STATUS, Ok(input), Done::StatusPosted)
        }
        "post" => (POST_STATUS, posted(slug, fields), Done::StatusPosted),
        "close" => {
            let mut input = fields.input(&[]);
            input.insert("ask".to_owned(), json!(fields.filled("about")));
            input.insert("expectedVersion".to_owned(), fields.version());
            (CLOSE_ASK, Ok(input), Done::AskClosed)
        }
        _ => return Err(PageError::NotFound),
    };
    let outcome = match input {
        Ok(input) => change(ask, document, input).await?.map(|_| ()),
        Err(wrong) => Err(wrong),
    };
    match outcome {
        Ok(()) => {
            let done = Some(done.value().to_owned());
            let path = format!("/projects/{slug}/status");
            Ok(Reply::Go(link(&path, &[("done", done)])))
        }
        Err(wrong) => {
            let status = wrong.status();
            let returned = Returned { fields, wrong };
            let html = page(ask, context, slug, Outcome::default(), Some(&returned)).await?;
            Ok(Reply::Page { status, html })
        }
    }
}

fn about(slug: &str, fields: &Fields, names: &[&str]) -> Map<String, Value> {
    let mut input = fields.input(names);
    input.retain(|_, value| !value.is_null());
    input.insert("project".to_owned(), json!(slug));
    input
}

fn posted(slug: &str, fields: &Fields) -> Result<Map<String, Value>, Wrong> {
    let names = ["delivery", "money", "people", "reuse", "headline"];
    let mut input = about(slug, fields, &names);
    // Emptied, it says that there is no next step.
    input.insert("nextStep".to_owned(), json!(fields.typed("nextStep")));
    match (fields.filled("askKind"), fields.filled("askText")) {
        (None, None) => {}
        (Some(kind), Some(text)) => {
            input.insert("ask".to_owned(), json!({ "kind": kind, "text": text }));
        }
        (Some(_), None) => return Err(Wrong::of("askText", "Say what you need it for.")),
        (None, Some(_)) => return Err(Wrong::of("askKind", "Choose what you need.")),
    }
    Ok(input)
}
