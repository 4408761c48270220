//! The figures of the sector: pure maths that takes slices and dates and gives named structs.
//!
//! Nothing here reads a store, a clock or a connection: every input, cut-off and date is an
//! argument, so two calls with the same arguments give the same figures. Bodies are numbered by
//! their index in one shared list; whoever calls keeps the list that turns an index back into an
//! organisation.
//!
//! A [`history::History`] is built once for a standard and a cut-off, and then asked for
//! [figures of a date](adoption), [series of dates](series) and [changes between dates](change).
//! Each kind of figure is described by a [`method::Method`].
//!
//! [`similarity`] ranks texts: the problems that are similar to one that somebody writes.
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::expect_used, reason = "tests may panic")
)]

pub mod adoption;
pub mod change;
pub mod history;
pub mod method;
pub mod series;
pub mod similarity;

mod facts;
mod timeline;

#[cfg(test)]
mod adoption_tests;
#[cfg(test)]
mod history_tests;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod reference;
#[cfg(test)]
mod series_tests;
#[cfg(test)]
mod testing;
