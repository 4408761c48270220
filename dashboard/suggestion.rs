//! Questions and ideas from anybody: the form that hands one in, and the page on which its writer sees the answer.

use askama::Template;
use serde::Deserialize;
use serde_json::json;

use crate::answer::Named;
use crate::ask::{Ask, SUGGEST, SUGGESTION, answer, render};
use crate::deed::{Deed, Deeds, Input};
use crate::done::Done;
use crate::error::PageError;
use crate::frame::{Frame, PageContext};
use crate::link::link;
use crate::outcome::Outcome;
use crate::params::DoneParams;
use crate::problem::{Shown, page};
use crate::problem_words::{SuggestionKind, SuggestionState};
use crate::sent::{Fields, Reply, Returned, Wrong, change};
use crate::show::Moment;
use crate::words::Word;

/// The field that people leave empty.
const TRAP: &str = "website";

/// The form that hands something in about a problem, for anybody.
pub(crate) fn suggest(
    context: &PageContext,
    problem: &str,
    returned: Option<&Returned<'_>>,
) -> Deed {
    let action = format!("/problems/{problem}/suggestions");
    let deeds = Deeds::anyone(context, &action, returned);
    let hint = "At most 2,000 characters and two links. Write nothing about anybody’s private matters: once it is answered, everybody reads it.";
    let kinds = SuggestionKind::ALL;
    let inputs = vec![
        Input::word("kind", "What it is", kinds, SuggestionKind::Question),
        Input::area("text", "Your question or idea").hint(hint),
        Input::trap(TRAP, "Leave this empty"),
    ];
    let hidden = vec![("shown", context.stamp.clone())];
    let deed = deeds.deed("suggest", 0, hidden, inputs);
    deed.button("Hand it in", "")
}

/// What follows the form that hands something in about the problem with this slug. `in_time` says whether the page it
/// stood on was shown by this program, neither a moment ago nor days ago.
///
/// # Errors
/// As [`Ask::change`], but for what whoever sent the form can mend; and as [`crate::problem`].
pub async fn suggest_form(
    ask: &impl Ask,
    context: &PageContext,
    slug: &str,
    fields: &Fields,
    in_time: bool,
) -> Result<Reply, PageError> {
    if fields.typed("does") != "suggest" {
        return Err(PageError::NotFound);
    }
    let wrong = match refused(fields, in_time) {
        Some(wrong) => wrong,
        None => {
            let mut input = fields.input(&["kind"]);
            input.insert("problem".to_owned(), json!(slug));
            input.insert("text".to_owned(), json!(fields.typed("text")));
            match change(ask, SUGGEST, input).await? {
                Ok(payload) => return Ok(handed_in(slug, payload["receipt"].as_str())),
                Err(wrong) => wrong,
            }
        }
    };
    let status = wrong.status();
    let returned = Returned { fields, wrong };
    let shown = page(ask, context, slug, Outcome::default(), Some(&returned)).await?;
    Ok(match shown {
        Shown::Page(html) => Reply::Page { status, html },
        Shown::Moved(to) => Reply::Go(to),
    })
}

/// Why it looks as if no person had filled the form in.
fn refused(fields: &Fields, in_time: bool) -> Option<Wrong> {
    if fields.filled(TRAP).is_some() {
        let told = "The field that is to stay empty was filled in. It is empty again: send the form once more.";
        return Some(Wrong::of(TRAP, told));
    }
    let told = "The form came faster than anybody writes, or long after it was shown. What you wrote is still there: send it once more.";
    (!in_time).then(|| Wrong::whole(told.to_owned(), false))
}

/// The page of the receipt; where the form was sent twice, its secret was shown before.
fn handed_in(slug: &str, receipt: Option<&str>) -> Reply {
    let path = match receipt {
        Some(receipt) => format!("/suggestions/{receipt}"),
        None => format!("/problems/{slug}"),
    };
    let done = Some(Done::Suggested.value().to_owned());
    Reply::Go(link(&path, &[("done", done)]))
}

#[derive(Deserialize)]
struct Answer {
    suggestion: Option<Suggestion>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Suggestion {
    kind: SuggestionKind,
    text: String,
    state: SuggestionState,
    answer: Option<String>,
    answered_at: Option<Moment>,
    created_at: Moment,
    problem: Option<Named>,
}

#[derive(Template)]
#[template(path = "suggestion.html")]
struct SuggestionPage {
    frame: Frame,
    outcome: Outcome,
    suggestion: Suggestion,
    /// The address of the page, where it has to be kept.
    keep: Option<String>,
}

/// The page at `/suggestions/{receipt}`, which is to be sent so that the address reaches nobody else. The query it is
/// made from has the secret in it and is not shown.
///
/// # Errors
/// [`PageError::NotFound`] if there is no such receipt; [`PageError::BadRequest`] if the query string says something was
/// done that no form does; as [`Ask::ask`]; and [`PageError::Failed`] if the answer does not have the shape of the page.
pub async fn suggestion(
    ask: &impl Ask,
    context: &PageContext,
    receipt: &str,
    params: &DoneParams,
) -> Result<String, PageError> {
    let outcome = Outcome::done(params)?;
    let found: Answer = answer(ask, SUGGESTION, &json!({ "receipt": receipt })).await?;
    let suggestion = found.suggestion.ok_or(PageError::NotFound)?;
    let page = SuggestionPage {
        frame: Frame::new(context, format!("Your {}", suggestion.kind.lower())),
        keep: outcome
            .done
            .map(|_| format!("{}/suggestions/{receipt}", context.origin)),
        outcome,
        suggestion,
    };
    render(ask, &page)
}
