//! What must hold of adoption events from files.

use crate::testing::{
    BODIES, attempt, body, changes, counts, day, import, now, options, reasons, sector,
};
use crate::{Kind, Options};
use chrono::Days;
use domain::adoption::{AdoptionState, EvidenceGrade, Standing};
use store::adoption::{self, AdoptionEvent};
use store::testing::TestStore;
use store::{Store, standard};

const DATASETS: &str =
    "dataset,name,phase,start-date,end-date\ntrees,Trees,live,,\nlog,Log,live,,\n";
const SOURCES: &str = "\
organisation,endpoint,entry-date,documentation-url,collection
local-authority:CCC,e1,2021-05-05T10:00:00Z,,trees
local-authority:CCC,e2,2021-03-03,https://example.org/second,trees
local-authority:CCC,e0,2020-02-02T01:02:03.456Z, ,trees
local-authority:CCC,,2018-01-01,https://example.org/placeholder,trees
local-authority:CCC,e3,2022-01-01,,log
local-authority:AAA,e4,2020-01-01,https://example.org/late,trees
local-authority:ZCA,e5,2019-01-01,not a link,trees
";

async fn events(store: &Store, slug: &str) -> Vec<AdoptionEvent> {
    let mut conn = store.read().await.unwrap();
    let standard = standard::by_slug(&mut conn, slug).await.unwrap().unwrap();
    let source = format!("planning data: sources of {slug}");
    let current = adoption::of_source(&mut conn, standard.id, &source)
        .await
        .unwrap();
    let mut current: Vec<_> = current.into_values().collect();
    current.sort_by_key(|event| event.effective_on);
    current
}

async fn of_source(store: &Store, slug: &str, source: &str) -> AdoptionEvent {
    let mut conn = store.read().await.unwrap();
    let standard = standard::by_slug(&mut conn, slug).await.unwrap().unwrap();
    let found = adoption::of_source(&mut conn, standard.id, source)
        .await
        .unwrap();
    found
        .into_values()
        .next()
        .unwrap_or_else(|| panic!("nothing of {source}"))
}

#[tokio::test]
async fn the_first_source_with_an_endpoint_is_the_adoption() {
    for test in TestStore::each().await {
        let store = &test.store;
        import(store, Kind::Organisations, BODIES).await;
        import(store, Kind::Standards, DATASETS).await;
        let report = import(store, Kind::Provided, SOURCES).await;
        assert_eq!((counts(&report), report.noted), ([7, 4, 0, 2, 1], 2));
        assert_eq!(
            reasons(&report),
            [
                ("after the body closed", 1),
                ("before the body opened", 1),
                ("placeholder without an endpoint is not adoption", 1)
            ]
        );
        let trees = events(store, "trees").await;
        assert_eq!(trees.len(), 3);
        let cedar = trees
            .iter()
            .find(|event| event.effective_on == day("2020-02-02"))
            .unwrap();
        assert_eq!(cedar.organisation_id, body(store, "CCC").await.id);
        assert_eq!(
            (cedar.state, cedar.grade),
            (AdoptionState::Adopted, EvidenceGrade::AutomaticCheck)
        );
        assert_eq!(
            (cedar.standing, cedar.expires_on),
            (Standing::Confirmed, None)
        );
        // The first row has no documentation: that of the next one that has.
        assert_eq!(
            cedar.evidence_url.as_deref(),
            Some("https://example.org/second")
        );
        assert_eq!(
            trees
                .iter()
                .find(|event| event.effective_on == day("2019-01-01"))
                .unwrap()
                .evidence_url,
            None
        );
        let before = changes(store).await;
        let again = import(store, Kind::Provided, SOURCES).await;
        assert_eq!((counts(&again), again.noted), ([7, 0, 0, 6, 1], 2));
        assert_eq!(changes(store).await, before);
    }
}

