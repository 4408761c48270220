//! Reads a text into the terms it is compared by.

use super::Text;
use super::layer::Counts;
use super::weights::{FIELDS, LABELS, SUMMARY, TITLE};
use super::words::{Term, label_terms, plain, plain_words, terms};
use std::collections::BTreeMap;

/// The lengths of the runs of characters that titles are compared by.
const RUNS: std::ops::RangeInclusive<usize> = 3..=5;

/// A text as terms.
pub(super) struct Read {
    /// The stems of all fields.
    pub words: Counts<FIELDS>,
    /// The runs of characters of the title.
    pub characters: Counts<1>,
    /// Each stem as it was first written: in the title, else in the summary, else in a label.
    pub written: BTreeMap<String, String>,
    /// The words of the title, plain, in order.
    pub title: Vec<String>,
}

/// The labels of a text, each in the form they are compared in, beside the one they were written in.
#[derive(Default)]
pub(super) struct Labels {
    pub service: Option<(String, String)>,
    pub tags: Vec<(String, String)>,
    pub standards: Vec<(String, String)>,
}

impl Read {
    pub fn new(text: &Text<'_>) -> Self {
        let mut read = Self {
            words: Counts::new(),
            characters: Counts::new(),
            written: BTreeMap::new(),
            title: plain_words(text.title),
        };
        read.count(TITLE, terms(text.title));
        read.count(SUMMARY, terms(text.summary));
        let labels = text.service.iter().chain(text.tags).chain(text.standards);
        for label in labels {
            read.count(LABELS, label_terms(label));
        }
        for word in &read.title {
            for run in runs(word) {
                let counts = read.characters.entry(run).or_default();
                counts[0] = counts[0].saturating_add(1);
            }
        }
        read
    }

    fn count(&mut self, field: usize, terms: Vec<Term<'_>>) {
        for term in terms {
            let counts = match self.words.get_mut(&term.stem) {
                Some(counts) => counts,
                None => {
                    self.written
                        .insert(term.stem.clone(), term.written.to_owned());
                    self.words.entry(term.stem).or_default()
                }
            };
            counts[field] = counts[field].saturating_add(1);
        }
    }
}

impl Labels {
    pub fn new(text: &Text<'_>) -> Self {
        let all = |labels: &[&str]| labels.iter().filter_map(|label| compared(label)).collect();
        Self {
            service: text.service.and_then(compared),
            tags: all(text.tags),
            standards: all(text.standards),
        }
    }
}

/// A label as it is compared, beside what was written; none if there is no word in it.
fn compared(label: &str) -> Option<(String, String)> {
    let plain = plain(label.trim());
    let has_word = plain.chars().any(char::is_alphanumeric);
    has_word.then(|| (plain, label.trim().to_owned()))
}

/// The runs of characters of a word, whose beginning and end count as a character each.
fn runs(word: &str) -> Vec<String> {
    let letters: Vec<char> = std::iter::once(' ')
        .chain(word.chars())
        .chain(std::iter::once(' '))
        .collect();
    RUNS.flat_map(|length| letters.windows(length))
        .map(|run| run.iter().collect())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_cut_into_runs_of_three_to_five_characters_with_its_ends() {
        assert_eq!(
            runs("bins"),
            [
                " bi", "bin", "ins", "ns ", " bin", "bins", "ins ", " bins", "bins "
            ]
        );
        assert_eq!(runs("a"), [" a "]);
    }

    #[test]
    fn terms_are_counted_by_field_and_kept_as_first_written() {
        let read = Read::new(&Text {
            title: "Missed bins",
            summary: "A Bin is missed. Bins!",
            service: Some("Waste"),
            tags: &["bins"],
            standards: &[],
        });
        assert_eq!(read.words["bin"], [1, 2, 1]);
        assert_eq!(read.words["wast"], [0, 0, 1]);
        assert_eq!(read.written["bin"], "bins");
        assert_eq!(read.title, ["missed", "bins"]);
    }
}
