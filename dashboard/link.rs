//! Addresses within the site: a path and the query string of what was chosen.

use std::fmt::Write;

/// A path with those of the pairs that have a value, percent-encoded. The path may have a query already.
pub(crate) fn link(path: &str, pairs: &[(&str, Option<String>)]) -> String {
    let mut address = path.to_owned();
    let mut separator = if path.contains('?') { '&' } else { '?' };
    for (name, value) in pairs {
        if let Some(value) = value.as_ref().filter(|value| !value.is_empty()) {
            address.push(separator);
            address.push_str(name);
            address.push('=');
            encode(&mut address, value);
            separator = '&';
        }
    }
    address
}

/// Everything but the unreserved characters of RFC 3986 becomes `%XX`.
fn encode(address: &mut String, value: &str) {
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            address.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(address, "%{byte:02X}");
        }
    }
}

/// The address of evidence, if it is one a browser should open: `http` or `https`.
pub(crate) fn web_address(url: &str) -> Option<&str> {
    let scheme = url.split_once("://").map(|(scheme, _)| scheme)?;
    let web = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
    web.then_some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_chosen_is_in_the_address() {
        let pairs = [
            ("text", Some("a&b = £".to_owned())),
            ("stage", None),
            ("after", Some(String::new())),
            ("as_of", Some("2026-08-31".to_owned())),
        ];
        assert_eq!(
            link("/standards", &pairs),
            "/standards?text=a%26b%20%3D%20%C2%A3&as_of=2026-08-31"
        );
    }

    #[test]
    fn only_web_addresses_are_linked() {
        assert_eq!(
            web_address("https://a.example/x"),
            Some("https://a.example/x")
        );
        assert_eq!(web_address("HTTP://a.example"), Some("HTTP://a.example"));
        for not_web in [
            "javascript:alert(1)",
            "javascript://x",
            "data:text/html,x",
            "/x",
            "",
        ] {
            assert_eq!(web_address(not_web), None, "{not_web}");
        }
    }
}
