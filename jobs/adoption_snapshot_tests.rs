//! The nightly figures of a sector that can be counted by hand.

use crate::testing::{Small, at, day, say, small};
use crate::{JobInput, Progress, Silent, adoption_snapshot};
use domain::adoption::AdoptionState::{Adopted, Declined, Exempt};
use domain::id::StandardId;
use domain::job::JobCounts;
use std::sync::atomic::{AtomicU64, Ordering};
use store::Store;
use store::page::Page;
use store::snapshot::{self, Snapshot};
use store::testing::TestStore;

const KNOWN: &str = "2025-07-01T01:15:00";

/// Of the councils Ash adopted, Birch declined and Cedar is exempt; of Dale nothing is known. The unapplied standard
/// was adopted by Ash.
async fn told(store: &Store) -> Small {
    let small = small(store).await;
    let (said, known) = (day("2025-01-01"), at("2025-02-01T00:00:00"));
    for (body, state) in [(0, Adopted), (1, Declined), (2, Exempt)] {
        say(store, small.applied, small.bodies[body], state, said, known).await;
    }
    say(
        store,
        small.unapplied,
        small.bodies[0],
        Adopted,
        said,
        known,
    )
    .await;
    small
}

async fn run(store: &Store, as_of: &str, known_at: &str) -> JobCounts {
    let input = JobInput {
        as_of: day(as_of),
        known_at: at(known_at),
    };
    (adoption_snapshot::JOB.run)(store, input, &Silent)
        .await
        .unwrap()
}

async fn kept(store: &Store, standard: StandardId) -> Vec<Snapshot> {
    let mut conn = store.read().await.unwrap();
    snapshot::page(&mut conn, standard, &Page::first(10))
        .await
        .unwrap()
        .rows
}

