//! The pages: each route reads the query string, lets the dashboard render, and sends the result.

use super::Site;
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use actix_web::{HttpRequest, HttpResponse, web};
use async_graphql::{Request, Variables};
use dashboard::{Ask, PageContext, PageError};
use domain::policy::Viewer;
use serde_json::Value;

/// The routes of the pages, and the page for addresses that are none.
pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/", super::read().to(home))
        .route("/standards", super::read().to(standards))
        .route("/standards/{slug}", super::read().to(standard))
        .route("/standards/{slug}/evidence", super::read().to(evidence))
        .route("/organisations", super::read().to(organisations))
        .route("/organisations/{slug}", super::read().to(organisation))
        .route("/style.css", super::read().to(style))
        .default_service(web::to(
            async |site: web::Data<Site>, request: HttpRequest| {
                send(&context(&site, &request), Err(PageError::NotFound))
            },
        ));
}

type Query<T> = Result<web::Query<T>, actix_web::Error>;

async fn home(site: web::Data<Site>, request: HttpRequest) -> HttpResponse {
    let context = context(&site, &request);
    let page = dashboard::home(site.get_ref(), &context).await;
    send(&context, page)
}

/// A handler of a page with a query string, and with a slug where the address has one.
macro_rules! page {
    ($name:ident, $params:ty) => {
        async fn $name(
            site: web::Data<Site>,
            request: HttpRequest,
            query: Query<$params>,
        ) -> HttpResponse {
            let context = context(&site, &request);
            let page = match read(query) {
                Ok(params) => dashboard::$name(site.get_ref(), &context, &params).await,
                Err(error) => Err(error),
            };
            send(&context, page)
        }
    };
    ($name:ident, slug, $params:ty) => {
        async fn $name(
            site: web::Data<Site>,
            request: HttpRequest,
            slug: web::Path<String>,
            query: Query<$params>,
        ) -> HttpResponse {
            let context = context(&site, &request);
            let page = match read(query) {
                Ok(params) => dashboard::$name(site.get_ref(), &context, &slug, &params).await,
                Err(error) => Err(error),
            };
            send(&context, page)
        }
    };
}

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
pub(super) fn api(site: &Site, request: &HttpRequest) -> HttpResponse {
    let context = context(site, request);
    let page = dashboard::api(&context);
    send(&context, page)
}

fn context(site: &Site, request: &HttpRequest) -> PageContext {
    PageContext {
        today: store::now().date(),
        path: request.path().to_owned(),
        notice: site.notice,
    }
}

fn read<T>(query: Query<T>) -> Result<T, PageError> {
    query.map(web::Query::into_inner).map_err(|error| {
        PageError::BadRequest(format!(
            "The address cannot be read: {error}. Start again from the page itself."
        ))
    })
}

fn send(context: &PageContext, page: Result<String, PageError>) -> HttpResponse {
    let (status, html) = match page {
        Ok(html) => (StatusCode::OK, html),
        Err(error) => {
            let status =
                StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            (status, dashboard::error_page(&error, context))
        }
    };
    HttpResponse::build(status)
        .insert_header((CONTENT_TYPE, "text/html; charset=utf-8"))
        .insert_header((CACHE_CONTROL, "no-cache"))
        .body(html)
}

impl Ask for Site {
    /// Pages ask as the public does: what they show, anybody could query.
    async fn ask(&self, document: &'static str, variables: Value) -> Result<Value, PageError> {
        let request = Request::new(document).variables(Variables::from_json(variables));
        let response = self.execute(request, Viewer::Anonymous, false).await;
        let Some(error) = response.errors.first() else {
            return response
                .data
                .into_json()
                .map_err(|error| PageError::Failed(self.failed(&error.to_string())));
        };
        let extension = |name: &str| {
            let value = error.extensions.as_ref().and_then(|all| all.get(name));
            match value {
                Some(async_graphql::Value::String(text)) => Some(text.clone()),
                _ => None,
            }
        };
        Err(match extension("code").as_deref() {
            Some("NOT_FOUND") => PageError::NotFound,
            Some("BAD_INPUT" | "TOO_COSTLY" | "TIMEOUT") => {
                PageError::BadRequest(error.message.clone())
            }
            _ => PageError::Failed(extension("id").unwrap_or_else(|| self.failed(&error.message))),
        })
    }

    fn failed(&self, cause: &str) -> String {
        let id = store::fresh::<uuid::Uuid>().to_string();
        tracing::error!(error.id = id, cause, "A page could not be made");
        id
    }
}
