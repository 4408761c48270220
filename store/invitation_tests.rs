//! What must hold of invitations: who may answer, once, and whom the unit may appoint.

use crate::invitation::{self, Invitation, NewInvitation, Shown};
use crate::sample::{changes, council, may};
use crate::sample_people::{
    accept, admitted, answer_at, appointing, body, invite, joined, managing, member, outcome,
    viewer,
};
use crate::testing::TestStore;
use crate::{Store, membership, now, organisation};
use chrono::{Days, TimeDelta};
use domain::Error;
use domain::id::OrganisationId;
use domain::membership::InvitationState;
use domain::policy::{About, Action, Role, Viewer};
use futures_util::future::join_all;

const AT_ONCE: usize = 8;

async fn holding(store: &Store, organisation: Option<OrganisationId>) -> usize {
    let mut conn = store.read().await.unwrap();
    let all = membership::of_organisation(&mut conn, organisation, now().date()).await;
    all.unwrap().len()
}

async fn state(store: &Store, one: &Invitation) -> InvitationState {
    let mut conn = store.read().await.unwrap();
    invitation::by_id(&mut conn, one.id).await.unwrap().state
}

#[tokio::test]
async fn whoever_has_the_link_joins_by_it_once() {
    for test in TestStore::each().await {
        let store = &test.store;
        let council = Some(body(store, "Adur").await);
        let (lead, _) = member(store, "ann", council, Role::Lead).await;
        let granted = managing(store, &lead, council).await;
        let made = invite(store, &granted, council, Role::Signatory, None, "link")
            .await
            .unwrap();
        assert!(!made.by_unit);
        let bob = admitted(store, "bob").await;
        let confirm =
            |viewer: &Viewer| viewer.may(Action::RecordAdoption, About::affairs_of(council));
        assert!(confirm(&viewer(store, bob.id).await.unwrap()).is_err());
        let joined = accept(store, &bob, Shown::Link("link"))
            .await
            .unwrap()
            .unwrap();
        assert_eq!((joined.role, joined.to_on), (Role::Signatory, None));
        let confirmed = confirm(&viewer(store, bob.id).await.unwrap()).unwrap();
        assert_eq!(confirmed.membership(), Some(joined.id));

        let cyd = admitted(store, "cyd").await;
        let again = accept(store, &cyd, Shown::Link("link")).await.unwrap_err();
        assert!(again.to_string().contains("accepted already"), "{again}");
        let unknown = accept(store, &cyd, Shown::Link("no such link")).await;
        assert_eq!(unknown.unwrap_err().code(), "NOT_FOUND");
        // The id alone shows nothing: this invitation is for nobody's address.
        let by_id = accept(store, &cyd, Shown::Address(made.id)).await;
        assert_eq!(by_id.unwrap_err().code(), "NOT_FOUND");
    }
}

#[tokio::test]
async fn an_invitation_to_an_address_is_there_for_who_has_it_alone() {
    for test in TestStore::each().await {
        let store = &test.store;
        let council = Some(body(store, "Adur").await);
        let (lead, _) = member(store, "ann", council, Role::Lead).await;
        let granted = managing(store, &lead, council).await;
        let to_bob = Some(" Bob@Council.gov.uk");
        let made = invite(store, &granted, council, Role::Editor, to_bob, "link")
            .await
            .unwrap();
        let (bob, cyd) = (admitted(store, "bob").await, admitted(store, "cyd").await);
        let other = accept(store, &cyd, Shown::Address(made.id)).await;
        assert_eq!(other.unwrap_err().code(), "NOT_FOUND");
        let mut conn = store.read().await.unwrap();
        let waiting = async |conn: &mut crate::Conn, email: &str| {
            invitation::pending_for(conn, email, now())
                .await
                .unwrap()
                .len()
        };
        assert_eq!(waiting(&mut conn, "bob@council.gov.uk").await, 1);
        assert_eq!(waiting(&mut conn, "cyd@council.gov.uk").await, 0);
        let declined = answer_at(store, &bob, now(), Shown::Address(made.id), false).await;
        assert_eq!(declined.unwrap(), None);
        assert_eq!(state(store, &made).await, InvitationState::Declined);
        assert_eq!(waiting(&mut conn, "bob@council.gov.uk").await, 0);
        assert_eq!(holding(store, council).await, 1);
        let wrong = invite(store, &granted, council, Role::Editor, Some("bob"), "x").await;
        assert_eq!(wrong.unwrap_err().code(), "BAD_INPUT");
    }
}

