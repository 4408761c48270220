//! The sector's words and rules: types, states, legal moves and rights, with no I/O, no clock and no connection.
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::expect_used, reason = "tests may panic")
)]

pub mod adoption;
pub mod ask;
pub mod backing;
pub mod change;
pub mod commitment;
pub mod contribution;
pub mod declaration;
pub mod difference;
pub mod error;
pub mod flag;
pub mod freshness;
pub mod gate;
pub mod group;
pub mod id;
pub mod job;
pub mod membership;
pub mod merkle;
pub mod milestone;
pub mod moment;
pub mod news;
pub mod notice;
pub mod organisation;
pub mod output;
pub mod participation;
pub mod period;
pub mod person;
pub mod policy;
pub mod problem;
pub mod project;
pub mod proof;
pub mod provision;
pub mod seal;
pub mod service;
pub mod session;
pub mod slug;
pub mod standard;
pub mod state;
pub mod status;
pub mod subscription;
pub mod succession;
pub mod suggestion;
pub mod text_column;
pub mod token;
pub mod webhook;
pub mod words;

#[cfg(test)]
mod flag_tests;

pub use error::{Error, Result};
