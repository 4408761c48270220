//! The front page: what this is, how much of it there is, and how far each standard has come.

use askama::Template;
use serde::Deserialize;
use serde_json::json;

use crate::answer::{Adoption, Connection};
use crate::ask::{Ask, HOME, answer, render};
use crate::bar::Bar;
use crate::error::PageError;
use crate::frame::{Frame, PageContext};
use crate::show::{Count, Day};
use crate::words::{Stage, Word};

/// The standards on the front page; the rest are a search away.
const SHOWN: u32 = 25;

#[derive(Deserialize)]
struct Answer {
    open: Total,
    every: Total,
    applied: Connection<Row>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Total {
    total_count: Count,
}

#[derive(Deserialize)]
struct Row {
    slug: String,
    title: String,
    stage: Stage,
    adoption: Adoption,
}

#[derive(Template)]
#[template(path = "home.html")]
struct HomePage {
    frame: Frame,
    today: Day,
    open: Count,
    every: Count,
    applied: Connection<Row>,
}

impl HomePage {
    fn bar(&self, adoption: &Adoption) -> Bar {
        Bar::of(adoption.adopted.0, adoption.unknown.0, adoption.counted().0)
    }

    /// The figures above the table: they share their cut-offs and method.
    fn figure(&self) -> Option<&Adoption> {
        self.applied.nodes.first().map(|row| &row.adoption)
    }
}

/// The page at `/`.
///
/// # Errors
/// As [`Ask::ask`], and [`PageError::Failed`] if the answer does not have the shape of the page.
pub async fn home(ask: &impl Ask, context: &PageContext) -> Result<String, PageError> {
    let variables = json!({ "today": context.today, "shown": SHOWN });
    let found: Answer = answer(ask, HOME, &variables).await?;
    let page = HomePage {
        frame: Frame::new(context, "Who has adopted which standard").asking(HOME, &variables),
        today: Day(context.today),
        open: found.open.total_count,
        every: found.every.total_count,
        applied: found.applied,
    };
    render(ask, &page)
}
