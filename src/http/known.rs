//! Who was found to ask of late: kept for a second at most, and forgotten with whatever this copy of the program writes.

use super::identity::Identity;
use domain::Result;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use store::Store;

/// How long what another copy of the program revokes may still be taken here.
const KEPT: Duration = Duration::from_secs(1);
/// From how many on those of more than a second ago are dropped.
const MANY: usize = 4096;

/// Identities by the hash of the secret that they came by.
#[derive(Default)]
pub(super) struct Known(Mutex<HashMap<String, Found>>);

struct Found {
    identity: Arc<Identity>,
    writes: u64,
    at: Instant,
}

impl Found {
    /// Whether it is still to be taken at `now`, after so many writes of this copy.
    fn holds(&self, writes: u64, now: Instant) -> bool {
        self.writes == writes && now < self.at + KEPT
    }
}

impl Known {
    /// Whose secret has this hash: as it was found of late, or else as `find` finds it.
    ///
    /// The writes are counted before `find` reads: a write that ends meanwhile is not overlooked.
    ///
    /// # Errors
    /// Those of `find`; that nobody was found is not kept.
    pub(super) async fn of(
        &self,
        store: &Store,
        hash: &str,
        find: impl Future<Output = Result<Identity>>,
    ) -> Result<Arc<Identity>> {
        let (writes, now) = (store.writes(), Instant::now());
        let kept = self
            .kept()
            .get(hash)
            .filter(|found| found.holds(writes, now))
            .map(|found| Arc::clone(&found.identity));
        if let Some(identity) = kept {
            return Ok(identity);
        }
        let identity = Arc::new(find.await?);
        let mut kept = self.kept();
        if kept.len() >= MANY {
            kept.retain(|_, found| found.holds(writes, now));
        }
        let found = Found {
            identity: Arc::clone(&identity),
            writes,
            at: now,
        };
        kept.insert(hash.to_owned(), found);
        Ok(identity)
    }

    fn kept(&self) -> MutexGuard<'_, HashMap<String, Found>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_taken_for_a_second_and_not_after_a_write() {
        let at = Instant::now();
        let identity = Arc::new(Identity::public());
        let found = Found {
            identity,
            writes: 7,
            at,
        };
        assert!(found.holds(7, at));
        assert!(found.holds(7, at + Duration::from_millis(999)));
        assert!(!found.holds(7, at + KEPT));
        assert!(!found.holds(8, at));
    }

    #[tokio::test]
    async fn nobody_is_looked_up_twice_until_something_is_written() {
        for test in store::testing::TestStore::each().await {
            let (known, store) = (Known::default(), &test.store);
            let lookups = std::cell::Cell::new(0);
            let ask = || {
                known.of(store, "hash", async {
                    lookups.set(lookups.get() + 1);
                    Ok(Identity::public())
                })
            };
            ask().await.unwrap();
            ask().await.unwrap();
            assert_eq!(lookups.get(), 1);
            store.write(async |_| Ok(())).await.unwrap();
            ask().await.unwrap();
            assert_eq!(lookups.get(), 2);
        }
    }
}
