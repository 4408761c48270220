//! What must hold of backings and merges: counted, moved, escalated once, and taken apart exactly.

use crate::backing::{self, Backing};
use crate::problem::{self, Filter, Problem};
use crate::problem_sample::{backed, faults, own, project, raised, read, seen};
use crate::sample::may;
use crate::sample_people::body;
use crate::testing::TestStore;
use crate::{Store, merge, now};
use chrono::TimeDelta;
use domain::backing::Willingness;
use domain::id::{OrganisationId, ProblemId};
use domain::policy::{About, Action, Viewer};
use domain::problem::ProblemState;
use futures_util::future::join_all;
use std::collections::BTreeMap;

#[tokio::test]
async fn bodies_that_back_at_once_are_all_counted() {
    for test in TestStore::each().await {
        let store = &test.store;
        let ash = body(store, "Ash").await;
        let row = raised(store, ash, "Bins").await;
        let mut bodies = Vec::new();
        for n in 0..6 {
            bodies.push(body(store, &format!("Body {n}")).await);
        }
        let backing = bodies
            .iter()
            .map(|one| backed(store, row.id, *one, Willingness::Test));
        for one in join_all(backing).await {
            one.unwrap();
        }
        let after = read(store, row.id).await;
        assert_eq!((after.backers, after.state), (6, ProblemState::Gathering));
        assert!(after.is_orphan());
        assert_eq!(faults(store).await, [""; 0]);
    }
}

async fn willing(store: &Store, problem: ProblemId) -> BTreeMap<OrganisationId, Willingness> {
    let mut conn = store.read().await.unwrap();
    let rows = backing::backers(&mut conn, &[problem]).await.unwrap();
    rows.into_iter().map(|(_, body, how)| (body, how)).collect()
}

#[tokio::test]
async fn a_merge_moves_backings_and_projects_and_is_undone_exactly() {
    use Willingness::{Follow, Fund, Join, Test};
    for test in TestStore::each().await {
        let store = &test.store;
        let mut bodies = Vec::new();
        for n in 0..5 {
            bodies.push(body(store, &format!("Body {n}")).await);
        }
        let [a, b, c, d, e] = bodies[..] else {
            panic!()
        };
        let from = raised(store, a, "Bins are missed").await;
        let into = raised(store, b, "Missed bins").await;
        for (problem, body, how) in [
            (from.id, c, Fund),
            (from.id, d, Follow),
            (from.id, e, Join),
            (into.id, c, Test),
            (into.id, d, Join),
        ] {
            backed(store, problem, body, how).await.unwrap();
        }
        let gone = backed(store, into.id, e, Test).await.unwrap();
        let granted = own(e, Action::BackProblem);
        let leave = async |key: ProblemId, row: &Backing| {
            store
                .write(async |conn| {
                    backing::withdraw(conn, &granted, now(), (key, row.id), row.version).await
                })
                .await
        };
        leave(into.id, &gone).await.unwrap();
        let by = may(Action::MergeProblems);
        project(store, &by, &[from.id], "ALPHA", true).await;
        let before = (willing(store, from.id).await, willing(store, into.id).await);
        let states = async || {
            (
                read(store, from.id).await.state,
                read(store, into.id).await.state,
            )
        };
        let were = states().await;
        let seen_from = seen(&read(store, from.id).await);
        let merged = store
            .write(async |conn| merge::merge(conn, &by, now(), seen_from, into.id).await)
            .await
            .unwrap();
        let all = BTreeMap::from([(c, Fund), (d, Join), (e, Join)]);
        assert_eq!(willing(store, into.id).await, all);
        assert_eq!(willing(store, from.id).await, BTreeMap::new());
        let (source, target) = (read(store, from.id).await, read(store, into.id).await);
        assert_eq!(source.merged_into_id, Some(into.id));
        assert_eq!(source.text(), from.text());
        assert_eq!(
            (target.backers, target.state),
            (3, ProblemState::BeingSolved)
        );
        assert_eq!(faults(store).await, [""; 0]);
        // It is read where it went: nobody backs it, and no list has it.
        let late = backed(store, from.id, a, Follow).await.unwrap_err();
        assert_eq!(late.code(), "CONFLICT");
        let mut conn = store.read().await.unwrap();
        assert_eq!(
            problem::count(&mut conn, &Filter::default()).await.unwrap(),
            1
        );
        drop(conn);

        let undo = async |version| {
            store
                .write(async |conn| merge::undo(conn, &by, now(), merged.id, (version, None)).await)
                .await
        };
        assert_eq!(undo(7).await.unwrap_err().code(), "CONFLICT");
        undo(1).await.unwrap();
        let after = (willing(store, from.id).await, willing(store, into.id).await);
        assert_eq!(after, before);
        assert_eq!(states().await, were);
        assert_eq!(undo(2).await.unwrap_err().code(), "CONFLICT");
        assert_eq!(faults(store).await, [""; 0]);
    }
}

