//! Mail: how it is handed to an SMTP server, and what a digest looks like.

use domain::{Error, Result};
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use std::fmt;
use std::time::Duration;
use store::news::News;

/// How long the server may take to answer.
const LONGEST: Duration = Duration::from_secs(20);
/// The most changes that a mail tells one by one.
pub(crate) const MOST: usize = 100;

/// What sends mail, from whom, and where the pages are that it links to.
#[derive(Clone)]
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    site: String,
}

// The address of the server holds a password.
impl fmt::Debug for Mailer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mailer").field("site", &self.site).finish()
    }
}

/// A server's address as it is spoken to: by TLS, but on this machine or where `tls=none` says so.
fn secured(url: &str) -> String {
    let Some(rest) = url.strip_prefix("smtp://") else {
        return url.to_owned();
    };
    let plain = ["?tls=none", "&tls=none"];
    if let Some(end) = plain.iter().find(|end| url.ends_with(**end)) {
        return url.trim_end_matches(end).to_owned();
    }
    let host = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
    let here = ["localhost", "127.0.0.1", "[::1]"];
    if url.contains("tls=") || here.iter().any(|here| host.starts_with(here)) {
        return url.to_owned();
    }
    let joint = if url.contains('?') { '&' } else { '?' };
    format!("{url}{joint}tls=required")
}

impl Mailer {
    /// Mail by the server at `url` (`smtp://user:pass@host:port`, by STARTTLS unless it is on this machine or ends with
    /// `?tls=none`; or `smtps://…`), from the address `from`, with links to the pages at `site`.
    ///
    /// # Errors
    /// [`Error::Invalid`] when one of them cannot be read. It never repeats the URL, which may hold a password.
    pub fn new(url: &str, from: &str, site: &str) -> Result<Self> {
        let unreadable = |_| {
            let told =
                "Write it as smtp://user:password@host:port or smtps://user:password@host:port.";
            Error::invalid("smtp-url", told)
        };
        let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(&secured(url));
        let transport = builder.map_err(unreadable)?.timeout(Some(LONGEST)).build();
        let from = from.parse().map_err(|_| {
            Error::invalid(
                "mail-from",
                "Write it as Manyhands <manyhands@council.gov.uk>.",
            )
        })?;
        Ok(Self {
            transport,
            from,
            site: site.trim_end_matches('/').to_owned(),
        })
    }

    /// Sends a digest to an address; the secret is that of its link.
    ///
    /// # Errors
    /// What went wrong, in words that hold neither the address nor what the server said of it.
    pub(crate) async fn send(
        &self,
        to: &str,
        digest: &Digest<'_>,
    ) -> std::result::Result<(), String> {
        let message = self
            .message(to, digest)
            .map_err(|_| "no such mail can be made".to_owned())?;
        match self.transport.send(message).await {
            Ok(_) => Ok(()),
            Err(error) => Err(match error.status() {
                Some(status) => format!("the server answered {status}"),
                None if error.is_timeout() => "the server did not answer in time".to_owned(),
                None if error.is_tls() => "there is no secure connection to the server".to_owned(),
                None => "the server cannot be reached or understood".to_owned(),
            }),
        }
    }

    fn message(
        &self,
        to: &str,
        digest: &Digest<'_>,
    ) -> std::result::Result<Message, Box<dyn std::error::Error + Send + Sync>> {
        let leave = format!("{}/unsubscribe/{}", self.site, digest.secret);
        let header = |name: &str, value: String| -> std::result::Result<HeaderValue, _> {
            HeaderName::new_from_ascii(name.to_owned()).map(|name| HeaderValue::new(name, value))
        };
        let one_click = "List-Unsubscribe=One-Click".to_owned();
        let id = store::fresh::<uuid::Uuid>();
        let message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to.parse()?))
            .subject(digest.subject())
            .message_id(Some(format!("<{id}@{}>", self.from.email.domain())))
            .raw_header(header("List-Unsubscribe", format!("<{leave}>"))?)
            .raw_header(header("List-Unsubscribe-Post", one_click)?)
            .raw_header(header("Auto-Submitted", "auto-generated".to_owned())?)
            .multipart(MultiPart::alternative_plain_html(
                digest.plain(&self.site, &leave),
                digest.html(&self.site, &leave),
            ))?;
        Ok(message)
    }
}

