//! Reminders and flags as days pass, of projects made by hand.

use crate::testing::small;
use crate::{JobInput, Silent, freshness};
use chrono::{Days, NaiveDateTime, TimeDelta};
use domain::flag::FlagKind;
use domain::id::{OrganisationId, ProjectId};
use domain::job::JobCounts;
use domain::notice::NoticeKind;
use domain::policy::{About, Action, Role, Scope, Scopes, Viewer};
use domain::project::Phase;
use domain::status::{Draft, Rag};
use store::project::NewProject;
use store::status::NewStatus;
use store::testing::TestStore;
use store::{Store, flag, notice, nudge, phase, project, status};

fn machine(body: OrganisationId) -> Viewer {
    Viewer::Token {
        id: store::fresh(),
        name: "of a test".to_owned(),
        role: Role::Signatory,
        organisation: Some(body),
        scopes: Scopes::new(Scope::ALL.iter().copied()).unwrap(),
        membership: None,
    }
}

/// A project of the body that began on the day of `at`, with an update every 14 days.
async fn started(store: &Store, body: OrganisationId, at: NaiveDateTime) -> ProjectId {
    let about = About::Organisation(body);
    let granted = machine(body).may(Action::StartProject, about).unwrap();
    let new = NewProject {
        title: "Register",
        summary: "What it does.",
        url: None,
        problems: &[],
        cadence_days: 14,
        started_on: at.date(),
    };
    store
        .write(async |conn| project::start(conn, &granted, at, body, &new).await)
        .await
        .unwrap()
        .id
}

async fn posted(
    store: &Store,
    body: OrganisationId,
    id: ProjectId,
    at: NaiveDateTime,
    delivery: Rag,
) {
    let new = NewStatus {
        draft: Draft {
            delivery: Some(delivery),
            money: Some(Rag::Green),
            people: Some(Rag::Green),
            reuse: Some(Rag::Green),
            headline: Some("So it stands".to_owned()),
            ..Draft::default()
        },
        ..NewStatus::default()
    };
    store
        .write(async |conn| {
            let team = project::team(conn, id).await?;
            let granted = machine(body).may_in(Action::PostStatus, &team)?;
            let row = status::locked(conn, Some(id), "").await?;
            status::post(conn, &granted, at, &row, &new).await
        })
        .await
        .unwrap();
}

async fn run(store: &Store, at: NaiveDateTime) -> JobCounts {
    let input = JobInput {
        as_of: at.date() - Days::new(1),
        known_at: at,
    };
    (freshness::JOB.run)(store, input, &Silent).await.unwrap()
}

async fn told(store: &Store, body: Option<OrganisationId>) -> usize {
    let mut conn = store.read().await.unwrap();
    let all = notice::of(&mut conn, body, 100).await.unwrap();
    all.iter()
        .filter(|one| one.kind == NoticeKind::StatusDue)
        .count()
}

async fn flags(store: &Store, id: ProjectId) -> Vec<FlagKind> {
    let mut conn = store.read().await.unwrap();
    let all = flag::standing(&mut conn, &[id]).await.unwrap();
    all.iter().map(|one| one.kind).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_lead_is_reminded_then_the_unit_once_each_and_anew_after_an_update() {
    for test in TestStore::each().await {
        let store = &test.store;
        let ash = small(store).await.bodies[0];
        let start = store::now() - TimeDelta::days(100);
        let id = started(store, ash, start).await;
        let day = |days: i64| start + TimeDelta::days(days);
        for (days, lead, unit) in [
            (14, 0, 0),
            (15, 1, 0),
            (15, 1, 0),
            (28, 1, 0),
            (29, 1, 0),
            (56, 1, 0),
            (57, 1, 1),
            (90, 1, 1),
        ] {
            run(store, day(days)).await;
            let counted = (told(store, Some(ash)).await, told(store, None).await);
            assert_eq!(counted, (lead, unit), "after {days} days");
        }
        assert_eq!(run(store, day(90)).await.written, 0);
        posted(store, ash, id, day(91), Rag::Amber).await;
        run(store, day(92)).await;
        assert_eq!(told(store, Some(ash)).await, 1);
        // Nobody looked for long: who comes before is reminded, too.
        run(store, day(300)).await;
        assert_eq!(
            (told(store, Some(ash)).await, told(store, None).await),
            (2, 2)
        );
        let mut conn = store.read().await.unwrap();
        assert_eq!(nudge::of(&mut conn, &[id]).await.unwrap().len(), 4);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn flags_come_and_go_with_their_evidence_and_end_with_the_project() {
    for test in TestStore::each().await {
        let store = &test.store;
        let ash = small(store).await.bodies[0];
        let start = store::now() - TimeDelta::days(100);
        let id = started(store, ash, start).await;
        let day = |days: i64| start + TimeDelta::days(days);
        posted(store, ash, id, day(1), Rag::Green).await;
        run(store, day(10)).await;
        assert_eq!(flags(store, id).await, []);
        run(store, day(30)).await;
        assert_eq!(flags(store, id).await, [FlagKind::Silent]);
        assert_eq!(run(store, day(31)).await.written, 0);
        posted(store, ash, id, day(32), Rag::Red).await;
        run(store, day(33)).await;
        assert_eq!(flags(store, id).await, []);
        posted(store, ash, id, day(40), Rag::Green).await;
        run(store, day(41)).await;
        assert_eq!(flags(store, id).await, [FlagKind::RisingRisk]);
        let stop = phase::Step {
            to: Phase::Stopped,
            reason: Some("No money"),
            on: None,
            seen: None,
        };
        store
            .write(async |conn| {
                let team = project::team(conn, id).await?;
                let granted = machine(ash).may_in(Action::LeadProject, &team)?;
                phase::change(conn, &granted, store::now(), id, stop).await
            })
            .await
            .unwrap();
        run(store, day(101)).await;
        assert_eq!(flags(store, id).await, []);
        let before = told(store, Some(ash)).await;
        run(store, day(400)).await;
        assert_eq!(told(store, Some(ash)).await, before);
    }
}
