//! What must hold of memberships: one winner at once, who is told, and what ends with them.

use crate::notice::Notice;
use crate::sample::{adopted, changes, may};
use crate::sample_people::{
    as_person, body, managing, member, outcome, token_of, token_viewer, viewer,
};
use crate::testing::TestStore;
use crate::{adoption, change, membership, notice, now, organisation, token};
use chrono::Days;
use domain::Error;
use domain::adoption::Standing;
use domain::id::OrganisationId;
use domain::notice::NoticeKind;
use domain::policy::{About, Action, Held, Role, Viewer};
use futures_util::future::join_all;

const AT_ONCE: usize = 8;

/// Every notice to the body and to the unit, as (to the body, what).
async fn told(test: &TestStore, body: OrganisationId) -> Vec<(bool, NoticeKind)> {
    let mut conn = test.store.read().await.unwrap();
    let mut all: Vec<Notice> = notice::of(&mut conn, Some(body), 100).await.unwrap();
    all.extend(notice::of(&mut conn, None, 100).await.unwrap());
    assert!(all.iter().all(|one| one.about_id == body));
    all.iter()
        .map(|one| (one.organisation_id.is_some(), one.kind))
        .collect()
}

#[tokio::test]
async fn of_changes_at_once_to_one_membership_one_counts_and_the_others_hear_the_version() {
    for test in TestStore::each().await {
        let store = &test.store;
        let council = body(store, "Adur").await;
        let (lead, _) = member(store, "ann", Some(council), Role::Lead).await;
        let (admin, _) = member(store, "una", None, Role::Admin).await;
        for (home, from, to) in [
            (Some(council), Role::Editor, Role::Signatory),
            (None, Role::Analyst, Role::Admin),
        ] {
            let keeper = if home.is_some() { &lead } else { &admin };
            let (_, one) = member(store, &format!("one{from}"), home, from).await;
            let granted = managing(store, keeper, home).await;
            let before = changes(store).await;
            let all = join_all((0..AT_ONCE).map(async |place| {
                store
                    .write(async |conn| match place % 2 {
                        0 => membership::change_role(conn, &granted, now(), one.id, 1, to).await,
                        _ => membership::end(conn, &granted, now(), one.id, 1).await,
                    })
                    .await
            }))
            .await;
            for lost in all.iter().filter_map(|one| one.as_ref().err()) {
                assert!(matches!(lost, Error::Stale { current: 2 }), "{lost:?}");
                assert!(lost.to_string().contains("version 2"), "{lost}");
            }
            let (won, codes) = outcome(all);
            assert_eq!((won, codes), (1, vec!["CONFLICT"; AT_ONCE - 1]));
            assert_eq!(changes(store).await, before + 1);
            let mut conn = store.read().await.unwrap();
            let row = membership::by_id(&mut conn, one.id).await.unwrap();
            assert_eq!(row.version, 2);
        }
    }
}

#[tokio::test]
async fn the_last_editor_s_leaving_is_told_once_and_claims_stay() {
    for test in TestStore::each().await {
        let store = &test.store;
        let council = body(store, "Adur").await;
        let (lead, lead_s) = member(store, "ann", Some(council), Role::Lead).await;
        let mut editors = Vec::new();
        for place in 0..AT_ONCE {
            let role = if place % 2 == 0 {
                Role::Editor
            } else {
                Role::Signatory
            };
            editors.push(member(store, &format!("ed{place}"), Some(council), role).await);
        }
        let recording = viewer(store, editors[0].0.id)
            .await
            .unwrap()
            .may(Action::RecordAdoption, About::Organisation(council))
            .unwrap();
        let event = store
            .write(async |conn| {
                let standard = crate::sample::add_standard(conn, "s").await?;
                let event = adopted(standard, council, Standing::Confirmed);
                let ids = adoption::record_all(conn, &recording, now(), &[event]).await?;
                Ok((standard, ids[0].unwrap()))
            })
            .await
            .unwrap();
        let leave = async |place: usize| {
            let (person, membership) = &editors[place];
            let granted = as_person(person.id, Action::Leave);
            store
                .write(async |conn| membership::end(conn, &granted, now(), membership.id, 1).await)
                .await
        };
        leave(0).await.unwrap();
        assert_eq!(told(&test, council).await, vec![]);
        for left in join_all((1..AT_ONCE).map(leave)).await {
            assert_eq!(left.unwrap().to_on, Some(now().date()));
        }
        let no_editor = NoticeKind::NoEditor;
        assert_eq!(
            told(&test, council).await,
            [(true, no_editor), (false, no_editor)]
        );

        let granted = managing(store, &lead, Some(council)).await;
        store
            .write(async |conn| {
                membership::change_role(conn, &granted, now(), lead_s.id, 1, Role::Editor).await
            })
            .await
            .unwrap();
        let unit: Vec<_> = told(&test, council).await.split_off(1);
        assert_eq!(unit, [(false, NoticeKind::NoLead), (false, no_editor)]);

        let mut conn = store.read().await.unwrap();
        let key = (event.0, council, event.1);
        let kept = adoption::by_keys(&mut conn, &[key]).await.unwrap();
        assert_eq!(kept.len(), 1);
        assert_eq!(kept[0].standing, Standing::Confirmed);
        assert_eq!(kept[0].recorded_by, format!("person:{}", editors[0].0.id));
    }
}

