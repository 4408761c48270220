//! What must hold of the order of the record on either engine: every change once, no gaps, and proofs that hold.

use crate::sample::{add, council, may, seal, sql};
use crate::schema::{change, sealed, unsealed};
use crate::testing::TestStore;
use crate::{Conn, Store, check, now, organisation};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::id::ChangeId;
use domain::policy::Action;
use domain::seal::Published;
use futures_util::future::join_all;
use std::collections::BTreeSet;
use tokio::sync::{oneshot, watch};

async fn ids(conn: &mut Conn) -> Vec<ChangeId> {
    on!(conn, c => change::table.select(change::id).order(change::id.asc()).load(c).await).unwrap()
}

/// The order from after this sequence.
async fn order(conn: &mut Conn, after: i64) -> Vec<(i64, ChangeId)> {
    on!(conn, c => sealed::table
        .filter(sealed::sequence.gt(after))
        .select((sealed::sequence, sealed::change_id))
        .order(sealed::sequence.asc())
        .load(c)
        .await)
    .unwrap()
}

async fn queue(conn: &mut Conn) -> i64 {
    on!(conn, c => unsealed::table.count().get_result(c).await).unwrap()
}

async fn add_one(store: &Store, name: &str) {
    store
        .write(async |conn| add(conn, &council(name, None)).await)
        .await
        .unwrap();
}

/// Everything is sealed once, in an order without gaps, and a check agrees.
async fn whole(store: &Store) {
    let mut conn = store.read().await.unwrap();
    let all = ids(&mut conn).await;
    let order = order(&mut conn, 0).await;
    let places: Vec<i64> = order.iter().map(|row| row.0).collect();
    assert_eq!(places, (1..=all.len() as i64).collect::<Vec<_>>());
    let sealed: BTreeSet<ChangeId> = order.iter().map(|row| row.1).collect();
    assert_eq!(sealed, all.into_iter().collect());
    assert_eq!(queue(&mut conn).await, 0);
    let findings = check::run(&mut conn, now().date(), |_| {}).await.unwrap();
    assert_eq!(findings.faults, Vec::<String>::new());
    assert_eq!(findings.changes, order.len() as u64);
    assert_eq!(
        findings.published,
        crate::seal::published(&mut conn).await.unwrap()
    );
}

