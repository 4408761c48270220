//! Which texts have a term and how often, with the sums that weighing them needs.

use super::weights::{Shape, rarity};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// How often each term occurs in each field of one text, by term, so that every sum over terms is in one order whatever
/// came first. (Sums of floats depend on their order.)
pub(super) type Counts<const F: usize> = BTreeMap<String, [u16; F]>;

/// A text that has a term, by the place it is kept at.
#[derive(Clone, Copy)]
struct Occurrence<const F: usize> {
    place: u32,
    counts: [u16; F],
}

/// An inverted index with `F` fields.
pub(super) struct Layer<const F: usize> {
    /// For each term, where it occurs, by place.
    terms: HashMap<Arc<str>, Vec<Occurrence<F>>>,
    /// The lengths of the text at each place: zeros where there is none.
    lengths: Vec<[u32; F]>,
    totals: [u64; F],
    texts: usize,
}

/// A term that is asked about, with its weight: rarity, times how often it is asked about.
pub(super) struct Asked<'a, const F: usize> {
    pub term: &'a str,
    pub counts: [u16; F],
    pub weight: f64,
}

impl<const F: usize> Layer<F> {
    pub fn new() -> Self {
        Self {
            terms: HashMap::new(),
            lengths: Vec::new(),
            totals: [0; F],
            texts: 0,
        }
    }

    /// Keeps a text at a place where there is none. Gives its terms, to be handed to [`Layer::remove`].
    pub fn insert(&mut self, place: usize, counts: &Counts<F>) -> Vec<Arc<str>> {
        if self.lengths.len() <= place {
            self.lengths.resize(place + 1, [0; F]);
        }
        let lengths = lengths(counts);
        self.lengths[place] = lengths;
        for (total, length) in self.totals.iter_mut().zip(lengths) {
            *total += u64::from(length);
        }
        self.texts += 1;
        counts
            .iter()
            .map(|(term, counts)| self.insert_term(place, term, *counts))
            .collect()
    }

    fn insert_term(&mut self, place: usize, term: &str, counts: [u16; F]) -> Arc<str> {
        let term = match self.terms.get_key_value(term) {
            Some((term, _)) => Arc::clone(term),
            None => Arc::from(term),
        };
        let occurrences = self.terms.entry(Arc::clone(&term)).or_default();
        let occurrence = Occurrence {
            place: place as u32,
            counts,
        };
        let at = occurrences.partition_point(|other| other.place < occurrence.place);
        occurrences.insert(at, occurrence);
        term
    }

    /// Forgets the text at a place, which has these terms.
    pub fn remove(&mut self, place: usize, terms: &[Arc<str>]) {
        for term in terms {
            let Some(occurrences) = self.terms.get_mut(term) else {
                continue;
            };
            if let Some(at) = position(occurrences, place) {
                occurrences.remove(at);
            }
            if occurrences.is_empty() {
                self.terms.remove(term);
            }
        }
        for (total, length) in self.totals.iter_mut().zip(self.lengths[place]) {
            *total -= u64::from(length);
        }
        self.lengths[place] = [0; F];
        self.texts -= 1;
    }

    /// How often the text at a place has the term, if it has it.
    pub fn counts(&self, term: &str, place: usize) -> Option<[u16; F]> {
        let occurrences = self.terms.get(term)?;
        position(occurrences, place).map(|at| occurrences[at].counts)
    }

    /// The terms to ask about, by term: all of them, or the heaviest where there are too many.
    pub fn ask<'a>(&self, counts: &'a Counts<F>, shape: &Shape<F>) -> Vec<Asked<'a, F>> {
        let mut asked: Vec<Asked<'a, F>> = counts
            .iter()
            .map(|(term, counts)| {
                let have = self.terms.get(term.as_str()).map_or(0, Vec::len);
                Asked {
                    term,
                    counts: *counts,
                    weight: rarity(self.texts, have) * shape.asked(counts),
                }
            })
            .collect();
        if asked.len() > shape.most_terms {
            asked.sort_by(|a, b| b.weight.total_cmp(&a.weight).then(a.term.cmp(b.term)));
            asked.truncate(shape.most_terms);
            asked.sort_by(|a, b| a.term.cmp(b.term));
        }
        asked
    }

    /// The scores of all places for the terms, as a part of the score that the asked text has itself: 0 where nothing is
    /// shared, about 1 where everything is.
    pub fn scores(&self, asked: &[Asked<'_, F>], counts: &Counts<F>, shape: &Shape<F>) -> Vec<f64> {
        let means = self
            .totals
            .map(|total| total as f64 / self.texts.max(1) as f64);
        let per_occurrence: Vec<[f64; F]> = self
            .lengths
            .iter()
            .map(|lengths| shape.per_occurrence(lengths, &means))
            .collect();
        let mut scores = vec![0.0; self.lengths.len()];
        let itself = shape.per_occurrence(&lengths(counts), &means);
        let mut own = 0.0;
        for asked in asked {
            own += asked.weight * shape.found(&asked.counts, &itself);
            for occurrence in self.terms.get(asked.term).into_iter().flatten() {
                let place = occurrence.place as usize;
                scores[place] +=
                    asked.weight * shape.found(&occurrence.counts, &per_occurrence[place]);
            }
        }
        if own > 0.0 {
            scores.iter_mut().for_each(|score| *score /= own);
        }
        scores
    }
}

fn position<const F: usize>(occurrences: &[Occurrence<F>], place: usize) -> Option<usize> {
    occurrences
        .binary_search_by_key(&(place as u32), |occurrence| occurrence.place)
        .ok()
}

fn lengths<const F: usize>(counts: &Counts<F>) -> [u32; F] {
    let mut lengths = [0; F];
    for counts in counts.values() {
        for (length, count) in lengths.iter_mut().zip(counts) {
            *length += u32::from(*count);
        }
    }
    lengths
}
