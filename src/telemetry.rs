//! Where log lines go: standard error, as text for people or as JSON for machines, without what is secret or personal.

use std::io::IsTerminal;
use tracing::{Level, Metadata};
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, Registry, fmt};

/// The variable that says what is logged, in the syntax of `tracing`'s filters, such as `info` or `store=debug`.
pub const FILTER_VARIABLE: &str = "MANYHANDS_LOG";
/// Set to `json`, every line is a JSON object.
pub const FORMAT_VARIABLE: &str = "MANYHANDS_LOG_FORMAT";

/// The targets of this program: its crates, and the refusals that an operator should see.
const OURS: [&str; 10] = [
    "manyhands",
    "analytics",
    "audit",
    "dashboard",
    "demo",
    "domain",
    "graphql",
    "imports",
    "jobs",
    "store",
];

/// Starts logging: a server logs what it does, other commands only what went wrong.
pub fn start(server: bool) {
    let standard = if server {
        "warn,manyhands=info,jobs=info,tokio_cron_scheduler=warn"
    } else {
        "warn"
    };
    let filter = std::env::var(FILTER_VARIABLE)
        .ok()
        .and_then(|filter| EnvFilter::try_new(filter).ok())
        .unwrap_or_else(|| EnvFilter::new(standard));
    let lines: Box<dyn Layer<Registry> + Send + Sync> =
        if std::env::var(FORMAT_VARIABLE).is_ok_and(|format| format == "json") {
            fmt::layer().json().with_writer(std::io::stderr).boxed()
        } else {
            let coloured = std::io::stderr().is_terminal();
            fmt::layer()
                .with_writer(std::io::stderr)
                .with_target(false)
                .with_ansi(coloured)
                .boxed()
        };
    tracing_subscriber::registry()
        .with(lines)
        .with(filter)
        .with(filter_fn(may_be_logged))
        .init();
}

/// Libraries never log their details, whatever the filter says: those may be headers with tokens in them, bodies,
/// addresses of clients, or values bound to statements.
fn may_be_logged(metadata: &Metadata<'_>) -> bool {
    let crate_name = metadata.target().split("::").next().unwrap_or_default();
    *metadata.level() <= Level::INFO || OURS.contains(&crate_name)
}
