//! A check finds rows that are gone, and beside a kept line a record that was written anew.

use super::testing::{broken, changes, look, made};
use crate::Store;
use crate::sample::{add, council, may, sql};
use crate::schema::seal;
use crate::testing::TestStore;
use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::id::ChangeId;
use domain::policy::Action;
use domain::seal::Published;

#[tokio::test]
async fn any_row_that_is_gone_or_too_many_is_found_and_named() {
    for test in TestStore::each().await {
        made(&test).await;
        let store = &test.store;
        let all = changes(store).await;
        for (sequence, id) in &all {
            let name = sequence.map_or(id.to_string(), |sequence| format!("sequence {sequence}: "));
            let gone = format!("DELETE FROM change WHERE id = '{id}'");
            broken(store, &gone, &[&name]).await;
            match sequence {
                Some(sequence) => {
                    let gone = format!("DELETE FROM sealed WHERE sequence = {sequence}");
                    broken(store, &gone, &[&name]).await;
                    let again = format!("INSERT INTO unsealed VALUES ('{id}')");
                    broken(store, &again, &[&id.to_string()]).await;
                }
                None => {
                    let gone = format!("DELETE FROM unsealed WHERE change_id = '{id}'");
                    broken(store, &gone, &[&id.to_string()]).await;
                }
            }
        }
        for number in 0..4 {
            let gone = format!("DELETE FROM seal WHERE number = {number}");
            broken(store, &gone, &[&format!("seal {number} ")]).await;
        }
        // The newest part of the record, cut off with all that belongs to it but its changes.
        let cut = "DELETE FROM sealed WHERE seal = 3; DELETE FROM seal WHERE number = 3; \
                   DELETE FROM seal_node WHERE level = 2 OR place = 1";
        broken(store, cut, &["has no seal and does not wait for one"]).await;
        broken(store, "DELETE FROM seal_node WHERE level = 2", &["seal 3 "]).await;
        let more = format!("INSERT INTO seal_node VALUES (3, 0, '{}')", "0".repeat(64));
        broken(store, &more, &["tree over the seals"]).await;
    }
}

#[tokio::test]
async fn what_is_derived_is_rebuilt_and_compared() {
    for test in TestStore::each().await {
        let store = &test.store;
        store
            .write(async |conn| {
                add(conn, &council("Adur", None)).await?;
                crate::sample::add_standard(conn, "trees").await
            })
            .await
            .unwrap();
        for (wrong, right, name) in [
            (
                "organisation SET name_key = 'x'",
                "organisation SET name_key = 'adur'",
                "search key",
            ),
            (
                "organisation SET version = 2",
                "organisation SET version = 1",
                "version",
            ),
            (
                "standard SET title_key = 'x'",
                "standard SET title_key = 'trees'",
                "search key",
            ),
            (
                "standard SET version = 0",
                "standard SET version = 1",
                "version",
            ),
            (
                "standard SET stage = 'TRIAL'",
                "standard SET stage = 'REQUIRED'",
                "stage",
            ),
        ] {
            sql(store, &format!("UPDATE {wrong}")).await.unwrap();
            let faults = look(store, None).await.faults;
            assert!(
                faults.len() == 1 && faults[0].contains(name),
                "{wrong}: {faults:?}"
            );
            sql(store, &format!("UPDATE {right}")).await.unwrap();
            assert_eq!(look(store, None).await.faults, Vec::<String>::new());
        }
    }
}

/// The bounds of every seal, and the line that was published with it.
async fn lines(store: &Store) -> Vec<(i64, i64, Published)> {
    let mut conn = store.read().await.unwrap();
    let rows: Vec<(i64, i64, i64, String, NaiveDateTime)> = on!(&mut conn, c => seal::table
        .select((seal::number, seal::first, seal::last, seal::head, seal::sealed_at))
        .order(seal::number.asc())
        .load(c)
        .await)
    .unwrap();
    let line = |(number, first, last, head, at): (i64, i64, i64, String, NaiveDateTime)| {
        let published = Published {
            seals: number as u64 + 1,
            changes: last as u64,
            head: head.parse().unwrap(),
            at,
        };
        (first, last, published)
    };
    rows.into_iter().map(line).collect()
}

/// Writes a change anew, and all that follows from it, as somebody would who owns the database.
async fn rewrite(store: &Store, sequence: i64) {
    let order = changes(store).await;
    let seals = lines(store).await;
    let id = order[sequence as usize - 1].1;
    let rows = {
        let mut conn = store.read().await.unwrap();
        crate::change::after(&mut conn, None, 1_000).await.unwrap()
    };
    let mut all = rows.iter().map(crate::change::ChangeRow::change);
    let mut change = all.find(|row| row.id == id).unwrap();
    change.actor = "somebody else".to_owned();
    let hash = change.hash();
    sql(
        store,
        &format!(
            "UPDATE change SET actor = 'somebody else', hash = '{hash}' WHERE id = '{id}'; \
             DELETE FROM seal_node; DELETE FROM sealed; DELETE FROM seal; DELETE FROM unsealed"
        ),
    )
    .await
    .unwrap();
    let granted = may(Action::SealRecord);
    let queue = async |rows: &[(Option<i64>, ChangeId)]| {
        for (_, id) in rows {
            let statement = format!("INSERT INTO unsealed VALUES ('{id}')");
            sql(store, &statement).await.unwrap();
        }
    };
    for (first, last, line) in &seals {
        queue(&order[*first as usize - 1..*last as usize]).await;
        store
            .write(async |conn| crate::seal::seal_next(conn, &granted, line.at).await)
            .await
            .unwrap();
    }
    queue(&order[seals.last().unwrap().1 as usize..]).await;
}

#[tokio::test]
async fn a_record_written_anew_throughout_passes_by_itself_and_not_beside_a_kept_line() {
    for test in TestStore::each().await {
        made(&test).await;
        let store = &test.store;
        let kept = lines(store).await;
        for (_, _, line) in &kept {
            assert_eq!(look(store, Some(line)).await.faults, Vec::<String>::new());
        }
        let third = kept[2].0;
        rewrite(store, third).await;
        let anew = look(store, None).await;
        assert_eq!(anew.faults, Vec::<String>::new());
        assert_eq!(
            anew.published.as_ref().map(|line| line.changes),
            Some(kept[3].2.changes)
        );
        for (number, (_, _, line)) in kept.iter().enumerate() {
            let faults = look(store, Some(line)).await.faults;
            // What was published before the change still stands.
            assert_eq!(faults.is_empty(), number < 2, "{line}: {faults:?}");
            if number >= 2 {
                assert!(faults[0].contains(&format!("seal {number} ")), "{faults:?}");
            }
        }
    }
}

#[tokio::test]
async fn a_record_that_was_cut_short_is_not_the_one_of_a_kept_line() {
    for test in TestStore::each().await {
        made(&test).await;
        let store = &test.store;
        let kept = lines(store).await.pop().unwrap().2;
        sql(
            store,
            "DELETE FROM change WHERE id IN (SELECT change_id FROM sealed WHERE seal = 3); \
             DELETE FROM sealed WHERE seal = 3; DELETE FROM seal WHERE number = 3; \
             DELETE FROM seal_node WHERE level = 2 OR place = 1",
        )
        .await
        .unwrap();
        let faults = look(store, Some(&kept)).await.faults;
        assert!(
            faults.iter().any(|fault| fault.contains("of 4 seals")),
            "{faults:?}"
        );
    }
}
