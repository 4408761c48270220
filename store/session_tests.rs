//! What must hold of people who sign in, of their sessions, and of contacts.

use crate::contact::{self, ContactFacts};
use crate::sample::{changes, may};
use crate::sample_people::{admitted, as_person, body, member, outcome, viewer};
use crate::testing::TestStore;
use crate::{Store, change, now, person, refusal, session};
use chrono::{NaiveDateTime, TimeDelta};
use domain::Result;
use domain::id::{PersonId, SessionId};
use domain::policy::{About, Action, Role, Viewer};
use domain::session::{ABSOLUTE, GRACE, IDLE, ROTATE};
use futures_util::future::join_all;

const AT_ONCE: usize = 8;

async fn begin(store: &Store, person: PersonId, hash: &str, at: NaiveDateTime) -> SessionId {
    let granted = may(Action::AdmitPerson);
    store
        .write(async |conn| session::begin(conn, &granted, at, person, hash).await)
        .await
        .unwrap()
}

async fn find(store: &Store, hash: &str, at: NaiveDateTime) -> Result<session::Found> {
    let mut conn = store.read().await?;
    session::find(&mut conn, hash, at).await
}

#[tokio::test]
async fn somebody_who_signs_in_many_times_at_once_is_one_person() {
    for test in TestStore::each().await {
        let store = &test.store;
        let all = join_all((0..AT_ONCE).map(|_| admitted(store, "ann"))).await;
        assert!(all.iter().all(|one| one.id == all[0].id));
        assert_eq!(changes(store).await, 1);
        // Another name with the same issuer is another person; so is the same name with another issuer.
        let other = admitted(store, "bob").await;
        assert_ne!(other.id, all[0].id);
        let mut conn = store.read().await.unwrap();
        let today = now().date();
        let known =
            person::viewer_of_subject(&mut conn, "https://id.example", "subject-of-ann", today);
        assert_eq!(known.await.unwrap().person(), Some(all[0].id));
        let unknown =
            person::viewer_of_subject(&mut conn, "https://other.example", "subject-of-ann", today);
        assert_eq!(unknown.await.unwrap_err().code(), "UNAUTHENTICATED");
    }
}

#[tokio::test]
async fn details_follow_the_provider_and_the_record_has_digests_of_them() {
    for test in TestStore::each().await {
        let store = &test.store;
        let ann = admitted(store, "ann").await;
        admitted(store, "ann").await;
        assert_eq!(changes(store).await, 1);
        let moved = person::Vouched {
            issuer: "https://id.example",
            subject: "subject-of-ann",
            email: Some("ann@arun.gov.uk".to_owned()),
            name: None,
        };
        let now_is = store
            .write(async |conn| person::admit(conn, &may(Action::AdmitPerson), now(), &moved).await)
            .await
            .unwrap();
        assert_eq!((now_is.id, now_is.version), (ann.id, 2));
        let mut conn = store.read().await.unwrap();
        let found = person::by_email(&mut conn, "ann@arun.gov.uk")
            .await
            .unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].name, None);
        assert_eq!(
            person::by_email(&mut conn, "ann@council.gov.uk")
                .await
                .unwrap()
                .len(),
            0
        );
        let rows = change::after(&mut conn, None, 10).await.unwrap();
        let last = rows.last().unwrap().change();
        assert_eq!(
            (last.thing_kind.as_str(), last.actor.as_str()),
            ("person", "sign-in")
        );
        let after: serde_json::Value = serde_json::from_str(&last.after.unwrap()).unwrap();
        let salt = found[0].salt.as_deref().unwrap();
        let digest = domain::person::digest(salt, "email", "ann@arun.gov.uk");
        assert_eq!(after["email"], digest);
        assert_eq!(after["name"], serde_json::Value::Null);
        assert_eq!(after.get("salt"), None);
    }
}

