//! The whole system, over HTTP and the command line, on each engine; and the architecture as a test.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests may panic")]

#[path = "system/api.rs"]
mod api;
#[path = "system/architecture.rs"]
mod architecture;
#[path = "system/commands.rs"]
mod commands;
#[path = "system/demo.rs"]
mod demo;
#[path = "system/interrupted.rs"]
mod interrupted;
#[path = "system/pages.rs"]
mod pages;
#[path = "system/people.rs"]
mod people;
#[path = "system/program.rs"]
mod program;
#[path = "system/public_data.rs"]
mod public_data;
