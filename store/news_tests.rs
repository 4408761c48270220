//! News, subscriptions and digests on both engines.

use crate::news::{self, between, newest};
use crate::sample::{add_standard, may, seal};
use crate::sample_people::{admitted, as_person, body};
use crate::subscription::{self, Subscription};
use crate::testing::TestStore;
use crate::{Store, activity, digest, fresh, now, person};
use chrono::{Days, TimeDelta};
use domain::Result;
use domain::id::{OrganisationId, PersonId};
use domain::policy::Action;
use domain::subscription::{Every, Followed, FollowedKind};

fn standard_of(id: impl Into<uuid::Uuid>) -> Followed {
    Followed {
        kind: FollowedKind::Standard,
        id: id.into(),
    }
}

fn body_of(id: OrganisationId) -> Followed {
    Followed {
        kind: FollowedKind::Organisation,
        id: id.0,
    }
}

async fn follow(store: &Store, person: PersonId, thing: Followed) -> Result<Subscription> {
    let granted = as_person(person, Action::Subscribe);
    store
        .write(async |conn| subscription::subscribe(conn, &granted, now(), person, thing).await)
        .await
}

async fn choose(store: &Store, person: PersonId, every: Every) -> digest::Digest {
    let granted = as_person(person, Action::Subscribe);
    store
        .write(async |conn| digest::choose(conn, &granted, now(), person, every).await)
        .await
        .unwrap()
}

#[tokio::test]
async fn news_of_a_thing_are_its_sealed_public_changes_in_words() {
    for test in TestStore::each().await {
        let store = &test.store;
        let ash = body(store, "Ash").await;
        let bins = store
            .write(async |conn| add_standard(conn, "bins").await)
            .await
            .unwrap();
        let other = store
            .write(async |conn| add_standard(conn, "other").await)
            .await
            .unwrap();
        let adopted = crate::sample::adopted(bins, ash, domain::adoption::Standing::Claimed);
        store
            .write(async |conn| {
                let granted = may(Action::RecordAdoption);
                let events = [adopted.clone()];
                crate::adoption::record_all(conn, &granted, now(), &events).await
            })
            .await
            .unwrap();
        let ann = admitted(store, "ann").await;
        follow(store, ann.id, standard_of(bins.0)).await.unwrap();
        let mut conn = store.read().await.unwrap();
        assert!(
            newest(&mut conn, standard_of(bins.0), 50)
                .await
                .unwrap()
                .is_empty()
        );
        drop(conn);
        seal(store).await;

        let mut conn = store.read().await.unwrap();
        let of_bins = newest(&mut conn, standard_of(bins.0), 50).await.unwrap();
        assert_eq!(
            of_bins[0].sentence,
            "Ash adopted “BINS” (claimed, not confirmed)."
        );
        assert!(
            of_bins
                .iter()
                .any(|one| one.sentence == "The standard “BINS” was added.")
        );
        assert!(of_bins.iter().all(|one| !one.sentence.contains("OTHER")));
        assert_eq!(of_bins[0].about.as_ref().unwrap().path(), "/standards/bins");
        let of_ash = newest(&mut conn, body_of(ash), 50).await.unwrap();
        assert_eq!(of_ash[0].sentence, of_bins[0].sentence);

        let to = activity::newest(&mut conn).await.unwrap();
        let all = between(&mut conn, None, (0, to), 1_000).await.unwrap();
        let private = ["person", "subscription", "digest"];
        assert!(
            all.iter()
                .all(|one| !private.contains(&one.recorded.change.change().thing_kind.as_str()))
        );
        let places: Vec<i64> = all.iter().map(|one| one.recorded.sequence).collect();
        assert!(places.is_sorted());
        let two = [standard_of(bins.0), body_of(ash)];
        let some = between(&mut conn, Some(&two), (0, to), 1_000)
            .await
            .unwrap();
        assert!(some.len() < all.len() && some.len() >= of_bins.len());
        let count = news::count(&mut conn, &two, (0, to)).await.unwrap();
        assert_eq!(count, some.len() as i64);
        assert!(
            between(&mut conn, Some(&[]), (0, to), 9)
                .await
                .unwrap()
                .is_empty()
        );
        let found = news::at(&mut conn, FollowedKind::Standard, "other")
            .await
            .unwrap();
        assert_eq!(found.unwrap().followed, standard_of(other.0));
    }
}

#[tokio::test]
async fn the_statements_of_news_do_not_grow_with_them() {
    for test in TestStore::each().await {
        let store = &test.store;
        let mut counted = Vec::new();
        for round in 0..2 {
            for n in 0..=(round * 9) {
                let name = format!("bins-{round}-{n}");
                store
                    .write(async |conn| add_standard(conn, &name).await)
                    .await
                    .unwrap();
            }
            seal(store).await;
            let mut conn = store.read().await.unwrap();
            let to = activity::newest(&mut conn).await.unwrap();
            let before = store.statements().count();
            between(&mut conn, None, (0, to), 1_000).await.unwrap();
            counted.push(store.statements().count() - before);
        }
        assert_eq!(counted[0], counted[1]);
    }
}