#[tokio::test]
async fn a_session_is_found_by_its_secret_in_two_statements() {
    for test in TestStore::each().await {
        let store = &test.store;
        let council = body(store, "Adur").await;
        let (ann, _) = member(store, "ann", Some(council), Role::Editor).await;
        let start = now();
        let id = begin(store, ann.id, "a", start).await;
        let mut conn = store.read().await.unwrap();
        let before = store.statements().count();
        let found = session::find(&mut conn, "a", start).await.unwrap();
        assert_eq!(store.statements().count() - before, 2);
        assert_eq!((found.session, found.person.id), (id, ann.id));
        assert_eq!(found.viewer, viewer(store, ann.id).await.unwrap());
        assert!(!found.rotate && !found.touch);
        assert_eq!(
            find(store, "b", start).await.unwrap_err().code(),
            "UNAUTHENTICATED"
        );
    }
}

#[tokio::test]
async fn of_changes_of_a_secret_at_once_one_counts_and_the_former_holds_a_little_longer() {
    for test in TestStore::each().await {
        let store = &test.store;
        let ann = admitted(store, "ann").await;
        let start = now();
        let id = begin(store, ann.id, "old", start).await;
        let at = start + ROTATE;
        assert!(find(store, "old", at).await.unwrap().rotate);
        let hashes: Vec<String> = (0..AT_ONCE).map(|n| format!("new{n}")).collect();
        let all = join_all(hashes.iter().map(async |hash| {
            store
                .write(async |conn| session::rotate(conn, id, at, "old", hash).await)
                .await
                .unwrap()
        }))
        .await;
        assert_eq!(all.iter().filter(|rotated| **rotated).count(), 1);
        let new = &hashes[all.iter().position(|rotated| *rotated).unwrap()];
        let former = find(store, "old", at + GRACE - TimeDelta::microseconds(1)).await;
        assert!(!former.unwrap().rotate);
        assert!(find(store, "old", at + GRACE).await.is_err());
        assert!(!find(store, new, at + GRACE).await.unwrap().rotate);
        // Signing out by the former secret ends the session all the same.
        store
            .write(async |conn| session::end(conn, "old").await)
            .await
            .unwrap();
        assert!(find(store, new, at).await.is_err());
    }
}

#[tokio::test]
async fn sessions_that_are_over_are_forgotten_when_others_begin() {
    for test in TestStore::each().await {
        let store = &test.store;
        let ann = admitted(store, "ann").await;
        let start = now();
        let before = changes(store).await;
        begin(store, ann.id, "idle", start).await;
        let id = begin(store, ann.id, "used", start).await;
        for minutes in [50, 100] {
            let at = start + TimeDelta::minutes(minutes);
            assert!(find(store, "used", at).await.unwrap().touch);
            store
                .write(async |conn| session::touch(conn, id, at).await)
                .await
                .unwrap();
        }
        let late = start + TimeDelta::minutes(100);
        assert!(find(store, "idle", late).await.is_err());
        let rows = async || {
            let mut conn = store.read().await.unwrap();
            let export = person::export(&mut conn, ann.id).await.unwrap();
            export["sessions"].as_array().unwrap().len()
        };
        assert_eq!(rows().await, 2);
        begin(store, ann.id, "next", late).await;
        assert_eq!(rows().await, 2);
        begin(store, ann.id, "last", start + ABSOLUTE).await;
        assert_eq!(rows().await, 1);
        assert!(find(store, "last", start + ABSOLUTE + IDLE).await.is_err());
        store
            .write(async |conn| session::end_all(conn, ann.id).await)
            .await
            .unwrap();
        assert!(find(store, "last", start + ABSOLUTE).await.is_err());
        assert_eq!(changes(store).await, before);
    }
}

