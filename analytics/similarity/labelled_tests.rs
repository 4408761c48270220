//! Holds what the ranking must reach on real labelled reports.

#[path = "../../bench/similar/labelled.rs"]
mod labelled;

use super::{Index, Text};

/// What plain BM25 of title and body reaches there is 0.74 and 0.49 (`bench/similar.rs`).
#[test]
#[allow(clippy::print_stderr, reason = "a skipped test says so")]
fn duplicates_of_real_reports_are_found_early() {
    let Some(labelled) = labelled::real() else {
        eprintln!(
            "SKIPPED: there is no folder `shared` beside the workspace to take labelled reports from."
        );
        return;
    };
    let texts: Vec<Text<'_>> = labelled
        .reports
        .iter()
        .map(|report| Text {
            title: &report.title,
            summary: &report.body,
            ..Text::default()
        })
        .collect();
    let mut index = Index::new();
    for (place, text) in texts.iter().enumerate() {
        index.insert(place, text);
    }
    let quality = labelled.quality(|report| {
        let matches = index.similar(&texts[report], texts.len());
        let keys = matches.into_iter().map(|found| found.key);
        keys.filter(|key| *key != report).collect()
    });
    assert!(
        quality.recall >= 0.80,
        "recall at 10 is {:.3}",
        quality.recall
    );
    assert!(
        quality.reciprocal_rank >= 0.54,
        "mean reciprocal rank is {:.3}",
        quality.reciprocal_rank
    );
}
