//! What must hold of status updates, and of how a project stood on a day.

use crate::participation::leave;
use crate::project_sample::{answered, invited, moved, own, signatory, started};
use crate::sample::{changes, day};
use crate::sample_people::{body, outcome};
use crate::status::{self, NewStatus};
use crate::status_sample::{instead_of, post, post_at, row, says};
use crate::testing::TestStore;
use crate::{Store, now, state};
use chrono::{Days, NaiveDateTime, TimeDelta};
use domain::id::ProjectId;
use domain::participation::ParticipationRole;
use domain::policy::{About, Action};
use domain::project::Phase;
use domain::status::{Draft, Rag};
use futures_util::future::join_all;

fn unchanged() -> NewStatus {
    NewStatus {
        draft: Draft {
            unchanged: true,
            ..Draft::default()
        },
        ..NewStatus::default()
    }
}

async fn headlines(store: &Store, project: ProjectId) -> Vec<String> {
    let mut conn = store.read().await.unwrap();
    let page = crate::page::Page::first(50);
    let rows = status::page(&mut conn, project, &page).await.unwrap().rows;
    rows.into_iter().map(|row| row.headline).collect()
}

async fn stood(conn: &mut crate::Conn, project: ProjectId, day: chrono::NaiveDate) -> state::Stood {
    let mut all = state::on(conn, &[project], day).await.unwrap();
    all.remove(&project).unwrap()
}

#[tokio::test]
async fn an_update_is_filled_up_from_the_last_and_kept_on_the_project() {
    for test in TestStore::each().await {
        let store = &test.store;
        let ash = body(store, "Ash").await;
        let project = started(store, ash, "Register", &[]).await;
        let missing = post(store, ash, project.id, &unchanged()).await;
        assert_eq!(missing.unwrap_err().code(), "BAD_INPUT");
        assert_eq!(row(store, project.id).await.status_id, None);

        let before = changes(store).await;
        let first = post(store, ash, project.id, &says(Rag::Amber, "Begun"))
            .await
            .unwrap();
        assert_eq!(changes(store).await, before + 1);
        let same = post(store, ash, project.id, &unchanged()).await.unwrap();
        assert_eq!(same.colours(), first.colours());
        assert_eq!((same.headline.as_str(), same.unchanged), ("Begun", true));
        assert_eq!(same.organisation_id, Some(ash));
        let kept = row(store, project.id).await;
        assert_eq!(
            (kept.status_id, kept.status_at),
            (Some(same.id), Some(same.posted_at))
        );
        assert_eq!(kept.version, project.version);
        let mut conn = store.read().await.unwrap();
        let latest = status::latest(&mut conn, &[project.id]).await.unwrap();
        assert_eq!(latest[&project.id], same);
    }
}

#[tokio::test]
async fn an_update_is_put_right_by_a_newer_one_and_stays_readable() {
    for test in TestStore::each().await {
        let store = &test.store;
        let ash = body(store, "Ash").await;
        let project = started(store, ash, "Register", &[]).await.id;
        let other = started(store, ash, "Other", &[]).await.id;
        let one = post(store, ash, project, &says(Rag::Green, "One"))
            .await
            .unwrap();
        let two = post(store, ash, project, &says(Rag::Green, "Two"))
            .await
            .unwrap();
        // In place of the newest: it is the newest.
        let two_b = post(store, ash, project, &instead_of(two.id, Rag::Red, "Two b"))
            .await
            .unwrap();
        assert_eq!(two_b.stands_at, two.posted_at);
        assert_eq!(row(store, project).await.status_id, Some(two_b.id));
        // In place of an older one: the newest stays.
        let one_b = post(
            store,
            ash,
            project,
            &instead_of(one.id, Rag::Amber, "One b"),
        )
        .await
        .unwrap();
        assert_eq!(row(store, project).await.status_id, Some(two_b.id));
        for (place, of, code) in [
            (one.id, project, "CONFLICT"),
            (two.id, project, "CONFLICT"),
            (one_b.id, other, "NOT_FOUND"),
        ] {
            let again = post(store, ash, of, &instead_of(place, Rag::Red, "Again")).await;
            assert_eq!(again.unwrap_err().code(), code);
        }
        assert_eq!(
            headlines(store, project).await,
            ["One b", "Two b", "Two", "One"]
        );
        let mut conn = store.read().await.unwrap();
        let keys = [one.key(), two.key(), one_b.key(), two_b.key()];
        let corrected = status::corrections(&mut conn, &keys).await.unwrap();
        assert_eq!(corrected.len(), 2);
        assert_eq!(corrected[&one.key()], one_b.id);
        assert_eq!(status::by_keys(&mut conn, &keys).await.unwrap().len(), 4);
        let epoch = NaiveDateTime::default();
        let standing = status::standing(&mut conn, &[project], epoch)
            .await
            .unwrap();
        let standing: Vec<_> = standing.into_iter().map(|row| row.headline).collect();
        assert_eq!(standing, ["One b", "Two b"]);
        drop(conn);
        // What follows comes after what was put right, and is filled up from it.
        let next = post(store, ash, project, &unchanged()).await.unwrap();
        assert_eq!((next.headline.as_str(), next.delivery), ("Two b", Rag::Red));
    }
}

