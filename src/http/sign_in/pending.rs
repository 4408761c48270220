//! A sign-in under way: what the browser keeps while it is at the provider, so that the answer can be told from others.

use openidconnect::url::form_urlencoded;

/// How long a sign-in may take, in seconds.
pub(super) const SECONDS: i64 = 600;
/// The longest path that is gone back to, in bytes.
const LONGEST_PATH: usize = 2000;

/// What is kept in a cookie of the browser while it is at the provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pending {
    /// Comes back with the answer.
    pub(super) state: String,
    /// Comes back within the ID token.
    pub(super) nonce: String,
    /// Shows the provider that it is us who ask for the tokens (PKCE).
    pub(super) verifier: String,
    /// Where to go afterwards: a local path.
    pub(super) to: String,
}

impl Pending {
    /// The value of the cookie.
    pub(super) fn to_cookie(&self) -> String {
        form_urlencoded::Serializer::new(String::new())
            .append_pair("state", &self.state)
            .append_pair("nonce", &self.nonce)
            .append_pair("verifier", &self.verifier)
            .append_pair("to", &self.to)
            .finish()
    }

    /// Reads the cookie; `None` if it is none of ours.
    pub(super) fn from_cookie(value: &str) -> Option<Self> {
        let pairs: Vec<(String, String)> = form_urlencoded::parse(value.as_bytes())
            .into_owned()
            .collect();
        let part = |name: &str| {
            let found = pairs.iter().find(|(key, _)| key == name);
            found.map(|(_, value)| value.clone())
        };
        let kept = Self {
            state: part("state")?,
            nonce: part("nonce")?,
            verifier: part("verifier")?,
            to: local(part("to").as_deref()),
        };
        let parts = [&kept.state, &kept.nonce, &kept.verifier];
        parts.iter().all(|part| part.len() >= 43).then_some(kept)
    }
}

/// A path of ours to go to afterwards: what was asked for if it is one, else the front page.
///
/// `//host` and `/\host` are other hosts to a browser, and it drops control characters before it looks.
pub(super) fn local(to: Option<&str>) -> String {
    let fits = |to: &&str| {
        to.starts_with('/')
            && !to.starts_with("//")
            && !to.contains(['\\', '#'])
            && to.bytes().all(|byte| byte.is_ascii_graphic())
            && to.len() <= LONGEST_PATH
            && !to.starts_with("/sign-")
    };
    to.filter(fits).unwrap_or("/").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_comes_back_as_it_was() {
        let pending = Pending {
            state: "a".repeat(64),
            nonce: "b".repeat(64),
            verifier: "c".repeat(64),
            to: "/standards?text=a%26b;c".to_owned(),
        };
        let cookie = pending.to_cookie();
        assert!(!cookie.contains([';', ' ', ',', '"', '\\']), "{cookie}");
        assert_eq!(Pending::from_cookie(&cookie), Some(pending));
        for other in ["", "state=a&nonce=b&verifier=c&to=/", "x"] {
            assert_eq!(Pending::from_cookie(other), None, "{other}");
        }
    }

    #[test]
    fn only_paths_of_ours_are_gone_to() {
        for path in ["/", "/standards?text=a&by=REGION", "/invitation/mhi_0"] {
            assert_eq!(local(Some(path)), path);
        }
        for other in [
            "//evil.example",
            "/\\evil.example",
            "/\t/evil.example",
            "https://evil.example",
            "javascript:alert(1)",
            "evil.example",
            "",
            "/a b",
            "/sign-out",
            "/sign-in",
        ] {
            assert_eq!(local(Some(other)), "/", "{other}");
        }
        assert_eq!(local(None), "/");
    }
}