#[tokio::test]
async fn who_left_may_do_nothing_more_there_and_who_is_closed_has_nobody_to_act() {
    for test in TestStore::each().await {
        let store = &test.store;
        let council = body(store, "Adur").await;
        let (person, membership) = member(store, "ann", Some(council), Role::Lead).await;
        let held = |role| {
            vec![Held {
                membership: membership.id,
                role,
                organisation: Some(council),
            }]
        };
        let now_viewer = async || match viewer(store, person.id).await.unwrap() {
            Viewer::Person { memberships, .. } => memberships,
            other => panic!("{other:?}"),
        };
        assert_eq!(now_viewer().await, held(Role::Lead));

        let close = async |closed_on| {
            let facts = organisation::Facts {
                closed_on,
                ..crate::sample::council("Adur", None)
            };
            store
                .write(async |conn| {
                    let before = organisation::by_ids(conn, &[council]).await?.pop();
                    let keep = may(Action::KeepRegister);
                    organisation::save(conn, &keep, now(), before.as_ref(), &facts).await
                })
                .await
                .unwrap();
        };
        close(Some(now().date())).await;
        assert_eq!(now_viewer().await, vec![]);
        close(Some(now().date() + Days::new(1))).await;
        assert_eq!(now_viewer().await, held(Role::Lead));

        let leave = as_person(person.id, Action::Leave);
        let end = async || {
            store
                .write(async |conn| membership::end(conn, &leave, now(), membership.id, 2).await)
                .await
        };
        assert!(matches!(end().await, Err(Error::Stale { current: 1 })));
        store
            .write(async |conn| membership::end(conn, &leave, now(), membership.id, 1).await)
            .await
            .unwrap();
        assert_eq!(now_viewer().await, vec![]);
        let again = end().await.unwrap_err();
        assert!(again.to_string().contains("has ended"), "{again}");
        let mut conn = store.read().await.unwrap();
        let there = membership::of_organisation(&mut conn, Some(council), now().date()).await;
        assert_eq!(there.unwrap(), vec![]);
    }
}

#[tokio::test]
async fn tokens_die_with_their_membership_and_with_its_rank() {
    for test in TestStore::each().await {
        let store = &test.store;
        let council = body(store, "Adur").await;
        let (lead, membership) = member(store, "ann", Some(council), Role::Lead).await;
        let (other, _) = member(store, "bob", Some(council), Role::Lead).await;
        let issuer = viewer(store, lead.id).await.unwrap();
        let home = Some(council);
        token_of(store, &issuer, home, Role::Lead, "lead").await;
        token_of(store, &issuer, home, Role::Editor, "editor").await;
        let machine = token_viewer(store, "lead").await.unwrap();
        token_of(store, &machine, home, Role::Signatory, "through").await;
        token_of(store, &Viewer::Operator, home, Role::Lead, "operator").await;

        let granted = managing(store, &other, home).await;
        store
            .write(async |conn| {
                membership::change_role(conn, &granted, now(), membership.id, 1, Role::Editor).await
            })
            .await
            .unwrap();
        let holds = async |hash| token_viewer(store, hash).await.is_ok();
        let mut seen = Vec::new();
        for hash in ["lead", "editor", "through", "operator"] {
            seen.push(holds(hash).await);
        }
        assert_eq!(seen, [false, true, false, true]);

        store
            .write(async |conn| membership::end(conn, &granted, now(), membership.id, 2).await)
            .await
            .unwrap();
        assert!(!holds("editor").await && holds("operator").await);
        let mut conn = store.read().await.unwrap();
        let all = token::of_organisation(&mut conn, home).await.unwrap();
        let names: Vec<_> = all.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["operator", "through", "editor", "lead"]);
        let revoked: Vec<_> = all.iter().map(|one| one.revoked_at.is_some()).collect();
        assert_eq!(revoked, [false, true, true, true]);
        assert_eq!(
            token::of_organisation(&mut conn, None).await.unwrap().len(),
            0
        );
    }
}