#[tokio::test]
async fn who_does_not_work_on_it_posts_nothing_and_what_is_over_takes_nothing_new() {
    for test in TestStore::each().await {
        let store = &test.store;
        let (ash, birch) = (body(store, "Ash").await, body(store, "Birch").await);
        let project = started(store, ash, "Register", &[]).await;
        let refused = post(store, birch, project.id, &says(Rag::Green, "Hello")).await;
        assert_eq!(refused.unwrap_err().code(), "FORBIDDEN");
        // A right in one project is none in another.
        let elsewhere = own(ash, Action::OfferHelp);
        let wrong = store
            .write(async |conn| {
                status::post(conn, &elsewhere, now(), &project, &says(Rag::Green, "x")).await
            })
            .await;
        assert_eq!(wrong.unwrap_err().code(), "INTERNAL");

        let first = post(store, ash, project.id, &says(Rag::Green, "One"))
            .await
            .unwrap();
        moved(store, project.id, Phase::Stopped, Some("No money"))
            .await
            .unwrap();
        let late = post(store, ash, project.id, &says(Rag::Green, "Two")).await;
        assert_eq!(late.unwrap_err().code(), "CONFLICT");
        let mended = instead_of(first.id, Rag::Red, "It was not so");
        assert!(post(store, ash, project.id, &mended).await.is_ok());
        let unknown = store
            .write(async |conn| status::locked(conn, None, "nowhere").await)
            .await;
        assert_eq!(unknown.unwrap_err().code(), "NOT_FOUND");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn updates_posted_at_once_all_stand_and_the_project_has_the_last() {
    for test in TestStore::each().await {
        let store = &test.store;
        let ash = body(store, "Ash").await;
        let project = started(store, ash, "Register", &[]).await.id;
        post(store, ash, project, &says(Rag::Green, "0"))
            .await
            .unwrap();
        let (at, names) = (now(), ["1", "2", "3", "4", "5", "6"]);
        let posting = names.map(|name| {
            let new = says(Rag::Green, name);
            async move { post_at(store, at, ash, project, &new).await }
        });
        let (written, codes) = outcome(join_all(posting).await);
        assert_eq!((written, codes.len()), (6, 0));
        let mut conn = store.read().await.unwrap();
        let all = status::standing(&mut conn, &[project], NaiveDateTime::default())
            .await
            .unwrap();
        assert_eq!(all.len(), 7);
        assert!(
            all.windows(2)
                .all(|two| two[0].posted_at < two[1].posted_at)
        );
        assert_eq!(
            row(store, project).await.status_id,
            all.last().map(|row| row.id)
        );
    }
}

#[tokio::test]
async fn a_project_is_shown_as_it_stood_when_a_day_ended() {
    for test in TestStore::each().await {
        let store = &test.store;
        let (ash, birch, cedar) = (
            body(store, "Ash").await,
            body(store, "Birch").await,
            body(store, "Cedar").await,
        );
        let project = started(store, ash, "Register", &[]).await;
        let part = invited(store, &project, birch, ParticipationRole::Tester)
            .await
            .unwrap();
        let part = answered(store, &part, true).await.unwrap();
        invited(store, &project, cedar, ParticipationRole::Funder)
            .await
            .unwrap();
        let today = now().date();
        let at = |days: u64, hour: i64| {
            (today + Days::new(days)).and_time(chrono::NaiveTime::MIN) + TimeDelta::hours(hour)
        };
        let one = post_at(store, at(1, 23), ash, project.id, &says(Rag::Red, "One"))
            .await
            .unwrap();
        let two = post_at(store, at(3, 0), ash, project.id, &says(Rag::Green, "Two"))
            .await
            .unwrap();
        let mend = instead_of(two.id, Rag::Amber, "Two b");
        let two_b = post_at(store, at(5, 12), ash, project.id, &mend)
            .await
            .unwrap();
        let old = instead_of(one.id, Rag::Amber, "One b");
        let one_b = post_at(store, at(6, 12), ash, project.id, &old)
            .await
            .unwrap();
        store
            .write(async |conn| {
                leave(
                    conn,
                    &own(birch, Action::TakePart),
                    at(4, 12),
                    (project.id, part.id),
                    "Enough",
                    None,
                )
                .await
            })
            .await
            .unwrap();
        let mut conn = store.read().await.unwrap();
        let mut on = async |days: u64| stood(&mut conn, project.id, today + Days::new(days)).await;
        for (days, status, participants) in [
            (0, None, 2),
            (1, Some(one.id), 2),
            (2, Some(one.id), 2),
            (3, Some(two.id), 2),
            (4, Some(two.id), 1),
            (5, Some(two_b.id), 1),
            // What put right an older update is not the newest.
            (6, Some(two_b.id), 1),
            (400, Some(two_b.id), 1),
        ] {
            let stood = on(days).await;
            assert_eq!(stood.status.map(|row| row.id), status, "after {days} days");
            assert_eq!(stood.participants.len(), participants, "after {days} days");
            assert_eq!(stood.state.phase, Some(Phase::Discovery));
        }
        let difference = on(1).await.state.to(&on(6).await.state);
        assert_eq!(difference.left, [birch]);
        assert_eq!(
            difference.colours,
            [("delivery", Some(Rag::Red), Some(Rag::Amber))]
        );
        let before = stood(&mut conn, project.id, day("2001-01-01")).await;
        assert_eq!(before.state, domain::state::State::default());
        assert_eq!(one_b.stands_at, one.posted_at);
        assert!(
            signatory(ash)
                .may(Action::PostStatus, About::Sector)
                .is_err()
        );
    }
}
