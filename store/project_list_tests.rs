//! Lists of projects on both engines: every order from either end, and every filter.

use crate::page::{Cursor, Page};
use crate::project::{Band, Filter, Order, Project};
use crate::project_sample::started;
use crate::sample::{day, sql};
use crate::sample_people::body;
use crate::testing::TestStore;
use crate::{Store, now, project};
use domain::Result;
use domain::project::Phase;

/// The titles of a list from end to end, by pages of two.
async fn walked(store: &Store, order: Order, from_end: bool) -> Result<Vec<String>> {
    let mut page = Page {
        from_end,
        ..Page::first(2)
    };
    let mut titles: Vec<String> = Vec::new();
    loop {
        let mut conn = store.read().await?;
        let rows = project::page(&mut conn, &Filter::default(), order, &page).await?;
        let at = |row: &Project| Cursor {
            key: match order {
                Order::Title => row.title_key().to_owned(),
                Order::Newest => String::new(),
                Order::Status => row.status_key(),
            },
            id: row.id.to_string(),
        };
        let names = rows.rows.iter().map(|row| row.title.clone());
        if from_end {
            page.before = rows.rows.first().map(at);
            titles.splice(0..0, names.collect::<Vec<_>>());
        } else {
            page.after = rows.rows.last().map(at);
            titles.extend(names);
        }
        if !rows.more {
            return Ok(titles);
        }
    }
}

#[tokio::test]
async fn every_order_is_walked_in_pages_from_either_end_and_silence_is_filtered_by_cadence() {
    for test in TestStore::each().await {
        let store = &test.store;
        let ash = body(store, "Ash").await;
        for title in ["D", "B", "E", "A", "C"] {
            started(store, ash, title, &[]).await;
        }
        let statuses = [
            ("A", "2026-01-05"),
            ("B", "2026-01-09"),
            ("E", "2026-01-05"),
        ];
        for (title, at) in statuses {
            let text = format!(
                "UPDATE project SET status_at = '{at} 10:00:00', started_on = '2026-01-01' WHERE title = '{title}'"
            );
            sql(store, &text).await.unwrap();
        }
        for (order, expected) in [
            (Order::Title, "A B C D E"),
            (Order::Newest, "C A E B D"),
            (Order::Status, "B E A D C"),
        ] {
            for from_end in [false, true] {
                let titles = walked(store, order, from_end).await.unwrap();
                assert_eq!(titles.join(" "), expected, "{order:?} {from_end}");
            }
        }
        let silent = async |bands: Vec<Band>| {
            let filter = Filter {
                silent: Some(bands),
                ..Filter::default()
            };
            let mut conn = store.read().await.unwrap();
            let page = Page::first(10);
            let rows = project::page(&mut conn, &filter, Order::Title, &page)
                .await
                .unwrap();
            let titles: Vec<String> = rows.rows.into_iter().map(|row| row.title).collect();
            titles.join(" ")
        };
        let band = |first, last, cadence_days| Band {
            cadence_days,
            first,
            last,
        };
        let (fifth, today) = (Some(day("2026-01-05")), Some(now().date()));
        assert_eq!(silent(vec![band(fifth, fifth, 14)]).await, "A E");
        assert_eq!(silent(vec![band(None, fifth, 14)]).await, "A E");
        assert_eq!(silent(vec![band(today, None, 14)]).await, "C D");
        assert_eq!(silent(vec![band(None, None, 7)]).await, "");
        assert_eq!(silent(Vec::new()).await, "");
        let only = Filter {
            organisation: Some(ash),
            phases: Some(vec![Phase::Discovery]),
            ..Filter::default()
        };
        let mut conn = store.read().await.unwrap();
        assert_eq!(project::count(&mut conn, &only).await.unwrap(), 5);
        assert_eq!(project::cadences(&mut conn).await.unwrap(), [14]);
    }
}
