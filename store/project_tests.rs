//! Projects on both engines: how they start, pass gates, end, are found, and tell who waits for them.

use crate::contribution::{self, Pledge};
use crate::milestone;
use crate::output::{self, Said};
use crate::page::Page;
use crate::participation::Participation;
use crate::phase::Moved;
use crate::project::{Filter, Order, Project};
use crate::project_sample::{answered, in_project, invited, moved, own, started, ungated};
use crate::sample::{add_standard, day, sql};
use crate::sample_people::body;
use crate::testing::TestStore;
use crate::{Conn, Store, gate, notice, now, phase, project};
use chrono::Days;
use domain::Error;
use domain::contribution::ContributionKind;
use domain::gate::Condition;
use domain::id::{OrganisationId, ProblemId};
use domain::notice::NoticeKind;
use domain::output::{OutputKind, Readiness};
use domain::participation::ParticipationRole::{Partner, Tester};
use domain::policy::Action;
use domain::project::Phase;

/// A problem that these bodies back, by SQL of the test's own.
async fn backed(store: &Store, backers: &[OrganisationId]) -> ProblemId {
    let id: ProblemId = crate::fresh();
    let mut text = format!(
        "INSERT INTO problem VALUES ('{id}', 'p-{id}', NULL, 'GATHERING', NULL, NULL, 1, 'P', 'p', 's', 'w', 'a', 'b',
         NULL, '', NULL, 0, 0, '2026-01-01 00:00:00', '2026-01-01 00:00:00', 1);"
    );
    for backer in backers {
        let backing: ProblemId = crate::fresh();
        text.push_str(&format!(
            "INSERT INTO backing VALUES ('{id}', '{backing}', '{backer}', 'JOIN', NULL, '2026-01-01 00:00:00',
             '2026-02-01', NULL, NULL, NULL, NULL, 1);"
        ));
    }
    sql(store, &text).await.unwrap();
    id
}

async fn joined(store: &Store, project: &Project, body: OrganisationId) -> Participation {
    let asked = invited(store, project, body, Partner).await.unwrap();
    answered(store, &asked, true).await.unwrap()
}

#[tokio::test]
async fn a_gate_refuses_beta_with_two_signed_of_three_and_opens_when_the_third_accepts() {
    for test in TestStore::each().await {
        let store = &test.store;
        let (ash, birch) = (body(store, "Ash Council").await, body(store, "Birch").await);
        let cedar = body(store, "Cedar").await;
        let project = started(store, birch, "Shared", &[]).await;
        joined(store, &project, cedar).await;
        let third = invited(store, &project, ash, Partner).await.unwrap();
        let held = moved(store, project.id, Phase::Beta, None).await.unwrap();
        let Moved::Held(failing) = held else {
            panic!("it went through: {held:?}");
        };
        let told: Vec<&str> = failing.iter().map(|one| one.message.as_str()).collect();
        assert_eq!(
            told,
            [
                "BETA needs 3 signed participants; 2 have signed: Ash Council has not answered.",
                "BETA needs an answer of everybody who is to work on it; 2 of 3 have signed: Ash Council has not answered.",
            ]
        );
        answered(store, &third, true).await.unwrap();
        let beta = moved(store, project.id, Phase::Beta, None).await.unwrap();
        assert!(matches!(&beta, Moved::Done(row) if row.phase == Phase::Beta && row.version == 2));
        let Moved::Held(failing) = moved(store, project.id, Phase::Live, None).await.unwrap()
        else {
            panic!("there is neither an output nor a status");
        };
        let conditions: Vec<_> = failing.iter().map(|one| one.condition).collect();
        assert_eq!(
            conditions,
            [Condition::ReadyOutputs, Condition::FreshStatus]
        );
        let mut conn = store.read().await.unwrap();
        let went = phase::of(&mut conn, &[project.id]).await.unwrap();
        let went: Vec<_> = went
            .iter()
            .map(|row| (row.from_phase, row.to_phase))
            .collect();
        assert_eq!(
            went,
            [
                (None, Phase::Discovery),
                (Some(Phase::Discovery), Phase::Beta)
            ]
        );
    }
}

