//! Made-up projects in every phase. Each body acts for itself, by a token of its own: nobody else can.

use crate::problems;
use chrono::{Days, NaiveDate, NaiveDateTime};
use domain::id::{OrganisationId, ProjectId};
use domain::output::{OutputKind, Readiness};
use domain::participation::{ParticipationRole, Side};
use domain::policy::{About, Action, Granted, Role, Scopes, Viewer};
use domain::project::Phase;
use domain::token::Secret;
use domain::{Error, Result};
use store::participation::{Answer, Proposal};
use store::phase::{Moved, Step};
use store::project::NewProject;
use store::token::NewToken;
use store::{Conn, Store, gate, milestone, output, participation, phase, project};

/// What becomes of an invitation.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Accepts,
    Declines(&'static str),
    /// It has not answered yet.
    Waits,
}

/// A project to be made up.
struct Plan {
    title: &'static str,
    summary: &'static str,
    /// The GSS code of its lead.
    lead: &'static str,
    /// How many days ago it began.
    began: u64,
    /// Whom its lead invites, as what, and what each answers.
    invited: &'static [(&'static str, ParticipationRole, Fate)],
    /// The phases it enters, each so many days ago, with the reason where one is needed.
    steps: &'static [(Phase, u64, Option<&'static str>)],
    /// What it made: its title, kind, readiness, and the standard it is for.
    output: Option<(&'static str, OutputKind, Readiness, Option<&'static str>)>,
    /// What it means to have done, and in how many days from now.
    milestone: Option<(&'static str, u64)>,
}

use Fate::{Accepts, Declines, Waits};
use ParticipationRole::{Observer, Partner, Tester};
use Phase::{Alpha, Beta, Live, Retired, Stopped};

#[rustfmt::skip]
const PLANS: &[Plan] = &[
    Plan { title: "One planning register", summary: "Publish planning applications once, in one form, from whichever system a council runs.", lead: "E06000066", began: 700,
        invited: &[("E06000052", Partner, Accepts), ("E06000059", Partner, Accepts), ("E06000054", Tester, Accepts)],
        steps: &[(Alpha, 560, None), (Beta, 330, None), (Live, 60, None)],
        output: Some(("Planning register kit", OutputKind::Code, Readiness::Ready, Some("planning-application-data"))), milestone: Some(("Ten councils publish", 90)) },
    Plan { title: "Brownfield land in one map", summary: "Keep one map of brownfield land from each council’s own register.", lead: "E08000035", began: 400,
        invited: &[("E08000003", Partner, Accepts), ("E06000023", Partner, Accepts)],
        steps: &[(Alpha, 300, None), (Beta, 120, None)],
        output: Some(("Map of brownfield land", OutputKind::Data, Readiness::Tested, Some("brownfield-land-register"))), milestone: Some(("The map is complete", 45)) },
    Plan { title: "Missed bins, said once", summary: "One form for missed bins whose answer every crew’s system can take.", lead: "E06000043", began: 250,
        invited: &[("E06000026", Partner, Accepts), ("E08000039", Partner, Waits)],
        steps: &[(Alpha, 150, None)],
        output: Some(("What people said about bins", OutputKind::Document, Readiness::Draft, Some("waste-collection-data"))), milestone: Some(("First crew uses it", 20)) },
    Plan { title: "Street works without surprises", summary: "Tell residents of works in their street before the cones come.", lead: "E06000052", began: 90,
        invited: &[("E06000059", Partner, Accepts), ("E06000054", Partner, Declines("We renew our highways contract this year and cannot spare anybody."))],
        steps: &[], output: None, milestone: Some(("Twelve residents seen", 15)) },
    Plan { title: "A directory of help nearby", summary: "One directory of community services that charities keep themselves.", lead: "E08000003", began: 800,
        invited: &[("E08000035", Partner, Accepts), ("E08000039", Partner, Accepts), ("E06000023", Observer, Accepts)],
        steps: &[(Alpha, 700, None), (Beta, 500, None), (Live, 300, None), (Retired, 30, None)],
        output: Some(("Directory of services", OutputKind::Code, Readiness::Ready, Some("community-service-directory"))), milestone: None },
    Plan { title: "Contracts that can be read", summary: "Publish every contract above the threshold in the open form.", lead: "E06000023", began: 350,
        invited: &[("E06000043", Partner, Accepts), ("E06000066", Partner, Accepts)],
        steps: &[(Alpha, 280, None), (Beta, 200, None)],
        output: Some(("Contracts exporter", OutputKind::Code, Readiness::Draft, Some("open-contracting-data"))), milestone: Some(("Every contract of a year", 60)) },
    Plan { title: "One sign-in for residents", summary: "Let residents use one sign-in for every council service.", lead: "E06000026", began: 600,
        invited: &[("E06000052", Partner, Accepts)],
        steps: &[(Alpha, 500, None), (Stopped, 320, Some("The supplier of the sign-in ended the product, and no second one met the security assessment. Ask for two suppliers before alpha."))],
        output: None, milestone: None },
    Plan { title: "Parking permits by number plate", summary: "Do away with paper permits: the number plate is enough.", lead: "E08000039", began: 450,
        invited: &[("E08000035", Partner, Accepts)],
        steps: &[(Stopped, 380, Some("The order that governs permits still asks for paper. It has to be changed first, which takes a year."))],
        output: None, milestone: None },
    Plan { title: "Pages that everybody can read", summary: "Shared page patterns that pass the accessibility checks.", lead: "E06000054", began: 500,
        invited: &[("E06000059", Partner, Accepts), ("E06000066", Partner, Accepts)],
        steps: &[(Alpha, 400, None), (Beta, 250, None), (Live, 100, None)],
        output: Some(("Page patterns", OutputKind::Code, Readiness::Ready, Some("accessible-web-pages"))), milestone: None },
    Plan { title: "Asking for social care once", summary: "One referral for adult social care that hospitals and councils both take.", lead: "E06000059", began: 60,
        invited: &[("E06000052", Partner, Waits), ("E06000026", Partner, Waits)],
        steps: &[], output: None, milestone: Some(("Two hospitals agree", 75)) },
    Plan { title: "Spending over £500, the same way", summary: "Publish spending in one form, so that it can be compared.", lead: "E06000043", began: 300,
        invited: &[("E06000023", Partner, Accepts), ("E06000066", Tester, Accepts)],
        steps: &[(Alpha, 220, None), (Beta, 140, None), (Alpha, 70, Some("Half of the files failed the checks; the form is changed first."))],
        output: Some(("Checker of spending files", OutputKind::Code, Readiness::Tested, Some("spending-data"))), milestone: Some(("A form that all can fill", 30)) },
    Plan { title: "Addresses that match", summary: "Match every council list to the unique property references.", lead: "E08000035", began: 200,
        invited: &[("E08000003", Partner, Accepts)],
        steps: &[(Alpha, 130, None)],
        output: None, milestone: Some(("The rates list is matched", 10)) },
];

