//! The pages of problems, and the forms that stand on them.

use super::visit::Visit;
use super::{forms, pages};
use actix_web::http::header::LOCATION;
use actix_web::{HttpResponse, web};
use dashboard::{DoneParams, PageError, ProblemsParams, Shown};

/// The routes of these pages; a form is sent to the page it stands on.
pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/problems", super::read().to(problems))
        .service(
            web::resource("/problems/new")
                .route(super::read().to(new_problem))
                .route(web::post().to(forms::new_problem)),
        )
        .service(
            web::resource("/problems/{slug}")
                .route(super::read().to(problem))
                .route(web::post().to(forms::problem)),
        )
        .service(
            web::resource("/problems/{slug}/suggestions")
                .route(super::read().to(problem))
                .route(web::post().to(forms::suggest)),
        )
        .service(
            web::resource("/problems/{slug}/edit")
                .route(super::read().to(edit))
                .route(web::post().to(forms::edit_problem)),
        )
        .service(
            web::resource("/problems/{slug}/history")
                .route(super::read().to(history))
                .route(web::post().to(forms::problem_history)),
        );
}

type Query<T> = Result<web::Query<T>, actix_web::Error>;

async fn problems(visit: Visit, query: Query<ProblemsParams>) -> HttpResponse {
    let page = match pages::read(query) {
        Ok(params) => dashboard::problems(&visit, &visit.context, &params).await,
        Err(error) => Err(error),
    };
    visit.send(page)
}

async fn new_problem(visit: Visit) -> HttpResponse {
    let page = dashboard::new_problem(&visit, &visit.context).await;
    visit.send(page)
}

async fn problem(visit: Visit, slug: web::Path<String>, query: Query<DoneParams>) -> HttpResponse {
    let page = match pages::read(query) {
        Ok(params) => dashboard::problem(&visit, &visit.context, &slug, &params).await,
        Err(error) => Err(error),
    };
    show(&visit, page)
}

async fn edit(visit: Visit, slug: web::Path<String>) -> HttpResponse {
    let page = dashboard::edit_problem(&visit, &visit.context, &slug).await;
    show(&visit, page)
}

/// The page, or the way to where it is now.
fn show(visit: &Visit, page: Result<Shown, PageError>) -> HttpResponse {
    match page {
        Ok(Shown::Moved(to)) => HttpResponse::MovedPermanently()
            .insert_header((LOCATION, to))
            .finish(),
        Ok(Shown::Page(html)) => visit.send(Ok(html)),
        Err(error) => visit.send(Err(error)),
    }
}

async fn history(visit: Visit, slug: web::Path<String>) -> HttpResponse {
    let page = dashboard::problem_history(&visit, &visit.context, &slug).await;
    visit.send(page)
}
