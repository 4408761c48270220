//! One run: what it leaves in the record however it ends.

use crate::run::{Limits, perform, run_one_of};
use crate::testing::{LIMITS, ask, at, claim, info, runs, small};
use crate::{CatchUp, Job, Silent, run_by_hand};
use chrono::TimeDelta;
use domain::Error;
use domain::job::{JobCounts, JobRunState};
use domain::policy::Viewer;
use futures_util::future::join_all;
use std::time::Duration;
use store::job_run;
use store::testing::TestStore;

const COUNTS: JobCounts = JobCounts {
    read: 3,
    written: 2,
    unchanged: 1,
};

const WELL: Job = Job {
    info: info("well"),
    catch_up: CatchUp::Latest,
    run: |_, _, _| Box::pin(async { Ok(COUNTS) }),
};
const FAILING: Job = Job {
    info: info("failing"),
    run: |_, _, _| Box::pin(async { Err(Error::internal("the secret address")) }),
    ..WELL
};
const REFUSED: Job = Job {
    info: info("refused"),
    run: |_, _, _| Box::pin(async { Err(Error::not_found("standard", "x")) }),
    ..WELL
};
const PANICKING: Job = Job {
    info: info("panicking"),
    run: |_, _, _| Box::pin(async { panic!("the secret address") }),
    ..WELL
};
const ENDLESS: Job = Job {
    info: info("endless"),
    run: |_, _, _| Box::pin(std::future::pending()),
    ..WELL
};
/// Ends when its lease was prolonged twice.
const LONG: Job = Job {
    info: info("long"),
    run: |store, _, _| {
        Box::pin(async {
            let mut seen = Vec::new();
            while seen.len() < 3 {
                let lease = runs(store).await[0].lease_until;
                if seen.last() != Some(&lease) {
                    seen.push(lease);
                }
                tokio::task::yield_now().await;
            }
            Ok(COUNTS)
        })
    },
    ..WELL
};
/// Lets its own lease run out and is taken over.
const ROBBED: Job = Job {
    info: info("robbed"),
    run: |store, _, _| {
        Box::pin(async {
            let run = runs(store).await.remove(0);
            let later = store::now() + TimeDelta::days(1);
            claim(store, &run, later, TimeDelta::days(1)).await.unwrap();
            std::future::pending().await
        })
    },
    ..WELL
};
const JOBS: &[Job] = &[WELL, FAILING, REFUSED, PANICKING, ENDLESS, LONG, ROBBED];

