//! Tokens: machines' keys, of which only the hash is kept.

use crate::change::{self, Write};
use crate::conn::{OnTaken, internal};
use crate::membership::Membership;
use crate::schema::{membership, organisation, token};
use crate::{Conn, fresh};
use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::id::{MembershipId, OrganisationId, TokenId};
use domain::policy::{About, Action, Granted, Role, Scopes, Viewer};
use domain::session::is_to_be_noted;
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
    /// [`Secret::Token`](domain::token::Secret::Token)'s hash of its secret.
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
/// [`Error::Invalid`] when it has no name, or the role does not fit: the unit's roles have no organisation, all others
/// have one;
/// [`Error::Internal`] when the database fails.
pub async fn issue(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    new: &NewToken<'_>,
) -> Result<TokenId> {
    granted.require(Action::IssueToken)?;
    granted.covers(About::affairs_of(new.organisation))?;
    new.role.check_home(new.organisation)?;
    let name = domain::person::name(new.name)?;
    let row = Token {
        id: fresh(),
        name: name.ok_or_else(|| Error::invalid("name", "Say what the token is for."))?,
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

/// Who comes with a token that holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The token's id.
    pub token: TokenId,
    /// The viewer it makes.
    pub viewer: Viewer,
    /// Whether that it was used is to be noted, with [`touch`].
    pub touch: bool,
}

/// Finds the token with this hash, if it still holds at `now`: it is neither expired nor revoked, its organisation is
/// open, and the membership it was issued by has neither ended nor become less than the token.
///
/// # Errors
/// [`Error::Unauthenticated`] when there is none, or it holds no more; [`Error::Internal`] when the database fails.
pub async fn find(conn: &mut Conn, secret_hash: &str, now: NaiveDateTime) -> Result<Found> {
    let today = now.date();
    let found: Option<(Token, Option<Role>)> = on!(conn, c => token::table
        .left_join(organisation::table.on(token::organisation_id.eq(organisation::id.nullable())))
        .left_join(membership::table.on(token::membership_id.eq(membership::id.nullable())))
        .filter(token::secret_hash.eq(secret_hash))
        .filter(token::expires_at.gt(now))
        .filter(token::revoked_at.is_null())
        .filter(organisation::closed_on.is_null().or(organisation::closed_on.gt(today)))
        .filter(membership::to_on.is_null().or(membership::to_on.gt(today)))
        .select((Token::as_select(), membership::role.nullable()))
        .first(c)
        .await
        .optional())
    .map_err(internal)?;
    let (row, issuer) = found.ok_or(Error::Unauthenticated)?;
    if issuer.is_some_and(|issuer| row.role.is_above(issuer)) {
        return Err(Error::Unauthenticated);
    }
    Ok(Found {
        token: row.id,
        touch: is_to_be_noted(row.used_at, now),
        viewer: Viewer::Token {
            id: row.id,
            name: row.name,
            role: row.role,
            organisation: row.organisation_id,
            scopes: row.scopes,
            membership: row.membership_id,
        },
    })
}

/// The viewer that holds the secret with this hash, as [`find`] finds it.
///
/// # Errors
/// As [`find`].
pub async fn viewer(conn: &mut Conn, secret_hash: &str, now: NaiveDateTime) -> Result<Viewer> {
    Ok(find(conn, secret_hash, now).await?.viewer)
}

/// Notes that a token was used, at most once a minute. It leaves no row in the record: nothing of the sector changed.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn touch(conn: &mut Conn, id: TokenId, now: NaiveDateTime) -> Result<()> {
    let noted = now - domain::session::NOTED;
    on!(conn, c => diesel::update(token::table.find(id))
        .filter(token::used_at.is_null().or(token::used_at.le(noted)))
        .set(token::used_at.eq(now))
        .execute(c)
        .await)
    .map_err(internal)?;
    Ok(())
}

/// The token with this id.
///
/// # Errors
/// [`Error::NotFound`] when there is none; [`Error::Internal`] when the database fails.
pub async fn by_id(conn: &mut Conn, id: TokenId) -> Result<Token> {
    on!(conn, c => token::table.find(id).select(Token::as_select()).first(c).await.optional())
        .map_err(internal)?
        .ok_or_else(|| Error::not_found("token", id.to_string()))
}

/// Every token of an organisation, or of the unit, the newest first; those that hold no more as well.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn of_organisation(
    conn: &mut Conn,
    organisation: Option<OrganisationId>,
) -> Result<Vec<Token>> {
    on!(conn, c => {
        let all = token::table.select(Token::as_select()).order(token::id.desc()).into_boxed();
        of_home!(all, token::organisation_id, organisation).load(c).await
    })
    .map_err(internal)
}

/// Every token of everybody, the newest first; those that hold no more as well.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn all(conn: &mut Conn) -> Result<Vec<Token>> {
    on!(conn, c => token::table.select(Token::as_select()).order(token::id.desc()).load(c).await)
        .map_err(internal)
}

/// Revokes a token: it is over at once. One that was revoked before stays as it is.
///
/// # Errors
/// [`Error::NotFound`] when there is none; [`Error::Stale`] when it is not at the version that the caller expects;
/// [`Error::Internal`] when the database fails.
pub async fn revoke(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    id: TokenId,
    expected_version: Option<i64>,
) -> Result<Token> {
    granted.require(Action::RevokeToken)?;
    let before = by_id(conn, id).await?;
    granted.covers(About::affairs_of(before.organisation_id))?;
    if expected_version.is_some_and(|expected| expected != before.version) {
        return Err(Error::Stale {
            current: before.version,
        });
    }
    revoke_all(conn, granted, now, vec![before]).await?;
    by_id(conn, id).await
}

/// Revokes the tokens that were issued by memberships which are now like this: all of those that ended, and otherwise
/// those that may do more than the holder.
pub(crate) async fn end_with(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    memberships: &[Membership],
) -> Result<()> {
    let ids: Vec<MembershipId> = memberships.iter().map(|one| one.id).collect();
    let mut rows: Vec<Token> = on!(conn, c => token::table
        .filter(token::membership_id.eq_any(&ids))
        .filter(token::revoked_at.is_null())
        .select(Token::as_select())
        .load(c)
        .await)
    .map_err(internal)?;
    let over = |token: &Token, issuer: &Membership| {
        !issuer.holds(now.date()) || token.role.is_above(issuer.role)
    };
    rows.retain(|token| {
        let issuer = memberships
            .iter()
            .find(|one| Some(one.id) == token.membership_id);
        issuer.is_some_and(|issuer| over(token, issuer))
    });
    revoke_all(conn, granted, now, rows).await
}

/// Revokes those of these tokens that nobody revoked meanwhile.
async fn revoke_all(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    before: Vec<Token>,
) -> Result<()> {
    let ids: Vec<TokenId> = before.iter().map(|row| row.id).collect();
    let after: Vec<Token> = on!(conn, c => diesel::update(token::table)
        .filter(token::id.eq_any(&ids))
        .filter(token::revoked_at.is_null())
        .set((token::revoked_at.eq(now), token::version.eq(token::version + 1)))
        .returning(Token::as_returning())
        .get_results(c)
        .await)
    .map_err(internal)?;
    let writes = after.iter().map(|after| Write {
        kind: "token",
        id: after.id.to_string(),
        about: after.organisation_id,
        before: before.iter().find(|before| before.id == after.id),
        after: Some(after),
    });
    change::record_all(conn, granted, now, writes).await
}
