//! Random values from the operating system: secrets and salts.

use domain::person::SALT_BYTES;
use domain::token::{SECRET_BYTES, Secret, hex};
use domain::{Error, Result};

fn bytes<const COUNT: usize>() -> Result<[u8; COUNT]> {
    let mut bytes = [0; COUNT];
    getrandom::fill(&mut bytes).map_err(Error::internal)?;
    Ok(bytes)
}

/// A new secret of this kind.
///
/// # Errors
/// [`Error::Internal`] when the system gives no random numbers.
pub fn secret(kind: Secret) -> Result<String> {
    Ok(kind.text(&bytes::<SECRET_BYTES>()?))
}

/// A new salt for personal details, in hexadecimal.
///
/// # Errors
/// [`Error::Internal`] when the system gives no random numbers.
pub(crate) fn salt() -> Result<String> {
    Ok(hex(&bytes::<SALT_BYTES>()?))
}

/// A new secret that signs the deliveries of a webhook.
///
/// # Errors
/// [`Error::Internal`] when the system gives no random numbers.
pub(crate) fn webhook_secret() -> Result<String> {
    Ok(domain::webhook::secret(&bytes()?))
}
