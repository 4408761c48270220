//! Short readable names for addresses: lower-case letters, digits and single hyphens.

use crate::{Error, Result};

/// The longest slug kept.
const LONGEST: usize = 80;

/// Checks a slug that somebody wrote.
///
/// # Errors
/// [`Error::Invalid`] when it is empty, too long, or has other characters than `a-z`, `0-9` and single hyphens.
pub fn check(field: &'static str, raw: &str) -> Result<String> {
    if !raw.is_empty() && from_words(raw) == raw {
        return Ok(raw.to_owned());
    }
    Err(Error::invalid(
        field,
        format!(
            "`{raw}` is not a slug; use lower-case letters, digits and hyphens, such as `{}`.",
            from_words(raw)
        ),
    ))
}

/// Makes a slug of a name: `Newcastle upon Tyne City Council` becomes `newcastle-upon-tyne-city-council`.
///
/// Letters outside ASCII are dropped, so the result can be empty.
pub fn from_words(name: &str) -> String {
    let mut slug = String::with_capacity(name.len());
    for c in name.chars().filter(|c| *c != '\'' && *c != '’') {
        if c.is_ascii_alphanumeric() {
            slug.push(c.to_ascii_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
        if slug.len() >= LONGEST {
            break;
        }
    }
    slug.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_slugs() {
        assert_eq!(
            from_words("Bournemouth, Christchurch & Poole  Council"),
            "bournemouth-christchurch-poole-council"
        );
        assert_eq!(from_words("King's Lynn"), "kings-lynn");
        assert_eq!(from_words("--"), "");
    }

    #[test]
    fn only_slugs_pass_the_check() {
        assert!(check("slug", "brownfield-land").is_ok());
        for bad in ["", "Brownfield", "a--b", "-a", "a b", "é"] {
            assert!(check("slug", bad).is_err(), "{bad}");
        }
    }
}
