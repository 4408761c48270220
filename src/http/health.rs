//! `/healthz`: the process lives. `/readyz`: it can answer, which needs the database.

use super::Site;
use actix_web::{HttpResponse, web};

/// The routes of the health checks.
pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .route(
            "/healthz",
            super::read().to(async || HttpResponse::Ok().body("ok\n")),
        )
        .route("/readyz", super::read().to(ready));
}

async fn ready(site: web::Data<Site>) -> HttpResponse {
    let answers = async {
        let mut conn = site.store.read().await?;
        store::job_run::count(&mut conn, &store::job_run::Filter::default()).await
    };
    match answers.await {
        Ok(_) => HttpResponse::Ok().body("ready\n"),
        Err(error) => {
            tracing::warn!(error = error.chain(), "Not ready");
            HttpResponse::ServiceUnavailable().body("the database does not answer\n")
        }
    }
}
