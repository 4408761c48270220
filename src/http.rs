//! The server: binds an address, and serves the API, the pages and the health checks.

mod access;
mod answer;
mod cookie;
mod form;
mod graphql;
mod health;
mod identity;
mod origin;
mod pages;
mod record;
mod secret;
mod session;
mod sign_in;
mod touch;
mod visit;

pub use access::{AccessSetup, OidcSetup};
pub use origin::PublicUrl;
pub use sign_in::Trial;

use ::graphql::{Limits, Schema, Timetable};
use access::Access;
use actix_web::middleware::DefaultHeaders;
use actix_web::{App, HttpServer, Route, guard, web};
use anyhow::Context;
use async_graphql::{Request, Response, ServerError};
use domain::policy::Viewer;
use std::net::{SocketAddr, TcpListener};
use std::time::Duration;
use store::Store;
use tokio::runtime::Handle;
use touch::Touched;

/// The longest body of a request, in bytes: 500 adoption rows fit with room to spare.
const LONGEST_BODY: usize = 1024 * 1024;
/// How long requests in hand may take to end when the server stops, in seconds.
const STOP_SECONDS: u64 = 10;
/// How long a client waits for an answer at most. What a request began is still brought to its end.
const LONGEST_ANSWER: Duration = Duration::from_secs(30);
/// What pages may load and do: their own style, and nothing from elsewhere.
const PAGE_POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; \
                           base-uri 'none'; frame-ancestors 'none'";

/// A route that answers `GET`, and `HEAD` as monitors and link checkers send it.
pub(crate) fn read() -> Route {
    web::route().guard(guard::Any(guard::Get()).or(guard::Head()))
}

/// What every request needs.
pub(crate) struct Site {
    pub(crate) store: Store,
    schema: Schema,
    runtime: Handle,
    notice: Option<&'static str>,
    access: Access,
    touched: Touched,
}

/// How a server is set up.
#[derive(Debug, Clone)]
pub struct Setup {
    /// The address and port to listen on; port 0 takes a free one.
    pub listen: SocketAddr,
    /// What every page begins with.
    pub notice: Option<&'static str>,
    /// How people come in.
    pub access: AccessSetup,
}

impl Setup {
    /// A server for the public alone, at this address.
    pub fn at(listen: SocketAddr) -> Self {
        Self {
            listen,
            notice: None,
            access: AccessSetup::default(),
        }
    }
}

impl Site {
    /// Runs one request on the program's own threads: the server's have a stack too small for deeply nested answers, and
    /// a client that goes away must not stop a write half way.
    pub(crate) async fn execute(
        &self,
        request: Request,
        viewer: Viewer,
        allow_mutation: bool,
    ) -> Response {
        let schema = self.schema.clone();
        let running = self.runtime.spawn(async move {
            ::graphql::execute(&schema, request, viewer, allow_mutation).await
        });
        match tokio::time::timeout(LONGEST_ANSWER, running).await {
            Ok(Ok(response)) => response,
            Ok(Err(error)) => {
                let id = store::fresh::<uuid::Uuid>();
                tracing::error!(error.id = %id, %error, "A request broke");
                refused(
                    "INTERNAL",
                    format!("Something went wrong on our side; quote id {id}."),
                )
            }
            Err(_) => refused(
                "TIMEOUT",
                "The answer took too long; ask for less of it at a time.".to_owned(),
            ),
        }
    }
}

/// An answer that is only an error.
fn refused(code: &str, message: String) -> Response {
    let mut error = ServerError::new(message, None);
    error.extensions.get_or_insert_default().set("code", code);
    Response::from_errors(vec![error])
}

/// A server that has its address and is ready to run.
pub struct Server {
    /// The address it listens on.
    pub address: SocketAddr,
    /// The links of a trial: whom each signs in, and its path.
    pub trial_links: Vec<(&'static str, String)>,
    server: actix_web::dev::Server,
}

/// Takes the address and builds the server; nothing is answered before [`Server::run`].
///
/// # Errors
/// When the address is taken or not this machine's, with what to do.
pub fn bind(store: Store, setup: Setup) -> anyhow::Result<Server> {
    let listen = setup.listen;
    let listener = TcpListener::bind(listen).with_context(|| {
        format!("cannot listen on {listen}; choose another with --listen ADDRESS")
    })?;
    let address = listener
        .local_addr()
        .context("the listener has no address")?;
    let production = setup.access.production;
    let (access, trial_links) = Access::new(setup.access, address)?;
    let timetable = Timetable {
        jobs: jobs::INFOS,
        next_due: jobs::next_due,
    };
    let schema = ::graphql::schema(store.clone(), timetable, Limits::default());
    let site = web::Data::new(Site {
        store,
        schema,
        runtime: Handle::current(),
        notice: setup.notice,
        access,
        touched: Touched::default(),
    });
    let server = HttpServer::new(move || {
        let mut headers = DefaultHeaders::new()
            .add(("Content-Security-Policy", PAGE_POLICY))
            .add(("X-Content-Type-Options", "nosniff"))
            .add(("Referrer-Policy", "strict-origin-when-cross-origin"));
        if production {
            headers = headers.add(("Strict-Transport-Security", "max-age=31536000"));
        }
        App::new()
            .app_data(site.clone())
            .app_data(web::PayloadConfig::new(LONGEST_BODY))
            .wrap(headers)
            .configure(graphql::routes)
            .configure(health::routes)
            .configure(sign_in::routes)
            .configure(pages::routes)
            .configure(record::routes)
    })
    .disable_signals()
    .shutdown_timeout(STOP_SECONDS)
    .listen(listener)
    .context("cannot listen")?
    .run();
    Ok(Server {
        address,
        trial_links,
        server,
    })
}

impl Server {
    /// Answers requests until `stop` is ready, then lets those in hand end.
    ///
    /// # Errors
    /// When the server breaks, or `stop` fails.
    pub async fn run(self, stop: impl Future<Output = anyhow::Result<()>>) -> anyhow::Result<()> {
        let handle = self.server.handle();
        let mut running = std::pin::pin!(self.server);
        tokio::select! {
            ended = &mut running => ended.context("the server broke"),
            asked = stop => {
                tokio::join!(handle.stop(true), running).1.context("the server broke while stopping")?;
                asked
            }
        }
    }
}