/// Reads on from where it was until it is told that all is sealed; what it has read.
async fn follow(store: Store, mut done: watch::Receiver<bool>) -> Vec<(i64, ChangeId)> {
    let mut read: Vec<(i64, ChangeId)> = Vec::new();
    loop {
        let last = *done.borrow_and_update();
        let mut conn = store.read().await.unwrap();
        let after = read.last().map_or(0, |row| row.0);
        read.extend(order(&mut conn, after).await);
        if last {
            return read;
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn several_sealers_seal_every_change_of_concurrent_writers_once_and_no_reader_misses_one() {
    for test in TestStore::each().await {
        // Copies of the program have pools of their own.
        let mut copies = Vec::new();
        for _ in 0..3 {
            copies.push(Store::open(test.store.url()).await.unwrap());
        }
        let (done, wait) = watch::channel(false);
        let reader = tokio::spawn(follow(test.store.clone(), wait.clone()));
        let sealers: Vec<_> = copies
            .iter()
            .map(|copy| {
                let (copy, done) = (copy.clone(), wait.clone());
                tokio::spawn(async move {
                    let mut sealed = 0;
                    while !*done.borrow() {
                        sealed += seal(&copy).await;
                        tokio::task::yield_now().await;
                    }
                    sealed
                })
            })
            .collect();
        let writers = (0..8).map(|writer| {
            let store = copies[writer % copies.len()].clone();
            tokio::spawn(async move {
                for n in 0..6 {
                    add_one(&store, &format!("Body {writer} {n}")).await;
                }
            })
        });
        for writer in join_all(writers).await {
            writer.unwrap();
        }
        let mut conn = test.store.read().await.unwrap();
        while queue(&mut conn).await > 0 {
            tokio::task::yield_now().await;
        }
        done.send(true).unwrap();
        let sealed: u64 = join_all(sealers)
            .await
            .into_iter()
            .map(|sealer| sealer.unwrap())
            .sum();
        assert_eq!(sealed, ids(&mut conn).await.len() as u64);
        assert_eq!(reader.await.unwrap(), order(&mut conn, 0).await);
        drop(conn);
        whole(&test.store).await;
        copies.iter().for_each(Store::close);
    }
}

#[tokio::test]
async fn a_change_that_commits_late_gets_a_later_place_and_holds_up_neither_sealer_nor_reader() {
    // On SQLite a write that is open keeps out every other: none is late.
    let Some(test) = TestStore::postgres().await else {
        return;
    };
    // The groups of a council are made first: their rows would hold the others up.
    add_one(&test.store, "First").await;
    assert!(seal(&test.store).await > 0);
    let (go, wait) = oneshot::channel::<()>();
    let (wrote, written) = oneshot::channel::<ChangeId>();
    let store = test.store.clone();
    let late = tokio::spawn(async move {
        store
            .write(async |conn| {
                add(conn, &council("Late", None)).await?;
                wrote.send(ids(conn).await.pop().unwrap()).unwrap();
                wait.await.unwrap();
                Ok(())
            })
            .await
    });
    let late_id = written.await.unwrap();
    add_one(&test.store, "Early").await;
    assert!(seal(&test.store).await > 0);
    let mut conn = test.store.read().await.unwrap();
    let read = order(&mut conn, 0).await;
    assert!(read.iter().any(|row| row.1 > late_id));
    assert!(read.iter().all(|row| row.1 != late_id));
    go.send(()).unwrap();
    late.await.unwrap().unwrap();
    assert!(seal(&test.store).await > 0);
    let next = order(&mut conn, read.last().unwrap().0).await;
    assert!(next.iter().any(|row| row.1 == late_id));
    whole(&test.store).await;
}

#[tokio::test]
async fn a_seal_holds_no_more_than_it_may_and_the_next_takes_the_rest() {
    for test in TestStore::each().await {
        let copies: Vec<String> = (0..5_000)
            .map(|n| {
                let id = ChangeId::from(uuid::Uuid::from_u128(n));
                let hash = domain::merkle::Hash::of(&n.to_be_bytes());
                format!("('{id}', '2026-01-01 00:00:00', 'a', 'b', 'c', 'd', '{hash}')")
            })
            .collect();
        sql(
            &test.store,
            &format!(
                "INSERT INTO change (id, changed_at, actor, action, thing_kind, thing_id, hash) VALUES {}; \
                 INSERT INTO unsealed (change_id) SELECT id FROM change",
                copies.join(", ")
            ),
        )
        .await
        .unwrap();
        let mut conn = test.store.read().await.unwrap();
        let most = crate::seal::most(&conn);
        let mut left = 5_000;
        while left > 0 {
            assert!(crate::seal::waits(&mut conn).await.unwrap());
            assert_eq!(seal(&test.store).await, most.min(left));
            left = left.saturating_sub(most);
        }
        assert!(!crate::seal::waits(&mut conn).await.unwrap());
        assert_eq!(seal(&test.store).await, 0);
        let sealed: Vec<ChangeId> = order(&mut conn, 0)
            .await
            .into_iter()
            .map(|row| row.1)
            .collect();
        assert_eq!(sealed, ids(&mut conn).await);
    }
}

#[tokio::test]
async fn changes_from_before_there_were_seals_get_theirs() {
    for test in TestStore::each().await {
        add_one(&test.store, "Old").await;
        let migration = include_str!("../migrations/2026-11-24-000002_people_and_record/up.sql");
        let (_, rest) = migration.split_once("INSERT INTO unsealed").unwrap();
        let (queueing, _) = rest.split_once(';').unwrap();
        sql(&test.store, "DELETE FROM unsealed").await.unwrap();
        assert_eq!(seal(&test.store).await, 0);
        sql(&test.store, &format!("INSERT INTO unsealed{queueing}"))
            .await
            .unwrap();
        assert!(seal(&test.store).await > 0);
        whole(&test.store).await;
    }
}

#[tokio::test]
async fn every_change_is_proven_in_every_record_that_holds_it_by_a_fixed_number_of_statements() {
    for test in TestStore::each().await {
        let mut kept: Vec<(Published, usize)> = Vec::new();
        for n in 0..11 {
            add_one(&test.store, &format!("Body {n}")).await;
            seal(&test.store).await;
            let mut conn = test.store.read().await.unwrap();
            let line = crate::seal::published(&mut conn).await.unwrap().unwrap();
            let changes = ids(&mut conn).await.len();
            assert_eq!((line.seals, line.changes), (n + 1, changes as u64));
            kept.push((line, changes));
        }
        let mut conn = test.store.read().await.unwrap();
        let order = order(&mut conn, 0).await;
        for (line, changes) in &kept {
            let seals = Some(line.seals as i64);
            for (place, (sequence, id)) in order.iter().enumerate() {
                let before = test.store.statements().count();
                let proof = crate::seal::proof(&mut conn, *id, seals).await;
                assert!(test.store.statements().count() - before <= 6);
                if place >= *changes {
                    assert_eq!(proof.unwrap_err().code(), "BAD_INPUT");
                    continue;
                }
                let proof = proof.unwrap();
                assert_eq!(proof.sequence as i64, *sequence);
                assert_eq!(proof.change.as_ref().map(|change| change.id), Some(*id));
                proof.verify(line).unwrap();
                for other in kept.iter().filter(|other| other.0 != *line) {
                    assert!(proof.verify(&other.0).is_err());
                }
            }
        }
        let newest = &kept.last().unwrap().0;
        let proof = crate::seal::proof(&mut conn, order[0].1, None)
            .await
            .unwrap();
        proof.verify(newest).unwrap();
        let too_many = crate::seal::proof(&mut conn, order[0].1, Some(12)).await;
        assert_eq!(too_many.unwrap_err().code(), "BAD_INPUT");
        let unknown = crate::seal::proof(&mut conn, crate::fresh(), None).await;
        assert_eq!(unknown.unwrap_err().code(), "NOT_FOUND");
        add_one(&test.store, "Waits").await;
        let waits = *ids(&mut conn).await.last().unwrap();
        let waiting = crate::seal::proof(&mut conn, waits, None).await;
        assert_eq!(waiting.unwrap_err().code(), "CONFLICT");
    }
}

#[tokio::test]
async fn what_is_undone_is_never_sealed_and_only_the_sealer_seals() {
    for test in TestStore::each().await {
        let undone: domain::Result<()> = test
            .store
            .write(async |conn| {
                add(conn, &council("Gone", None)).await?;
                Err(domain::Error::invalid("x", "no"))
            })
            .await;
        assert!(undone.is_err());
        assert_eq!(seal(&test.store).await, 0);
        add_one(&test.store, "Stays").await;
        let other = may(Action::KeepRegister);
        let refused = test
            .store
            .write(async |conn| crate::seal::seal_next(conn, &other, now()).await)
            .await;
        assert!(refused.is_err());
        seal(&test.store).await;
        whole(&test.store).await;
        let mut conn = test.store.read().await.unwrap();
        assert_eq!(organisation::all(&mut conn).await.unwrap().len(), 1);
    }
}