#[tokio::test]
async fn another_first_date_corrects_the_event_and_never_doubles_it() {
    for test in TestStore::each().await {
        let store = &test.store;
        import(store, Kind::Organisations, BODIES).await;
        import(store, Kind::Standards, DATASETS).await;
        let mut corrected = None;
        // There and back again, which must not meet the first event's key.
        for (n, date) in ["2020-02-02", "2020-01-15", "2020-02-02"]
            .into_iter()
            .enumerate()
        {
            let text = SOURCES.replace("2020-02-02T01:02:03.456Z", date);
            let later = Options {
                now: now() + Days::new(n as u64),
                ..options()
            };
            let report = attempt(store, Kind::Provided, &text, &later).await.unwrap();
            let expected = if n == 0 {
                [7, 4, 0, 2, 1]
            } else {
                [7, 0, 1, 5, 1]
            };
            assert_eq!(counts(&report), expected, "{date}");
            let current = events(store, "trees").await;
            assert_eq!(current.len(), 3);
            let cedar = body(store, "CCC").await.id;
            let event = current
                .into_iter()
                .find(|event| event.organisation_id == cedar)
                .unwrap();
            assert_eq!(
                (event.effective_on, event.corrects_id),
                (day(date), corrected)
            );
            corrected = Some(event.id);
        }
    }
}

#[tokio::test]
async fn faulty_sources_are_left_out_with_the_reason() {
    let rows = [
        (
            "local-authority:CCC,e,2020-13-01,,trees",
            "bad `entry-date`",
        ),
        ("local-authority:CCC,e,,,trees", "blank `entry-date`"),
        (
            "local-authority:CCC,e,2026-11-25,,trees",
            "`entry-date` in the future",
        ),
        (
            "local-authority:CCC,e,2020-01-01,,shrubs",
            "unknown standard",
        ),
        (
            "national-park-authority:CCC,e,2020-01-01,,trees",
            "unknown body",
        ),
        (",e,2020-01-01,,trees", "blank `organisation`"),
    ];
    for test in TestStore::each().await {
        import(&test.store, Kind::Organisations, BODIES).await;
        import(&test.store, Kind::Standards, DATASETS).await;
        for (row, class) in rows {
            let text =
                format!("organisation,endpoint,entry-date,documentation-url,collection\n{row}\n");
            let report = import(&test.store, Kind::Provided, &text).await;
            assert_eq!(
                (counts(&report), reasons(&report)),
                ([1, 0, 0, 0, 1], vec![(class, 1)]),
                "{row}"
            );
        }
    }
}

const HEADER: &str = "organisation,standard,state,effective_on,expires_on,grade,standing,evidence_url,checked_on,\
                      source,note,version\n";

#[tokio::test]
async fn plain_events_are_claims_unless_they_are_the_body_s_own_publication() {
    let rows = "CCC,tree-data,ADOPTED,2022-01-01,,,,,,Survey,,\n\
                register:CCC,tree-data,adopted,2022-01-01,2030-01-01,document,confirmed,https://example.org/c,2022-02-02,Own page,Said so,2.0\n\
                cedar-council,plain-words,EXEMPT,2022-01-01,,,,,,Letter,,\n\
                AAA,plain-words,PLEDGED,2021-01-01,,,,,,,,\n";
    for test in TestStore::each().await {
        let store = &test.store;
        sector(store).await;
        let text = format!("{HEADER}{rows}");
        let report = import(store, Kind::Adoptions, &text).await;
        assert_eq!(
            (counts(&report), reasons(&report)),
            ([4, 4, 0, 0, 0], vec![("after the body closed", 1)])
        );

        let claim = of_source(store, "tree-data", "Survey").await;
        assert_eq!(
            (claim.standing, claim.grade),
            (Standing::Claimed, EvidenceGrade::SelfDeclared)
        );
        // Six months, as the standard says, after it began: the day of the import does not count.
        assert_eq!(claim.expires_on, Some(day("2022-07-01")));
        let own = of_source(store, "tree-data", "Own page").await;
        assert_eq!(
            (own.standing, own.grade),
            (Standing::Confirmed, EvidenceGrade::Document)
        );
        assert_eq!(
            (own.expires_on, own.checked_on),
            (Some(day("2030-01-01")), Some(day("2022-02-02")))
        );
        assert_eq!(
            (own.note.as_deref(), own.version_label.as_deref()),
            (Some("Said so"), Some("2.0"))
        );
        assert_eq!(
            of_source(store, "plain-words", "Letter").await.expires_on,
            None
        );
        assert_eq!(
            of_source(store, "plain-words", "test.csv").await.state,
            AdoptionState::Pledged
        );

        let before = changes(store).await;
        let later = Options {
            now: now() + Days::new(30),
            ..options()
        };
        let again = attempt(store, Kind::Adoptions, &text, &later)
            .await
            .unwrap();
        assert_eq!(
            counts(&again),
            [4, 0, 0, 4, 0],
            "a later day changes nothing that stands"
        );
        assert_eq!(changes(store).await, before);
    }
}

