//! Real public data, imported on each engine: the figures are those of a calculation made apart from this program.

use crate::testing::{attempt, body, changes, counts, day, options, reasons};
use crate::{Kind, Options, Report, Silent, run};
use analytics::adoption::figure;
use domain::policy::Viewer;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use store::figure::{Sector, histories};
use store::testing::TestStore;
use store::{Store, check, provision, standard, succession};

/// Codes that differ between the register and planning data.
pub(crate) const ALIASES: &str = "scheme,code,organisation_code\n\
    planning,CUA,CBD\nplanning,NNUA,NNT\nplanning,NYUA,NYE\nplanning,SUA,SMT\nplanning,WFUA,WAF\nplanning,WNUA,WNT\n";

const SOURCES: [&str; 3] = [
    "adoption/brownfield-land.source.csv",
    "adoption/conservation-area.source.csv",
    "adoption/tree-preservation-order.source.csv",
];

/// The folder of shared data; `None`, and a loud line, where it is not beside the workspace.
#[allow(clippy::print_stderr, reason = "a test that cannot run must say so")]
fn data() -> Option<PathBuf> {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared");
    if shared.exists() {
        return Some(shared.join("data"));
    }
    eprintln!("SKIPPED: there is no folder `shared` beside the workspace to take real data from.");
    None
}

async fn import(store: &Store, kind: Kind, data: &Path, files: &[&str]) -> Report {
    import_with(store, kind, data, files, &options()).await
}

#[allow(
    clippy::print_stderr,
    reason = "how long an import takes is worth knowing"
)]
async fn import_with(
    store: &Store,
    kind: Kind,
    data: &Path,
    files: &[&str],
    options: &Options<'_>,
) -> Report {
    let files: Vec<PathBuf> = files.iter().map(|path| data.join(path)).collect();
    let began = std::time::Instant::now();
    let report = run(store, &Viewer::Operator, kind, &files, options, &Silent)
        .await
        .unwrap();
    eprintln!(
        "{kind}: {} ms, {:?}",
        began.elapsed().as_millis(),
        counts(&report)
    );
    report
}

async fn bodies(store: &Store, data: &Path, again: bool) {
    let all = |n| {
        if again {
            [n, 0, 0, n, 0]
        } else {
            [n, n, 0, 0, 0]
        }
    };
    let register = import(
        store,
        Kind::Register,
        data,
        &["register/local-authorities.csv"],
    )
    .await;
    assert_eq!((counts(&register), register.noted), (all(470), 25));
    let successions = import(
        store,
        Kind::Successions,
        data,
        &["register/predecessor-successor.csv"],
    )
    .await;
    assert_eq!((counts(&successions), successions.noted), (all(50), 0));
    let aliases = attempt(store, Kind::Aliases, ALIASES, &options())
        .await
        .unwrap();
    assert_eq!(counts(&aliases), all(6));
}

/// Imports everything, or finds that it stands.
async fn everything(store: &Store, data: &Path, again: bool) {
    bodies(store, data, again).await;
    let standards = ["standards/specification.csv", "standards/dataset.csv"];
    let expected = if again {
        [300, 0, 0, 300, 0]
    } else {
        [300, 285, 0, 15, 0]
    };
    assert_eq!(
        counts(&import(store, Kind::Standards, data, &standards).await),
        expected
    );

    let path = std::env::temp_dir()
        .join(format!("manyhands-provisions-{}.csv", store.url()).replace(['/', ':'], "_"));
    let with = Options {
        report: Some(&path),
        ..options()
    };
    let provisions = import_with(
        store,
        Kind::Provisions,
        data,
        &["adoption/provision.csv"],
        &with,
    )
    .await;
    let expected = if again {
        [8369, 0, 0, 7455, 914]
    } else {
        [8369, 7455, 0, 0, 914]
    };
    assert_eq!(counts(&provisions), expected);
    let unknown = left_out(&path, &data.join("adoption/provision.csv"));
    std::fs::remove_file(&path).unwrap();
    let of = |dataset: &str| unknown.get(dataset).copied();
    assert_eq!(of("conservation-area"), Some(35));
    assert_eq!(
        (of("brownfield-land"), of("tree-preservation-order")),
        (Some(15), Some(35))
    );

    let provided = import(store, Kind::Provided, data, &SOURCES).await;
    let expected = if again {
        [3400, 0, 0, 2161, 1239]
    } else {
        [3400, 583, 0, 1578, 1239]
    };
    assert_eq!(counts(&provided), expected);
    assert_eq!(
        reasons(&provided),
        [
            ("after the body closed", 4),
            ("before the body opened", 1),
            ("placeholder without an endpoint is not adoption", 631),
            ("unknown body", 608),
        ]
    );
}

