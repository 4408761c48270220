//! What must hold of transactions, migrations, the record and tokens on either engine.

use crate::organisation::Filter;
use crate::sample::{add, changes, council, may};
use crate::testing::TestStore;
use crate::{change, check, group, migrate, now, organisation, token};
use chrono::Days;
use diesel_async::RunQueryDsl;
use domain::policy::{Action, Role};
use domain::{Error, Result};

#[tokio::test]
async fn migrations_run_up_down_and_up_again() {
    for test in TestStore::each().await {
        let url = test.store.url().clone();
        test.store
            .write(async |conn| add(conn, &council("Adur", None)).await)
            .await
            .unwrap();
        migrate::down(&url).await.unwrap();
        migrate::up(&url).await.unwrap();
        let mut conn = test.store.read().await.unwrap();
        assert_eq!(
            organisation::count(&mut conn, &Filter::default())
                .await
                .unwrap(),
            0
        );
    }
}

#[tokio::test]
async fn every_migration_can_be_run_by_many_copies_at_once() {
    for test in TestStore::each().await {
        let url = test.store.url().clone();
        migrate::down(&url).await.unwrap();
        let all = (0..4).map(|_| migrate::up(&url));
        for done in futures_util::future::join_all(all).await {
            done.unwrap();
        }
    }
}

#[tokio::test]
async fn a_failed_write_leaves_nothing_and_a_savepoint_undoes_only_itself() {
    for test in TestStore::each().await {
        let failed: Result<()> = test
            .store
            .write(async |conn| {
                add(conn, &council("A", None)).await?;
                Err(Error::invalid("x", "no"))
            })
            .await;
        assert!(failed.is_err());
        assert_eq!(changes(&test.store).await, 0);
        test.store
            .write(async |conn| {
                add(conn, &council("A", None)).await?;
                let undone: Result<()> = conn
                    .nested(async |conn| {
                        add(conn, &council("B", None)).await?;
                        Err(Error::invalid("x", "no"))
                    })
                    .await;
                assert!(undone.is_err());
                Ok(())
            })
            .await
            .unwrap();
        let mut conn = test.store.read().await.unwrap();
        assert_eq!(
            organisation::count(&mut conn, &Filter::default())
                .await
                .unwrap(),
            1
        );
    }
}

#[tokio::test]
async fn a_write_that_is_dropped_half_way_is_undone_and_the_next_one_works() {
    for test in TestStore::each().await {
        let half = test.store.write(async |conn| {
            add(conn, &council("A", None)).await?;
            std::future::pending::<()>().await;
            Ok(())
        });
        let gone = tokio::time::timeout(std::time::Duration::from_millis(300), half).await;
        assert!(gone.is_err());
        test.store
            .write(async |conn| add(conn, &council("B", None)).await)
            .await
            .unwrap();
        let mut conn = test.store.read().await.unwrap();
        assert_eq!(
            organisation::count(&mut conn, &Filter::default())
                .await
                .unwrap(),
            1
        );
    }
}

#[tokio::test]
async fn a_write_that_is_dropped_in_the_midst_of_a_statement_spoils_no_connection() {
    for test in TestStore::each().await {
        for micros in (0..40).map(|n| n * 60) {
            let names: Vec<String> = (0..50).map(|n| format!("D{micros} {n}")).collect();
            let half = test.store.write(async |conn| {
                for name in &names {
                    add(conn, &council(name, None)).await?;
                }
                Err::<(), _>(Error::invalid("x", "no"))
            });
            // Whether it was dropped or failed by itself, none of it stays.
            let _ = tokio::time::timeout(std::time::Duration::from_micros(micros), half).await;
        }
        test.store
            .write(async |conn| add(conn, &council("B", None)).await)
            .await
            .unwrap();
        let mut conn = test.store.read().await.unwrap();
        let count = organisation::count(&mut conn, &Filter::default()).await;
        assert_eq!(count.unwrap(), 1);
    }
}

#[tokio::test]
async fn concurrent_writers_all_succeed() {
    for test in TestStore::each().await {
        let writes = (0..40).map(|n| {
            let store = test.store.clone();
            tokio::spawn(async move {
                store
                    .write(async |conn| {
                        add(conn, &council(&format!("C{n}"), None))
                            .await
                            .map(|_| ())
                    })
                    .await
            })
        });
        for done in futures_util::future::join_all(writes).await {
            done.unwrap().unwrap();
        }
        let mut conn = test.store.read().await.unwrap();
        assert_eq!(
            organisation::count(&mut conn, &Filter::default())
                .await
                .unwrap(),
            40
        );
        assert_eq!(group::all(&mut conn).await.unwrap().len(), 4);
    }
}

#[tokio::test]
async fn tokens_are_found_by_hash_until_they_expire() {
    for test in TestStore::each().await {
        let soon = now() + Days::new(1);
        let issue = async |role, organisation| {
            let new = token::NewToken {
                name: "t",
                secret_hash: "h",
                role,
                organisation,
                scopes: domain::policy::Scopes::usual(),
                expires_at: soon,
            };
            test.store
                .write(async |conn| token::issue(conn, &may(Action::IssueToken), now(), &new).await)
                .await
        };
        let body = test
            .store
            .write(async |conn| Ok(add(conn, &council("A", None)).await?.id))
            .await
            .unwrap();
        assert!(issue(Role::Editor, None).await.is_err());
        assert!(issue(Role::Admin, Some(body)).await.is_err());
        issue(Role::Editor, Some(body)).await.unwrap();
        let mut conn = test.store.read().await.unwrap();
        let viewer = token::viewer(&mut conn, "h", now()).await.unwrap();
        assert_eq!(viewer.organisation(), Some(body));
        for (hash, at) in [("other", now()), ("h", soon)] {
            assert_eq!(
                token::viewer(&mut conn, hash, at).await.unwrap_err().code(),
                "UNAUTHENTICATED"
            );
        }
        let record = change::after(&mut conn, None, 1_000).await.unwrap();
        assert!(!format!("{record:?}").contains("secret_hash"));
    }
}

#[tokio::test]
async fn a_flipped_byte_in_the_record_is_found_and_named() {
    for test in TestStore::each().await {
        test.store
            .write(async |conn| add(conn, &council("Adur", None)).await)
            .await
            .unwrap();
        test.store
            .write(async |conn| {
                on!(conn, c => diesel::sql_query("UPDATE change SET actor = 'Operator' WHERE thing_kind = 'organisation'")
                    .execute(c)
                    .await)
                .map_err(Error::internal)
            })
            .await
            .unwrap();
        let mut conn = test.store.read().await.unwrap();
        let faults = check::run(&mut conn, now().date(), |_| {})
            .await
            .unwrap()
            .faults;
        assert!(
            faults.len() == 1 && faults[0].contains("organisation"),
            "{faults:?}"
        );
    }
}
