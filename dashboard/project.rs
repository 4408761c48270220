//! One project with all that hangs on it, and the projects of one organisation.

use askama::Template;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::answer::{Connection, Named, Pager};
use crate::ask::{Ask, PORTFOLIO, PROJECT, answer, render};
use crate::deed::{Deed, Deeds};
use crate::error::PageError;
use crate::follow::follow;
use crate::frame::{Frame, PageContext};
use crate::help::{Asking, Flag};
use crate::link::web_address;
use crate::outcome::Outcome;
use crate::params::{DoneParams, OrganisationParams};
use crate::people::With;
use crate::project_forms::{Forms, Offers};
use crate::project_words::{
    Condition, Freshness, GiftKind, OutputKind, Part, PartState, Phase, Readiness,
};
use crate::sent::Returned;
use crate::show::{Count, Day};
use crate::words::{Role, Word};

/// Projects of an organisation a page.
const SHOWN: u32 = 50;

#[derive(Deserialize)]
struct Answer {
    project: Option<Project>,
    viewer: Viewer,
}

/// Whoever looks.
#[derive(Deserialize)]
pub(crate) struct Viewer {
    pub(crate) memberships: Vec<Membership>,
}

#[derive(Deserialize)]
pub(crate) struct Membership {
    pub(crate) role: Role,
    pub(crate) organisation: Option<Named>,
}

/// A project as its page shows it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Project {
    freshness: Option<Freshness>,
    latest_status: Option<Said>,
    pub(crate) id: String,
    pub(crate) slug: String,
    pub(crate) title: String,
    summary: String,
    url: Option<String>,
    pub(crate) phase: Phase,
    phase_since: Day,
    started_on: Day,
    stopped_reason: Option<String>,
    cadence_days: i64,
    source: Option<String>,
    pub(crate) version: i64,
    pub(crate) may_lead: bool,
    pub(crate) may_work: bool,
    pub(crate) may_appoint: bool,
    #[serde(default)]
    problems: Vec<Named>,
    participants: Vec<Participant>,
    phases: Vec<PhaseChange>,
    gates: Vec<Gate>,
    #[serde(default)]
    flags: Vec<Flag>,
    #[serde(default)]
    asks: Vec<Asking>,
    milestones: Vec<Milestone>,
    outputs: Vec<Output>,
    contributions: Vec<Contribution>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Participant {
    pub(crate) id: String,
    pub(crate) role: Part,
    pub(crate) state: PartState,
    message: Option<String>,
    reason: Option<String>,
    from: Option<Day>,
    to: Option<Day>,
    pub(crate) version: i64,
    pub(crate) may_answer: bool,
    pub(crate) may_withdraw: bool,
    pub(crate) may_leave: bool,
    pub(crate) organisation: Named,
}

impl Project {
    /// Whether an organisation leads it now.
    pub(crate) fn is_led_by(&self, slug: &str) -> bool {
        let leads = |one: &Participant| one.role == Part::Lead && one.state == PartState::Active;
        let mut leads = self.participants.iter().filter(|one| leads(one));
        leads.any(|one| one.organisation.slug == slug)
    }
}

#[derive(Deserialize)]
struct PhaseChange {
    to: Phase,
    on: Day,
    reason: Option<String>,
}

#[derive(Deserialize)]
struct Gate {
    phase: Phase,
    condition: Condition,
    least: i64,
    failing: Option<String>,
}

