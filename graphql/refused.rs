//! What a request was refused: noted while it runs, kept once it has.

use domain::policy::Viewer;
use std::sync::{Mutex, PoisonError};

/// A mutation that somebody might not do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refused {
    /// Who asked, as the record names them.
    pub(crate) actor: String,
    /// The mutation's name in the schema.
    pub(crate) mutation: String,
    /// `FORBIDDEN` or `UNAUTHENTICATED`.
    pub(crate) code: &'static str,
}

/// The refusals of one request, each mutation and code once.
#[derive(Debug, Default)]
pub(crate) struct Refusals(Mutex<Vec<Refused>>);

impl Refusals {
    /// Notes what came of a mutation, if its code is one of want of rights.
    pub(crate) fn note(&self, viewer: &Viewer, mutation: &str, code: &str) {
        let Some(code) = ["FORBIDDEN", "UNAUTHENTICATED"]
            .into_iter()
            .find(|known| *known == code)
        else {
            return;
        };
        let one = Refused {
            actor: viewer.label(),
            mutation: mutation.to_owned(),
            code,
        };
        let mut noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !noted.contains(&one) {
            noted.push(one);
        }
    }

    /// Takes what was noted.
    pub(crate) fn take(&self) -> Vec<Refused> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
