//! Everything a project said of itself, and what two days have apart.

use askama::Template;
use chrono::TimeDelta;
use serde::Deserialize;
use serde_json::json;

use crate::answer::{Connection, Named, Pager};
use crate::ask::{Ask, PROJECT_HISTORY, answer, render};
use crate::error::PageError;
use crate::form::{Field, Form};
use crate::frame::{Frame, PageContext};
use crate::params::{HistoryParams, day};
use crate::project_words::{Freshness, Phase};
use crate::show::{Day, Moment};
use crate::status_words::Rag;
use crate::words::Word;

/// Updates a page.
const SHOWN: u32 = 50;
/// How many days back the difference begins where nobody says.
const BACK: i64 = 28;

#[derive(Deserialize)]
struct Answer {
    project: Option<Project>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Project {
    slug: String,
    title: String,
    freshness: Option<Freshness>,
    difference: Option<Difference>,
    status_updates: Connection<Update>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Difference {
    from: Day,
    to: Day,
    any: bool,
    phase_before: Option<Phase>,
    phase_after: Option<Phase>,
    colours: Vec<Colour>,
    joined: Vec<Named>,
    left: Vec<Named>,
    outputs: Vec<Titled>,
}

#[derive(Deserialize)]
struct Colour {
    side: String,
    before: Option<Rag>,
    after: Option<Rag>,
}

#[derive(Deserialize)]
struct Titled {
    title: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Update {
    id: String,
    posted_at: Moment,
    organisation: Option<Named>,
    delivery: Rag,
    money: Rag,
    people: Rag,
    reuse: Rag,
    headline: String,
    next_step: String,
    unchanged: bool,
    corrects: Option<String>,
    corrected_by: Option<String>,
}

impl Update {
    fn sides(&self) -> [(&'static str, Rag); 4] {
        [
            ("Delivery", self.delivery),
            ("Money", self.money),
            ("People", self.people),
            ("Reuse", self.reuse),
        ]
    }
}

#[derive(Template)]
#[template(path = "history.html")]
struct HistoryPage {
    frame: Frame,
    form: Form,
    project: Project,
    pager: Pager,
}

/// The page at `/projects/{slug}/history`.
///
/// # Errors
/// [`PageError::NotFound`] if no project has the slug; [`PageError::BadRequest`] for a day that is none; as [`Ask::ask`];
/// and [`PageError::Failed`] if the answer does not have the shape of the page.
pub async fn history(
    ask: &impl Ask,
    context: &PageContext,
    slug: &str,
    params: &HistoryParams,
) -> Result<String, PageError> {
    let today = context.today;
    let from = day("from", params.from.as_deref())?;
    let from = from.unwrap_or(Day(today - TimeDelta::days(BACK)));
    let to = day("to", params.to.as_deref())?.unwrap_or(Day(today));
    let after = params.after.as_deref().filter(|cursor| !cursor.is_empty());
    let variables =
        json!({ "slug": slug, "first": SHOWN, "after": after, "from": from.iso(), "to": to.iso() });
    let found: Answer = answer(ask, PROJECT_HISTORY, &variables).await?;
    let project = found.project.ok_or(PageError::NotFound)?;
    let path = format!("/projects/{}/history", project.slug);
    let info = &project.status_updates.page_info;
    let pairs = [("from", Some(from.iso())), ("to", Some(to.iso()))];
    let page = HistoryPage {
        frame: Frame::new(context, format!("History of {}", project.title))
            .asking(PROJECT_HISTORY, &variables),
        pager: Pager::onwards("updates", &path, "", &pairs, after, info),
        form: Form {
            action: path.clone(),
            label: "Compare two days",
            fields: vec![
                Field::date("from", "From", Some(from)),
                Field::date("to", "To", Some(to)),
            ],
            kept: Vec::new(),
            button: "Compare",
        },
        project,
    };
    render(ask, &page)
}
