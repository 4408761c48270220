//! One visit of a page: who looks, what every page shows around itself, and how the page is sent.

use super::identity::{self, Identity};
use super::{Site, cookie, session};
use actix_web::dev::Payload;
use actix_web::error::InternalError;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue, LOCATION, VARY};
use actix_web::http::{Method, StatusCode};
use actix_web::{FromRequest, HttpRequest, HttpResponse, web};
use async_graphql::{Request, Response, Variables};
use dashboard::{Account, Ask, PageContext, PageError};
use serde_json::Value;
use std::pin::Pin;
use std::rc::Rc;

/// A visit of a page, as the argument of its handler. Its documents are run as whoever looks at it.
pub(super) struct Visit {
    /// What every request needs.
    pub(super) site: web::Data<Site>,
    /// Who looks, with what they may.
    pub(super) identity: Rc<Identity>,
    /// What the page shows around itself.
    pub(super) context: PageContext,
    /// The new secret of the session, where it was time for one.
    cookie: Option<HeaderValue>,
}

impl FromRequest for Visit {
    type Error = actix_web::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Self::Error>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { Self::of(&request).await.map_err(|refused| refuse(*refused)) })
    }
}

/// An answer in the place of a handler's.
pub(super) fn refuse(answer: HttpResponse) -> actix_web::Error {
    InternalError::from_response("refused before the page was made", answer).into()
}

impl Visit {
    /// The visit that a request is.
    ///
    /// # Errors
    /// The page that says so, when the request names somebody who is nobody, or the database fails.
    pub(super) async fn of(request: &HttpRequest) -> Result<Self, Box<HttpResponse>> {
        let Some(site) = request.app_data::<web::Data<Site>>().cloned() else {
            return Err(Box::new(HttpResponse::InternalServerError().finish()));
        };
        match identity::of(&site, request).await {
            Ok(identity) => {
                let cookie = match &identity.session {
                    Some(session) if shows_a_page(request) => session::renew(&site, session).await,
                    _ => None,
                };
                Ok(Self {
                    context: context(&site, request, &identity),
                    site,
                    identity,
                    cookie,
                })
            }
            Err(error) => {
                let visit = Self::as_public(&site, request);
                Err(Box::new(match error {
                    domain::Error::Internal(_) => visit.broken(&error),
                    _ => visit.send(Err(PageError::Unauthenticated)),
                }))
            }
        }
    }

    /// The visit of the public, whoever the request says that it is.
    pub(super) fn as_public(site: &web::Data<Site>, request: &HttpRequest) -> Self {
        let identity = Rc::new(Identity::public());
        Self {
            context: context(site, request, &identity),
            site: site.clone(),
            identity,
            cookie: None,
        }
    }

    /// A page, or the page that says why there is none.
    pub(super) fn send(&self, page: Result<String, PageError>) -> HttpResponse {
        match page {
            Ok(html) => self.html(StatusCode::OK, html),
            Err(error) => {
                let status = StatusCode::from_u16(error.status())
                    .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
                self.html(status, dashboard::error_page(&error, &self.context))
            }
        }
    }

    /// A page with a status of its own. What was made for somebody is kept by no cache.
    pub(super) fn html(&self, status: StatusCode, html: String) -> HttpResponse {
        let keep = match &self.identity.session {
            Some(_) => "private, no-store",
            None => "no-cache",
        };
        let mut answer = HttpResponse::build(status);
        answer
            .insert_header((CONTENT_TYPE, "text/html; charset=utf-8"))
            .insert_header((CACHE_CONTROL, keep))
            .insert_header((VARY, "Cookie"));
        let mut answer = answer.body(html);
        cookie::add(&mut answer, self.cookie.clone());
        answer
    }

    /// The page that says that the fault is ours, which is logged.
    pub(super) fn broken(&self, error: &domain::Error) -> HttpResponse {
        let id = self.failed(&error.chain());
        self.send(Err(PageError::Failed(id)))
    }

    /// Sends the browser to another page of ours, to look at it anew: the answer to a form that was taken.
    pub(super) fn go(&self, to: &str) -> HttpResponse {
        let mut answer = HttpResponse::SeeOther()
            .insert_header((LOCATION, to))
            .insert_header((CACHE_CONTROL, "no-store"))
            .finish();
        cookie::add(&mut answer, self.cookie.clone());
        answer
    }

    /// Runs a document as whoever looks at the page.
    pub(super) async fn execute(&self, request: Request, allow_mutation: bool) -> Response {
        let viewer = self.identity.viewer.clone();
        self.site.execute(request, viewer, allow_mutation).await
    }
}

/// Whether the answer shows a page: one that signs in or out has cookies of its own to set.
fn shows_a_page(request: &HttpRequest) -> bool {
    request.method() == Method::GET && !request.path().starts_with("/sign-")
}

fn context(site: &Site, request: &HttpRequest, identity: &Identity) -> PageContext {
    let account = identity.session.as_ref().map(|session| Account {
        name: session.name.clone(),
        csrf: session.csrf.clone(),
    });
    PageContext {
        today: store::now().date(),
        path: request.path().to_owned(),
        notice: site.notice,
        account,
        can_sign_in: site.access.can_sign_in(),
    }
}

/// A text of an error's extensions.
fn extension(error: &async_graphql::ServerError, name: &str) -> Option<String> {
    match error.extensions.as_ref()?.get(name)? {
        async_graphql::Value::String(text) => Some(text.clone()),
        _ => None,
    }
}

impl Ask for Visit {
    async fn ask(&self, document: &'static str, variables: Value) -> Result<Value, PageError> {
        let request = Request::new(document).variables(Variables::from_json(variables));
        let response = self.execute(request, false).await;
        let Some(error) = response.errors.first() else {
            return response
                .data
                .into_json()
                .map_err(|error| PageError::Failed(self.failed(&error.to_string())));
        };
        Err(match extension(error, "code").as_deref() {
            Some("NOT_FOUND") => PageError::NotFound,
            Some("BAD_INPUT" | "TOO_COSTLY" | "TIMEOUT") => {
                PageError::BadRequest(error.message.clone())
            }
            Some("UNAUTHENTICATED") => PageError::Unauthenticated,
            Some("FORBIDDEN") => PageError::Forbidden(error.message.clone()),
            _ => PageError::Failed(
                extension(error, "id").unwrap_or_else(|| self.failed(&error.message)),
            ),
        })
    }

    fn failed(&self, cause: &str) -> String {
        let id = store::fresh::<uuid::Uuid>().to_string();
        tracing::error!(error.id = id, cause, "A page could not be made");
        id
    }
}
