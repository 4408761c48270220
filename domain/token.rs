//! Secrets: the keys of machines, browsers and links, of which only hashes are kept.

use crate::{Error, Result};
use sha2::{Digest, Sha256};

/// Random bytes in a secret.
pub const SECRET_BYTES: usize = 32;
/// How many days a token lives when nobody says otherwise.
pub const DEFAULT_DAYS: i64 = 365;

/// What a secret is for. Each kind starts with letters of its own, so that scanners recognise a leaked one and none
/// serves for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Secret {
    /// A machine's token.
    Token,
    /// A browser's session.
    Session,
    /// The link of an invitation.
    Invitation,
    /// The link of a trial sign-in.
    Trial,
    /// The receipt of a suggestion.
    Receipt,
    /// The link that ends a digest.
    Unsubscribe,
}

impl Secret {
    /// What every secret of this kind starts with.
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Token => "mhd_",
            Self::Session => "mhs_",
            Self::Invitation => "mhi_",
            Self::Trial => "mhl_",
            Self::Receipt => "mhr_",
            Self::Unsubscribe => "mhu_",
        }
    }

    /// Writes a secret from its random bytes: the prefix and 64 hexadecimal digits.
    pub fn text(self, random: &[u8; SECRET_BYTES]) -> String {
        format!("{}{}", self.prefix(), hex(random))
    }

    /// The hash under which a secret is kept and found: SHA-256 in hexadecimal.
    ///
    /// A plain hash is enough because the secret has 256 random bits: nothing can be guessed.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] when the text does not look like a secret of this kind.
    pub fn hash(self, secret: &str) -> Result<String> {
        let digits = secret
            .strip_prefix(self.prefix())
            .ok_or(Error::Unauthenticated)?;
        if digits.len() != SECRET_BYTES * 2 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(Error::Unauthenticated);
        }
        Ok(hex(&Sha256::digest(secret.as_bytes())))
    }
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

    const KINDS: [Secret; 6] = [
        Secret::Token,
        Secret::Session,
        Secret::Invitation,
        Secret::Trial,
        Secret::Receipt,
        Secret::Unsubscribe,
    ];

    #[test]
    fn a_secret_hashes_to_one_value_and_other_text_is_refused() {
        for kind in KINDS {
            let secret = kind.text(&[7; SECRET_BYTES]);
            let hash = kind.hash(&secret).unwrap();
            assert_eq!(hash.len(), 64);
            assert_eq!(kind.hash(&secret).unwrap(), hash);
            assert!(!hash.contains("0707"));
            for bad in ["", "mhd_", "mhd_xyz", &secret[..20], &secret[4..]] {
                assert!(kind.hash(bad).is_err(), "{bad}");
            }
        }
    }

    #[test]
    fn a_secret_of_one_kind_is_none_of_another() {
        for kind in KINDS {
            for other in KINDS {
                let secret = other.text(&[7; SECRET_BYTES]);
                assert_eq!(
                    kind.hash(&secret).is_ok(),
                    kind == other,
                    "{kind:?} {other:?}"
                );
            }
        }
    }
}
