//! Access tokens of the provider that a machine or an app sends for a person: JSON Web Tokens.

use super::provider::{self, Provider};
use chrono::DateTime;
use domain::{Error, Result};
use openidconnect::core::{
    CoreGenderClaim, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm,
};
use openidconnect::{AdditionalClaims, IdToken, JsonWebTokenType, Nonce};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The kinds of token that are taken, as their headers say: what is for another purpose is none.
const TYPES: [&str; 2] = ["JWT", "at+jwt"];

/// From when a token is good, in seconds since 1970.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct NotBefore {
    nbf: Option<f64>,
}

impl AdditionalClaims for NotBefore {}

/// An access token has the claims of an ID token that matter here (RFC 9068): issuer, audience, subject and times.
type AccessToken =
    IdToken<NotBefore, CoreGenderClaim, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm>;

/// Whether a text has the shape of such a token: three parts.
pub(crate) fn looks_like(text: &str) -> bool {
    text.matches('.').count() == 2
}

/// The subject of a token that the provider signed for us and that is good now.
///
/// # Errors
/// [`Error::Unauthenticated`] when it is not; [`Error::Internal`] when the provider cannot be asked for its keys.
pub(crate) async fn subject(provider: &Provider, text: &str) -> Result<String> {
    let token: AccessToken = text.parse().map_err(|_| Error::Unauthenticated)?;
    let known = provider.known().await.map_err(Error::internal)?;
    let types = TYPES.map(|kind| JsonWebTokenType::new(kind.to_owned()).normalize());
    let check = |known: &Arc<provider::Known>| {
        let verifier = provider
            .verifier(known, &provider.oidc.audience)
            .set_other_audience_verifier_fn(|_| true)
            .set_allowed_jose_types(types.iter().flatten().cloned());
        token.claims(&verifier, no_nonce).cloned()
    };
    let mut checked = check(&known);
    if checked.as_ref().is_err_and(provider::lacks_key) {
        checked = check(&provider.known_after(&known).await);
    }
    let claims = checked.map_err(|_| Error::Unauthenticated)?;
    if let Some(from) = claims.additional_claims().nbf {
        #[allow(
            clippy::cast_possible_truncation,
            reason = "a float beyond the range becomes its end, which is no moment"
        )]
        let from = DateTime::from_timestamp(from as i64, 0).ok_or(Error::Unauthenticated)?;
        provider::not_before(from).map_err(|_| Error::Unauthenticated)?;
    }
    Ok(claims.subject().to_string())
}

/// A token with a nonce is the ID token of somebody's sign-in, which says who they are and gives no right to ask.
fn no_nonce(nonce: Option<&Nonce>) -> std::result::Result<(), String> {
    match nonce {
        None => Ok(()),
        Some(_) => Err("an ID token is no access token".to_owned()),
    }
}
