//! Updates of projects for the store's tests.

use crate::project::Project;
use crate::project_sample::{in_project, own};
use crate::status::{self, NewStatus, StatusUpdate};
use crate::{Conn, Store, backing, now, project, revision};
use chrono::NaiveDateTime;
use domain::Result;
use domain::backing::Willingness;
use domain::id::{OrganisationId, ProblemId, ProjectId, StatusId};
use domain::policy::Action;
use domain::problem::NewText;
use domain::status::{Draft, Rag};

/// An update that says all: delivery in this colour and the rest green.
pub(crate) fn says(delivery: Rag, headline: &str) -> NewStatus {
    NewStatus {
        draft: Draft {
            delivery: Some(delivery),
            money: Some(Rag::Green),
            people: Some(Rag::Green),
            reuse: Some(Rag::Green),
            headline: Some(headline.to_owned()),
            next_step: None,
            unchanged: false,
        },
        ask: None,
        corrects: None,
    }
}

/// The same, in place of another.
pub(crate) fn instead_of(corrects: StatusId, delivery: Rag, headline: &str) -> NewStatus {
    NewStatus {
        corrects: Some(corrects),
        ..says(delivery, headline)
    }
}

/// Posts an update for a body at a moment.
pub(crate) async fn post_at(
    store: &Store,
    at: NaiveDateTime,
    body: OrganisationId,
    project: ProjectId,
    new: &NewStatus,
) -> Result<StatusUpdate> {
    store
        .write(async |conn| {
            let row = status::locked(conn, Some(project), "").await?;
            let granted = in_project(conn, body, Action::PostStatus, project).await?;
            status::post(conn, &granted, at, &row, new).await
        })
        .await
}

pub(crate) async fn post(
    store: &Store,
    body: OrganisationId,
    project: ProjectId,
    new: &NewStatus,
) -> Result<StatusUpdate> {
    post_at(store, now(), body, project, new).await
}

pub(crate) async fn row(store: &Store, id: ProjectId) -> Project {
    let mut conn = store.read().await.unwrap();
    project::by_id(&mut conn, id).await.unwrap()
}

/// A problem that one body raises and these back, in their order.
pub(crate) async fn backed(
    store: &Store,
    by: OrganisationId,
    backers: &[OrganisationId],
) -> ProblemId {
    let raise = async |conn: &mut Conn| {
        let text = NewText {
            title: "Planning files that nobody finds".to_owned(),
            summary: "They lie in four places.".to_owned(),
            ..NewText::default()
        };
        let granted = own(by, Action::RaiseProblem);
        let problem = revision::raise(conn, &granted, now(), Some(by), &text).await?;
        for body in backers {
            let granted = own(*body, Action::BackProblem);
            let place = (problem.id, *body);
            backing::back(conn, &granted, now(), place, (Willingness::Test, None)).await?;
        }
        Ok(problem.id)
    };
    store.write(raise).await.unwrap()
}
