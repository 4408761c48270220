//! What the reply clock tells the unit, and that it tells it once.

use crate::testing::small;
use crate::{JobInput, Silent, reply_clock};
use chrono::Days;
use domain::backing::{REPLY_DAYS, Willingness};
use domain::id::OrganisationId;
use domain::job::JobCounts;
use domain::policy::{About, Action, Granted, Role, Scopes, Viewer};
use domain::problem::NewText;
use store::Store;
use store::testing::TestStore;

fn own(body: OrganisationId, action: Action) -> Granted {
    let viewer = Viewer::Token {
        id: store::fresh(),
        name: "test".to_owned(),
        role: Role::Editor,
        organisation: Some(body),
        scopes: Scopes::new([domain::policy::Scope::Projects]).unwrap(),
        membership: None,
    };
    viewer.may(action, About::Organisation(body)).unwrap()
}

async fn run(store: &Store, days: u64) -> JobCounts {
    let input = JobInput {
        as_of: store::now().date() + Days::new(days),
        known_at: store::now(),
    };
    (reply_clock::JOB.run)(store, input, &Silent).await.unwrap()
}

#[tokio::test]
async fn the_unit_is_told_once_of_each_body_that_waits() {
    for test in TestStore::each().await {
        let store = &test.store;
        let bodies = small(store).await.bodies;
        let text = NewText {
            title: "Bins".to_owned(),
            summary: "Missed.".to_owned(),
            ..NewText::default()
        };
        let raise = own(bodies[0], Action::RaiseProblem);
        let problem = store
            .write(async |conn| {
                let owner = Some(bodies[0]);
                store::revision::raise(conn, &raise, store::now(), owner, &text).await
            })
            .await
            .unwrap();
        for body in &bodies[1..4] {
            let granted = own(*body, Action::BackProblem);
            let (pair, said) = ((problem.id, *body), (Willingness::Test, None));
            store
                .write(async |conn| {
                    store::backing::back(conn, &granted, store::now(), pair, said).await
                })
                .await
                .unwrap();
        }
        let days = REPLY_DAYS as u64;
        assert_eq!(run(store, days).await, JobCounts::default());
        let told = run(store, days + 1).await;
        assert_eq!((told.read, told.written, told.unchanged), (3, 3, 0));
        assert_eq!(run(store, days + 1).await, JobCounts::default());
        let mut conn = store.read().await.unwrap();
        let notices = store::notice::of(&mut conn, None, 10).await.unwrap();
        assert_eq!(notices.len(), 3);
    }
}
