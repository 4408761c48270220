//! To whom an ask goes, what is offered, and what jobs note of silent projects.

use crate::ask::{self, Filter};
use crate::page::Page;
use crate::project_sample::{answered, in_project, invited, own, started};
use crate::sample::{changes, day, sql};
use crate::sample_people::body;
use crate::schema::nudge as nudges;
use crate::status::NewStatus;
use crate::status_sample::{backed, post, row, says};
use crate::testing::TestStore;
use crate::{Conn, Store, flag, help, notice, now, nudge, state};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::ask::{AskKind, AskState, ROUTES_MOST, RouteReason};
use domain::flag::{Doubt, FlagKind};
use domain::freshness::NudgeStep;
use domain::id::{OrganisationId, ProjectId};
use domain::notice::NoticeKind;
use domain::participation::ParticipationRole;
use domain::policy::{About, Action, Granted, Viewer};
use domain::status::Rag;

fn asking(kind: AskKind) -> NewStatus {
    NewStatus {
        ask: Some((kind, "Two testers in May".to_owned())),
        ..says(Rag::Green, "We look for testers")
    }
}

async fn helps(store: &Store, body: OrganisationId, kinds: &[AskKind]) {
    store
        .write(async |conn| {
            help::set(conn, &own(body, Action::OfferHelp), now(), body, kinds).await
        })
        .await
        .unwrap();
}

async fn told(store: &Store, body: Option<OrganisationId>, kind: NoticeKind) -> usize {
    let mut conn = store.read().await.unwrap();
    let all = notice::of(&mut conn, body, 100).await.unwrap();
    all.iter().filter(|one| one.kind == kind).count()
}

fn clock(project: ProjectId) -> Granted {
    Viewer::Job("freshness")
        .may(Action::KeepClock, About::Project(project))
        .unwrap()
}

#[tokio::test]
async fn an_ask_goes_to_backers_and_helpers_and_never_to_who_takes_part() {
    for test in TestStore::each().await {
        let store = &test.store;
        let mut bodies = Vec::new();
        for name in ["Ash", "Birch", "Cedar", "Dale", "Elm", "Fir"] {
            bodies.push(body(store, name).await);
        }
        let [ash, birch, cedar, dale, elm, fir] = bodies[..] else {
            panic!("six")
        };
        let problem = backed(store, ash, &[ash, cedar, birch, elm]).await;
        let twice = backed(store, ash, &[cedar]).await;
        for helper in [birch, dale, fir] {
            helps(store, helper, &[AskKind::Testing, AskKind::Data]).await;
        }
        helps(store, fir, &[AskKind::Money]).await;
        let project = started(store, ash, "Register", &[problem, twice]).await;
        let part = invited(store, &project, birch, ParticipationRole::Tester)
            .await
            .unwrap();
        answered(store, &part, true).await.unwrap();
        sql(
            store,
            &format!("UPDATE organisation SET closed_on = '2020-01-01' WHERE id = '{elm}'"),
        )
        .await
        .unwrap();

        let update = post(store, ash, project.id, &asking(AskKind::Testing))
            .await
            .unwrap();
        let mut conn = store.read().await.unwrap();
        let asks = ask::of(&mut conn, &[project.id]).await.unwrap();
        assert_eq!(asks.len(), 1);
        assert_eq!(
            (asks[0].status_id, asks[0].state),
            (update.id, AskState::Open)
        );
        let routes = ask::routes(&mut conn, &[asks[0].key()]).await.unwrap();
        let mut found: Vec<_> = routes
            .iter()
            .map(|one| (one.organisation_id, one.reason))
            .collect();
        let mut expected = vec![
            (cedar, RouteReason::BacksProblem),
            (dale, RouteReason::CanHelp),
        ];
        found.sort_unstable();
        expected.sort_unstable();
        assert_eq!(found, expected);
        for (body, count) in [
            (ash, 0),
            (birch, 0),
            (cedar, 1),
            (dale, 1),
            (elm, 0),
            (fir, 0),
        ] {
            assert_eq!(told(store, Some(body), NoticeKind::AskOpened).await, count);
        }
        let list = async |conn: &mut Conn, filter: &Filter| {
            ask::page(conn, filter, &Page::first(10))
                .await
                .unwrap()
                .rows
                .len()
        };
        let of = |told, states: &[AskState]| Filter {
            told,
            states: Some(states.to_vec()),
            kinds: Some(vec![AskKind::Testing]),
        };
        assert_eq!(
            list(&mut conn, &of(Some(cedar), &[AskState::Open])).await,
            1
        );
        assert_eq!(
            list(&mut conn, &of(Some(birch), &[AskState::Open])).await,
            0
        );
        assert_eq!(list(&mut conn, &of(None, &[AskState::Closed])).await, 0);
        assert_eq!(ask::count(&mut conn, &Filter::default()).await.unwrap(), 1);
    }
}

