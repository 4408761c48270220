//! `token issue`: a key for a machine, shown once.

use super::plain;
use crate::terminal::{remark, say};
use chrono::Duration;
use clap::{Args, Subcommand};
use domain::Error;
use domain::policy::{About, Action, Role, Scopes, Viewer};
use domain::token::{self, Secret};
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
}

#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  manyhands token issue --name 'website of Adur' --role EDITOR --organisation E07000223\n  manyhands token issue --name nightly --role ADMIN --days 90"
)]
struct Issue {
    /// What the token is for, so that it can be told from others.
    #[arg(long)]
    name: String,
    /// EDITOR, SIGNATORY or LEAD for an organisation; ANALYST or ADMIN for the unit.
    #[arg(long)]
    role: Role,
    /// The organisation it acts for: its slug, or a code such as E07000223.
    #[arg(long, value_name = "CODE")]
    organisation: Option<String>,
    /// How many days it holds.
    #[arg(long, default_value_t = token::DEFAULT_DAYS, value_parser = clap::value_parser!(i64).range(1..=3650))]
    days: i64,
}

impl Token {
    pub(super) async fn run(self, store: &Store) -> anyhow::Result<()> {
        let TokenCommand::Issue(issue) = self.command;
        issue.run(store).await
    }
}

impl Issue {
    async fn run(self, store: &Store) -> anyhow::Result<()> {
        let secret = store::secret(Secret::Token).map_err(plain)?;
        let hash = Secret::Token.hash(&secret).map_err(plain)?;
        let now = store::now();
        let granted = Viewer::Operator
            .may(Action::IssueToken, About::Sector)
            .map_err(plain)?;
        let expires_at = now + Duration::days(self.days);
        store
            .write(async |conn| {
                let organisation = match &self.organisation {
                    None => None,
                    Some(code) => Some(
                        store::organisation::named(conn, code)
                            .await?
                            .ok_or_else(|| Error::not_found("organisation", code))?
                            .id,
                    ),
                };
                let new = NewToken {
                    name: &self.name,
                    secret_hash: &hash,
                    role: self.role,
                    organisation,
                    scopes: Scopes::usual(),
                    expires_at,
                };
                store::token::issue(conn, &granted, now, &new).await
            })
            .await
            .map_err(plain)?;
        remark(format_args!(
            "This token holds until {} and is shown only now; keep it like a password:",
            expires_at.date()
        ));
        say(secret);
        Ok(())
    }
}
