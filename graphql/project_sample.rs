//! Projects for tests, made by the bodies that work on them: Ash leads, Dale is a partner.

use crate::people_sample::every_scope;
use domain::id::{OrganisationId, ProjectId};
use domain::participation::{ParticipationRole, Side};
use domain::policy::{About, Action, Role, Viewer};
use store::participation::{Answer, Participation, Proposal};
use store::project::{NewProject, Project};
use store::{Conn, Store};

/// The body at an address.
pub(crate) async fn body(store: &Store, slug: &str) -> OrganisationId {
    let mut conn = store.read().await.unwrap();
    let row = store::organisation::by_slug(&mut conn, slug).await.unwrap();
    row.unwrap().id
}

/// A machine of a body with the rights of a signatory.
pub(crate) fn signatory(body: OrganisationId) -> Viewer {
    Viewer::Token {
        id: store::fresh(),
        name: "signatory of a test".to_owned(),
        role: Role::Signatory,
        organisation: Some(body),
        scopes: every_scope(),
        membership: None,
    }
}

/// A project that a body starts.
pub(crate) async fn started(store: &Store, lead: &str, title: &str) -> Project {
    let lead = body(store, lead).await;
    let start = async |conn: &mut Conn| {
        let own = About::Organisation(lead);
        let granted = signatory(lead).may(Action::StartProject, own)?;
        let new = NewProject {
            title,
            summary: "What it does.",
            url: None,
            problems: &[],
            cadence_days: 14,
            started_on: store::now().date(),
        };
        store::project::start(conn, &granted, store::now(), lead, &new).await
    };
    store.write(start).await.unwrap()
}

/// What one side proposes: the lead invites, the body asks.
pub(crate) async fn proposed(
    store: &Store,
    project: &Project,
    own: &str,
    role: ParticipationRole,
    by: Side,
) -> Participation {
    let own = body(store, own).await;
    let propose = async |conn: &mut Conn| {
        let granted = match by {
            Side::Organisation => {
                signatory(own).may(Action::AskToJoin, About::Organisation(own))?
            }
            Side::Project => {
                let team = store::project::team(conn, project.id).await?;
                signatory(team.lead.unwrap()).may_in(Action::LeadProject, &team)?
            }
        };
        let new = Proposal {
            project: project.id,
            organisation: own,
            role,
            message: None,
            by,
        };
        store::participation::propose(conn, &granted, store::now(), new).await
    };
    store.write(propose).await.unwrap()
}

/// What an invited body accepts.
pub(crate) async fn accepted(store: &Store, part: &Participation) -> Participation {
    let accept = async |conn: &mut Conn| {
        let own = About::Organisation(part.organisation_id);
        let granted = signatory(part.organisation_id).may(Action::TakePart, own)?;
        let answer = Answer {
            project: part.project_id,
            id: part.id,
            accept: true,
            reason: None,
            seen: None,
        };
        store::participation::answer(conn, &granted, store::now(), answer).await
    };
    store.write(accept).await.unwrap()
}

/// A project that Ash leads and on which Dale works.
pub(crate) async fn shared(store: &Store, title: &str) -> Project {
    let project = started(store, "ash", title).await;
    let role = ParticipationRole::Partner;
    let asked = proposed(store, &project, "dale", role, Side::Project).await;
    accepted(store, &asked).await;
    project
}

/// The part that a body has in a project today.
pub(crate) async fn part(store: &Store, project: ProjectId, own: &str) -> Participation {
    let own = body(store, own).await;
    let mut conn = store.read().await.unwrap();
    let rows = store::participation::of(&mut conn, &[project])
        .await
        .unwrap();
    let mut rows = rows.into_iter();
    rows.rfind(|row| row.organisation_id == own && row.state.stands())
        .unwrap()
}
