//! One visit of a page: who looks, what every page shows around itself, and how the page is sent.

use super::identity::{self, Identity};
use super::limits::Purse;
use super::{Asking, Site, cookie, origin, session};
use actix_web::dev::Payload;
use actix_web::error::InternalError;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_TYPE, HeaderValue, LOCATION, RETRY_AFTER, VARY,
};
use actix_web::http::{Method, StatusCode};
use actix_web::{FromRequest, HttpRequest, HttpResponse, web};
use async_graphql::{Request, Response, Variables};
use dashboard::{Account, Ask, PageContext, PageError};
use serde_json::Value;
use std::pin::Pin;
use std::sync::Arc;

/// A visit of a page, as the argument of its handler. Its documents are run as whoever looks at it.
pub(super) struct Visit {
    /// What every request needs.
    pub(super) site: web::Data<Site>,
    /// Who looks, with what they may.
    pub(super) identity: Arc<Identity>,
    /// Who pays for what it asks.
    purse: Purse,
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
                let mut visit = Self::by(&site, request, identity);
                if let Some(session) = &visit.identity.session
                    && shows_a_page(request)
                {
                    visit.cookie = session::renew(&site, session).await;
                }
                Ok(visit)
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

    /// The visit as the public makes it, whoever looks.
    pub(super) fn as_public(site: &web::Data<Site>, request: &HttpRequest) -> Self {
        Self::by(site, request, Arc::new(Identity::public()))
    }

    fn by(site: &web::Data<Site>, request: &HttpRequest, identity: Arc<Identity>) -> Self {
        Self {
            context: context(site, request, &identity),
            purse: Purse::of(&site.limits, request),
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
                let mut answer = self.html(status, dashboard::error_page(&error, &self.context));
                if let Some(seconds) = error.retry_after() {
                    let seconds = HeaderValue::from(seconds);
                    answer.headers_mut().insert(RETRY_AFTER, seconds);
                }
                answer
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

    /// The answer to a secret that was looked up in vain: the usual one, or after too many of them from one address the
    /// page that says to wait. `what` says for the log in a sentence what it was.
    pub(super) fn slowed(
        &self,
        request: &HttpRequest,
        what: &'static str,
        usual: HttpResponse,
    ) -> HttpResponse {
        match self.site.limits.failed(request, what) {
            Ok(()) => usual,
            Err(wait) => self.send(Err(wait.into())),
        }
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
        let asking = Asking {
            viewer: self.identity.viewer.clone(),
            purse: self.purse.clone(),
            allow_mutation,
        };
        self.site.execute(request, asking).await
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
        key: store::fresh::<uuid::Uuid>().to_string(),
        stamp: site.stamps.made(store::now()),
        origin: origin::of(site.access.public_url.as_ref(), request),
    }
}

/// A text of an error's extensions.
fn extension(error: &async_graphql::ServerError, name: &str) -> Option<String> {
    match error.extensions.as_ref()?.get(name)? {
        async_graphql::Value::String(text) => Some(text.clone()),
        _ => None,
    }
}

/// A number of an error's extensions.
fn number(error: &async_graphql::ServerError, name: &str) -> Option<u64> {
    match error.extensions.as_ref()?.get(name)? {
        async_graphql::Value::Number(number) => number.as_u64(),
        _ => None,
    }
}

impl Visit {
    /// Runs a document, and gives the data of its answer or what the page has to say instead.
    async fn data(
        &self,
        document: &'static str,
        variables: Value,
        allow_mutation: bool,
    ) -> Result<Value, PageError> {
        let request = Request::new(document).variables(Variables::from_json(variables));
        let response = self.execute(request, allow_mutation).await;
        let Some(error) = response.errors.first() else {
            return response
                .data
                .into_json()
                .map_err(|error| PageError::Failed(self.failed(&error.to_string())));
        };
        let message = || error.message.clone();
        Err(match extension(error, "code").as_deref() {
            Some("NOT_FOUND") => PageError::NotFound,
            Some("RATE_LIMITED") => PageError::TooMany {
                seconds: number(error, "retryAfter").unwrap_or(1),
            },
            Some("BAD_INPUT" | "TOO_COSTLY" | "TIMEOUT") => PageError::BadRequest(message()),
            Some("UNAUTHENTICATED") => PageError::Unauthenticated,
            Some("FORBIDDEN") => PageError::Forbidden(message()),
            Some("CONFLICT") => PageError::Conflict(message()),
            _ => PageError::Failed(
                extension(error, "id").unwrap_or_else(|| self.failed(&error.message)),
            ),
        })
    }
}

impl Ask for Visit {
    async fn ask(&self, document: &'static str, variables: Value) -> Result<Value, PageError> {
        self.data(document, variables, false).await
    }

    async fn change(&self, document: &'static str, variables: Value) -> Result<Value, PageError> {
        self.data(document, variables, true).await
    }

    fn failed(&self, cause: &str) -> String {
        let id = store::fresh::<uuid::Uuid>().to_string();
        tracing::error!(error.id = id, cause, "A page could not be made");
        id
    }
}
