//! What must hold of organisations, their codes, groups and successions on either engine.

use crate::code::{Codes, ExternalId};
use crate::organisation::{Facts, Filter, Order, Organisation};
use crate::page::{Cursor, Page};
use crate::sample::{add, changes, council, day, may};
use crate::testing::TestStore;
use crate::{Saved, change, check, code, group, now, organisation, succession};
use domain::Error;
use domain::organisation::Nation;
use domain::policy::Action;
use domain::succession::Pair;

#[tokio::test]
async fn an_organisation_is_saved_once_with_its_groups_and_its_record() {
    for test in TestStore::each().await {
        let facts = council("Adur", Some(64_000));
        let first = test
            .store
            .write(async |conn| add(conn, &facts).await)
            .await
            .unwrap();
        let again = test
            .store
            .write(async |conn| {
                let granted = may(Action::KeepRegister);
                organisation::save(conn, &granted, now(), Some(&first), &facts).await
            })
            .await
            .unwrap();
        assert_eq!(again, (Saved::Unchanged, first.clone()));

        let mut conn = test.store.read().await.unwrap();
        let groups = group::all(&mut conn).await.unwrap();
        let slugs: Vec<_> = groups.iter().map(|group| group.slug.as_str()).collect();
        assert_eq!(
            slugs,
            [
                "kind-council",
                "nation-england",
                "region-south-east",
                "tier-district"
            ]
        );
        assert_eq!(group::of(&mut conn, &[first.id]).await.unwrap().len(), 4);
        // One change for the body, one for each group and one for each membership.
        assert_eq!(change::after(&mut conn, None, 100).await.unwrap().len(), 9);
    }
}

#[tokio::test]
async fn a_body_that_moves_leaves_its_old_group_and_its_record_says_both() {
    for test in TestStore::each().await {
        let body = test
            .store
            .write(async |conn| add(conn, &council("Adur", None)).await)
            .await
            .unwrap();
        let moved = Facts {
            region: Some("London".to_owned()),
            ..body.facts()
        };
        let (saved, body) = test
            .store
            .write(async |conn| {
                organisation::save(conn, &may(Action::KeepRegister), now(), Some(&body), &moved)
                    .await
            })
            .await
            .unwrap();
        assert_eq!((saved, body.version), (Saved::Changed, 2));
        let mut conn = test.store.read().await.unwrap();
        let groups = group::all(&mut conn).await.unwrap();
        let slug = |id| {
            groups
                .iter()
                .find(|group| group.id == id)
                .unwrap()
                .slug
                .clone()
        };
        let mut mine: Vec<_> = group::of(&mut conn, &[body.id])
            .await
            .unwrap()
            .iter()
            .map(|m| slug(m.group_id))
            .collect();
        mine.sort();
        assert_eq!(
            mine,
            [
                "kind-council",
                "nation-england",
                "region-london",
                "tier-district"
            ]
        );
        let findings = check::run(&mut conn, now().date(), |_| {}).await.unwrap();
        assert_eq!(findings.faults, Vec::<String>::new());
        assert!(findings.changes > 10 && findings.organisations == 1);
    }
}

#[tokio::test]
async fn a_taken_slug_names_the_field_and_leaves_nothing() {
    for test in TestStore::each().await {
        test.store
            .write(async |conn| add(conn, &council("Adur", None)).await)
            .await
            .unwrap();
        let before = changes(&test.store).await;
        let error = test
            .store
            .write(async |conn| add(conn, &council("Adur", None)).await)
            .await
            .unwrap_err();
        assert!(
            matches!(error, Error::Taken { field: "slug", .. }),
            "{error:?}"
        );
        assert_eq!(changes(&test.store).await, before);
    }
}

#[tokio::test]
async fn pages_run_forwards_and_backwards_and_stay_right_while_rows_are_inserted() {
    for test in TestStore::each().await {
        let names = ["Bath", "Adur", "Cheshire", "Dover", "Exeter"];
        test.store
            .write(async |conn| {
                for (place, name) in names.iter().enumerate() {
                    add(conn, &council(name, Some(place as i64 * 10))).await?;
                }
                Ok(())
            })
            .await
            .unwrap();
        let list = async |page: Page| {
            let mut conn = test.store.read().await.unwrap();
            organisation::page(&mut conn, &Filter::default(), Order::Name, &page)
                .await
                .unwrap()
        };
        let of =
            |rows: &[Organisation]| rows.iter().map(|row| row.name.clone()).collect::<Vec<_>>();
        let cursor = |row: &Organisation| {
            Some(Cursor {
                key: row.name_key().to_owned(),
                id: row.id.to_string(),
            })
        };

        let first = list(Page::first(2)).await;
        assert_eq!(
            (of(&first.rows), first.more),
            (vec!["Adur".into(), "Bath".into()], true)
        );
        let after = cursor(&first.rows[1]);
        test.store
            .write(async |conn| add(conn, &council("Aachen", None)).await)
            .await
            .unwrap();
        let second = list(Page {
            after,
            ..Page::first(2)
        })
        .await;
        assert_eq!(
            (of(&second.rows), second.more),
            (vec!["Cheshire".into(), "Dover".into()], true)
        );
        let before = cursor(&second.rows[0]);
        let back = list(Page {
            before,
            from_end: true,
            ..Page::first(2)
        })
        .await;
        assert_eq!(
            (of(&back.rows), back.more),
            (vec!["Adur".into(), "Bath".into()], true)
        );

        let mut conn = test.store.read().await.unwrap();
        let largest = organisation::page(
            &mut conn,
            &Filter::default(),
            Order::Population,
            &Page::first(10),
        )
        .await;
        let largest = largest.unwrap().rows;
        assert_eq!(
            of(&largest),
            ["Exeter", "Dover", "Cheshire", "Adur", "Bath", "Aachen"]
        );
        let at = Cursor {
            key: largest[2].population_key().to_string(),
            id: largest[2].id.to_string(),
        };
        let page = Page {
            after: Some(at),
            ..Page::first(1)
        };
        let next = organisation::page(&mut conn, &Filter::default(), Order::Population, &page)
            .await
            .unwrap();
        assert_eq!((of(&next.rows), next.more), (vec!["Adur".into()], true));
    }
}

