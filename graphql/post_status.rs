//! Posting the status of a project.

use crate::asked::Asked;
use crate::done::Done;
use crate::error::Result;
use crate::id::Key;
use crate::input;
use crate::project::Project;
use crate::projects::Projects;
use crate::receipt::{self, Sent, Work};
use crate::status::{StatusUpdate, Updates};
use crate::status_words::{AskKind, Rag};
use crate::user_error::UserError;
use async_graphql::{ID, InputObject, SimpleObject};
use chrono::NaiveDateTime;
use domain::Error;
use domain::id::{ProjectId, StatusId};
use domain::policy::{Action, Viewer};
use domain::status::Draft;
use std::sync::Arc;
use store::Conn;
use store::status::NewStatus;

/// What a project says of itself. What is left out is as in the last update; the first needs all four colours and a
/// headline.
#[derive(InputObject)]
pub struct PostStatusInput {
    /// The project: its id or its address.
    project: ID,
    /// Whether it will deliver what it is to deliver.
    delivery: Option<Rag>,
    /// Whether its money will do.
    money: Option<Rag>,
    /// Whether it has the people.
    people: Option<Rag>,
    /// Whether others will use what it makes.
    reuse: Option<Rag>,
    /// The news in one sentence, at most 200 characters.
    headline: Option<String>,
    /// What comes next, at most 500 characters; empty when nothing does.
    next_step: Option<String>,
    /// That nothing changed: the last update is said once more, and that counts as an update.
    #[graphql(default)]
    unchanged: bool,
    /// What the project asks of others: it goes to those who may help.
    ask: Option<AskInput>,
    /// The update of the same project that this one puts right; what is left out is as in that.
    corrects: Option<ID>,
    /// Up to 100 characters of your choice: sent again with the same input, it gives the first answer again.
    idempotency_key: Option<String>,
}

/// What a project asks of others.
#[derive(InputObject)]
pub struct AskInput {
    /// Which kind of help.
    kind: AskKind,
    /// What for, in words: at most 1,000 characters.
    text: String,
}

/// What came of posting a status.
#[derive(SimpleObject)]
pub struct PostStatusPayload {
    /// The update; null when there are errors.
    status_update: Option<StatusUpdate>,
    /// The project as it is now; null when there are errors.
    project: Option<Project>,
    /// What has to be mended in the input.
    user_errors: Vec<UserError>,
}

/// Posts the status of a project.
///
/// # Errors
/// `UNAUTHENTICATED` and `FORBIDDEN` for want of the right; `CONFLICT` when the project is over, the corrected update was
/// corrected, or the key came with another input.
pub(crate) async fn post_status(
    asked: &Arc<Asked>,
    input: PostStatusInput,
) -> Result<PostStatusPayload> {
    let sent = Sent::new("postStatus", &input, &input.idempotency_key);
    let viewer = asked.viewer.clone();
    let done = receipt::answer(asked, sent, Post { viewer, input }).await?;
    let (mut status_update, mut project) = (None, None);
    if let Some(id) = done.text() {
        // Its id names the project, too.
        if let Key::StatusUpdate(of, id) = Key::parse("statusUpdate", id)? {
            let asked = asked.renewed();
            status_update = Updates::named(&asked, &[(of, id)]).await?.find((of, id));
            project = Projects::named(&asked, [of]).find(of).await?;
        }
    }
    Ok(PostStatusPayload {
        status_update,
        project,
        user_errors: done.user_errors,
    })
}

struct Post {
    viewer: Viewer,
    input: PostStatusInput,
}

impl Post {
    /// What is posted, in the sector's words.
    fn parse(&self, project: ProjectId) -> domain::Result<NewStatus> {
        let input = &self.input;
        let corrects = input.corrects.as_ref().map(|id| corrected(project, id));
        Ok(NewStatus {
            draft: Draft {
                delivery: input.delivery.map(Into::into),
                money: input.money.map(Into::into),
                people: input.people.map(Into::into),
                reuse: input.reuse.map(Into::into),
                headline: input.headline.clone(),
                next_step: input.next_step.clone(),
                unchanged: input.unchanged,
            },
            ask: input
                .ask
                .as_ref()
                .map(|ask| (ask.kind.into(), ask.text.clone())),
            corrects: corrects.transpose()?,
        })
    }
}

/// The update of this project with this id.
fn corrected(project: ProjectId, id: &ID) -> domain::Result<StatusId> {
    match Key::parse("corrects", id) {
        Ok(Key::StatusUpdate(of, id)) if of == project => Ok(id),
        _ => Err(Error::invalid(
            "corrects",
            "This is not the id of an update of this project; take one from `statusUpdates`.",
        )),
    }
}

impl Work for Post {
    type Answer = Done;

    async fn run(&self, conn: &mut Conn, now: NaiveDateTime) -> domain::Result<Done> {
        let project = input::project_to_post(conn, &self.input.project).await?;
        let team = store::project::team(conn, project.id).await?;
        let granted = self.viewer.may_in(Action::PostStatus, &team)?;
        let new = self.parse(project.id)?;
        let row = store::status::post(conn, &granted, now, &project, &new).await?;
        Ok(Done::with(Key::StatusUpdate(row.project_id, row.id).id().0))
    }
}
