//! Inviting people to act for an organisation or the unit, and taking an invitation back.

use crate::asked::Asked;
use crate::done::Done;
use crate::error::Result;
use crate::input;
use crate::invitation::Invitation;
use crate::receipt::{self, Sent, Work};
use crate::roles::Role;
use crate::scalar::Date;
use crate::user_error::UserError;
use async_graphql::{ID, InputObject, SimpleObject};
use chrono::NaiveDateTime;
use domain::membership::INVITATION_DAYS;
use domain::policy::Viewer;
use domain::token::Secret;
use std::sync::Arc;
use store::Conn;
use store::invitation::NewInvitation;

/// The most days an invitation can be answered.
const MOST_DAYS: i64 = 90;

/// Whom to invite to what.
#[derive(InputObject)]
pub struct InviteMemberInput {
    /// The organisation: its slug or a code, such as `E07000223`; left out for the unit's own.
    organisation: Option<String>,
    /// What the person is to be there.
    role: Role,
    /// Whom it is for: only who signs in with this verified address may answer it without the link. Left out, it is for
    /// whoever has the link.
    email: Option<String>,
    /// How many days it can be answered, 1 to 90.
    #[graphql(default_with = "Some(INVITATION_DAYS)")]
    days: Option<i64>,
    /// The first day the membership will no longer hold, UTC; left out when no end is meant.
    until: Option<Date>,
    /// Up to 100 characters of your choice: sent again with the same input, it gives the first answer again.
    idempotency_key: Option<String>,
}

/// Which invitation is taken back.
#[derive(InputObject)]
pub struct WithdrawInvitationInput {
    /// The invitation's id.
    invitation: ID,
    /// The version you saw: when it has moved on, nothing is done and the error says which it is now.
    expected_version: i64,
    /// Up to 100 characters of your choice: sent again with the same input, it gives the first answer again.
    idempotency_key: Option<String>,
}

/// What came of inviting somebody, or of taking it back.
#[derive(SimpleObject)]
pub struct InvitationPayload {
    /// The invitation; null when there are errors.
    invitation: Option<Invitation>,
    /// The secret of its link, shown now and never again; null when the answer is given again.
    secret: Option<String>,
    /// What has to be mended in the input.
    user_errors: Vec<UserError>,
}

async fn payload(asked: &Arc<Asked>, done: Done) -> Result<InvitationPayload> {
    Ok(InvitationPayload {
        invitation: Invitation::find(asked, done.id()?).await?,
        secret: done.secret,
        user_errors: done.user_errors,
    })
}

/// Invites somebody.
///
/// # Errors
/// `UNAUTHENTICATED` and `FORBIDDEN` for want of the right; `CONFLICT` for a lead where there is one, or a key that came
/// with another input.
pub(crate) async fn invite_member(
    asked: &Arc<Asked>,
    input: InviteMemberInput,
) -> Result<InvitationPayload> {
    let sent = Sent::new("inviteMember", &input, &input.idempotency_key);
    let viewer = asked.viewer.clone();
    let done = receipt::answer(asked, sent, Invite { viewer, input }).await?;
    payload(asked, done).await
}

struct Invite {
    viewer: Viewer,
    input: InviteMemberInput,
}

impl Work for Invite {
    type Answer = Done;

    async fn run(&self, conn: &mut Conn, now: NaiveDateTime) -> domain::Result<Done> {
        let Self { viewer, input } = self;
        let home = input::home(conn, input.organisation.as_deref()).await?;
        let role = domain::policy::Role::from(input.role);
        let granted = viewer.may_invite(role, home)?;
        let days = input::days(input.days.unwrap_or(INVITATION_DAYS), MOST_DAYS)?;
        let secret = store::secret(Secret::Invitation)?;
        let secret_hash = Secret::Invitation.hash(&secret)?;
        let new = NewInvitation {
            organisation: home,
            role,
            email: input.email.clone(),
            secret_hash: &secret_hash,
            until_on: input.until.map(|day| day.0),
            expires_at: now + days,
        };
        let invitation = store::invitation::invite(conn, &granted, now, &new).await?;
        Ok(Done::with(invitation.id).showing(secret))
    }
}

/// Takes an invitation back.
///
/// # Errors
/// `UNAUTHENTICATED` and `FORBIDDEN` for want of the right; `CONFLICT` when it moved on or was answered.
pub(crate) async fn withdraw_invitation(
    asked: &Arc<Asked>,
    input: WithdrawInvitationInput,
) -> Result<InvitationPayload> {
    let sent = Sent::new("withdrawInvitation", &input, &input.idempotency_key);
    let viewer = asked.viewer.clone();
    let done = receipt::answer(asked, sent, Withdraw { viewer, input }).await?;
    payload(asked, done).await
}

struct Withdraw {
    viewer: Viewer,
    input: WithdrawInvitationInput,
}

impl Work for Withdraw {
    type Answer = Done;

    async fn run(&self, conn: &mut Conn, now: NaiveDateTime) -> domain::Result<Done> {
        let Self { viewer, input } = self;
        let id = input::invitation(&input.invitation)?;
        let row = store::invitation::by_id(conn, id).await?;
        let granted = viewer.may_withdraw(row.organisation_id, row.by_unit)?;
        store::invitation::withdraw(conn, &granted, now, id, input.expected_version).await?;
        Ok(Done::with(id))
    }
}
