//! The questions and ideas that people handed in, for the unit: to answer, to decline, or to take for spam.

use askama::Template;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::answer::{Connection, Named, Pager, Turn};
use crate::ask::{ANSWER_SUGGESTION, Ask, UNIT_SUGGESTIONS, answer, render};
use crate::deed::{Deed, Deeds, Input};
use crate::done::Done;
use crate::error::PageError;
use crate::form::{Field, Form};
use crate::frame::{Frame, PageContext};
use crate::link::link;
use crate::outcome::Outcome;
use crate::params::{DoneParams, SuggestionsParams, chosen, word};
use crate::people::{Rights, With};
use crate::problem_words::{SuggestionKind, SuggestionState};
use crate::sent::{Fields, Reply, Returned, change};
use crate::show::Moment;
use crate::words::Word;

/// Suggestions a page.
const SHOWN: u32 = 25;
const PATH: &str = "/unit/suggestions";

#[derive(Deserialize)]
struct Answer {
    viewer: Viewer,
    suggestions: Connection<Suggestion>,
}

#[derive(Deserialize)]
struct Viewer {
    may: Rights,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Suggestion {
    id: String,
    kind: SuggestionKind,
    text: String,
    state: SuggestionState,
    answer: Option<String>,
    answered_at: Option<Moment>,
    created_at: Moment,
    version: i64,
    problem: Option<Named>,
    organisation: Option<Named>,
}

#[derive(Template)]
#[template(path = "suggestions.html")]
struct SuggestionsPage {
    frame: Frame,
    outcome: Outcome,
    form: Form,
    found: String,
    suggestions: Vec<With<Suggestion>>,
    pager: Pager,
}

/// The page at `/unit/suggestions`.
///
/// # Errors
/// [`PageError::Unauthenticated`] and [`PageError::Forbidden`] for others than the unit; [`PageError::BadRequest`] if
/// the query string asks for what cannot be; as [`Ask::ask`]; and [`PageError::Failed`] if the answer does not have the
/// shape of the page.
pub async fn suggestions(
    ask: &impl Ask,
    context: &PageContext,
    params: &SuggestionsParams,
) -> Result<String, PageError> {
    let done = params.done.clone();
    let outcome = Outcome::done(&DoneParams { done })?;
    page(ask, context, params, outcome, None).await
}

async fn page(
    ask: &impl Ask,
    context: &PageContext,
    params: &SuggestionsParams,
    outcome: Outcome,
    returned: Option<&Returned<'_>>,
) -> Result<String, PageError> {
    let state: Option<SuggestionState> = word("state", params.state.as_deref())?;
    let state = state.unwrap_or(SuggestionState::Awaiting);
    let turn = Turn::read(params.after.as_deref(), params.before.as_deref());
    let mut variables = turn.variables(SHOWN);
    variables.insert("state".into(), json!(state.value()));
    let found: Answer = answer(ask, UNIT_SUGGESTIONS, &Value::Object(variables)).await?;
    let deeds = Deeds::of(context, PATH, returned);
    let deeds = deeds.filter(|_| found.viewer.may.may("MODERATE"));
    let kept = [("state", Some(state.value().to_owned()))];
    let list = found.suggestions;
    let with = |(nth, thing): (usize, Suggestion)| With {
        deeds: deeds
            .as_ref()
            .map(|deeds| moderating(deeds, nth, &thing))
            .unwrap_or_default(),
        thing,
    };
    let mut page = SuggestionsPage {
        frame: Frame::new(context, ""),
        outcome: Outcome::default(),
        form: Form {
            action: PATH.to_owned(),
            label: "Choose which to list",
            fields: vec![Field::word("state", "State", None, Some(state))],
            kept: Vec::new(),
            button: "List",
        },
        pager: Pager::both_ways("suggestions", PATH, &kept, turn, &list.page_info),
        found: list.total_count.of("suggestion", "suggestions"),
        suggestions: list.nodes.into_iter().enumerate().map(with).collect(),
    };
    let all = page.suggestions.iter().flat_map(|one| &one.deeds);
    page.outcome = outcome.with(all, returned);
    page.frame.title = page.outcome.title("Questions and ideas");
    render(ask, &page)
}

/// What can become of a suggestion: what was answered is spam no more.
fn moderating(deeds: &Deeds<'_>, nth: usize, one: &Suggestion) -> Vec<Deed> {
    let hidden = || {
        vec![
            ("about", one.id.clone()),
            ("version", one.version.to_string()),
            ("listed", one.state.value().to_owned()),
        ]
    };
    let of = format!("the {} of {}", one.kind.lower(), one.created_at);
    let hint = "Who asked reads it, and everybody sees it beside what was asked.";
    let reply = Input::area("answer", "Answer").hint(hint);
    let why = Input::area("answer", "Why it is declined").hint(hint);
    let mut made = vec![
        deeds
            .deed("answer", nth, hidden(), vec![reply])
            .button("Answer", of.as_str()),
        deeds
            .deed("decline", nth, hidden(), vec![why])
            .button("Decline", of.as_str()),
    ];
    if one.state == SuggestionState::Awaiting {
        let spam = deeds.deed("spam", nth, hidden(), Vec::new());
        made.push(spam.button("It is spam", of).grave());
    }
    made
}

/// What follows a form of the page at `/unit/suggestions`.
///
/// # Errors
/// As [`Ask::change`], but for what whoever sent the form can mend; and as [`suggestions`].
pub async fn suggestions_form(
    ask: &impl Ask,
    context: &PageContext,
    fields: &Fields,
) -> Result<Reply, PageError> {
    let (state, done) = match fields.typed("does") {
        "answer" => (SuggestionState::Answered, Done::SuggestionAnswered),
        "decline" => (SuggestionState::Declined, Done::SuggestionDeclined),
        "spam" => (SuggestionState::Spam, Done::SuggestionSpam),
        _ => return Err(PageError::NotFound),
    };
    let mut input = fields.input(&["answer"]);
    input.insert("suggestion".to_owned(), json!(fields.typed("about")));
    input.insert("state".to_owned(), json!(state.value()));
    input.insert("expectedVersion".to_owned(), fields.version());
    let listed = chosen(Some(fields.typed("listed")));
    match change(ask, ANSWER_SUGGESTION, input).await? {
        Ok(_) => {
            let done = ("done", Some(done.value().to_owned()));
            Ok(Reply::Go(link(PATH, &[("state", listed), done])))
        }
        Err(wrong) => {
            let status = wrong.status();
            let returned = Returned { fields, wrong };
            let params = SuggestionsParams {
                state: listed,
                ..SuggestionsParams::default()
            };
            let outcome = Outcome::default();
            let html = page(ask, context, &params, outcome, Some(&returned)).await?;
            Ok(Reply::Page { status, html })
        }
    }
}