#[tokio::test]
async fn a_bounded_number_is_told_backers_first() {
    for test in TestStore::each().await {
        let store = &test.store;
        let (ash, birch) = (body(store, "Ash").await, body(store, "Birch").await);
        for n in 0..ROUTES_MOST + 5 {
            let helper = body(store, &format!("Helper {n}")).await;
            helps(store, helper, &[AskKind::Data]).await;
        }
        let problem = backed(store, ash, &[birch]).await;
        let project = started(store, ash, "Register", &[problem]).await.id;
        post(store, ash, project, &asking(AskKind::Data))
            .await
            .unwrap();
        let mut conn = store.read().await.unwrap();
        let key = ask::of(&mut conn, &[project]).await.unwrap()[0].key();
        let routes = ask::routes(&mut conn, &[key]).await.unwrap();
        assert_eq!(routes.len(), ROUTES_MOST);
        assert!(routes.iter().any(|one| one.organisation_id == birch));
    }
}

#[tokio::test]
async fn help_is_offered_once_by_each_and_the_lead_is_told_until_the_ask_is_closed() {
    for test in TestStore::each().await {
        let store = &test.store;
        let (ash, birch, cedar) = (
            body(store, "Ash").await,
            body(store, "Birch").await,
            body(store, "Cedar").await,
        );
        let problem = backed(store, ash, &[birch]).await;
        let project = started(store, ash, "Register", &[problem]).await.id;
        post(store, ash, project, &asking(AskKind::Testing))
            .await
            .unwrap();
        let mut conn = store.read().await.unwrap();
        let key = ask::of(&mut conn, &[project]).await.unwrap()[0].key();
        let offer = async |body, text: &str| {
            store
                .write(async |conn| {
                    ask::offer(conn, &own(body, Action::AskToJoin), now(), key, body, text).await
                })
                .await
        };
        assert_eq!(
            offer(ash, "We ourselves").await.unwrap_err().code(),
            "CONFLICT"
        );
        assert_eq!(offer(birch, " ").await.unwrap_err().code(), "BAD_INPUT");
        assert_eq!(
            offer(birch, "Two people").await.unwrap().state,
            AskState::Answered
        );
        assert_eq!(
            offer(birch, "Three people").await.unwrap_err().code(),
            "CONFLICT"
        );
        assert_eq!(offer(cedar, "A room").await.unwrap().version, 3);
        assert_eq!(told(store, Some(ash), NoticeKind::AskOffered).await, 2);
        let routes = ask::routes(&mut conn, &[key]).await.unwrap();
        let reason = |body| {
            routes
                .iter()
                .find(|one| one.organisation_id == body)
                .unwrap()
                .reason
        };
        assert_eq!(reason(birch), RouteReason::BacksProblem);
        assert_eq!(reason(cedar), RouteReason::CameForward);

        let close = async |seen| {
            store
                .write(async |conn| {
                    let granted = in_project(conn, ash, Action::PostStatus, project).await?;
                    ask::close(conn, &granted, now(), key, seen).await
                })
                .await
        };
        assert_eq!(close(Some(1)).await.unwrap_err().code(), "CONFLICT");
        assert_eq!(close(Some(3)).await.unwrap().state, AskState::Closed);
        assert_eq!(close(None).await.unwrap_err().code(), "CONFLICT");
        let dale = body(store, "Dale").await;
        assert_eq!(offer(dale, "Late").await.unwrap_err().code(), "CONFLICT");
    }
}

#[tokio::test]
async fn what_an_organisation_can_help_with_is_said_anew_and_only_changes_are_recorded() {
    for test in TestStore::each().await {
        let store = &test.store;
        let ash = body(store, "Ash").await;
        let before = changes(store).await;
        helps(store, ash, &[AskKind::Data, AskKind::Advice, AskKind::Data]).await;
        helps(store, ash, &[AskKind::Advice, AskKind::Data]).await;
        assert_eq!(changes(store).await, before + 1);
        helps(store, ash, &[]).await;
        let mut conn = store.read().await.unwrap();
        assert_eq!(help::of(&mut conn, &[ash]).await.unwrap(), []);
        assert_eq!(changes(store).await, before + 2);
    }
}