#[tokio::test]
async fn filters_narrow_a_list_and_wildcards_in_a_search_mean_themselves() {
    for test in TestStore::each().await {
        test.store
            .write(async |conn| {
                add(conn, &council("100% Council", None)).await?;
                add(
                    conn,
                    &Facts {
                        nation: Some(Nation::Wales),
                        ..council("Conwy", None)
                    },
                )
                .await?;
                add(
                    conn,
                    &Facts {
                        closed_on: Some(day("2019-04-01")),
                        ..council("Poole", None)
                    },
                )
                .await
            })
            .await
            .unwrap();
        let count = async |filter: Filter| {
            let mut conn = test.store.read().await.unwrap();
            organisation::count(&mut conn, &filter).await.unwrap()
        };
        let text = |text: &str| Filter {
            text: Some(text.to_owned()),
            ..Filter::default()
        };
        assert_eq!(count(text("CO")).await, 2);
        assert_eq!(count(text("%")).await, 1);
        assert_eq!(count(text("_")).await, 0);
        assert_eq!(
            count(Filter {
                nation: Some(Nation::Wales),
                ..Filter::default()
            })
            .await,
            1
        );
        let open_on = |text: &str| Filter {
            open_on: Some(day(text)),
            ..Filter::default()
        };
        assert_eq!(count(open_on("2019-03-31")).await, 3);
        assert_eq!(count(open_on("2019-04-01")).await, 2);
    }
}

#[tokio::test]
async fn codes_find_bodies_and_an_ambiguous_one_asks_for_its_scheme() {
    for test in TestStore::each().await {
        test.store
            .write(async |conn| {
                let (a, b) = (
                    add(conn, &council("A", None)).await?.id,
                    add(conn, &council("B", None)).await?.id,
                );
                let granted = may(Action::KeepRegister);
                let mut codes = code::all(conn).await?;
                let id = |scheme: &str, code: &str, organisation_id| ExternalId {
                    scheme: scheme.into(),
                    code: code.into(),
                    organisation_id,
                    alias: false,
                };
                for row in [
                    id("gss", "E1", a),
                    id("register", "XYZ", a),
                    id("planning", "XYZ", b),
                ] {
                    assert_eq!(
                        code::save(conn, &granted, now(), &mut codes, &row).await?,
                        Saved::Added
                    );
                    assert_eq!(
                        code::save(conn, &granted, now(), &mut codes, &row).await?,
                        Saved::Unchanged
                    );
                }
                let taken =
                    code::save(conn, &granted, now(), &mut codes, &id("gss", "E1", b)).await;
                assert!(matches!(taken, Err(Error::Taken { .. })));
                let read: Codes = code::all(conn).await?;
                for find in [
                    code::find(conn, "E1").await?,
                    read.find("E1")?,
                    read.find("GSS:E1")?,
                ] {
                    assert_eq!(find, Some(a));
                }
                assert_eq!(code::find(conn, "planning:XYZ").await?, Some(b));
                assert!(code::find(conn, "XYZ").await.is_err());
                assert_eq!(code::find(conn, "nobody").await?, None);
                Ok(())
            })
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn successions_move_but_do_not_double() {
    for test in TestStore::each().await {
        test.store
            .write(async |conn| {
                let (a, b) = (
                    add(conn, &council("A", None)).await?.id,
                    add(conn, &council("B", None)).await?.id,
                );
                let granted = may(Action::KeepRegister);
                let pair = Pair {
                    predecessor: a,
                    successor: b,
                    on: day("2019-04-01"),
                };
                assert_eq!(
                    succession::save(conn, &granted, now(), None, &pair).await?,
                    Saved::Added
                );
                let later = Pair {
                    on: day("2020-04-01"),
                    ..pair
                };
                assert_eq!(
                    succession::save(conn, &granted, now(), Some(&pair), &later).await?,
                    Saved::Changed
                );
                assert_eq!(succession::all(conn).await?, [later]);
                assert_eq!(succession::around(conn, &[a]).await?, [later]);
                assert_eq!(
                    succession::between(conn, day("2019-01-01"), day("2019-12-31")).await?,
                    []
                );
                Ok(())
            })
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn times_come_back_as_they_were_written() {
    for test in TestStore::each().await {
        let body = test
            .store
            .write(async |conn| add(conn, &council("A", None)).await)
            .await
            .unwrap();
        let mut conn = test.store.read().await.unwrap();
        assert_eq!(
            organisation::by_ids(&mut conn, &[body.id]).await.unwrap(),
            [body]
        );
    }
}
