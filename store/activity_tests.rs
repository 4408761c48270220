//! What must hold of reading the sealed record on either engine: its order, its pages, and who sees what.

use crate::activity::{Filter, Recorded, by_ids, count, newest, owners, page, sealed_before};
use crate::page::{Cursor, Page};
use crate::sample::{add, add_standard, changes, council, may};
use crate::testing::{TestStore, seal};
use crate::{Store, change, now, token};
use chrono::{Days, TimeDelta};
use domain::id::{OrganisationId, TokenId};
use domain::policy::{Action, Reach, Role, Scopes};
use std::collections::BTreeSet;

async fn body(store: &Store, name: &str) -> OrganisationId {
    let facts = council(name, None);
    let added = store.write(async |conn| add(conn, &facts).await).await;
    added.unwrap().id
}

/// A change of a private kind.
async fn key(store: &Store, hash: &str, organisation: Option<OrganisationId>) -> TokenId {
    let role = organisation.map_or(Role::Admin, |_| Role::Editor);
    let new = token::NewToken {
        name: hash,
        secret_hash: hash,
        role,
        organisation,
        scopes: Scopes::usual(),
        expires_at: now() + Days::new(1),
    };
    let issued = async |conn: &mut crate::Conn| {
        token::issue(conn, &may(Action::IssueToken), now(), &new).await
    };
    store.write(issued).await.unwrap()
}

fn from_start(limit: u32, after: i64) -> Page {
    let after = Cursor {
        key: after.to_string(),
        id: String::new(),
    };
    Page {
        after: Some(after),
        ..Page::first(limit)
    }
}

fn from_end(limit: u32, before: i64) -> Page {
    let before = Cursor {
        key: before.to_string(),
        id: String::new(),
    };
    Page {
        from_end: true,
        before: Some(before),
        ..Page::first(limit)
    }
}

async fn read(store: &Store, reach: &Reach, filter: &Filter, wanted: &Page) -> Vec<Recorded> {
    let mut conn = store.read().await.unwrap();
    page(&mut conn, reach, filter, wanted).await.unwrap().rows
}

async fn all(store: &Store, reach: &Reach, filter: &Filter) -> Vec<Recorded> {
    let rows = read(store, reach, filter, &Page::first(100)).await;
    let mut conn = store.read().await.unwrap();
    let counted = count(&mut conn, reach, filter).await.unwrap();
    assert_eq!(counted, i64::try_from(rows.len()).unwrap(), "{filter:?}");
    rows
}

fn places(rows: &[Recorded]) -> Vec<i64> {
    rows.iter().map(|row| row.sequence).collect()
}

#[tokio::test]
async fn what_is_not_sealed_is_not_read_and_what_is_has_a_place_without_gaps() {
    for test in TestStore::each().await {
        let store = &test.store;
        body(store, "Ash").await;
        assert!(all(store, &Reach::All, &Filter::default()).await.is_empty());
        let mut conn = store.read().await.unwrap();
        assert_eq!(newest(&mut conn).await.unwrap(), 0);
        drop(conn);
        seal(store).await;
        body(store, "Elm").await;
        seal(store).await;
        let rows = all(store, &Reach::All, &Filter::default()).await;
        let written = i64::try_from(changes(store).await).unwrap();
        assert_eq!(places(&rows), (1..=written).collect::<Vec<_>>());
        let mut conn = store.read().await.unwrap();
        assert_eq!(newest(&mut conn).await.unwrap(), written);
        let kept = change::after(&mut conn, None, 100).await.unwrap();
        assert!(
            rows.iter()
                .zip(&kept)
                .all(|(row, kept)| row.change == *kept)
        );
        assert!(rows.windows(2).all(|pair| pair[0].seal <= pair[1].seal));
        assert_eq!((rows[0].seal, rows[rows.len() - 1].seal), (0, 1));
    }
}

