//! Signing in by the provider: the authorization code flow with PKCE, and the checks of what it brings back.

use super::pending::Pending;
use super::provider::{self, Client, Known, Provider, Unavailable};
use openidconnect::core::{
    CoreAuthenticationFlow, CoreGenderClaim, CoreIdToken, CoreIdTokenClaims, CoreTokenResponse,
};
use openidconnect::url::Url;
use openidconnect::{
    AuthorizationCode, CsrfToken, EmptyAdditionalClaims, EndUserEmail, EndUserName, LocalizedClaim,
    Nonce, OAuth2TokenResponse, PkceCodeChallenge, PkceCodeVerifier, RequestTokenError, Scope,
    TokenResponse, UserInfoClaims,
};
use std::sync::Arc;

/// Whom the provider vouches for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Vouched {
    /// What the provider calls the person.
    pub(super) subject: String,
    /// An address that the provider verified, as it is kept.
    pub(super) email: Option<String>,
    /// What the person is called.
    pub(super) name: Option<String>,
}

/// Why nobody is signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refused {
    /// The provider cannot be asked.
    Unavailable,
    /// What came back cannot be believed; the sentence is for the visitor.
    Failed(&'static str),
}

impl From<Unavailable> for Refused {
    fn from(_: Unavailable) -> Self {
        Self::Unavailable
    }
}

/// What came back from the provider is not the answer to a request of ours.
pub(super) const NOT_ASKED: Refused =
    Refused::Failed("This sign-in was not begun in this browser, or took longer than ten minutes.");
const NOT_GIVEN: Refused =
    Refused::Failed("The provider did not confirm who you are. It may have been asked twice.");
const NOT_BELIEVED: Refused =
    Refused::Failed("What the provider said cannot be verified, so it was not believed.");

/// Where to send the browser, and what it keeps until it comes back.
pub(super) async fn begin(provider: &Provider, pending: &Pending) -> Result<Url, Refused> {
    let known = provider.known().await?;
    let verifier = PkceCodeVerifier::new(pending.verifier.clone());
    let state = CsrfToken::new(pending.state.clone());
    let nonce = Nonce::new(pending.nonce.clone());
    let (url, _, _) = provider
        .client(&known)
        .authorize_url(
            CoreAuthenticationFlow::AuthorizationCode,
            move || state,
            move || nonce,
        )
        .add_scope(Scope::new("email".to_owned()))
        .add_scope(Scope::new("profile".to_owned()))
        .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier))
        .url();
    Ok(url)
}

/// Gives the code back to the provider and reads whom it vouches for.
pub(super) async fn finish(
    provider: &Provider,
    pending: &Pending,
    code: String,
) -> Result<Vouched, Refused> {
    let known = provider.known().await?;
    let client = provider.client(&known);
    let answer = exchange(provider, &client, pending, code).await?;
    let token = answer.id_token().ok_or_else(|| {
        tracing::warn!("The identity provider gave no ID token");
        NOT_BELIEVED
    })?;
    let claims = claims(provider, known, token, pending).await?;
    let mut vouched = Vouched {
        subject: claims.subject().to_string(),
        email: address(claims.email(), claims.email_verified()),
        name: name(claims.name()),
    };
    // By the specification a provider may keep what `email` and `profile` ask for to its user info.
    if claims.email().is_none() && client.user_info_url().is_some() {
        let more = user_info(provider, &client, &answer, &claims).await?;
        vouched.email = address(more.email(), more.email_verified());
        vouched.name = vouched.name.or_else(|| name(more.name()));
    }
    Ok(vouched)
}

async fn exchange(
    provider: &Provider,
    client: &Client,
    pending: &Pending,
    code: String,
) -> Result<CoreTokenResponse, Refused> {
    let verifier = PkceCodeVerifier::new(pending.verifier.clone());
    let request = client
        .exchange_code(AuthorizationCode::new(code))
        .map_err(|_| Refused::Unavailable)?
        .set_pkce_verifier(verifier);
    let asked = request.request_async(&provider.fetch).await;
    asked.map_err(|error| match error {
        RequestTokenError::Request(cause) => {
            tracing::warn!(
                cause = provider::chain(&cause),
                "The provider gave no token"
            );
            Refused::Unavailable
        }
        RequestTokenError::ServerResponse(refusal) => {
            // The description may hold anything; the code is one of a few words.
            let code = refusal.error();
            tracing::warn!(%code, "The provider refused a token");
            NOT_GIVEN
        }
        RequestTokenError::Parse(..) | RequestTokenError::Other(_) => {
            tracing::warn!("The provider's answer is not one to a request for a token");
            NOT_BELIEVED
        }
    })
}

/// What the ID token says, once it is verified; a key that is not known yet is asked for.
async fn claims(
    provider: &Provider,
    known: Arc<Known>,
    token: &CoreIdToken,
    pending: &Pending,
) -> Result<CoreIdTokenClaims, Refused> {
    let nonce = Nonce::new(pending.nonce.clone());
    let check = |known: &Arc<Known>| {
        let verifier = provider.verifier(known, &provider.oidc.client_id);
        token.claims(&verifier, &nonce).cloned()
    };
    let mut checked = check(&known);
    if checked.as_ref().is_err_and(provider::lacks_key) {
        checked = check(&provider.known_after(&known).await);
    }
    checked.map_err(|error| {
        tracing::warn!(error = provider::chain(&error), "An ID token was refused");
        NOT_BELIEVED
    })
}

type UserInfo = UserInfoClaims<EmptyAdditionalClaims, CoreGenderClaim>;

async fn user_info(
    provider: &Provider,
    client: &Client,
    answer: &CoreTokenResponse,
    claims: &CoreIdTokenClaims,
) -> Result<UserInfo, Refused> {
    let subject = claims.subject().clone();
    let request = client.user_info(answer.access_token().clone(), Some(subject));
    let request = request.map_err(|_| Refused::Unavailable)?;
    let asked = request.request_async(&provider.fetch).await;
    asked.map_err(|error| {
        let kind = match error {
            openidconnect::UserInfoError::Request(_) => "no answer",
            openidconnect::UserInfoError::ClaimsVerification(_) => "of somebody else",
            _ => "not readable",
        };
        tracing::warn!(kind, "The provider's user info was refused");
        Refused::Unavailable
    })
}

/// An address, if the provider verified it and it is one.
fn address(email: Option<&EndUserEmail>, verified: Option<bool>) -> Option<String> {
    let email = email.filter(|_| verified == Some(true))?;
    domain::person::address(email).ok()
}

fn name(name: Option<&LocalizedClaim<EndUserName>>) -> Option<String> {
    let name = name?.get(None)?;
    domain::person::name(name).ok().flatten()
}
