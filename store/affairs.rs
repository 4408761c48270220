//! The affairs of many organisations at once, for lists of them: a statement for each kind of thing.

use crate::Conn;
use crate::conn::internal;
use crate::invitation::Invitation;
use crate::notice::Notice;
use crate::schema::{invitation, notice, token};
use crate::token::Token;
use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::Result;
use domain::id::OrganisationId;
use domain::membership::InvitationState;

/// The open invitations of these organisations, the oldest first.
///
/// # Errors
/// [`domain::Error::Internal`] when the database fails.
pub async fn invitations(
    conn: &mut Conn,
    organisations: &[OrganisationId],
    now: NaiveDateTime,
) -> Result<Vec<Invitation>> {
    on!(conn, c => invitation::table
        .filter(invitation::organisation_id.eq_any(organisations))
        .filter(invitation::state.eq(InvitationState::Pending))
        .filter(invitation::expires_at.gt(now))
        .select(Invitation::as_select())
        .order(invitation::id.asc())
        .load(c)
        .await)
    .map_err(internal)
}

/// Every token of these organisations, the newest first; those that hold no more as well.
///
/// # Errors
/// [`domain::Error::Internal`] when the database fails.
pub async fn tokens(conn: &mut Conn, organisations: &[OrganisationId]) -> Result<Vec<Token>> {
    on!(conn, c => token::table
        .filter(token::organisation_id.eq_any(organisations))
        .select(Token::as_select())
        .order(token::id.desc())
        .load(c)
        .await)
    .map_err(internal)
}

/// Every notice to these organisations, the newest first.
///
/// # Errors
/// [`domain::Error::Internal`] when the database fails.
pub async fn notices(conn: &mut Conn, organisations: &[OrganisationId]) -> Result<Vec<Notice>> {
    on!(conn, c => notice::table
        .filter(notice::organisation_id.eq_any(organisations))
        .select(Notice::as_select())
        .order(notice::id.desc())
        .load(c)
        .await)
    .map_err(internal)
}
