//! The pages: each route reads the query string, lets the dashboard render, and sends the result.

use super::visit::Visit;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use actix_web::{HttpResponse, web};
use dashboard::PageError;

/// The routes of the pages, and the page for addresses that are none.
pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/", super::read().to(home))
        .route("/standards", super::read().to(standards))
        .route("/standards/{slug}", super::read().to(standard))
        .route("/standards/{slug}/evidence", super::read().to(evidence))
        .route("/organisations", super::read().to(organisations))
        .route("/organisations/{slug}", super::read().to(organisation))
        .service(
            web::resource("/declaration")
                .route(super::read().to(declaration))
                .route(web::post().to(super::forms::declaration)),
        )
        .route("/activity", super::read().to(activity))
        .route("/style.css", super::read().to(style))
        .default_service(web::to(async |visit: Visit| {
            visit.send(Err(PageError::NotFound))
        }));
}

type Query<T> = Result<web::Query<T>, actix_web::Error>;

async fn home(visit: Visit) -> HttpResponse {
    let page = dashboard::home(&visit, &visit.context).await;
    visit.send(page)
}

/// A handler of a page with a query string, and with a slug where the address has one.
macro_rules! page {
    ($name:ident, $params:ty) => {
        async fn $name(visit: Visit, query: Query<$params>) -> HttpResponse {
            let page = match read(query) {
                Ok(params) => dashboard::$name(&visit, &visit.context, &params).await,
                Err(error) => Err(error),
            };
            visit.send(page)
        }
    };
    ($name:ident, slug, $params:ty) => {
        async fn $name(
            visit: Visit,
            slug: web::Path<String>,
            query: Query<$params>,
        ) -> HttpResponse {
            let page = match read(query) {
                Ok(params) => dashboard::$name(&visit, &visit.context, &slug, &params).await,
                Err(error) => Err(error),
            };
            visit.send(page)
        }
    };
}

page!(activity, dashboard::ActivityParams);
page!(declaration, dashboard::DeclarationParams);
page!(standards, dashboard::StandardsParams);
page!(standard, slug, dashboard::StandardParams);
page!(evidence, slug, dashboard::EvidenceParams);
page!(organisations, dashboard::OrganisationsParams);
page!(organisation, slug, dashboard::OrganisationParams);

async fn style() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/css; charset=utf-8"))
        .insert_header((CACHE_CONTROL, "public, max-age=300"))
        .body(dashboard::STYLE)
}

/// The page for people who open `/graphql` in a browser.
pub(super) fn api(visit: &Visit) -> HttpResponse {
    visit.send(dashboard::api(&visit.context))
}

/// The query string, or the page that says it cannot be read.
pub(super) fn read<T>(query: Query<T>) -> Result<T, PageError> {
    query.map(web::Query::into_inner).map_err(|error| {
        PageError::BadRequest(format!(
            "The address cannot be read: {error}. Start again from the page itself."
        ))
    })
}