impl Gate {
    /// What is asked for: a number where the condition counts.
    fn asks(&self) -> String {
        match self.condition {
            Condition::AllAnswered | Condition::FreshStatus => self.condition.to_string(),
            counted => format!("{counted}: {}", self.least),
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Milestone {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) due_on: Day,
    first_due_on: Day,
    pub(crate) done_on: Option<Day>,
    slip_days: i64,
    overdue: bool,
    pub(crate) version: i64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Output {
    pub(crate) id: String,
    pub(crate) title: String,
    kind: OutputKind,
    url: String,
    licence: String,
    pub(crate) readiness: Readiness,
    ready_on: Option<Day>,
    pub(crate) version: i64,
    standard: Option<Named>,
}

impl Output {
    fn address(&self) -> Option<&str> {
        web_address(&self.url)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Contribution {
    pub(crate) id: String,
    pub(crate) kind: GiftKind,
    pledged: i64,
    pub(crate) given: i64,
    pledged_on: Day,
    note: Option<String>,
    source: Option<String>,
    pub(crate) version: i64,
    pub(crate) organisation: Option<Named>,
}

impl Contribution {
    fn pledged(&self) -> String {
        self.amount(self.pledged)
    }

    fn given(&self) -> String {
        self.amount(self.given)
    }

    fn amount(&self, amount: i64) -> String {
        match self.kind {
            GiftKind::Money => format!("£{}.{:02}", Count(amount / 100), amount % 100),
            GiftKind::Days => Count(amount).of("day", "days"),
        }
    }
}

/// What a project said last.
#[derive(Deserialize)]
struct Said {
    headline: String,
}

#[derive(Template)]
#[template(path = "project.html")]
struct ProjectPage {
    frame: Frame,
    outcome: Outcome,
    follow: Option<Deed>,
    project: Project,
    flags: Vec<With<Flag>>,
    asks: Vec<With<Asking>>,
    participants: Vec<With<Participant>>,
    milestones: Vec<With<Milestone>>,
    outputs: Vec<With<Output>>,
    contributions: Vec<With<Contribution>>,
    offers: Offers,
}

impl ProjectPage {
    fn address(&self) -> Option<&str> {
        self.project.url.as_deref().and_then(web_address)
    }

    fn deeds(&self) -> impl Iterator<Item = &Deed> {
        fn of<T>(things: &[With<T>]) -> impl Iterator<Item = &Deed> {
            things.iter().flat_map(|one| &one.deeds)
        }
        of(&self.flags)
            .chain(of(&self.asks))
            .chain(of(&self.participants))
            .chain(of(&self.milestones))
            .chain(of(&self.outputs))
            .chain(of(&self.contributions))
            .chain(self.offers.all())
    }
}

/// The page at `/projects/{slug}`.
///
/// # Errors
/// [`PageError::NotFound`] if no project has the slug; [`PageError::BadRequest`] if the query string says something was
/// done that no form does; as [`Ask::ask`]; and [`PageError::Failed`] if the answer does not have the shape of the page.
pub async fn project(
    ask: &impl Ask,
    context: &PageContext,
    slug: &str,
    params: &DoneParams,
) -> Result<String, PageError> {
    page(ask, context, slug, Outcome::done(params)?, None).await
}

/// The page as it stands, with a form that came back.
pub(crate) async fn page(
    ask: &impl Ask,
    context: &PageContext,
    slug: &str,
    outcome: Outcome,
    returned: Option<&Returned<'_>>,
) -> Result<String, PageError> {
    let variables = json!({ "slug": slug });
    let Answer { project, viewer } = answer(ask, PROJECT, &variables).await?;
    let mut project: Project = project.ok_or(PageError::NotFound)?;
    let path = format!("/projects/{}", project.slug);
    let forms = Forms {
        deeds: Deeds::of(context, &path, returned),
        viewer: &viewer,
    };
    let mut page = ProjectPage {
        frame: Frame::new(context, "")
            .asking(PROJECT, &variables)
            .feed("project", slug),
        outcome: Outcome::default(),
        follow: follow(context, &project.id, &project.title),
        flags: {
            project.flags.retain(|flag| flag.cleared_at.is_none());
            let lead = project.may_lead;
            with(&mut project.flags, |nth, one| forms.flag(nth, one, lead))
        },
        asks: {
            let mut asks = std::mem::take(&mut project.asks);
            with(&mut asks, |nth, one| forms.asking(nth, one, &project))
        },
        participants: with(&mut project.participants, |nth, one| {
            forms.participant(nth, one)
        }),
        milestones: {
            let (lead, open) = (project.may_lead, !project.phase.over());
            let deeds = |nth, one: &Milestone| forms.milestone(nth, one, lead && open);
            with(&mut project.milestones, deeds)
        },
        outputs: {
            let (work, open) = (project.may_work, !project.phase.over());
            let deeds = |nth, one: &Output| forms.output(nth, one, work && open);
            with(&mut project.outputs, deeds)
        },
        contributions: with(&mut project.contributions, |nth, one| forms.gift(nth, one)),
        offers: forms.offers(&project),
        project,
    };
    page.outcome = outcome.with(page.deeds(), returned);
    page.frame.title = page.outcome.title(&page.project.title);
    render(ask, &page)
}

fn with<T>(things: &mut Vec<T>, deeds: impl Fn(usize, &T) -> Vec<Deed>) -> Vec<With<T>> {
    let with = |(nth, thing): (usize, T)| With {
        deeds: deeds(nth, &thing),
        thing,
    };
    std::mem::take(things)
        .into_iter()
        .enumerate()
        .map(with)
        .collect()
}

#[derive(Deserialize)]
struct PortfolioAnswer {
    organisation: Option<Body>,
}

#[derive(Deserialize)]
struct Body {
    slug: String,
    name: String,
    portfolio: Connection<Held>,
}

/// An organisation's part in a project, seen from the organisation.
#[derive(Deserialize)]
struct Held {
    role: Part,
    state: PartState,
    message: Option<String>,
    reason: Option<String>,
    from: Option<Day>,
    to: Option<Day>,
    project: Brief,
}

#[derive(Deserialize)]
struct Brief {
    slug: String,
    title: String,
    phase: Phase,
    lead: Option<Named>,
}

#[derive(Template)]
#[template(path = "portfolio.html")]
struct PortfolioPage {
    frame: Frame,
    body: Body,
    pager: Pager,
}

/// The page at `/organisations/{slug}/projects`.
///
/// # Errors
/// [`PageError::NotFound`] if no organisation has the slug; as [`Ask::ask`]; and [`PageError::Failed`] if the answer
/// does not have the shape of the page.
pub async fn portfolio(
    ask: &impl Ask,
    context: &PageContext,
    slug: &str,
    params: &OrganisationParams,
) -> Result<String, PageError> {
    let after = params.after.as_deref().filter(|cursor| !cursor.is_empty());
    let variables: Value = json!({ "slug": slug, "first": SHOWN, "after": after });
    let found: PortfolioAnswer = answer(ask, PORTFOLIO, &variables).await?;
    let body = found.organisation.ok_or(PageError::NotFound)?;
    let path = format!("/organisations/{}/projects", body.slug);
    let info = &body.portfolio.page_info;
    let title = format!("Projects of {}", body.name);
    let page = PortfolioPage {
        frame: Frame::new(context, title).asking(PORTFOLIO, &variables),
        pager: Pager::onwards("projects", &path, "", &[], after, info),
        body,
    };
    render(ask, &page)
}