#[tokio::test]
async fn a_project_goes_through_to_its_end_or_stops_and_says_why() {
    for test in TestStore::each().await {
        let store = &test.store;
        let ash = body(store, "Ash").await;
        let done = started(store, ash, "Done", &[]).await;
        ungated(store, done.id).await;
        for to in [Phase::Alpha, Phase::Live, Phase::Retired] {
            assert!(matches!(
                moved(store, done.id, to, None).await.unwrap(),
                Moved::Done(_)
            ));
        }
        let over = moved(store, done.id, Phase::Live, Some("x"))
            .await
            .unwrap_err();
        assert_eq!(over.code(), "BAD_INPUT");
        let given_up = started(store, ash, "Given up", &[]).await;
        let unsaid = moved(store, given_up.id, Phase::Stopped, None).await;
        assert!(matches!(
            unsaid,
            Err(Error::Invalid {
                field: "reason",
                ..
            })
        ));
        moved(
            store,
            given_up.id,
            Phase::Stopped,
            Some("The Supplier went under."),
        )
        .await
        .unwrap();
        assert_eq!(found(store, "supplier WENT").await, ["Given up"]);
        let closed = invited(store, &given_up, body(store, "Birch").await, Partner).await;
        assert_eq!(closed.unwrap_err().code(), "CONFLICT");
    }
}

async fn found(store: &Store, text: &str) -> Vec<String> {
    let filter = Filter {
        text: Some(text.to_owned()),
        ..Filter::default()
    };
    let mut conn = store.read().await.unwrap();
    let rows = project::page(&mut conn, &filter, Order::Title, &Page::first(10))
        .await
        .unwrap();
    rows.rows.into_iter().map(|row| row.title).collect()
}

#[tokio::test]
async fn equal_titles_get_different_addresses_and_a_wrong_start_is_refused() {
    for test in TestStore::each().await {
        let store = &test.store;
        let ash = body(store, "Ash").await;
        let first = started(store, ash, "One register", &[]).await;
        let second = started(store, ash, "One  register", &[]).await;
        assert_eq!(
            (first.slug.as_str(), second.slug.as_str()),
            ("one-register", "one-register-2")
        );
        let begin = async |conn: &mut Conn, title: &str, days: u64, problem: Option<ProblemId>| {
            let problems: Vec<ProblemId> = problem.into_iter().collect();
            let new = project::NewProject {
                title,
                summary: "s",
                url: None,
                problems: &problems,
                cadence_days: 14,
                started_on: now().date() + Days::new(days),
            };
            project::start(conn, &own(ash, Action::StartProject), now(), ash, &new).await
        };
        for (title, days, problem, code) in [
            (" ", 0, None, "BAD_INPUT"),
            ("Later", 1, None, "BAD_INPUT"),
            ("Of nothing", 0, Some(crate::fresh()), "NOT_FOUND"),
        ] {
            let wrong = store
                .write(async |conn| begin(conn, title, days, problem).await)
                .await;
            assert_eq!(wrong.unwrap_err().code(), code, "{title}");
        }
    }
}

#[tokio::test]
async fn a_ready_output_is_told_once_to_the_backers_and_participants() {
    for test in TestStore::each().await {
        let store = &test.store;
        let (ash, birch) = (body(store, "Ash").await, body(store, "Birch").await);
        let (cedar, dale) = (body(store, "Cedar").await, body(store, "Dale").await);
        let problem = backed(store, &[cedar, birch]).await;
        let project = started(store, ash, "Shared", &[problem]).await;
        joined(store, &project, birch).await;
        let standard = store
            .write(async |conn| add_standard(conn, "plans").await)
            .await
            .unwrap();
        let publish = async |said: Said<'_>| {
            store
                .write(async |conn| {
                    let granted =
                        in_project(conn, birch, Action::WorkOnProject, project.id).await?;
                    output::publish(conn, &granted, now(), project.id, said).await
                })
                .await
        };
        let new = Said {
            title: Some("Kit"),
            kind: Some(OutputKind::Code),
            url: Some("https://example.org/kit"),
            licence: Some("MIT"),
            standard: Some(standard),
            ..Said::default()
        };
        let draft = publish(new).await.unwrap();
        assert_eq!((draft.readiness, draft.ready_on), (Readiness::Draft, None));
        let to = |readiness| Said {
            standing: Some(draft.id),
            readiness: Some(readiness),
            ..Said::default()
        };
        let ready = publish(to(Readiness::Ready)).await.unwrap();
        assert_eq!((ready.ready_on, ready.version), (Some(now().date()), 2));
        publish(to(Readiness::Ready)).await.unwrap();
        assert_eq!(
            publish(to(Readiness::Draft)).await.unwrap_err().code(),
            "BAD_INPUT"
        );
        let of = output::of_standards(&mut store.read().await.unwrap(), &[standard]).await;
        assert_eq!(of.unwrap()[0].ready_on, Some(now().date()));
        let expected = [(cedar, 1), (ash, 1), (birch, 0), (dale, 0)];
        for (body, times) in expected {
            let mut conn = store.read().await.unwrap();
            let rows = notice::of(&mut conn, Some(body), 20).await.unwrap();
            let ready = rows
                .iter()
                .filter(|row| row.kind == NoticeKind::OutputReady);
            assert_eq!(ready.count(), times);
        }
    }
}