#[tokio::test]
async fn faulty_events_are_left_out_with_the_reason() {
    let rows = [
        ("CCC,tree-data,PLEDGED,2022-01-01,,,,,,x,,", "duplicate row"),
        (
            "E06000003,tree-data,pledged,2022-01-01 ,,self-declared,claimed,,,x,,",
            "duplicate row",
        ),
        ("QQQ,tree-data,PLEDGED,2022-01-01,,,,,,,,", "unknown body"),
        ("CCC,shrubs,PLEDGED,2022-01-01,,,,,,,,", "unknown standard"),
        ("CCC,tree-data,DONE,2022-01-01,,,,,,,,", "bad `state`"),
        ("CCC,tree-data,PLEDGED,,,,,,,,,", "blank `effective_on`"),
        (
            "CCC,tree-data,PLEDGED,2026-11-25,,,,,,,,",
            "bad `effective_on`",
        ),
        (
            "CCC,tree-data,PLEDGED,2022-01-01,2023-01-01,,,,,,,",
            "bad `expires_on`",
        ),
        (
            "CCC,tree-data,ADOPTED,2022-01-01,2022-01-01,,,,,,,",
            "bad `expires_on`",
        ),
        (
            "CCC,tree-data,ADOPTED,2022-01-01,,DOCUMENT,,,,,,",
            "bad `evidence_url`",
        ),
        (
            "CCC,tree-data,ADOPTED,2022-01-01,,,,ftp://x,,,,",
            "bad `evidence_url`",
        ),
        (
            "CCC,tree-data,ADOPTED,2022-01-01,,,CONFIRMED,https://x.example,,,,",
            "CONFIRMED without the body's own publication",
        ),
        (
            "CCC,tree-data,ADOPTED,2022-01-01,,,CONFIRMED,,,Page,,",
            "CONFIRMED without the body's own publication",
        ),
        (
            "CCC,tree-data,ADOPTED,2022-01-01,,,CONTESTED,,,,,",
            "CONTESTED is not for files",
        ),
    ];
    for test in TestStore::each().await {
        sector(&test.store).await;
        for (row, class) in rows {
            let text = format!("{HEADER}CCC,tree-data,PLEDGED,2022-01-01,,,,,,x,,\n{row}\n");
            let dry = Options {
                dry_run: true,
                ..options()
            };
            let report = attempt(&test.store, Kind::Adoptions, &text, &dry)
                .await
                .unwrap();
            assert_eq!(
                (counts(&report), reasons(&report)),
                ([2, 1, 0, 0, 1], vec![(class, 1)]),
                "{row}"
            );
        }
        // Found a chunk later too.
        let mut text = String::from(HEADER);
        for n in (0..900).chain([0]) {
            text.push_str(&format!(
                "CCC,tree-data,PLEDGED,2022-01-01,,,,,,x,note {n},\n"
            ));
        }
        let report = import(&test.store, Kind::Adoptions, &text).await;
        assert_eq!(
            (counts(&report), reasons(&report)),
            ([901, 900, 0, 0, 1], vec![("duplicate row", 1)])
        );
    }
}
