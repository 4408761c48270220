//! A record to be broken by the tests of the check, and how it is put back.

use super::{Findings, run_against};
use crate::sample::{self, add, council, may, sql};
use crate::schema::{sealed, unsealed};
use crate::testing::TestStore;
use crate::{Store, now, organisation};
use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};
use diesel_async::RunQueryDsl;
use domain::id::ChangeId;
use domain::policy::Action;
use domain::seal::Published;

pub(super) const TABLES: [&str; 5] = ["change", "unsealed", "sealed", "seal", "seal_node"];

/// A record of four seals (so with three nodes) and three changes that wait, and a copy of its tables.
pub(super) async fn made(test: &TestStore) {
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
pub(super) async fn restore(store: &Store, statement: &str) {
    let back: String = TABLES
        .iter()
        .filter(|table| statement.contains(**table))
        .map(|table| {
            format!("DELETE FROM {table}; INSERT INTO {table} SELECT * FROM kept_{table};")
        })
        .collect();
    sql(store, &back).await.unwrap();
}

pub(super) async fn look(store: &Store, kept: Option<&Published>) -> Findings {
    let mut conn = store.read().await.unwrap();
    run_against(&mut conn, now().date(), kept, |_, _| {})
        .await
        .unwrap()
}

/// Breaks something, which a check must find and name by one of `names`, and puts it back. What the database itself
/// refuses is no way to break it.
pub(super) async fn broken(store: &Store, statement: &str, names: &[&str]) {
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

pub(super) async fn value(store: &Store, query: &str) -> Option<Vec<u8>> {
    let mut conn = store.read().await.unwrap();
    let mut rows: Vec<Value> = on!(&mut conn, c => diesel::sql_query(query).load(c).await).unwrap();
    rows.pop().unwrap().value.map(String::into_bytes)
}

/// The changes in their order, with their sequence, then those that wait.
pub(super) async fn changes(store: &Store) -> Vec<(Option<i64>, ChangeId)> {
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
