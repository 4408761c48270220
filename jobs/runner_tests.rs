//! The runner: each slot is done once, whatever happens to whoever does it.

use crate::run::Limits;
use crate::testing::{LIMITS, ask, at, claim, day, ended, info, runs, say, small, stood};
use crate::{ALL, CatchUp, Job, Runner, Silent, day_ended, due_slots, run_by_hand};
use chrono::{NaiveDateTime, TimeDelta};
use domain::Error;
use domain::adoption::AdoptionState::Adopted;
use domain::job::{JobCounts, JobRunState};
use domain::policy::Viewer;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use store::page::Page;
use store::testing::TestStore;
use store::{Store, job_run, snapshot};
use tokio::sync::Semaphore;

const WELL: Job = Job {
    info: info("well"),
    catch_up: CatchUp::Every,
    run: |_, _, _| Box::pin(async { Ok(JobCounts::default()) }),
};

async fn start(store: &Store, jobs: &'static [Job]) -> Runner {
    Runner::start_with(store.clone(), jobs, LIMITS)
        .await
        .unwrap()
}

/// The slots of the daily test job of the last `days` days.
fn slots(days: i64) -> Vec<NaiveDateTime> {
    due_slots(
        &WELL.info,
        store::now() - TimeDelta::days(days),
        store::now(),
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_queued_request_is_taken_by_a_running_runner() {
    for test in TestStore::each().await {
        small(&test.store).await;
        let runner = Runner::start(test.store.clone()).await.unwrap();
        ask(&test.store, "adoption_snapshot", store::now()).await;
        let runs = ended(&test.store, 1).await;
        assert_eq!(
            (runs[0].state, runs[0].written_rows),
            (JobRunState::Done, Some(1))
        );
        assert_eq!(
            (runs[0].requested_by.as_str(), runs[0].as_of),
            ("operator", day("2025-06-30"))
        );
        runner.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_runners_on_one_database_do_each_missed_slot_once() {
    static DONE: AtomicUsize = AtomicUsize::new(0);
    static JOBS: &[Job] = &[Job {
        run: |_, _, _| {
            DONE.fetch_add(1, Ordering::SeqCst);
            Box::pin(async { Ok(JobCounts::default()) })
        },
        ..WELL
    }];
    for test in TestStore::each().await {
        DONE.store(0, Ordering::SeqCst);
        let other = Store::open(test.store.url()).await.unwrap();
        let slots = slots(10);
        stood(&test.store, &JOBS[0], slots[0]).await;
        let (one, two) = (start(&test.store, JOBS).await, start(&other, JOBS).await);
        let runs = ended(&test.store, slots.len()).await;
        one.stop().await;
        two.stop().await;
        let done: Vec<_> = runs.iter().map(|run| run.slot).collect();
        assert_eq!(done[..slots.len()], slots);
        for run in &runs[1..] {
            assert_eq!((run.state, run.attempt), (JobRunState::Done, 1));
            assert_eq!(run.requested_by, "job:well");
            assert_eq!(Some(run.as_of), day_ended(&WELL.info, run.slot));
        }
        assert_eq!(DONE.load(Ordering::SeqCst), runs.len() - 1);
        other.close();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn missed_slots_are_made_up_for_as_each_job_says() {
    static JOBS: &[Job] = &[
        WELL,
        Job {
            info: info("newest"),
            catch_up: CatchUp::Latest,
            ..WELL
        },
        Job {
            info: info("brand_new"),
            ..WELL
        },
    ];
    for test in TestStore::each().await {
        let slots = slots(30);
        stood(&test.store, &JOBS[0], slots[0]).await;
        stood(&test.store, &JOBS[1], slots[0]).await;
        let runner = start(&test.store, JOBS).await;
        let runs = ended(&test.store, 2 + 14 + 1).await;
        runner.stop().await;
        let of = |job: &str| -> Vec<_> {
            runs.iter()
                .filter(|run| run.job == job)
                .map(|run| run.slot)
                .collect()
        };
        assert_eq!(
            of("well"),
            [&slots[..1], &slots[slots.len() - 14..]].concat()
        );
        assert_eq!(of("newest"), [slots[0], slots[slots.len() - 1]]);
        assert!(of("brand_new").is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_whose_runner_died_is_taken_over_when_its_lease_has_run_out() {
    for test in TestStore::each().await {
        let (dead, held) = (at("2026-01-01T00:00:00"), at("2026-01-02T00:00:00"));
        let run = ask(&test.store, "well", dead).await;
        claim(
            &test.store,
            &run,
            store::now() - TimeDelta::hours(1),
            TimeDelta::minutes(5),
        )
        .await
        .unwrap();
        let run = ask(&test.store, "well", held).await;
        let alive = claim(&test.store, &run, store::now(), TimeDelta::minutes(5))
            .await
            .unwrap();
        let runner = start(&test.store, &[WELL]).await;
        let last = ask(&test.store, "well", at("2026-01-03T00:00:00")).await;
        let finished = async |slot| {
            runs(&test.store)
                .await
                .into_iter()
                .find(|run| run.slot == slot)
                .unwrap()
        };
        tokio::time::timeout(Duration::from_secs(30), async {
            while finished(last.slot).await.state != JobRunState::Done {
                tokio::task::yield_now().await;
            }
        })
        .await
        .expect("the last run to be done");
        runner.stop().await;
        let taken_over = finished(dead).await;
        assert_eq!(
            (taken_over.state, taken_over.attempt),
            (JobRunState::Done, 2)
        );
        assert_eq!(finished(held).await, alive);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_takes_every_runner_down_with_it_is_given_up() {
    static DONE: AtomicUsize = AtomicUsize::new(0);
    static JOBS: &[Job] = &[Job {
        run: |_, _, _| {
            DONE.fetch_add(1, Ordering::SeqCst);
            Box::pin(async { Ok(JobCounts::default()) })
        },
        ..WELL
    }];
    let test = TestStore::sqlite().await;
    let run = ask(&test.store, "well", at("2026-01-01T00:00:00")).await;
    for hours in (1..=5).rev() {
        let long_ago = store::now() - TimeDelta::hours(hours);
        claim(&test.store, &run, long_ago, TimeDelta::minutes(5))
            .await
            .unwrap();
    }
    let runner = start(&test.store, JOBS).await;
    let runs = ended(&test.store, 1).await;
    runner.stop().await;
    assert_eq!(runs[0].state, JobRunState::Failed);
    assert!(runs[0].error.as_ref().unwrap().contains("given up"));
    assert_eq!(DONE.load(Ordering::SeqCst), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn jobs_that_fail_or_panic_stop_neither_the_others_nor_the_runner() {
    static JOBS: &[Job] = &[
        Job {
            info: info("panicking"),
            run: |_, _, _| Box::pin(async { panic!("a job of a test") }),
            ..WELL
        },
        Job {
            info: info("panicking_early"),
            run: |_, _, _| panic!("a job of a test, before its first step"),
            ..WELL
        },
        Job {
            info: info("failing"),
            run: |_, _, _| Box::pin(async { Err(Error::internal("a job of a test")) }),
            ..WELL
        },
        WELL,
    ];
    for test in TestStore::each().await {
        for job in JOBS {
            ask(&test.store, job.info.name, at("2026-01-01T00:00:00")).await;
        }
        let runner = start(&test.store, JOBS).await;
        let states = async |count| -> Vec<_> {
            let runs = ended(&test.store, count).await;
            runs.into_iter().map(|run| (run.job, run.state)).collect()
        };
        let failed = |name: &str| (name.to_owned(), JobRunState::Failed);
        let done = ("well".to_owned(), JobRunState::Done);
        let all = [
            failed("failing"),
            failed("panicking"),
            failed("panicking_early"),
            done.clone(),
        ];
        assert_eq!(states(4).await, all);
        ask(&test.store, "well", at("2026-01-02T00:00:00")).await;
        assert_eq!(states(5).await[4], done);
        runner.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn stopping_waits_for_the_run_in_hand_and_takes_no_other() {
    static BEGUN: Semaphore = Semaphore::const_new(0);
    static END: Semaphore = Semaphore::const_new(0);
    static JOBS: &[Job] = &[Job {
        run: |_, _, _| {
            Box::pin(async {
                BEGUN.add_permits(1);
                END.acquire().await.unwrap().forget();
                Ok(JobCounts::default())
            })
        },
        ..WELL
    }];
    for test in TestStore::each().await {
        ask(&test.store, "well", at("2026-01-01T00:00:00")).await;
        let next = ask(&test.store, "well", at("2026-01-02T00:00:00")).await;
        let runner = start(&test.store, JOBS).await;
        BEGUN.acquire().await.unwrap().forget();
        let stopping = tokio::spawn(runner.stop());
        assert_eq!(runs(&test.store).await[1].state, JobRunState::Running);
        END.add_permits(1);
        stopping.await.unwrap();
        let runs = runs(&test.store).await;
        assert_eq!(runs[1].state, JobRunState::Done);
        assert_eq!(runs[0], next);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_does_not_end_is_let_go_for_another_copy_to_begin_again() {
    static BEGUN: Semaphore = Semaphore::const_new(0);
    static JOBS: &[Job] = &[Job {
        run: |_, _, _| {
            BEGUN.add_permits(1);
            Box::pin(std::future::pending())
        },
        ..WELL
    }];
    for test in TestStore::each().await {
        ask(&test.store, "well", at("2026-01-01T00:00:00")).await;
        let limits = Limits {
            grace: Duration::from_millis(50),
            ..LIMITS
        };
        let runner = Runner::start_with(test.store.clone(), JOBS, limits)
            .await
            .unwrap();
        BEGUN.acquire().await.unwrap().forget();
        tokio::time::timeout(Duration::from_secs(20), runner.stop())
            .await
            .expect("a runner that stops");
        let mut conn = test.store.read().await.unwrap();
        let waiting = job_run::waiting(&mut conn, store::now()).await.unwrap();
        assert_eq!(waiting.len(), 1);
        assert_eq!(
            (waiting[0].state, waiting[0].attempt),
            (JobRunState::Running, 1)
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_late_slot_gives_the_figures_as_they_were_known_at_the_slot() {
    for test in TestStore::each().await {
        let (store, small) = (&test.store, small(&test.store).await);
        let slots = due_slots(
            &ALL[0].info,
            store::now() - TimeDelta::days(3),
            store::now(),
        );
        let (missed, of_day) = (slots[1], day_ended(&ALL[0].info, slots[1]).unwrap());
        stood(store, &ALL[0], slots[0]).await;
        let hour = TimeDelta::hours(1);
        say(
            store,
            small.applied,
            small.bodies[0],
            Adopted,
            of_day,
            missed - hour,
        )
        .await;
        say(
            store,
            small.applied,
            small.bodies[1],
            Adopted,
            of_day,
            missed + hour,
        )
        .await;

        let runner = Runner::start(store.clone()).await.unwrap();
        ended(store, slots.len()).await;
        runner.stop().await;
        let kept = async || {
            let mut conn = store.read().await.unwrap();
            let rows = snapshot::page(&mut conn, small.applied, &Page::first(10))
                .await
                .unwrap()
                .rows;
            let of_day = rows.into_iter().filter(|row| row.as_of == of_day);
            of_day
                .map(|row| (row.known_at, row.adopted))
                .collect::<Vec<_>>()
        };
        assert_eq!(kept().await, [(missed, 1)]);
        // The same day as known now stands beside it.
        let run = run_by_hand(
            store,
            &Viewer::Operator,
            "adoption_snapshot",
            Some(of_day),
            &Silent,
        )
        .await
        .unwrap();
        assert_eq!(kept().await, [(run.slot, 2), (missed, 1)]);
    }
}
