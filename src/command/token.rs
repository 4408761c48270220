//! `token`: makes keys for machines, each shown once, lists them and revokes them.

use super::{organisation, plain, text};
use crate::terminal::{remark, say};
use chrono::{Duration, NaiveDateTime};
use clap::{Args, Subcommand};
use domain::id::TokenId;
use domain::policy::{About, Action, Role, Scope, Scopes, Viewer};
use domain::token::{self, Secret};
use std::collections::HashMap;
use store::Store;
use store::token::NewToken;

#[derive(Args, Debug)]
pub(super) struct Token {
    #[command(subcommand)]
    command: TokenCommand,
}

#[derive(Subcommand, Debug)]
enum TokenCommand {
    /// Makes a token and prints it; only its hash is kept, so it cannot be shown again.
    Issue(Issue),
    /// Lists tokens, the newest first: whose they are, what they are for and whether they hold.
    List(List),
    /// Revokes a token: it is over at once.
    Revoke(Revoke),
}

#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  manyhands token issue --name 'website of Adur' --role EDITOR --organisation E07000223 --scope ADOPTION\n  manyhands token issue --name nightly --role ADMIN --scope READ --scope JOBS --days 90"
)]
struct Issue {
    /// What the token is for, so that it can be told from others.
    #[arg(long, value_parser = text)]
    name: String,
    /// EDITOR, SIGNATORY or LEAD for an organisation; ANALYST or ADMIN for the unit.
    #[arg(long)]
    role: Role,
    /// The organisation it acts for: its slug, or a code such as E07000223.
    #[arg(long, value_name = "CODE")]
    organisation: Option<String>,
    /// What it may do of all that its role may: READ, STATUS, PROJECTS, SIGN, ADOPTION, IMPORT, JOBS, MANAGE. Can be given several times;
    /// left out, all but MANAGE.
    #[arg(long = "scope", value_name = "SCOPE")]
    scopes: Vec<Scope>,
    /// How many days it holds.
    #[arg(long, default_value_t = token::DEFAULT_DAYS, value_parser = clap::value_parser!(i64).range(1..=3650))]
    days: i64,
}

#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  manyhands token list\n  manyhands token list --organisation E07000223"
)]
struct List {
    /// Only those of this organisation: its slug, or a code such as E07000223.
    #[arg(long, value_name = "CODE")]
    organisation: Option<String>,
}

#[derive(Args, Debug)]
#[command(
    after_help = "Example:\n  manyhands token revoke 0198a3c4-7b1e-7c5a-9d57-2f6f0e6f4b11 --reason 'seen in a log'"
)]
struct Revoke {
    /// The token's id, as `manyhands token list` shows it.
    id: TokenId,
    /// Why. It stays on record.
    #[arg(long, value_parser = text)]
    reason: Option<String>,
}

impl Token {
    /// Whether it makes sense in a database that is not there yet.
    pub(super) fn begins(&self) -> bool {
        matches!(self.command, TokenCommand::Issue(_))
    }

    pub(super) async fn run(self, store: &Store) -> anyhow::Result<()> {
        match self.command {
            TokenCommand::Issue(issue) => issue.run(store).await,
            TokenCommand::List(list) => list.run(store).await,
            TokenCommand::Revoke(revoke) => revoke.run(store).await,
        }
    }
}

impl Issue {
    async fn run(self, store: &Store) -> anyhow::Result<()> {
        let secret = store::secret(Secret::Token).map_err(plain)?;
        let secret_hash = Secret::Token.hash(&secret).map_err(plain)?;
        let now = store::now();
        let expires_at = now + Duration::days(self.days);
        let scopes = if self.scopes.is_empty() {
            Scopes::usual()
        } else {
            Scopes::new(self.scopes).map_err(plain)?
        };
        store
            .write(async |conn| {
                let body = organisation(conn, self.organisation.as_deref()).await?;
                let home = body.map(|body| body.id);
                let granted = Viewer::Operator.may(Action::IssueToken, About::affairs_of(home))?;
                let new = NewToken {
                    name: &self.name,
                    secret_hash: &secret_hash,
                    role: self.role,
                    organisation: home,
                    scopes: scopes.clone(),
                    expires_at,
                };
                store::token::issue(conn, &granted, now, &new).await
            })
            .await
            .map_err(plain)?;
        remark(format_args!(
            "This token holds until {} for {scopes} and is shown only now; keep it like a password:",
            expires_at.date()
        ));
        say(secret);
        Ok(())
    }
}

impl List {
    async fn run(self, store: &Store) -> anyhow::Result<()> {
        let mut conn = store.read().await.map_err(plain)?;
        let body = organisation(&mut conn, self.organisation.as_deref())
            .await
            .map_err(plain)?;
        let tokens = match body {
            Some(body) => store::token::of_organisation(&mut conn, Some(body.id)).await,
            None => store::token::all(&mut conn).await,
        }
        .map_err(plain)?;
        if tokens.is_empty() {
            remark("There is no token yet; `manyhands token issue` makes one.");
        }
        let ids: Vec<_> = tokens
            .iter()
            .filter_map(|one| one.organisation_id)
            .collect();
        let bodies = store::organisation::by_ids(&mut conn, &ids)
            .await
            .map_err(plain)?;
        let slugs: HashMap<_, _> = bodies
            .into_iter()
            .map(|body| (body.id, body.slug))
            .collect();
        let now = store::now();
        for token in tokens {
            let home = token.organisation_id.and_then(|id| slugs.get(&id));
            say(format_args!("{}  {}", token.id, token.name));
            say(format_args!(
                "  {} of {}; {}; {}, {}",
                token.role,
                home.map_or("the unit", String::as_str),
                token.scopes,
                standing(&token, now),
                token.used_at.map_or("never used".to_owned(), |at| format!(
                    "last used {}",
                    at.format("%Y-%m-%d %H:%M UTC")
                )),
            ));
        }
        Ok(())
    }
}

/// Whether the token holds, in words.
fn standing(token: &store::token::Token, now: NaiveDateTime) -> String {
    match token.revoked_at {
        Some(at) => format!("revoked {}", at.date()),
        None if token.expires_at <= now => format!("expired {}", token.expires_at.date()),
        None => format!("holds until {}", token.expires_at.date()),
    }
}

impl Revoke {
    async fn run(self, store: &Store) -> anyhow::Result<()> {
        let revoked = store
            .write(async |conn| {
                let token = store::token::by_id(conn, self.id).await?;
                let about = About::affairs_of(token.organisation_id);
                let granted = Viewer::Operator
                    .may(Action::RevokeToken, about)?
                    .because(self.reason);
                store::token::revoke(conn, &granted, store::now(), token.id, None).await
            })
            .await
            .map_err(plain)?;
        say(format_args!(
            "{} ({}) is {}.",
            revoked.id,
            revoked.name,
            standing(&revoked, store::now())
        ));
        Ok(())
    }
}
