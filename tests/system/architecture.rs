//! What `ARCHITECTURE.md` draws, held: arrows between crates, where SQL may be, how long files are, how they begin.

use std::path::{Path, PathBuf};

/// Each member of the workspace and the members it may know.
const ARROWS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("analytics", &[]),
    ("store", &["domain", "analytics"]),
    ("imports", &["domain", "store"]),
    ("demo", &["domain", "analytics", "store", "imports"]),
    ("graphql", &["domain", "store", "analytics"]),
    ("jobs", &["domain", "store", "analytics"]),
    ("dashboard", &[]),
    (
        "",
        &[
            "domain",
            "analytics",
            "store",
            "imports",
            "demo",
            "graphql",
            "jobs",
            "dashboard",
        ],
    ),
];

/// The longest a source file may be, in lines.
const LONGEST: usize = 400;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every Rust source of the project, as a path from its root.
fn sources() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() && name != "target" && !name.starts_with('.') {
                folders.push(path);
            } else if name.ends_with(".rs") {
                found.push(path.strip_prefix(root()).unwrap().to_path_buf());
            }
        }
    }
    assert!(
        found.len() > 50,
        "the sources are not where this test looks for them"
    );
    found.sort();
    found
}

fn text(path: &Path) -> String {
    std::fs::read_to_string(root().join(path)).unwrap()
}

#[test]
fn members_know_only_those_that_the_drawing_says() {
    let members: Vec<&str> = ARROWS
        .iter()
        .map(|(member, _)| *member)
        .filter(|member| !member.is_empty())
        .collect();
    let workspace = text(Path::new("Cargo.toml"));
    let listed = workspace
        .lines()
        .find(|line| line.starts_with("members"))
        .unwrap();
    assert_eq!(
        listed.matches('"').count() / 2,
        members.len(),
        "a member is missing from the drawing: {listed}"
    );
    for (member, allowed) in ARROWS {
        let manifest = text(&Path::new(member).join("Cargo.toml"));
        let dependencies = manifest.split("[dependencies]").nth(1).unwrap();
        let dependencies = dependencies.split("\n[").next().unwrap();
        for line in dependencies.lines() {
            let name = line.split(['.', ' ', '=']).next().unwrap();
            assert!(
                !members.contains(&name) || allowed.contains(&name),
                "`{member}` must not know `{name}`"
            );
        }
    }
}

#[test]
fn sql_lives_in_the_store_alone() {
    for path in sources() {
        let at_home = path.starts_with("store") || path == Path::new("domain/text_column.rs");
        let speaks_of_it = path == Path::new("tests/system/architecture.rs");
        if at_home || speaks_of_it {
            continue;
        }
        let text = text(&path);
        for word in [
            "diesel",
            "sql_query",
            "SELECT ",
            "INSERT INTO",
            "rusqlite",
            "tokio_postgres",
        ] {
            assert!(!text.contains(word), "{} says `{word}`", path.display());
        }
    }
}

#[test]
fn rights_are_decided_by_the_policy_alone() {
    for path in sources() {
        if path.starts_with("domain") || path.starts_with("tests") {
            continue;
        }
        let text = text(&path);
        assert!(
            !text.replace("-> Granted {", "").contains("Granted {"),
            "{} makes a grant of its own",
            path.display()
        );
        let code = text.split("#[cfg(test)]").next().unwrap();
        let compares = code.contains("== Role::") || code.contains("Role::Admin =>");
        assert!(
            !compares || path.starts_with("graphql"),
            "{} decides by role",
            path.display()
        );
    }
}

#[test]
fn files_are_short_and_say_what_they_are() {
    for path in sources() {
        let text = text(&path);
        let lines = text.lines().count();
        assert!(
            lines <= LONGEST,
            "{} has {lines} lines; split it",
            path.display()
        );
        let first = text.lines().next().unwrap_or_default();
        assert!(
            first.starts_with("//! ") && first.len() > 12,
            "{} does not begin with a sentence",
            path.display()
        );
    }
}

#[test]
fn analytics_and_domain_have_no_clock_and_no_connection() {
    for path in sources() {
        // Tests may read real data; an address of a network is a value like others.
        let tests = path.to_string_lossy().ends_with("_tests.rs");
        if (path.starts_with("analytics") || path.starts_with("domain")) && !tests {
            let text = text(&path);
            for word in [
                "Utc::now",
                "SystemTime",
                "Instant::now",
                "async fn",
                "std::fs",
                "TcpStream",
                "ToSocketAddrs",
            ] {
                assert!(!text.contains(word), "{} uses `{word}`", path.display());
            }
        }
    }
}
