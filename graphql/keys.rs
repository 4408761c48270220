//! Issuing and revoking the keys of machines.

use crate::asked::Asked;
use crate::done::Done;
use crate::error::Result;
use crate::input;
use crate::receipt::{self, Sent, Work};
use crate::roles::{Role, Scope};
use crate::token::Token;
use crate::user_error::UserError;
use async_graphql::{ID, InputObject, SimpleObject};
use chrono::NaiveDateTime;
use domain::policy::{About, Action, Scopes, Viewer};
use domain::token::{DEFAULT_DAYS, Secret};
use domain::{Error, person};
use std::sync::Arc;
use store::Conn;
use store::token::NewToken;

/// The most days a token holds.
const MOST_DAYS: i64 = 3_650;

/// What token is to be issued.
#[derive(InputObject)]
pub struct IssueTokenInput {
    /// The organisation it acts for: its slug or a code, such as `E07000223`; left out for the unit's own.
    organisation: Option<String>,
    /// What it is for, so that it can be told from others.
    name: String,
    /// The role it holds.
    role: Role,
    /// The part of its role's rights that it is made for; all but `MANAGE` if left out.
    scopes: Option<Vec<Scope>>,
    /// How many days it holds, 1 to 3,650.
    #[graphql(default_with = "Some(DEFAULT_DAYS)")]
    days: Option<i64>,
    /// Up to 100 characters of your choice: sent again with the same input, it gives the first answer again, without
    /// the secret.
    idempotency_key: Option<String>,
}

/// Which token is revoked.
#[derive(InputObject)]
pub struct RevokeTokenInput {
    /// The token's id.
    token: ID,
    /// The version you saw: when it has moved on, nothing is done and the error says which it is now. Left out, it is
    /// revoked whatever its version: a leaked key does not wait.
    expected_version: Option<i64>,
    /// Why, for the record.
    reason: Option<String>,
    /// Up to 100 characters of your choice: sent again with the same input, it gives the first answer again.
    idempotency_key: Option<String>,
}

/// What came of issuing a token.
#[derive(SimpleObject)]
pub struct IssueTokenPayload {
    /// The token; null when there are errors.
    token: Option<Token>,
    /// Its secret, shown now and never again: keep it like a password. Null when the answer is given again.
    secret: Option<String>,
    /// What has to be mended in the input.
    user_errors: Vec<UserError>,
}

/// What came of revoking a token.
#[derive(SimpleObject)]
pub struct TokenPayload {
    /// The token; null when there are errors.
    token: Option<Token>,
    /// What has to be mended in the input.
    user_errors: Vec<UserError>,
}

/// Issues a token.
///
/// # Errors
/// `UNAUTHENTICATED` and `FORBIDDEN` for want of the right; `CONFLICT` for a key that came with another input.
pub(crate) async fn issue_token(
    asked: &Arc<Asked>,
    input: IssueTokenInput,
) -> Result<IssueTokenPayload> {
    let sent = Sent::new("issueToken", &input, &input.idempotency_key);
    let viewer = asked.viewer.clone();
    let done = receipt::answer(asked, sent, Issue { viewer, input }).await?;
    Ok(IssueTokenPayload {
        token: Token::find(asked, done.id()?).await?,
        secret: done.secret,
        user_errors: done.user_errors,
    })
}

struct Issue {
    viewer: Viewer,
    input: IssueTokenInput,
}

impl Work for Issue {
    type Answer = Done;

    async fn run(&self, conn: &mut Conn, now: NaiveDateTime) -> domain::Result<Done> {
        let Self { viewer, input } = self;
        let home = input::home(conn, input.organisation.as_deref()).await?;
        let granted = viewer.may(Action::IssueToken, About::affairs_of(home))?;
        let scopes = match &input.scopes {
            Some(scopes) => Scopes::new(scopes.iter().copied().map(Into::into))?,
            None => Scopes::usual(),
        };
        viewer.check_passing_on(&scopes)?;
        let unnamed = || Error::invalid("name", "Say what the token is for.");
        let name = person::name(&input.name)?.ok_or_else(unnamed)?;
        let days = input::days(input.days.unwrap_or(DEFAULT_DAYS), MOST_DAYS)?;
        let secret = store::secret(Secret::Token)?;
        let secret_hash = Secret::Token.hash(&secret)?;
        let new = NewToken {
            name: &name,
            secret_hash: &secret_hash,
            role: input.role.into(),
            organisation: home,
            scopes,
            expires_at: now + days,
        };
        let id = store::token::issue(conn, &granted, now, &new).await?;
        Ok(Done::with(id).showing(secret))
    }
}

/// Revokes a token.
///
/// # Errors
/// `UNAUTHENTICATED` and `FORBIDDEN` for want of the right; `CONFLICT` when it moved on.
pub(crate) async fn revoke_token(
    asked: &Arc<Asked>,
    input: RevokeTokenInput,
) -> Result<TokenPayload> {
    let sent = Sent::new("revokeToken", &input, &input.idempotency_key);
    let viewer = asked.viewer.clone();
    let done = receipt::answer(asked, sent, Revoke { viewer, input }).await?;
    Ok(TokenPayload {
        token: Token::find(asked, done.id()?).await?,
        user_errors: done.user_errors,
    })
}

struct Revoke {
    viewer: Viewer,
    input: RevokeTokenInput,
}

impl Work for Revoke {
    type Answer = Done;

    async fn run(&self, conn: &mut Conn, now: NaiveDateTime) -> domain::Result<Done> {
        let Self { viewer, input } = self;
        let id = input::token(&input.token)?;
        let row = store::token::by_id(conn, id).await?;
        let granted = viewer
            .may(Action::RevokeToken, About::affairs_of(row.organisation_id))?
            .because(input::reason(input.reason.as_deref())?);
        store::token::revoke(conn, &granted, now, id, input.expected_version).await?;
        Ok(Done::with(id))
    }
}
