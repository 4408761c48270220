//! Who asks: the viewer that a request's `Authorization` header or session cookie names.

use super::Site;
use actix_web::http::header::AUTHORIZATION;
use actix_web::{HttpMessage, HttpRequest};
use domain::id::PersonId;
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
    /// Who signed in.
    pub(crate) person: PersonId,
    /// What the person is called.
    pub(crate) name: String,
    /// The value of the hidden field `csrf` of every form.
    pub(crate) csrf: String,
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
        return Ok(Identity::public());
    };
    let secret = header
        .to_str()
        .ok()
        .and_then(|text| text.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, secret)| secret.trim())
        .ok_or(Error::Unauthenticated)?;
    let hash = Secret::Token.hash(secret)?;
    let mut conn = site.store.read().await?;
    let viewer = store::token::viewer(&mut conn, &hash, store::now()).await?;
    Ok(Identity {
        viewer,
        session: None,
    })
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