#[tokio::test]
async fn a_reader_who_goes_on_from_its_last_place_misses_no_change_that_committed_late() {
    for test in TestStore::each().await {
        let store = test.store.clone();
        // The groups that all share stand already: no writer waits for another.
        body(&store, "First").await;
        let (begun, has_begun) = tokio::sync::oneshot::channel();
        let (commit, may_commit) = tokio::sync::oneshot::channel::<()>();
        let single_writer = store.read().await.unwrap().engine() == "sqlite";
        let late = tokio::spawn({
            let store = store.clone();
            async move {
                let write = async |conn: &mut crate::Conn| {
                    add(conn, &council("Late", None)).await?;
                    begun.send(()).unwrap();
                    may_commit.await.unwrap();
                    Ok(())
                };
                store.write(write).await.unwrap();
            }
        });
        has_begun.await.unwrap();
        let mut commit = Some(commit);
        if single_writer {
            // Nobody else writes meanwhile: the late change is the earlier one here.
            commit.take().unwrap().send(()).unwrap();
        }
        body(&store, "Early").await;
        seal(&store).await;
        let first = all(&store, &Reach::All, &Filter::default()).await;
        let last = first[first.len() - 1].sequence;
        if let Some(commit) = commit {
            commit.send(()).unwrap();
        }
        late.await.unwrap();
        seal(&store).await;
        let rest = read(
            &store,
            &Reach::All,
            &Filter::default(),
            &from_start(100, last),
        )
        .await;
        let ids = |rows: &[Recorded]| -> BTreeSet<_> {
            rows.iter().map(|row| row.change.change().id).collect()
        };
        let (first, rest) = (ids(&first), ids(&rest));
        assert!(
            single_writer || first.last() > rest.first(),
            "nothing was late"
        );
        let mut conn = store.read().await.unwrap();
        let kept = change::after(&mut conn, None, 100).await.unwrap();
        let kept: BTreeSet<_> = kept.iter().map(|row| row.change().id).collect();
        assert_eq!(first.union(&rest).copied().collect::<BTreeSet<_>>(), kept);
        assert!(first.is_disjoint(&rest));
    }
}

#[tokio::test]
async fn pages_stay_right_in_both_directions_while_changes_are_sealed() {
    for test in TestStore::each().await {
        let store = &test.store;
        for name in ["A", "B", "C", "D", "E"] {
            body(store, name).await;
        }
        seal(store).await;
        let none = Filter::default();
        let whole = places(&all(store, &Reach::All, &none).await);
        let mut forwards = Vec::new();
        let mut after = 0;
        loop {
            let rows = places(&read(store, &Reach::All, &none, &from_start(3, after)).await);
            let Some(last) = rows.last() else { break };
            after = *last;
            forwards.extend(rows);
        }
        assert_eq!(forwards, whole);
        let mut backwards = Vec::new();
        let mut before = i64::MAX;
        loop {
            let rows = places(&read(store, &Reach::All, &none, &from_end(3, before)).await);
            let Some(first) = rows.first() else { break };
            before = *first;
            backwards.splice(0..0, rows);
            // What is sealed meanwhile comes after all that is read here.
            body(store, &format!("Later {before}")).await;
            seal(store).await;
        }
        assert_eq!(backwards, whole);
        let fresh = places(&read(store, &Reach::All, &none, &from_start(100, after)).await);
        assert_eq!(fresh.first(), Some(&(after + 1)));
    }
}

#[tokio::test]
async fn private_changes_are_for_the_members_of_their_organisation_and_for_the_unit() {
    for test in TestStore::each().await {
        let store = &test.store;
        let (ash, elm) = (body(store, "Ash").await, body(store, "Elm").await);
        let keys = [Some(ash), Some(elm), None].map(|place| (place, format!("{place:?}")));
        let mut ids = Vec::new();
        for (place, hash) in &keys {
            ids.push(key(store, hash, *place).await.to_string());
        }
        seal(store).await;
        let none = Filter::default();
        let of_tokens = Filter {
            thing_kind: Some("token".to_owned()),
            ..none.clone()
        };
        let whole = all(store, &Reach::All, &none).await;
        let public = whole.len() - ids.len();
        for (reach, seen) in [
            (Reach::All, vec![0, 1, 2]),
            (Reach::Only(vec![]), vec![]),
            (Reach::Only(vec![ash]), vec![0]),
            (Reach::Only(vec![ash, elm]), vec![0, 1]),
        ] {
            let expected: Vec<&String> = seen.iter().map(|place: &usize| &ids[*place]).collect();
            let rows = all(store, &reach, &of_tokens).await;
            let found: Vec<String> = rows
                .iter()
                .map(|row| row.change.change().thing_id)
                .collect();
            assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{reach:?}");
            assert_eq!(all(store, &reach, &none).await.len(), public + seen.len());
            let every: Vec<_> = whole.iter().map(|row| row.change.change().id).collect();
            let mut conn = store.read().await.unwrap();
            let named = by_ids(&mut conn, &reach, &every).await.unwrap();
            assert_eq!(named.len(), public + seen.len(), "{reach:?}");
        }
    }
}

