//! Forms that change something: they come from a signed-in person and from one of our own pages, or not at all.

use super::visit::{self, Visit};
use super::{body, origin};
use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::http::header::REFERER;
use actix_web::{FromRequest, HttpMessage, HttpRequest, HttpResponse, web};
use dashboard::{PageError, SignInPage};
use openidconnect::url::Url;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::pin::Pin;

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

/// A form that anybody may send from one of our pages, signed in or not: who, and all of its fields.
///
/// As the argument of a handler it is the check that no other site sent it, and that whoever is signed in sent it from a
/// page of their own. Whether the public saw a page of ours is the handler's to check.
pub(super) struct OpenForm {
    /// The visit.
    pub(super) visit: Visit,
    /// The fields.
    pub(super) fields: Vec<(String, String)>,
}

/// Who may send a form.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sender {
    /// Whoever is signed in.
    Person,
    /// Everybody.
    Anyone,
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
        let taken = take(request, payload, Sender::Person);
        Box::pin(async move {
            let (visit, fields) = taken.await?;
            Ok(Self { visit, fields })
        })
    }
}

impl FromRequest for OpenForm {
    type Error = actix_web::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Self::Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let taken = take(request, payload, Sender::Anyone);
        Box::pin(async move {
            let (visit, fields) = taken.await?;
            Ok(Self { visit, fields })
        })
    }
}

/// The visit and the fields, or the page that says why they are not taken.
fn take<T: DeserializeOwned>(
    request: &HttpRequest,
    payload: &mut Payload,
    from: Sender,
) -> impl Future<Output = Result<(Visit, T), actix_web::Error>> + use<T> {
    let body = body::read(payload.take(), body::LONGEST_FORM);
    let request = request.clone();
    async move {
        let body = body.await;
        let visit = Visit::of(&request).await;
        let visit = visit.map_err(|refused| visit::refuse(*refused))?;
        if body == Err(body::Fault::TooLong) {
            return Err(visit::refuse(visit.send(Err(PageError::TooLong))));
        }
        let text = text(&request, body);
        match read(&visit, &request, text, from) {
            Ok(fields) => Ok((visit, fields)),
            Err(page) => Err(visit::refuse(*page)),
        }
    }
}

fn read<T: DeserializeOwned>(
    visit: &Visit,
    request: &HttpRequest,
    text: Option<String>,
    from: Sender,
) -> Result<T, Box<HttpResponse>> {
    let refuse = |page: &SignInPage| {
        let html = dashboard::sign_in(page, &visit.context);
        Box::new(visit.html(StatusCode::FORBIDDEN, html))
    };
    let not_ours = || refuse(&SignInPage::NotOurs);
    if !origin::is_ours(visit.site.access.public_url.as_ref(), request) {
        return Err(not_ours());
    }
    let session = visit.identity.session.as_ref();
    if session.is_none() && from == Sender::Person {
        let to = page_of(request);
        return Err(refuse(&SignInPage::SignedOut { to }));
    }
    let text = text.ok_or_else(not_ours)?;
    if let Some(session) = session {
        let sent = web::Query::<Csrf>::from_query(&text).map_err(|_| not_ours())?;
        if !same(&sent.csrf, &session.csrf) {
            return Err(not_ours());
        }
    }
    web::Query::<T>::from_query(&text)
        .map(web::Query::into_inner)
        .map_err(|error| {
            let why = format!("The form cannot be read: {error}. Start again from the page.");
            Box::new(visit.send(Err(PageError::BadRequest(why))))
        })
}

/// The body of a form that is one, and came whole.
fn text(request: &HttpRequest, body: Result<web::Bytes, body::Fault>) -> Option<String> {
    let form = request
        .content_type()
        .eq_ignore_ascii_case("application/x-www-form-urlencoded");
    let body = body.ok().filter(|_| form)?;
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
