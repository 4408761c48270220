//! Plain BM25 of title and body, to compare with: no stems, no stop words, one field.

use super::labelled::Report;
use std::collections::BTreeMap;

/// The usual constants.
const SATURATION: f64 = 1.2;
const LENGTH: f64 = 0.75;

/// The reports as bags of words.
pub struct Bm25 {
    bags: Vec<BTreeMap<String, f64>>,
    lengths: Vec<f64>,
    have: BTreeMap<String, f64>,
}

impl Bm25 {
    pub fn new(reports: &[Report]) -> Self {
        let bags: Vec<_> = reports.iter().map(bag).collect();
        let mut have = BTreeMap::new();
        for word in bags.iter().flat_map(BTreeMap::keys) {
            *have.entry(word.clone()).or_insert(0.0) += 1.0;
        }
        Self {
            lengths: bags.iter().map(|bag| bag.values().sum()).collect(),
            bags,
            have,
        }
    }

    /// All other reports by their score for all words of one, repeated ones counting again.
    pub fn rank(&self, report: usize) -> Vec<usize> {
        let mut scored: Vec<(f64, usize)> = (0..self.bags.len())
            .filter(|other| *other != report)
            .map(|other| (self.score(report, other), other))
            .collect();
        scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        scored.into_iter().map(|(_, other)| other).collect()
    }

    fn score(&self, asked: usize, report: usize) -> f64 {
        let all = self.bags.len() as f64;
        let mean = self.lengths.iter().sum::<f64>() / all;
        let long = SATURATION * (1.0 - LENGTH + LENGTH * self.lengths[report] / mean);
        let mut score = 0.0;
        for (word, often) in &self.bags[asked] {
            let Some(found) = self.bags[report].get(word) else {
                continue;
            };
            let have = self.have[word];
            let rarity = (1.0 + (all - have + 0.5) / (have + 0.5)).ln();
            score += often * rarity * found * (SATURATION + 1.0) / (found + long);
        }
        score
    }
}

fn bag(report: &Report) -> BTreeMap<String, f64> {
    let text = format!("{} {}", report.title, report.body).to_lowercase();
    let mut bag = BTreeMap::new();
    for word in text.split(|letter: char| !letter.is_alphanumeric() && letter != '_') {
        if !word.is_empty() {
            *bag.entry(word.to_owned()).or_insert(0.0) += 1.0;
        }
    }
    bag
}
