//! One problem: its text, who has it, what became of it, and the forms of those who may do something about it.

use askama::Template;
use serde::Deserialize;
use serde_json::json;

use crate::ask::{Ask, PROBLEM, answer, render};
use crate::deed::{Deed, Deeds, Input};
use crate::error::PageError;
use crate::follow::follow;
use crate::form::Choice;
use crate::frame::{Frame, PageContext};
use crate::outcome::Outcome;
use crate::params::DoneParams;
use crate::problem_words::{ProblemState, Willingness};
use crate::project::Viewer;
use crate::sent::Returned;
use crate::show::{Day, Moment};
use crate::suggestion::suggest;
use crate::words::Role;

/// A page, or where it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shown {
    /// The page.
    Page(String),
    /// It was merged: the path of the page where it goes on.
    Moved(String),
}

#[derive(Deserialize)]
struct Answer {
    viewer: Viewer,
    problem: Option<Problem>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Problem {
    id: String,
    slug: String,
    title: String,
    summary: String,
    why: String,
    affected: String,
    burden: String,
    tags: Vec<String>,
    state: ProblemState,
    parked_reason: Option<String>,
    version: i64,
    orphan: bool,
    may_revise: bool,
    may_move: bool,
    may_answer: bool,
    created_at: Moment,
    service: Option<Service>,
    standard: Option<Standard>,
    organisation: Option<Body>,
    merged_into: Option<Slug>,
    backings: Vec<Backing>,
    merges: Vec<Merge>,
    suggestions: Vec<Suggestion>,
}

#[derive(Deserialize)]
struct Service {
    name: String,
}

#[derive(Deserialize)]
struct Standard {
    slug: String,
    title: String,
}

#[derive(Deserialize)]
struct Slug {
    slug: String,
}

#[derive(Deserialize)]
struct Body {
    slug: String,
    name: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Backing {
    id: String,
    version: i64,
    willingness: Willingness,
    note: Option<String>,
    backed_at: Moment,
    reply_by: Day,
    answer: Option<String>,
    organisation: Body,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Merge {
    undone_at: Option<Moment>,
    problem: Merged,
    into: Slug,
}

#[derive(Deserialize)]
struct Merged {
    slug: String,
    title: String,
    summary: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Suggestion {
    text: String,
    answer: Option<String>,
    created_at: Moment,
}

/// A backing with what can be done about it.
struct Backer {
    thing: Backing,
    deeds: Vec<Deed>,
}

#[derive(Template)]
#[template(path = "problem.html")]
struct ProblemPage {
    frame: Frame,
    outcome: Outcome,
    follow: Option<Deed>,
    problem: Problem,
    backers: Vec<Backer>,
    back: Option<Deed>,
    move_to: Option<Deed>,
    suggest: Deed,
}

impl ProblemPage {
    /// The problems that go on as this one, with the texts they had.
    fn merged(&self) -> Vec<&Merged> {
        let here = |one: &&Merge| one.undone_at.is_none() && one.into.slug == self.problem.slug;
        let merges = self.problem.merges.iter().filter(here);
        merges.map(|one| &one.problem).collect()
    }
}

/// The page at `/problems/{slug}`, or where the problem goes on.
///
/// # Errors
/// [`PageError::NotFound`] when there is no such problem; as [`Ask::ask`]; and [`PageError::Failed`] if the answer does not
/// have the shape of the page.
pub async fn problem(
    ask: &impl Ask,
    context: &PageContext,
    slug: &str,
    params: &DoneParams,
) -> Result<Shown, PageError> {
    page(ask, context, slug, Outcome::done(params)?, None).await
}

pub(crate) async fn page(
    ask: &impl Ask,
    context: &PageContext,
    slug: &str,
    outcome: Outcome,
    returned: Option<&Returned<'_>>,
) -> Result<Shown, PageError> {
    let variables = json!({ "slug": slug });
    let mut found: Answer = answer(ask, PROBLEM, &variables).await?;
    let mut problem = found.problem.take().ok_or(PageError::NotFound)?;
    if let Some(into) = &problem.merged_into {
        return Ok(Shown::Moved(format!("/problems/{}", into.slug)));
    }
    let path = format!("/problems/{slug}");
    let deeds = Deeds::of(context, &path, returned);
    let bodies = found
        .viewer
        .bodies(&[Role::Editor, Role::Signatory, Role::Lead]);
    let backings = std::mem::take(&mut problem.backings)
        .into_iter()
        .enumerate();
    let backers: Vec<Backer> = backings
        .map(|(nth, thing)| Backer {
            deeds: backing(deeds.as_ref(), nth, &thing, problem.may_answer, &bodies),
            thing,
        })
        .collect();
    let back = deeds.as_ref().and_then(|deeds| back(deeds, bodies));
    let move_to = deeds.as_ref().filter(|_| problem.may_move);
    let move_to = move_to.map(|deeds| moving(deeds, &problem));
    let suggest = suggest(context, slug, returned);
    let all = backers
        .iter()
        .flat_map(|one| &one.deeds)
        .chain(&back)
        .chain(&move_to)
        .chain([&suggest]);
    let outcome = outcome.with(all, returned);
    let page = ProblemPage {
        frame: Frame::new(context, outcome.title(&problem.title))
            .asking(PROBLEM, &variables)
            .feed("problem", slug),
        outcome,
        follow: follow(context, &problem.id, &problem.title),
        problem,
        backers,
        back,
        move_to,
        suggest,
    };
    render(ask, &page).map(Shown::Page)
}

fn about(one: &Backing) -> Vec<(&'static str, String)> {
    vec![
        ("about", one.id.clone()),
        ("version", one.version.to_string()),
    ]
}

/// What can be done about a backing: answer it, or take it back.
fn backing(
    deeds: Option<&Deeds<'_>>,
    nth: usize,
    one: &Backing,
    may_answer: bool,
    bodies: &[Choice],
) -> Vec<Deed> {
    let Some(deeds) = deeds else {
        return Vec::new();
    };
    let name = &one.organisation.name;
    let mut made = Vec::new();
    if may_answer && one.answer.is_none() {
        let answer = Input::text("answer", "Answer", "").hint("It is shown on this page.");
        let deed = deeds.deed("answer", nth, about(one), vec![answer]);
        made.push(deed.button("Answer", name.as_str()));
    }
    if bodies
        .iter()
        .any(|body| body.value == one.organisation.slug)
    {
        let deed = deeds.deed("withdraw", nth, about(one), vec![Input::reason()]);
        made.push(
            deed.button("Take back", format!("the backing of {name}"))
                .grave(),
        );
    }
    made
}

/// To say that an organisation has it, too.
fn back(deeds: &Deeds<'_>, bodies: Vec<Choice>) -> Option<Deed> {
    if bodies.is_empty() {
        return None;
    }
    let all = &[
        Willingness::Follow,
        Willingness::Test,
        Willingness::Join,
        Willingness::Fund,
    ];
    let chosen = Some(Willingness::Follow);
    let inputs = vec![
        Input::choice("organisation", "Who has it, too", bodies),
        Input::one_of(
            "willingness",
            "What it is willing to do",
            all,
            chosen,
            Willingness::meaning,
        ),
        Input::text("note", "What it says beside", "").hint("It is shown on this page."),
    ];
    Some(
        deeds
            .deed("back", 0, Vec::new(), inputs)
            .button("Back this problem", ""),
    )
}

/// To park it, say that it is solved, or take it up again.
fn moving(deeds: &Deeds<'_>, problem: &Problem) -> Deed {
    let states: &[ProblemState] = match problem.state {
        ProblemState::BeingSolved => &[ProblemState::Solved, ProblemState::Parked],
        ProblemState::Proposed | ProblemState::Gathering => &[ProblemState::Parked],
        ProblemState::Solved | ProblemState::Parked => &[
            ProblemState::Proposed,
            ProblemState::Gathering,
            ProblemState::BeingSolved,
        ],
    };
    let chosen = states.first().copied().unwrap_or(problem.state);
    let inputs = vec![
        Input::word("state", "State", states, chosen),
        Input::text("reason", "Why", "")
            .hint("Needed unless it is solved; it is shown on this page."),
    ];
    let hidden = vec![("version", problem.version.to_string())];
    deeds.deed("move", 0, hidden, inputs).button("Move it", "")
}
