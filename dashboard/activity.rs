//! The record of changes, the newest first: who did what, to which thing, when and why, and how to prove it.

use askama::Template;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::answer::{Named, PageInfo, Pager, Turn};
use crate::ask::{ACTIVITY, Ask, answer, render};
use crate::difference::Difference;
use crate::error::PageError;
use crate::form::{Field, Form};
use crate::frame::{Frame, PageContext};
use crate::link::link;
use crate::params::{ActivityParams, chosen, day, word};
use crate::show::{Day, Moment};
use crate::words::{ActorKind, ThingKind, Word};

/// Changes a page.
const SHOWN: u32 = 50;
const PATH: &str = "/activity";

#[derive(Deserialize)]
struct Answer {
    changes: Changes,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Changes {
    page_info: PageInfo,
    nodes: Vec<Change>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Change {
    sequence: String,
    changed_at: Moment,
    actor: String,
    actor_kind: Option<ActorKind>,
    actor_organisation: Option<Named>,
    by_unit: bool,
    organisation: Option<Named>,
    standard: Option<Named>,
    thing_kind: String,
    before: Option<String>,
    after: Option<String>,
    reason: Option<String>,
    hash: String,
    proof: String,
}

impl Change {
    /// Who did it, up to the body they did it for.
    fn who(&self) -> String {
        let name = || self.actor.split_once(':').map_or("", |(_, name)| name);
        match self.actor_kind {
            Some(ActorKind::Person) => "A person".to_owned(),
            Some(ActorKind::Token) => "A machine".to_owned(),
            Some(ActorKind::Operator) => "The operator".to_owned(),
            Some(ActorKind::Job) => format!("The job {}", name()),
            Some(ActorKind::SignIn) => "The sign-in".to_owned(),
            None => self.actor.clone(),
        }
    }

    fn verb(&self) -> &'static str {
        match (&self.before, &self.after) {
            (None, Some(_)) => "added",
            (Some(_), None) => "took away",
            _ => "changed",
        }
    }

    /// The kind of thing, with its article.
    fn what(&self) -> String {
        let known = ThingKind::ALL
            .iter()
            .find(|kind| kind.value() == self.thing_kind);
        let words = match known {
            Some(ThingKind::Contact) => return ThingKind::Contact.lower(),
            Some(kind) => kind.lower(),
            None => self.thing_kind.replace('_', " "),
        };
        let article = if words.starts_with(['a', 'e', 'i', 'o', 'u']) {
            "an"
        } else {
            "a"
        };
        format!("{article} {words}")
    }

    /// What the thing is called, where neither a body nor a standard names it.
    fn name(&self) -> Option<String> {
        if self.organisation.is_some() || self.standard.is_some() {
            return None;
        }
        Difference::name(self.before.as_deref(), self.after.as_deref())
    }

    fn difference(&self) -> Difference {
        Difference::of(self.before.as_deref(), self.after.as_deref())
    }
}

#[derive(Template)]
#[template(path = "activity.html")]
struct ActivityPage {
    frame: Frame,
    form: Form,
    day: Option<Day>,
    changes: Vec<Change>,
    pager: Pager,
}

/// What was chosen, read from the query string.
struct Chosen {
    organisation: Option<String>,
    kind: Option<ThingKind>,
    day: Option<Day>,
}

impl Chosen {
    fn read(params: &ActivityParams) -> Result<Self, PageError> {
        Ok(Self {
            organisation: chosen(params.organisation.as_deref()),
            kind: word("kind of thing", params.kind.as_deref())?,
            day: day("day", params.day.as_deref())?,
        })
    }

    fn filter(&self) -> Value {
        let midnight = |day: chrono::NaiveDate| format!("{day}T00:00:00Z");
        let next = self.day.and_then(|day| day.0.succ_opt());
        let pairs = [
            ("organisation", self.organisation.clone()),
            ("thingKind", self.kind.map(|kind| kind.value().to_owned())),
            ("sealedFrom", self.day.map(|day| midnight(day.0))),
            ("sealedBefore", next.map(midnight)),
        ];
        let given = pairs
            .into_iter()
            .filter_map(|(name, value)| Some((name.into(), json!(value?))));
        Value::Object(given.collect::<Map<_, _>>())
    }

    fn pairs(&self) -> [(&'static str, Option<String>); 3] {
        [
            ("organisation", self.organisation.clone()),
            ("kind", self.kind.map(|kind| kind.value().to_owned())),
            ("day", self.day.map(|day| day.iso())),
        ]
    }

    fn form(&self) -> Form {
        Form {
            action: PATH.to_owned(),
            label: "Choose changes",
            fields: vec![
                Field::text("organisation", "Organisation", self.organisation.as_deref())
                    .hint("Its code, such as E07000223, or the last part of its page’s address."),
                Field::word("kind", "Kind of thing", Some("Any kind"), self.kind),
                Field::date("day", "Sealed on", self.day),
            ],
            kept: Vec::new(),
            button: "Show",
        }
    }
}

/// The variables of a page of the newest changes, or of those next to a cursor.
fn variables(turn: Turn<'_>, filter: Value) -> Value {
    let (first, last) = match turn.after {
        Some(_) => (Some(SHOWN), None),
        None => (None, Some(SHOWN)),
    };
    json!({
        "filter": filter, "first": first, "after": turn.after, "last": last, "before": turn.before,
    })
}

/// Links to newer changes, which are above, and to older ones. The end we came from has changes beyond it even where
/// the list cannot tell.
fn pager(kept: &[(&str, Option<String>)], turn: Turn<'_>, info: &PageInfo) -> Pager {
    let to = |name, cursor: &Option<String>| {
        let cursor = cursor.clone()?;
        Some(link(PATH, &[kept, &[(name, Some(cursor))]].concat()))
    };
    let newer = info.has_next_page || turn.before.is_some();
    let older = info.has_previous_page || turn.after.is_some();
    Pager {
        previous: to("after", &info.end_cursor).filter(|_| newer),
        next: to("before", &info.start_cursor).filter(|_| older),
        back: "Newer changes",
        of: "changes",
    }
}

/// The page at `/activity`.
///
/// # Errors
/// [`PageError::BadRequest`] if the query string asks for what cannot be; as [`Ask::ask`]; and
/// [`PageError::Failed`] if the answer does not have the shape of the page.
pub async fn activity(
    ask: &impl Ask,
    context: &PageContext,
    params: &ActivityParams,
) -> Result<String, PageError> {
    let chosen = Chosen::read(params)?;
    let turn = Turn::read(params.after.as_deref(), params.before.as_deref());
    let variables = variables(turn, chosen.filter());
    let found: Answer = answer(ask, ACTIVITY, &variables).await?;
    let Changes {
        page_info,
        nodes: mut changes,
    } = found.changes;
    changes.reverse();
    let page = ActivityPage {
        frame: Frame::new(context, "Activity").asking(ACTIVITY, &variables),
        form: chosen.form(),
        day: chosen.day,
        pager: pager(&chosen.pairs(), turn, &page_info),
        changes,
    };
    render(ask, &page)
}
