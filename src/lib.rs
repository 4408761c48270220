//! The program: it wires the store, the schema, the pages, the jobs and the imports to a server and a command line.

#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::expect_used, reason = "tests may panic")
)]

pub mod command;
pub mod http;
pub mod telemetry;
pub mod terminal;