/// How many rows of a file a report says were left out for an unknown body, by data set.
fn left_out(report: &Path, file: &Path) -> HashMap<String, u32> {
    let rows = csv::Reader::from_path(file)
        .unwrap()
        .records()
        .map(Result::unwrap)
        .collect::<Vec<_>>();
    let mut by_dataset = HashMap::new();
    for line in csv::Reader::from_path(report)
        .unwrap()
        .records()
        .map(Result::unwrap)
    {
        if &line[2] == "left out" && line[3].contains("is not a known body") {
            // The file has no line ends within fields: row 2 is the first.
            let row = line[1].parse::<usize>().unwrap() - 2;
            *by_dataset.entry(rows[row][1].to_owned()).or_default() += 1;
        }
    }
    by_dataset
}

/// Eligible, adopted, unknown, and coverage to six places.
async fn figures(store: &Store, slug: &str, on: &str) -> (u32, u32, u32, String) {
    let mut conn = store.read_wide().await.unwrap();
    let sector = Sector::load(&mut conn).await.unwrap();
    let id = standard::by_slug(&mut conn, slug)
        .await
        .unwrap()
        .unwrap()
        .id;
    let histories = histories(&mut conn, &sector, &[id], options().now, None)
        .await
        .unwrap();
    let figure = figure(&histories[&id], day(on), None);
    let coverage = figure
        .coverage()
        .map_or_else(String::new, |share| format!("{share:.6}"));
    (
        figure.eligible(),
        figure.adopted(),
        figure.unknown(),
        coverage,
    )
}

async fn applied(store: &Store, slug: &str) -> usize {
    let mut conn = store.read().await.unwrap();
    let id = standard::by_slug(&mut conn, slug)
        .await
        .unwrap()
        .unwrap()
        .id;
    provision::of(&mut conn, &[id]).await.unwrap().len()
}

/// The codes of the bodies that follow one, each with its day.
async fn followers(store: &Store, code: &str) -> Vec<(String, String)> {
    let id = body(store, code).await.id;
    let mut conn = store.read().await.unwrap();
    let pairs = succession::all(&mut conn).await.unwrap();
    drop(conn);
    let mut found = Vec::new();
    for pair in pairs.iter().filter(|pair| pair.predecessor == id) {
        for follower in ["CBD", "WAF", "NNT", "WNT", "SMT", "SWT"] {
            if body(store, follower).await.id == pair.successor {
                found.push((follower.to_owned(), pair.on.to_string()));
            }
        }
    }
    found.sort();
    found
}

