//! The cookies of a browser: how they are named, set and read.

use actix_web::http::header::{COOKIE, HeaderValue, SET_COOKIE};
use actix_web::{HttpRequest, HttpResponse};

/// What a cookie is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cookie {
    /// The secret of a session.
    Session,
    /// What a sign-in that is under way needs when the browser comes back.
    SignIn,
}

/// How this server's cookies are set.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cookies {
    /// Whether people reach the server by `https`: then no cookie goes by any other way, and none is of another host.
    pub(super) secure: bool,
}

impl Cookies {
    /// The value that the browser sent.
    pub(super) fn read(self, request: &HttpRequest, cookie: Cookie) -> Option<&str> {
        let headers = request.headers().get_all(COOKIE);
        headers
            .filter_map(|header| header.to_str().ok())
            .flat_map(|header| header.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(name, _)| *name == self.name(cookie))
            .map(|(_, value)| value)
    }

    /// The header that sets a cookie for so many seconds. The value is of letters, digits and `-._~%&=+` only.
    pub(super) fn set(self, cookie: Cookie, value: &str, seconds: i64) -> Option<HeaderValue> {
        let name = self.name(cookie);
        let secure = if self.secure { "; Secure" } else { "" };
        // `Strict` would leave the cookie out when the provider sends the browser back.
        let text =
            format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}");
        HeaderValue::from_str(&text).ok()
    }

    /// The header that takes a cookie away.
    pub(super) fn clear(self, cookie: Cookie) -> Option<HeaderValue> {
        self.set(cookie, "", 0)
    }

    fn name(self, cookie: Cookie) -> &'static str {
        match (cookie, self.secure) {
            (Cookie::Session, true) => "__Host-manyhands",
            (Cookie::Session, false) => "manyhands",
            (Cookie::SignIn, true) => "__Host-manyhands-sign-in",
            (Cookie::SignIn, false) => "manyhands-sign-in",
        }
    }
}

/// Adds a cookie to an answer, beside those it sets already.
pub(super) fn add(answer: &mut HttpResponse, cookie: Option<HeaderValue>) {
    if let Some(cookie) = cookie {
        answer.headers_mut().append(SET_COOKIE, cookie);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests may panic")]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    #[test]
    fn a_cookie_is_told_from_others_by_its_whole_name() {
        let request = TestRequest::default()
            .insert_header((COOKIE, "xmanyhands=a; manyhands-sign-in=b=c; manyhands=d"))
            .to_http_request();
        let plain = Cookies { secure: false };
        assert_eq!(plain.read(&request, Cookie::Session), Some("d"));
        assert_eq!(plain.read(&request, Cookie::SignIn), Some("b=c"));
        assert_eq!(
            Cookies { secure: true }.read(&request, Cookie::Session),
            None
        );
    }

    #[test]
    fn by_https_cookies_are_of_this_host_and_go_by_https_alone() {
        let set = |secure, cookie| {
            let header = Cookies { secure }.set(cookie, "v", 60).unwrap();
            header.to_str().unwrap().to_owned()
        };
        assert_eq!(
            set(true, Cookie::Session),
            "__Host-manyhands=v; Path=/; HttpOnly; SameSite=Lax; Max-Age=60; Secure"
        );
        assert_eq!(
            set(false, Cookie::SignIn),
            "manyhands-sign-in=v; Path=/; HttpOnly; SameSite=Lax; Max-Age=60"
        );
    }
}