#[tokio::test]
async fn flags_follow_their_evidence_and_are_answered_once() {
    for test in TestStore::each().await {
        let store = &test.store;
        let ash = body(store, "Ash").await;
        let project = started(store, ash, "Register", &[]).await;
        let doubt = |kind, why: &str| Doubt {
            kind,
            evidence: vec![why.to_owned()],
        };
        let keep = async |doubts: &[Doubt]| {
            store
                .write(async |conn| {
                    flag::keep(conn, &clock(project.id), now(), &project, doubts).await
                })
                .await
                .unwrap()
        };
        let (slips, silent) = (
            doubt(FlagKind::GreenButSlipping, "One."),
            doubt(FlagKind::Silent, "Two."),
        );
        assert_eq!(keep(&[slips.clone(), silent.clone()]).await, 2);
        assert_eq!(keep(&[slips.clone(), silent.clone()]).await, 0);
        assert_eq!(told(store, Some(ash), NoticeKind::FlagRaised).await, 2);
        let mut conn = store.read().await.unwrap();
        let standing = flag::standing(&mut conn, &[project.id]).await.unwrap();
        let raised = standing
            .iter()
            .find(|one| one.kind == FlagKind::Silent)
            .unwrap();
        let key = (project.id, raised.id);
        let answer = async |text: &str, seen| {
            store
                .write(async |conn| {
                    let granted = in_project(conn, ash, Action::LeadProject, project.id).await?;
                    flag::answer(conn, &granted, now(), key, text, seen).await
                })
                .await
        };
        assert_eq!(
            answer("Wait", Some(2)).await.unwrap_err().code(),
            "CONFLICT"
        );
        let said = answer("We were on leave", Some(1)).await.unwrap();
        assert_eq!(said.answer.as_deref(), Some("We were on leave"));
        assert_eq!(
            answer("And more", None).await.unwrap_err().code(),
            "CONFLICT"
        );
        // Other evidence of the same kind keeps the answer; none at all clears it.
        assert_eq!(
            keep(&[slips.clone(), doubt(FlagKind::Silent, "Three.")]).await,
            1
        );
        let now_standing = flag::by_key(&mut conn, key).await.unwrap();
        assert_eq!(now_standing.evidence().unwrap(), ["Three."]);
        assert!(now_standing.answer.is_some() && now_standing.cleared_at.is_none());
        assert_eq!(keep(&[]).await, 2);
        assert_eq!(flag::standing(&mut conn, &[project.id]).await.unwrap(), []);
        assert_eq!(keep(&[silent]).await, 1);
        assert_eq!(flag::of(&mut conn, &[project.id]).await.unwrap().len(), 3);
    }
}

#[tokio::test]
async fn each_is_reminded_once_after_each_update() {
    for test in TestStore::each().await {
        let store = &test.store;
        let (ash, birch) = (body(store, "Ash").await, body(store, "Birch").await);
        let project = started(store, ash, "Register", &[]).await;
        let send = async |step| {
            let project = row(store, project.id).await;
            store
                .write(async |conn| {
                    nudge::send(conn, &clock(project.id), now(), &project, step).await
                })
                .await
                .unwrap()
        };
        assert!(send(NudgeStep::Lead).await);
        assert!(!send(NudgeStep::Lead).await);
        assert!(!send(NudgeStep::Sponsor).await, "nobody pays yet");
        let part = invited(store, &project, birch, ParticipationRole::Funder)
            .await
            .unwrap();
        assert!(
            !send(NudgeStep::Sponsor).await,
            "who has not agreed is not reminded"
        );
        answered(store, &part, true).await.unwrap();
        assert!(send(NudgeStep::Sponsor).await);
        assert!(send(NudgeStep::Unit).await);
        for (to, count) in [(Some(ash), 1), (Some(birch), 1), (None, 1)] {
            assert_eq!(told(store, to, NoticeKind::StatusDue).await, count);
        }
        post(store, ash, project.id, &says(Rag::Green, "Here"))
            .await
            .unwrap();
        assert!(send(NudgeStep::Lead).await);
        let mut conn = store.read().await.unwrap();
        assert_eq!(nudge::of(&mut conn, &[project.id]).await.unwrap().len(), 4);
        let sent: i64 = on!(&mut conn, c => nudges::table.count().get_result(c).await).unwrap();
        assert_eq!(sent, 4);
        let facts = state::facts(&mut conn, &[row(store, project.id).await], now())
            .await
            .unwrap();
        assert_eq!(facts[&project.id].updates.len(), 1);
        assert_eq!(facts[&project.id].doubts(day("2020-01-01")), []);
    }
}
