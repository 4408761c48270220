//! The server: binds an address, and serves the API, the pages and the health checks.

mod access;
mod account;
mod answer;
mod body;
mod cookie;
mod feeds;
mod form;
mod forms;
mod graphql;
mod headers;
mod health;
mod identity;
mod known;
mod limits;
mod origin;
mod pages;
mod problems;
mod projects;
mod record;
mod secret;
mod session;
mod sign_in;
mod stamp;
mod suggestions;
mod touch;
mod unsubscribe;
mod visit;

pub use access::{AccessSetup, OidcSetup};
pub use limits::{LimitsSetup, Network};
pub use origin::PublicUrl;
pub use sign_in::Trial;

use self::access::Access;
use self::limits::{Limits, Purse, Wait};
use ::graphql::{Schema, Timetable};
use actix_web::middleware::{Condition, from_fn};
use actix_web::{App, HttpServer, Route, guard, web};
use anyhow::Context;
use async_graphql::{Request, Response, ServerError};
use domain::policy::Viewer;
use known::Known;
use stamp::Stamps;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;
use store::Store;
use tokio::runtime::Handle;
use touch::Touched;

/// How long requests in hand may take to end when the server stops, in seconds.
const STOP_SECONDS: u64 = 10;
/// How long a client waits for an answer at most. What a request began is still brought to its end.
const LONGEST_ANSWER: Duration = Duration::from_secs(30);
/// How long a client may take to say what it asks, before the body.
const SLOWEST_HEAD: Duration = Duration::from_secs(10);

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
    pub(crate) access: Access,
    touched: Touched,
    known: Known,
    /// When the forms that anybody may send were shown.
    stamps: Stamps,
    pub(crate) limits: Arc<Limits>,
    /// Whether browsers are to come by `https` alone.
    https_alone: bool,
    /// Whether scripts of other sites may read what the API answers.
    read_elsewhere: bool,
}

/// What one document of a request runs with.
pub(crate) struct Asking {
    /// Who asks.
    pub(crate) viewer: Viewer,
    /// Who pays.
    pub(crate) purse: Purse,
    /// Whether it may change something.
    pub(crate) allow_mutation: bool,
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
    /// How much anybody may ask.
    pub limits: LimitsSetup,
    /// The sites whose scripts may ask the API.
    pub cors_origins: Vec<PublicUrl>,
    /// What the server does beside answering.
    pub offers: ::graphql::Offers,
}

impl Setup {
    /// A server as it is when nobody says otherwise.
    pub fn at(listen: SocketAddr) -> Self {
        Self {
            listen,
            notice: None,
            access: AccessSetup::default(),
            limits: LimitsSetup::default(),
            cors_origins: Vec::new(),
            offers: ::graphql::Offers::default(),
        }
    }
}

impl Site {
    /// Runs one request on the program's own threads: the server's have a stack too small for deeply nested answers, and
    /// a client that goes away must not stop a write half way.
    pub(crate) async fn execute(&self, request: Request, asking: Asking) -> Response {
        if let Err(Wait(wait)) = asking.purse.read() {
            return Response::from_errors(vec![::graphql::rate_limited(wait)]);
        }
        let request = request.data(asking.purse.meter());
        let schema = self.schema.clone();
        let running = self.runtime.spawn(async move {
            ::graphql::execute(&schema, request, asking.viewer, asking.allow_mutation).await
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
    let per_request = ::graphql::Limits {
        offers: setup.offers,
        ..::graphql::Limits::default()
    };
    let schema = ::graphql::schema(store.clone(), timetable, per_request);
    let site = web::Data::new(Site {
        store,
        schema,
        runtime: Handle::current(),
        notice: setup.notice,
        access,
        touched: Touched::default(),
        known: Known::default(),
        stamps: Stamps::new().context("cannot make the secret of the forms")?,
        limits: Arc::new(Limits::new(&setup.limits, &per_request)),
        https_alone: production,
        read_elsewhere: !setup.cors_origins.is_empty(),
    });
    let origins = setup.cors_origins;
    let server = HttpServer::new(move || {
        // The last is the first that a request meets.
        App::new()
            .app_data(site.clone())
            .wrap(from_fn(limits::gate))
            .wrap(Condition::new(!origins.is_empty(), headers::cors(&origins)))
            .wrap(from_fn(headers::add))
            .configure(graphql::routes)
            .configure(health::routes)
            .configure(account::routes)
            .configure(sign_in::routes)
            .configure(problems::routes)
            .configure(projects::routes)
            .configure(suggestions::routes)
            .configure(record::routes)
            .configure(feeds::routes)
            .configure(unsubscribe::routes)
            .configure(pages::routes)
    })
    .client_request_timeout(SLOWEST_HEAD)
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
