//! How the provider is asked over HTTP: no redirects, bounded in time and size, and never on a thread of the server.

use anyhow::Context;
use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse};
use std::pin::Pin;
use std::time::Duration;
use ureq::Agent;
use ureq::tls::{Certificate, RootCerts, TlsConfig};

/// How long one request may take.
const LONGEST: Duration = Duration::from_secs(10);
/// The longest answer that is read, in bytes.
const LARGEST: u64 = 1024 * 1024;

/// The HTTP client of the sign-in.
#[derive(Debug)]
pub(super) struct Fetch(Agent);

/// Why there was no answer.
#[derive(Debug, thiserror::Error)]
#[error("no answer: {0}")]
pub(super) struct NoAnswer(String);

impl Fetch {
    /// A client that goes by `https` alone if `secure`. It trusts whom the operating system trusts, as the store does.
    pub(super) fn new(secure: bool) -> Self {
        let config = Agent::config_builder()
            .max_redirects(0)
            .http_status_as_error(false)
            .https_only(secure)
            .timeout_global(Some(LONGEST))
            .user_agent("manyhands");
        let config = if secure {
            let found = rustls_native_certs::load_native_certs().certs;
            let roots = found
                .iter()
                .map(|root| Certificate::from_der(root).to_owned())
                .collect::<Vec<_>>();
            let tls = TlsConfig::builder().root_certs(RootCerts::from(roots));
            config.tls_config(tls.build())
        } else {
            config
        };
        Self(config.build().new_agent())
    }
}

fn ask(agent: &Agent, request: HttpRequest) -> anyhow::Result<HttpResponse> {
    let (parts, mut body) = agent.run(request)?.into_parts();
    let body = body.with_config().limit(LARGEST).read_to_vec()?;
    let mut response = HttpResponse::new(body);
    *response.status_mut() = parts.status;
    *response.headers_mut() = parts.headers;
    Ok(response)
}

impl<'c> AsyncHttpClient<'c> for Fetch {
    type Error = NoAnswer;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, NoAnswer>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        let agent = self.0.clone();
        Box::pin(async move {
            let asked = tokio::task::spawn_blocking(move || ask(&agent, request)).await;
            asked
                .context("the request was given up")
                .flatten()
                .map_err(|error| NoAnswer(format!("{error:#}")))
        })
    }
}
