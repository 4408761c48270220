//! How people sign in, from the command line: the public address, the identity provider, or links of a trial.

use crate::http::{AccessSetup, OidcSetup, PublicUrl, Trial};
use anyhow::{Context, ensure};
use clap::Args;
use openidconnect::{ClientSecret, IssuerUrl};
use std::net::SocketAddr;
use std::path::PathBuf;

/// Where the client's secret is, when no file has it.
const SECRET_VARIABLE: &str = "MANYHANDS_OIDC_CLIENT_SECRET";

#[derive(Args, Debug, Default)]
#[command(next_help_heading = "Sign-in")]
pub(super) struct SignIn {
    /// The address under which people reach the server, such as https://manyhands.example.
    #[arg(long, env = "MANYHANDS_PUBLIC_URL", value_name = "URL")]
    public_url: Option<PublicUrl>,
    /// The OpenID Connect provider that vouches for people, as it names itself.
    #[arg(long, value_name = "URL", requires = "oidc_client_id", value_parser = issuer)]
    oidc_issuer: Option<IssuerUrl>,
    /// What the provider knows this server by. Its redirect address is PUBLIC-URL/sign-in/callback.
    #[arg(long, value_name = "ID", requires = "oidc_issuer")]
    oidc_client_id: Option<String>,
    /// A file with the client's secret; otherwise MANYHANDS_OIDC_CLIENT_SECRET has it, or there is none.
    #[arg(long, value_name = "FILE", requires = "oidc_issuer")]
    oidc_client_secret_file: Option<PathBuf>,
    /// The audience that access tokens of the provider must name to be taken here; the client's id unless said.
    #[arg(long, value_name = "AUDIENCE", requires = "oidc_issuer")]
    oidc_audience: Option<String>,
    /// Starts only with an https address and a provider, and has browsers come by https alone.
    #[arg(long)]
    production: bool,
    /// Prints a link that signs in once as an administrator, for a trial on this machine alone.
    #[arg(long)]
    trial_sign_in: bool,
}

impl SignIn {
    /// A sign-in by links of a trial alone.
    pub(super) fn trial() -> Self {
        Self {
            trial_sign_in: true,
            ..Self::default()
        }
    }

    /// What was asked for, if it goes together. A trial signs in as one of `trials`.
    pub(super) fn setup(self, listen: SocketAddr, trials: &[Trial]) -> anyhow::Result<AccessSetup> {
        self.check(listen)?;
        let oidc = match (self.oidc_issuer, self.oidc_client_id) {
            (Some(issuer), Some(client_id)) => Some(OidcSetup {
                issuer,
                client_id,
                client_secret: secret(self.oidc_client_secret_file)?,
                audience: self.oidc_audience,
            }),
            _ => None,
        };
        let trials = match self.trial_sign_in {
            true => trials.to_vec(),
            false => Vec::new(),
        };
        Ok(AccessSetup {
            public_url: self.public_url,
            oidc,
            production: self.production,
            trials,
        })
    }

    fn check(&self, listen: SocketAddr) -> anyhow::Result<()> {
        let https = self.public_url.as_ref().is_some_and(PublicUrl::is_https);
        if self.production {
            ensure!(
                https,
                "--production needs the https address of the server: add --public-url https://…"
            );
            ensure!(
                self.oidc_issuer.is_some(),
                "--production needs somebody to vouch for people: add --oidc-issuer URL and --oidc-client-id ID"
            );
            ensure!(
                !self.trial_sign_in,
                "--trial-sign-in is not for production: leave it out"
            );
        }
        if let Some(issuer) = &self.oidc_issuer {
            let url = issuer.url();
            let here = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
            ensure!(
                url.scheme() == "https" || (here && !self.production),
                "the provider has to be asked by https: --oidc-issuer https://…"
            );
            ensure!(
                self.public_url.is_some() || listen.ip().is_loopback(),
                "the provider has to know where people come back to: add --public-url https://…"
            );
        }
        if self.trial_sign_in {
            ensure!(
                self.oidc_issuer.is_none(),
                "--trial-sign-in is for a server without a provider: leave it or --oidc-issuer out"
            );
            ensure!(
                listen.ip().is_loopback() && self.public_url.is_none(),
                "--trial-sign-in is for this machine alone: listen on 127.0.0.1 and leave --public-url out"
            );
        }
        Ok(())
    }
}

fn issuer(raw: &str) -> Result<IssuerUrl, String> {
    let says = "write the provider's address as it names itself, such as https://login.example";
    IssuerUrl::new(raw.to_owned()).map_err(|_| says.to_owned())
}

/// The client's secret, from its file or else from the environment.
fn secret(file: Option<PathBuf>) -> anyhow::Result<Option<ClientSecret>> {
    let text = match file {
        Some(path) => {
            let text = std::fs::read_to_string(&path);
            Some(text.with_context(|| format!("cannot read the secret in {}", path.display()))?)
        }
        None => std::env::var(SECRET_VARIABLE).ok(),
    };
    let text = text.map(|text| text.trim().to_owned());
    Ok(text.filter(|text| !text.is_empty()).map(ClientSecret::new))
}

/// What is on, for people who start the server; never a secret.
pub(super) fn describe(access: &AccessSetup) -> String {
    match &access.oidc {
        Some(oidc) => {
            let kind = match oidc.client_secret {
                Some(_) => "with a secret",
                None => "without a secret",
            };
            let (issuer, id) = (oidc.issuer.as_str(), &oidc.client_id);
            format!("People sign in by {issuer} (client {id}, {kind}).")
        }
        None if access.trials.is_empty() => "Nobody can sign in; tokens work.".to_owned(),
        None => "Trial sign-in is on: for this machine alone.".to_owned(),
    }
}