#[tokio::test]
async fn what_a_body_says_after_a_merge_stands_when_it_is_undone() {
    use Willingness::{Follow, Fund, Join, Test};
    for test in TestStore::each().await {
        let store = &test.store;
        let (a, b, c) = (
            body(store, "A").await,
            body(store, "B").await,
            body(store, "C").await,
        );
        let (from, into) = (raised(store, a, "One").await, raised(store, a, "Two").await);
        backed(store, from.id, b, Follow).await.unwrap();
        backed(store, from.id, c, Fund).await.unwrap();
        backed(store, into.id, c, Test).await.unwrap();
        let by = may(Action::MergeProblems);
        let change = seen(&read(store, from.id).await);
        let merged = store
            .write(async |conn| merge::merge(conn, &by, now(), change, into.id).await)
            .await
            .unwrap();
        backed(store, into.id, b, Join).await.unwrap();
        backed(store, into.id, c, Follow).await.unwrap();
        store
            .write(async |conn| merge::undo(conn, &by, now(), merged.id, (1, None)).await)
            .await
            .unwrap();
        let there = willing(store, from.id).await;
        assert_eq!(there, BTreeMap::from([(b, Join), (c, Fund)]));
        assert_eq!(willing(store, into.id).await, BTreeMap::from([(c, Follow)]));
    }
}

#[tokio::test]
async fn merges_end_somewhere_and_are_undone_from_the_last_on() {
    for test in TestStore::each().await {
        let store = &test.store;
        let a = body(store, "A").await;
        let by = may(Action::MergeProblems);
        let [one, two, three] = [
            raised(store, a, "One").await,
            raised(store, a, "Two").await,
            raised(store, a, "Three").await,
        ];
        let merge_into = async |from: &Problem, into: &Problem| {
            let change = seen(&read(store, from.id).await);
            store
                .write(async |conn| merge::merge(conn, &by, now(), change, into.id).await)
                .await
        };
        assert_eq!(
            merge_into(&one, &one).await.unwrap_err().code(),
            "BAD_INPUT"
        );
        let first = merge_into(&one, &two).await.unwrap();
        assert_eq!(merge_into(&two, &one).await.unwrap_err().code(), "CONFLICT");
        let second = merge_into(&two, &three).await.unwrap();
        let undo = async |id| {
            store
                .write(async |conn| merge::undo(conn, &by, now(), id, (1, None)).await)
                .await
        };
        assert_eq!(undo(first.id).await.unwrap_err().code(), "CONFLICT");
        undo(second.id).await.unwrap();
        undo(first.id).await.unwrap();
        assert_eq!(faults(store).await, [""; 0]);
    }
}

#[tokio::test]
async fn a_backing_without_an_answer_is_escalated_once() {
    for test in TestStore::each().await {
        let store = &test.store;
        let (ash, elm, oak) = (
            body(store, "Ash").await,
            body(store, "Elm").await,
            body(store, "Oak").await,
        );
        let row = raised(store, ash, "Bins").await;
        let waits = backed(store, row.id, elm, Willingness::Join).await.unwrap();
        let told = backed(store, row.id, oak, Willingness::Join).await.unwrap();
        let granted = own(ash, Action::AnswerBacking);
        let answer = async |words: &str| {
            store
                .write(async |conn| {
                    let answer = (words, 1);
                    backing::answer(conn, &granted, now(), (row.id, told.id), answer).await
                })
                .await
        };
        assert_eq!(answer("  ").await.unwrap_err().code(), "BAD_INPUT");
        assert!(
            answer("Come on Monday.")
                .await
                .unwrap()
                .answered_at
                .is_some()
        );
        let clock = Viewer::Job("reply-clock")
            .may(Action::KeepClock, About::Sector)
            .unwrap();
        let escalate = async |days| {
            let today = now().date() + TimeDelta::days(days);
            let mut conn = store.read().await.unwrap();
            let due = backing::waiting(&mut conn, today, 100).await.unwrap();
            drop(conn);
            let keys: Vec<_> = due.iter().map(|one| (one.problem_id, one.id)).collect();
            store
                .write(async |conn| backing::escalate(conn, &clock, now(), today, &keys).await)
                .await
                .unwrap()
        };
        assert_eq!(escalate(14).await, 0);
        assert_eq!(escalate(15).await, 1);
        assert_eq!(escalate(16).await, 0);
        let mut conn = store.read().await.unwrap();
        let row = backing::by_key(&mut conn, (row.id, waits.id))
            .await
            .unwrap();
        assert!(row.escalated_at.is_some());
        let notices = crate::notice::of(&mut conn, None, 10).await.unwrap();
        assert_eq!(notices.len(), 1);
        assert_eq!(notices[0].about_id, elm);
    }
}
