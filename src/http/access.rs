//! How people come in: the address they use, and what vouches for them.

use super::cookie::Cookies;
use super::origin::PublicUrl;

/// How people come in, as the operator said.
#[derive(Debug, Clone, Default)]
pub struct Access {
    /// The address under which people reach the server, where the operator said.
    pub public_url: Option<PublicUrl>,
}

impl Access {
    /// Whether there is a sign-in to lead to.
    pub(super) fn can_sign_in(&self) -> bool {
        false
    }

    /// How cookies are set.
    pub(super) fn cookies(&self) -> Cookies {
        Cookies {
            secure: self.public_url.as_ref().is_some_and(PublicUrl::is_https),
        }
    }
}
