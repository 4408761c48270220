//! What must hold of an import as a whole: all or nothing, the report, and who may.

use crate::testing::{BODIES, STANDARDS, attempt, changes, counts, import, now, options, sector};
use crate::{ImportError, Kind, Options, Outcome, Silent, run, run_text};
use domain::policy::Viewer;
use std::fs;
use std::path::PathBuf;
use store::testing::TestStore;
use store::{Store, organisation};

/// A folder of its own for one test, gone with the value.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path =
            std::env::temp_dir().join(format!("manyhands-imports-{}-{name}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.join(name);
        fs::write(&path, content).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

async fn files(
    store: &Store,
    kind: Kind,
    files: &[PathBuf],
    options: &Options<'_>,
) -> Result<[u64; 5], String> {
    let done = run(store, &Viewer::Operator, kind, files, options, &Silent).await;
    done.map(|report| counts(&report))
        .map_err(|error| error.to_string())
}

async fn bodies(store: &Store) -> usize {
    let mut conn = store.read().await.unwrap();
    organisation::all(&mut conn).await.unwrap().len()
}

#[tokio::test]
async fn a_dry_run_reports_the_same_and_leaves_nothing() {
    for test in TestStore::each().await {
        let dry = Options {
            dry_run: true,
            ..options()
        };
        let would = attempt(&test.store, Kind::Organisations, BODIES, &dry)
            .await
            .unwrap();
        assert_eq!(
            (bodies(&test.store).await, changes(&test.store).await),
            (0, 0)
        );
        let did = import(&test.store, Kind::Organisations, BODIES).await;
        assert_eq!(would, did);
        assert_eq!(counts(&did), [6, 6, 0, 0, 0]);
        assert_eq!(bodies(&test.store).await, 6);
    }
}

#[tokio::test]
async fn a_second_run_changes_nothing_at_all() {
    for test in TestStore::each().await {
        sector(&test.store).await;
        let before = changes(&test.store).await;
        assert_eq!(
            counts(&import(&test.store, Kind::Organisations, BODIES).await),
            [6, 0, 0, 6, 0]
        );
        assert_eq!(
            counts(&import(&test.store, Kind::Standards, STANDARDS).await),
            [3, 0, 0, 3, 0]
        );
        assert_eq!(changes(&test.store).await, before);
    }
}

#[tokio::test]
async fn a_fault_in_the_third_chunk_leaves_nothing_of_the_first_two() {
    for test in TestStore::each().await {
        sector(&test.store).await;
        let before = changes(&test.store).await;
        let mut text = String::from("organisation,standard,state,effective_on,note\n");
        for n in 0..1_200 {
            text.push_str(&format!("CCC,tree-data,PILOTING,2022-01-01,note {n}\n"));
        }
        let whole = attempt(
            &test.store,
            Kind::Adoptions,
            &text,
            &Options {
                dry_run: true,
                ..options()
            },
        )
        .await;
        assert_eq!(counts(&whole.unwrap()), [1_200, 1_200, 0, 0, 0]);
        text.push_str("CCC,tree-data,PILOTING\n");
        let error = attempt(&test.store, Kind::Adoptions, &text, &options())
            .await
            .unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with("test.csv, row 1202: The row has 3 fields"),
            "{error}"
        );
        assert_eq!(changes(&test.store).await, before);
    }
}

#[tokio::test]
async fn all_files_of_a_call_stand_or_fall_together() {
    let folder = Folder::new("together");
    let good = folder.file("good.csv", BODIES);
    let bad = folder.file("bad.csv", "name,kind\nX,COUNCIL\n");
    for test in TestStore::each().await {
        let error = files(
            &test.store,
            Kind::Organisations,
            &[good.clone(), bad.clone()],
            &options(),
        )
        .await
        .unwrap_err();
        assert!(
            error.contains("bad.csv, row 1: These columns are missing: `tier`"),
            "{error}"
        );
        assert_eq!(bodies(&test.store).await, 0);
        // The same file twice: the second time every row is a duplicate.
        let twice = files(
            &test.store,
            Kind::Organisations,
            &[good.clone(), good.clone()],
            &options(),
        )
        .await;
        assert_eq!(twice.unwrap(), [12, 6, 0, 0, 6]);
    }
}

#[tokio::test]
async fn strict_fails_on_a_row_left_out_and_keeps_the_whole_report() {
    let folder = Folder::new("strict");
    let report = folder.0.join("report.csv");
    let text = BODIES.replace("2019-04-01,\nDDD", "2019-04-31,\nDDD");
    for test in TestStore::each().await {
        let strict = Options {
            strict: true,
            report: Some(&report),
            ..options()
        };
        let error = attempt(&test.store, Kind::Organisations, &text, &strict)
            .await
            .unwrap_err();
        assert!(
            matches!(error, ImportError::Strict { left_out: 1, .. }),
            "{error:?}"
        );
        let said = error.to_string();
        assert!(
            said.starts_with("test.csv, row 4: `opened_on`: `2019-04-31` is not a date"),
            "{said}"
        );
        assert!(said.contains("1 left out"), "{said}");
        assert_eq!(bodies(&test.store).await, 0);
        let rows = fs::read_to_string(&report).unwrap();
        assert!(
            rows.starts_with("file,row,outcome,reason\ntest.csv,4,left out,"),
            "{rows}"
        );
        assert_eq!(rows.lines().count(), 1 + 1 + 5, "{rows}");
        let report = import(&test.store, Kind::Organisations, &text).await;
        assert_eq!(counts(&report), [6, 5, 0, 0, 1]);
        assert_eq!(
            (report.examples[0].row, report.examples[0].outcome),
            (4, Outcome::LeftOut)
        );
    }
}

#[tokio::test]
async fn an_unfinished_report_is_taken_away_and_no_input_is_overwritten() {
    let folder = Folder::new("report");
    let input = folder.file("bodies.csv", format!("{BODIES}short,row\n"));
    let report = folder.0.join("report.csv");
    let test = TestStore::sqlite().await;
    let one = std::slice::from_ref(&input);
    let with = |path| Options {
        report: Some(path),
        ..options()
    };
    let error = files(&test.store, Kind::Organisations, one, &with(&report))
        .await
        .unwrap_err();
    assert!(error.contains("row 8"), "{error}");
    assert!(!report.exists());
    let error = files(&test.store, Kind::Organisations, one, &with(&input))
        .await
        .unwrap_err();
    assert!(error.contains("would overwrite"), "{error}");
    assert!(fs::read_to_string(&input).unwrap().starts_with("code,"));
    let error = files(&test.store, Kind::Organisations, one, &with(&folder.0))
        .await
        .unwrap_err();
    assert!(error.contains("The report cannot be written"), "{error}");
}

#[tokio::test]
async fn files_that_cannot_be_read_say_what_to_do() {
    let folder = Folder::new("unreadable");
    let latin = folder.file(
        "latin.csv",
        b"code,scheme,organisation_code\na,b,c\n\n\"x\ny\xe9\",b,c\n",
    );
    let utf16 = folder.file("utf16.csv", b"\xff\xfec\0o\0d\0e\0\n\0");
    let test = TestStore::sqlite().await;
    let cases = [
        (folder.0.clone(), "This is a folder; name the files in it."),
        (folder.0.join("nothing.csv"), "check its name"),
        (
            latin,
            "latin.csv, row 5: This line is not UTF-8; save the file as UTF-8",
        ),
        (utf16, "utf16.csv, row 1: This line is not UTF-8"),
        (folder.file("empty.csv", ""), "empty.csv: The file is empty"),
    ];
    for (file, part) in cases {
        let error = files(&test.store, Kind::Aliases, &[file], &options())
            .await
            .unwrap_err();
        assert!(error.contains(part), "{error}");
    }
    let header = folder.file("header.csv", "scheme,code,organisation_code\n");
    assert_eq!(
        files(&test.store, Kind::Aliases, &[header], &options())
            .await
            .unwrap(),
        [0; 5]
    );
    let none = files(&test.store, Kind::Aliases, &[], &options())
        .await
        .unwrap_err();
    assert!(none.contains("at least one file"), "{none}");
    assert_eq!(changes(&test.store).await, 0);
}

#[tokio::test]
async fn only_who_may_keep_the_sector_imports() {
    let test = TestStore::sqlite().await;
    for kind in Kind::ALL {
        let text = "organisation,standard,state,effective_on,slug,name\n";
        let done = run_text(
            &test.store,
            &Viewer::Job("nightly"),
            *kind,
            "t.csv",
            text,
            &options(),
        )
        .await;
        match (kind, done) {
            // An empty table of events asks for no right: it depends on the rows which one is needed.
            (Kind::Adoptions, done) => assert!(done.is_ok()),
            (kind, done) => assert!(
                matches!(
                    done,
                    Err(ImportError::Refused(domain::Error::Forbidden { .. })
                        | ImportError::Row { .. })
                ),
                "{kind}"
            ),
        }
    }
    sector(&test.store).await;
    let row = "organisation,standard,state,effective_on\nCCC,tree-data,PLEDGED,2022-01-01\n";
    let done = run_text(
        &test.store,
        &Viewer::Anonymous,
        Kind::Adoptions,
        "t.csv",
        row,
        &options(),
    )
    .await;
    assert!(
        matches!(
            done,
            Err(ImportError::Refused(domain::Error::Unauthenticated))
        ),
        "{done:?}"
    );
    assert_eq!(now().date().to_string(), "2026-11-24");
}
