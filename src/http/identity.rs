//! Who asks: the viewer that a request's `Authorization` header names.

use actix_web::HttpRequest;
use actix_web::http::header::AUTHORIZATION;
use domain::policy::Viewer;
use domain::token::Secret;
use domain::{Error, Result};
use store::Store;

/// The viewer of a request: anonymous without the header, a token's with `Bearer TOKEN`.
///
/// # Errors
/// [`Error::Unauthenticated`] when the header is there and names nobody: a mistyped token must not pass as anonymous.
pub(crate) async fn viewer(request: &HttpRequest, store: &Store) -> Result<Viewer> {
    let Some(header) = request.headers().get(AUTHORIZATION) else {
        return Ok(Viewer::Anonymous);
    };
    let secret = header
        .to_str()
        .ok()
        .and_then(|text| text.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, secret)| secret.trim())
        .ok_or(Error::Unauthenticated)?;
    let hash = Secret::Token.hash(secret)?;
    let mut conn = store.read().await?;
    store::token::viewer(&mut conn, &hash, store::now()).await
}
