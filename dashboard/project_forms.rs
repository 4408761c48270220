//! The forms on a project's page: each is there only for those who may send it.

use crate::deed::{Deed, Deeds, Input};
use crate::form::Choice;
use crate::project::{Contribution, Milestone, Output, Participant, Project, Viewer};
use crate::project_words::{Condition, GiftKind, OutputKind, Part, PartState, Phase, Readiness};
use crate::words::{Role, Word};

/// What the forms of a page are made from.
pub(crate) struct Forms<'a> {
    /// `None` when nobody is signed in.
    pub(crate) deeds: Option<Deeds<'a>>,
    pub(crate) viewer: &'a Viewer,
}

/// Everything that can be sent from the page, beside what stands with one thing.
pub(crate) struct Offers {
    pub(crate) invite: Option<Deed>,
    pub(crate) join: Option<Deed>,
    pub(crate) phase: Option<Deed>,
    pub(crate) gate: Option<Deed>,
    pub(crate) milestone: Option<Deed>,
    pub(crate) output: Option<Deed>,
    pub(crate) pledge: Option<Deed>,
}

impl Offers {
    /// All of them that are there.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Deed> {
        let Self {
            invite,
            join,
            phase,
            gate,
            milestone,
            output,
            pledge,
        } = self;
        [invite, join, phase, gate, milestone, output, pledge]
            .into_iter()
            .flatten()
    }
}

impl Viewer {
    /// The organisations for which whoever looks may act in one of these roles, to choose from.
    pub(crate) fn bodies(&self, roles: &[Role]) -> Vec<Choice> {
        let held = self
            .memberships
            .iter()
            .filter(|held| roles.contains(&held.role));
        held.filter_map(|held| held.organisation.as_ref())
            .map(|body| Choice {
                value: body.slug.clone(),
                label: body.name.clone(),
                selected: false,
            })
            .collect()
    }
}

impl Forms<'_> {
    /// What can be done about a participation: answer it, take it back, or leave.
    pub(crate) fn participant(&self, nth: usize, one: &Participant) -> Vec<Deed> {
        let Some(deeds) = &self.deeds else {
            return Vec::new();
        };
        let of = &one.organisation.name;
        let hidden = || about(&one.id, one.version);
        let mut made = Vec::new();
        if one.may_answer {
            let accept = deeds.deed("accept", nth, hidden(), Vec::new());
            let decline = deeds.deed("decline", nth, hidden(), vec![Input::reason()]);
            made.push(accept.button("Accept", format!("for {of}")));
            made.push(decline.button("Decline", format!("for {of}")).grave());
        }
        if one.may_withdraw {
            let deed = deeds.deed("withdraw", nth, hidden(), Vec::new());
            made.push(
                deed.button("Take back", format!("what waits for {of}"))
                    .grave(),
            );
        }
        if one.may_leave {
            let why = Input::text("reason", "Why it leaves", "").hint("It is shown on this page.");
            let deed = deeds.deed("leave", nth, hidden(), vec![why]);
            made.push(deed.button("Leave", format!("as {of}")).grave());
        }
        made
    }

    /// To move a milestone, and to say that it is done.
    pub(crate) fn milestone(&self, nth: usize, one: &Milestone, may: bool) -> Vec<Deed> {
        let Some(deeds) = self.deeds.as_ref().filter(|_| may && one.done_on.is_none()) else {
            return Vec::new();
        };
        let hidden = || about(&one.id, one.version);
        let due = Input::typed("date", "dueOn", "Due on", &one.due_on.iso());
        let done = Input::typed("date", "doneOn", "Done on", "");
        let slip = deeds.deed("slip", nth, hidden(), vec![due]);
        let done = deeds.deed("done", nth, hidden(), vec![done]);
        vec![
            slip.button("Move", format!("the milestone {}", one.title)),
            done.button("It is done", format!("the milestone {}", one.title)),
        ]
    }

    /// To say how ready an output is.
    pub(crate) fn output(&self, nth: usize, one: &Output, may: bool) -> Vec<Deed> {
        let ready = one.readiness == Readiness::Ready;
        let Some(deeds) = self.deeds.as_ref().filter(|_| may && !ready) else {
            return Vec::new();
        };
        let hint = "Ready is told to everybody who backs the problem, and stays so.";
        let readiness = Input::word("readiness", "How ready", Readiness::ALL, one.readiness);
        let hidden = about(&one.id, one.version);
        let deed = deeds.deed("readiness", nth, hidden, vec![readiness.hint(hint)]);
        vec![deed.button("Save", format!("how ready {} is", one.title))]
    }

    /// To say how much was given of a pledge.
    pub(crate) fn gift(&self, nth: usize, one: &Contribution) -> Vec<Deed> {
        let own = self.viewer.bodies(&[Role::Signatory, Role::Lead]);
        let giver = one.organisation.as_ref();
        let mine = giver.is_some_and(|giver| own.iter().any(|body| body.value == giver.slug));
        let Some(deeds) = self.deeds.as_ref().filter(|_| mine) else {
            return Vec::new();
        };
        let hint = match one.kind {
            GiftKind::Money => "In pence, in all.",
            GiftKind::Days => "In days, in all.",
        };
        let given = Input::typed("number", "given", "Given so far", &one.given.to_string());
        let hidden = about(&one.id, one.version);
        let deed = deeds.deed("give", nth, hidden, vec![given.hint(hint)]);
        vec![deed.button("Save", "what was given")]
    }

    pub(crate) fn offers(&self, project: &Project) -> Offers {
        let open = !project.phase.over();
        let deeds = |may: bool| self.deeds.as_ref().filter(|_| may && open);
        Offers {
            invite: deeds(project.may_lead || project.may_appoint)
                .map(|deeds| invite(deeds, project)),
            join: deeds(!project.may_work).and_then(|deeds| self.join(deeds)),
            phase: deeds(project.may_lead).map(|deeds| phase(deeds, project)),
            gate: deeds(project.may_lead).map(gate),
            milestone: deeds(project.may_lead).map(milestone),
            output: deeds(project.may_work).map(output),
            pledge: deeds(true).and_then(|deeds| self.pledge(deeds)),
        }
    }

    fn join(&self, deeds: &Deeds<'_>) -> Option<Deed> {
        let bodies = self
            .viewer
            .bodies(&[Role::Editor, Role::Signatory, Role::Lead]);
        let (_, others) = Part::ALL.split_first()?;
        let inputs = vec![
            Input::choice("organisation", "For", bodies),
            Input::word("role", "As", others, Part::Partner),
            Input::text("message", "What you bring or need", ""),
        ];
        let none = self
            .viewer
            .memberships
            .iter()
            .all(|held| held.organisation.is_none());
        let deed = deeds.deed("join", 0, Vec::new(), inputs);
        (!none).then(|| deed.button("Ask to take part", ""))
    }

    fn pledge(&self, deeds: &Deeds<'_>) -> Option<Deed> {
        let bodies = self.viewer.bodies(&[Role::Signatory, Role::Lead]);
        if bodies.is_empty() {
            return None;
        }
        let inputs = vec![
            Input::choice("organisation", "For", bodies),
            Input::word("kind", "What", GiftKind::ALL, GiftKind::Days),
            Input::typed("number", "amount", "How much", "").hint("Whole days; money in pence."),
            Input::text("note", "What it is for", ""),
        ];
        let deed = deeds.deed("pledge", 0, Vec::new(), inputs);
        Some(deed.button("Pledge", ""))
    }
}

