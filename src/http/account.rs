//! The pages for whoever is signed in: the account, people and keys, and the links of invitations.

use super::forms;
use super::visit::Visit;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, HeaderValue, REFERRER_POLICY};
use actix_web::{HttpRequest, HttpResponse, web};
use dashboard::{DoneParams, Home, PageError};

/// The routes of these pages; a form is sent to the page it stands on.
pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .service(
            web::resource("/account")
                .route(super::read().to(account))
                .route(web::post().to(forms::account)),
        )
        .route("/account/export", super::read().to(export))
        .service(
            web::resource("/organisations/{slug}/people")
                .route(super::read().to(people))
                .route(web::post().to(forms::people)),
        )
        .service(
            web::resource("/unit/people")
                .route(super::read().to(unit_people))
                .route(web::post().to(forms::unit_people)),
        )
        .service(
            web::resource("/invitation/{secret}")
                .route(super::read().to(invitation))
                .route(web::post().to(forms::invitation)),
        );
}

type Query = Result<web::Query<DoneParams>, actix_web::Error>;

async fn account(visit: Visit, query: Query) -> HttpResponse {
    let page = match super::pages::read(query) {
        Ok(params) => dashboard::account(&visit, &visit.context, &params).await,
        Err(error) => Err(error),
    };
    visit.send(page)
}

/// Everything that is kept of whoever is signed in, as a file.
async fn export(visit: Visit) -> HttpResponse {
    let kept = dashboard::personal_data(&visit).await;
    let kept = kept.and_then(|kept| {
        let text = serde_json::to_string_pretty(&kept);
        text.map_err(|error| PageError::Failed(dashboard::Ask::failed(&visit, &error.to_string())))
    });
    match kept {
        Ok(text) => HttpResponse::Ok()
            .content_type("application/json")
            .insert_header((CACHE_CONTROL, "private, no-store"))
            .insert_header((
                CONTENT_DISPOSITION,
                "attachment; filename=\"manyhands-kept-about-me.json\"",
            ))
            .body(text),
        Err(error) => visit.send(Err(error)),
    }
}

async fn people(visit: Visit, slug: web::Path<String>, query: Query) -> HttpResponse {
    show(&visit, Home::Organisation(slug.into_inner()), query).await
}

async fn unit_people(visit: Visit, query: Query) -> HttpResponse {
    show(&visit, Home::Unit, query).await
}

async fn show(visit: &Visit, home: Home, query: Query) -> HttpResponse {
    let page = match super::pages::read(query) {
        Ok(params) => dashboard::people(visit, &visit.context, &home, &params).await,
        Err(error) => Err(error),
    };
    visit.send(page)
}

async fn invitation(visit: Visit, request: HttpRequest, secret: web::Path<String>) -> HttpResponse {
    let page = dashboard::invitation(&visit, &visit.context, &secret).await;
    let wrong = page == Err(PageError::DeadLink);
    let mut answer = visit.send(page);
    if wrong {
        answer = visit.slowed(&request, "A link of an invitation is none", answer);
    }
    kept_quiet(answer)
}

/// An answer whose address holds a secret: nobody keeps it, and the browser tells no other page of it.
pub(super) fn kept_quiet(mut answer: HttpResponse) -> HttpResponse {
    let headers = answer.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    answer
}
