//! Tokens: a machine's key, of which only the hash is kept.

use crate::{Error, Result};
use sha2::{Digest, Sha256};

/// What every token starts with, so that scanners recognise a leaked one.
pub const PREFIX: &str = "mhd_";
/// Random bytes in a token.
pub const SECRET_BYTES: usize = 32;
/// How many days a token lives when nobody says otherwise.
pub const DEFAULT_DAYS: i64 = 365;

/// Writes a token from its random bytes: the prefix and 64 hexadecimal digits.
pub fn secret_text(random: &[u8; SECRET_BYTES]) -> String {
    format!("{PREFIX}{}", hex(random))
}

/// The hash under which a token is kept and found: SHA-256 in hexadecimal.
///
/// A plain hash is enough because the secret has 256 random bits: nothing can be guessed.
///
/// # Errors
/// [`Error::Unauthenticated`] when the text does not look like a token.
pub fn hash(secret: &str) -> Result<String> {
    let digits = secret.strip_prefix(PREFIX).ok_or(Error::Unauthenticated)?;
    if digits.len() != SECRET_BYTES * 2 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Err(Error::Unauthenticated);
    }
    Ok(hex(&Sha256::digest(secret.as_bytes())))
}

/// Bytes as lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            // Writing to a string cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_hashes_to_one_value_and_other_text_is_refused() {
        let secret = secret_text(&[7; SECRET_BYTES]);
        assert_eq!(hash(&secret).unwrap().len(), 64);
        assert_eq!(hash(&secret).unwrap(), hash(&secret).unwrap());
        assert!(!hash(&secret).unwrap().contains("0707"));
        for bad in ["", "mhd_", "mhd_xyz", &secret[..20], &secret[4..]] {
            assert!(hash(bad).is_err(), "{bad}");
        }
    }
}
