//! The command line: every command explains itself, and says in one line what it did not do.

use crate::program::{Done, binary, each, sqlite};

const ORGANISATIONS: &str = "gss_code,name,kind,tier,nation,region,combined_authority,population,opened_on,closed_on\n\
                             E06000001,Hartlepool,COUNCIL,UNITARY,ENGLAND,North East,,93000,,\n";

#[test]
fn every_command_has_a_help_text_with_an_example() {
    for command in [
        vec!["serve"],
        vec!["demo"],
        vec!["migrate"],
        vec!["import"],
        vec!["check"],
        vec!["proof", "verify"],
        vec!["job", "list"],
        vec!["job", "run"],
        vec!["person", "invite"],
        vec!["person", "export"],
        vec!["person", "erase"],
        vec!["status", "post"],
        vec!["token", "issue"],
        vec!["token", "list"],
        vec!["token", "revoke"],
    ] {
        let done = Done::from(binary().args(&command).arg("--help").output().unwrap());
        assert!(
            done.success && done.out.contains("Example"),
            "{command:?}: {}",
            done.out
        );
    }
}

#[test]
fn a_mistyped_database_is_refused_and_makes_no_file() {
    let folder = tempfile();
    for (url, says) in [
        ("postgress://user:secret@host/db", "postgres://"),
        (
            "postgres://nobody@127.0.0.1:1/none",
            "Cannot reach postgres://127.0.0.1:1/none",
        ),
        ("no/such/folder/x.db", "Check that its folder exists"),
    ] {
        let output = binary()
            .current_dir(&folder)
            .args(["--database", url, "migrate"])
            .output()
            .unwrap();
        let done = Done::from(output);
        assert!(
            !done.success && done.err.contains(says),
            "{url}: {}",
            done.err
        );
        assert!(!done.err.contains("secret"), "{}", done.err);
        assert_eq!(done.err.lines().count(), 1, "{}", done.err);
    }
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 0);
}

#[test]
fn a_check_of_a_database_that_is_not_there_fails_and_makes_none() {
    let folder = tempfile();
    for command in [
        vec!["check"],
        vec!["job", "list"],
        vec!["person", "export", "una@unit.example"],
        vec!["person", "erase", "una@unit.example", "--reason", "asked"],
        vec!["token", "list"],
    ] {
        let output = binary()
            .current_dir(&folder)
            .args(command)
            .output()
            .unwrap();
        let done = Done::from(output);
        assert!(
            !done.success && done.err.contains("there is no database at"),
            "{}",
            done.err
        );
    }
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 0);
}

#[test]
fn a_file_that_is_no_database_is_refused_and_left_alone() {
    let folder = tempfile();
    let path = folder.join("notes.txt");
    std::fs::write(
        &path,
        "These are my notes, and no database at all.".repeat(100),
    )
    .unwrap();
    let before = std::fs::read(&path).unwrap();
    let done = Done::from(
        binary()
            .args(["--database", path.to_str().unwrap(), "migrate"])
            .output()
            .unwrap(),
    );
    assert!(
        !done.success && done.err.contains("cannot be used"),
        "{}",
        done.err
    );
    assert_eq!(std::fs::read(&path).unwrap(), before);
}

