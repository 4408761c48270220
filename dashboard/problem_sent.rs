//! What follows the forms of problems, and the page on which one is raised.

use askama::Template;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::ask::{
    ANSWER_BACKING, Ask, BACK_PROBLEM, MOVE_PROBLEM, NEW_PROBLEM, RAISE_PROBLEM, RESTORE_PROBLEM,
    WITHDRAW_BACKING, answer, render,
};
use crate::deed::{Deed, Deeds, Input};
use crate::done::Done;
use crate::error::PageError;
use crate::form::Choice;
use crate::frame::{Frame, PageContext};
use crate::link::link;
use crate::outcome::Outcome;
use crate::problem::{Shown, page};
use crate::problem_history::history;
use crate::problem_words::ProblemState;
use crate::project::Viewer;
use crate::sent::{Fields, Reply, Returned, Wrong, change};
use crate::words::{Role, Word};

/// What follows a form of the page at `/problems/{slug}`.
///
/// # Errors
/// As [`Ask::change`], but for what whoever sent the form can mend; and as [`crate::problem`].
pub async fn problem_form(
    ask: &impl Ask,
    context: &PageContext,
    slug: &str,
    fields: &Fields,
) -> Result<Reply, PageError> {
    let (document, input, done) = step(slug, fields).ok_or(PageError::NotFound)?;
    match change(ask, document, input).await? {
        Ok(_) => Ok(gone(&format!("/problems/{slug}"), done)),
        Err(wrong) => {
            let status = wrong.status();
            let returned = Returned { fields, wrong };
            Ok(
                match page(ask, context, slug, Outcome::default(), Some(&returned)).await? {
                    Shown::Page(html) => Reply::Page { status, html },
                    Shown::Moved(to) => Reply::Go(to),
                },
            )
        }
    }
}

pub(crate) fn gone(path: &str, done: Done) -> Reply {
    Reply::Go(link(path, &[("done", Some(done.value().to_owned()))]))
}

/// What the form does; `None` for what no form of the page does.
fn step(slug: &str, fields: &Fields) -> Option<(&'static str, Map<String, Value>, Done)> {
    let problem = |names: &[&str]| {
        let mut input = fields.input(names);
        input.insert("problem".to_owned(), json!(slug));
        input
    };
    let backing = |names: &[&str]| {
        let mut input = fields.input(names);
        input.insert("backing".to_owned(), json!(fields.filled("about")));
        input.insert("expectedVersion".to_owned(), fields.version());
        input
    };
    Some(match fields.typed("does") {
        "back" => {
            let input = problem(&["organisation", "willingness", "note"]);
            (BACK_PROBLEM, input, Done::ProblemBacked)
        }
        "withdraw" => (
            WITHDRAW_BACKING,
            backing(&["reason"]),
            Done::BackingWithdrawn,
        ),
        "answer" => {
            let mut input = backing(&[]);
            input.insert("answer".to_owned(), json!(fields.typed("answer")));
            (ANSWER_BACKING, input, Done::BackingAnswered)
        }
        "move" => {
            let mut input = problem(&["state", "reason"]);
            input.insert("expectedVersion".to_owned(), fields.version());
            (MOVE_PROBLEM, input, Done::ProblemMoved)
        }
        _ => return None,
    })
}

