//! Who pays for a request: asked for its cost once that is known, before anything runs.

use crate::error::{RATE_LIMITED, refusal};
use async_graphql::ServerError;
use std::sync::Arc;
use std::time::Duration;

/// Takes the cost of a request from somebody's budget over time.
///
/// Put it into the data of a request before [`execute`](crate::execute): without one, only the budget of a single request
/// bounds what is asked.
#[derive(Clone)]
pub struct Meter(Arc<dyn Fn(usize) -> Result<(), Duration> + Send + Sync>);

impl Meter {
    /// A meter that asks `take` for the cost; it says how long to wait when there is not enough left.
    pub fn new(take: impl Fn(usize) -> Result<(), Duration> + Send + Sync + 'static) -> Self {
        Self(Arc::new(take))
    }

    /// Takes the cost, or refuses the request.
    pub(crate) fn charge(&self, cost: usize) -> Result<(), ServerError> {
        (self.0)(cost).map_err(rate_limited)
    }
}

/// The error of a request that has to wait: code `RATE_LIMITED`, and the whole seconds in `extensions.retryAfter`.
pub fn rate_limited(wait: Duration) -> ServerError {
    let seconds = wait_seconds(wait);
    let message = format!(
        "Your budget for now is spent; ask again in {seconds} second{}, or for less at a time.",
        if seconds == 1 { "" } else { "s" }
    );
    let mut error = refusal(RATE_LIMITED, message);
    if let Some(values) = &mut error.extensions {
        values.set("retryAfter", seconds);
    }
    error
}

/// A wait in whole seconds, as `Retry-After` says it: at least one, and never too few.
pub fn wait_seconds(wait: Duration) -> u64 {
    let more = u64::from(wait.subsec_nanos() > 0);
    wait.as_secs().saturating_add(more).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_said_in_whole_seconds_and_never_too_short() {
        for (millis, seconds) in [(0, 1), (1, 1), (1_000, 1), (1_001, 2), (59_500, 60)] {
            let wait = Duration::from_millis(millis);
            assert_eq!(wait_seconds(wait), seconds, "{millis}");
        }
        let error = rate_limited(Duration::from_millis(1_500));
        assert!(error.message.contains("in 2 seconds"), "{}", error.message);
        let after = error.extensions.unwrap().get("retryAfter").cloned();
        assert_eq!(after, Some(async_graphql::Value::from(2)));
    }
}
