//! Values that one request works out once, whoever asks first: how the number of statements stays free of the rows.

use crate::error::Result;
use std::collections::HashMap;
use std::hash::Hash;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::OnceCell;

/// A value for each key, worked out when it is first asked for. Those who ask meanwhile wait for the same answer.
///
/// Things that were read together share one of these for each kind of child: the first that wants its children reads
/// those of all. So no list reads row by row, on any runtime and without waiting for others to ask.
pub(crate) struct Once<K, V>(Mutex<HashMap<K, Cell<V>>>);

type Cell<V> = Arc<OnceCell<Result<V>>>;

impl<K, V> Default for Once<K, V> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Eq + Hash, V: Clone> Once<K, V> {
    /// The value for `key`: that of `work`, unless it stands already. A failure stands, too.
    ///
    /// `work` is boxed: what one value needs of others nests, and would lie on the stack as a whole.
    pub(crate) async fn get<F: Future<Output = Result<V>>>(
        &self,
        key: K,
        work: impl FnOnce() -> Pin<Box<F>>,
    ) -> Result<V> {
        let cell = {
            let mut cells = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(cells.entry(key).or_default())
        };
        cell.get_or_init(work).await.clone()
    }
}

impl<V: Clone> Once<(), V> {
    /// One that already has its only value.
    pub(crate) fn with(value: V) -> Self {
        let cell = Arc::new(OnceCell::new_with(Some(Ok(value))));
        Self(Mutex::new(HashMap::from([((), cell)])))
    }
}

/// Rows by what they belong to, in the order in which they came.
pub(crate) fn by<K: Eq + Hash, R>(rows: Vec<R>, key: impl Fn(&R) -> K) -> HashMap<K, Vec<R>> {
    let mut grouped: HashMap<K, Vec<R>> = HashMap::new();
    for row in rows {
        grouped.entry(key(&row)).or_default().push(row);
    }
    grouped
}

/// Each of `keys` once, in order: what is asked for together.
pub(crate) fn distinct<K: Ord>(keys: impl IntoIterator<Item = K>) -> Vec<K> {
    let mut keys: Vec<K> = keys.into_iter().collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Error;
    use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn many_who_ask_at_once_cause_the_work_once_for_each_key() {
        let (once, worked) = (
            Arc::new(Once::<u8, u8>::default()),
            Arc::new(AtomicUsize::new(0)),
        );
        let asking: Vec<_> = (0..200_u8)
            .map(|n| {
                let (once, worked) = (Arc::clone(&once), Arc::clone(&worked));
                tokio::spawn(async move {
                    let work = || {
                        Box::pin(async {
                            tokio::task::yield_now().await;
                            worked.fetch_add(1, SeqCst);
                            Ok(n % 2)
                        })
                    };
                    assert_eq!(once.get(n % 2, work).await.unwrap(), n % 2);
                })
            })
            .collect();
        for one in asking {
            one.await.unwrap();
        }
        assert_eq!(worked.load(SeqCst), 2);
    }

    #[tokio::test]
    async fn a_failure_is_not_tried_again() {
        let once = Once::<(), u8>::default();
        let failed = once
            .get((), || {
                Box::pin(async { Err(Arc::new(Error::Unauthenticated)) })
            })
            .await
            .unwrap_err();
        let again = once
            .get((), || Box::pin(async { Ok(1) }))
            .await
            .unwrap_err();
        assert!(Arc::ptr_eq(&failed, &again));
    }

    #[test]
    fn rows_keep_their_order_and_keys_come_once() {
        assert_eq!(by(vec![3, 1, 4, 6], |n| n % 2)[&0], [4, 6]);
        assert_eq!(distinct([3, 1, 3]), [1, 3]);
    }
}
