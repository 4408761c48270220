//! Taking part in projects: inviting, asking, answering, taking back and leaving.

use crate::asked::Asked;
use crate::done::Done;
use crate::error::Result;
use crate::input;
use crate::participation::Participation;
use crate::project_words::ParticipationRole;
use crate::receipt::{self, Sent, Work};
use crate::user_error::UserError;
use async_graphql::{ID, InputObject, SimpleObject};
use chrono::NaiveDateTime;
use domain::id::{OrganisationId, ParticipationId, ProjectId};
use domain::participation::{Act, Side};
use domain::policy::{About, Action, Granted, Viewer};
use std::sync::Arc;
use store::Conn;
use store::participation::{Answer, Participation as Row, Proposal};

/// Which organisation is invited to which project.
#[derive(InputObject)]
pub struct InviteParticipantInput {
    /// The project: its id or address.
    project: ID,
    /// The organisation: its slug or a code.
    organisation: String,
    /// What it is to do there. Who accepts to lead takes over from the lead there is.
    #[graphql(default_with = "Some(ParticipationRole::Partner)")]
    role: Option<ParticipationRole>,
    /// What is said with it.
    message: Option<String>,
    /// Up to 100 characters of your choice: sent again with the same input, it gives the first answer again.
    idempotency_key: Option<String>,
}

/// Which organisation asks to take part in which project.
#[derive(InputObject)]
pub struct RequestParticipationInput {
    /// The project: its id or address.
    project: ID,
    /// The organisation that asks: its slug or a code; left out, the one you act for.
    organisation: Option<String>,
    /// What it wants to do there.
    #[graphql(default_with = "Some(ParticipationRole::Partner)")]
    role: Option<ParticipationRole>,
    /// What is said with it.
    message: Option<String>,
    /// Up to 100 characters of your choice: sent again with the same input, it gives the first answer again.
    idempotency_key: Option<String>,
}

/// How an invitation or a request is answered.
#[derive(InputObject)]
pub struct AnswerParticipationInput {
    /// The participation's id.
    participation: ID,
    /// Yes or no.
    accept: bool,
    /// Why, where you say so.
    reason: Option<String>,
    /// The version you saw: when it has moved on, nothing is done and the error says which it is now.
    expected_version: Option<i64>,
    /// Up to 100 characters of your choice: sent again with the same input, it gives the first answer again.
    idempotency_key: Option<String>,
}

/// Which invitation or request is taken back.
#[derive(InputObject)]
pub struct WithdrawParticipationInput {
    /// The participation's id.
    participation: ID,
    /// Why, where you say so.
    reason: Option<String>,
    /// The version you saw: when it has moved on, nothing is done and the error says which it is now.
    expected_version: Option<i64>,
    /// Up to 100 characters of your choice: sent again with the same input, it gives the first answer again.
    idempotency_key: Option<String>,
}

/// Which organisation leaves which project.
#[derive(InputObject)]
pub struct LeaveProjectInput {
    /// The participation's id.
    participation: ID,
    /// Why.
    reason: String,
    /// The version you saw: when it has moved on, nothing is done and the error says which it is now.
    expected_version: Option<i64>,
    /// Up to 100 characters of your choice: sent again with the same input, it gives the first answer again.
    idempotency_key: Option<String>,
}

/// What came of proposing, answering or ending a participation.
#[derive(SimpleObject)]
pub struct ParticipationPayload {
    /// The participation; null when there are errors.
    participation: Option<Participation>,
    /// What has to be mended in the input.
    user_errors: Vec<UserError>,
}

/// The key of a participation, as an answer keeps it.
struct Kept(ProjectId, ParticipationId);

impl std::str::FromStr for Kept {
    type Err = domain::Error;
    fn from_str(text: &str) -> domain::Result<Self> {
        let (project, id) = text.split_once('/').unwrap_or_default();
        Ok(Self(project.parse()?, id.parse()?))
    }
}

/// What somebody does about a participation.
enum Doing {
    Invite(InviteParticipantInput),
    Ask(RequestParticipationInput),
    Answer(AnswerParticipationInput),
    Withdraw(WithdrawParticipationInput),
    Leave(LeaveProjectInput),
}

struct Take {
    viewer: Viewer,
    doing: Doing,
}

async fn done(asked: &Arc<Asked>, sent: Sent, doing: Doing) -> Result<ParticipationPayload> {
    let viewer = asked.viewer.clone();
    let done = receipt::answer(asked, sent, Take { viewer, doing }).await?;
    let key = done.id::<Kept>()?.map(|Kept(project, id)| (project, id));
    Ok(ParticipationPayload {
        participation: Participation::find(asked, key).await?,
        user_errors: done.user_errors,
    })
}

/// Invites an organisation to a project.
///
/// # Errors
/// `UNAUTHENTICATED` and `FORBIDDEN` for want of the right; `CONFLICT` when it takes part or is asked already.
pub(crate) async fn invite(
    asked: &Arc<Asked>,
    input: InviteParticipantInput,
) -> Result<ParticipationPayload> {
    let sent = Sent::new("inviteParticipant", &input, &input.idempotency_key);
    done(asked, sent, Doing::Invite(input)).await
}

/// Asks for an organisation to take part in a project.
///
/// # Errors
/// As [`invite`].
pub(crate) async fn request(
    asked: &Arc<Asked>,
    input: RequestParticipationInput,
) -> Result<ParticipationPayload> {
    let sent = Sent::new("requestParticipation", &input, &input.idempotency_key);
    done(asked, sent, Doing::Ask(input)).await
}

