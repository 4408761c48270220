//! Says why a text is similar to another: what the two share, the most telling first.

use super::Reason;
use super::alike::alike;
use super::layer::{Asked, Layer};
use super::read::{Labels, Read};
use super::stem::stem;
use super::weights::{FIELDS, SUMMARY, TITLE};
use super::words::parts;

/// The most shared words, and the most words spelt alike, that are shown for one match.
const WORDS: usize = 6;
const ALIKE: usize = 2;

/// What is asked about, as reasons need it.
pub(super) struct Question<'a> {
    pub read: &'a Read,
    pub labels: &'a Labels,
    /// The terms asked about, the rarest first.
    pub rarest: Vec<&'a Asked<'a, FIELDS>>,
}

impl<'a> Question<'a> {
    pub fn new(read: &'a Read, labels: &'a Labels, asked: &'a [Asked<'a, FIELDS>]) -> Self {
        let mut rarest: Vec<&Asked<'_, FIELDS>> = asked.iter().collect();
        rarest.sort_by(|a, b| b.weight.total_cmp(&a.weight).then(a.term.cmp(b.term)));
        Self {
            read,
            labels,
            rarest,
        }
    }

    /// The reasons to show the text at a place, whose labels and words of the title these are.
    pub fn reasons(
        &self,
        words: &Layer<FIELDS>,
        place: usize,
        labels: &Labels,
        title: &[String],
    ) -> Vec<Reason> {
        let shared = self.shared_labels(labels);
        let mut reasons = self.shared_words(words, place, &shared);
        reasons.extend(self.words_alike(words, place, title));
        reasons.extend(shared);
        reasons
    }

    fn shared_labels(&self, theirs: &Labels) -> Vec<Reason> {
        let has = |labels: &[(String, String)], plain: &str| {
            labels.iter().any(|label| label.0.as_str() == plain)
        };
        let mut shared = Vec::new();
        if let (Some(ours), Some(theirs)) = (&self.labels.service, &theirs.service)
            && ours.0 == theirs.0
        {
            shared.push(Reason::Service(theirs.1.clone()));
        }
        for (plain, written) in &self.labels.tags {
            if has(&theirs.tags, plain) {
                shared.push(Reason::Tag(written.clone()));
            }
        }
        for (plain, written) in &self.labels.standards {
            if has(&theirs.standards, plain) {
                shared.push(Reason::Standard(written.clone()));
            }
        }
        shared.dedup();
        shared
    }

    /// The rarest words that both have. A word that both have in labels alone is no reason of its own beside the label; a
    /// part of an identifier is none beside the identifier.
    fn shared_words(&self, words: &Layer<FIELDS>, place: usize, labels: &[Reason]) -> Vec<Reason> {
        let mut shown: Vec<&String> = Vec::new();
        for asked in &self.rarest {
            if shown.len() == WORDS {
                break;
            }
            let Some(theirs) = words.counts(asked.term, place) else {
                continue;
            };
            let in_labels_alone = !in_running_text(&asked.counts) && !in_running_text(&theirs);
            let is_said_by_label = in_labels_alone && !labels.is_empty();
            let Some(written) = self.read.written.get(asked.term) else {
                continue;
            };
            let is_part = shown
                .iter()
                .any(|other| parts(other).contains(&written.as_str()));
            if !is_part && !is_said_by_label {
                shown.retain(|other| !parts(written).contains(&other.as_str()));
                shown.push(written);
            }
        }
        shown.into_iter().cloned().map(Reason::Word).collect()
    }

    /// Words of the two titles that are spelt alike, where the other text does not have our word.
    fn words_alike(&self, words: &Layer<FIELDS>, place: usize, title: &[String]) -> Vec<Reason> {
        let mut found = Vec::new();
        for ours in &self.read.title {
            if words.counts(&stem(ours), place).is_some() {
                continue;
            }
            if let Some(theirs) = title.iter().find(|theirs| alike(ours, theirs)) {
                found.push(Reason::Alike {
                    ours: ours.clone(),
                    theirs: theirs.clone(),
                });
            }
        }
        found.dedup();
        found.truncate(ALIKE);
        found
    }
}

fn in_running_text(counts: &[u16; FIELDS]) -> bool {
    counts[TITLE] > 0 || counts[SUMMARY] > 0
}
