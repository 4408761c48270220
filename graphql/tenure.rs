//! Changing a member's role, and ending a membership.

use crate::asked::Asked;
use crate::done::Done;
use crate::error::Result;
use crate::input;
use crate::membership::{Membership, Memberships};
use crate::receipt::{self, Sent, Work};
use crate::roles::Role;
use crate::user_error::UserError;
use async_graphql::{ID, InputObject, SimpleObject};
use chrono::NaiveDateTime;
use domain::policy::{About, Action, Viewer};
use std::sync::Arc;
use store::Conn;

/// Which member gets which role.
#[derive(InputObject)]
pub struct ChangeMembershipInput {
    /// The membership's id.
    membership: ID,
    /// What the person is to be from now on.
    role: Role,
    /// The version you saw: when it has moved on, nothing is done and the error says which it is now.
    expected_version: i64,
    /// Why, for the record.
    reason: Option<String>,
    /// Up to 100 characters of your choice: sent again with the same input, it gives the first answer again.
    idempotency_key: Option<String>,
}

/// Which membership ends.
#[derive(InputObject)]
pub struct EndMembershipInput {
    /// The membership's id.
    membership: ID,
    /// The version you saw: when it has moved on, nothing is done and the error says which it is now.
    expected_version: i64,
    /// Why, for the record.
    reason: Option<String>,
    /// Up to 100 characters of your choice: sent again with the same input, it gives the first answer again.
    idempotency_key: Option<String>,
}

/// What came of a membership.
#[derive(SimpleObject)]
pub struct MembershipPayload {
    /// The membership; null when there are errors, or an invitation was declined.
    membership: Option<Membership>,
    /// What has to be mended in the input.
    user_errors: Vec<UserError>,
}

pub(crate) async fn payload(asked: &Arc<Asked>, done: Done) -> Result<MembershipPayload> {
    Ok(MembershipPayload {
        membership: Memberships::find(asked, done.id()?).await?,
        user_errors: done.user_errors,
    })
}

/// Changes a member's role.
///
/// # Errors
/// `UNAUTHENTICATED` and `FORBIDDEN` for want of the right; `CONFLICT` when it moved on or is over.
pub(crate) async fn change_membership(
    asked: &Arc<Asked>,
    input: ChangeMembershipInput,
) -> Result<MembershipPayload> {
    let sent = Sent::new("changeMembership", &input, &input.idempotency_key);
    let viewer = asked.viewer.clone();
    let done = receipt::answer(asked, sent, Change { viewer, input }).await?;
    payload(asked, done).await
}

struct Change {
    viewer: Viewer,
    input: ChangeMembershipInput,
}

impl Work for Change {
    type Answer = Done;

    async fn run(&self, conn: &mut Conn, now: NaiveDateTime) -> domain::Result<Done> {
        let Self { viewer, input } = self;
        let id = input::membership(&input.membership)?;
        let row = store::membership::by_id(conn, id).await?;
        let home = About::affairs_of(row.organisation_id);
        let granted = viewer
            .may(Action::ManageMembers, home)?
            .because(input::reason(input.reason.as_deref())?);
        let role = domain::policy::Role::from(input.role);
        let version = input.expected_version;
        store::membership::change_role(conn, &granted, now, id, version, role).await?;
        Ok(Done::with(id))
    }
}

/// Ends a membership: one's own, or that of somebody whose membership one manages.
///
/// # Errors
/// `UNAUTHENTICATED` and `FORBIDDEN` for want of the right; `CONFLICT` when it moved on or is over.
pub(crate) async fn end_membership(
    asked: &Arc<Asked>,
    input: EndMembershipInput,
) -> Result<MembershipPayload> {
    let sent = Sent::new("endMembership", &input, &input.idempotency_key);
    let viewer = asked.viewer.clone();
    let done = receipt::answer(asked, sent, End { viewer, input }).await?;
    payload(asked, done).await
}

struct End {
    viewer: Viewer,
    input: EndMembershipInput,
}

impl Work for End {
    type Answer = Done;

    async fn run(&self, conn: &mut Conn, now: NaiveDateTime) -> domain::Result<Done> {
        let Self { viewer, input } = self;
        let id = input::membership(&input.membership)?;
        let row = store::membership::by_id(conn, id).await?;
        let home = About::affairs_of(row.organisation_id);
        let granted = viewer
            .may(Action::Leave, About::Person(row.person_id))
            .or_else(|_| viewer.may(Action::ManageMembers, home))?
            .because(input::reason(input.reason.as_deref())?);
        store::membership::end(conn, &granted, now, row.id, input.expected_version).await?;
        Ok(Done::with(row.id))
    }
}
