//! Cuts English words to a common stem, so that "collect", "collected" and "collections" are one term.
//!
//! The algorithm of M. F. Porter, "An algorithm for suffix stripping", Program 14(3), 1980, step by step as
//! published. Only words of ASCII letters have a stem; others stay as they are.

/// The stem of a word in lower case.
pub(super) fn stem(word: &str) -> String {
    if word.len() < 3 || !word.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return word.to_owned();
    }
    let mut word = Word(word.as_bytes().to_vec());
    word.plurals();
    word.past_and_continuous();
    word.final_y();
    word.replace_longest(DOUBLE_SUFFIXES);
    word.replace_longest(FULL_AND_NESS);
    word.drop_endings();
    word.final_e_and_l();
    String::from_utf8_lossy(&word.0).into_owned()
}

/// Step 2: endings made of two.
const DOUBLE_SUFFIXES: &[(&str, &str)] = &[
    ("ational", "ate"),
    ("tional", "tion"),
    ("enci", "ence"),
    ("anci", "ance"),
    ("izer", "ize"),
    ("abli", "able"),
    ("alli", "al"),
    ("entli", "ent"),
    ("eli", "e"),
    ("ousli", "ous"),
    ("ization", "ize"),
    ("ation", "ate"),
    ("ator", "ate"),
    ("alism", "al"),
    ("iveness", "ive"),
    ("fulness", "ful"),
    ("ousness", "ous"),
    ("aliti", "al"),
    ("iviti", "ive"),
    ("biliti", "ble"),
];

/// Step 3.
const FULL_AND_NESS: &[(&str, &str)] = &[
    ("icate", "ic"),
    ("ative", ""),
    ("alize", "al"),
    ("iciti", "ic"),
    ("ical", "ic"),
    ("ful", ""),
    ("ness", ""),
];

/// Step 4: what falls where enough of the word is left. ("ion" falls only after s or t.)
const ENDINGS: &[(&str, &str)] = &[
    ("al", ""),
    ("ance", ""),
    ("ence", ""),
    ("er", ""),
    ("ic", ""),
    ("able", ""),
    ("ible", ""),
    ("ant", ""),
    ("ement", ""),
    ("ment", ""),
    ("ent", ""),
    ("sion", "s"),
    ("tion", "t"),
    ("ou", ""),
    ("ism", ""),
    ("ate", ""),
    ("iti", ""),
    ("ous", ""),
    ("ive", ""),
    ("ize", ""),
];

struct Word(Vec<u8>);

impl Word {
    fn is_consonant(&self, at: usize) -> bool {
        match self.0[at] {
            b'a' | b'e' | b'i' | b'o' | b'u' => false,
            b'y' => at == 0 || !self.is_consonant(at - 1),
            _ => true,
        }
    }

    /// Porter's m of the first letters: how often a run of vowels is followed by a consonant.
    fn measure(&self, letters: usize) -> usize {
        (1..letters)
            .filter(|at| self.is_consonant(*at) && !self.is_consonant(at - 1))
            .count()
    }

    fn has_vowel(&self, letters: usize) -> bool {
        (0..letters).any(|at| !self.is_consonant(at))
    }

    /// Whether the first letters end in the same consonant twice.
    fn ends_doubled(&self, letters: usize) -> bool {
        letters >= 2 && self.0[letters - 1] == self.0[letters - 2] && self.is_consonant(letters - 1)
    }

    /// Whether the first letters end in consonant, vowel, consonant other than w, x or y: a short syllable, as in "hop".
    fn ends_short(&self, letters: usize) -> bool {
        letters >= 3
            && self.is_consonant(letters - 3)
            && !self.is_consonant(letters - 2)
            && self.is_consonant(letters - 1)
            && !matches!(self.0[letters - 1], b'w' | b'x' | b'y')
    }

    /// How many letters stand before the suffix, if the word ends with it.
    fn before(&self, suffix: &str) -> Option<usize> {
        let ends = self.0.ends_with(suffix.as_bytes());
        ends.then(|| self.0.len() - suffix.len())
    }

