//! The list of standards, searched by words and stage.

use askama::Template;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::answer::{Connection, Pager, Turn};
use crate::ask::{Ask, STANDARDS, answer, render};
use crate::error::PageError;
use crate::form::{Field, Form};
use crate::frame::{Frame, PageContext};
use crate::params::{StandardsParams, chosen, word};
use crate::words::{Stage, StandardKind, Word};

/// Standards a page.
const SHOWN: u32 = 25;
const PATH: &str = "/standards";

#[derive(Deserialize)]
struct Answer {
    standards: Connection<Row>,
}

#[derive(Deserialize)]
struct Row {
    slug: String,
    title: String,
    kind: StandardKind,
    stage: Stage,
    summary: String,
}

#[derive(Template)]
#[template(path = "standards.html")]
struct StandardsPage {
    frame: Frame,
    form: Form,
    searched: bool,
    standards: Connection<Row>,
    pager: Pager,
}

/// The page at `/standards`.
///
/// # Errors
/// [`PageError::BadRequest`] if the query string asks for a stage that there is not; as [`Ask::ask`];
/// and [`PageError::Failed`] if the answer does not have the shape of the page.
pub async fn standards(
    ask: &impl Ask,
    context: &PageContext,
    params: &StandardsParams,
) -> Result<String, PageError> {
    let text = chosen(params.text.as_deref());
    let stage: Option<Stage> = word("stage", params.stage.as_deref())?;
    let turn = Turn::read(params.after.as_deref(), params.before.as_deref());
    let mut filter = Map::new();
    if let Some(text) = &text {
        filter.insert("text".into(), json!(text));
    }
    if let Some(stage) = stage {
        filter.insert("stage".into(), json!([stage.value()]));
    }
    let searched = !filter.is_empty();
    let mut variables = turn.variables(SHOWN);
    variables.insert("filter".into(), Value::Object(filter));
    let variables = Value::Object(variables);
    let found: Answer = answer(ask, STANDARDS, &variables).await?;
    let kept = [
        ("text", text.clone()),
        ("stage", stage.map(|stage| stage.value().to_owned())),
    ];
    let page = StandardsPage {
        frame: Frame::new(context, "Standards").asking(STANDARDS, &variables),
        form: form(text.as_deref(), stage),
        searched,
        pager: Pager::both_ways("standards", PATH, &kept, turn, &found.standards.page_info),
        standards: found.standards,
    };
    render(ask, &page)
}

fn form(text: Option<&str>, stage: Option<Stage>) -> Form {
    Form {
        action: PATH.to_owned(),
        label: "Search standards",
        fields: vec![
            Field::text("text", "Words", text),
            Field::word("stage", "Stage", Some("Any stage"), stage),
        ],
        kept: Vec::new(),
        button: "Search",
    }
}
