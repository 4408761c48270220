//! What a problem's text was: every revision, line by line beside the one before.

use askama::Template;
use serde::Deserialize;
use serde_json::json;

use crate::ask::{Ask, PROBLEM_HISTORY, answer, render};
use crate::deed::{Deed, Deeds, Input};
use crate::error::PageError;
use crate::frame::{Frame, PageContext};
use crate::outcome::Outcome;
use crate::problem_words::{LineKind, Part};
use crate::sent::Returned;
use crate::show::Moment;
use crate::words::Word;

#[derive(Deserialize)]
struct Answer {
    problem: Option<Problem>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Problem {
    slug: String,
    title: String,
    version: i64,
    may_revise: bool,
    revisions: Vec<Revision>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Revision {
    number: i32,
    note: Option<String>,
    restores: Option<i32>,
    written_at: Moment,
    organisation: Option<Body>,
    diff: Vec<Difference>,
}

#[derive(Deserialize)]
struct Body {
    slug: String,
    name: String,
}

#[derive(Deserialize)]
struct Difference {
    part: Part,
    lines: Vec<Line>,
}

#[derive(Deserialize)]
struct Line {
    kind: LineKind,
    text: String,
}

#[derive(Template)]
#[template(path = "problem_history.html")]
struct HistoryPage {
    frame: Frame,
    outcome: Outcome,
    problem: Problem,
    revisions: Vec<(Revision, Option<Deed>)>,
}

/// The page at `/problems/{slug}/history`.
///
/// # Errors
/// [`PageError::NotFound`] when there is no such problem; as [`Ask::ask`]; and [`PageError::Failed`] if the answer does not
/// have the shape of the page.
pub async fn problem_history(
    ask: &impl Ask,
    context: &PageContext,
    slug: &str,
) -> Result<String, PageError> {
    history(ask, context, slug, None).await
}

pub(crate) async fn history(
    ask: &impl Ask,
    context: &PageContext,
    slug: &str,
    returned: Option<&Returned<'_>>,
) -> Result<String, PageError> {
    let variables = json!({ "slug": slug });
    let found: Answer = answer(ask, PROBLEM_HISTORY, &variables).await?;
    let mut problem = found.problem.ok_or(PageError::NotFound)?;
    let path = format!("/problems/{slug}/history");
    let deeds = Deeds::of(context, &path, returned).filter(|_| problem.may_revise);
    let version = problem.version.to_string();
    let all = std::mem::take(&mut problem.revisions)
        .into_iter()
        .enumerate();
    let revisions: Vec<(Revision, Option<Deed>)> = all
        .map(|(nth, one)| {
            // The newest stands already.
            let deeds = deeds.as_ref().filter(|_| nth > 0);
            let deed = deeds.map(|deeds| {
                let about = ("about", one.number.to_string());
                let hidden = vec![about, ("version", version.clone())];
                let note = vec![Input::text("note", "Why", "")];
                let deed = deeds.deed("restore", nth, hidden, note);
                deed.button(
                    "Bring this text back",
                    format!("of revision {}", one.number),
                )
            });
            (one, deed)
        })
        .collect();
    let outcome =
        Outcome::default().with(revisions.iter().filter_map(|one| one.1.as_ref()), returned);
    let title = format!("What “{}” was", problem.title);
    let page = HistoryPage {
        frame: Frame::new(context, outcome.title(&title)).asking(PROBLEM_HISTORY, &variables),
        outcome,
        problem,
        revisions,
    };
    render(ask, &page)
}
