//! The sector's words and rules: types, states, legal moves and rights, with no I/O, no clock and no connection.
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::expect_used, reason = "tests may panic")
)]

pub mod adoption;
pub mod change;
pub mod error;
pub mod group;
pub mod id;
pub mod job;
pub mod membership;
pub mod merkle;
pub mod moment;
pub mod notice;
pub mod organisation;
pub mod participation;
pub mod period;
pub mod person;
pub mod policy;
pub mod project;
pub mod proof;
pub mod provision;
pub mod seal;
pub mod session;
pub mod slug;
pub mod standard;
pub mod succession;
pub mod text_column;
pub mod token;

pub use error::{Error, Result};
