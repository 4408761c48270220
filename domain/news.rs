//! Changes in plain words: one sentence for each, the same in feeds, mails and webhooks.

use crate::change::{Change, PRIVATE_KINDS};
use crate::id::OrganisationId;
use crate::subscription::{Followed, FollowedKind};
use serde_json::Value;

/// Kinds of things of which nobody is told by feeds, mails and webhooks, beside those that are private: what the program
/// works out by itself, and what waits for moderation.
pub const QUIET_KINDS: [&str; 6] = [
    "snapshot",
    "job_run",
    "external_id",
    "suggestion",
    "similar_judgement",
    "group_member",
];

/// Every kind of thing of which nobody is told.
pub fn untold_kinds() -> Vec<&'static str> {
    PRIVATE_KINDS.into_iter().chain(QUIET_KINDS).collect()
}

/// What a thing of this kind is part of, where that can be followed: its key begins with the id of that.
pub fn part_of(kind: &str) -> Option<FollowedKind> {
    Some(match kind {
        "organisation" => FollowedKind::Organisation,
        "standard" | "standard_stage" | "standard_version" | "provision" | "adoption_event"
        | "snapshot" => FollowedKind::Standard,
        "problem" | "problem_revision" | "backing" => FollowedKind::Problem,
        "project" | "phase_change" | "gate" | "participation" | "contribution" | "milestone"
        | "output" | "status_update" | "ask" | "flag" => FollowedKind::Project,
        _ => return None,
    })
}

/// The thing that a change is part of, where that can be followed.
pub fn subject(change: &Change) -> Option<Followed> {
    let id = change.thing_id.split('/').next()?.parse().ok()?;
    let kind = part_of(&change.thing_kind)?;
    Some(Followed { kind, id })
}

/// The organisation that a change names: that in what was written, else the one that it is by or about.
pub fn body(change: &Change) -> Option<OrganisationId> {
    let written = change.after.as_deref().or(change.before.as_deref());
    let written: Value = serde_json::from_str(written?).ok()?;
    let named = written["organisation_id"].as_str();
    named.and_then(|id| id.parse().ok()).or(change.organisation)
}

/// What the things that a change names are called.
#[derive(Debug, Clone, Copy, Default)]
pub struct Names<'a> {
    /// The body that did it, or that it is about.
    pub body: Option<&'a str>,
    /// The problem, project, standard or organisation that it is part of.
    pub title: Option<&'a str>,
}

/// A change as it is put into words.
struct Told<'a> {
    before: Value,
    after: Value,
    body: &'a str,
    title: String,
}

impl Told<'_> {
    fn is_new(&self) -> bool {
        self.before.is_null()
    }

    /// What a field is now, where it is a text.
    fn text(&self, field: &str) -> &str {
        self.after[field].as_str().unwrap_or_default()
    }

    /// The same in lower case with blanks: for words of closed sets.
    fn word(&self, field: &str) -> String {
        lower(self.text(field))
    }

    /// Whether a field is different from before.
    fn moved(&self, field: &str) -> bool {
        !self.is_new() && self.before[field] != self.after[field]
    }

    /// Whether a field came to be set by this change.
    fn came(&self, field: &str) -> bool {
        self.before[field].is_null() && !self.after[field].is_null()
    }
}

fn lower(word: &str) -> String {
    word.to_lowercase().replace('_', " ")
}

/// A change in a sentence.
pub fn sentence(change: &Change, names: Names<'_>) -> String {
    let read = |json: &Option<String>| {
        let parsed = json.as_deref().map(serde_json::from_str);
        parsed.and_then(Result::ok).unwrap_or(Value::Null)
    };
    let told = Told {
        before: read(&change.before),
        after: read(&change.after),
        body: names.body.unwrap_or("The unit"),
        title: names
            .title
            .map_or_else(|| "something".to_owned(), |title| format!("“{title}”")),
    };
    if change.after.is_none() {
        return format!(
            "{} of {} was taken away.",
            named(&change.thing_kind),
            told.title
        );
    }
    let said = match change.thing_kind.as_str() {
        "organisation" | "standard" | "provision" | "standard_stage" | "standard_version"
        | "adoption_event" => of_sector(&change.thing_kind, &told),
        "declaration" | "signature" | "commitment" => of_declaration(&change.thing_kind, &told),
        "problem" | "problem_revision" | "backing" | "problem_merge" => {
            of_problem(&change.thing_kind, &told)
        }
        _ => of_project(&change.thing_kind, &told),
    };
    said.unwrap_or_else(|| {
        let verb = if told.is_new() { "added" } else { "changed" };
        format!(
            "{} of {} was {verb}.",
            named(&change.thing_kind),
            told.title
        )
    })
}

/// A kind of thing at the beginning of a sentence.
fn named(kind: &str) -> String {
    let words = kind.replace('_', " ");
    let mut letters = words.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => words,
    }
}