/// Answers an invitation or a request.
///
/// # Errors
/// `UNAUTHENTICATED` and `FORBIDDEN` for want of the right; `CONFLICT` when it waits for no answer or moved on.
pub(crate) async fn answer(
    asked: &Arc<Asked>,
    input: AnswerParticipationInput,
) -> Result<ParticipationPayload> {
    let sent = Sent::new("answerParticipation", &input, &input.idempotency_key);
    done(asked, sent, Doing::Answer(input)).await
}

/// Takes an invitation or a request back.
///
/// # Errors
/// As [`answer`].
pub(crate) async fn withdraw(
    asked: &Arc<Asked>,
    input: WithdrawParticipationInput,
) -> Result<ParticipationPayload> {
    let sent = Sent::new("withdrawParticipation", &input, &input.idempotency_key);
    done(asked, sent, Doing::Withdraw(input)).await
}

/// Ends an organisation's part in a project.
///
/// # Errors
/// As [`answer`].
pub(crate) async fn leave(
    asked: &Arc<Asked>,
    input: LeaveProjectInput,
) -> Result<ParticipationPayload> {
    let sent = Sent::new("leaveProject", &input, &input.idempotency_key);
    done(asked, sent, Doing::Leave(input)).await
}

impl Work for Take {
    type Answer = Done;

    async fn run(&self, conn: &mut Conn, now: NaiveDateTime) -> domain::Result<Done> {
        let row = match &self.doing {
            Doing::Invite(input) => self.invite(conn, now, input).await,
            Doing::Ask(input) => self.ask(conn, now, input).await,
            Doing::Answer(input) => self.answer(conn, now, input).await,
            Doing::Withdraw(input) => self.withdraw(conn, now, input).await,
            Doing::Leave(input) => self.leave(conn, now, input).await,
        }?;
        Ok(Done::with(format!("{}/{}", row.project_id, row.id)))
    }
}

impl Take {
    async fn invite(
        &self,
        conn: &mut Conn,
        now: NaiveDateTime,
        input: &InviteParticipantInput,
    ) -> domain::Result<Row> {
        let project = input::project_named(conn, &input.project).await?;
        let granted = for_project(conn, &self.viewer, project).await?;
        let new = Proposal {
            project,
            organisation: input::organisation(conn, &input.organisation).await?,
            role: input.role.unwrap_or(ParticipationRole::Partner).into(),
            message: input.message.as_deref(),
            by: Side::Project,
        };
        store::participation::propose(conn, &granted, now, new).await
    }

    async fn ask(
        &self,
        conn: &mut Conn,
        now: NaiveDateTime,
        input: &RequestParticipationInput,
    ) -> domain::Result<Row> {
        let project = input::project_named(conn, &input.project).await?;
        let own = input::body(conn, &self.viewer, input.organisation.as_deref()).await?;
        let granted = may_own(&self.viewer, Action::AskToJoin, own)?;
        let new = Proposal {
            project,
            organisation: own,
            role: input.role.unwrap_or(ParticipationRole::Partner).into(),
            message: input.message.as_deref(),
            by: Side::Organisation,
        };
        store::participation::propose(conn, &granted, now, new).await
    }

    async fn answer(
        &self,
        conn: &mut Conn,
        now: NaiveDateTime,
        input: &AnswerParticipationInput,
    ) -> domain::Result<Row> {
        let (project, id) = input::participation(&input.participation)?;
        let row = store::participation::by_key(conn, project, id).await?;
        let granted = match row.state.side_of(Act::Accept)? {
            Side::Organisation => may_own(&self.viewer, Action::TakePart, row.organisation_id),
            Side::Project => {
                let team = store::project::team(conn, project).await?;
                self.viewer.may_in(Action::LeadProject, &team)
            }
        }?;
        let given = Answer {
            project,
            id,
            accept: input.accept,
            reason: input.reason.as_deref(),
            seen: input.expected_version,
        };
        store::participation::answer(conn, &granted, now, given).await
    }

    async fn withdraw(
        &self,
        conn: &mut Conn,
        now: NaiveDateTime,
        input: &WithdrawParticipationInput,
    ) -> domain::Result<Row> {
        let key = input::participation(&input.participation)?;
        let row = store::participation::by_key(conn, key.0, key.1).await?;
        let granted = match row.state.side_of(Act::Withdraw)? {
            Side::Organisation => may_own(&self.viewer, Action::AskToJoin, row.organisation_id)?,
            Side::Project => for_project(conn, &self.viewer, key.0).await?,
        };
        let (reason, seen) = (input.reason.as_deref(), input.expected_version);
        store::participation::withdraw(conn, &granted, now, key, reason, seen).await
    }

    async fn leave(
        &self,
        conn: &mut Conn,
        now: NaiveDateTime,
        input: &LeaveProjectInput,
    ) -> domain::Result<Row> {
        let key = input::participation(&input.participation)?;
        let row = store::participation::by_key(conn, key.0, key.1).await?;
        let granted = may_own(&self.viewer, Action::TakePart, row.organisation_id)?;
        let (reason, seen) = (input.reason.as_str(), input.expected_version);
        store::participation::leave(conn, &granted, now, key, reason, seen).await
    }
}

fn may_own(viewer: &Viewer, action: Action, own: OrganisationId) -> domain::Result<Granted> {
    viewer.may(action, About::Organisation(own))
}

/// The right to speak for a project: its lead's, or the unit's where it has none.
async fn for_project(
    conn: &mut Conn,
    viewer: &Viewer,
    project: ProjectId,
) -> domain::Result<Granted> {
    let team = store::project::team(conn, project).await?;
    let led = viewer.may_in(Action::LeadProject, &team);
    if led.is_ok() || team.lead.is_some() {
        return led;
    }
    viewer
        .may(Action::AppointLead, About::Project(project))
        .or(led)
}