#[tokio::test]
async fn a_contact_is_said_once_and_changed_at_the_version_that_was_read() {
    for test in TestStore::each().await {
        let store = &test.store;
        let council = body(store, "Adur").await;
        let (ann, _) = member(store, "ann", Some(council), Role::Editor).await;
        let granted = viewer(store, ann.id)
            .await
            .unwrap()
            .may(Action::KeepContact, About::Organisation(council))
            .unwrap();
        let save = async |expected, email: &str| {
            let facts = ContactFacts {
                name: Some(" Ann Lee ".to_owned()),
                email: Some(email.to_owned()),
                phone: Some(" ".to_owned()),
            };
            store
                .write(async |conn| {
                    contact::save(conn, &granted, now(), council, expected, &facts).await
                })
                .await
        };
        assert_eq!(
            save(Some(1), "a@x.uk").await.unwrap_err().code(),
            "NOT_FOUND"
        );
        assert_eq!(save(None, "nowhere").await.unwrap_err().code(), "BAD_INPUT");
        for (expected, version) in [(None, 1), (Some(1), 2)] {
            let emails: Vec<String> = (0..AT_ONCE)
                .map(|n| format!("A{n}@v{version}.uk"))
                .collect();
            let all = join_all(emails.iter().map(|email| save(expected, email))).await;
            for lost in all.iter().filter_map(|one| one.as_ref().err()) {
                assert!(
                    lost.to_string().contains(&format!("version {version}")),
                    "{lost}"
                );
            }
            assert_eq!(outcome(all), (1, vec!["CONFLICT"; AT_ONCE - 1]));
        }
        let before = changes(store).await;
        let mut conn = store.read().await.unwrap();
        let kept = contact::get(&mut conn, &[council])
            .await
            .unwrap()
            .pop()
            .unwrap();
        let same = save(Some(2), kept.email.as_deref().unwrap()).await.unwrap();
        assert_eq!(same.version, 2);
        assert_eq!(changes(store).await, before);
        assert_eq!(kept.name.as_deref(), Some("Ann Lee"));
        assert_eq!(kept.phone, None);
        let rows = change::after(&mut conn, None, 100).await.unwrap();
        let record = format!("{rows:?}").to_lowercase();
        assert!(
            !record.contains("ann lee") && !record.contains(".uk"),
            "{record}"
        );
        assert!(record.contains("sha256:"));
        let elsewhere = body(store, "Arun").await;
        let other = store
            .write(async |conn| {
                contact::save(
                    conn,
                    &granted,
                    now(),
                    elsewhere,
                    None,
                    &ContactFacts::default(),
                )
                .await
            })
            .await;
        assert_eq!(other.unwrap_err().code(), "INTERNAL");
    }
}

#[tokio::test]
async fn refusals_are_read_a_page_at_a_time_from_either_end() {
    for test in TestStore::each().await {
        let store = &test.store;
        for place in 0..5 {
            let action = format!("act {place}");
            store
                .write(async |conn| {
                    refusal::keep(conn, now(), "anonymous", &action, "FORBIDDEN").await
                })
                .await
                .unwrap();
        }
        let mut conn = store.read().await.unwrap();
        let mut page = crate::page::Page::first(2);
        let names = |rows: &crate::page::Rows<refusal::Refusal>| -> Vec<String> {
            rows.rows.iter().map(|row| row.action.clone()).collect()
        };
        let cursor = |row: &refusal::Refusal| crate::page::Cursor {
            key: String::new(),
            id: row.id.to_string(),
        };
        let first = refusal::page(&mut conn, &page).await.unwrap();
        assert_eq!(
            (names(&first), first.more),
            (vec!["act 4".into(), "act 3".into()], true)
        );
        page.after = Some(cursor(&first.rows[1]));
        page.limit = 3;
        let rest = refusal::page(&mut conn, &page).await.unwrap();
        assert_eq!(names(&rest), ["act 2", "act 1", "act 0"]);
        assert!(!rest.more);
        let back = crate::page::Page {
            limit: 2,
            from_end: true,
            after: None,
            before: Some(cursor(&rest.rows[2])),
        };
        let back = refusal::page(&mut conn, &back).await.unwrap();
        assert_eq!(
            (names(&back), back.more),
            (vec!["act 2".into(), "act 1".into()], true)
        );
    }
}

#[tokio::test]
async fn who_is_not_known_is_no_viewer() {
    for test in TestStore::each().await {
        let nobody: PersonId = crate::fresh();
        let refused = viewer(&test.store, nobody).await.unwrap_err();
        assert_eq!(refused.code(), "UNAUTHENTICATED");
        let granted = as_person(nobody, Action::AnswerInvitation);
        assert_eq!(granted.person(), Some(nobody));
        let ann = admitted(&test.store, "ann").await;
        let seen = viewer(&test.store, ann.id).await.unwrap();
        assert_eq!(
            seen,
            Viewer::Person {
                id: ann.id,
                memberships: vec![]
            }
        );
    }
}
