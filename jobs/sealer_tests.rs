//! The sealer: several copies at once leave nothing without its place, and nothing twice.

use crate::testing::small;
use crate::{Sealer, seal_all};
use store::testing::TestStore;
use store::{Store, check, now, seal};

async fn sealed(store: &Store) -> check::Findings {
    let mut conn = store.read().await.unwrap();
    assert!(!seal::waits(&mut conn).await.unwrap());
    let found = check::run(&mut conn, now().date(), |_| {}).await.unwrap();
    assert_eq!(found.faults, Vec::<String>::new());
    assert_eq!(found.waiting, 0);
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn sealers_of_several_copies_leave_nothing_waiting_when_they_stop() {
    for test in TestStore::each().await {
        let mut copies = Vec::new();
        for _ in 0..3 {
            copies.push(Store::open(test.store.url()).await.unwrap());
        }
        let sealers: Vec<Sealer> = copies.iter().cloned().map(Sealer::start).collect();
        small(&test.store).await;
        let stops = sealers.into_iter().map(Sealer::stop);
        futures_util::future::join_all(stops).await;
        assert!(sealed(&test.store).await.changes > 0);
        copies.iter().for_each(Store::close);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_that_end_at_once_seal_all_that_they_wrote() {
    for test in TestStore::each().await {
        small(&test.store).await;
        let ends = (0..4).map(|_| {
            let store = test.store.clone();
            tokio::spawn(async move { seal_all(&store).await })
        });
        for end in futures_util::future::join_all(ends).await {
            end.unwrap().unwrap();
        }
        assert!(sealed(&test.store).await.seals > 0);
        // There is nothing more to do, and that is no fault.
        seal_all(&test.store).await.unwrap();
    }
}
