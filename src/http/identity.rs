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
use std::rc::Rc;

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
pub(crate) async fn of(site: &Site, request: &HttpRequest) -> Result<Rc<Identity>> {
    if let Some(known) = request.extensions().get::<Rc<Identity>>() {
        return Ok(Rc::clone(known));
    }
    let found = Rc::new(find(site, request).await?);
    request.extensions_mut().insert(Rc::clone(&found));
    Ok(found)
}

async fn find(site: &Site, request: &HttpRequest) -> Result<Identity> {
    let Some(header) = request.headers().get(AUTHORIZATION) else {
        let Some(secret) = site.access.cookies().read(request, Cookie::Session) else {
            return Ok(Identity::public());
        };
        return session::identity(site, secret).await;
    };
    let bearer = header
        .to_str()
        .ok()
        .and_then(|text| text.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, bearer)| bearer.trim())
        .ok_or(Error::Unauthenticated)?;
    let viewer = match &site.access.provider {
        Some(provider) if sign_in::looks_like_jwt(bearer) => of_jwt(site, provider, bearer).await?,
        _ => of_token(site, bearer).await?,
    };
    Ok(Identity {
        viewer,
        session: None,
    })
}

/// Whose token of our own it is.
async fn of_token(site: &Site, secret: &str) -> Result<Viewer> {
    let hash = Secret::Token.hash(secret)?;
    let mut conn = site.store.read().await?;
    let found = store::token::find(&mut conn, &hash, store::now()).await?;
    drop(conn);
    if found.touch {
        touch(site, Used::Token(found.token));
    }
    Ok(found.viewer)
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
        Self {
            viewer: Viewer::Anonymous,
            session: None,
        }
    }
}
