//! The forms of the pages: each goes through the check of who sent it, and to the dashboard, which runs one mutation.

use super::account::kept_quiet;
use super::form::{Form, OpenForm};
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

pub(super) async fn declaration(form: Sent) -> HttpResponse {
    let (visit, fields) = opened(form);
    let done = dashboard::declaration_form(&visit, &visit.context, &fields).await;
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

pub(super) async fn new_problem(form: Sent) -> HttpResponse {
    let (visit, fields) = opened(form);
    let done = dashboard::raise_form(&visit, &visit.context, &fields).await;
    reply(&visit, done)
}

pub(super) async fn problem(form: Sent, slug: web::Path<String>) -> HttpResponse {
    let (visit, fields) = opened(form);
    let done = dashboard::problem_form(&visit, &visit.context, &slug, &fields).await;
    reply(&visit, done)
}

pub(super) async fn edit_problem(form: Sent, slug: web::Path<String>) -> HttpResponse {
    let (visit, fields) = opened(form);
    let done = dashboard::edit_form(&visit, &visit.context, &slug, &fields).await;
    reply(&visit, done)
}

pub(super) async fn problem_history(form: Sent, slug: web::Path<String>) -> HttpResponse {
    let (visit, fields) = opened(form);
    let done = dashboard::history_form(&visit, &visit.context, &slug, &fields).await;
    reply(&visit, done)
}

/// Anybody may hand something in: who is not signed in has shown by the hidden value that a page of ours was seen.
pub(super) async fn suggest(form: OpenForm, slug: web::Path<String>) -> HttpResponse {
    let OpenForm { visit, fields } = form;
    let shown = fields.iter().find(|(name, _)| name == "shown");
    let shown = shown.map_or("", |(_, value)| value.as_str());
    let in_time = visit.site.stamps.in_time(shown, store::now());
    let fields = Fields::new(fields);
    let done = dashboard::suggest_form(&visit, &visit.context, &slug, &fields, in_time).await;
    reply(&visit, done)
}

pub(super) async fn suggestions(form: Sent) -> HttpResponse {
    let (visit, fields) = opened(form);
    let done = dashboard::suggestions_form(&visit, &visit.context, &fields).await;
    reply(&visit, done)
}

pub(super) async fn new_project(form: Sent) -> HttpResponse {
    let (visit, fields) = opened(form);
    let done = dashboard::start_form(&visit, &visit.context, &fields).await;
    reply(&visit, done)
}

pub(super) async fn project(form: Sent, slug: web::Path<String>) -> HttpResponse {
    let (visit, fields) = opened(form);
    let done = dashboard::project_form(&visit, &visit.context, &slug, &fields).await;
    reply(&visit, done)
}

pub(super) async fn status(form: Sent, slug: web::Path<String>) -> HttpResponse {
    let (visit, fields) = opened(form);
    let done = dashboard::status_form(&visit, &visit.context, &slug, &fields).await;
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
