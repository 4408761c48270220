//! The constants of the ranking and the formula they stand in.

/// The constants of the ranking. [`Weights::default`] takes those of BM25 from the literature, where they have long been
/// the usual choice for text that nobody has judged yet. `title` and `characters` have no such value; theirs are round
/// numbers in the middle of a range in which the ranking hardly changes (`bench/similar.rs` shows it).
///
/// The formula is BM25F: S. Robertson and H. Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond",
/// Foundations and Trends in Information Retrieval 3(4), 2009. The same formula with one field, BM25, compares the titles by
/// their characters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Weights {
    /// How much a word of the title counts, in words of the summary. 3: weights of about this size are usual for titles, also
    /// where duplicates are looked for (C. Sun et al., "Towards More Accurate Retrieval of Duplicate Bug Reports", ASE 2011).
    pub title: f64,
    /// How soon more of the same word adds nothing: k1. 1.2, as Robertson and Zaragoza recommend.
    pub saturation: f64,
    /// How much a long text is held to say less with a word than a short one, from 0 to 1: b. 0.75, the usual value. (Labels,
    /// such as tags, are not measured by their length.)
    pub length: f64,
    /// The same as `saturation` for the text that is asked about, where repeating a word is meant: k3. 8; Okapi's runs at
    /// TREC use 7 to 1000, by task (S. Robertson and S. Walker, "Okapi/Keenbow at TREC-8", 1999).
    pub asked_saturation: f64,
    /// How much the titles' characters count, as a part of what the words count. 0.25: they decide where words are misspelt,
    /// and do not outweigh words that are shared.
    pub characters: f64,
    /// How many of the terms of a text are asked about, the heaviest first. It bounds the time of a very long text and
    /// hardly touches an ordinary one.
    pub most_terms: usize,
}

impl Default for Weights {
    fn default() -> Self {
        Self {
            title: 3.0,
            saturation: 1.2,
            length: 0.75,
            asked_saturation: 8.0,
            characters: 0.25,
            most_terms: 200,
        }
    }
}

/// The fields of a text that words are counted in, each with its own weight.
pub(super) const FIELDS: usize = 3;
pub(super) const TITLE: usize = 0;
pub(super) const SUMMARY: usize = 1;
pub(super) const LABELS: usize = 2;

/// How the fields of one layer are weighed: the constants of BM25F.
pub(super) struct Shape<const F: usize> {
    /// What one occurrence in a field counts.
    pub fields: [f64; F],
    /// How much a field's length counts, from 0 to 1.
    pub length: [f64; F],
    pub saturation: f64,
    pub asked_saturation: f64,
    pub most_terms: usize,
}

impl Weights {
    /// How words are weighed.
    pub(super) fn words(&self) -> Shape<FIELDS> {
        Shape {
            fields: [self.title, 1.0, 1.0],
            length: [self.length, self.length, 0.0],
            saturation: self.saturation,
            asked_saturation: self.asked_saturation,
            most_terms: self.most_terms,
        }
    }

    /// How the runs of characters of a title are weighed.
    pub(super) fn characters(&self) -> Shape<1> {
        Shape {
            fields: [1.0],
            length: [self.length],
            saturation: self.saturation,
            asked_saturation: self.asked_saturation,
            most_terms: self.most_terms,
        }
    }
}

impl<const F: usize> Shape<F> {
    /// How much a term counts for being asked about so often.
    pub fn asked(&self, counts: &[u16; F]) -> f64 {
        let often: f64 = (0..F)
            .map(|field| self.fields[field] * f64::from(counts[field]))
            .sum();
        (self.asked_saturation + 1.0) * often / (self.asked_saturation + often)
    }

    /// What an occurrence counts in each field of a text of these lengths, where these are the mean lengths.
    pub fn per_occurrence(&self, lengths: &[u32; F], means: &[f64; F]) -> [f64; F] {
        std::array::from_fn(|field| {
            let relative = match means[field] {
                mean if mean > 0.0 => f64::from(lengths[field]) / mean,
                _ => 0.0,
            };
            self.fields[field] / (1.0 - self.length[field] + self.length[field] * relative)
        })
    }

    /// How much a term counts for being in a text so often, from 0 to `saturation + 1`.
    pub fn found(&self, counts: &[u16; F], per_occurrence: &[f64; F]) -> f64 {
        let often: f64 = (0..F)
            .map(|field| per_occurrence[field] * f64::from(counts[field]))
            .sum();
        often * (self.saturation + 1.0) / (often + self.saturation)
    }
}

/// The rarity of a term that so many of all texts have: positive, and the higher the fewer have it.
pub(super) fn rarity(all: usize, have: usize) -> f64 {
    let (all, have) = (all as f64, have as f64);
    (1.0 + (all - have + 0.5) / (have + 0.5)).ln()
}
