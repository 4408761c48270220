//! Forms that change something: they come from a signed-in person and from one of our own pages, or not at all.

use super::origin;
use super::visit::{self, Visit};
use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::http::header::REFERER;
use actix_web::{FromRequest, HttpMessage, HttpRequest, HttpResponse, web};
use dashboard::{PageError, SignInPage};
use openidconnect::url::Url;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::pin::Pin;

/// The longest form, in bytes.
const LONGEST: usize = 64 * 1024;

/// A form that a signed-in person sent from one of our pages: who, and what.
///
/// As the argument of a handler it is the check itself: without a session, with a wrong `csrf` field, or from another
/// site the handler never runs, and the visitor gets a page that says what to do. Every `POST` of a page goes through it.
/// `T` is read as from a query string: text, numbers, `Option`s, or a `Vec<(String, String)>` of all fields.
pub(super) struct Form<T> {
    /// The visit, by a person with a session.
    pub(super) visit: Visit,
    /// The fields.
    pub(super) fields: T,
}

/// The field that shows that our own page sent the form.
#[derive(Deserialize)]
struct Csrf {
    csrf: String,
}

impl<T: DeserializeOwned + 'static> FromRequest for Form<T> {
    type Error = actix_web::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Self::Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let body = web::Bytes::from_request(request, payload);
        let request = request.clone();
        Box::pin(async move {
            let text = text(&request, body.await);
            let visit = Visit::of(&request).await;
            let visit = visit.map_err(|refused| visit::refuse(*refused))?;
            match read(&visit, &request, text) {
                Ok(fields) => Ok(Self { visit, fields }),
                Err(page) => Err(visit::refuse(*page)),
            }
        })
    }
}

fn read<T: DeserializeOwned>(
    visit: &Visit,
    request: &HttpRequest,
    text: Option<String>,
) -> Result<T, Box<HttpResponse>> {
    let refuse = |page: &SignInPage| {
        let html = dashboard::sign_in(page, &visit.context);
        Box::new(visit.html(StatusCode::FORBIDDEN, html))
    };
    let not_ours = || refuse(&SignInPage::NotOurs);
    if !origin::is_ours(visit.site.access.public_url.as_ref(), request) {
        return Err(not_ours());
    }
    let Some(session) = &visit.identity.session else {
        let to = page_of(request);
        return Err(refuse(&SignInPage::SignedOut { to }));
    };
    let text = text.ok_or_else(not_ours)?;
    let sent = web::Query::<Csrf>::from_query(&text).map_err(|_| not_ours())?;
    if !same(&sent.csrf, &session.csrf) {
        return Err(not_ours());
    }
    web::Query::<T>::from_query(&text)
        .map(web::Query::into_inner)
        .map_err(|error| {
            let why = format!("The form cannot be read: {error}. Start again from the page.");
            Box::new(visit.send(Err(PageError::BadRequest(why))))
        })
}

/// The body of a form that is one, and not too long.
fn text(request: &HttpRequest, body: Result<web::Bytes, actix_web::Error>) -> Option<String> {
    let form = request
        .content_type()
        .eq_ignore_ascii_case("application/x-www-form-urlencoded");
    let body = body.ok().filter(|body| form && body.len() <= LONGEST)?;
    String::from_utf8(body.to_vec()).ok()
}

/// The page that a form was on, as the browser says: a path of ours. It has been checked that the form is ours.
fn page_of(request: &HttpRequest) -> String {
    let referer = request.headers().get(REFERER);
    let page = referer
        .and_then(|page| page.to_str().ok())
        .and_then(|page| page.parse::<Url>().ok());
    page.map_or_else(|| "/".to_owned(), |page| page.path().to_owned())
}

/// Whether two texts are the same, in a time that does not depend on where they differ.
pub(super) fn same(one: &str, other: &str) -> bool {
    let differing = one
        .bytes()
        .zip(other.bytes())
        .fold(0, |found, (one, other)| found | (one ^ other));
    one.len() == other.len() && std::hint::black_box(differing) == 0
}

#[cfg(test)]
mod tests {
    use super::same;

    #[test]
    fn texts_are_the_same_or_not() {
        assert!(same("abc", "abc") && same("", ""));
        assert!(!same("abc", "abd") && !same("abc", "ab") && !same("", "a"));
    }
}
