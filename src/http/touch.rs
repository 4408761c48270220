//! When tokens and sessions were last used: noted at most once a minute each, and never while somebody waits.

use super::Site;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use uuid::Uuid;

/// How long nothing is noted after something was.
const BETWEEN: Duration = Duration::from_secs(60);
/// From how many on those of more than a minute ago are forgotten.
const MANY: usize = 4096;

/// What was noted of late.
#[derive(Default)]
pub(super) struct Touched(Mutex<HashMap<Uuid, Instant>>);

impl Touched {
    /// Whether the use of this one is to be noted now.
    fn is_due(&self, id: Uuid) -> bool {
        let mut noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if noted.get(&id).is_some_and(|at| at.elapsed() < BETWEEN) {
            return false;
        }
        if noted.len() >= MANY {
            noted.retain(|_, at| at.elapsed() < BETWEEN);
        }
        noted.insert(id, Instant::now());
        true
    }
}

/// What is used.
#[derive(Debug, Clone, Copy)]
pub(super) enum Used {
    /// A machine's token.
    Token(domain::id::TokenId),
    /// A browser's session.
    Session(domain::id::SessionId),
}

/// Notes that something is used, beside the request that uses it.
pub(super) fn touch(site: &Site, used: Used) {
    let id = match used {
        Used::Token(id) => id.0,
        Used::Session(id) => id.0,
    };
    if !site.touched.is_due(id) {
        return;
    }
    let store = site.store.clone();
    site.runtime.spawn(async move {
        let now = store::now();
        let noted = store
            .write(async |conn| match used {
                Used::Token(id) => store::token::touch(conn, id, now).await,
                Used::Session(id) => store::session::touch(conn, id, now).await,
            })
            .await;
        if let Err(error) = noted {
            tracing::warn!(error = error.chain(), "Could not note when a key was used");
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_use_is_noted_once_a_minute_and_apart_from_others() {
        let touched = Touched::default();
        assert!(touched.is_due(Uuid::from_u128(1)));
        assert!(!touched.is_due(Uuid::from_u128(1)));
        assert!(touched.is_due(Uuid::from_u128(2)));
    }
}
