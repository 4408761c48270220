//! The list of projects, searched by words, phase and freshness.

use askama::Template;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::answer::{Connection, Named, Pager, Turn};
use crate::ask::{Ask, PROJECTS, answer, render};
use crate::error::PageError;
use crate::form::{Field, Form};
use crate::frame::{Frame, PageContext};
use crate::params::{ProjectsParams, chosen, word};
use crate::project_words::{Freshness, Part, PartState, Phase, ProjectOrder};
use crate::show::{Count, Day};
use crate::words::Word;

/// Projects a page.
const SHOWN: u32 = 50;
const PATH: &str = "/projects";

#[derive(Deserialize)]
struct Answer {
    projects: Connection<Row>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    slug: String,
    title: String,
    phase: Phase,
    phase_since: Day,
    freshness: Option<Freshness>,
    stopped_reason: Option<String>,
    participant_count: Count,
    lead: Option<Named>,
    participants: Vec<Participant>,
}

#[derive(Deserialize)]
struct Participant {
    role: Part,
    state: PartState,
    organisation: Named,
}

impl Row {
    /// Who is to lead it and has not agreed yet.
    fn asked_to_lead(&self) -> Option<&Named> {
        let asked = |one: &&Participant| one.role == Part::Lead && one.state == PartState::Invited;
        let found = self.participants.iter().find(asked);
        found.map(|one| &one.organisation)
    }

    /// How many others were invited or asked, and have no answer.
    fn waiting(&self) -> usize {
        let waits =
            |one: &&Participant| matches!(one.state, PartState::Invited | PartState::Requested);
        self.participants.iter().filter(waits).count()
    }
}

#[derive(Template)]
#[template(path = "projects.html")]
struct ProjectsPage {
    frame: Frame,
    form: Form,
    signed_in: bool,
    projects: Connection<Row>,
    pager: Pager,
}

/// What was chosen, read from the query string.
struct Chosen {
    text: Option<String>,
    phase: Option<Phase>,
    freshness: Option<Freshness>,
    problem: Option<String>,
    order: ProjectOrder,
}

impl Chosen {
    fn read(params: &ProjectsParams) -> Result<Self, PageError> {
        Ok(Self {
            text: chosen(params.text.as_deref()),
            phase: word("phase", params.phase.as_deref())?,
            freshness: word("freshness", params.freshness.as_deref())?,
            problem: chosen(params.problem.as_deref()),
            order: word("order by", params.order.as_deref())?.unwrap_or(ProjectOrder::Title),
        })
    }

    fn pairs(&self) -> [(&'static str, Option<String>); 5] {
        let value = |word: Option<&'static str>| word.map(str::to_owned);
        [
            ("text", self.text.clone()),
            ("phase", value(self.phase.map(Word::value))),
            ("freshness", value(self.freshness.map(Word::value))),
            ("problem", self.problem.clone()),
            ("order", value(Some(self.order.value()))),
        ]
    }

    fn filter(&self) -> Value {
        let pairs = [
            ("text", json!(self.text)),
            ("phase", json!(self.phase.map(|phase| [phase.value()]))),
            ("freshness", json!(self.freshness.map(|one| [one.value()]))),
            ("problem", json!(self.problem)),
        ];
        let given = pairs.into_iter().filter(|(_, value)| !value.is_null());
        Value::Object(
            given
                .map(|(name, value)| (name.into(), value))
                .collect::<Map<_, _>>(),
        )
    }

    fn form(&self) -> Form {
        Form {
            action: PATH.to_owned(),
            label: "Search projects",
            fields: vec![
                Field::text("text", "Words", self.text.as_deref())
                    .hint("Also finds why projects stopped."),
                Field::word("phase", "Phase", Some("Any phase"), self.phase),
                Field::word("freshness", "Last status", Some("Any"), self.freshness)
                    .hint("By the project’s own cadence, of those still worked on."),
                Field::text("problem", "Problem", self.problem.as_deref())
                    .hint("The last part of the problem’s address."),
                Field::word("order", "Order by", None, Some(self.order)),
            ],
            kept: Vec::new(),
            button: "Search",
        }
    }
}

/// The page at `/projects`.
///
/// # Errors
/// [`PageError::BadRequest`] if the query string asks for what cannot be; as [`Ask::ask`]; and
/// [`PageError::Failed`] if the answer does not have the shape of the page.
pub async fn projects(
    ask: &impl Ask,
    context: &PageContext,
    params: &ProjectsParams,
) -> Result<String, PageError> {
    let chosen = Chosen::read(params)?;
    let turn = Turn::read(params.after.as_deref(), params.before.as_deref());
    let mut variables = turn.variables(SHOWN);
    variables.insert("filter".into(), chosen.filter());
    variables.insert("orderBy".into(), json!(chosen.order.value()));
    let variables = Value::Object(variables);
    let found: Answer = answer(ask, PROJECTS, &variables).await?;
    let info = &found.projects.page_info;
    let page = ProjectsPage {
        frame: Frame::new(context, "Projects").asking(PROJECTS, &variables),
        form: chosen.form(),
        signed_in: context.account.is_some(),
        pager: Pager::both_ways("projects", PATH, &chosen.pairs(), turn, info),
        projects: found.projects,
    };
    render(ask, &page)
}