async fn by_hand(test: &TestStore, name: &str) -> domain::Result<job_run::JobRun> {
    run_one_of(JOBS, &test.store, &Viewer::Operator, name, None, &Silent).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_by_hand_is_in_the_record_like_any_other() {
    for test in TestStore::each().await {
        small(&test.store).await;
        let run = run_by_hand(
            &test.store,
            &Viewer::Operator,
            "adoption_snapshot",
            None,
            &Silent,
        )
        .await
        .unwrap();
        assert_eq!(runs(&test.store).await, std::slice::from_ref(&run));
        assert_eq!(run.state, JobRunState::Done);
        assert_eq!(
            (run.read_rows, run.written_rows, run.unchanged_rows),
            (Some(1), Some(1), Some(0))
        );
        assert_eq!(
            (run.requested_by.as_str(), run.attempt, run.error),
            ("operator", 1, None)
        );
        assert!(run.as_of < store::now().date());
        assert_eq!(run.lease_until, None);
        assert!(run.slot <= run.started_at.unwrap() && run.started_at <= run.finished_at);
        // Nothing has changed since: a second run keeps no second figure.
        let again = run_by_hand(
            &test.store,
            &Viewer::Operator,
            "adoption_snapshot",
            Some(run.as_of),
            &Silent,
        )
        .await;
        assert_eq!(again.unwrap().unchanged_rows, Some(1));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_or_asks_for_what_is_not_there_leaves_no_run() {
    let test = TestStore::sqlite().await;
    let error = by_hand(&test, "weekly").await.unwrap_err();
    assert_eq!(error.code(), "BAD_INPUT");
    assert!(
        error.to_string().contains("`weekly`") && error.to_string().contains("well, failing"),
        "{error}"
    );
    let ask = async |viewer: Viewer, as_of| {
        run_one_of(JOBS, &test.store, &viewer, "well", as_of, &Silent).await
    };
    assert_eq!(
        ask(Viewer::Anonymous, None).await.unwrap_err().code(),
        "UNAUTHENTICATED"
    );
    let later = store::now().date() + TimeDelta::days(2);
    let error = ask(Viewer::Operator, Some(later)).await.unwrap_err();
    assert!(error.to_string().starts_with("asOf: "), "{error}");
    assert!(runs(&test.store).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failure_is_told_in_full_to_the_caller_and_safely_in_the_record() {
    for test in TestStore::each().await {
        for (name, code, chain, row) in [
            (
                "failing",
                "INTERNAL",
                "the secret address",
                "reason inside the program",
            ),
            (
                "panicking",
                "INTERNAL",
                "panicked: the secret address",
                "reason inside the program",
            ),
            (
                "refused",
                "NOT_FOUND",
                "There is no standard `x`.",
                "There is no standard `x`.",
            ),
        ] {
            let error = by_hand(&test, name).await.unwrap_err();
            assert_eq!(error.code(), code);
            assert!(error.chain().contains(chain), "{}", error.chain());
            let run = runs(&test.store).await.remove(0);
            assert_eq!((run.job.as_str(), run.state), (name, JobRunState::Failed));
            assert_eq!((run.lease_until, run.read_rows), (None, None));
            let words = run.error.unwrap();
            assert!(words.contains(row) && !words.contains("secret"), "{words}");
            assert!(run.finished_at.is_some());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_takes_too_long_is_stopped() {
    for test in TestStore::each().await {
        let run = ask(&test.store, "endless", at("2026-01-01T00:00:00")).await;
        let run = claim(&test.store, &run, store::now(), LIMITS.lease())
            .await
            .unwrap();
        let limits = Limits {
            run: Duration::from_millis(20),
            ..LIMITS
        };
        let error = perform(&test.store, &ENDLESS, &run, &limits, &Silent)
            .await
            .unwrap_err();
        assert!(error.to_string().contains("stopped"), "{error}");
        assert_eq!(runs(&test.store).await[0].state, JobRunState::Failed);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_lease_of_a_long_run_is_prolonged_while_it_works() {
    for test in TestStore::each().await {
        let run = ask(&test.store, "long", at("2026-01-01T00:00:00")).await;
        let limits = Limits {
            lease: Duration::from_millis(300),
            ..LIMITS
        };
        let run = claim(&test.store, &run, store::now(), limits.lease())
            .await
            .unwrap();
        let done = perform(&test.store, &LONG, &run, &limits, &Silent);
        let done = tokio::time::timeout(Duration::from_secs(30), done)
            .await
            .expect("a lease that is prolonged");
        assert_eq!(done.unwrap(), COUNTS);
        let run = runs(&test.store).await.remove(0);
        assert_eq!(
            (run.state, run.attempt, run.lease_until),
            (JobRunState::Done, 1, None)
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_was_taken_over_stops_and_leaves_the_record_to_the_other() {
    for test in TestStore::each().await {
        let run = ask(&test.store, "robbed", at("2026-01-01T00:00:00")).await;
        let limits = Limits {
            lease: Duration::from_millis(300),
            ..LIMITS
        };
        let run = claim(&test.store, &run, store::now(), limits.lease())
            .await
            .unwrap();
        let ended = perform(&test.store, &ROBBED, &run, &limits, &Silent);
        let ended = tokio::time::timeout(Duration::from_secs(30), ended)
            .await
            .expect("a run that notices");
        assert_eq!(ended.unwrap_err().code(), "CONFLICT");
        let run = runs(&test.store).await.remove(0);
        assert_eq!(
            (run.state, run.attempt, run.error),
            (JobRunState::Running, 2, None)
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_twenty_that_claim_a_run_at_once_one_gets_it() {
    for test in TestStore::each().await {
        for round in 0..3 {
            let run = ask(
                &test.store,
                "well",
                at("2026-01-01T00:00:00") + TimeDelta::days(round),
            )
            .await;
            let claims = (0..20).map(|_| {
                let (store, run) = (test.store.clone(), run.clone());
                tokio::spawn(async move { claim(&store, &run, store::now(), LIMITS.lease()).await })
            });
            let taken: Vec<_> = join_all(claims)
                .await
                .into_iter()
                .filter_map(Result::unwrap)
                .collect();
            assert_eq!(taken.len(), 1);
            assert_eq!(taken[0].attempt, 1);
        }
    }
}
