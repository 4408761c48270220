//! The ranking and its reasons, on examples worked out by hand.

use super::{Index, Match, Reason, Text, Weights};

fn titled(title: &str) -> Text<'_> {
    Text {
        title,
        ..Text::default()
    }
}

fn index<'a>(texts: impl IntoIterator<Item = Text<'a>>) -> Index<usize> {
    let mut index = Index::new();
    for (key, text) in texts.into_iter().enumerate() {
        index.insert(key, &text);
    }
    index
}

fn keys(matches: &[Match<usize>]) -> Vec<usize> {
    matches.iter().map(|found| found.key).collect()
}

fn word(word: &str) -> Reason {
    Reason::Word(word.to_owned())
}

const SECTOR: &[Text<'_>] = &[
    Text {
        title: "Missed bin collections are reported twice",
        summary: "Residents phone and use the form, and crews get both.",
        service: Some("Waste"),
        tags: &["reporting", "duplicates"],
        standards: &["Open Referral"],
    },
    Text {
        title: "Planning applications arrive invalid",
        summary: "Half of all applications miss a document or a fee.",
        service: Some("Planning"),
        tags: &["validation"],
        standards: &[],
    },
    Text {
        title: "Blue badge renewals take weeks",
        summary: "Evidence is posted on paper and typed in again.",
        service: Some("Transport"),
        tags: &["paper"],
        standards: &[],
    },
];

#[test]
fn the_most_similar_comes_first_with_its_words_as_they_were_asked() {
    let matches = index(SECTOR.iter().copied()).similar(
        &Text {
            title: "Applications for planning are often not valid",
            summary: "A fee is missing.",
            ..Text::default()
        },
        5,
    );
    assert_eq!(keys(&matches), [1, 0]);
    assert_eq!(
        matches[0].reasons,
        ["Applications", "planning", "valid", "fee", "missing"].map(word)
    );
    assert_eq!(matches[1].reasons, [word("missing")]);
}

/// Two texts of one word each, one of them asked about. Its rarity is ln(1 + 1.5 / 1.5), and both layers give what the
/// text would give itself; the other text shares nothing.
#[test]
fn the_same_text_scores_one() {
    let matches = index([titled("drains"), titled("libraries")]).similar(&titled("drain"), 5);
    assert_eq!(keys(&matches), [0]);
    assert_eq!(matches[0].reasons, [word("drain")]);
    let exact = index([titled("drains"), titled("libraries")]).similar(&titled("drains"), 5);
    assert!((exact[0].score - 1.0).abs() < 1e-12);
    assert!(matches[0].score < 1.0, "the characters differ");
}

/// Without characters: each of "rare" and "common" is asked with weight 9 * 3 / (8 + 3) times its rarity among three
/// texts. All titles but the first have the mean length or half of it.
#[test]
fn scores_are_those_of_the_formula() {
    let mut index = Index::weighted(Weights {
        characters: 0.0,
        ..Weights::default()
    });
    index.insert('a', &titled("rarely common"));
    index.insert('b', &titled("common drains"));
    index.insert('c', &titled("libraries"));
    let matches = index.similar(&titled("rarely common"), 5);
    let rarity = |have: f64| (1.0 + (3.0 - have + 0.5) / (have + 0.5)).ln();
    // Titles have 5 / 3 words on average: each occurrence counts 3 / (0.25 + 0.75 * 2 / (5 / 3)).
    let often: f64 = 3.0 / (0.25 + 0.75 * 2.0 / (5.0 / 3.0));
    let found = often * 2.2 / (often + 1.2);
    let own = (rarity(1.0) + rarity(2.0)) * found;
    assert_eq!(matches[0].key, 'a');
    assert!((matches[0].score - 1.0).abs() < 1e-12);
    assert_eq!(matches[1].key, 'b');
    assert!((matches[1].score - rarity(2.0) * found / own).abs() < 1e-12);
    assert_eq!(matches.len(), 2);
}

#[test]
fn a_rare_word_outweighs_a_common_one_and_a_title_a_summary() {
    let index = index([
        titled("council website"),
        titled("council parking"),
        titled("council drains"),
        Text {
            title: "council reports",
            summary: "parking",
            ..Text::default()
        },
    ]);
    let matches = index.similar(&titled("council parking"), 5);
    assert_eq!(keys(&matches)[..2], [1, 3]);
    assert_eq!(matches[0].reasons, [word("parking"), word("council")]);
}

