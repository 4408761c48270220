//! What a check finds: any byte that was changed, any row that is gone, and a record that was written anew.

use super::{Findings, run_against};
use crate::sample::{self, add, council, may, sql};
use crate::schema::{change, seal, sealed, unsealed};
use crate::testing::TestStore;
use crate::{Store, now, organisation};
use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};
use diesel_async::RunQueryDsl;
use domain::id::ChangeId;
use domain::policy::Action;
use domain::seal::Published;

const TABLES: [&str; 5] = ["change", "unsealed", "sealed", "seal", "seal_node"];

/// A record of four seals (so with three nodes) and three changes that wait, and a copy of its tables.
async fn made(test: &TestStore) {
    let store = &test.store;
    let grant = may(Action::KeepRegister).because(Some("a reason".to_owned()));
    let mut body = None;
    for name in ["Adur", "Ärmel", "Ashford", "Arun"] {
        let facts = council(name, Some(5));
        body = store
            .write(async |conn| {
                let standing = body.as_ref();
                Ok(Some(
                    organisation::save(conn, &grant, now(), standing, &facts)
                        .await?
                        .1,
                ))
            })
            .await
            .unwrap();
        assert!(sample::seal(store).await > 0);
    }
    store
        .write(async |conn| add(conn, &council("Waiting", None)).await)
        .await
        .unwrap();
    for table in TABLES {
        sql(
            store,
            &format!("CREATE TABLE kept_{table} AS SELECT * FROM {table}"),
        )
        .await
        .unwrap();
    }
    let found = look(store, None).await;
    assert_eq!(found.faults, Vec::<String>::new());
    assert_eq!((found.seals, found.waiting > 0), (4, true));
}

/// Puts back what this statement of a test broke.
async fn restore(store: &Store, statement: &str) {
    let back: String = TABLES
        .iter()
        .filter(|table| statement.contains(**table))
        .map(|table| {
            format!("DELETE FROM {table}; INSERT INTO {table} SELECT * FROM kept_{table};")
        })
        .collect();
    sql(store, &back).await.unwrap();
}

async fn look(store: &Store, kept: Option<&Published>) -> Findings {
    let mut conn = store.read().await.unwrap();
    run_against(&mut conn, now().date(), kept, |_, _| {})
        .await
        .unwrap()
}

/// Breaks something, which a check must find and name by one of `names`, and puts it back. What the database itself
/// refuses is no way to break it.
async fn broken(store: &Store, statement: &str, names: &[&str]) {
    if sql(store, statement).await.is_err() {
        return;
    }
    let found = look(store, None).await;
    let first = found.faults.as_slice().first().cloned().unwrap_or_default();
    assert!(
        names.iter().any(|name| first.contains(name)),
        "{statement}: {:?} names none of {names:?}",
        found.faults
    );
    restore(store, statement).await;
}

#[derive(QueryableByName)]
struct Value {
    #[diesel(sql_type = Nullable<Text>)]
    value: Option<String>,
}

async fn value(store: &Store, query: &str) -> Option<Vec<u8>> {
    let mut conn = store.read().await.unwrap();
    let mut rows: Vec<Value> = on!(&mut conn, c => diesel::sql_query(query).load(c).await).unwrap();
    rows.pop().unwrap().value.map(String::into_bytes)
}

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

/// The changes in their order, with their sequence, then those that wait.
async fn changes(store: &Store) -> Vec<(Option<i64>, ChangeId)> {
    let mut conn = store.read().await.unwrap();
    let conn = &mut conn;
    let mut all: Vec<(Option<i64>, ChangeId)> = on!(conn, c => sealed::table
        .select((sealed::sequence.nullable(), sealed::change_id))
        .order(sealed::sequence.asc())
        .load(c)
        .await)
    .unwrap();
    let waiting: Vec<ChangeId> =
        on!(conn, c => unsealed::table.select(unsealed::change_id).load(c).await).unwrap();
    all.extend(waiting.into_iter().map(|id| (None, id)));
    all
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
            for column in ["change_id", "organisation_id", "thing_kind", "thing_id"] {
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
            let stands = format!("seal = {}", String::from_utf8(of.unwrap()).unwrap());
            for flip in all.iter().filter(|flip| **flip != stands) {
                broken(
                    store,
                    &format!("UPDATE sealed SET {flip} WHERE {row}"),
                    &[&name, "stands outside the order"],
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
