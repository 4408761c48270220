//! What must hold of standards and provisions from files.

use crate::testing::{
    BODIES, STANDARDS, attempt, body, changes, counts, day, import, options, reasons, sector,
};
use crate::{Kind, Options};
use domain::provision::{ProvisionReason, Target};
use domain::standard::StandardStage::{
    Deprecated, Proposed, Recommended, Required, Trial, Withdrawn,
};
use store::provision::Provision;
use store::standard::{self, Standard};
use store::testing::TestStore;
use store::{Store, check, provision};

const SPECIFICATIONS: &str = "\
specification,name,description,specification-status,documentation-url,start-date,end-date,datasets
trees,Trees,All trees,open-standard,https://example.org/trees,2020-01-01,,trees;tree
plan,Plan,,candidate-standard,none,,,plan-log
gone,Gone,,withdrawn,,,2021-06-01,
later,Later,,open-standard,,2031-01-01,2032-01-01,
";
const DATASETS: &str = "\
dataset,name,text,description,phase,start-date,end-date,entry-date
trees,Tree set,,,live,,,2024-01-01
tree,Tree,Each tree,,beta,,2022-03-03,
plan-log,Plan log,Long text,Short text,discovery,,,
log,Log,,,alpha,,,
";

async fn named(store: &Store, slug: &str) -> Standard {
    let mut conn = store.read().await.unwrap();
    standard::by_slug(&mut conn, slug).await.unwrap().unwrap()
}

async fn stages(
    store: &Store,
    slug: &str,
) -> Vec<(domain::standard::StandardStage, Option<chrono::NaiveDate>)> {
    let id = named(store, slug).await.id;
    let mut conn = store.read().await.unwrap();
    let rows = standard::stages(&mut conn, &[id]).await.unwrap();
    rows.into_iter()
        .map(|row| (row.stage, row.starts_on))
        .collect()
}

async fn provisions(store: &Store, slug: &str) -> Vec<Provision> {
    let id = named(store, slug).await.id;
    let mut conn = store.read().await.unwrap();
    provision::of(&mut conn, &[id]).await.unwrap()
}

#[tokio::test]
async fn planning_standards_come_out_the_same_in_either_order() {
    let orders = [
        [
            (SPECIFICATIONS, [4, 4, 0, 0, 0]),
            (DATASETS, [4, 3, 0, 1, 0]),
        ],
        [
            (DATASETS, [4, 4, 0, 0, 0]),
            (SPECIFICATIONS, [4, 3, 1, 0, 0]),
        ],
    ];
    for order in orders {
        for test in TestStore::each().await {
            let store = &test.store;
            for (text, expected) in order {
                assert_eq!(
                    counts(&import(store, Kind::Standards, text).await),
                    expected
                );
            }
            let trees = named(store, "trees").await;
            assert_eq!(
                (
                    trees.title.as_str(),
                    trees.summary.as_str(),
                    trees.expiry_months
                ),
                ("Trees", "All trees", 0)
            );
            assert_eq!(
                (trees.source.as_str(), trees.url.as_deref()),
                ("specification", Some("https://example.org/trees"))
            );
            assert_eq!(
                stages(store, "trees").await,
                [(Recommended, Some(day("2020-01-01")))]
            );
            assert_eq!(stages(store, "plan").await, [(Trial, None)]);
            assert_eq!(
                (
                    named(store, "plan").await.summary.as_str(),
                    named(store, "plan").await.url
                ),
                ("Plan", None)
            );
            assert_eq!(
                stages(store, "gone").await,
                [(Withdrawn, Some(day("2021-06-01")))]
            );
            assert_eq!(stages(store, "later").await, [(Proposed, None)]);
            assert_eq!(
                stages(store, "tree").await,
                [(Trial, None), (Withdrawn, Some(day("2022-03-03")))]
            );
            assert_eq!(named(store, "tree").await.stage, Withdrawn);
            assert_eq!(named(store, "tree").await.summary, "Each tree");
            assert_eq!(named(store, "plan-log").await.summary, "Short text");
            assert_eq!(
                (
                    named(store, "plan-log").await.stage,
                    named(store, "log").await.stage
                ),
                (Proposed, Trial)
            );
            assert_eq!(named(store, "log").await.source, "dataset");
            let before = changes(store).await;
            for (text, _) in order {
                assert_eq!(
                    counts(&import(store, Kind::Standards, text).await),
                    [4, 0, 0, 4, 0]
                );
            }
            assert_eq!(changes(store).await, before);
            let mut conn = store.read().await.unwrap();
            let findings = check::run(&mut conn, day("2026-11-24"), |_| {})
                .await
                .unwrap();
            assert_eq!(findings.faults, Vec::<String>::new());
        }
    }
}

