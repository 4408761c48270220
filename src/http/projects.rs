//! The pages of projects, and the forms that stand on them.

use super::visit::Visit;
use super::{forms, pages};
use actix_web::{HttpResponse, web};
use dashboard::{DoneParams, HistoryParams, OrganisationParams, ProjectsParams};

/// The routes of these pages; a form is sent to the page it stands on.
pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/projects", super::read().to(projects))
        .service(
            web::resource("/projects/new")
                .route(super::read().to(new_project))
                .route(web::post().to(forms::new_project)),
        )
        .service(
            web::resource("/projects/{slug}")
                .route(super::read().to(project))
                .route(web::post().to(forms::project)),
        )
        .service(
            web::resource("/projects/{slug}/status")
                .route(super::read().to(status))
                .route(web::post().to(forms::status)),
        )
        .route("/projects/{slug}/history", super::read().to(history))
        .route(
            "/organisations/{slug}/projects",
            super::read().to(portfolio),
        );
}

type Query<T> = Result<web::Query<T>, actix_web::Error>;

async fn projects(visit: Visit, query: Query<ProjectsParams>) -> HttpResponse {
    let page = match pages::read(query) {
        Ok(params) => dashboard::projects(&visit, &visit.context, &params).await,
        Err(error) => Err(error),
    };
    visit.send(page)
}

async fn new_project(visit: Visit) -> HttpResponse {
    let page = dashboard::new_project(&visit, &visit.context).await;
    visit.send(page)
}

async fn project(visit: Visit, slug: web::Path<String>, query: Query<DoneParams>) -> HttpResponse {
    let page = match pages::read(query) {
        Ok(params) => dashboard::project(&visit, &visit.context, &slug, &params).await,
        Err(error) => Err(error),
    };
    visit.send(page)
}

async fn status(visit: Visit, slug: web::Path<String>, query: Query<DoneParams>) -> HttpResponse {
    let page = match pages::read(query) {
        Ok(params) => dashboard::status(&visit, &visit.context, &slug, &params).await,
        Err(error) => Err(error),
    };
    visit.send(page)
}

async fn history(
    visit: Visit,
    slug: web::Path<String>,
    query: Query<HistoryParams>,
) -> HttpResponse {
    let page = match pages::read(query) {
        Ok(params) => dashboard::history(&visit, &visit.context, &slug, &params).await,
        Err(error) => Err(error),
    };
    visit.send(page)
}

async fn portfolio(
    visit: Visit,
    slug: web::Path<String>,
    query: Query<OrganisationParams>,
) -> HttpResponse {
    let page = match pages::read(query) {
        Ok(params) => dashboard::portfolio(&visit, &visit.context, &slug, &params).await,
        Err(error) => Err(error),
    };
    visit.send(page)
}
