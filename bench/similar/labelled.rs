//! Reads the labelled set of problem reports in place, and measures a ranking by it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// A report: its title and its body, without numbers.
pub struct Report {
    /// What it is called.
    pub title: String,
    /// What it says.
    pub body: String,
}

/// Reports, and which of them people marked as duplicates of one another, by place in the list.
pub struct Labelled {
    /// All reports.
    pub reports: Vec<Report>,
    /// The duplicates of each report that has any.
    pub duplicates: BTreeMap<usize, BTreeSet<usize>>,
}

/// How good a ranking is, as means over all reports that have a duplicate.
#[derive(Clone, Copy)]
pub struct Quality {
    /// The part of a report's duplicates that is among the first ten.
    pub recall: f64,
    /// One over the rank of the first duplicate, 0 where none is found.
    pub reciprocal_rank: f64,
}

/// The set of real reports, or none where the shared folder does not exist.
///
/// # Panics
/// Where the folder exists without the set: a missing file must not pass for a missing folder.
pub fn real() -> Option<Labelled> {
    let shared = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared"));
    if !shared.exists() {
        return None;
    }
    let folder = shared.join("data/similar");
    let mut places = BTreeMap::new();
    let mut reports = Vec::new();
    for row in rows(&folder.join("issues.csv")) {
        places.insert(row["Issue id"].clone(), reports.len());
        reports.push(Report {
            title: without_numbers(&row["Summary"]),
            body: without_numbers(&row["Description"]),
        });
    }
    let mut duplicates: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for row in rows(&folder.join("duplicates.csv")) {
        let one = places.get(&row["Issue id"]);
        let other = places.get(&row["Duplicate id"]);
        if let (Some(one), Some(other)) = (one, other)
            && one != other
        {
            duplicates.entry(*one).or_default().insert(*other);
            duplicates.entry(*other).or_default().insert(*one);
        }
    }
    assert!(
        reports.len() > 1_000 && duplicates.len() > 70,
        "the set is not whole"
    );
    Some(Labelled {
        reports,
        duplicates,
    })
}

/// The rows of a file by the names of its columns.
fn rows(path: &Path) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(path)
        .unwrap_or_else(|error| panic!("{} cannot be read: {error}", path.display()));
    reader
        .deserialize()
        .map(|row| row.unwrap_or_else(|error| panic!("{}: {error}", path.display())))
        .collect()
}

/// A text without its digits, since some reports name the number of their duplicate.
fn without_numbers(text: &str) -> String {
    text.replace(|letter: char| letter.is_ascii_digit(), " ")
}

impl Labelled {
    /// The quality of a ranking: a function from a report to the others, the most similar first, itself left out.
    pub fn quality(&self, mut rank: impl FnMut(usize) -> Vec<usize>) -> Quality {
        let (mut recall, mut reciprocal_rank) = (0.0, 0.0);
        for (report, duplicates) in &self.duplicates {
            let ranking = rank(*report);
            assert!(
                !ranking.contains(report),
                "a report is not similar to itself"
            );
            let found = ranking
                .iter()
                .take(10)
                .filter(|other| duplicates.contains(other));
            recall += found.count() as f64 / duplicates.len() as f64;
            if let Some(before) = ranking.iter().position(|other| duplicates.contains(other)) {
                reciprocal_rank += 1.0 / (before + 1) as f64;
            }
        }
        let reports = self.duplicates.len() as f64;
        Quality {
            recall: recall / reports,
            reciprocal_rank: reciprocal_rank / reports,
        }
    }
}
