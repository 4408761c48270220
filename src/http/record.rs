//! `/record`: the newest line to be kept of the record. `/record/proof/{id}`: why a change is in it.

use super::Site;
use super::answer::Media;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use domain::id::ChangeId;
use domain::proof::Proof;
use domain::{Error, Result};
use serde::Deserialize;

/// The routes of the record.
pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/record", super::read().to(newest))
        .route("/record/proof/{id}", super::read().to(proof));
}

async fn newest(site: web::Data<Site>) -> HttpResponse {
    let found = async {
        let mut conn = site.store.read().await?;
        store::seal::published(&mut conn).await
    };
    match found.await {
        Ok(Some(line)) => HttpResponse::Ok()
            .content_type("text/plain; charset=utf-8")
            .insert_header(("Cache-Control", "no-cache"))
            .body(format!("{line}\n")),
        Ok(None) => {
            let message = "Nothing is sealed yet; ask again when something was written.";
            Media::Json.refuse(StatusCode::NOT_FOUND, "NOT_FOUND", message)
        }
        Err(error) => refuse(&error),
    }
}

/// Of which record a proof is asked for.
#[derive(Deserialize)]
struct Asked {
    seals: Option<String>,
}

async fn proof(
    site: web::Data<Site>,
    id: web::Path<String>,
    asked: web::Query<Asked>,
) -> HttpResponse {
    match proven(&site, &id, asked.seals.as_deref()).await {
        Ok(proof) => HttpResponse::Ok()
            .insert_header(("Cache-Control", "no-cache"))
            .json(proof),
        Err(error) => refuse(&error),
    }
}

async fn proven(site: &Site, id: &str, seals: Option<&str>) -> Result<Proof> {
    let id: ChangeId = id.parse()?;
    let seals = seals
        .map(|raw| {
            raw.parse().map_err(|_| {
                Error::invalid(
                    "seals",
                    "Write the number of seals of the line that you kept.",
                )
            })
        })
        .transpose()?;
    let mut conn = site.store.read().await?;
    Ok(store::seal::proof(&mut conn, id, seals)
        .await?
        .for_everybody())
}

/// The error as JSON, as the API writes its own.
fn refuse(error: &Error) -> HttpResponse {
    let status = match error {
        Error::NotFound { .. } => StatusCode::NOT_FOUND,
        Error::Conflict(_) => StatusCode::CONFLICT,
        Error::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        _ => StatusCode::BAD_REQUEST,
    };
    let message = match error {
        Error::Internal(_) => {
            let id = store::fresh::<uuid::Uuid>();
            tracing::error!(error.id = %id, error = error.chain(), "The record could not be read");
            format!("Something went wrong on our side; quote id {id}.")
        }
        told => told.to_string(),
    };
    Media::Json.refuse(status, error.code(), &message)
}