#[tokio::test]
async fn what_is_pledged_and_given_and_when_it_was_first_due_is_kept() {
    for test in TestStore::each().await {
        let store = &test.store;
        let (ash, birch) = (body(store, "Ash").await, body(store, "Birch").await);
        let project = started(store, ash, "Shared", &[]).await;
        let pledge = async |body: OrganisationId, amount: i64| {
            store
                .write(async |conn| {
                    let new = Pledge {
                        project: project.id,
                        organisation: body,
                        kind: ContributionKind::Money,
                        amount,
                        note: None,
                    };
                    contribution::pledge(conn, &own(body, Action::TakePart), now(), new).await
                })
                .await
        };
        assert_eq!(pledge(birch, 100).await.unwrap_err().code(), "CONFLICT");
        assert_eq!(pledge(ash, 0).await.unwrap_err().code(), "BAD_INPUT");
        let row = pledge(ash, 100).await.unwrap();
        let give = async |conn: &mut Conn| {
            let granted = own(ash, Action::TakePart);
            let key = (project.id, row.id);
            contribution::give(conn, &granted, now(), key, 40, Some(1)).await
        };
        assert_eq!(store.write(give).await.unwrap().given, 40);
        assert!(matches!(
            store.write(give).await,
            Err(Error::Stale { current: 2 })
        ));
        let set = async |said: milestone::Said<'_>| {
            store
                .write(async |conn| {
                    let granted = in_project(conn, ash, Action::LeadProject, project.id).await?;
                    milestone::set(conn, &granted, now(), project.id, said).await
                })
                .await
        };
        let said = milestone::Said {
            standing: None,
            title: Some("Users seen"),
            due_on: Some(day("2026-05-01")),
            done_on: None,
            seen: None,
        };
        let first = set(said).await.unwrap();
        let later = set(milestone::Said {
            standing: Some(first.id),
            title: None,
            due_on: Some(day("2026-06-01")),
            ..said
        });
        let later = later.await.unwrap();
        assert_eq!(
            (
                later.first_due_on,
                later.due_on,
                later.title.as_str(),
                later.version
            ),
            (day("2026-05-01"), day("2026-06-01"), "Users seen", 2)
        );
        let mut conn = store.read().await.unwrap();
        let rows = [project::by_id(&mut conn, project.id).await.unwrap()];
        let facts = gate::facts(&mut conn, now().date(), &rows).await.unwrap();
        assert_eq!(facts[&project.id].milestones_done, 0);
    }
}

#[tokio::test]
async fn a_tester_does_not_count_as_signed() {
    for test in TestStore::each().await {
        let store = &test.store;
        let (ash, birch) = (body(store, "Ash").await, body(store, "Birch").await);
        let project = started(store, ash, "Shared", &[]).await;
        let asked = invited(store, &project, birch, Tester).await.unwrap();
        answered(store, &asked, true).await.unwrap();
        let mut conn = store.read().await.unwrap();
        let rows = [project::by_id(&mut conn, project.id).await.unwrap()];
        let facts = gate::facts(&mut conn, now().date(), &rows).await.unwrap();
        assert_eq!(facts[&project.id].signed, 1);
    }
}

#[tokio::test]
async fn a_check_finds_what_does_not_follow_from_who_takes_part() {
    for test in TestStore::each().await {
        let store = &test.store;
        let (ash, birch) = (body(store, "Ash").await, body(store, "Birch").await);
        let project = started(store, ash, "Shared", &[]).await;
        joined(store, &project, birch).await;
        ungated(store, project.id).await;
        moved(store, project.id, Phase::Alpha, None).await.unwrap();
        let faults = async || {
            let mut conn = store.read_wide().await.unwrap();
            let found = crate::check::run(&mut conn, now().date(), |_| ()).await;
            found.unwrap().faults
        };
        assert_eq!(faults().await, Vec::<String>::new());
        let wrong =
            "UPDATE project SET participants = 7, lead_id = NULL, search_key = 'x', version = 9";
        sql(store, wrong).await.unwrap();
        assert_eq!(faults().await.len(), 4);
    }
}
