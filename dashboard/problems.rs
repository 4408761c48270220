//! The list of problems, searched by words, state, service and whether somebody works on them.

use askama::Template;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::answer::{Connection, Pager, Turn};
use crate::ask::{Ask, PROBLEMS, answer, render};
use crate::error::PageError;
use crate::form::{Choice, Field, Form};
use crate::frame::{Frame, PageContext};
use crate::params::{ProblemsParams, chosen, word};
use crate::problem_words::{ProblemOrder, ProblemState};
use crate::words::Word;

/// Problems a page.
const SHOWN: u32 = 25;
const PATH: &str = "/problems";

#[derive(Deserialize)]
struct Answer {
    services: Vec<Area>,
    problems: Connection<Row>,
}

#[derive(Deserialize)]
struct Area {
    code: String,
    name: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    slug: String,
    title: String,
    summary: String,
    state: ProblemState,
    backers: i64,
    project_count: i64,
    orphan: bool,
    service: Option<Named>,
    organisation: Option<Body>,
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

#[derive(Deserialize)]
struct Body {
    slug: String,
    name: String,
}

#[derive(Template)]
#[template(path = "problems.html")]
struct ProblemsPage {
    frame: Frame,
    form: Form,
    signed_in: bool,
    problems: Connection<Row>,
    pager: Pager,
}

/// The page at `/problems`.
///
/// # Errors
/// [`PageError::BadRequest`] if the query string asks for what cannot be; as [`Ask::ask`]; and
/// [`PageError::Failed`] if the answer does not have the shape of the page.
pub async fn problems(
    ask: &impl Ask,
    context: &PageContext,
    params: &ProblemsParams,
) -> Result<String, PageError> {
    let text = chosen(params.text.as_deref());
    let state: Option<ProblemState> = word("state", params.state.as_deref())?;
    let service = chosen(params.service.as_deref());
    let tag = chosen(params.tag.as_deref());
    let orphan = chosen(params.orphan.as_deref()).is_some();
    let order: Option<ProblemOrder> = word("order", params.order.as_deref())?;
    let order = order.unwrap_or(ProblemOrder::Backers);
    let turn = Turn::read(params.after.as_deref(), params.before.as_deref());
    let pairs = [
        ("text", json!(text)),
        ("state", json!(state.map(|state| [state.value()]))),
        ("service", json!(service)),
        ("tag", json!(tag)),
        ("orphan", json!(orphan.then_some(true))),
    ];
    let given = pairs.into_iter().filter(|(_, value)| !value.is_null());
    let filter: Map<String, Value> = given.map(|(name, value)| (name.into(), value)).collect();
    let mut variables = turn.variables(SHOWN);
    variables.insert("filter".into(), Value::Object(filter));
    variables.insert("orderBy".into(), json!(order.value()));
    let variables = Value::Object(variables);
    let found: Answer = answer(ask, PROBLEMS, &variables).await?;
    let kept = [
        ("text", text.clone()),
        ("state", state.map(|state| state.value().to_owned())),
        ("service", service.clone()),
        ("tag", tag.clone()),
        ("orphan", orphan.then(|| "yes".to_owned())),
        ("order", Some(order.value().to_owned())),
    ];
    let option = |value: &str, label: &str, selected| Choice {
        value: value.to_owned(),
        label: label.to_owned(),
        selected,
    };
    let areas = found.services.iter().map(|area| {
        let selected = service.as_deref() == Some(&area.code);
        option(&area.code, &area.name, selected)
    });
    let form = Form {
        action: PATH.to_owned(),
        label: "Search problems",
        fields: vec![
            Field::text("text", "Words", text.as_deref()),
            Field::word("state", "State", Some("Any state"), state),
            Field::choice("service", "Service", Some("Any service"), areas),
            Field::text("tag", "Tag", tag.as_deref()),
            Field::choice(
                "orphan",
                "Who works on it",
                Some("Anybody or nobody"),
                [option("yes", "Many back it, nobody does", orphan)],
            ),
            Field::word("order", "Order by", None, Some(order)),
        ],
        kept: Vec::new(),
        button: "Search",
    };
    let page = ProblemsPage {
        frame: Frame::new(context, "Problems").asking(PROBLEMS, &variables),
        form,
        signed_in: context.account.is_some(),
        pager: Pager::both_ways("problems", PATH, &kept, turn, &found.problems.page_info),
        problems: found.problems,
    };
    render(ask, &page)
}