/// What follows a form of the page at `/problems/{slug}/history`: an earlier text is brought back.
///
/// # Errors
/// As [`Ask::change`], but for what whoever sent the form can mend; and as [`crate::problem_history`].
pub async fn history_form(
    ask: &impl Ask,
    context: &PageContext,
    slug: &str,
    fields: &Fields,
) -> Result<Reply, PageError> {
    let number = fields.typed("about").parse::<i32>();
    let (Ok(number), "restore") = (number, fields.typed("does")) else {
        return Err(PageError::NotFound);
    };
    let mut input = fields.input(&["note"]);
    input.insert("problem".to_owned(), json!(slug));
    input.insert("revision".to_owned(), json!(number));
    input.insert("expectedVersion".to_owned(), fields.version());
    match change(ask, RESTORE_PROBLEM, input).await? {
        Ok(_) => Ok(gone(&format!("/problems/{slug}"), Done::ProblemRestored)),
        Err(wrong) => {
            let status = wrong.status();
            let returned = Returned { fields, wrong };
            let html = history(ask, context, slug, Some(&returned)).await?;
            Ok(Reply::Page { status, html })
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    viewer: Viewer,
    services: Vec<Area>,
    #[serde(default)]
    similar_problems: Vec<Similar>,
}

/// An area of the services of councils.
#[derive(Deserialize)]
pub(crate) struct Area {
    name: String,
    services: Vec<Service>,
}

#[derive(Deserialize)]
struct Service {
    code: String,
    name: String,
}

#[derive(Deserialize)]
struct Similar {
    problem: Found,
    reasons: Vec<Reason>,
}

#[derive(Deserialize)]
struct Found {
    slug: String,
    title: String,
    summary: String,
    state: ProblemState,
    backers: i64,
}

#[derive(Deserialize)]
struct Reason {
    text: String,
}

impl Similar {
    /// What both have, in one line.
    fn because(&self) -> String {
        let words: Vec<&str> = self.reasons.iter().map(|one| one.text.as_str()).collect();
        words.join(", ")
    }
}

#[derive(Template)]
#[template(path = "new_problem.html")]
struct NewProblemPage {
    frame: Frame,
    outcome: Outcome,
    checked: bool,
    similar: Vec<Similar>,
    deed: Option<Deed>,
}

/// The page at `/problems/new`.
///
/// # Errors
/// [`PageError::Unauthenticated`] when nobody is signed in; as [`Ask::ask`]; and [`PageError::Failed`] if the answer
/// does not have the shape of the page.
pub async fn new_problem(ask: &impl Ask, context: &PageContext) -> Result<String, PageError> {
    raising(ask, context, None).await
}

async fn raising(
    ask: &impl Ask,
    context: &PageContext,
    returned: Option<&Returned<'_>>,
) -> Result<String, PageError> {
    let Some(deeds) = Deeds::of(context, "/problems/new", returned) else {
        return Err(PageError::Unauthenticated);
    };
    let title = returned.and_then(|one| one.fields.filled("title"));
    let filled = |name: &str| returned.and_then(|one| one.fields.filled(name));
    let variables = json!({
        "title": title.clone().unwrap_or_default(), "summary": filled("summary"),
        "service": filled("service"), "check": title.is_some(),
    });
    let found: Answer = answer(ask, NEW_PROBLEM, &variables).await?;
    let bodies = found
        .viewer
        .bodies(&[Role::Editor, Role::Signatory, Role::Lead]);
    let deed = (!bodies.is_empty()).then(|| {
        // What was checked is raised by the next button; what was typed stays.
        let does = if title.is_some() { "raise" } else { "check" };
        let button = if title.is_some() {
            "Raise the problem"
        } else {
            "Check for similar problems"
        };
        let mut deed = deeds.deed(does, 0, Vec::new(), inputs(bodies, &found.services));
        if let Some(returned) = returned {
            deed.fill(returned);
        }
        deed.button(button, "")
    });
    let outcome = Outcome::default().with(deed.as_ref(), returned.filter(|one| one.wrong.any()));
    let page = NewProblemPage {
        frame: Frame::new(context, outcome.title("Raise a problem")),
        outcome,
        checked: title.is_some(),
        similar: found.similar_problems,
        deed,
    };
    render(ask, &page)
}

fn inputs(bodies: Vec<Choice>, areas: &[Area]) -> Vec<Input> {
    let mut inputs = vec![Input::choice("organisation", "Who has it", bodies)];
    inputs.extend(text_inputs(areas));
    inputs
}

/// What the text of a problem is made of: the title, the summary, why it matters, who has it, what it costs, the service
/// and the tags.
pub(crate) fn text_inputs(areas: &[Area]) -> [Input; 7] {
    let none = Choice {
        value: String::new(),
        label: "Not named".to_owned(),
        selected: false,
    };
    let services = areas.iter().flat_map(|area| {
        area.services.iter().map(move |one| Choice {
            value: one.code.clone(),
            label: format!("{}: {}", area.name, one.name),
            selected: false,
        })
    });
    let services = std::iter::once(none).chain(services).collect();
    [
        Input::text("title", "What it is, in one line", ""),
        Input::area("summary", "The same in a few sentences"),
        Input::area("why", "Why it matters"),
        Input::area("affected", "Who has it"),
        Input::area("burden", "What it costs, in money, days or harm"),
        Input::choice("service", "The service it belongs to", services),
        Input::text("tags", "Tags", "").hint("A word or two each, with commas between them."),
    ]
}

/// The tags that were typed, with commas between them.
pub(crate) fn tags(fields: &Fields) -> Vec<&str> {
    let tags = fields.typed("tags").split(',').map(str::trim);
    tags.filter(|tag| !tag.is_empty()).collect()
}

/// What follows the form of the page at `/problems/new`: first what is similar is shown, then the problem is raised.
///
/// # Errors
/// As [`Ask::change`], but for what whoever sent the form can mend; and as [`new_problem`].
pub async fn raise_form(
    ask: &impl Ask,
    context: &PageContext,
    fields: &Fields,
) -> Result<Reply, PageError> {
    let wrong = match fields.typed("does") {
        _ if fields.filled("title").is_none() => Wrong::of("title", "Say what it is."),
        "check" => Wrong::default(),
        "raise" => {
            let names = [
                "organisation",
                "title",
                "why",
                "affected",
                "burden",
                "service",
            ];
            let mut input = fields.input(&names);
            input.insert("tags".to_owned(), json!(tags(fields)));
            input.insert("summary".to_owned(), json!(fields.typed("summary")));
            match change(ask, RAISE_PROBLEM, input).await? {
                Ok(payload) => {
                    let slug = payload["problem"]["slug"].as_str().unwrap_or_default();
                    return Ok(gone(&format!("/problems/{slug}"), Done::ProblemRaised));
                }
                Err(wrong) => wrong,
            }
        }
        _ => return Err(PageError::NotFound),
    };
    let status = if wrong.any() { wrong.status() } else { 200 };
    let returned = Returned { fields, wrong };
    let html = raising(ask, context, Some(&returned)).await?;
    Ok(Reply::Page { status, html })
}