#[tokio::test]
async fn a_thing_is_followed_once_and_given_up_by_its_follower_alone() {
    for test in TestStore::each().await {
        let store = &test.store;
        let ash = body(store, "Ash").await;
        let (ann, bob) = (
            admitted(store, "ann").await.id,
            admitted(store, "bob").await.id,
        );
        let first = follow(store, ann, body_of(ash)).await.unwrap();
        assert_eq!(follow(store, ann, body_of(ash)).await.unwrap(), first);
        let nothing = follow(store, ann, standard_of(fresh::<uuid::Uuid>())).await;
        assert_eq!(nothing.unwrap_err().code(), "NOT_FOUND");
        let leave = async |person| {
            let granted = as_person(person, Action::Subscribe);
            store
                .write(async |conn| {
                    subscription::unsubscribe(conn, &granted, now(), person, first.id).await
                })
                .await
        };
        assert_eq!(leave(bob).await.unwrap_err().code(), "NOT_FOUND");
        leave(ann).await.unwrap();
        assert_eq!(leave(ann).await.unwrap_err().code(), "NOT_FOUND");
        let mut conn = store.read().await.unwrap();
        assert!(
            subscription::of_person(&mut conn, ann)
                .await
                .unwrap()
                .is_empty()
        );
        // Who followed something is told every week until they choose otherwise.
        let told = digest::of_person(&mut conn, ann).await.unwrap().unwrap();
        assert_eq!(told.every, Every::Week);
    }
}

#[tokio::test]
async fn a_digest_is_claimed_once_and_again_when_its_mail_is_lost() {
    for test in TestStore::each().await {
        let store = &test.store;
        let ash = body(store, "Ash").await;
        seal(store).await;
        let ann = admitted(store, "ann").await.id;
        choose(store, ann, Every::Day).await;
        follow(store, ann, body_of(ash)).await.unwrap();
        seal(store).await;
        let tomorrow = now() + Days::new(1);
        let due = async |at| {
            let mut conn = store.read().await.unwrap();
            digest::due(&mut conn, at).await.unwrap()
        };
        assert_eq!(due(now()).await.len(), 0);
        let found = due(tomorrow).await;
        assert_eq!(
            (found.len(), found[0].1.as_str()),
            (1, "ann@council.gov.uk")
        );
        let row = &found[0].0;
        let claim = async |at| {
            store
                .write(async |conn| digest::claim(conn, row, at).await)
                .await
                .unwrap()
        };
        let first = claim(tomorrow).await.unwrap();
        assert!(first.from < first.to);
        assert_eq!(claim(tomorrow).await, None);
        // While it is under way nobody else takes it; once it is lost, from where it told before.
        assert_eq!(due(tomorrow + TimeDelta::minutes(14)).await.len(), 0);
        let lost = due(tomorrow + TimeDelta::minutes(15)).await;
        let again = store
            .write(async |conn| {
                digest::claim(conn, &lost[0].0, tomorrow + TimeDelta::minutes(15)).await
            })
            .await
            .unwrap()
            .unwrap();
        assert_eq!((again.from, again.to), (first.from, first.to));
        // The former claim has nothing to end any more; the new one has.
        let end = async |one: &digest::Claim| {
            store
                .write(async |conn| digest::end(conn, one, Some(tomorrow)).await)
                .await
                .unwrap();
            let mut conn = store.read().await.unwrap();
            digest::of_person(&mut conn, ann).await.unwrap().unwrap()
        };
        assert!(end(&first).await.claimed_from.is_some());
        let ended = end(&again).await;
        assert_eq!((ended.claimed_from, ended.sent_at), (None, Some(tomorrow)));
        assert_eq!(ended.told_to, first.to);
        assert_eq!(due(tomorrow + TimeDelta::hours(1)).await.len(), 0);
    }
}

#[tokio::test]
async fn a_link_ends_the_digest_of_whom_it_was_sent_to() {
    for test in TestStore::each().await {
        let store = &test.store;
        let ann = admitted(store, "ann").await.id;
        choose(store, ann, Every::Day).await;
        let end = async |hash: &str| {
            store
                .write(async |conn| digest::end_by_link(conn, hash, now()).await)
                .await
                .unwrap()
        };
        assert!(!end("h").await);
        store
            .write(async |conn| digest::add_link(conn, ann, "h", now()).await)
            .await
            .unwrap();
        // It may be followed twice.
        assert!(end("h").await && end("h").await);
        let mut conn = store.read().await.unwrap();
        let told = digest::of_person(&mut conn, ann).await.unwrap().unwrap();
        assert_eq!((told.every, told.version), (Every::Never, 2));
    }
}

#[tokio::test]
async fn what_a_person_follows_is_exported_and_forgotten_with_them() {
    for test in TestStore::each().await {
        let store = &test.store;
        let ash = body(store, "Ash").await;
        let ann = admitted(store, "ann").await.id;
        follow(store, ann, body_of(ash)).await.unwrap();
        store
            .write(async |conn| digest::add_link(conn, ann, "h", now()).await)
            .await
            .unwrap();
        let mut conn = store.read().await.unwrap();
        let kept = person::export(&mut conn, ann).await.unwrap();
        assert_eq!(kept["subscriptions"][0]["thing_id"], ash.to_string());
        assert_eq!(kept["digest"]["every"], "WEEK");
        assert_eq!(kept["digest"]["links_made_at"].as_array().unwrap().len(), 1);
        drop(conn);
        let granted = as_person(ann, Action::ErasePerson);
        store
            .write(async |conn| person::erase(conn, &granted, now(), ann).await)
            .await
            .unwrap();
        let mut conn = store.read().await.unwrap();
        assert!(
            subscription::of_person(&mut conn, ann)
                .await
                .unwrap()
                .is_empty()
        );
        assert_eq!(digest::of_person(&mut conn, ann).await.unwrap(), None);
        assert_eq!(digest::of_link(&mut conn, "h").await.unwrap(), None);
    }
}
