//! The identity provider: what it says of itself, the keys it signs with, and what it vouches for.

use super::fetch::Fetch;
use chrono::{DateTime, TimeDelta, Utc};
use openidconnect::core::{
    CoreClient, CoreClientAuthMethod, CoreIdTokenVerifier, CoreJwsSigningAlgorithm,
    CoreProviderMetadata,
};
use openidconnect::{
    AuthType, ClaimsVerificationError, ClientId, ClientSecret, EndpointMaybeSet, EndpointNotSet,
    EndpointSet, IssuerUrl, RedirectUrl, SignatureVerificationError,
};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{Mutex, RwLock};

/// How long what the provider says of itself is good for.
const FRESH: Duration = Duration::from_secs(24 * 60 * 60);
/// How long to wait before the keys are fetched again because of a key that is not among them.
const BETWEEN: Duration = Duration::from_secs(60);
/// How far the provider's clock may be from ours.
const LEEWAY: TimeDelta = TimeDelta::seconds(60);

/// How the provider is used, as the operator said.
#[derive(Debug, Clone)]
pub struct Oidc {
    /// The provider, as it names itself.
    pub issuer: IssuerUrl,
    /// What the provider knows this server by.
    pub client_id: String,
    /// What this server proves itself by; `None` for a public client.
    pub client_secret: Option<ClientSecret>,
    /// The audience that access tokens of the provider have to name.
    pub audience: String,
    /// Where the provider sends the browser back to.
    pub callback: RedirectUrl,
}

/// What the provider said of itself when it was last asked, with its keys.
pub(super) struct Known {
    pub(super) metadata: CoreProviderMetadata,
    at: Instant,
}

/// The provider cannot be asked, and nothing that is good any more is known of it.
#[derive(Debug, thiserror::Error)]
#[error("the identity provider cannot be asked")]
pub(super) struct Unavailable;

/// The client of the provider.
pub(super) type Client = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// The identity provider.
pub(crate) struct Provider {
    pub(in crate::http) oidc: Oidc,
    pub(super) fetch: Fetch,
    known: RwLock<Option<Arc<Known>>>,
    asked: Mutex<Asked>,
}

/// When the provider was asked for what it says of itself: held while it is asked, so that it is asked once.
#[derive(Default)]
struct Asked {
    in_vain: Option<Instant>,
    for_a_key: Option<Instant>,
}

impl Provider {
    /// A provider of which nothing is known yet: it is asked when somebody signs in.
    pub(crate) fn new(oidc: Oidc) -> Self {
        Self {
            fetch: Fetch::new(oidc.issuer.url().scheme() == "https"),
            oidc,
            known: RwLock::default(),
            asked: Mutex::default(),
        }
    }

    /// What is known of the provider; asks it when that is nothing, or older than a day.
    pub(super) async fn known(&self) -> Result<Arc<Known>, Unavailable> {
        let before = Instant::now();
        let good = |known: &Arc<Known>| known.at.elapsed() < FRESH;
        if let Some(known) = self.known.read().await.clone().filter(good) {
            return Ok(known);
        }
        let mut asked = self.asked.lock().await;
        let known = self.known.read().await.clone();
        if let Some(known) = known.clone().filter(good) {
            return Ok(known);
        }
        let recently = |at: Instant| at.elapsed() < BETWEEN;
        match known.clone() {
            // What was good yesterday is better than to wait in vain again.
            Some(known) if asked.in_vain.is_some_and(recently) => return Ok(known),
            // Whoever waited while somebody else asked in vain does not ask again.
            None if asked.in_vain.is_some_and(|at| at > before) => return Err(Unavailable),
            _ => {}
        }
        match self.ask().await {
            Ok(fresh) => Ok(fresh),
            Err(Unavailable) => {
                asked.in_vain = Some(Instant::now());
                known.ok_or(Unavailable)
            }
        }
    }

    /// What is known of the provider once it was asked for a key that `old` does not hold: asked at most once a minute.
    pub(super) async fn known_after(&self, old: &Arc<Known>) -> Arc<Known> {
        let mut asked = self.asked.lock().await;
        let known = self.known.read().await.clone();
        if let Some(known) = known.filter(|known| known.at > old.at) {
            return known;
        }
        if asked.for_a_key.is_none_or(|at| at.elapsed() >= BETWEEN) {
            asked.for_a_key = Some(Instant::now());
            if let Ok(fresh) = self.ask().await {
                return fresh;
            }
        }
        Arc::clone(old)
    }

    async fn ask(&self) -> Result<Arc<Known>, Unavailable> {
        let issuer = self.oidc.issuer.clone();
        match CoreProviderMetadata::discover_async(issuer, &self.fetch).await {
            Ok(metadata) => {
                let keys = metadata.jwks().keys().len();
                tracing::info!(keys, "Asked the identity provider for its keys");
                let known = Arc::new(Known {
                    metadata,
                    at: Instant::now(),
                });
                *self.known.write().await = Some(Arc::clone(&known));
                Ok(known)
            }
            Err(error) => {
                let error = chain(&error);
                tracing::warn!(error, "The identity provider cannot be asked");
                Err(Unavailable)
            }
        }
    }

    /// The client by which people sign in.
    pub(super) fn client(&self, known: &Known) -> Client {
        let id = ClientId::new(self.oidc.client_id.clone());
        let secret = self.oidc.client_secret.clone();
        let methods = known.metadata.token_endpoint_auth_methods_supported();
        let basic =
            methods.is_none_or(|all| all.contains(&CoreClientAuthMethod::ClientSecretBasic));
        let how = if basic {
            AuthType::BasicAuth
        } else {
            AuthType::RequestBody
        };
        CoreClient::from_provider_metadata(known.metadata.clone(), id, secret)
            .set_redirect_uri(self.oidc.callback.clone())
            .set_auth_type(how)
    }

    /// Checks tokens that the provider signed for `audience`. Neither unsigned tokens nor those signed with a shared
    /// secret pass, whatever the provider says of itself.
    pub(super) fn verifier(&self, known: &Known, audience: &str) -> CoreIdTokenVerifier<'static> {
        let audience = ClientId::new(audience.to_owned());
        let keys = known.metadata.jwks().clone();
        CoreIdTokenVerifier::new_public_client(audience, self.oidc.issuer.clone(), keys)
            .set_allowed_algs([
                CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
                CoreJwsSigningAlgorithm::RsaSsaPssSha256,
                CoreJwsSigningAlgorithm::EcdsaP256Sha256,
                CoreJwsSigningAlgorithm::EdDsa,
            ])
            .set_time_fn(|| Utc::now() - LEEWAY)
            .set_issue_time_verifier_fn(not_before)
    }
}

/// Checks that a moment is not in the future.
pub(super) fn not_before(moment: DateTime<Utc>) -> Result<(), String> {
    if moment <= Utc::now() + LEEWAY {
        return Ok(());
    }
    Err("it is not good yet".to_owned())
}

/// Whether a token was refused because its key is not known.
pub(super) fn lacks_key(error: &ClaimsVerificationError) -> bool {
    matches!(
        error,
        ClaimsVerificationError::SignatureVerification(SignatureVerificationError::NoMatchingKey)
    )
}

/// The whole chain of causes on one line, for the log.
pub(super) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        next = cause.source();
    }
    text
}
