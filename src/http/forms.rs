//! The forms of the pages: each goes through the check of who sent it, and to the dashboard, which runs one mutation.

use super::account::kept_quiet;
use super::form::Form;
use super::visit::Visit;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use dashboard::{Fields, Home, PageError, Reply};

/// A form as its fields came.
type Sent = Form<Vec<(String, String)>>;

pub(super) async fn account(form: Sent) -> HttpResponse {
    let (visit, fields) = opened(form);
    let done = dashboard::account_form(&visit, &visit.context, &fields).await;
    reply(&visit, done)
}

pub(super) async fn people(form: Sent, slug: web::Path<String>) -> HttpResponse {
    take(form, Home::Organisation(slug.into_inner())).await
}

pub(super) async fn unit_people(form: Sent) -> HttpResponse {
    take(form, Home::Unit).await
}

async fn take(form: Sent, home: Home) -> HttpResponse {
    let (visit, fields) = opened(form);
    let done = dashboard::people_form(&visit, &visit.context, &home, &fields).await;
    reply(&visit, done)
}

pub(super) async fn invitation(form: Sent, secret: web::Path<String>) -> HttpResponse {
    let (visit, fields) = opened(form);
    let done = dashboard::invitation_form(&visit, &visit.context, &secret, &fields).await;
    kept_quiet(reply(&visit, done))
}

fn opened(form: Sent) -> (Visit, Fields) {
    (form.visit, Fields::new(form.fields))
}

fn reply(visit: &Visit, done: Result<Reply, PageError>) -> HttpResponse {
    match done {
        Ok(Reply::Go(to)) => visit.go(&to),
        Ok(Reply::Page { status, html }) => {
            let status = StatusCode::from_u16(status);
            visit.html(status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR), html)
        }
        Err(error) => visit.send(Err(error)),
    }
}
