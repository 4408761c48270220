//! Projects for the store's tests, and who acts for the bodies in them.

use crate::gate;
use crate::participation::{Answer, Participation, Proposal, answer, propose};
use crate::phase::{self, Moved, Step};
use crate::project::{self, NewProject, Project, start};
use crate::{Conn, Store, fresh, now};
use domain::Result;
use domain::id::{OrganisationId, ParticipationId, ProblemId, ProjectId};
use domain::participation::{ParticipationRole, Side};
use domain::policy::{About, Action, Granted, Role, Scope, Scopes, Viewer};
use domain::project::Phase;

/// A machine of a body, or of the unit, with every scope.
pub(crate) fn machine(organisation: Option<OrganisationId>, role: Role) -> Viewer {
    Viewer::Token {
        id: fresh(),
        name: "of a test".to_owned(),
        role,
        organisation,
        scopes: Scopes::new(Scope::ALL.iter().copied()).unwrap(),
        membership: None,
    }
}

pub(crate) fn signatory(body: OrganisationId) -> Viewer {
    machine(Some(body), Role::Signatory)
}

/// The right of a body to do something for itself.
pub(crate) fn own(body: OrganisationId, action: Action) -> Granted {
    let about = About::Organisation(body);
    signatory(body).may(action, about).unwrap()
}

/// The right of a body to do something in a project, as who works on it today.
pub(crate) async fn in_project(
    conn: &mut Conn,
    body: OrganisationId,
    action: Action,
    project: ProjectId,
) -> Result<Granted> {
    let team = project::team(conn, project).await?;
    signatory(body).may_in(action, &team)
}

pub(crate) async fn started(
    store: &Store,
    lead: OrganisationId,
    title: &str,
    problems: &[ProblemId],
) -> Project {
    let begin = async |conn: &mut Conn| {
        let new = NewProject {
            title,
            summary: "What it does.",
            url: None,
            problems,
            cadence_days: 14,
            started_on: now().date(),
        };
        start(conn, &own(lead, Action::StartProject), now(), lead, &new).await
    };
    store.write(begin).await.unwrap()
}

/// An invitation by the lead.
pub(crate) async fn invited(
    store: &Store,
    project: &Project,
    body: OrganisationId,
    role: ParticipationRole,
) -> Result<Participation> {
    store
        .write(async |conn| {
            let lead = project::by_id(conn, project.id).await?.lead_id.unwrap();
            let granted = in_project(conn, lead, Action::LeadProject, project.id).await?;
            let new = Proposal {
                project: project.id,
                organisation: body,
                role,
                message: Some("Come."),
                by: Side::Project,
            };
            propose(conn, &granted, now(), new).await
        })
        .await
}

/// What the invited body answers.
pub(crate) async fn answered(
    store: &Store,
    part: &Participation,
    accept: bool,
) -> Result<Participation> {
    store
        .write(async |conn| {
            let granted = own(part.organisation_id, Action::TakePart);
            answer(conn, &granted, now(), yes(part.project_id, part.id, accept)).await
        })
        .await
}

pub(crate) fn yes(project: ProjectId, id: ParticipationId, accept: bool) -> Answer<'static> {
    Answer {
        project,
        id,
        accept,
        reason: None,
        seen: None,
    }
}

/// A step by the lead.
pub(crate) async fn moved(
    store: &Store,
    project: ProjectId,
    to: Phase,
    reason: Option<&str>,
) -> Result<Moved> {
    store
        .write(async |conn| {
            let lead = project::by_id(conn, project).await?.lead_id.unwrap();
            let granted = in_project(conn, lead, Action::LeadProject, project).await?;
            let step = Step {
                to,
                reason,
                on: None,
                seen: None,
            };
            phase::change(conn, &granted, now(), project, step).await
        })
        .await
}

/// Asks nothing of a project any more.
pub(crate) async fn ungated(store: &Store, project: ProjectId) {
    let drop_gates = async |conn: &mut Conn| {
        let lead = project::by_id(conn, project).await?.lead_id.unwrap();
        let granted = in_project(conn, lead, Action::LeadProject, project).await?;
        for row in gate::of(conn, &[project]).await? {
            gate::set(
                conn,
                &granted,
                now(),
                project,
                (row.phase, row.condition, 0),
            )
            .await?;
        }
        Ok(())
    };
    store.write(drop_gates).await.unwrap();
}
