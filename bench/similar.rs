//! Measures the ranking of similar problems beside plain BM25 on labelled reports, and times it among 5,000 problems.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a bench stops at the first fault and prints its figures"
)]

#[path = "similar/bm25.rs"]
mod bm25;
#[path = "similar/labelled.rs"]
mod labelled;

use analytics::similarity::{Index, Text, Weights};
use labelled::{Labelled, Quality, Report};
use std::time::{Duration, Instant};

/// How many problems there are when a question is timed.
const PROBLEMS: usize = 5_000;
/// How many questions are timed.
const QUESTIONS: usize = 500;
/// How many reports' bodies a very long question is made of.
const LONG: usize = 40;

fn main() {
    let Some(labelled) = labelled::real() else {
        println!(
            "SKIPPED: there is no folder `shared` beside the workspace to take labelled reports from."
        );
        return;
    };
    let (reports, asked) = (labelled.reports.len(), labelled.duplicates.len());
    println!("{asked} reports with duplicates among {reports}, numbers stripped");
    let plain = bm25::Bm25::new(&labelled.reports);
    show("plain BM25", labelled.quality(|report| plain.rank(report)));
    show("similar problems", quality(&labelled, Weights::default()));
    println!("\nwith one constant changed:");
    for (name, weights) in changed() {
        show(&name, quality(&labelled, weights));
    }
    println!();
    time(&labelled.reports);
}

fn show(what: &str, quality: Quality) {
    println!(
        "{what:<34} recall at 10 {:.3}   mean reciprocal rank {:.3}",
        quality.recall, quality.reciprocal_rank
    );
}

fn text(report: &Report) -> Text<'_> {
    Text {
        title: &report.title,
        summary: &report.body,
        ..Text::default()
    }
}

fn quality(labelled: &Labelled, weights: Weights) -> Quality {
    let mut index = Index::weighted(weights);
    for (place, report) in labelled.reports.iter().enumerate() {
        index.insert(place, &text(report));
    }
    labelled.quality(|report| {
        let matches = index.similar(&text(&labelled.reports[report]), labelled.reports.len());
        let keys = matches.into_iter().map(|found| found.key);
        keys.filter(|key| *key != report).collect()
    })
}

/// The constants, each lowered and raised while the others stay.
fn changed() -> Vec<(String, Weights)> {
    type Set = fn(&mut Weights, f64);
    let constants: [(&str, &[f64], Set); 6] = [
        ("title", &[1.0, 2.0, 4.0, 6.0], |w, x| w.title = x),
        ("saturation", &[0.6, 0.9, 1.6, 2.4], |w, x| w.saturation = x),
        ("length", &[0.25, 0.5, 0.9, 1.0], |w, x| w.length = x),
        ("asked_saturation", &[2.0, 4.0, 16.0, 1e6], |w, x| {
            w.asked_saturation = x
        }),
        ("characters", &[0.0, 0.125, 0.5, 1.0], |w, x| {
            w.characters = x
        }),
        ("most_terms", &[50.0, 100.0, 400.0, 1e6], |w, x| {
            w.most_terms = x as usize
        }),
    ];
    let mut changed = Vec::new();
    for (name, values, set) in constants {
        for value in values {
            let mut weights = Weights::default();
            set(&mut weights, *value);
            changed.push((format!("  {name} {value}"), weights));
        }
    }
    changed
}

/// A made-up problem: the title of one report with words of another's, and half of the body of each of two.
fn mixed(reports: &[Report], number: usize) -> Report {
    let one = &reports[number % reports.len()];
    let other = &reports[(number * 7 + number / reports.len() + 1) % reports.len()];
    let half = |body: &str| {
        let words: Vec<&str> = body.split(' ').collect();
        words[..words.len().div_ceil(2)].join(" ")
    };
    let more: Vec<&str> = other.title.split(' ').take(2).collect();
    Report {
        title: format!("{} {}", one.title, more.join(" ")),
        body: format!("{} {}", half(&one.body), half(&other.body)),
    }
}

fn time(reports: &[Report]) {
    let problems: Vec<Report> = (0..PROBLEMS).map(|number| mixed(reports, number)).collect();
    let before = resident();
    let start = Instant::now();
    let mut index = Index::new();
    for (key, problem) in problems.iter().enumerate() {
        index.insert(key as u128, &text(problem));
    }
    println!("{PROBLEMS} problems read in {:.0} ms", ms(start.elapsed()));
    match (before, resident()) {
        (Some(before), Some(after)) => println!("memory: about {} MB", (after - before) / 1_024),
        _ => println!("memory: not known on this system"),
    }
    let ordinary: Vec<Report> = (0..QUESTIONS)
        .map(|at| mixed(reports, at * 11 + 3))
        .collect();
    let titles = ordinary.iter().map(|report| Report {
        title: report.title.clone(),
        body: String::new(),
    });
    let long = (0..QUESTIONS).map(|at| {
        let bodies = (0..LONG).map(|more| reports[(at * 13 + more) % reports.len()].body.as_str());
        Report {
            title: ordinary[at].title.clone(),
            body: bodies.collect::<Vec<_>>().join(" "),
        }
    });
    ask(&index, "a title", &titles.collect::<Vec<_>>());
    ask(&index, "title and body", &ordinary);
    ask(&index, "title and 40 bodies", &long.collect::<Vec<_>>());
}

/// Times each question alone, five matches each.
fn ask(index: &Index<u128>, what: &str, questions: &[Report]) {
    let mut took: Vec<Duration> = questions
        .iter()
        .map(|question| {
            let start = Instant::now();
            let matches = std::hint::black_box(index.similar(&text(question), 5));
            assert!(!matches.is_empty());
            start.elapsed()
        })
        .collect();
    took.sort();
    let letters: usize = questions.iter().map(|question| question.body.len()).sum();
    println!(
        "{what:<22} median {:.2} ms   99th percentile {:.2} ms   longest {:.2} ms   (bodies of {} bytes on average)",
        ms(took[took.len() / 2]),
        ms(took[took.len() * 99 / 100]),
        ms(took[took.len() - 1]),
        letters / questions.len()
    );
}

fn ms(took: Duration) -> f64 {
    took.as_secs_f64() * 1_000.0
}

/// The memory of this process, in kB, where the system tells.
fn resident() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