#[test]
fn a_misspelt_title_finds_and_says_how_it_was_read() {
    let matches = index(SECTOR.iter().copied()).similar(&titled("bleu bagde renwals"), 5);
    assert_eq!(matches[0].key, 2);
    let alike = |ours: &str, theirs: &str| Reason::Alike {
        ours: ours.to_owned(),
        theirs: theirs.to_owned(),
    };
    assert_eq!(
        matches[0].reasons,
        [alike("bleu", "blue"), alike("bagde", "badge")]
    );
}

#[test]
fn a_word_still_being_typed_finds() {
    let matches = index(SECTOR.iter().copied()).similar(&titled("Planni"), 5);
    assert_eq!(keys(&matches), [1]);
}

#[test]
fn shared_service_tags_and_standards_are_reasons() {
    let matches = index(SECTOR.iter().copied()).similar(
        &Text {
            title: "Fly-tipping",
            service: Some("WASTE"),
            tags: &["Duplicates", "photos"],
            standards: &["open referral"],
            ..Text::default()
        },
        5,
    );
    assert_eq!(keys(&matches), [0]);
    assert_eq!(
        matches[0].reasons,
        [
            Reason::Service("Waste".to_owned()),
            Reason::Tag("Duplicates".to_owned()),
            Reason::Standard("open referral".to_owned()),
        ]
    );
}

#[test]
fn a_label_is_found_by_its_words_in_a_text_and_in_another_label() {
    let index = index([
        Text {
            title: "Fly-tipping",
            tags: &["garden waste"],
            ..Text::default()
        },
        titled("Libraries"),
    ]);
    let tagged = Text {
        tags: &["waste"],
        ..Text::default()
    };
    for asked in [titled("Waste"), tagged] {
        let matches = index.similar(&asked, 5);
        assert_eq!(keys(&matches), [0]);
        assert!(matches!(&matches[0].reasons[..], [Reason::Word(_)]));
    }
}

#[test]
fn a_part_of_an_identifier_is_no_reason_beside_it() {
    let matches = index([titled("scrollBox jumps"), titled("drains")])
        .similar(&titled("scrollBox is slow"), 5);
    assert_eq!(matches[0].reasons, [word("scrollBox")]);
    let by_part =
        index([titled("scrollBox jumps"), titled("drains")]).similar(&titled("scroll"), 5);
    assert_eq!(by_part[0].reasons, [word("scroll")]);
}

#[test]
fn replacing_a_text_forgets_the_old_one() {
    let mut index = index([titled("drains"), titled("libraries")]);
    index.insert(0, &titled("parking"));
    assert!(index.similar(&titled("drains"), 5).is_empty());
    assert_eq!(keys(&index.similar(&titled("parking"), 5)), [0]);
    assert_eq!(index.len(), 2);
    assert!(index.remove(0) && !index.remove(0));
    assert!(index.similar(&titled("parking"), 5).is_empty());
    assert!(index.remove(1) && index.is_empty());
    assert!(index.similar(&titled("libraries"), 5).is_empty());
}

#[test]
fn texts_that_say_nothing_are_similar_to_nothing() {
    let mut index = index(SECTOR.iter().copied());
    for nothing in ["", "  ", "the and of", "?!", "’", "\u{302}", "a"] {
        let text = Text {
            title: nothing,
            summary: nothing,
            ..Text::default()
        };
        assert!(index.similar(&text, 5).is_empty(), "{nothing:?}");
        index.insert(9, &text);
        assert!(index.similar(&text, 5).is_empty(), "{nothing:?}");
    }
    assert!(!index.similar(&titled("planning"), 5).is_empty());
    assert!(index.similar(&titled("planning"), 0).is_empty());
}

#[test]
fn equally_similar_texts_come_by_their_key() {
    let mut index = Index::new();
    for key in [3, 1, 2] {
        index.insert(key, &titled("drains"));
    }
    let keys: Vec<i32> = index
        .similar(&titled("drains"), 5)
        .into_iter()
        .map(|found| found.key)
        .collect();
    assert_eq!(keys, [1, 2, 3]);
}
