//! People: their addresses, and the digests that stand for personal details in the record.

use crate::{Error, Result, token::hex};
use sha2::{Digest, Sha256};

/// Random bytes in a salt.
pub const SALT_BYTES: usize = 32;
/// The longest name or address, in characters.
const LONGEST: usize = 254;
/// The longest telephone number, in characters.
const LONGEST_PHONE: usize = 60;

/// What stands for a personal detail in the record: SHA-256 over the salt, the field's name, a zero byte and the value.
///
/// Whoever has the value and the salt can show that the record held it. Once the salt is erased, nobody can, and no
/// list of likely values finds it either.
pub fn digest(salt: &str, field: &str, value: &str) -> String {
    let mut hash = Sha256::new();
    for part in [salt.as_bytes(), field.as_bytes(), b"\0", value.as_bytes()] {
        hash.update(part);
    }
    format!("sha256:{}", hex(&hash.finalize()))
}

/// An e-mail address as it is kept: trimmed and in lower case. That it is somebody's is for the provider to say.
///
/// # Errors
/// [`Error::Invalid`] when it is not one.
pub fn address(raw: &str) -> Result<String> {
    let address = raw.trim().to_lowercase();
    let fits = address
        .split_once('@')
        .is_some_and(|(user, host)| !user.is_empty() && host.contains('.') && !host.contains('@'));
    let plain = !address.contains(|c: char| c.is_whitespace() || c.is_control());
    if fits && plain && address.chars().count() <= LONGEST {
        return Ok(address);
    }
    // The address itself is not repeated: errors may be logged.
    Err(Error::invalid(
        "email",
        "This is not an e-mail address; write one like name@council.gov.uk.",
    ))
}

/// A name as it is kept: trimmed, on one line; `None` for a blank one.
///
/// # Errors
/// [`Error::Invalid`] when it is longer than 254 characters or has control characters.
pub fn name(raw: &str) -> Result<Option<String>> {
    let name = raw.trim();
    if name.chars().count() > LONGEST || name.contains(char::is_control) {
        return Err(Error::invalid(
            "name",
            "Write the name on one line, in at most 254 characters.",
        ));
    }
    Ok((!name.is_empty()).then(|| name.to_owned()))
}

/// A telephone number as it is kept: trimmed, as somebody writes it; `None` for a blank one.
///
/// # Errors
/// [`Error::Invalid`] when it has no digit, is longer than 60 characters or has other signs than numbers are written with.
pub fn phone(raw: &str) -> Result<Option<String>> {
    let phone = raw.trim();
    if phone.is_empty() {
        return Ok(None);
    }
    let plain = phone
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || " +()-./,".contains(c));
    if plain && phone.len() <= LONGEST_PHONE && phone.contains(|c: char| c.is_ascii_digit()) {
        return Ok(Some(phone.to_owned()));
    }
    Err(Error::invalid(
        "phone",
        "Write a number such as 01429 266522 or +44 1429 266522 ext 12.",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_depends_on_salt_field_and_value() {
        let one = digest("aa", "email", "x@y.z");
        assert_eq!(one, digest("aa", "email", "x@y.z"));
        for other in [
            digest("ab", "email", "x@y.z"),
            digest("aa", "name", "x@y.z"),
            digest("aa", "email", "x@y.zz"),
        ] {
            assert_ne!(one, other);
        }
        // printf 'aaemail\0x@y.z' | sha256sum
        assert_eq!(
            one,
            "sha256:9f25475f5e960af7cacd0e5dae206219b31992a46bff05874e353e0f9d7a06f7"
        );
    }

    #[test]
    fn addresses_are_kept_in_one_form_and_others_are_refused() {
        assert_eq!(
            address(" Ann@Council.GOV.uk ").unwrap(),
            "ann@council.gov.uk"
        );
        for bad in [
            "",
            "ann",
            "@x.y",
            "ann@x",
            "a n@x.y",
            "ann@x@y.z",
            "a\u{7}@x.y",
        ] {
            assert!(address(bad).is_err(), "{bad}");
        }
        assert!(
            !address("secret person")
                .unwrap_err()
                .to_string()
                .contains("secret")
        );
    }

    #[test]
    fn a_name_is_one_line() {
        assert_eq!(name(" Ann Lee ").unwrap().as_deref(), Some("Ann Lee"));
        assert_eq!(name("  ").unwrap(), None);
        assert!(name("Ann\nLee").is_err());
        assert!(name(&"x".repeat(255)).is_err());
    }

    #[test]
    fn a_telephone_number_has_digits_and_little_else() {
        assert_eq!(
            phone(" +44 (0)1429 266522 ext. 12 ").unwrap().as_deref(),
            Some("+44 (0)1429 266522 ext. 12")
        );
        assert_eq!(phone(" ").unwrap(), None);
        for bad in ["ask Ann", "01429\n266522", "<b>1</b>", &"1".repeat(61)] {
            assert!(phone(bad).is_err(), "{bad}");
        }
    }
}
