//! Tests of the moves of problems and of their text.

use super::*;
use proptest::prelude::*;

/// The table as the rules have it, written apart from the code: `F` by the facts, `D` by decision, `.` not at all.
const TABLE: &str = "
                PROPOSED GATHERING BEING_SOLVED SOLVED PARKED
    PROPOSED     .        F         F            .      D
    GATHERING    F        .         F            .      D
    BEING_SOLVED F        F         .            D      D
    SOLVED       D        D         D            .      .
    PARKED       D        D         D            .      .
";

fn table() -> Vec<(ProblemState, ProblemState, char)> {
    let mut lines = TABLE.lines().filter(|line| !line.trim().is_empty());
    let to: Vec<ProblemState> = lines
        .next()
        .unwrap()
        .split_whitespace()
        .map(|word| word.parse().unwrap())
        .collect();
    let mut cells = Vec::new();
    for line in lines {
        let mut words = line.split_whitespace();
        let from: ProblemState = words.next().unwrap().parse().unwrap();
        let marks = words.map(|word| word.chars().next().unwrap());
        cells.extend(to.iter().zip(marks).map(|(to, mark)| (from, *to, mark)));
    }
    cells
}

/// Facts that put a problem there.
fn facts(state: ProblemState) -> Facts {
    match state {
        ProblemState::BeingSolved => Facts {
            others: 0,
            projects: 1,
        },
        ProblemState::Gathering => Facts {
            others: 2,
            projects: 0,
        },
        _ => Facts {
            others: 0,
            projects: 0,
        },
    }
}

#[test]
fn every_move_is_as_in_the_table() {
    let table = table();
    assert_eq!(table.len(), 25);
    for (from, to, mark) in table {
        let move_to = |by| from.can_become(to, by);
        assert_eq!(move_to(Mover::Facts), mark == 'F', "{from} → {to}");
        assert_eq!(move_to(Mover::Decision), mark == 'D', "{from} → {to}");
        let decided = from.decided(to, facts(to), Some("Because."));
        match mark {
            'D' => assert_eq!(decided.unwrap(), to, "{from} → {to}"),
            _ => assert_eq!(decided.unwrap_err().code(), "CONFLICT", "{from} → {to}"),
        }
        let settled = from.settled(facts(to));
        if to.is_open() {
            let wanted = if mark == 'F' { to } else { from };
            assert_eq!(settled, wanted, "{from} → {to}");
        }
    }
}

#[test]
fn parking_and_taking_up_again_need_a_reason_and_solving_does_not() {
    for (from, to, mark) in table() {
        if mark == 'D' {
            let without = from.decided(to, facts(to), None);
            match to {
                ProblemState::Solved => assert!(without.is_ok()),
                _ => assert_eq!(without.unwrap_err().code(), "BAD_INPUT", "{from} → {to}"),
            }
        }
    }
}

#[test]
fn a_problem_is_taken_up_again_only_where_the_facts_put_it() {
    use ProblemState::{BeingSolved, Gathering, Parked, Proposed};
    for to in [Proposed, Gathering, BeingSolved] {
        for real in [Proposed, Gathering, BeingSolved] {
            let moved = Parked.decided(to, facts(real), Some("Because."));
            assert_eq!(moved.is_ok(), to == real, "{to} while {real}");
        }
    }
}

fn written(title: &str, summary: &str) -> NewText {
    NewText {
        title: title.to_owned(),
        summary: summary.to_owned(),
        ..NewText::default()
    }
}

#[test]
fn a_text_is_trimmed_and_has_its_tags_in_order() {
    let kept = NewText {
        why: "  One.  \r\nTwo.\r\n\r\n".to_owned(),
        service: Some("homelessness".to_owned()),
        tags: ["Data sharing", "", "housing", "data  sharing"]
            .map(str::to_owned)
            .to_vec(),
        ..written(" Nobody knows who is homeless ", "We count twice.")
    }
    .kept()
    .unwrap();
    assert_eq!(kept.title, "Nobody knows who is homeless");
    assert_eq!(kept.why, "One.\nTwo.");
    assert_eq!(kept.tags, ["data-sharing", "housing"]);
    assert_eq!(kept.service.as_deref(), Some("homelessness"));
}

#[test]
fn a_text_that_cannot_be_kept_names_its_field() {
    let fine = written("A title", "A summary.");
    assert!(fine.kept().is_ok());
    let with = |change: fn(&mut NewText)| {
        let mut text = fine.clone();
        change(&mut text);
        match text.kept() {
            Err(Error::Invalid { field, .. }) => field,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(with(|text| text.title = "  ".to_owned()), "title");
    assert_eq!(with(|text| text.title = "!?".to_owned()), "title");
    assert_eq!(with(|text| text.title = "a\nb".to_owned()), "title");
    assert_eq!(with(|text| text.title = "a".repeat(151)), "title");
    assert_eq!(with(|text| text.summary = String::new()), "summary");
    assert_eq!(with(|text| text.summary = "a".repeat(1_001)), "summary");
    assert_eq!(with(|text| text.why = "a\n".repeat(201)), "why");
    assert_eq!(with(|text| text.affected = "a\0b".to_owned()), "affected");
    assert_eq!(with(|text| text.burden = "é".repeat(5_001)), "burden");
    assert_eq!(
        with(|text| text.service = Some("juggling".to_owned())),
        "service"
    );
    assert_eq!(with(|text| text.tags = vec!["!".to_owned()]), "tags");
    let nine = |text: &mut NewText| text.tags = (0..9).map(|n| format!("tag{n}")).collect();
    assert_eq!(with(nine), "tags");
}

proptest! {
    #[test]
    fn what_is_kept_is_kept_as_it_is(
        title in ".{0,40}", summary in "(.|\n){0,60}", why in "(.|\n|\r){0,60}", tags in proptest::collection::vec(".{0,12}", 0..6),
    ) {
        let text = NewText { why, tags, ..written(&title, &summary) };
        if let Ok(kept) = text.kept() {
            prop_assert_eq!(NewText::from(kept.clone()).kept().unwrap(), kept);
        }
    }

    #[test]
    fn no_facts_move_what_was_decided(others in 0_i64..5, projects in 0_i64..5) {
        let facts = Facts { others, projects };
        for state in ProblemState::ALL {
            let settled = state.settled(facts);
            prop_assert_eq!(settled.is_open(), state.is_open());
            if state.is_open() {
                prop_assert_eq!(settled, facts.state());
            }
        }
    }
}