fn tempfile() -> std::path::PathBuf {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join(store::fresh::<uuid::Uuid>().to_string());
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

#[test]
fn an_import_reports_each_row_and_a_dry_or_strict_one_keeps_nothing() {
    for program in each() {
        let faulty = format!("{ORGANISATIONS}E06000002,Middlesbrough,PARISH,,,,,,,\n");
        let (good, faulty) = (
            program.file("good.csv", ORGANISATIONS),
            program.file("faulty.csv", faulty),
        );
        let report = program.file("report.csv", "");

        let dry = program.ok(&["import", "organisations", &good, "--dry-run"]);
        assert!(
            dry.contains("nothing was kept") && dry.contains("1 added"),
            "{dry}"
        );
        let strict = program.run(&["import", "organisations", &faulty, "--strict"]);
        assert!(
            !strict.success && strict.err.contains("row 3"),
            "{}",
            strict.err
        );
        let first = program.run(&["import", "organisations", &faulty, "--report", &report]);
        assert!(
            first
                .out
                .contains("2 rows read: 1 added, 0 changed, 0 unchanged, 1 left out"),
            "{}",
            first.out
        );
        assert!(
            first.err.contains("PARISH") && first.err.contains("COUNCIL"),
            "{}",
            first.err
        );
        let lines = std::fs::read_to_string(&report).unwrap();
        assert!(
            lines.contains("left out") && lines.contains(",3,"),
            "{lines}"
        );
        let again = program.ok(&["import", "organisations", &good]);
        assert!(again.contains("0 added, 0 changed, 1 unchanged"), "{again}");
    }
}

#[test]
fn files_that_cannot_be_read_are_named_with_the_fix() {
    let program = sqlite();
    let latin = [
        ORGANISATIONS.as_bytes(),
        b"E06000003,Caf\xe9,COUNCIL,,,,,,,\n",
    ]
    .concat();
    for (name, content, says) in [
        ("latin.csv", latin, "UTF-8"),
        ("columns.csv", b"name,kind\nA,COUNCIL\n".to_vec(), "`tier`"),
        ("empty.csv", Vec::new(), "empty"),
        (
            "fields.csv",
            [ORGANISATIONS.as_bytes(), b"E06000004,A,COUNCIL\n"].concat(),
            "3",
        ),
    ] {
        let file = program.file(name, content);
        let done = program.run(&["import", "organisations", &file]);
        assert!(
            !done.success && done.err.contains(name) && done.err.contains(says),
            "{name}: {}",
            done.err
        );
        assert_eq!(done.err.lines().count(), 1, "{}", done.err);
    }
    let missing = program.run(&["import", "organisations", "nowhere.csv"]);
    assert!(
        !missing.success && missing.err.contains("nowhere.csv"),
        "{}",
        missing.err
    );
    let unknown = program.run(&["import", "parishes", "x.csv"]);
    assert!(
        !unknown.success && unknown.err.contains("organisations"),
        "{}",
        unknown.err
    );
    assert!(
        program
            .ok(&[
                "import",
                "organisations",
                &program.file("ok.csv", ORGANISATIONS)
            ])
            .contains("1 added")
    );
}

#[test]
fn jobs_are_listed_and_run_by_name() {
    for program in each() {
        let list = program.ok(&["job", "list"]);
        assert!(
            list.contains("adoption_snapshot") && list.contains("Europe/London"),
            "{list}"
        );
        assert!(list.contains("has not run yet"), "{list}");
        let run = program.ok(&["job", "run", "adoption_snapshot", "--as-of", "2026-08-31"]);
        assert!(run.contains("as of 2026-08-31: 0 read, 0 written"), "{run}");
        assert!(
            program
                .ok(&["job", "list"])
                .contains("last for 2026-08-31: DONE")
        );
        let wrong = program.run(&["job", "run", "adoption_snapshots"]);
        assert!(
            !wrong.success && wrong.err.contains("adoption_snapshot"),
            "{}",
            wrong.err
        );
        let date = program.run(&["job", "run", "adoption_snapshot", "--as-of", "31/08/2026"]);
        assert!(
            !date.success && date.err.contains("YYYY-MM-DD"),
            "{}",
            date.err
        );
    }
}

#[test]
fn a_token_is_shown_once_and_must_fit_its_role() {
    for program in each() {
        program.ok(&[
            "import",
            "organisations",
            &program.file("o.csv", ORGANISATIONS),
        ]);
        let token = program.token(&["--role", "EDITOR", "--organisation", "E06000001"]);
        assert!(token.starts_with("mhd_") && token.len() == 68, "{token}");
        let issue = |arguments: &[&str]| {
            program.run(&[&["token", "issue", "--name", "t"], arguments].concat())
        };
        for (arguments, says) in [
            (vec!["--role", "EDITOR"], "say which"),
            (
                vec!["--role", "ADMIN", "--organisation", "E06000001"],
                "leave the organisation out",
            ),
            (
                vec!["--role", "EDITOR", "--organisation", "X"],
                "no organisation `X`",
            ),
            (vec!["--role", "KING"], "EDITOR, SIGNATORY"),
        ] {
            let done = issue(&arguments);
            assert!(
                !done.success && done.err.contains(says),
                "{arguments:?}: {}",
                done.err
            );
        }
    }
}
