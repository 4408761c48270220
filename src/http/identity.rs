//! Who asks: the viewer that a request's `Authorization` header or session cookie names.

use super::Site;
use actix_web::http::header::AUTHORIZATION;
use actix_web::{HttpMessage, HttpRequest};
use domain::id::PersonId;
use domain::policy::Viewer;
use domain::{Error, Result, token};
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
    if let Some(nobody) = request.extensions().get::<Nobody>() {
        return Err(nobody.error());
    }
    match find(site, request).await {
        Ok(found) => {
            let found = Rc::new(found);
            request.extensions_mut().insert(Rc::clone(&found));
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
    let hash = token::hash(secret)?;
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
