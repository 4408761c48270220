//! How people come in: the address they use, and what vouches for them.

use super::cookie::Cookies;
use super::origin::PublicUrl;
use super::sign_in::{Oidc, Provider, Trial, Trials};
use anyhow::Context;
use openidconnect::{ClientSecret, IssuerUrl, RedirectUrl};
use std::net::SocketAddr;

/// How people come in, as the operator said.
#[derive(Debug, Clone, Default)]
pub struct AccessSetup {
    /// The address under which people reach the server, where the operator said.
    pub public_url: Option<PublicUrl>,
    /// The identity provider, where there is one.
    pub oidc: Option<OidcSetup>,
    /// Whether browsers are told to come by `https` alone from now on.
    pub production: bool,
    /// Whom links on the terminal sign in as.
    pub trials: Vec<Trial>,
}

/// How the identity provider is used, as the operator said.
#[derive(Debug, Clone)]
pub struct OidcSetup {
    /// The provider, as it names itself.
    pub issuer: IssuerUrl,
    /// What the provider knows this server by.
    pub client_id: String,
    /// What this server proves itself by; `None` for a public client.
    pub client_secret: Option<ClientSecret>,
    /// The audience that access tokens of the provider have to name; the client's id where nobody says.
    pub audience: Option<String>,
}

/// How people come in, while the server runs.
pub(crate) struct Access {
    pub(super) public_url: Option<PublicUrl>,
    pub(super) provider: Option<Provider>,
    pub(super) trials: Trials,
}

impl Access {
    /// Makes ready what was set up, for a server at `address`. With it come the links of trials: a name and a path each.
    pub(super) fn new(
        setup: AccessSetup,
        address: SocketAddr,
    ) -> anyhow::Result<(Self, Vec<(&'static str, String)>)> {
        let base = setup.public_url.as_ref().map(PublicUrl::origin);
        let base = base.unwrap_or_else(|| format!("http://{address}"));
        let provider = match setup.oidc {
            None => None,
            Some(oidc) => Some(Provider::new(Oidc {
                audience: oidc.audience.unwrap_or_else(|| oidc.client_id.clone()),
                issuer: oidc.issuer,
                client_id: oidc.client_id,
                client_secret: oidc.client_secret,
                callback: RedirectUrl::new(format!("{base}/sign-in/callback"))
                    .context("the public address is none")?,
            })),
        };
        let trials = Trials::default();
        let mut links = Vec::new();
        for trial in setup.trials {
            let name = trial.name;
            links.push((name, trials.add(trial)?));
        }
        let access = Self {
            public_url: setup.public_url,
            provider,
            trials,
        };
        Ok((access, links))
    }

    /// Whether there is a sign-in to lead to.
    pub(super) fn can_sign_in(&self) -> bool {
        self.provider.is_some()
    }

    /// How cookies are set.
    pub(super) fn cookies(&self) -> Cookies {
        Cookies {
            secure: self.public_url.as_ref().is_some_and(PublicUrl::is_https),
        }
    }
}
