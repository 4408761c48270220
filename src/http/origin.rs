//! Where people reach the server, and whether a request was sent by one of its own pages.

use actix_web::HttpRequest;
use actix_web::http::header::{HOST, ORIGIN};
use openidconnect::url::Url;

/// The address under which people reach the server: a scheme, a host and perhaps a port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl(Url);

impl std::str::FromStr for PublicUrl {
    type Err = String;

    fn from_str(raw: &str) -> Result<Self, String> {
        let says = "write an address like https://manyhands.example, without a path";
        let url: Url = raw.parse().map_err(|_| says.to_owned())?;
        let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
        let web = matches!(url.scheme(), "http" | "https") && url.host().is_some();
        let nobody = url.username().is_empty() && url.password().is_none();
        if bare && web && nobody {
            return Ok(Self(url));
        }
        Err(says.to_owned())
    }
}

impl std::fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.origin())
    }
}

impl PublicUrl {
    /// Whether people reach the server by `https`.
    pub fn is_https(&self) -> bool {
        self.0.scheme() == "https"
    }

    /// The origin as browsers write it, such as `https://manyhands.example`.
    pub fn origin(&self) -> String {
        self.0.origin().ascii_serialization()
    }
}

/// Whether a request that changes something was sent by one of our own pages, as the browser says.
///
/// Every browser says where a `POST` comes from, so one that does not say is not believed. Without a public address the
/// origin has to be the host that was asked: nothing stands between the server and the browser then.
pub(super) fn is_ours(public: Option<&PublicUrl>, request: &HttpRequest) -> bool {
    let header = |name: &str| {
        let value = request.headers().get(name)?;
        Some(value.to_str().unwrap_or_default())
    };
    let site = header("Sec-Fetch-Site");
    let origin = header(ORIGIN.as_str());
    let same_site = site.is_none_or(|site| site == "same-origin");
    let same_origin = origin.is_none_or(|origin| match public {
        Some(url) => origin == url.origin(),
        None => header(HOST.as_str()).is_some_and(|host| origin == format!("http://{host}")),
    });
    same_site && same_origin && (site.is_some() || origin.is_some())
}

/// Whether a `GET` was asked for by a page of somebody else.
pub(super) fn is_foreign(request: &HttpRequest) -> bool {
    let site = request.headers().get("Sec-Fetch-Site");
    site.is_some_and(|site| site != "same-origin" && site != "none")
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests may panic")]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    fn ours(public: Option<&str>, headers: &[(&'static str, &str)]) -> bool {
        let public = public.map(|url| url.parse().unwrap());
        let request = headers.iter().fold(TestRequest::post(), |request, header| {
            request.insert_header(*header)
        });
        is_ours(public.as_ref(), &request.to_http_request())
    }

    #[test]
    fn a_public_address_is_an_origin_and_nothing_more() {
        let url: PublicUrl = "https://Manyhands.example:443/".parse().unwrap();
        assert_eq!(url.to_string(), "https://manyhands.example");
        assert!(url.is_https());
        for bad in [
            "manyhands.example",
            "ftp://manyhands.example",
            "https://manyhands.example/path",
            "https://a:b@manyhands.example",
            "https://manyhands.example?x",
        ] {
            assert!(bad.parse::<PublicUrl>().is_err(), "{bad}");
        }
    }

    #[test]
    fn what_another_site_sent_is_not_ours() {
        let public = Some("https://manyhands.example");
        let origin = ("Origin", "https://manyhands.example");
        let same = ("Sec-Fetch-Site", "same-origin");
        assert!(ours(public, &[origin]) && ours(public, &[same]) && ours(public, &[origin, same]));
        assert!(!ours(public, &[]));
        assert!(!ours(public, &[("Origin", "https://evil.example"), same]));
        assert!(!ours(public, &[("Origin", "http://manyhands.example")]));
        assert!(!ours(public, &[("Origin", "null")]));
        for site in ["cross-site", "same-site", "none"] {
            assert!(!ours(public, &[origin, ("Sec-Fetch-Site", site)]), "{site}");
        }
        let host = ("Host", "127.0.0.1:8080");
        assert!(ours(None, &[host, ("Origin", "http://127.0.0.1:8080")]));
        assert!(!ours(None, &[host, ("Origin", "http://127.0.0.1:9090")]));
    }
}