#[tokio::test]
async fn real_data_give_the_figures_of_an_independent_calculation_and_a_second_run_changes_nothing()
{
    let Some(data) = data() else { return };
    for test in TestStore::each().await {
        let store = &test.store;
        everything(store, &data, false).await;

        let figure = |eligible, adopted, unknown, coverage: &str| {
            (eligible, adopted, unknown, coverage.to_owned())
        };
        let late = "2026-08-31";
        assert_eq!(
            figures(store, "conservation-area", late).await,
            figure(301, 148, 153, "0.498785")
        );
        assert_eq!(
            figures(store, "brownfield-land", late).await,
            figure(296, 293, 3, "0.974202")
        );
        assert_eq!(
            figures(store, "tree-preservation-order", late).await,
            figure(301, 85, 216, "0.298340")
        );
        let early = "2023-03-31";
        assert_eq!(
            figures(store, "conservation-area", early).await,
            figure(128, 23, 105, "0.193120")
        );
        assert_eq!(
            figures(store, "brownfield-land", early).await,
            figure(292, 290, 2, "0.982616")
        );
        assert_eq!(
            figures(store, "tree-preservation-order", early).await,
            figure(128, 7, 121, "0.097742")
        );
        // Specifications without a data set of their own name apply once to each body that is known.
        assert_eq!(applied(store, "developer-contributions").await, 338);
        assert_eq!(applied(store, "planning-application-decision").await, 338);
        assert_eq!(applied(store, "listed-building").await, 0);

        let before = changes(store).await;
        everything(store, &data, true).await;
        assert_eq!(changes(store).await, before);
        let mut conn = store.read_wide().await.unwrap();
        let findings = check::run(&mut conn, options().now.date(), |_| {})
            .await
            .unwrap();
        assert_eq!(findings.faults, Vec::<String>::new());
    }
}

#[tokio::test]
async fn the_chain_and_the_splits_of_real_reorganisations_come_out_right() {
    let Some(data) = data() else { return };
    for test in TestStore::each().await {
        let store = &test.store;
        bodies(store, &data, false).await;
        let life = async |code| {
            let body = body(store, code).await;
            (body.opened_on, body.closed_on)
        };
        let (spring_2019, spring_2023) = (Some(day("2019-04-01")), Some(day("2023-04-01")));
        assert_eq!(
            life("TAU").await.1,
            spring_2019,
            "its last day is written 2019-03-31"
        );
        assert_eq!(life("SWT").await, (spring_2019, spring_2023));
        assert_eq!(life("SMT").await, (spring_2023, None));
        let on = |day: &str, codes: [&str; 2]| {
            codes.map(|code| (code.to_owned(), day.to_owned())).to_vec()
        };
        assert_eq!(
            followers(store, "TAU").await,
            [("SWT".to_owned(), "2019-04-01".to_owned())]
        );
        assert_eq!(
            followers(store, "SWT").await,
            [("SMT".to_owned(), "2023-04-01".to_owned())]
        );
        assert_eq!(
            followers(store, "CMA").await,
            on("2023-04-01", ["CBD", "WAF"])
        );
        assert_eq!(
            followers(store, "NTH").await,
            on("2021-04-01", ["NNT", "WNT"])
        );
        assert_eq!(life("CMA").await.1, spring_2023);
        assert_eq!(life("NTH").await.1, Some(day("2021-04-01")));
        assert_eq!(
            body(store, "NSM").await.name,
            "North Somerset Council",
            "a double blank is mended"
        );
        assert_eq!(
            body(store, "planning:NYUA").await.id,
            body(store, "NYE").await.id
        );
    }
}

#[tokio::test]
async fn the_tables_of_the_demonstration_are_whole() {
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("../demo");
    let tables = [
        (Kind::Organisations, "organisations.csv"),
        (Kind::Successions, "successions.csv"),
        (Kind::Standards, "standards.csv"),
        (Kind::Provisions, "provisions.csv"),
    ];
    for test in TestStore::each().await {
        for again in [false, true] {
            for (kind, file) in tables {
                let report = import(&test.store, kind, &demo, &[file]).await;
                let (new, stands) = if again {
                    (0, report.read)
                } else {
                    (report.read, 0)
                };
                assert_eq!(
                    counts(&report),
                    [report.read, new, 0, stands, 0],
                    "{report:#?}"
                );
            }
        }
    }
}
