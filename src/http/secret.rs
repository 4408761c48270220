//! Random numbers for a browser, and the digests by which they are known.

use domain::token::{SECRET_BYTES, hex};
use domain::{Error, Result};
use sha2::{Digest, Sha256};

/// 256 random bits in hexadecimal, from the operating system.
///
/// # Errors
/// [`Error::Internal`] when the system has none.
pub(super) fn random() -> Result<String> {
    let mut bytes = [0; SECRET_BYTES];
    getrandom::fill(&mut bytes).map_err(Error::internal)?;
    Ok(hex(&bytes))
}

/// SHA-256 of a text in hexadecimal.
pub(super) fn digest(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}
