//! What a project asks of others, the flags that are up at it, and the forms at both.

use serde::Deserialize;

use crate::answer::Named;
use crate::deed::{Deed, Input};
use crate::project::Project;
use crate::project_forms::Forms;
use crate::show::Moment;
use crate::status_words::{AskState, FlagKind, Help, Told};
use crate::words::Role;

/// Something that a project asks for.
#[derive(Deserialize)]
pub(crate) struct Asking {
    pub(crate) id: String,
    pub(crate) kind: Help,
    pub(crate) text: String,
    pub(crate) state: AskState,
    pub(crate) version: i64,
    pub(crate) told: Vec<Route>,
}

/// An organisation that was told of it, or came forward, and what it offers.
#[derive(Deserialize)]
pub(crate) struct Route {
    pub(crate) reason: Told,
    pub(crate) offer: Option<String>,
    pub(crate) organisation: Named,
}

impl Asking {
    /// How many were told, beside those who came forward.
    pub(crate) fn count(&self) -> usize {
        let told = self.told.iter();
        told.filter(|one| one.reason != Told::CameForward).count()
    }

    /// Whether an organisation has offered something.
    fn has_offer_of(&self, slug: &str) -> bool {
        let mut offers = self.told.iter().filter(|one| one.offer.is_some());
        offers.any(|one| one.organisation.slug == slug)
    }
}

/// What does not fit what the project says of itself.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Flag {
    pub(crate) id: String,
    pub(crate) kind: FlagKind,
    pub(crate) evidence: Vec<String>,
    pub(crate) raised_at: Moment,
    pub(crate) answer: Option<String>,
    pub(crate) cleared_at: Option<Moment>,
    pub(crate) version: i64,
}

impl Forms<'_> {
    /// To offer what is asked for: for organisations that have not, and do not lead the project.
    pub(crate) fn asking(&self, nth: usize, one: &Asking, project: &Project) -> Vec<Deed> {
        let Some(deeds) = self
            .deeds
            .as_ref()
            .filter(|_| one.state != AskState::Closed)
        else {
            return Vec::new();
        };
        let mut bodies = self
            .viewer
            .bodies(&[Role::Editor, Role::Signatory, Role::Lead]);
        bodies.retain(|body| !project.is_led_by(&body.value) && !one.has_offer_of(&body.value));
        if bodies.is_empty() {
            return Vec::new();
        }
        let inputs = vec![
            Input::choice("organisation", "For", bodies),
            Input::area("text", "What you offer, and whom to ask").hint("Everybody reads it here."),
        ];
        let hidden = vec![("about", one.id.clone())];
        let deed = deeds.deed("offer", nth, hidden, inputs);
        vec![deed.button("Offer help", format!("with {}", one.text))]
    }

    /// To say something to a flag, once, for the lead.
    pub(crate) fn flag(&self, nth: usize, one: &Flag, lead: bool) -> Vec<Deed> {
        let Some(deeds) = self.deeds.as_ref().filter(|_| lead && one.answer.is_none()) else {
            return Vec::new();
        };
        let hint = "Everybody reads it beside the flag. It is said once.";
        let hidden = vec![
            ("about", one.id.clone()),
            ("version", one.version.to_string()),
        ];
        let inputs = vec![Input::area("answer", "What you say to it").hint(hint)];
        let deed = deeds.deed("flag", nth, hidden, inputs);
        vec![deed.button("Answer", format!("the flag: {}", one.kind))]
    }
}
