//! Budgets over time, one a key: so much at once, and so much again with every second.

use governor::clock::{Clock, DefaultClock};
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};
use std::hash::Hash;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// How many charges there are between two times of forgetting idle keys, at least.
const BETWEEN: usize = 10_000;

/// What each key may spend, kept in memory: a copy of the program counts its own requests.
///
/// Keys whose budget is whole again are forgotten now and then. So at most twice as many are held as spent something in
/// the time that a budget takes to recover, however many there are in all.
pub(super) struct Budgets<K: Hash + Eq + Clone, C: Clock = DefaultClock> {
    limiter: RateLimiter<K, DashMapStateStore<K>, C, NoOpMiddleware<C::Instant>>,
    quota: Quota,
    clock: C,
    charges: AtomicUsize,
    due: AtomicUsize,
}

impl<K: Hash + Eq + Clone> Budgets<K> {
    /// A budget a key.
    pub(super) fn new(quota: Quota) -> Self {
        Self::with_clock(quota, DefaultClock::default())
    }
}

impl<K: Hash + Eq + Clone, C: Clock + Clone> Budgets<K, C> {
    fn with_clock(quota: Quota, clock: C) -> Self {
        Self {
            limiter: RateLimiter::new(quota, DashMapStateStore::default(), clock.clone()),
            quota,
            clock,
            charges: AtomicUsize::new(0),
            due: AtomicUsize::new(BETWEEN),
        }
    }

    /// Takes `cost` from the budget of `key`, or nothing and says how long to wait. What costs more than the whole budget
    /// takes all of it.
    pub(super) fn take(&self, key: &K, cost: u32) -> Result<(), Duration> {
        self.forget();
        let most = self.quota.burst_size();
        let Some(cost) = NonZeroU32::new(cost.min(most.get())) else {
            return Ok(());
        };
        match self.limiter.check_key_n(key, cost) {
            Ok(Ok(())) => Ok(()),
            Ok(Err(until)) => Err(until.wait_time_from(self.clock.now())),
            Err(_) => Err(self.quota.burst_size_replenished_in()),
        }
    }

    /// Forgets keys that are as good as new, once there were as many charges as there are keys to go through.
    fn forget(&self) {
        let charges = self.charges.fetch_add(1, Ordering::Relaxed);
        if charges < self.due.load(Ordering::Relaxed) {
            return;
        }
        self.charges.store(0, Ordering::Relaxed);
        self.limiter.retain_recent();
        self.limiter.shrink_to_fit();
        let due = self.limiter.len().max(BETWEEN);
        self.due.store(due, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use governor::clock::FakeRelativeClock;

    fn per_second(rate: u32, burst: u32) -> (Budgets<u32, FakeRelativeClock>, FakeRelativeClock) {
        let clock = FakeRelativeClock::default();
        let whole = |number| NonZeroU32::new(number).unwrap();
        let quota = Quota::per_second(whole(rate)).allow_burst(whole(burst));
        (Budgets::with_clock(quota, clock.clone()), clock)
    }

    #[test]
    fn a_spent_budget_says_how_long_to_wait_and_recovers_by_then() {
        let (budgets, clock) = per_second(100, 1_000);
        assert_eq!(budgets.take(&1, 800), Ok(()));
        let wait = budgets.take(&1, 500).unwrap_err();
        assert_eq!(wait, Duration::from_secs(3));
        // Being refused costs nothing.
        assert_eq!(budgets.take(&1, 500), Err(wait));
        assert_eq!(budgets.take(&1, 200), Ok(()));
        clock.advance(Duration::from_millis(4_990));
        assert_eq!(budgets.take(&1, 500), Err(Duration::from_millis(10)));
        clock.advance(Duration::from_millis(10));
        assert_eq!(budgets.take(&1, 500), Ok(()));
    }

    #[test]
    fn one_key_does_not_spend_what_is_anothers() {
        let (budgets, _) = per_second(1, 10);
        assert_eq!(budgets.take(&1, 10), Ok(()));
        assert!(budgets.take(&1, 1).is_err());
        assert_eq!(budgets.take(&2, 10), Ok(()));
    }

    #[test]
    fn what_costs_more_than_the_whole_budget_is_served_to_whoever_waits() {
        let (budgets, clock) = per_second(10, 100);
        assert_eq!(budgets.take(&1, 0), Ok(()));
        assert_eq!(budgets.take(&1, 5_000), Ok(()));
        assert_eq!(budgets.take(&1, 5_000), Err(Duration::from_secs(10)));
        clock.advance(Duration::from_secs(10));
        assert_eq!(budgets.take(&1, 5_000), Ok(()));
    }

    #[test]
    fn many_keys_are_not_held_for_ever() {
        let (budgets, clock) = per_second(1_000, 1_000);
        for key in 0..200_000 {
            // A tenth of a second each: ten keys are as yet not whole again.
            assert_eq!(budgets.take(&key, 1_000), Ok(()));
            clock.advance(Duration::from_millis(100));
        }
        let held = budgets.limiter.len();
        assert!(held <= BETWEEN + 20, "{held}");
        // Who spent just now is not forgotten with the others.
        assert!(budgets.take(&199_999, 1_000).is_err());
    }
}