fn invite(deeds: &Deeds<'_>, project: &Project) -> Deed {
    // Whoever only appoints a lead invites to nothing else.
    let (roles, chosen): (&[Part], Part) = match project.may_lead {
        true => (Part::ALL, Part::Partner),
        false => (&[Part::Lead], Part::Lead),
    };
    let whom = "Its code, such as E07000223, or the last part of its address here.";
    let lead = "Who accepts to lead takes over from the lead there is.";
    let inputs = vec![
        Input::text("organisation", "Organisation", "").hint(whom),
        Input::word("role", "As", roles, chosen).hint(lead),
        Input::text("message", "What you say to it", ""),
    ];
    let deed = deeds.deed("invite", 0, Vec::new(), inputs);
    deed.button("Invite", "")
}

fn phase(deeds: &Deeds<'_>, project: &Project) -> Deed {
    let others: Vec<Phase> = Phase::ALL
        .iter()
        .copied()
        .filter(|phase| *phase != project.phase)
        .collect();
    let next = others
        .iter()
        .copied()
        .find(|phase| later(*phase, project.phase));
    let options = others.iter().map(|phase| Choice {
        value: phase.value().to_owned(),
        label: phase.to_string(),
        selected: Some(*phase) == next,
    });
    let why = "Needed to stop it or to go back. Others who meet the same problem learn from it.";
    let inputs = vec![
        Input::choice("phase", "New phase", options.collect()),
        Input::text("reason", "Why", "").hint(why),
    ];
    let hidden = vec![("version", project.version.to_string())];
    let deed = deeds.deed("phase", 0, hidden, inputs);
    deed.button("Change the phase", "")
}

/// Whether a phase comes after another.
fn later(phase: Phase, than: Phase) -> bool {
    let place = |wanted: Phase| Phase::ALL.iter().position(|one| *one == wanted);
    place(phase) > place(than)
}

fn gate(deeds: &Deeds<'_>) -> Deed {
    let gated = [Phase::Alpha, Phase::Beta, Phase::Live, Phase::Retired];
    let inputs = vec![
        Input::word("phase", "Before", &gated, Phase::Beta),
        Input::word(
            "condition",
            "Ask for",
            Condition::ALL,
            Condition::Participants,
        ),
        Input::typed("number", "least", "How many", "1").hint("0 asks for nothing any more."),
    ];
    let deed = deeds.deed("gate", 0, Vec::new(), inputs);
    deed.button("Set the gate", "")
}

fn milestone(deeds: &Deeds<'_>) -> Deed {
    let inputs = vec![
        Input::text("title", "What is to be done", ""),
        Input::typed("date", "dueOn", "Due on", ""),
    ];
    let deed = deeds.deed("milestone", 0, Vec::new(), inputs);
    deed.button("Set the milestone", "")
}

fn output(deeds: &Deeds<'_>) -> Deed {
    let standard = "If it makes one: the last part of the standard’s address here.";
    let inputs = vec![
        Input::text("title", "What it is called", ""),
        Input::word("kind", "What it is", OutputKind::ALL, OutputKind::Code),
        Input::typed("url", "url", "Where it is", ""),
        Input::text("licence", "Licence", "").hint("Such as MIT or OGL-UK-3.0."),
        Input::word("readiness", "How ready", Readiness::ALL, Readiness::Draft),
        Input::text("standard", "Standard", "").hint(standard),
    ];
    let deed = deeds.deed("output", 0, Vec::new(), inputs);
    deed.button("Publish the output", "")
}

/// Which thing a form is about, and the version that was seen.
fn about(id: &str, version: i64) -> Vec<(&'static str, String)> {
    vec![("about", id.to_owned()), ("version", version.to_string())]
}

impl PartState {
    /// Whether the organisation has not agreed, or the project has not.
    pub(crate) fn waits(self) -> bool {
        matches!(self, Self::Invited | Self::Requested)
    }
}