#[tokio::test]
async fn rows_of_one_standard_in_the_plain_form_give_its_stages_and_versions() {
    for test in TestStore::each().await {
        let store = &test.store;
        sector(store).await;
        let trees = named(store, "tree-data").await;
        assert_eq!(
            (trees.stage, trees.expiry_months, trees.source.as_str()),
            (Required, 6, "own")
        );
        assert_eq!(named(store, "plain-words").await.expiry_months, 12);
        let dated = [
            (Trial, Some(day("2018-01-01"))),
            (Required, Some(day("2021-01-01"))),
        ];
        assert_eq!(stages(store, "tree-data").await, dated);
        let mut conn = store.read().await.unwrap();
        let versions = standard::versions(&mut conn, &[trees.id]).await.unwrap();
        let labels: Vec<_> = versions.iter().map(|row| row.label.as_str()).collect();
        assert_eq!(labels, ["1.0", "2.0"]);
        // What the unit wrote itself outranks the public tables.
        let public = DATASETS.replace("trees,Tree set", "tree-data,Tree set");
        assert_eq!(
            counts(&import(store, Kind::Standards, &public).await),
            [4, 3, 0, 1, 0]
        );
        assert_eq!(named(store, "tree-data").await.title, "Tree data");
        let later = STANDARDS.replace("REQUIRED,2021", "REQUIRED,2031");
        let report = import(store, Kind::Standards, &later).await;
        assert_eq!(
            (counts(&report), report.noted),
            ([3, 0, 0, 3, 0], 1),
            "{report:#?}"
        );
        // A stage that has not begun is left out, and what is on record stays.
        assert_eq!(stages(store, "tree-data").await, dated);
        let heading = STANDARDS.lines().next().unwrap();
        let row = "tree-data,Tree data,DATA,DEPRECATED,2024-01-01,Where trees are.,https://example.org/trees,6,,";
        import(store, Kind::Standards, &format!("{heading}\n{row}\n")).await;
        let added = [dated[0], dated[1], (Deprecated, Some(day("2024-01-01")))];
        assert_eq!(stages(store, "tree-data").await, added);
    }
}