fn of_sector(kind: &str, told: &Told<'_>) -> Option<String> {
    let Told { body, title, .. } = told;
    let new = told.is_new();
    Some(match kind {
        "organisation" if new => format!("{title} was added to the register."),
        "organisation" if told.came("closed_on") => {
            format!("{title} closes on {}.", told.text("closed_on"))
        }
        "organisation" => format!("What the register says of {title} was changed."),
        "standard" if new => format!("The standard {title} was added."),
        "standard" if told.moved("stage") => format!("{title} is {} now.", told.word("stage")),
        "standard" => format!("What is said of the standard {title} was changed."),
        "standard_stage" => format!("A stage of {title} was set: {}.", told.word("stage")),
        "standard_version" => format!("{title} has a version {}.", told.text("label")),
        "provision" => format!("To whom {title} applies was changed."),
        "adoption_event" => {
            let state = match told.text("state") {
                "CONSIDERING" => "considers",
                "PLEDGED" => "pledged to adopt",
                "PILOTING" => "pilots",
                "ADOPTED" => "adopted",
                "LAPSED" => "no longer has",
                "DECLINED" => "declined",
                "EXEMPT" => "is exempt from",
                _ => return None,
            };
            let standing = match told.text("standing") {
                "CLAIMED" => " (claimed, not confirmed)",
                "CONTESTED" => " (contested)",
                _ => "",
            };
            format!("{body} {state} {title}{standing}.")
        }
        _ => return None,
    })
}

fn of_declaration(kind: &str, told: &Told<'_>) -> Option<String> {
    let body = told.body;
    let text = told.text("text");
    Some(match (kind, told.is_new()) {
        ("declaration", true) => {
            format!(
                "Version {} of the declaration was published: {}.",
                told.after["number"],
                told.text("title")
            )
        }
        ("signature", true) => format!("{body} signed the declaration."),
        ("signature", false) => format!("{body} withdrew its signature under the declaration."),
        ("commitment", true) => {
            format!("{body} promised, by {}: {text}", told.text("due_on"))
        }
        ("commitment", false) => {
            let ended = match told.text("outcome") {
                "KEPT" => "kept what it promised",
                "LATE" => "kept late what it promised",
                "DROPPED" => "gave up what it promised",
                "EXPLAINED" => "explained why it did not do what it promised",
                _ => return Some(format!("{body} was reminded of what it promised: {text}")),
            };
            format!("{body} {ended}: {text}")
        }
        _ => return None,
    })
}

fn of_problem(kind: &str, told: &Told<'_>) -> Option<String> {
    let Told { body, title, .. } = told;
    let new = told.is_new();
    Some(match kind {
        "problem" if new => format!("{body} raised the problem {title}."),
        "problem" if told.came("merged_into_id") => {
            format!("The problem {title} was merged into another.")
        }
        "problem" if told.moved("state") => match told.text("state") {
            "PARKED" => format!(
                "The problem {title} was parked: {}",
                told.text("parked_reason")
            ),
            _ => format!("The problem {title} is {} now.", told.word("state")),
        },
        "problem" => format!("The problem {title} was changed."),
        "problem_revision" if told.after["number"] == 1 => {
            format!("The problem {title} was written down.")
        }
        "problem_revision" => format!("{body} revised the text of the problem {title}."),
        "backing" if new => format!(
            "{body} has the problem {title}, too, and is willing to {}.",
            told.word("willingness")
        ),
        "backing" if told.came("withdrawn_at") => format!("{body} no longer backs {title}."),
        "backing" if told.came("escalated_at") => {
            format!("A body that backs {title} still waits for an answer.")
        }
        "backing" if told.moved("answer") => format!("Who backs {title} was answered."),
        "backing" => format!(
            "{body} backs {title}, willing to {}.",
            told.word("willingness")
        ),
        "problem_merge" if told.came("undone_at") => {
            "The merge of two problems was undone.".to_owned()
        }
        "problem_merge" => "Two problems were merged.".to_owned(),
        _ => return None,
    })
}

fn of_project(kind: &str, told: &Told<'_>) -> Option<String> {
    let Told { body, title, .. } = told;
    let new = told.is_new();
    Some(match kind {
        "project" if new => format!("The project {title} was started."),
        "project" if told.moved("phase") => format!("{title} is {} now.", told.word("phase")),
        "project" => format!("The project {title} was changed."),
        "phase_change" => match told.text("reason") {
            "" => format!("{title} moved to {}.", told.word("to_phase")),
            reason => format!("{title} moved to {}: {reason}", told.word("to_phase")),
        },
        "gate" => format!(
            "What {title} needs to enter {} was changed.",
            told.word("phase")
        ),
        "participation" => match told.text("state") {
            "INVITED" => format!("{body} was invited to take part in {title}."),
            "REQUESTED" => format!("{body} asked to take part in {title}."),
            "ACTIVE" => format!("{body} takes part in {title} as {}.", told.word("role")),
            "DECLINED" => format!("{body} does not take part in {title}."),
            "LEFT" => format!("{body} left {title}."),
            _ => return None,
        },
        "contribution" => format!("{body} changed what it gives to {title}."),
        "milestone" if told.came("done_on") => {
            format!("{title} reached a milestone: {}.", told.text("title"))
        }
        "milestone" => format!(
            "A milestone of {title} is due on {}: {}.",
            told.text("due_on"),
            told.text("title")
        ),
        "output" => format!(
            "An output of {title} is {}: {}.",
            told.word("readiness"),
            told.text("title")
        ),
        "status_update" => format!("{title}: {}", told.text("headline")),
        "ask" if new => format!("{title} asks for help: {}", told.text("text")),
        "ask" => format!("What {title} asked for is {} now.", told.word("state")),
        "flag" if new => format!("What {title} shows does not fit what is on record."),
        "flag" if told.came("cleared_at") => format!("A doubt about {title} was cleared."),
        "flag" => format!("A doubt about {title} was answered."),
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
