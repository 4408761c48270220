//! Tokens: machines' keys, of which only the hash is kept.

use crate::change::{self, Write};
use crate::conn::{OnTaken, internal};
use crate::schema::{membership, organisation, token};
use crate::{Conn, fresh};
use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::id::{MembershipId, OrganisationId, TokenId};
use domain::policy::{Action, Granted, Role, Scopes, Viewer};
use domain::{Error, Result};
use serde::Serialize;

/// A machine's key, without its secret.
#[derive(Queryable, Selectable, Insertable, Debug, Clone, Serialize)]
#[diesel(table_name = token, treat_none_as_default_value = false)]
pub struct Token {
    /// Its id.
    pub id: TokenId,
    /// What it is for.
    pub name: String,
    #[serde(skip)]
    secret_hash: String,
    /// The role it holds.
    pub role: Role,
    /// The organisation it acts for; `None` for the unit.
    pub organisation_id: Option<OrganisationId>,
    /// When it was issued, UTC.
    pub created_at: NaiveDateTime,
    /// When it ends, UTC.
    pub expires_at: NaiveDateTime,
    /// When it was revoked, UTC.
    pub revoked_at: Option<NaiveDateTime>,
    /// What it was made for.
    pub scopes: Scopes,
    /// The membership whose holder issued it: the token dies with it. `None` when the operator issued it.
    pub membership_id: Option<MembershipId>,
    /// About when it was last used, UTC: noted at most once a minute.
    #[serde(skip)]
    pub used_at: Option<NaiveDateTime>,
    /// Goes up by one with every change.
    pub version: i64,
}

/// A token to be issued.
#[derive(Debug, Clone)]
pub struct NewToken<'a> {
    /// What it is for.
    pub name: &'a str,
    /// [`domain::token::hash`] of its secret.
    pub secret_hash: &'a str,
    /// The role it holds.
    pub role: Role,
    /// The organisation it acts for; `None` for the unit.
    pub organisation: Option<OrganisationId>,
    /// What it is made for.
    pub scopes: Scopes,
    /// When it ends, UTC.
    pub expires_at: NaiveDateTime,
}

/// Keeps a new token.
///
/// # Errors
/// [`Error::Invalid`] when the role does not fit: the unit's roles have no organisation, all others have one;
/// [`Error::Internal`] when the database fails.
pub async fn issue(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    new: &NewToken<'_>,
) -> Result<TokenId> {
    granted.require(Action::IssueToken)?;
    new.role.check_home(new.organisation)?;
    let row = Token {
        id: fresh(),
        name: new.name.to_owned(),
        secret_hash: new.secret_hash.to_owned(),
        role: new.role,
        organisation_id: new.organisation,
        created_at: now,
        expires_at: new.expires_at,
        revoked_at: None,
        scopes: new.scopes.clone(),
        membership_id: granted.membership(),
        used_at: None,
        version: 1,
    };
    on!(conn, c => diesel::insert_into(token::table).values(&row).execute(c).await)
        .on_taken("token", &row.name)?;
    let write = Write {
        kind: "token",
        id: row.id.to_string(),
        about: row.organisation_id,
        before: None,
        after: Some(&row),
    };
    change::record(conn, granted, now, write).await?;
    Ok(row.id)
}

/// The viewer that holds the secret with this hash, if the token still holds at `now`: it is neither expired nor
/// revoked, its organisation is open, and the membership it was issued by has not ended.
///
/// # Errors
/// [`Error::Unauthenticated`] when there is none, or it holds no more; [`Error::Internal`] when the database fails.
pub async fn viewer(conn: &mut Conn, secret_hash: &str, now: NaiveDateTime) -> Result<Viewer> {
    let today = now.date();
    let row: Option<Token> = on!(conn, c => token::table
        .left_join(organisation::table.on(token::organisation_id.eq(organisation::id.nullable())))
        .left_join(membership::table.on(token::membership_id.eq(membership::id.nullable())))
        .filter(token::secret_hash.eq(secret_hash))
        .filter(token::expires_at.gt(now))
        .filter(token::revoked_at.is_null())
        .filter(organisation::closed_on.is_null().or(organisation::closed_on.gt(today)))
        .filter(membership::to_on.is_null().or(membership::to_on.gt(today)))
        .select(Token::as_select())
        .first(c)
        .await
        .optional())
    .map_err(internal)?;
    let row = row.ok_or(Error::Unauthenticated)?;
    Ok(Viewer::Token {
        id: row.id,
        name: row.name,
        role: row.role,
        organisation: row.organisation_id,
        scopes: row.scopes,
        membership: row.membership_id,
    })
}