#[tokio::test]
async fn faulty_standards_are_left_out_with_the_reason() {
    let first = "slug,title,kind,stage,stage_on,summary,url,expiry_months,version,released_on\n\
                 a,A,DATA,TRIAL,2020-01-01,Sum,,,1,\n";
    let rows = [
        (
            "a,B,DATA,REQUIRED,2021-01-01,Sum,,,,",
            "`title` differs within one standard",
        ),
        (
            "a,A,DATA,TRIAL,2021-01-01,Sum,,,,",
            "`stage_on` differs within one standard",
        ),
        (
            "a,A,DATA,REQUIRED,2021-01-01,Sum,,,1,2020-01-01",
            "`released_on` differs within one standard",
        ),
        ("a,A,DATA,TRIAL,2020-01-01,Sum,,,1,", "duplicate row"),
        ("b,B,DATA,TRIAL,2031-01-01,Sum,,,,", "no stage has begun"),
        ("b,B,DATA,ready,,Sum,,,,", "bad `stage`"),
        ("b,B,data set,TRIAL,,Sum,,,,", "bad `kind`"),
        ("B,B,DATA,TRIAL,,Sum,,,,", "bad `slug`"),
        ("b,B,DATA,TRIAL,,Sum,example.org,,,", "bad `url`"),
        ("b,B,DATA,TRIAL,,Sum,,-1,,", "bad `expiry_months`"),
        ("b,,DATA,TRIAL,,Sum,,,,", "blank `title`"),
    ];
    for test in TestStore::each().await {
        for (row, class) in rows {
            let dry = Options {
                dry_run: true,
                ..options()
            };
            let report = attempt(
                &test.store,
                Kind::Standards,
                &format!("{first}{row}\n"),
                &dry,
            )
            .await
            .unwrap();
            assert_eq!(
                (counts(&report), reasons(&report)),
                ([2, 1, 0, 0, 1], vec![(class, 1)]),
                "{row}"
            );
        }
        let apart =
            format!("{first}b,B,DATA,TRIAL,,Sum,,,,\na,A,DATA,REQUIRED,2021-01-01,Sum,,,,\n");
        let report = import(&test.store, Kind::Standards, &apart).await;
        assert_eq!(
            (counts(&report), reasons(&report)),
            ([3, 2, 0, 0, 1], vec![("duplicate row", 1)])
        );
        let status = SPECIFICATIONS.replace("open-standard", "finished");
        let report = import(&test.store, Kind::Standards, &status).await;
        assert_eq!(reasons(&report), [("unknown `specification-status`", 2)]);
    }
}

#[tokio::test]
async fn plain_provisions_name_kinds_groups_and_bodies() {
    const PROVISIONS: &str = "standard,applies_to,reason,from,to,excluded,note\n\
        tree-data,kind:COUNCIL,ENCOURAGED,2015-01-01,2018-01-01,,\n\
        tree-data,kind:COUNCIL,ENCOURAGED,2019-01-01,,false,Again\n\
        tree-data,group:region-south-west,STATUTORY,2018-01-01,,,\n\
        tree-data,organisation:E07000005,STATUTORY,2018-01-01,,true,Too small\n";
    for test in TestStore::each().await {
        let store = &test.store;
        sector(store).await;
        assert_eq!(
            counts(&import(store, Kind::Provisions, PROVISIONS).await),
            [4, 4, 0, 0, 0]
        );
        assert_eq!(
            counts(&import(store, Kind::Provisions, PROVISIONS).await),
            [4, 0, 0, 4, 0]
        );
        let rows = provisions(store, "tree-data").await;
        let out = rows.iter().find(|row| row.excluded).unwrap();
        assert_eq!(
            out.target().unwrap(),
            Target::Organisation(body(store, "EEE").await.id)
        );
        assert_eq!(out.note.as_deref(), Some("Too small"));
        // An end that was written later ends the provision that stands.
        let ended = PROVISIONS.replace("2019-01-01,,false", "2019-01-01,2020-01-01,false");
        assert_eq!(
            counts(&import(store, Kind::Provisions, &ended).await),
            [4, 0, 1, 3, 0]
        );
        assert_eq!(provisions(store, "tree-data").await.len(), 4);
        let faults = "standard,applies_to,reason,from,to,excluded\nx,kind:COUNCIL,STATUTORY,,,\n\
            tree-data,everyone,STATUTORY,,,\ntree-data,kind:PARISH,STATUTORY,,,\ntree-data,group:x,STATUTORY,,,\n\
            tree-data,organisation:x,STATUTORY,,,\ntree-data,kind:COUNCIL,must,,,\n\
            tree-data,kind:COUNCIL,STATUTORY,2020-01-01,2019-01-01,\ntree-data,kind:COUNCIL,STATUTORY,,,maybe\n\
            tree-data,kind:CHARITY,STATUTORY,,,\ntree-data,kind:CHARITY,STATUTORY,,2020-01-01,\n";
        let report = import(store, Kind::Provisions, faults).await;
        assert_eq!(counts(&report), [10, 1, 0, 0, 9]);
        let classes = [
            "bad `applies_to`",
            "bad `excluded`",
            "bad `kind`",
            "bad `reason`",
            "bad `to`",
            "duplicate row",
            "unknown body",
            "unknown group",
            "unknown standard",
        ];
        assert_eq!(reasons(&report), classes.map(|class| (class, 1)));
    }
}