    /// Steps 2 and 3: replaces the longest of the suffixes that the word ends with, if something is left before it.
    fn replace_longest(&mut self, suffixes: &[(&str, &str)]) {
        let longest = suffixes
            .iter()
            .filter_map(|(suffix, by)| self.before(suffix).map(|letters| (letters, by)))
            .min_by_key(|(letters, _)| *letters);
        if let Some((letters, by)) = longest
            && self.measure(letters) > 0
        {
            self.0.truncate(letters);
            self.0.extend_from_slice(by.as_bytes());
        }
    }

    /// Step 1a.
    fn plurals(&mut self) {
        let cut = if self.before("sses").is_some() || self.before("ies").is_some() {
            2
        } else {
            usize::from(self.before("ss").is_none() && self.before("s").is_some())
        };
        self.0.truncate(self.0.len() - cut);
    }

    /// Step 1b.
    fn past_and_continuous(&mut self) {
        if let Some(letters) = self.before("eed") {
            if self.measure(letters) > 0 {
                self.0.pop();
            }
            return;
        }
        let Some(letters) = self.before("ed").or_else(|| self.before("ing")) else {
            return;
        };
        if !self.has_vowel(letters) {
            return;
        }
        self.0.truncate(letters);
        if ["at", "bl", "iz"]
            .iter()
            .any(|end| self.before(end).is_some())
        {
            self.0.push(b'e');
        } else if self.ends_doubled(letters) {
            if !matches!(self.0[letters - 1], b'l' | b's' | b'z') {
                self.0.pop();
            }
        } else if self.measure(letters) == 1 && self.ends_short(letters) {
            self.0.push(b'e');
        }
    }

    /// Step 1c.
    fn final_y(&mut self) {
        if let Some(letters) = self.before("y")
            && self.has_vowel(letters)
        {
            self.0[letters] = b'i';
        }
    }

    /// Step 4.
    fn drop_endings(&mut self) {
        let longest = ENDINGS
            .iter()
            .filter_map(|(suffix, by)| Some((self.before(suffix)?, by.len(), suffix.len())))
            .max_by_key(|(_, _, suffix)| *suffix);
        if let Some((letters, kept, _)) = longest
            && self.measure(letters + kept) > 1
        {
            self.0.truncate(letters + kept);
        }
    }

    /// Step 5.
    fn final_e_and_l(&mut self) {
        if let Some(letters) = self.before("e") {
            let measure = self.measure(letters);
            if measure > 1 || (measure == 1 && !self.ends_short(letters)) {
                self.0.pop();
            }
        }
        let letters = self.0.len();
        if self.before("l").is_some() && self.ends_doubled(letters) && self.measure(letters) > 1 {
            self.0.pop();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The examples of the paper, through all steps.
    #[test]
    fn words_of_the_paper_are_cut_as_it_says() {
        for (word, expected) in [
            ("caresses", "caress"),
            ("ponies", "poni"),
            ("ties", "ti"),
            ("cats", "cat"),
            ("feed", "feed"),
            ("agreed", "agre"),
            ("plastered", "plaster"),
            ("bled", "bled"),
            ("motoring", "motor"),
            ("sing", "sing"),
            ("conflated", "conflat"),
            ("troubling", "troubl"),
            ("hopping", "hop"),
            ("falling", "fall"),
            ("filing", "file"),
            ("happy", "happi"),
            ("sky", "sky"),
            ("relational", "relat"),
            ("conditional", "condit"),
            ("vietnamization", "vietnam"),
            ("triplicate", "triplic"),
            ("hopefulness", "hope"),
            ("goodness", "good"),
            ("adjustment", "adjust"),
            ("adoption", "adopt"),
            ("probate", "probat"),
            ("cease", "ceas"),
            ("controlling", "control"),
            ("roll", "roll"),
            ("generalizations", "gener"),
            ("oscillators", "oscil"),
        ] {
            assert_eq!(stem(word), expected, "{word}");
        }
    }

    #[test]
    fn what_is_not_an_english_word_stays_as_it_is() {
        for word in ["", "is", "ŵyau", "utf8", "2024"] {
            assert_eq!(stem(word), word);
        }
    }
}
