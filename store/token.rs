//! Tokens: machines' keys, of which only the hash is kept.

use crate::change::{self, Write};
use crate::conn::{OnTaken, internal};
use crate::schema::token;
use crate::{Conn, fresh};
use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::id::{OrganisationId, TokenId};
use domain::policy::{Action, Granted, Role, Viewer};
use domain::{Error, Result};
use serde::Serialize;

#[derive(Queryable, Selectable, Insertable, Debug, Clone, Serialize)]
#[diesel(table_name = token, treat_none_as_default_value = false)]
struct Token {
    id: TokenId,
    name: String,
    #[serde(skip)]
    secret_hash: String,
    role: Role,
    organisation_id: Option<OrganisationId>,
    created_at: NaiveDateTime,
    expires_at: NaiveDateTime,
    revoked_at: Option<NaiveDateTime>,
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
    if new.role.is_of_the_unit() == new.organisation.is_some() {
        return Err(Error::invalid(
            "role",
            if new.organisation.is_some() {
                "ANALYST and ADMIN act for the unit; leave the organisation out."
            } else {
                "EDITOR, SIGNATORY and LEAD act for an organisation; say which."
            },
        ));
    }
    let row = Token {
        id: fresh(),
        name: new.name.to_owned(),
        secret_hash: new.secret_hash.to_owned(),
        role: new.role,
        organisation_id: new.organisation,
        created_at: now,
        expires_at: new.expires_at,
        revoked_at: None,
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

/// The viewer that holds the secret with this hash, if the token still holds at `now`.
///
/// # Errors
/// [`Error::Unauthenticated`] when there is none, or it expired or was revoked; [`Error::Internal`] when the database
/// fails.
pub async fn viewer(conn: &mut Conn, secret_hash: &str, now: NaiveDateTime) -> Result<Viewer> {
    let row: Option<Token> = on!(conn, c => token::table
        .filter(token::secret_hash.eq(secret_hash))
        .select(Token::as_select())
        .first(c)
        .await
        .optional())
    .map_err(internal)?;
    match row {
        Some(row) if row.expires_at > now && row.revoked_at.is_none() => Ok(Viewer::Token {
            id: row.id,
            name: row.name,
            role: row.role,
            organisation: row.organisation_id,
        }),
        _ => Err(Error::Unauthenticated),
    }
}
