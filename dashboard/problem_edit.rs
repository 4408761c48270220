//! The page on which the text of a problem is written anew, filled with the text that stands.

use askama::Template;
use serde::Deserialize;
use serde_json::json;

use crate::ask::{Ask, PROBLEM_TEXT, REVISE_PROBLEM, answer, render};
use crate::deed::{Deed, Deeds, Input};
use crate::done::Done;
use crate::error::PageError;
use crate::frame::{Frame, PageContext};
use crate::outcome::Outcome;
use crate::problem::Shown;
use crate::problem_sent::{Area, gone, tags, text_inputs};
use crate::sent::{Fields, Reply, Returned, change};

#[derive(Deserialize)]
struct Answer {
    services: Vec<Area>,
    problem: Option<Problem>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Problem {
    slug: String,
    title: String,
    summary: String,
    why: String,
    affected: String,
    burden: String,
    tags: Vec<String>,
    version: i64,
    may_revise: bool,
    service: Option<Service>,
    standard: Option<Slug>,
    merged_into: Option<Slug>,
}

#[derive(Deserialize)]
struct Service {
    code: String,
}

#[derive(Deserialize)]
struct Slug {
    slug: String,
}

#[derive(Template)]
#[template(path = "problem_edit.html")]
struct EditPage {
    frame: Frame,
    outcome: Outcome,
    problem: Problem,
    /// `None` for whoever may not write at it.
    deed: Option<Deed>,
}

/// The page at `/problems/{slug}/edit`, or that of the problem it was merged into.
///
/// # Errors
/// [`PageError::Unauthenticated`] when nobody is signed in; [`PageError::NotFound`] when there is no such problem; as
/// [`Ask::ask`]; and [`PageError::Failed`] if the answer does not have the shape of the page.
pub async fn edit_problem(
    ask: &impl Ask,
    context: &PageContext,
    slug: &str,
) -> Result<Shown, PageError> {
    page(ask, context, slug, None).await
}

async fn page(
    ask: &impl Ask,
    context: &PageContext,
    slug: &str,
    returned: Option<&Returned<'_>>,
) -> Result<Shown, PageError> {
    let path = format!("/problems/{slug}/edit");
    let deeds = Deeds::of(context, &path, returned).ok_or(PageError::Unauthenticated)?;
    let variables = json!({ "slug": slug });
    let found: Answer = answer(ask, PROBLEM_TEXT, &variables).await?;
    let problem = found.problem.ok_or(PageError::NotFound)?;
    if let Some(into) = &problem.merged_into {
        return Ok(Shown::Moved(format!("/problems/{}", into.slug)));
    }
    let deed = problem
        .may_revise
        .then(|| form(&deeds, &problem, &found.services));
    let outcome = Outcome::default().with(deed.as_ref(), returned);
    let title = format!("Write “{}” anew", problem.title);
    let page = EditPage {
        frame: Frame::new(context, outcome.title(&title)).asking(PROBLEM_TEXT, &variables),
        outcome,
        problem,
        deed,
    };
    render(ask, &page).map(Shown::Page)
}

/// The form, filled with the text that stands.
fn form(deeds: &Deeds<'_>, problem: &Problem, areas: &[Area]) -> Deed {
    let service = problem.service.as_ref();
    let standing = [
        problem.title.clone(),
        problem.summary.clone(),
        problem.why.clone(),
        problem.affected.clone(),
        problem.burden.clone(),
        service.map(|one| one.code.clone()).unwrap_or_default(),
        problem.tags.join(", "),
    ];
    let filled = text_inputs(areas).into_iter().zip(&standing);
    let mut inputs: Vec<Input> = filled.map(|(input, text)| input.holding(text)).collect();
    let standard = problem.standard.as_ref().map_or("", |one| &one.slug);
    let hint = "The last part of its address here; leave it blank if it is about none.";
    inputs.push(Input::text("standard", "The standard it is about", standard).hint(hint));
    inputs.push(Input::text("note", "What you changed, or why", ""));
    let hidden = vec![("version", problem.version.to_string())];
    let deed = deeds.deed("revise", 0, hidden, inputs);
    deed.button("Save the new text", "")
}

/// What follows the form of the page at `/problems/{slug}/edit`.
///
/// # Errors
/// As [`Ask::change`], but for what whoever sent the form can mend; and as [`edit_problem`].
pub async fn edit_form(
    ask: &impl Ask,
    context: &PageContext,
    slug: &str,
    fields: &Fields,
) -> Result<Reply, PageError> {
    if fields.typed("does") != "revise" {
        return Err(PageError::NotFound);
    }
    let mut input = fields.input(&["note"]);
    // What was emptied is to be empty, not to stay.
    let texts = [
        "title", "summary", "why", "affected", "burden", "service", "standard",
    ];
    for name in texts {
        input.insert(name.to_owned(), json!(fields.typed(name).trim()));
    }
    input.insert("tags".to_owned(), json!(tags(fields)));
    input.insert("problem".to_owned(), json!(slug));
    input.insert("expectedVersion".to_owned(), fields.version());
    match change(ask, REVISE_PROBLEM, input).await? {
        Ok(_) => Ok(gone(&format!("/problems/{slug}"), Done::ProblemRevised)),
        Err(wrong) => {
            let status = wrong.status();
            let returned = Returned { fields, wrong };
            Ok(match page(ask, context, slug, Some(&returned)).await? {
                Shown::Page(html) => Reply::Page { status, html },
                Shown::Moved(to) => Reply::Go(to),
            })
        }
    }
}
