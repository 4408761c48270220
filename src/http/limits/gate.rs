//! The gate that every request goes through: who pays for it, whether they can, and whether it is of a size to be read.

use super::purse::{LEAST, Payer};
use super::{Purse, Wait};
use crate::http::answer::Media;
use crate::http::identity::{self, Identity};
use crate::http::visit::Visit;
use crate::http::{Site, body};
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{CACHE_CONTROL, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpRequest, HttpResponse, web};
use dashboard::PageError;
use domain::policy::Viewer;
use std::sync::Arc;

/// Answers about the server itself, which go to whoever watches it: never refused.
const HEALTH: [&str; 2] = ["/healthz", "/readyz"];
/// Answers that are the same for everybody: nobody asks who wants them.
const SAME_FOR_ALL: [&str; 2] = ["/style.css", "/schema.graphql"];
/// What signing in costs: the identity provider is asked for it.
const SIGN_IN: u32 = 2_000;

/// Charges a request, and refuses it when the budget is spent or its body is too long; then lets it through.
pub(in crate::http) async fn gate(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let site = request.app_data::<web::Data<Site>>().cloned();
    let watched = HEALTH.contains(&request.path());
    let refused = match &site {
        Some(site) if !watched => enter(site, request.request()).await.err(),
        _ => None,
    };
    if let Some(refused) = refused {
        return Ok(request.into_response(refused));
    }
    let mut response = next.call(request).await?.map_into_boxed_body();
    if is_for_somebody(response.request()) {
        keep_from_caches(&mut response);
    }
    Ok(response)
}

/// Lets a request in, or says why not in the shape that its client reads.
async fn enter(site: &web::Data<Site>, request: &HttpRequest) -> Result<(), HttpResponse> {
    let known = if SAME_FOR_ALL.contains(&request.path()) {
        Ok(Arc::new(Identity::public()))
    } else {
        identity::of(site, request).await
    };
    let viewer = match &known {
        Ok(identity) => &identity.viewer,
        Err(_) => &Viewer::Anonymous,
    };
    let payer = Payer::of(viewer, site.limits.proxies.client(request));
    let purse = Purse::new(Arc::clone(&site.limits), payer);
    let cost = if request.path().starts_with("/sign-in") {
        SIGN_IN
    } else {
        LEAST
    };
    let mut entered = purse.enter(cost);
    // The handler says that the token is none; here it is only counted.
    if matches!(known, Err(domain::Error::Unauthenticated)) {
        let failed = site
            .limits
            .failed(request, "A token is none, or holds no more");
        entered = entered.and(failed);
    }
    match entered {
        Err(wait) => return Err(too_many(site, request, wait).await),
        Ok(()) => request.extensions_mut().insert(purse),
    };
    if body::is_too_long(request, limit(request)) {
        return Err(too_long(site, request).await);
    }
    Ok(())
}

/// The longest body that a route takes: that of the API, or of a form.
fn limit(request: &HttpRequest) -> usize {
    if is_api(request) {
        body::LONGEST
    } else {
        body::LONGEST_FORM
    }
}

fn is_api(request: &HttpRequest) -> bool {
    let path = request.path();
    path == "/graphql" || path == "/record" || path.starts_with("/record/")
}

async fn too_many(site: &web::Data<Site>, request: &HttpRequest, wait: Wait) -> HttpResponse {
    if is_api(request) {
        let refused = async_graphql::Response::from_errors(vec![graphql::rate_limited(wait.0)]);
        return Media::of(request).answer(refused);
    }
    page(site, request, wait.into()).await
}

async fn too_long(site: &web::Data<Site>, request: &HttpRequest) -> HttpResponse {
    if is_api(request) {
        return body::Fault::TooLong.answer(Media::of(request));
    }
    page(site, request, PageError::TooLong).await
}

/// The page that says so: as whoever looks, or as the public's when nobody knows who that is.
async fn page(site: &web::Data<Site>, request: &HttpRequest, error: PageError) -> HttpResponse {
    let visit = match Visit::of(request).await {
        Ok(visit) => visit,
        Err(_) => Visit::as_public(site, request),
    };
    visit.send(Err(error))
}

/// Whether a request was answered for somebody who said who they are.
fn is_for_somebody(request: &HttpRequest) -> bool {
    let extensions = request.extensions();
    let identity = extensions.get::<Arc<Identity>>();
    identity.is_some_and(|identity| identity.viewer != Viewer::Anonymous)
}

/// Has no cache keep an answer, whatever its handler said.
fn keep_from_caches(response: &mut ServiceResponse) {
    let headers = response.headers_mut();
    let said = headers
        .get(CACHE_CONTROL)
        .and_then(|said| said.to_str().ok());
    if !said.is_some_and(|said| said.contains("no-store")) {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
}