#[tokio::test]
async fn planning_provisions_apply_data_sets_and_specifications_without_one() {
    const PROVISIONS: &str = "organisation,dataset,specification,provision-reason,start-date,end-date\n\
        local-authority:CCC,plan-log,plan,expected,2020-01-01,\n\
        local-authority:CCC,log,plan,expected,2019-01-01,2021-01-01\n\
        local-authority:CCC,tree,plan,expected,2020-01-01,2022-01-01\n\
        local-authority-eng:EEE,plan-log,plan,expected,,2021-01-01\n\
        local-authority-eng:EEE,log,plan,expected,,\n\
        local-authority:EEE,tree,trees,statutory,,\n\
        local-authority:EEE,trees,trees,statutory,,\n\
        local-authority:CCC,trees,,alternative,,\n\
        local-authority:CCC,trees,,authoritative,,\n\
        company:CCC,trees,,expected,,\n\
        local-authority:CCC,unheard,plan,expected,,\n\
        local-authority:CCC,trees,,wished,,\n\
        local-authority:EEE,trees,trees,statutory,,2020-01-01\n";
    for test in TestStore::each().await {
        let store = &test.store;
        import(store, Kind::Organisations, BODIES).await;
        import(store, Kind::Standards, SPECIFICATIONS).await;
        import(store, Kind::Standards, DATASETS).await;
        let report = import(store, Kind::Provisions, PROVISIONS).await;
        assert_eq!(counts(&report), [13, 7, 0, 0, 6]);
        assert_eq!(
            reasons(&report),
            [
                ("bad `reason`", 1),
                ("duplicate row", 1),
                (
                    "reason `alternative`: says who else holds the data, not whom the standard applies to",
                    1
                ),
                (
                    "reason `authoritative`: says who else holds the data, not whom the standard applies to",
                    1
                ),
                ("unknown body", 1),
                ("unknown standard", 1),
            ]
        );
        // One provision a body, reason and first day, with the latest end; `trees` is a data set too, so `tree` is apart.
        let (cedar, elm) = (body(store, "CCC").await.id, body(store, "EEE").await.id);
        let mut applied: Vec<_> = provisions(store, "plan").await;
        applied.sort_by_key(|row| {
            (
                row.target().unwrap() != Target::Organisation(cedar),
                row.from_on,
            )
        });
        let spans: Vec<_> = applied
            .iter()
            .map(|row| (row.target().unwrap(), row.from_on, row.to_on))
            .collect();
        let [ccc, eee] = [cedar, elm].map(Target::Organisation);
        let (first, second) = (Some(day("2019-01-01")), Some(day("2020-01-01")));
        assert_eq!(
            spans,
            [
                (ccc, first, Some(day("2021-01-01"))),
                (ccc, second, None),
                (eee, None, None)
            ]
        );
        assert!(
            applied
                .iter()
                .all(|row| row.reason == ProvisionReason::Expected)
        );
        assert_eq!(provisions(store, "trees").await.len(), 1);
        assert_eq!(provisions(store, "tree").await.len(), 2);
        let before = changes(store).await;
        assert_eq!(
            counts(&import(store, Kind::Provisions, PROVISIONS).await),
            [13, 0, 0, 7, 6]
        );
        assert_eq!(changes(store).await, before);
    }
}