fn counts(read: i64, written: i64, unchanged: i64) -> JobCounts {
    JobCounts {
        read,
        written,
        unchanged,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_figures_are_those_counted_by_hand_of_the_whole_and_by_group() {
    // Eligible are four councils: not Elm, which has closed, nor Firth, which is no council. Adopted 1 of 4 - 1 that
    // are bound; by population 100 of 600 - 200. Of Dale the population is not known.
    let states = r#""states":[{"state":"UNKNOWN","organisations":1,"population":0},{"state":"ADOPTED","organisations":1,"population":100},{"state":"DECLINED","organisations":1,"population":300},{"state":"EXEMPT","organisations":1,"population":200}]"#;
    let sector = format!(
        r#""eligible":4,"adopted":1,"exempt":1,"unknown":1,"population":600,"rate":0.3333333333333333,"coverage":0.25,{states}"#
    );
    let cedar = r#""eligible":1,"adopted":0,"exempt":1,"unknown":0,"population":200,"rate":null,"coverage":null,"states":[{"state":"EXEMPT","organisations":1,"population":200}]"#;
    let dale = r#""eligible":1,"adopted":0,"exempt":0,"unknown":1,"population":0,"rate":0.0,"coverage":null,"states":[{"state":"UNKNOWN","organisations":1,"population":0}]"#;
    let ash_and_birch = r#""eligible":2,"adopted":1,"exempt":0,"unknown":0,"population":400,"rate":0.5,"coverage":0.25,"states":[{"state":"ADOPTED","organisations":1,"population":100},{"state":"DECLINED","organisations":1,"population":300}]"#;
    let england = r#""eligible":3,"adopted":1,"exempt":0,"unknown":1,"population":400,"rate":0.3333333333333333,"coverage":0.25,"states":[{"state":"UNKNOWN","organisations":1,"population":0},{"state":"ADOPTED","organisations":1,"population":100},{"state":"DECLINED","organisations":1,"population":300}]"#;
    let groups = [
        // Ash left the family before the day.
        format!(r#"{{"group":"family-of-trees","name":"Trees","kind":"FAMILY",{cedar}}}"#),
        format!(r#"{{"group":"kind-council","name":"Councils","kind":"KIND",{sector}}}"#),
        format!(r#"{{"group":"nation-england","name":"England","kind":"NATION",{england}}}"#),
        format!(r#"{{"group":"nation-wales","name":"Wales","kind":"NATION",{cedar}}}"#),
        format!(
            r#"{{"group":"region-north-west","name":"North West","kind":"REGION",{ash_and_birch}}}"#
        ),
        format!(r#"{{"group":"region-south-east","name":"South East","kind":"REGION",{dale}}}"#),
        format!(r#"{{"group":"tier-county","name":"County councils","kind":"TIER",{dale}}}"#),
        format!(
            r#"{{"group":"tier-district","name":"District councils","kind":"TIER",{ash_and_birch}}}"#
        ),
        format!(r#"{{"group":"tier-welsh","name":"Welsh councils","kind":"TIER",{cedar}}}"#),
    ];
    let head = r#""method":"adoption","version":1,"asOf":"2025-06-30","view":"AS_THEY_WERE","succession":"OWN_ONLY""#;
    let expected = format!(
        r#"{{{head},"whole":{{{sector}}},"groups":[{}]}}"#,
        groups.join(",")
    );
    for test in TestStore::each().await {
        let small = told(&test.store).await;
        assert_eq!(run(&test.store, "2025-06-30", KNOWN).await, counts(2, 2, 0));
        let [row] = kept(&test.store, small.applied).await.try_into().unwrap();
        assert_eq!(row.body, expected);
        assert_eq!(
            (row.eligible, row.adopted, row.exempt, row.unknown),
            (4, 1, 1, 1)
        );
        assert_eq!((row.method.as_str(), row.method_version), ("adoption", 1));
        assert_eq!((row.as_of, row.known_at), (day("2025-06-30"), at(KNOWN)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_standard_that_applies_to_nobody_is_kept_without_a_rate() {
    for test in TestStore::each().await {
        let small = told(&test.store).await;
        run(&test.store, "2025-06-30", KNOWN).await;
        let [row] = kept(&test.store, small.unapplied).await.try_into().unwrap();
        assert_eq!((row.eligible, row.adopted), (0, 0));
        assert!(row.body.contains(r#""rate":null"#), "{}", row.body);
        assert!(row.body.ends_with(r#""groups":[]}"#), "{}", row.body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_run_writes_nothing_and_a_figure_that_changed_stands_beside_the_old_one() {
    for test in TestStore::each().await {
        let (store, small) = (&test.store, told(&test.store).await);
        assert_eq!(run(store, "2025-06-30", KNOWN).await, counts(2, 2, 0));
        let before = kept(store, small.applied).await;
        assert_eq!(run(store, "2025-06-30", KNOWN).await, counts(2, 0, 2));
        // The same figure, though known later.
        assert_eq!(
            run(store, "2025-06-30", "2025-07-02T00:00:00").await,
            counts(2, 0, 2)
        );
        assert_eq!(kept(store, small.applied).await, before);

        let dale = small.bodies[3];
        say(
            store,
            small.applied,
            dale,
            Adopted,
            day("2025-06-01"),
            at("2025-07-03T00:00:00"),
        )
        .await;
        assert_eq!(
            run(store, "2025-06-30", "2025-07-04T00:00:00").await,
            counts(2, 1, 1)
        );
        // What was known before it is still the same, however late it is asked.
        assert_eq!(run(store, "2025-06-30", KNOWN).await, counts(2, 0, 2));
        let [new, old] = kept(store, small.applied).await.try_into().unwrap();
        assert_eq!([old], before.as_slice());
        assert_eq!((new.adopted, new.unknown), (2, 0));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn progress_hears_of_every_standard_that_is_used() {
    #[derive(Default)]
    struct Heard {
        total: AtomicU64,
        steps: AtomicU64,
    }
    impl Progress for Heard {
        fn total(&self, steps: u64) {
            self.total.fetch_add(steps, Ordering::SeqCst);
        }
        fn step(&self) {
            self.steps.fetch_add(1, Ordering::SeqCst);
        }
    }
    let test = TestStore::sqlite().await;
    told(&test.store).await;
    let heard = Heard::default();
    let input = JobInput {
        as_of: day("2025-06-30"),
        known_at: at(KNOWN),
    };
    (adoption_snapshot::JOB.run)(&test.store, input, &heard)
        .await
        .unwrap();
    assert_eq!((heard.total.into_inner(), heard.steps.into_inner()), (2, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_said_after_the_cut_off_does_not_make_a_standard_used() {
    for test in TestStore::each().await {
        told(&test.store).await;
        assert_eq!(
            run(&test.store, "2025-06-30", "2025-01-31T00:00:00").await,
            counts(1, 1, 0)
        );
    }
}
