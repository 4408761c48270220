//! The whole system, over HTTP and the command line, on each engine; and the architecture as a test.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests may panic")]

#[path = "system/account.rs"]
mod account;
#[path = "system/activity.rs"]
mod activity;
#[path = "system/api.rs"]
mod api;
#[path = "system/architecture.rs"]
mod architecture;
#[path = "system/browser.rs"]
mod browser;
#[path = "system/commands.rs"]
mod commands;
#[path = "system/demo.rs"]
mod demo;
#[path = "system/fake_provider.rs"]
mod fake_provider;
#[path = "system/hardening.rs"]
mod hardening;
#[path = "system/interrupted.rs"]
mod interrupted;
#[path = "system/limits.rs"]
mod limits;
#[path = "system/logs.rs"]
mod logs;
#[path = "system/pages.rs"]
mod pages;
#[path = "system/path.rs"]
mod path;
#[path = "system/people.rs"]
mod people;
#[path = "system/program.rs"]
mod program;
#[path = "system/public_data.rs"]
mod public_data;
#[path = "system/record.rs"]
mod record;
#[path = "system/sessions.rs"]
mod sessions;
#[path = "system/sign_in.rs"]
mod sign_in;
#[path = "system/sign_in_by_token.rs"]
mod sign_in_by_token;
#[path = "system/sign_in_for_real.rs"]
mod sign_in_for_real;
#[path = "system/somebody.rs"]
mod somebody;
#[path = "system/status.rs"]
mod status;
#[path = "system/told.rs"]
mod told;
#[path = "system/trial.rs"]
mod trial;
