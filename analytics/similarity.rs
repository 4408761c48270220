//! Which problems are similar to what somebody writes, and why: lexical, explained, and the same on every engine.
//!
//! Terms weighted by rarity, over title, summary and labels (service, tags, standards): BM25F, see [`Weights`]. Words are
//! compared by their stem. Beside them the titles are compared by their runs of three to five characters, which survive
//! misspelling (P. McNamee and J. Mayfield, "Character N-Gram Tokenization for European Language Text Retrieval",
//! Information Retrieval 7, 2004). Each of the two is a part of what the asked text would score against itself, so that
//! they can be added whatever its length.
//!
//! Every sum is made in one order, that of the terms, from counts alone: the ranking depends on which texts are in the
//! index, never on the order in which they came.

mod alike;
mod layer;
mod read;
mod reasons;
mod stem;
mod weights;
mod words;

#[cfg(test)]
mod labelled_tests;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

pub use weights::Weights;

use layer::Layer;
use read::{Labels, Read};
use reasons::Question;
use std::collections::BTreeMap;
use std::sync::Arc;
use weights::FIELDS;

/// What somebody writes about a problem, or wrote.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Text<'a> {
    /// The title, in which every word counts for several of the summary.
    pub title: &'a str,
    /// Everything else that was written about the problem, in any order.
    pub summary: &'a str,
    /// The service that the problem belongs to.
    pub service: Option<&'a str>,
    /// The tags.
    pub tags: &'a [&'a str],
    /// The standards that are named with the problem.
    pub standards: &'a [&'a str],
}

/// Why a text is similar: something that both have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// A word that both use in some form, as the asked text writes it.
    Word(String),
    /// A word of the asked title that is spelt like another one of the found title, both in lower case.
    Alike {
        /// The word of the asked title.
        ours: String,
        /// The word of the found title.
        theirs: String,
    },
    /// Both belong to this service.
    Service(String),
    /// Both bear this tag.
    Tag(String),
    /// Both name this standard.
    Standard(String),
}

/// A similar text.
#[derive(Clone, Debug, PartialEq)]
pub struct Match<K> {
    /// The key it was inserted with.
    pub key: K,
    /// How similar it is: above 0, and about 1 where it says all that the asked text says. Scores compare the matches of
    /// one question, not of two.
    pub score: f64,
    /// What the two share, never empty: words, the most telling first; words spelt alike; then service, tags and standards.
    pub reasons: Vec<Reason>,
}

/// The texts that may be similar, kept in memory and changed one by one.
pub struct Index<K> {
    weights: Weights,
    words: Layer<FIELDS>,
    characters: Layer<1>,
    places: BTreeMap<K, usize>,
    kept: Vec<Option<Kept>>,
    free: Vec<usize>,
}

/// What is kept of a text besides its counts.
struct Kept {
    labels: Labels,
    title: Vec<String>,
    words: Vec<Arc<str>>,
    characters: Vec<Arc<str>>,
}

/// How many texts that share no word are looked at, for words that are spelt alike, before the search ends.
const LOOKED_AT: usize = 100;

impl<K: Copy + Ord> Default for Index<K> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K: Copy + Ord> Index<K> {
    /// An index without texts, with the constants of [`Weights::default`].
    pub fn new() -> Self {
        Self::weighted(Weights::default())
    }

    /// An index without texts and with constants of one's own: to measure how much the ranking depends on them.
    pub fn weighted(weights: Weights) -> Self {
        Self {
            weights,
            words: Layer::new(),
            characters: Layer::new(),
            places: BTreeMap::new(),
            kept: Vec::new(),
            free: Vec::new(),
        }
    }

    /// How many texts there are.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether there is no text.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Keeps a text under a key, in place of the one that the key had.
    pub fn insert(&mut self, key: K, text: &Text<'_>) {
        self.remove(key);
        let place = self.free.pop().unwrap_or(self.kept.len());
        if place == self.kept.len() {
            self.kept.push(None);
        }
        let read = Read::new(text);
        self.kept[place] = Some(Kept {
            labels: Labels::new(text),
            words: self.words.insert(place, &read.words),
            characters: self.characters.insert(place, &read.characters),
            title: read.title,
        });
        self.places.insert(key, place);
    }

    /// Forgets the text of a key. Gives whether there was one.
    pub fn remove(&mut self, key: K) -> bool {
        let Some(place) = self.places.remove(&key) else {
            return false;
        };
        if let Some(kept) = self.kept[place].take() {
            self.words.remove(place, &kept.words);
            self.characters.remove(place, &kept.characters);
        }
        self.free.push(place);
        true
    }

    /// The `first` most similar texts, the most similar first, and by key where two are equally similar. Texts that share
    /// nothing that could be shown as a reason are not among them, so there may be fewer.
    pub fn similar(&self, text: &Text<'_>, first: usize) -> Vec<Match<K>> {
        let read = Read::new(text);
        let labels = Labels::new(text);
        let shape = self.weights.words();
        let asked = self.words.ask(&read.words, &shape);
        let by_words = self.words.scores(&asked, &read.words, &shape);
        let by_characters = self.scores_by_characters(&read);
        let question = Question::new(&read, &labels, &asked);
        let mut matches = Vec::new();
        let mut looked_at = 0;
        for (score, key, place) in self.ranked(&by_words, &by_characters) {
            if matches.len() == first || looked_at == LOOKED_AT {
                break;
            }
            if by_words[place] == 0.0 {
                looked_at += 1;
            }
            let reasons = self.reasons(&question, place);
            if !reasons.is_empty() {
                matches.push(Match {
                    key,
                    score,
                    reasons,
                });
            }
        }
        matches
    }

    fn scores_by_characters(&self, read: &Read) -> Vec<f64> {
        let shape = self.weights.characters();
        let asked = self.characters.ask(&read.characters, &shape);
        self.characters.scores(&asked, &read.characters, &shape)
    }

    fn reasons(&self, question: &Question<'_>, place: usize) -> Vec<Reason> {
        match &self.kept[place] {
            Some(kept) => question.reasons(&self.words, place, &kept.labels, &kept.title),
            None => Vec::new(),
        }
    }

    /// All texts that score, with score, key and place.
    fn ranked(&self, by_words: &[f64], by_characters: &[f64]) -> Vec<(f64, K, usize)> {
        let characters = self.weights.characters;
        let mut ranked: Vec<(f64, K, usize)> = self
            .places
            .iter()
            .map(|(key, place)| {
                let score = by_words[*place] + characters * by_characters[*place];
                (score / (1.0 + characters), *key, *place)
            })
            .filter(|(score, _, _)| *score > 0.0)
            .collect();
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        ranked
    }
}