#[tokio::test]
async fn a_list_holds_what_its_filter_says() {
    for test in TestStore::each().await {
        let store = &test.store;
        let ash = body(store, "Ash").await;
        body(store, "Elm").await;
        let trees = store
            .write(async |conn| add_standard(conn, "trees").await)
            .await
            .unwrap();
        seal(store).await;
        let whole = all(store, &Reach::All, &Filter::default()).await;
        let none = Filter::default();
        let filters = [
            Filter {
                organisation: Some(ash),
                ..none.clone()
            },
            Filter {
                thing_kind: Some("group_member".into()),
                ..none.clone()
            },
            Filter {
                thing_id: Some(trees.to_string()),
                ..none.clone()
            },
            Filter {
                action: Some(Action::KeepStandards.words().into()),
                ..none.clone()
            },
            Filter {
                actor: Some("operator".into()),
                organisation: Some(ash),
                ..none.clone()
            },
            Filter {
                after: Some(2),
                before: Some(5),
                ..none.clone()
            },
            Filter {
                actor: Some("nobody".into()),
                ..none.clone()
            },
        ];
        let mut sizes = Vec::new();
        for filter in filters {
            let fits = |row: &&Recorded| {
                let change = row.change.change();
                (filter.organisation.is_none() || filter.organisation == change.organisation)
                    && filter
                        .thing_kind
                        .as_ref()
                        .is_none_or(|kind| *kind == change.thing_kind)
                    && filter
                        .thing_id
                        .as_ref()
                        .is_none_or(|id| *id == change.thing_id)
                    && filter
                        .action
                        .as_ref()
                        .is_none_or(|words| *words == change.action)
                    && filter
                        .actor
                        .as_ref()
                        .is_none_or(|actor| *actor == change.actor)
                    && filter.after.is_none_or(|place| row.sequence > place)
                    && filter.before.is_none_or(|place| row.sequence < place)
            };
            let expected: Vec<Recorded> = whole.iter().filter(fits).cloned().collect();
            for reach in [Reach::All, Reach::Only(vec![])] {
                assert_eq!(all(store, &reach, &filter).await, expected, "{filter:?}");
            }
            sizes.push(expected.len());
        }
        assert!(
            sizes[..6]
                .iter()
                .all(|size| (1..whole.len()).contains(size)),
            "{sizes:?}"
        );
        assert_eq!((sizes[5], sizes[6]), (2, 0));
    }
}

#[tokio::test]
async fn a_moment_leads_to_the_last_place_that_was_sealed_before_it() {
    for test in TestStore::each().await {
        let store = &test.store;
        let mut ends = Vec::new();
        for name in ["A", "B", "C"] {
            body(store, name).await;
            seal(store).await;
            let rows = all(store, &Reach::All, &Filter::default()).await;
            let last = &rows[rows.len() - 1];
            ends.push((last.sealed_at, last.sequence));
        }
        let mut conn = store.read().await.unwrap();
        let newest = newest(&mut conn).await.unwrap();
        let mut place = async |at| sealed_before(&mut conn, at, newest).await.unwrap();
        assert_eq!(place(ends[0].0).await, 0);
        assert_eq!(
            place(ends[0].0 + TimeDelta::microseconds(1)).await,
            ends[0].1
        );
        assert_eq!(place(ends[1].0).await, ends[0].1);
        assert_eq!(place(ends[2].0).await, ends[1].1);
        assert_eq!(place(ends[2].0 + TimeDelta::days(1)).await, newest);
    }
}

#[tokio::test]
async fn a_page_is_one_statement_and_tokens_tell_whose_they_are() {
    for test in TestStore::each().await {
        let store = &test.store;
        let ash = body(store, "Ash").await;
        let (own, unit) = (
            key(store, "a", Some(ash)).await,
            key(store, "u", None).await,
        );
        seal(store).await;
        let mut conn = store.read().await.unwrap();
        let before = store.statements().count();
        let reach = Reach::Only(vec![ash]);
        page(&mut conn, &reach, &Filter::default(), &Page::first(100))
            .await
            .unwrap();
        assert_eq!(store.statements().count() - before, 1);
        let found = owners(&mut conn, &[own, unit]).await.unwrap();
        assert_eq!((found[&own], found[&unit]), (Some(ash), None));
    }
}