#[tokio::test]
async fn an_invitation_ends_with_its_days_and_a_membership_with_its_own() {
    for test in TestStore::each().await {
        let store = &test.store;
        let council = Some(body(store, "Adur").await);
        let (lead, _) = member(store, "ann", council, Role::Lead).await;
        let granted = managing(store, &lead, council).await;
        let today = now().date();
        let make = async |hash, until_on| {
            let new = NewInvitation {
                organisation: council,
                role: Role::Editor,
                email: Some("bob@council.gov.uk".to_owned()),
                secret_hash: hash,
                until_on,
                expires_at: now() + TimeDelta::days(14),
            };
            store
                .write(async |conn| invitation::invite(conn, &granted, now(), &new).await)
                .await
        };
        let bob = admitted(store, "bob").await;
        let past = make("past", Some(today)).await;
        assert_eq!(past.unwrap_err().code(), "BAD_INPUT");
        let made = make("a", Some(today + Days::new(3))).await.unwrap();
        let late = made.expires_at;
        for (shown, code) in [
            (Shown::Link("a"), "NOT_FOUND"),
            (Shown::Address(made.id), "CONFLICT"),
        ] {
            let refused = answer_at(store, &bob, late, shown, true).await;
            assert_eq!(refused.unwrap_err().code(), code);
        }
        // Still open, but for a time that is over.
        let after_its_time = now() + TimeDelta::days(4);
        let refused = answer_at(store, &bob, after_its_time, Shown::Link("a"), true).await;
        assert_eq!(refused.unwrap_err().code(), "CONFLICT");
        let joined = accept(store, &bob, Shown::Link("a"))
            .await
            .unwrap()
            .unwrap();
        assert_eq!(joined.to_on, Some(today + Days::new(3)));
        let mut conn = store.read().await.unwrap();
        for (days, expected) in [(2, 1), (3, 0)] {
            let day = today + Days::new(days);
            let Viewer::Person { memberships, .. } =
                crate::person::viewer(&mut conn, bob.id, day).await.unwrap()
            else {
                panic!("not a person");
            };
            assert_eq!(memberships.len(), expected, "{days}");
        }
    }
}

#[tokio::test]
async fn of_two_who_accept_one_invitation_at_once_one_joins() {
    for test in TestStore::each().await {
        let store = &test.store;
        let council = Some(body(store, "Adur").await);
        let (lead, _) = member(store, "ann", council, Role::Lead).await;
        let (admin, _) = member(store, "una", None, Role::Admin).await;
        for (home, keeper, role) in [
            (council, &lead, Role::Editor),
            (None, &admin, Role::Analyst),
        ] {
            let granted = managing(store, keeper, home).await;
            let hash = format!("link{role}");
            invite(store, &granted, home, role, None, &hash)
                .await
                .unwrap();
            let mut people = Vec::new();
            for place in 0..AT_ONCE {
                people.push(admitted(store, &format!("p{place}")).await);
            }
            let before = (holding(store, home).await, changes(store).await);
            let shown = Shown::Link(&hash);
            let all = join_all(people.iter().map(|one| accept(store, one, shown))).await;
            assert_eq!(outcome(all), (1, vec!["CONFLICT"; AT_ONCE - 1]));
            let after = (holding(store, home).await, changes(store).await);
            assert_eq!(after, (before.0 + 1, before.1 + 2));
        }
    }
}

#[tokio::test]
async fn who_accepts_two_invitations_to_one_body_at_once_joins_once() {
    for test in TestStore::each().await {
        let store = &test.store;
        let council = Some(body(store, "Adur").await);
        let (lead, _) = member(store, "ann", council, Role::Lead).await;
        let (admin, _) = member(store, "una", None, Role::Admin).await;
        let bob = admitted(store, "bob").await;
        for (home, keeper, role) in [
            (council, &lead, Role::Editor),
            (None, &admin, Role::Analyst),
        ] {
            let granted = managing(store, keeper, home).await;
            let hashes: Vec<String> = (0..AT_ONCE).map(|n| format!("{role}{n}")).collect();
            for hash in &hashes {
                invite(store, &granted, home, role, None, hash)
                    .await
                    .unwrap();
            }
            let answers = hashes
                .iter()
                .map(|hash| accept(store, &bob, Shown::Link(hash)));
            let all = join_all(answers).await;
            assert_eq!(outcome(all), (1, vec!["CONFLICT"; AT_ONCE - 1]));
            assert_eq!(holding(store, home).await, 2);
        }
    }
}

