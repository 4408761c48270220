//! Takes words out of what people wrote: lower case, without accents, identifiers also by their parts.

use super::stem::stem;
use std::collections::HashSet;
use std::sync::LazyLock;

/// The longest word, in characters. What is longer is a checksum or an encoded file, not a word.
const LONGEST: usize = 40;

/// Words that say nothing of what a text is about: the function words of English, as in the list that comes with the
/// Snowball stemmers, contractions without their apostrophe. None of any subject: those are judged by their rarity.
const STOP: &str = "a about above after again against all am an and any are arent as at be because been before \
    being below between both but by can cannot cant could couldnt did didnt do does doesnt doing dont down during \
    each few for from further had hadnt has hasnt have havent having he her here heres hers herself him himself his \
    how i if im in into is isnt it its itself ive just me more most my myself no nor not now of off on once only or \
    other ought our ours ourselves out over own same she should shouldnt so some such than that thats the their \
    theirs them themselves then there theres these they theyre this those through to too under until up us very was \
    wasnt we were werent what whats when where which while who whom whose why will with wont would wouldnt you your \
    youre yours yourself yourselves";

/// One term of a text: as it is compared, and as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Term<'a> {
    pub stem: String,
    pub written: &'a str,
}

/// The terms of running text, in order: words of two characters and more that are not stop words. An identifier such as
/// `scrollBox` is a term itself and by its parts.
pub(super) fn terms(text: &str) -> Vec<Term<'_>> {
    let mut terms = Vec::new();
    for written in words(text) {
        let parts = parts(written);
        for form in std::iter::once(written).chain(parts) {
            let plain = plain(form);
            if plain.chars().nth(1).is_some() && !is_stop(&plain) {
                terms.push(Term {
                    stem: stem(&plain),
                    written: form,
                });
            }
        }
    }
    terms
}

/// The terms of a label, such as a tag: every word, since a service may be called "IT".
pub(super) fn label_terms(label: &str) -> Vec<Term<'_>> {
    words(label)
        .map(|written| Term {
            stem: stem(&plain(written)),
            written,
        })
        .collect()
}

/// The words of a title as they are compared by their characters: not stemmed, no stop words.
pub(super) fn plain_words(title: &str) -> Vec<String> {
    words(title)
        .map(plain)
        .filter(|word| !word.is_empty() && !is_stop(word))
        .collect()
}

/// A word in lower case, without apostrophes and without the accents of Latin letters.
pub(super) fn plain(word: &str) -> String {
    word.chars()
        .flat_map(char::to_lowercase)
        .filter(|letter| !is_mark(*letter))
        .map(unaccented)
        .collect()
}

fn is_stop(plain: &str) -> bool {
    static WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| STOP.split_whitespace().collect());
    WORDS.contains(plain)
}

/// What belongs to a word without being compared: apostrophes, and accents that stand as characters of their own.
fn is_mark(letter: char) -> bool {
    matches!(letter, '\'' | '’' | '\u{300}'..='\u{36f}')
}

/// The words of a text: runs of letters and digits, with the marks inside them.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !letter.is_alphanumeric() && !is_mark(letter))
        .map(|word| word.trim_matches(is_mark))
        .filter(|word| !word.is_empty() && word.chars().nth(LONGEST).is_none())
}

/// The parts of an identifier (`scrollBox`, `XMLParser`), or none where a word has only one.
pub(super) fn parts(word: &str) -> Vec<&str> {
    let letters: Vec<(usize, char)> = word.char_indices().collect();
    let mut parts = Vec::new();
    let mut from = 0;
    for at in 1..letters.len() {
        let (before, (place, here)) = (letters[at - 1].1, letters[at]);
        let next_is_lower = letters
            .get(at + 1)
            .is_some_and(|next| next.1.is_lowercase());
        if here.is_uppercase()
            && (before.is_lowercase() || (before.is_uppercase() && next_is_lower))
        {
            parts.push(&word[from..place]);
            from = place;
        }
    }
    if from > 0 {
        parts.push(&word[from..]);
    }
    parts
}

/// A Latin letter without its accent; every other character as it is.
fn unaccented(letter: char) -> char {
    match letter {
        'à'..='å' | 'ā' | 'ă' | 'ą' => 'a',
        'ç' | 'ć' | 'č' => 'c',
        'è'..='ë' | 'ē' | 'ę' | 'ě' => 'e',
        'ì'..='ï' | 'ī' | 'į' => 'i',
        'ñ' | 'ń' | 'ň' => 'n',
        'ò'..='ö' | 'ø' | 'ō' | 'ő' => 'o',
        'ś' | 'š' | 'ş' => 's',
        'ù'..='ü' | 'ū' | 'ů' | 'ű' => 'u',
        'ŵ' => 'w',
        'ý' | 'ÿ' | 'ŷ' => 'y',
        'ź' | 'ż' | 'ž' => 'z',
        _ => letter,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stems(text: &str) -> Vec<String> {
        terms(text).into_iter().map(|term| term.stem).collect()
    }

    #[test]
    fn running_text_becomes_stems_without_stop_words() {
        assert_eq!(
            stems("The council’s bins aren't collected, in 2024!"),
            ["council", "bin", "collect", "2024"]
        );
    }

    #[test]
    fn an_identifier_is_a_term_itself_and_by_its_parts() {
        assert_eq!(
            stems("scrollBox.ensure_visible() XMLParser"),
            [
                "scrollbox",
                "scroll",
                "box",
                "ensur",
                "visibl",
                "xmlparser",
                "xml",
                "parser"
            ]
        );
    }

    #[test]
    fn accents_do_not_part_words_however_they_are_written() {
        assert_eq!(stems("Tŷ"), ["ty"]);
        assert_eq!(stems("Ty\u{302}"), ["ty"]);
    }

    #[test]
    fn every_word_of_a_label_counts() {
        let label = label_terms("IT");
        assert_eq!(label[0].stem, "it");
        assert_eq!(label[0].written, "IT");
        assert!(terms("IT").is_empty());
    }

    #[test]
    fn encoded_files_are_not_words() {
        assert!(stems(&"a9".repeat(400)).is_empty());
    }

    #[test]
    fn a_stop_word_is_one_as_a_whole_only() {
        assert!(is_stop("the") && is_stop("a") && is_stop("yourselves"));
        assert!(!is_stop("th") && !is_stop("elves") && !is_stop(""));
    }
}