/// Makes up every project; how many there are.
///
/// # Errors
/// [`Error::NotFound`] when a body or standard is not in the demonstration; [`Error::Internal`] when the database fails.
pub(crate) async fn make(store: &Store, now: NaiveDateTime) -> Result<usize> {
    for plan in PLANS {
        store.write(async |conn| one(conn, now, plan).await).await?;
    }
    Ok(PLANS.len())
}

async fn one(conn: &mut Conn, now: NaiveDateTime, plan: &Plan) -> Result<()> {
    let ago = |days: u64| now - Days::new(days);
    let began = ago(plan.began);
    let (lead, by_lead) = body(conn, now, plan.lead).await?;
    let granted = by_lead.may(Action::StartProject, About::Organisation(lead))?;
    let new = NewProject {
        title: plan.title,
        summary: plan.summary,
        url: None,
        problems: &problems::worked_on(conn, plan.title).await?,
        cadence_days: 14,
        started_on: began.date(),
    };
    let id = project::start(conn, &granted, began, lead, &new).await?.id;
    invite(conn, now, (&by_lead, id, began), plan).await?;
    let granted = leads(conn, &by_lead, id).await?;
    if let Some((title, days)) = plan.milestone {
        let said = milestone::Said {
            standing: None,
            title: Some(title),
            due_on: Some(now.date() + Days::new(days)),
            done_on: None,
            seen: None,
        };
        milestone::set(conn, &granted, began, id, said).await?;
    }
    publish(conn, &by_lead, began, id, plan).await?;
    // Before what it has entered, its lead asked for less than is usual.
    let entered = |phase: Phase| plan.steps.iter().any(|(to, ..)| *to == phase);
    for row in gate::of(conn, &[id]).await? {
        if entered(row.phase) {
            gate::set(conn, &granted, began, id, (row.phase, row.condition, 0)).await?;
        }
    }
    for (to, days, reason) in plan.steps {
        enter(conn, &granted, ago(*days), id, *to, *reason).await?;
    }
    Ok(())
}

