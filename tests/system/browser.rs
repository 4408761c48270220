//! A browser as far as the tests need one: it keeps cookies by host and follows redirects when asked to.

use crate::program::Answer;
use std::cell::RefCell;
use std::collections::BTreeMap;
use ureq::http::header::{LOCATION, SET_COOKIE};

/// A browser with its cookies.
#[derive(Default)]
pub(crate) struct Browser {
    cookies: RefCell<BTreeMap<(String, String), String>>,
    /// Every `Set-Cookie` it was sent, as it was.
    pub(crate) set: RefCell<Vec<String>>,
}

/// The scheme and host of an address.
pub(crate) fn origin(url: &str) -> String {
    url.split('/').take(3).collect::<Vec<_>>().join("/")
}

/// The value of a parameter in the query of an address, percent-decoded.
pub(crate) fn parameter(url: &str, name: &str) -> String {
    let url: openidconnect::url::Url = url.parse().unwrap();
    let found = url.query_pairs().find(|(key, _)| key == name);
    found
        .map(|(_, value)| value.into_owned())
        .unwrap_or_default()
}

impl Browser {
    /// The value of a cookie of a host.
    pub(crate) fn cookie(&self, url: &str, name: &str) -> Option<String> {
        let cookies = self.cookies.borrow();
        cookies.get(&(origin(url), name.to_owned())).cloned()
    }

    /// Has the browser hold a cookie.
    pub(crate) fn hold(&self, url: &str, name: &str, value: &str) {
        let key = (origin(url), name.to_owned());
        self.cookies.borrow_mut().insert(key, value.to_owned());
    }

    /// Opens an address without following where it leads.
    pub(crate) fn get(&self, url: &str) -> Answer {
        self.send(url, &[], None)
    }

    /// Sends a form as a page of the same host would.
    pub(crate) fn post(&self, url: &str, fields: &[(&str, &str)]) -> Answer {
        self.post_with(url, &[("Origin", &origin(url))], fields)
    }

    /// Sends a form with headers of its own.
    pub(crate) fn post_with(
        &self,
        url: &str,
        headers: &[(&str, &str)],
        fields: &[(&str, &str)],
    ) -> Answer {
        let mut body = openidconnect::url::form_urlencoded::Serializer::new(String::new());
        fields.iter().for_each(|(name, value)| {
            body.append_pair(name, value);
        });
        self.send(url, headers, Some(body.finish()))
    }

    /// Opens an address, and goes where it leads until there is a page; with it, where that is.
    pub(crate) fn follow(&self, url: &str) -> (String, Answer) {
        let answer = self.get(url);
        self.follow_from(url.to_owned(), answer)
    }

    /// Goes on from an answer until there is a page.
    pub(crate) fn follow_from(&self, mut url: String, mut answer: Answer) -> (String, Answer) {
        for _ in 0..12 {
            if !(300..400).contains(&answer.status) {
                return (url, answer);
            }
            url = led_to(&url, &answer);
            answer = self.get(&url);
        }
        panic!("redirected without end, last to {url}");
    }

    fn send(&self, url: &str, headers: &[(&str, &str)], body: Option<String>) -> Answer {
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .build()
            .into();
        let host = origin(url);
        let cookies = self.cookies.borrow().clone();
        let cookies = cookies.iter().filter(|((of, _), _)| *of == host);
        let cookies: Vec<String> = cookies
            .map(|((_, name), value)| format!("{name}={value}"))
            .collect();
        let mut request = ureq::http::Request::builder().uri(url);
        if !cookies.is_empty() {
            request = request.header("Cookie", cookies.join("; "));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = match body {
            None => agent.run(request.body(()).unwrap()),
            Some(body) => {
                let request = request
                    .method("POST")
                    .header("Content-Type", "application/x-www-form-urlencoded");
                agent.run(request.body(body).unwrap())
            }
        };
        let answer = Answer::from(response.unwrap());
        self.keep(&host, &answer);
        answer
    }

    fn keep(&self, host: &str, answer: &Answer) {
        for cookie in answer.headers.get_all(SET_COOKIE) {
            let cookie = cookie.to_str().unwrap();
            self.set.borrow_mut().push(cookie.to_owned());
            let (name, rest) = cookie.split_once('=').unwrap();
            let value = rest.split(';').next().unwrap();
            let key = (host.to_owned(), name.to_owned());
            let gone = value.is_empty() || cookie.contains("Max-Age=0");
            if gone {
                self.cookies.borrow_mut().remove(&key);
            } else {
                self.cookies.borrow_mut().insert(key, value.to_owned());
            }
        }
    }
}

/// Where an answer leads, from the address it was given at.
pub(crate) fn led_to(url: &str, answer: &Answer) -> String {
    let to = answer.headers.get(LOCATION).unwrap().to_str().unwrap();
    if to.starts_with('/') {
        return format!("{}{to}", origin(url));
    }
    to.to_owned()
}

/// The `csrf` field of the forms on a page; empty when there is none.
pub(crate) fn csrf(page: &Answer) -> String {
    let field = page.text.split("name=\"csrf\" value=\"").nth(1);
    field
        .map(|rest| rest.split('"').next().unwrap().to_owned())
        .unwrap_or_default()
}
