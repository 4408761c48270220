//! Who asks: the viewer that a request's `Authorization` header or session cookie names.

use super::cookie::Cookie;
use super::touch::{Used, touch};
use super::{Site, session, sign_in};
use actix_web::http::header::AUTHORIZATION;
use actix_web::{HttpMessage, HttpRequest};
use domain::id::SessionId;
use domain::policy::Viewer;
use domain::token::Secret;
use domain::{Error, Result};
use std::sync::Arc;

/// Who asks, and by which session where there is one.
#[derive(Debug, Clone)]
pub(crate) struct Identity {
    /// The viewer, with what they may.
    pub(crate) viewer: Viewer,
    /// The session of a person whose browser signed in; `None` for tokens and the public.
    pub(crate) session: Option<Session>,
}

/// The session of a person, as pages need it.
#[derive(Debug, Clone)]
pub(crate) struct Session {
    /// What the person is called.
    pub(crate) name: String,
    /// The value of the hidden field `csrf` of every form.
    pub(crate) csrf: String,
    pub(super) id: SessionId,
    /// The hash of the secret that it came by.
    pub(super) hash: String,
    /// Whether it is time for a new secret.
    pub(super) rotate: bool,
}

/// Who asks: found out once a request, and kept with it.
///
/// # Errors
/// [`Error::Unauthenticated`] when there is an `Authorization` header that names nobody: a mistyped token must not pass
/// as anonymous. A session that is over leaves the browser anonymous. [`Error::Internal`] when the database fails.
pub(crate) async fn of(site: &Site, request: &HttpRequest) -> Result<Arc<Identity>> {
    if let Some(known) = request.extensions().get::<Arc<Identity>>() {
        return Ok(Arc::clone(known));
    }
    if let Some(nobody) = request.extensions().get::<Nobody>() {
        return Err(nobody.error());
    }
    match find(site, request).await {
        Ok(found) => {
            request.extensions_mut().insert(Arc::clone(&found));
            Ok(found)
        }
        Err(error) => {
            let nobody = match error {
                Error::Internal(_) => Nobody::Broken(error.chain()),
                _ => Nobody::Unknown,
            };
            let error = nobody.error();
            request.extensions_mut().insert(nobody);
            Err(error)
        }
    }
}

/// That it was looked up in vain who asks, kept with the request so that it is looked up once.
enum Nobody {
    Unknown,
    Broken(String),
}

impl Nobody {
    fn error(&self) -> Error {
        match self {
            Self::Unknown => Error::Unauthenticated,
            Self::Broken(chain) => Error::internal(chain.clone()),
        }
    }
}

async fn find(site: &Site, request: &HttpRequest) -> Result<Arc<Identity>> {
    let Some(header) = request.headers().get(AUTHORIZATION) else {
        return of_cookie(site, request).await;
    };
    let bearer = header
        .to_str()
        .ok()
        .and_then(|text| text.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, bearer)| bearer.trim())
        .ok_or(Error::Unauthenticated)?;
    match &site.access.provider {
        Some(provider) if sign_in::looks_like_jwt(bearer) => {
            let viewer = of_jwt(site, provider, bearer).await?;
            Ok(Arc::new(Identity::without_session(viewer)))
        }
        _ => {
            let hash = Secret::Token.hash(bearer)?;
            let found = of_token(site, &hash);
            site.known.of(&site.store, &hash, found).await
        }
    }
}

/// Who signed in with this browser; the public where nobody did, or the session is over.
async fn of_cookie(site: &Site, request: &HttpRequest) -> Result<Arc<Identity>> {
    let secret = site.access.cookies().read(request, Cookie::Session);
    let Some(hash) = secret.and_then(|secret| Secret::Session.hash(secret).ok()) else {
        return Ok(Arc::new(Identity::public()));
    };
    let found = session::identity(site, &hash);
    match site.known.of(&site.store, &hash, found).await {
        Err(Error::Unauthenticated) => Ok(Arc::new(Identity::public())),
        found => found,
    }
}

/// Whose token of our own has this hash.
async fn of_token(site: &Site, hash: &str) -> Result<Identity> {
    let mut conn = site.store.read().await?;
    let found = store::token::find(&mut conn, hash, store::now()).await?;
    drop(conn);
    if found.touch {
        touch(site, Used::Token(found.token));
    }
    Ok(Identity::without_session(found.viewer))
}

/// Whose access token of the provider it is: somebody who has signed in here before.
async fn of_jwt(site: &Site, provider: &sign_in::Provider, text: &str) -> Result<Viewer> {
    let subject = sign_in::subject_of_jwt(provider, text).await?;
    let issuer = provider.oidc.issuer.as_str();
    let today = store::now().date();
    let mut conn = site.store.read().await?;
    store::person::viewer_of_subject(&mut conn, issuer, &subject, today).await
}

impl Identity {
    /// The public.
    pub(crate) fn public() -> Self {
        Self::without_session(Viewer::Anonymous)
    }

    fn without_session(viewer: Viewer) -> Self {
        Self {
            viewer,
            session: None,
        }
    }
}
