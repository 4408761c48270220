//! A check finds any byte that was changed, and says where.

use super::testing::{broken, changes, made, value};
use crate::Store;
use crate::schema::change;
use crate::testing::TestStore;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::id::ChangeId;

/// Every byte of a column of one row in turn, as an assignment; a different bit of each.
async fn flips(store: &Store, table: &str, column: &str, row: &str) -> Vec<String> {
    let postgres = store.read().await.unwrap().engine() == "postgres";
    if postgres && column.ends_with("_at") {
        return (0..50)
            .map(|bit| {
                format!(
                    "{column} = {column} + INTERVAL '{} microseconds'",
                    1_i64 << bit
                )
            })
            .collect();
    }
    let query = format!("SELECT {column} AS value FROM {table} WHERE {row}");
    let Some(bytes) = value(store, &query).await else {
        // What is not there becomes something.
        return vec![format!("{column} = ''")];
    };
    let mut found = Vec::new();
    for place in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[place] ^= [0x01, 0x20, 0x80, 0x04][place % 4];
        let hex: String = changed.iter().map(|byte| format!("{byte:02x}")).collect();
        match postgres {
            false => found.push(format!("{column} = CAST(x'{hex}' AS TEXT)")),
            // It keeps nothing but UTF-8.
            true => found.push(format!("{column} = convert_from('\\x{hex}', 'UTF8')")),
        }
    }
    found
}

/// The first change with a `before`: every column of it says something.
async fn full(store: &Store) -> (Option<i64>, ChangeId) {
    let mut conn = store.read().await.unwrap();
    let id: ChangeId = on!(&mut conn, c => change::table
        .filter(change::before_json.is_not_null())
        .order(change::id.asc())
        .select(change::id)
        .first(c)
        .await)
    .unwrap();
    let all = changes(store).await;
    *all.iter().find(|row| row.1 == id).unwrap()
}

#[tokio::test]
async fn any_byte_of_any_column_of_a_change_that_is_changed_is_found_and_named() {
    for test in TestStore::each().await {
        made(&test).await;
        let store = &test.store;
        let all = changes(store).await;
        for (sequence, id) in [full(store).await, *all.last().unwrap()] {
            let name = sequence.map_or(id.to_string(), |sequence| format!("sequence {sequence}: "));
            for column in [
                "id",
                "changed_at",
                "actor",
                "organisation_id",
                "action",
                "thing_kind",
                "thing_id",
                "before_json",
                "after_json",
                "reason",
                "hash",
            ] {
                let row = format!("id = '{id}'");
                for flip in flips(store, "change", column, &row).await {
                    let statement = format!("UPDATE change SET {flip} WHERE {row}");
                    broken(store, &statement, &[&name]).await;
                }
            }
        }
    }
}

#[tokio::test]
async fn any_byte_of_the_order_the_seals_and_the_tree_that_is_changed_is_found_and_named() {
    for test in TestStore::each().await {
        made(&test).await;
        let store = &test.store;
        let last = changes(store)
            .await
            .iter()
            .filter_map(|row| row.0)
            .max()
            .unwrap();
        for sequence in [1, 3, last] {
            let (row, name) = (
                format!("sequence = {sequence}"),
                format!("sequence {sequence}: "),
            );
            let mut all = Vec::new();
            for column in [
                "change_id",
                "organisation_id",
                "thing_kind",
                "thing_id",
                "subject_id",
            ] {
                all.extend(flips(store, "sealed", column, &row).await);
            }
            all.extend(
                [
                    "sequence = 1000",
                    "sequence = 0",
                    "sequence = -1",
                    "sequence = '5x'",
                    "seal = 0",
                    "seal = 1",
                    "seal = 2",
                    "seal = 3",
                    "seal = 4",
                    "seal = -1",
                    "seal = 1000",
                ]
                .map(str::to_owned),
            );
            let of = value(
                store,
                &format!("SELECT CAST(seal AS TEXT) AS value FROM sealed WHERE {row}"),
            )
            .await;
            let range = format!("sequence {sequence} to ");
            let stands = format!("seal = {}", String::from_utf8(of.unwrap()).unwrap());
            for flip in all.iter().filter(|flip| **flip != stands) {
                broken(
                    store,
                    &format!("UPDATE sealed SET {flip} WHERE {row}"),
                    &[&name, &range, "stands outside the order"],
                )
                .await;
            }
        }
        for number in 0..4 {
            let (row, name) = (format!("number = {number}"), format!("seal {number} "));
            let mut all: Vec<String> = [
                "number = 100",
                "number = -1",
                "first = first + 1",
                "first = first - 1",
                "last = last + 1",
                "last = last - 1",
            ]
            .map(str::to_owned)
            .to_vec();
            for column in ["root", "previous", "sealed_at", "hash", "head"] {
                all.extend(flips(store, "seal", column, &row).await);
            }
            for flip in all {
                broken(
                    store,
                    &format!("UPDATE seal SET {flip} WHERE {row}"),
                    &[&name],
                )
                .await;
            }
        }
        for (level, place, seal) in [(1, 0, 1), (1, 1, 3), (2, 0, 3)] {
            let row = format!("level = {level} AND place = {place}");
            let name = format!("seal {seal} ");
            let mut all = flips(store, "seal_node", "hash", &row).await;
            all.extend(["level = 7", "place = 9", "place = -1"].map(str::to_owned));
            for flip in all {
                broken(
                    store,
                    &format!("UPDATE seal_node SET {flip} WHERE {row}"),
                    &[&name],
                )
                .await;
            }
        }
    }
}
