//! What people hand in without signing in, the page of its receipt, and the unit's list of it.

use super::account::kept_quiet;
use super::visit::Visit;
use super::{forms, pages};
use actix_web::{HttpRequest, HttpResponse, web};
use dashboard::{DoneParams, PageError, SuggestionsParams};

/// The routes of these pages. The form that hands something in stands on the page of a problem.
pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/suggestions/{receipt}", super::read().to(suggestion))
        .service(
            web::resource("/unit/suggestions")
                .route(super::read().to(suggestions))
                .route(web::post().to(forms::suggestions)),
        );
}

type Query<T> = Result<web::Query<T>, actix_web::Error>;

async fn suggestion(
    visit: Visit,
    request: HttpRequest,
    receipt: web::Path<String>,
    query: Query<DoneParams>,
) -> HttpResponse {
    let page = match pages::read(query) {
        Ok(params) => dashboard::suggestion(&visit, &visit.context, &receipt, &params).await,
        Err(error) => Err(error),
    };
    let wrong = page == Err(PageError::NotFound);
    let mut answer = visit.send(page);
    if wrong {
        answer = visit.slowed(&request, "A receipt of a suggestion is none", answer);
    }
    kept_quiet(answer)
}

async fn suggestions(visit: Visit, query: Query<SuggestionsParams>) -> HttpResponse {
    let page = match pages::read(query) {
        Ok(params) => dashboard::suggestions(&visit, &visit.context, &params).await,
        Err(error) => Err(error),
    };
    visit.send(page)
}
