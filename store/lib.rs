//! The only SQL of the program: two engines behind one [`Store`], and every statement about every thing.
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::expect_used, reason = "tests may panic")
)]

#[macro_use]
mod conn;
pub mod activity;
pub mod adoption;
pub mod affairs;
mod answer;
pub mod ask;
pub mod backing;
pub mod change;
pub mod check;
pub mod code;
pub mod commitment;
pub mod contact;
pub mod contribution;
pub mod declaration;
pub mod delivery;
pub mod digest;
mod erasure;
mod export;
pub mod figure;
pub mod flag;
pub mod gate;
pub mod group;
pub mod help;
pub mod idempotency;
mod instrument;
pub mod invitation;
pub mod job_run;
pub mod judgement;
mod lock;
pub mod membership;
pub mod merge;
mod migrate;
pub mod milestone;
pub mod news;
pub mod notice;
pub mod nudge;
pub mod organisation;
pub mod output;
pub mod page;
pub mod participation;
pub mod person;
pub mod phase;
mod pool;
pub mod problem;
mod problem_list;
mod problem_state;
pub mod project;
pub mod provision;
mod random;
pub mod refusal;
pub mod revision;
mod route;
mod schema;
pub mod seal;
pub mod session;
pub mod signature;
pub mod snapshot;
mod stage;
pub mod standard;
pub mod state;
pub mod status;
pub mod subscription;
pub mod succession;
pub mod suggestion;
pub mod testing;
pub mod token;
mod url;
pub mod webhook;

#[cfg(test)]
mod activity_tests;
#[cfg(test)]
mod adoption_tests;
#[cfg(test)]
mod ask_tests;
#[cfg(test)]
mod declaration_tests;
#[cfg(test)]
mod erasure_tests;
#[cfg(test)]
mod idempotency_tests;
#[cfg(test)]
mod invitation_tests;
#[cfg(test)]
mod membership_tests;
#[cfg(test)]
mod merge_tests;
#[cfg(test)]
mod news_tests;
#[cfg(test)]
mod participation_tests;
#[cfg(test)]
mod problem_sample;
#[cfg(test)]
mod problem_tests;
#[cfg(test)]
mod project_list_tests;
#[cfg(test)]
mod project_sample;
#[cfg(test)]
mod project_tests;
#[cfg(test)]
mod record_tests;
#[cfg(test)]
mod register_tests;
#[cfg(test)]
mod sample;
#[cfg(test)]
mod sample_people;
#[cfg(test)]
mod seal_tests;
#[cfg(test)]
mod session_tests;
#[cfg(test)]
mod suggestion_tests;

#[cfg(test)]
mod status_sample;
#[cfg(test)]
mod status_tests;
#[cfg(test)]
mod webhook_tests;

pub use conn::Conn;
pub use instrument::Statements;
pub use pool::Store;
pub use random::secret;
pub use url::Url;

use chrono::{NaiveDateTime, SubsecRound, Utc};

/// Now, in UTC, cut to the microseconds that both engines keep.
pub fn now() -> NaiveDateTime {
    Utc::now().naive_utc().trunc_subsecs(6)
}

/// A new time-ordered id (UUIDv7).
pub fn fresh<Id: From<uuid::Uuid>>() -> Id {
    Id::from(uuid::Uuid::now_v7())
}

/// Rows in one multi-row statement: SQLite takes 32,766 variables, PostgreSQL 65,535.
pub const CHUNK: usize = 500;

/// What saving a thing did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Saved {
    /// It is new.
    Added,
    /// It stood, and is different now.
    Changed,
    /// It already stood like this.
    Unchanged,
}

impl Saved {
    /// [`Saved::Changed`] for a thing that stood before, [`Saved::Added`] for a new one.
    pub(crate) fn of(stood: bool) -> Self {
        if stood { Self::Changed } else { Self::Added }
    }
}