/// What changed of what a person follows.
pub(crate) struct Digest<'a> {
    /// The changes, the oldest first: at most [`MOST`] of them.
    pub(crate) news: &'a [News],
    /// How many there are.
    pub(crate) count: i64,
    /// The secret of the link that ends the digest.
    pub(crate) secret: &'a str,
}

impl Digest<'_> {
    fn subject(&self) -> String {
        match self.count {
            1 => "1 change in what you follow".to_owned(),
            count => format!("{count} changes in what you follow"),
        }
    }

    /// How many changes it does not tell one by one.
    fn more(&self) -> Option<i64> {
        let more = self.count - i64::try_from(self.news.len()).unwrap_or(i64::MAX);
        (more > 0).then_some(more)
    }

    fn plain(&self, site: &str, leave: &str) -> String {
        let mut text = format!("{}:\n\n", self.subject());
        for one in self.news {
            let day = one.recorded.change.change().at.format("%-d %B %Y");
            text.push_str(&format!("{day}: {}\n", one.sentence));
            if let Some(about) = &one.about {
                text.push_str(&format!("  {site}{}\n", about.path()));
            }
        }
        if let Some(more) = self.more() {
            text.push_str(&format!("\nAnd {more} more: {site}/activity\n"));
        }
        text.push_str(&format!(
            "\nWhat you follow and how often you are told: {site}/account\nTo get no more of these: {leave}\n"
        ));
        text
    }

    fn html(&self, site: &str, leave: &str) -> String {
        let mut text = format!(
            "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{subject}</title></head>\n<body><h1>{subject}</h1>\n<ul>\n",
            subject = self.subject()
        );
        for one in self.news {
            let day = one.recorded.change.change().at.format("%-d %B %Y");
            let said = escape(&one.sentence);
            text.push_str(&match &one.about {
                Some(about) => {
                    let path = escape(&about.path());
                    format!("<li>{day}: <a href=\"{site}{path}\">{said}</a></li>\n")
                }
                None => format!("<li>{day}: {said}</li>\n"),
            });
        }
        text.push_str("</ul>\n");
        if let Some(more) = self.more() {
            text.push_str(&format!(
                "<p><a href=\"{site}/activity\">And {more} more</a></p>\n"
            ));
        }
        text.push_str(&format!(
            "<p><a href=\"{site}/account\">What you follow and how often you are told</a></p>\n<p><a href=\"{leave}\">Get no more of these</a></p>\n</body></html>\n"
        ));
        text
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_machine_is_spoken_to_by_tls_unless_somebody_says_otherwise() {
        for (url, expected) in [
            (
                "smtp://u:p@mail.example:587",
                "smtp://u:p@mail.example:587?tls=required",
            ),
            (
                "smtp://mail.example?tls=opportunistic",
                "smtp://mail.example?tls=opportunistic",
            ),
            (
                "smtp://u:p@mail.example:25?tls=none",
                "smtp://u:p@mail.example:25",
            ),
            ("smtp://127.0.0.1:2525", "smtp://127.0.0.1:2525"),
            ("smtp://localhost", "smtp://localhost"),
            (
                "smtp://127.0.0.1@mail.example",
                "smtp://127.0.0.1@mail.example?tls=required",
            ),
            ("smtps://mail.example", "smtps://mail.example"),
        ] {
            assert_eq!(secured(url), expected);
        }
    }

    #[tokio::test]
    async fn a_server_that_cannot_be_is_refused_without_its_password() {
        let site = "https://many.example";
        for (url, from) in [
            ("http://u:geheim@x", "a@b.example"),
            ("smtp://localhost", "nobody"),
        ] {
            let error = Mailer::new(url, from, site).unwrap_err().to_string();
            assert!(!error.contains("geheim"), "{error}");
        }
        let mailer = Mailer::new("smtp://u:geheim@localhost", "Many <a@b.example>", site);
        assert!(!format!("{:?}", mailer.unwrap()).contains("geheim"));
    }
}
