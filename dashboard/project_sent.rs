//! What follows the forms of projects, and the page on which one is started.

use askama::Template;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::ask::{
    ANSWER_FLAG, ANSWER_PARTICIPATION, Ask, CHANGE_PHASE, GIVE_CONTRIBUTION, INVITE_PARTICIPANT,
    LEAVE_PROJECT, NEW_PROJECT, OFFER_HELP, PLEDGE_CONTRIBUTION, PUBLISH_OUTPUT,
    REQUEST_PARTICIPATION, SET_GATE, SET_MILESTONE, START_PROJECT, WITHDRAW_PARTICIPATION, answer,
    render,
};
use crate::deed::{Deed, Deeds, Input};
use crate::done::Done;
use crate::error::PageError;
use crate::frame::{Frame, PageContext};
use crate::link::link;
use crate::outcome::Outcome;
use crate::project::{Viewer, page};
use crate::sent::{Fields, Reply, Returned, Wrong, change};
use crate::words::{Role, Word};

/// What a form does: a document with its input, and what is said of it.
type Step = (&'static str, Map<String, Value>, Done);

/// What follows a form of the page at `/projects/{slug}`.
///
/// # Errors
/// As [`Ask::change`], but for what whoever sent the form can mend; and as [`crate::project`].
pub async fn project_form(
    ask: &impl Ask,
    context: &PageContext,
    slug: &str,
    fields: &Fields,
) -> Result<Reply, PageError> {
    let outcome = match step(slug, fields) {
        Some(Ok((document, input, done))) => change(ask, document, input).await?.map(|_| done),
        Some(Err(wrong)) => Err(wrong),
        None => return Err(PageError::NotFound),
    };
    match outcome {
        Ok(done) => {
            let done = Some(done.value().to_owned());
            Ok(Reply::Go(link(
                &format!("/projects/{slug}"),
                &[("done", done)],
            )))
        }
        Err(mut wrong) => {
            // A gate has several things to say of the one field.
            if fields.typed("does") == "phase" {
                let held = wrong.fields.extract_if(.., |(field, _)| field == "phase");
                wrong.whole.extend(held.map(|(_, message)| message));
            }
            let status = wrong.status();
            let returned = Returned { fields, wrong };
            let html = page(ask, context, slug, Outcome::default(), Some(&returned)).await?;
            Ok(Reply::Page { status, html })
        }
    }
}

/// What the form does; `None` for what no form of the page does.
fn step(slug: &str, fields: &Fields) -> Option<Result<Step, Wrong>> {
    // About the project.
    let project = |names: &[&str]| {
        let mut input = fields.input(names);
        input.retain(|_, value| !value.is_null());
        input.insert("project".to_owned(), json!(slug));
        input
    };
    // About one thing of it.
    let thing = |id: &str, names: &[&str]| {
        let mut input = fields.input(names);
        input.retain(|_, value| !value.is_null());
        input.insert(id.to_owned(), json!(fields.filled("about")));
        input.insert("expectedVersion".to_owned(), fields.version());
        input
    };
    let of_project = |mut input: Map<String, Value>| {
        input.insert("project".to_owned(), json!(slug));
        input
    };
    let counted = |mut input: Map<String, Value>, name: &str, field: &str| {
        let number = fields.number(field)?;
        let number = number.ok_or_else(|| Wrong::of(field, "Write how many, in digits."))?;
        input.insert(name.to_owned(), json!(number));
        Ok(input)
    };
    let answered = |accept: bool, done| {
        let mut input = thing("participation", &["reason"]);
        input.insert("accept".to_owned(), json!(accept));
        Ok((ANSWER_PARTICIPATION, input, done))
    };
    Some(match fields.typed("does") {
        "invite" => needed(fields, "organisation", "Name an organisation.").map(|()| {
            let input = project(&["organisation", "role", "message"]);
            (INVITE_PARTICIPANT, input, Done::ParticipantInvited)
        }),
        "join" => {
            let input = project(&["organisation", "role", "message"]);
            Ok((REQUEST_PARTICIPATION, input, Done::ParticipationAsked))
        }
        "offer" => needed(fields, "text", "Say what you offer.").map(|()| {
            let mut input = fields.input(&["organisation", "text"]);
            input.insert("ask".to_owned(), json!(fields.filled("about")));
            (OFFER_HELP, input, Done::HelpOffered)
        }),
        "flag" => needed(fields, "answer", "Write what is to be read.")
            .map(|()| (ANSWER_FLAG, thing("flag", &["answer"]), Done::FlagAnswered)),
        "accept" => answered(true, Done::ParticipationAccepted),
        "decline" => answered(false, Done::ParticipationDeclined),
        "withdraw" => {
            let input = thing("participation", &[]);
            Ok((WITHDRAW_PARTICIPATION, input, Done::ParticipationWithdrawn))
        }
        "leave" => needed(fields, "reason", "Say why it leaves.").map(|()| {
            let input = thing("participation", &["reason"]);
            (LEAVE_PROJECT, input, Done::ProjectLeft)
        }),
        "phase" => {
            let mut input = project(&["phase", "reason"]);
            input.insert("expectedVersion".to_owned(), fields.version());
            Ok((CHANGE_PHASE, input, Done::PhaseChanged))
        }
        "gate" => counted(project(&["phase", "condition"]), "least", "least")
            .map(|input| (SET_GATE, input, Done::GateSet)),
        "milestone" => {
            let input = project(&["title", "dueOn"]);
            Ok((SET_MILESTONE, input, Done::MilestoneSet))
        }
        "slip" | "done" => {
            let input = of_project(thing("milestone", &["dueOn", "doneOn"]));
            Ok((SET_MILESTONE, input, Done::MilestoneSet))
        }
        "output" => {
            let names = ["title", "kind", "url", "licence", "readiness", "standard"];
            Ok((PUBLISH_OUTPUT, project(&names), Done::OutputPublished))
        }
        "readiness" => {
            let input = of_project(thing("output", &["readiness"]));
            Ok((PUBLISH_OUTPUT, input, Done::OutputPublished))
        }
        "pledge" => counted(
            project(&["organisation", "kind", "note"]),
            "amount",
            "amount",
        )
        .map(|input| (PLEDGE_CONTRIBUTION, input, Done::ContributionSaved)),
        "give" => counted(thing("contribution", &[]), "given", "given")
            .map(|input| (GIVE_CONTRIBUTION, input, Done::ContributionSaved)),
        _ => return None,
    })
}

/// Checks that a field was filled in.
fn needed(fields: &Fields, name: &str, told: &str) -> Result<(), Wrong> {
    match fields.filled(name) {
        Some(_) => Ok(()),
        None => Err(Wrong::of(name, told)),
    }
}

#[derive(Template)]
#[template(path = "new_project.html")]
struct NewProjectPage {
    frame: Frame,
    outcome: Outcome,
    deed: Option<Deed>,
}

/// The page at `/projects/new`.
///
/// # Errors
/// [`PageError::Unauthenticated`] when nobody is signed in; as [`Ask::ask`]; and [`PageError::Failed`] if the answer
/// does not have the shape of the page.
pub async fn new_project(ask: &impl Ask, context: &PageContext) -> Result<String, PageError> {
    starting(ask, context, None).await
}

async fn starting(
    ask: &impl Ask,
    context: &PageContext,
    returned: Option<&Returned<'_>>,
) -> Result<String, PageError> {
    #[derive(Deserialize)]
    struct Answer {
        viewer: Viewer,
    }
    let Some(deeds) = Deeds::of(context, "/projects/new", returned) else {
        return Err(PageError::Unauthenticated);
    };
    let found: Answer = answer(ask, NEW_PROJECT, &json!({})).await?;
    let bodies = found
        .viewer
        .bodies(&[Role::Editor, Role::Signatory, Role::Lead]);
    let deed = (!bodies.is_empty()).then(|| {
        let problems = "The last parts of their addresses here, with commas between them. You may leave it blank.";
        let days = "How many days apart. You are reminded when one is due.";
        let inputs = vec![
            Input::choice("organisation", "Who leads it", bodies),
            Input::text("title", "What it is called", ""),
            Input::text("summary", "What it does, in a few sentences", ""),
            Input::text("problems", "Problems it works on", "").hint(problems),
            Input::typed("url", "url", "Where it shows its work", ""),
            Input::typed("number", "cadenceDays", "A status every so many days", "14").hint(days),
        ];
        let deed = deeds.deed("start", 0, Vec::new(), inputs);
        deed.button("Start the project", "")
    });
    let outcome = Outcome::default().with(deed.as_ref(), returned);
    let page = NewProjectPage {
        frame: Frame::new(context, outcome.title("Start a project")),
        outcome,
        deed,
    };
    render(ask, &page)
}

/// What follows the form of the page at `/projects/new`.
///
/// # Errors
/// As [`Ask::change`], but for what whoever sent the form can mend; and as [`new_project`].
pub async fn start_form(
    ask: &impl Ask,
    context: &PageContext,
    fields: &Fields,
) -> Result<Reply, PageError> {
    if fields.typed("does") != "start" {
        return Err(PageError::NotFound);
    }
    let done = match new_input(fields) {
        Ok(input) => change(ask, START_PROJECT, input).await?,
        Err(wrong) => Err(wrong),
    };
    match done {
        Ok(payload) => {
            let slug = payload["project"]["slug"].as_str().unwrap_or_default();
            let done = Some(Done::ProjectStarted.value().to_owned());
            Ok(Reply::Go(link(
                &format!("/projects/{slug}"),
                &[("done", done)],
            )))
        }
        Err(wrong) => {
            let status = wrong.status();
            let returned = Returned { fields, wrong };
            let html = starting(ask, context, Some(&returned)).await?;
            Ok(Reply::Page { status, html })
        }
    }
}

fn new_input(fields: &Fields) -> Result<Map<String, Value>, Wrong> {
    needed(fields, "title", "Say what it is called.")?;
    needed(fields, "summary", "Say what it does.")?;
    let mut input = fields.input(&["organisation", "title", "summary", "url"]);
    let problems = fields.typed("problems").split(',').map(str::trim);
    let problems: Vec<&str> = problems.filter(|one| !one.is_empty()).collect();
    input.insert("problems".to_owned(), json!(problems));
    if let Some(days) = fields.number("cadenceDays")? {
        input.insert("cadenceDays".to_owned(), json!(days));
    }
    Ok(input)
}
