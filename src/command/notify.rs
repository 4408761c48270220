//! The flags of a server that say how it tells people and machines of changes.

use super::plain;
use clap::Args;
use jobs::{Courier, Mailer};

/// How people and machines are told of changes.
#[derive(Args, Debug, Default)]
#[command(next_help_heading = "Mail and webhooks")]
pub(super) struct Notify {
    /// The mail server, such as smtp://user:password@mail.example:587; by TLS unless it is on this machine. Without it no
    /// digests are sent.
    #[arg(
        long,
        env = "MANYHANDS_SMTP_URL",
        value_name = "URL",
        requires = "mail_from",
        hide_env_values = true
    )]
    smtp_url: Option<String>,
    /// Whom mail comes from, such as "Manyhands <manyhands@council.example>".
    #[arg(long, env = "MANYHANDS_MAIL_FROM", value_name = "ADDRESS")]
    mail_from: Option<String>,
    /// Lets webhooks lead to this machine by plain http, and to private networks.
    #[arg(long)]
    allow_private_webhooks: bool,
}

impl Notify {
    /// What the server offers.
    pub(super) fn offers(&self) -> graphql::Offers {
        graphql::Offers {
            mail: self.smtp_url.is_some(),
            local_webhooks: self.allow_private_webhooks,
        }
    }

    /// What sends mail, with links to the pages at `site`.
    ///
    /// # Errors
    /// When one of the flags cannot be read.
    pub(super) fn mailer(&self, site: &str) -> anyhow::Result<Option<Mailer>> {
        let flags = self.smtp_url.as_ref().zip(self.mail_from.as_ref());
        let made = flags.map(|(url, from)| Mailer::new(url, from, site));
        made.transpose().map_err(plain)
    }

    /// What delivers to webhooks.
    pub(super) fn courier(&self) -> Courier {
        Courier::new(self.allow_private_webhooks)
    }
}
