//! Signing in and out: by the identity provider, or by a link of a trial.

mod bearer;
mod fetch;
mod flow;
mod pending;
mod provider;
mod trial;

pub(super) use bearer::{looks_like as looks_like_jwt, subject as subject_of_jwt};
pub(super) use provider::{Oidc, Provider};
pub use trial::Trial;
pub(super) use trial::Trials;

use super::cookie::{self, Cookie};
use super::form::{self, Form};
use super::origin;
use super::secret;
use super::session;
use super::visit::Visit;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use dashboard::SignInPage;
use domain::Result;
use flow::{NOT_ASKED, Refused};
use pending::{Pending, local};
use serde::Deserialize;

/// The routes of signing in and out.
pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/sign-in", web::get().to(begin))
        .route("/sign-in/callback", web::get().to(come_back))
        .route("/sign-in/trial/{secret}", web::get().to(show_trial))
        .route("/sign-in/trial/{secret}", web::post().to(take_trial))
        .route("/sign-out", web::post().to(sign_out));
}

/// Where to go afterwards.
#[derive(Deserialize)]
struct Destination {
    to: Option<String>,
}

async fn begin(visit: Visit, query: Option<web::Query<Destination>>) -> HttpResponse {
    let to = local(query.and_then(|query| query.into_inner().to).as_deref());
    let Some(provider) = &visit.site.access.provider else {
        return say(&visit, StatusCode::NOT_FOUND, &SignInPage::None);
    };
    let pending = match fresh(to) {
        Ok(pending) => pending,
        Err(error) => return visit.broken(&error),
    };
    match flow::begin(provider, &pending).await {
        Ok(url) => {
            let mut answer = visit.go(url.as_str());
            let cookies = visit.site.access.cookies();
            let kept = cookies.set(Cookie::SignIn, &pending.to_cookie(), pending::SECONDS);
            cookie::add(&mut answer, kept);
            answer
        }
        Err(refused) => refuse(&visit, refused, pending.to),
    }
}

fn fresh(to: String) -> Result<Pending> {
    Ok(Pending {
        state: secret::random()?,
        nonce: secret::random()?,
        verifier: secret::random()?,
        to,
    })
}

/// What the provider sends the browser back with.
#[derive(Deserialize, Default)]
struct Answer {
    state: Option<String>,
    code: Option<String>,
    error: Option<String>,
    iss: Option<String>,
}

async fn come_back(
    visit: Visit,
    request: HttpRequest,
    query: Option<web::Query<Answer>>,
) -> HttpResponse {
    let Some(provider) = &visit.site.access.provider else {
        return say(&visit, StatusCode::NOT_FOUND, &SignInPage::None);
    };
    let cookies = visit.site.access.cookies();
    let pending = cookies.read(&request, Cookie::SignIn);
    let pending = pending.and_then(Pending::from_cookie);
    let to = pending
        .as_ref()
        .map_or("/", |pending| &pending.to)
        .to_owned();
    let answer = query.map(web::Query::into_inner).unwrap_or_default();
    let vouched = match pending {
        Some(pending) => vouched(provider, &pending, answer).await,
        None => Err(NOT_ASKED),
    };
    let mut response = match vouched {
        Err(refused) => refuse(&visit, refused, to),
        Ok(vouched) => {
            let person = store::person::Vouched {
                issuer: provider.oidc.issuer.as_str(),
                subject: &vouched.subject,
                email: vouched.email,
                name: vouched.name,
            };
            let begun = session::begin(&visit, &request, &person, None).await;
            session::welcome(&visit, begun, &to)
        }
    };
    // The answer is good once, whatever came of it.
    cookie::add(&mut response, cookies.clear(Cookie::SignIn));
    response
}

/// Whom the provider vouches for in its answer to what is pending.
async fn vouched(
    provider: &Provider,
    pending: &Pending,
    answer: Answer,
) -> Result<flow::Vouched, Refused> {
    let state = answer.state.unwrap_or_default();
    if !form::same(&state, &pending.state) {
        return Err(NOT_ASKED);
    }
    // A provider that names itself (RFC 9207) has to be the one that was asked.
    let own = provider.oidc.issuer.as_str();
    if answer.iss.is_some_and(|issuer| issuer != own) {
        return Err(NOT_ASKED);
    }
    match (answer.error.as_deref(), answer.code) {
        (None, Some(code)) => flow::finish(provider, pending, code).await,
        (Some("access_denied"), _) => Err(Refused::Failed(
            "The sign-in was broken off, or the provider did not allow it.",
        )),
        (Some("temporarily_unavailable" | "server_error"), _) => Err(Refused::Unavailable),
        (error, _) => {
            let error = error
                .unwrap_or("no code")
                .chars()
                .take(40)
                .collect::<String>();
            tracing::warn!(?error, "The identity provider signed nobody in");
            Err(Refused::Failed(
                "The provider could not sign you in. If it happens again, tell whoever runs this server.",
            ))
        }
    }
}

fn refuse(visit: &Visit, refused: Refused, to: String) -> HttpResponse {
    match refused {
        Refused::Unavailable => say(
            visit,
            StatusCode::SERVICE_UNAVAILABLE,
            &SignInPage::Unavailable { to },
        ),
        Refused::Failed(why) => {
            let why = why.to_owned();
            say(
                visit,
                StatusCode::BAD_REQUEST,
                &SignInPage::Failed { why, to },
            )
        }
    }
}

fn say(visit: &Visit, status: StatusCode, page: &SignInPage) -> HttpResponse {
    visit.html(status, dashboard::sign_in(page, &visit.context))
}

/// Opening the link changes nothing: programs that look at links before people do must not use it up.
async fn show_trial(visit: Visit, link: web::Path<String>) -> HttpResponse {
    match visit.site.access.trials.of(&link) {
        Some(trial) => {
            let page = SignInPage::Trial {
                action: visit.context.path.clone(),
                name: trial.name.to_owned(),
            };
            say(&visit, StatusCode::OK, &page)
        }
        None => say(&visit, StatusCode::NOT_FOUND, &SignInPage::TrialOver),
    }
}

async fn take_trial(visit: Visit, request: HttpRequest, link: web::Path<String>) -> HttpResponse {
    if !origin::is_ours(visit.site.access.public_url.as_ref(), &request) {
        return say(&visit, StatusCode::FORBIDDEN, &SignInPage::NotOurs);
    }
    let Some(trial) = visit.site.access.trials.take(&link) else {
        return say(&visit, StatusCode::NOT_FOUND, &SignInPage::TrialOver);
    };
    let person = trial.vouched();
    let begun = session::begin(&visit, &request, &person, Some(&trial)).await;
    session::welcome(&visit, begun, "/")
}

/// Ends the session in the database: a copy of the cookie is worth nothing afterwards.
async fn sign_out(form: Form<Vec<(String, String)>>) -> HttpResponse {
    let visit = &form.visit;
    let Some(session) = &visit.identity.session else {
        return visit.go("/");
    };
    if let Err(error) = session::end(&visit.site, session).await {
        return visit.broken(&error);
    }
    let mut answer = visit.go("/");
    let gone = visit.site.access.cookies().clear(Cookie::Session);
    cookie::add(&mut answer, gone);
    answer
}
