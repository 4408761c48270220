//! The HTTP client of webhooks: by `https`, to the public internet, bounded in time and size, without redirects.

use domain::webhook::{check_url, is_public};
use std::time::{Duration, Instant};
use ureq::config::Config;
use ureq::http::Uri;
use ureq::tls::{Certificate, RootCerts, TlsConfig};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, Error};

/// How long one delivery may take.
const LONGEST: Duration = Duration::from_secs(15);
/// How much of an answer is read, in bytes: nothing in it matters.
const LARGEST: u64 = 16 * 1024;

/// What delivers to webhooks.
#[derive(Clone, Debug)]
pub struct Courier {
    agent: Agent,
    local: bool,
}

/// What came of a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    /// The status; `None` where there was no answer.
    pub(crate) status: Option<i32>,
    /// What went wrong, in words; `None` when it was taken.
    pub(crate) error: Option<String>,
    /// How long it took.
    pub(crate) took: Duration,
}

/// A message as it is delivered.
#[derive(Debug, Clone)]
pub(crate) struct Message {
    pub(crate) id: String,
    pub(crate) timestamp: i64,
    pub(crate) signature: String,
    pub(crate) body: String,
}

/// Resolves names to addresses of the public internet alone. What it gives is what is connected to, so that a name that
/// leads elsewhere a moment later gains nothing.
#[derive(Debug, Default)]
struct PublicOnly(DefaultResolver);

impl Resolver for PublicOnly {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        let found = self.0.resolve(uri, config, timeout)?;
        if found.iter().all(|address| is_public(address.ip())) {
            return Ok(found);
        }
        Err(Error::HostNotFound)
    }
}

impl Courier {
    /// A client that delivers to the public internet by `https`; if `local`, also to this machine by `http`, and to
    /// addresses of private networks.
    pub fn new(local: bool) -> Self {
        let found = rustls_native_certs::load_native_certs().certs;
        let roots: Vec<Certificate<'static>> = found
            .iter()
            .map(|root| Certificate::from_der(root).to_owned())
            .collect();
        let tls = TlsConfig::builder().root_certs(RootCerts::from(roots));
        let config = Agent::config_builder()
            .max_redirects(0)
            .http_status_as_error(false)
            .https_only(!local)
            .proxy(None)
            .timeout_global(Some(LONGEST))
            .max_idle_connections(0)
            .user_agent("manyhands")
            .tls_config(tls.build())
            .build();
        let connector = DefaultConnector::default();
        let agent = if local {
            Agent::with_parts(config, connector, DefaultResolver::default())
        } else {
            Agent::with_parts(config, connector, PublicOnly::default())
        };
        Self { agent, local }
    }

    /// Delivers a message; it is taken when the answer is one of success. Blocks its thread.
    pub(crate) fn deliver(&self, url: &str, message: &Message) -> Answer {
        let begun = Instant::now();
        let (status, error) = match check_url(url, self.local) {
            Err(_) => (
                None,
                Some("The address is not one that is delivered to.".to_owned()),
            ),
            Ok(url) => match self.post(&url, message) {
                Ok(status) if (200..300).contains(&status) => (Some(status), None),
                Ok(status) => (Some(status), Some(format!("It answered {status}."))),
                Err(error) => (None, Some(told(&error))),
            },
        };
        Answer {
            status,
            error,
            took: begun.elapsed(),
        }
    }

    fn post(&self, url: &str, message: &Message) -> Result<i32, Error> {
        let answer = self
            .agent
            .post(url)
            .header("content-type", "application/json")
            .header("webhook-id", &message.id)
            .header("webhook-timestamp", message.timestamp.to_string())
            .header("webhook-signature", &message.signature)
            .send(message.body.as_str())?;
        let status = i32::from(answer.status().as_u16());
        // Read so that whoever answers is not cut off; what it says does not matter, nor does that it says too much.
        let mut body = answer.into_body();
        let _ = body.with_config().limit(LARGEST).read_to_vec();
        Ok(status)
    }
}

/// What went wrong, for whoever keeps the webhook.
fn told(error: &Error) -> String {
    match error {
        Error::HostNotFound => {
            "Its name leads nowhere, or to an address that is not of the public internet."
                .to_owned()
        }
        Error::Timeout(_) => "It did not answer in time.".to_owned(),
        Error::Tls(_) | Error::Rustls(_) => "There is no secure connection to it.".to_owned(),
        Error::Io(error) => format!("It cannot be reached: {}.", error.kind()),
        _ => "It cannot be reached or understood.".to_owned(),
    }
}
