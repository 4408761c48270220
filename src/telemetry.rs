//! Where log lines go: standard error, as text for people or as JSON for machines.

use std::io::IsTerminal;
use tracing_subscriber::EnvFilter;

/// The variable that says what is logged, in the syntax of `tracing`'s filters, such as `info` or `store=debug`.
pub const FILTER_VARIABLE: &str = "MANYHANDS_LOG";
/// Set to `json`, every line is a JSON object.
pub const FORMAT_VARIABLE: &str = "MANYHANDS_LOG_FORMAT";

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
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    if std::env::var(FORMAT_VARIABLE).is_ok_and(|format| format == "json") {
        lines.json().init();
    } else {
        let coloured = std::io::stderr().is_terminal();
        lines.with_target(false).with_ansi(coloured).init();
    }
}