#[tokio::test]
async fn a_token_issued_while_its_issuer_is_demoted_holds_no_more_than_the_issuer() {
    for test in TestStore::each().await {
        let store = &test.store;
        let council = body(store, "Adur").await;
        let (lead, membership) = member(store, "ann", Some(council), Role::Lead).await;
        let before = viewer(store, lead.id).await.unwrap();
        let granted = managing(store, &lead, Some(council)).await;
        store
            .write(async |conn| {
                membership::change_role(conn, &granted, now(), membership.id, 1, Role::Editor).await
            })
            .await
            .unwrap();
        // The right was checked before the demotion, the token written after it.
        token_of(store, &before, Some(council), Role::Lead, "late").await;
        assert!(token_viewer(store, "late").await.is_err());
        token_of(store, &before, Some(council), Role::Editor, "low").await;
        assert!(token_viewer(store, "low").await.is_ok());
    }
}

#[tokio::test]
async fn a_token_is_revoked_once_at_the_version_that_was_read() {
    for test in TestStore::each().await {
        let store = &test.store;
        let id = token_of(store, &Viewer::Operator, None, Role::Admin, "t").await;
        let revoke = async |expected| {
            store
                .write(async |conn| {
                    token::revoke(conn, &may(Action::RevokeToken), now(), id, expected).await
                })
                .await
        };
        assert!(matches!(
            revoke(Some(7)).await,
            Err(Error::Stale { current: 1 })
        ));
        let before = changes(store).await;
        let all = join_all((0..AT_ONCE).map(async |_| revoke(None).await)).await;
        let times: Vec<_> = all
            .into_iter()
            .map(|one| one.unwrap().revoked_at.unwrap())
            .collect();
        assert!(times.iter().all(|time| *time == times[0]));
        assert_eq!(changes(store).await, before + 1);
        assert!(matches!(
            revoke(Some(1)).await,
            Err(Error::Stale { current: 2 })
        ));
        assert_eq!(
            token_viewer(store, "t").await.unwrap_err().code(),
            "UNAUTHENTICATED"
        );
    }
}

#[tokio::test]
async fn the_use_of_a_token_is_noted_at_most_once_a_minute_and_not_in_the_record() {
    for test in TestStore::each().await {
        let store = &test.store;
        let id = token_of(store, &Viewer::Operator, None, Role::Admin, "t").await;
        let start = now();
        let before = changes(store).await;
        for (seconds, due, noted) in [(0, true, 0), (59, false, 0), (60, true, 60)] {
            let at = start + chrono::TimeDelta::seconds(seconds);
            let mut conn = store.read().await.unwrap();
            let found = token::find(&mut conn, "t", at).await.unwrap();
            assert_eq!((found.token, found.touch), (id, due), "{seconds}");
            store
                .write(async |conn| token::touch(conn, id, at).await)
                .await
                .unwrap();
            let used = token::by_id(&mut conn, id).await.unwrap().used_at;
            assert_eq!(used, Some(start + chrono::TimeDelta::seconds(noted)));
        }
        assert_eq!(changes(store).await, before);
    }
}

#[tokio::test]
async fn a_grant_about_one_body_or_person_serves_no_other() {
    for test in TestStore::each().await {
        let store = &test.store;
        let (one, other) = (body(store, "Adur").await, body(store, "Arun").await);
        let (lead, _) = member(store, "ann", Some(one), Role::Lead).await;
        let (bob, elsewhere) = member(store, "bob", Some(other), Role::Editor).await;
        let (_, in_unit) = member(store, "una", None, Role::Admin).await;
        let before = changes(store).await;
        let granted = managing(store, &lead, Some(one)).await;
        let leave = as_person(lead.id, Action::Leave);
        for membership in [&elsewhere, &in_unit] {
            for granted in [&granted, &leave] {
                let ended = store
                    .write(async |conn| {
                        membership::end(conn, granted, now(), membership.id, 1).await
                    })
                    .await;
                assert_eq!(ended.unwrap_err().code(), "INTERNAL");
            }
        }
        let unit_s_role = store
            .write(async |conn| {
                let granted = managing(store, &lead, Some(one)).await;
                let row = membership::of_organisation(conn, Some(one), now().date()).await?;
                membership::change_role(conn, &granted, now(), row[0].id, 1, Role::Admin).await
            })
            .await;
        assert_eq!(unit_s_role.unwrap_err().code(), "BAD_INPUT");
        assert_eq!(changes(store).await, before);
        assert!(
            viewer(store, bob.id)
                .await
                .unwrap()
                .may(Action::KeepContact, About::Organisation(other))
                .is_ok()
        );
        let mut conn = store.read().await.unwrap();
        let kinds: std::collections::BTreeSet<String> = change::after(&mut conn, None, 100)
            .await
            .unwrap()
            .iter()
            .map(|row| row.change().thing_kind)
            .collect();
        assert!(
            kinds.contains("membership") && kinds.contains("person"),
            "{kinds:?}"
        );
    }
}
