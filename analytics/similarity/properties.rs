//! What holds for any texts: the order of coming does not matter, scores are finite, every match has a reason.

use super::{Index, Match, Text};
use proptest::prelude::*;

/// A text that owns its words.
#[derive(Clone, Debug)]
struct Owned {
    title: String,
    summary: String,
    service: Option<String>,
    tags: Vec<String>,
}

impl Owned {
    fn with<T>(&self, read: impl FnOnce(&Text<'_>) -> T) -> T {
        let tags: Vec<&str> = self.tags.iter().map(String::as_str).collect();
        read(&Text {
            title: &self.title,
            summary: &self.summary,
            service: self.service.as_deref(),
            tags: &tags,
            standards: &[],
        })
    }
}

/// Words that are shared often, in several forms, and some that hardly are words.
fn words(most: usize) -> impl Strategy<Value = String> {
    let word = prop_oneof![
        6 => prop::sample::select(vec![
            "bin", "bins", "collected", "collection", "colection", "Planning", "planner", "the", "of", "IT", "tŷ",
            "scrollBox", "scroll", "box", "2024", "x", "don't", "licence", "licensing", "parking", "waste",
        ]).prop_map(str::to_owned),
        1 => "\\PC{0,6}",
    ];
    prop::collection::vec(word, 0..most).prop_map(|words| words.join(" "))
}

fn text() -> impl Strategy<Value = Owned> {
    (
        words(6),
        words(20),
        prop::option::of(words(2)),
        prop::collection::vec(words(2), 0..3),
    )
        .prop_map(|(title, summary, service, tags)| Owned {
            title,
            summary,
            service,
            tags,
        })
}

fn texts() -> impl Strategy<Value = Vec<Owned>> {
    prop::collection::vec(text(), 1..12)
}

fn insert(index: &mut Index<usize>, key: usize, text: &Owned) {
    text.with(|text| index.insert(key, text));
}

fn index(texts: &[Owned], order: impl IntoIterator<Item = usize>) -> Index<usize> {
    let mut index = Index::new();
    for key in order {
        insert(&mut index, key, &texts[key]);
    }
    index
}

/// All matches with the bits of their scores: equal only where the rankings are the same to the last bit.
fn ranking(index: &Index<usize>, asked: &Owned) -> Vec<(u64, Match<usize>)> {
    asked
        .with(|text| index.similar(text, 100))
        .into_iter()
        .map(|found| (found.score.to_bits(), found))
        .collect()
}

proptest! {
    #[test]
    fn the_order_of_coming_does_not_matter(
        (texts, order) in texts().prop_flat_map(|texts| {
            let keys: Vec<usize> = (0..texts.len()).collect();
            (Just(texts), Just(keys).prop_shuffle())
        }),
        asked in text(),
    ) {
        let one = index(&texts, 0..texts.len());
        let other = index(&texts, order);
        prop_assert_eq!(ranking(&one, &asked), ranking(&other, &asked));
    }

    #[test]
    fn what_went_and_came_back_leaves_no_trace(
        texts in texts(),
        passing in texts(),
        asked in text(),
    ) {
        let expected = index(&texts, 0..texts.len());
        let mut changed = Index::new();
        for (key, text) in passing.iter().enumerate() {
            insert(&mut changed, key, text);
            insert(&mut changed, key + 100, text);
        }
        for (key, text) in texts.iter().enumerate() {
            insert(&mut changed, key, text);
        }
        for key in 0..passing.len() {
            changed.remove(key + 100);
            if key >= texts.len() {
                changed.remove(key);
            }
        }
        prop_assert_eq!(changed.len(), texts.len());
        prop_assert_eq!(ranking(&expected, &asked), ranking(&changed, &asked));
    }

    #[test]
    fn matches_have_reasons_and_finite_falling_scores(texts in texts(), asked in text()) {
        let matches = ranking(&index(&texts, 0..texts.len()), &asked);
        for (_, found) in &matches {
            prop_assert!(found.score.is_finite() && found.score > 0.0);
            prop_assert!(!found.reasons.is_empty());
        }
        for pair in matches.windows(2) {
            let (one, other) = (&pair[0].1, &pair[1].1);
            prop_assert!(one.score > other.score || (one.score == other.score && one.key < other.key));
        }
    }

    #[test]
    fn fewer_matches_are_the_first_of_more(texts in texts(), asked in text(), first in 0usize..6) {
        let index = index(&texts, 0..texts.len());
        let mut expected = ranking(&index, &asked);
        expected.truncate(first);
        let found = asked.with(|text| index.similar(text, first));
        prop_assert_eq!(found, expected.into_iter().map(|(_, found)| found).collect::<Vec<_>>());
    }

    #[test]
    fn a_text_is_the_first_for_itself_among_others_of_its_length(
        words in prop::collection::btree_set("[b-df-hj-np-tv-z]{6}", 12..60),
    ) {
        let words: Vec<String> = words.into_iter().collect();
        let titles: Vec<String> = words.windows(4).map(|words| words.join(" ")).collect();
        let mut index = Index::new();
        for (key, title) in titles.iter().enumerate() {
            index.insert(key, &Text { title, ..Text::default() });
        }
        for (key, title) in titles.iter().enumerate() {
            let matches = index.similar(&Text { title, ..Text::default() }, 1);
            prop_assert_eq!(matches[0].key, key);
        }
    }
}