/// Invites whom a project is to be made with, and lets each answer for itself.
async fn invite(
    conn: &mut Conn,
    now: NaiveDateTime,
    (by_lead, id, began): (&Viewer, ProjectId, NaiveDateTime),
    plan: &Plan,
) -> Result<()> {
    for (nth, (code, role, fate)) in (1..).zip(plan.invited) {
        let (own, by_own) = body(conn, now, code).await?;
        let granted = leads(conn, by_lead, id).await?;
        let new = Proposal {
            project: id,
            organisation: own,
            role: *role,
            message: Some("You said that you have this problem, too. Solve it with us."),
            by: Side::Project,
        };
        let invited = participation::propose(conn, &granted, began, new).await?;
        let (accept, reason) = match fate {
            Accepts => (true, None),
            Declines(why) => (false, Some(*why)),
            Waits => continue,
        };
        let granted = by_own.may(Action::TakePart, About::Organisation(own))?;
        let answer = Answer {
            project: id,
            id: invited.id,
            accept,
            reason,
            seen: None,
        };
        participation::answer(conn, &granted, began + Days::new(nth), answer).await?;
    }
    Ok(())
}

/// Publishes what a project made, if it made something.
async fn publish(
    conn: &mut Conn,
    by_lead: &Viewer,
    at: NaiveDateTime,
    id: ProjectId,
    plan: &Plan,
) -> Result<()> {
    let Some((title, kind, readiness, standard)) = plan.output else {
        return Ok(());
    };
    let standard = match standard {
        None => None,
        Some(slug) => {
            let row = store::standard::by_slug(conn, slug).await?;
            Some(row.ok_or_else(|| Error::not_found("standard", slug))?.id)
        }
    };
    let team = project::team(conn, id).await?;
    let granted = by_lead.may_in(Action::WorkOnProject, &team)?;
    let said = output::Said {
        title: Some(title),
        kind: Some(kind),
        url: Some("https://example.org/made-up"),
        licence: Some(if kind == OutputKind::Code {
            "MIT"
        } else {
            "OGL-UK-3.0"
        }),
        readiness: Some(readiness),
        standard,
        ..output::Said::default()
    };
    output::publish(conn, &granted, at, id, said).await?;
    Ok(())
}

async fn enter(
    conn: &mut Conn,
    granted: &Granted,
    at: NaiveDateTime,
    id: ProjectId,
    to: Phase,
    reason: Option<&str>,
) -> Result<()> {
    let on: NaiveDate = at.date();
    let step = Step {
        to,
        reason,
        on: Some(on),
        seen: None,
    };
    match phase::change(conn, granted, at, id, step).await? {
        Moved::Done(_) => Ok(()),
        Moved::Held(failing) => Err(Error::internal(format!("{failing:?}"))),
    }
}

async fn leads(conn: &mut Conn, lead: &Viewer, id: ProjectId) -> Result<Granted> {
    let team = project::team(conn, id).await?;
    lead.may_in(Action::LeadProject, &team)
}

/// The body with this code, and a machine of its own that signs for it. Its secret is thrown away.
pub(crate) async fn body(
    conn: &mut Conn,
    now: NaiveDateTime,
    code: &str,
) -> Result<(OrganisationId, Viewer)> {
    let found = store::organisation::named(conn, code).await?;
    let body = found
        .ok_or_else(|| Error::not_found("organisation", code))?
        .id;
    let granted = Viewer::Operator.may(Action::IssueToken, About::Organisation(body))?;
    let secret_hash = Secret::Token.hash(&store::secret(Secret::Token)?)?;
    let name = "Made up for the demonstration";
    let new = NewToken {
        name,
        secret_hash: &secret_hash,
        role: Role::Signatory,
        organisation: Some(body),
        scopes: Scopes::usual(),
        expires_at: now + Days::new(1),
    };
    let id = store::token::issue(conn, &granted, now, &new).await?;
    let viewer = Viewer::Token {
        id,
        name: name.to_owned(),
        role: Role::Signatory,
        organisation: Some(body),
        scopes: Scopes::usual(),
        membership: None,
    };
    Ok((body, viewer))
}