#[tokio::test]
async fn the_unit_appoints_one_lead_where_there_is_none() {
    for test in TestStore::each().await {
        let store = &test.store;
        let council = body(store, "Adur").await;
        let granted = appointing(council);
        let make = async |hash: String| {
            invite(store, &granted, Some(council), Role::Lead, None, &hash).await
        };
        let all = join_all((0..AT_ONCE).map(|n| make(format!("link{n}")))).await;
        let open: Vec<Invitation> = all
            .iter()
            .filter_map(|one| one.as_ref().ok().cloned())
            .collect();
        assert_eq!(outcome(all), (1, vec!["CONFLICT"; AT_ONCE - 1]));
        let open = &open[0];
        assert!(open.by_unit && open.invited_by == "operator");

        // Taken back, it makes room for another.
        let withdrawing = Viewer::Operator.may_withdraw(Some(council), true).unwrap();
        let withdraw = async |one: &Invitation, version| {
            store
                .write(async |conn| {
                    invitation::withdraw(conn, &withdrawing, now(), one.id, version).await
                })
                .await
        };
        let stale = withdraw(open, 2).await.unwrap_err();
        assert!(matches!(stale, Error::Stale { current: 1 }), "{stale:?}");
        withdraw(open, 1).await.unwrap();
        let again = withdraw(open, 2).await.unwrap_err();
        assert!(again.to_string().contains("withdrawn"), "{again}");
        make("second".to_owned()).await.unwrap();
        let bob = admitted(store, "bob").await;
        accept(store, &bob, Shown::Link("second")).await.unwrap();
        let third = make("third".to_owned()).await.unwrap_err();
        assert!(third.to_string().contains("has a lead"), "{third}");

        let other = body(store, "Arun").await;
        let editor = invite(
            store,
            &appointing(other),
            Some(other),
            Role::Editor,
            None,
            "e",
        )
        .await;
        assert_eq!(editor.unwrap_err().code(), "BAD_INPUT");
    }
}

#[tokio::test]
async fn nobody_of_the_unit_and_nobody_too_many_takes_up_an_appointment() {
    for test in TestStore::each().await {
        let store = &test.store;
        let council = body(store, "Adur").await;
        let made = invite(
            store,
            &appointing(council),
            Some(council),
            Role::Lead,
            None,
            "link",
        )
        .await
        .unwrap();
        let (admin, _) = member(store, "una", None, Role::Admin).await;
        let refused = accept(store, &admin, Shown::Link("link"))
            .await
            .unwrap_err();
        assert!(
            refused.to_string().contains("works for the unit"),
            "{refused}"
        );
        assert_eq!(holding(store, Some(council)).await, 0);
        assert_eq!(state(store, &made).await, InvitationState::Pending);

        // By the time it is answered, the body has a lead of its own.
        let ann = admitted(store, "ann").await;
        joined(store, &ann, Some(council), Role::Lead).await;
        let bob = admitted(store, "bob").await;
        let refused = accept(store, &bob, Shown::Link("link")).await.unwrap_err();
        assert!(refused.to_string().contains("has a lead"), "{refused}");
        // That lead may take it back, and invite even who works for the unit.
        let lead = managing(store, &ann, Some(council)).await;
        store
            .write(async |conn| invitation::withdraw(conn, &lead, now(), made.id, 1).await)
            .await
            .unwrap();
        invite(store, &lead, Some(council), Role::Editor, None, "own")
            .await
            .unwrap();
        accept(store, &admin, Shown::Link("own")).await.unwrap();
        let twice = invite(store, &lead, Some(council), Role::Lead, None, "more").await;
        assert!(twice.is_ok());
        let refused = accept(store, &admin, Shown::Link("more"))
            .await
            .unwrap_err();
        assert!(
            refused.to_string().contains("member here already"),
            "{refused}"
        );
    }
}

#[tokio::test]
async fn nobody_is_invited_to_or_joins_a_body_that_is_closed() {
    for test in TestStore::each().await {
        let store = &test.store;
        let id = body(store, "Adur").await;
        let (lead, _) = member(store, "ann", Some(id), Role::Lead).await;
        let granted = managing(store, &lead, Some(id)).await;
        let open = invite(store, &granted, Some(id), Role::Editor, None, "open").await;
        assert!(open.is_ok());
        let facts = organisation::Facts {
            closed_on: Some(now().date()),
            ..council("Adur", None)
        };
        store
            .write(async |conn| {
                let before = organisation::by_ids(conn, &[id]).await?.pop();
                let keep = may(Action::KeepRegister);
                organisation::save(conn, &keep, now(), before.as_ref(), &facts).await
            })
            .await
            .unwrap();
        let late = invite(store, &granted, Some(id), Role::Editor, None, "late").await;
        assert_eq!(late.unwrap_err().code(), "CONFLICT");
        let bob = admitted(store, "bob").await;
        let refused = accept(store, &bob, Shown::Link("open")).await.unwrap_err();
        assert!(refused.to_string().contains("Adur is closed"), "{refused}");
    }
}

#[tokio::test]
async fn the_unit_takes_back_no_invitation_of_a_body() {
    for test in TestStore::each().await {
        let store = &test.store;
        let council = body(store, "Adur").await;
        let (lead, _) = member(store, "ann", Some(council), Role::Lead).await;
        let granted = managing(store, &lead, Some(council)).await;
        let made = invite(store, &granted, Some(council), Role::Editor, None, "link")
            .await
            .unwrap();
        let by_unit = appointing(council);
        let refused = store
            .write(async |conn| invitation::withdraw(conn, &by_unit, now(), made.id, 1).await)
            .await;
        assert_eq!(refused.unwrap_err().code(), "INTERNAL");
        assert_eq!(state(store, &made).await, InvitationState::Pending);
    }
}
