//! `/unsubscribe/{secret}`: the link of a digest. Looking at it ends nothing; its button does, and so does a mail program
//! that sends a `POST` by itself (RFC 8058).

use super::account::kept_quiet;
use super::visit::Visit;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use dashboard::{PageError, Unsubscribe};
use domain::token::Secret;
use store::digest;

/// The routes of the link.
pub(super) fn routes(config: &mut web::ServiceConfig) {
    config.service(
        web::resource("/unsubscribe/{secret}")
            .route(super::read().to(ask))
            .route(web::post().to(end)),
    );
}

async fn ask(visit: Visit, request: HttpRequest, secret: web::Path<String>) -> HttpResponse {
    let page = Unsubscribe::Ask {
        action: format!("/unsubscribe/{}", secret.as_str()),
    };
    let found = is_known(&visit, &secret).await;
    show(&visit, &request, found, page)
}

async fn is_known(visit: &Visit, secret: &str) -> domain::Result<bool> {
    let Ok(hash) = Secret::Unsubscribe.hash(secret) else {
        return Ok(false);
    };
    let mut conn = visit.site.store.read().await?;
    Ok(digest::of_link(&mut conn, &hash).await?.is_some())
}

/// Whoever has the link was sent it: no session is asked for, nor where the request comes from.
async fn end(visit: Visit, request: HttpRequest, secret: web::Path<String>) -> HttpResponse {
    let ended = end_digest(&visit, &secret).await;
    show(&visit, &request, ended, Unsubscribe::Ended)
}

async fn end_digest(visit: &Visit, secret: &str) -> domain::Result<bool> {
    let Ok(hash) = Secret::Unsubscribe.hash(secret) else {
        return Ok(false);
    };
    let now = store::now();
    let end = async |conn: &mut store::Conn| digest::end_by_link(conn, &hash, now).await;
    visit.site.store.write(end).await
}

fn show(
    visit: &Visit,
    request: &HttpRequest,
    found: domain::Result<bool>,
    page: Unsubscribe,
) -> HttpResponse {
    let answer = match found {
        Ok(true) => visit.html(
            StatusCode::OK,
            dashboard::unsubscribe(&page, &visit.context),
        ),
        Ok(false) => {
            let html = dashboard::unsubscribe(&Unsubscribe::Dead, &visit.context);
            let answer = visit.html(StatusCode::NOT_FOUND, html);
            visit.slowed(request, "A link of a digest is none", answer)
        }
        Err(error) => {
            let id = store::fresh::<uuid::Uuid>();
            tracing::error!(error.id = %id, error = error.chain(), "A digest could not be ended");
            visit.send(Err(PageError::Failed(id.to_string())))
        }
    };
    kept_quiet(answer)
}
