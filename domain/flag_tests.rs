//! When a flag is raised and when it goes, case by case.

use crate::flag::{self, ANSWER_MOST, Due, Facts, FlagKind, SLIP_DAYS, Seen};
use crate::status::{Colours, Rag};
use chrono::{Days, NaiveDate};
use proptest::prelude::*;

const G: Rag = Rag::Green;
const A: Rag = Rag::Amber;
const R: Rag = Rag::Red;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// An update with delivery, money, people and reuse.
fn seen(on: &str, [delivery, money, people, reuse]: [Rag; 4]) -> Seen {
    Seen {
        on: day(on),
        colours: Colours {
            delivery,
            money,
            people,
            reuse,
        },
    }
}

fn due(first: &str, now: &str, done: Option<&str>) -> Due {
    Due {
        title: "Register".to_owned(),
        first_due_on: day(first),
        due_on: day(now),
        done_on: done.map(day),
    }
}

fn facts(updates: Vec<Seen>) -> Facts {
    Facts {
        cadence_days: 14,
        updates,
        ..Facts::default()
    }
}

fn kinds(facts: &Facts, today: &str) -> Vec<FlagKind> {
    let doubts = facts.doubts(day(today));
    doubts.iter().map(|doubt| doubt.kind).collect()
}

fn evidence(facts: &Facts, today: &str) -> String {
    let doubts = facts.doubts(day(today));
    let sentences = doubts.into_iter().flat_map(|doubt| doubt.evidence);
    sentences.collect::<Vec<_>>().join(" ")
}

#[test]
fn green_does_not_go_with_milestones_that_slip() {
    let slipping = vec![FlagKind::GreenButSlipping];
    for (delivery, milestone, expected, why) in [
        (
            G,
            due("2026-03-01", "2026-03-01", None),
            &slipping,
            "overdue",
        ),
        (
            G,
            due("2026-03-10", "2026-03-10", None),
            &vec![],
            "due today",
        ),
        (
            G,
            due("2026-03-01", "2026-03-01", Some("2026-03-09")),
            &vec![],
            "done late",
        ),
        (
            G,
            due("2026-03-20", "2026-04-17", None),
            &slipping,
            "moved by 28 days",
        ),
        (
            G,
            due("2026-03-20", "2026-04-16", None),
            &vec![],
            "moved by 27 days",
        ),
        (
            G,
            due("2026-04-17", "2026-03-20", None),
            &vec![],
            "moved nearer",
        ),
        (
            A,
            due("2026-03-01", "2026-03-01", None),
            &vec![],
            "and amber",
        ),
        (R, due("2026-03-20", "2026-09-17", None), &vec![], "and red"),
    ] {
        let mut facts = facts(vec![seen("2026-03-05", [delivery, G, G, G])]);
        facts.milestones = vec![milestone];
        assert_eq!(&kinds(&facts, "2026-03-10"), expected, "{why}");
    }
    assert_eq!(SLIP_DAYS, 28);
}

#[test]
fn the_evidence_names_the_update_and_each_milestone() {
    let mut facts = facts(vec![seen("2026-03-05", [G, R, R, R])]);
    facts.milestones = vec![
        due("2026-03-01", "2026-03-01", None),
        due("2026-03-20", "2026-06-18", None),
        due("2026-03-20", "2026-03-20", None),
    ];
    assert_eq!(
        evidence(&facts, "2026-03-10"),
        "The update of 2026-03-05 shows GREEN for delivery. \
         “Register” was due on 2026-03-01 and is not done. \
         “Register” was first due on 2026-03-20 and is now due on 2026-06-18, 90 days later."
    );
    // It does not change as days pass, so nothing is written every night.
    assert_eq!(
        evidence(&facts, "2026-03-10"),
        evidence(&facts, "2026-03-12")
    );
    facts.milestones = vec![due("2026-03-01", "2026-03-01", None); 50];
    assert_eq!(facts.doubts(day("2026-03-10"))[0].evidence.len(), 11);
}

#[test]
fn silence_is_flagged_from_the_day_it_is_stale_while_delivery_is_green() {
    for (delivery, today, flagged) in [
        (G, "2026-01-29", false),
        (G, "2026-01-30", true),
        (G, "2027-01-01", true),
        (A, "2027-01-01", false),
        (R, "2027-01-01", false),
    ] {
        let facts = facts(vec![seen("2026-01-01", [delivery, G, G, G])]);
        let expected = if flagged {
            vec![FlagKind::Silent]
        } else {
            vec![]
        };
        assert_eq!(kinds(&facts, today), expected, "{delivery} on {today}");
    }
    let facts = facts(vec![seen("2026-01-01", [G, G, G, G])]);
    assert_eq!(
        evidence(&facts, "2026-06-01"),
        "The update of 2026-01-01 shows GREEN for delivery. \
         Nothing was posted since, though an update is due every 14 days."
    );
}

#[test]
fn a_colour_that_turns_green_has_work_to_show() {
    let turned = || {
        facts(vec![
            seen("2026-01-01", [R, G, G, G]),
            seen("2026-01-08", [G, G, G, G]),
        ])
    };
    let rising = vec![FlagKind::RisingRisk];
    assert_eq!(kinds(&turned(), "2026-01-09"), rising);
    assert_eq!(
        evidence(&turned(), "2026-01-09"),
        "The colour of delivery was RED on 2026-01-01 and GREEN on 2026-01-08, and no milestone was done and no output \
         published since."
    );
    // Saying once more that nothing changed does not make it go.
    let mut repeated = turned();
    repeated.updates.push(seen("2026-01-15", [G, G, G, G]));
    assert_eq!(kinds(&repeated, "2026-01-16"), rising);
    assert_eq!(
        evidence(&repeated, "2026-01-16"),
        evidence(&turned(), "2026-01-09")
    );
    // Not green any more.
    repeated.updates.push(seen("2026-01-16", [A, G, G, G]));
    assert_eq!(kinds(&repeated, "2026-01-16"), []);

    for (done, clears) in [
        ("2025-12-31", false),
        ("2026-01-01", true),
        ("2026-01-20", true),
    ] {
        let expected = if clears { vec![] } else { rising.clone() };
        let mut with_output = turned();
        with_output.outputs = vec![day(done)];
        assert_eq!(
            kinds(&with_output, "2026-01-21"),
            expected,
            "an output on {done}"
        );
        let mut with_milestone = turned();
        with_milestone.milestones = vec![due("2026-02-01", "2026-02-01", Some(done))];
        assert_eq!(
            kinds(&with_milestone, "2026-01-21"),
            expected,
            "a milestone on {done}"
        );
    }
}

#[test]
fn money_and_people_may_turn_green_without_a_milestone() {
    for (before, flagged) in [
        ([G, R, G, G], false),
        ([G, G, R, G], false),
        ([G, G, G, A], true),
        ([A, G, G, G], true),
        ([G, G, G, G], false),
    ] {
        let facts = facts(vec![
            seen("2026-01-01", before),
            seen("2026-01-08", [G, G, G, G]),
        ]);
        assert_eq!(
            !kinds(&facts, "2026-01-09").is_empty(),
            flagged,
            "{before:?}"
        );
    }
}

#[test]
fn getting_worse_twice_running_behind_a_green_delivery_is_flagged() {
    for (updates, flagged, why) in [
        (
            vec![[G, G, G, G], [G, A, G, G], [G, A, A, G]],
            true,
            "twice running",
        ),
        (
            vec![[G, G, G, G], [G, A, G, G], [G, R, G, G]],
            true,
            "one colour alone",
        ),
        (
            vec![[G, G, G, G], [G, A, G, G], [A, A, A, G]],
            false,
            "delivery says so",
        ),
        (
            vec![[G, G, G, G], [G, A, G, G], [G, A, G, G]],
            false,
            "it stopped",
        ),
        (
            vec![[G, A, G, G], [G, A, G, G], [G, A, A, G]],
            false,
            "once",
        ),
        (vec![[G, G, G, G], [G, A, A, G]], false, "too few to say"),
        (
            vec![[G, R, R, R], [G, G, G, G], [G, A, G, G], [G, A, A, G]],
            true,
            "the last three",
        ),
    ] {
        let days = ["2026-01-01", "2026-01-08", "2026-01-15", "2026-01-22"];
        let all = days
            .iter()
            .zip(updates)
            .map(|(on, colours)| seen(on, colours));
        let mut facts = facts(all.collect());
        facts.outputs = vec![day("2026-01-02")];
        let expected = if flagged {
            vec![FlagKind::RisingRisk]
        } else {
            vec![]
        };
        assert_eq!(kinds(&facts, "2026-01-23"), expected, "{why}");
    }
}

#[test]
fn a_project_that_never_said_anything_contradicts_nothing() {
    let mut facts = facts(Vec::new());
    facts.milestones = vec![due("2020-01-01", "2026-01-01", None)];
    assert_eq!(kinds(&facts, "2026-06-01"), []);
}

#[test]
fn a_flag_is_answered_once_and_while_it_stands() {
    assert_eq!(
        flag::answer(false, false, " We wait for the supplier. ").unwrap(),
        "We wait for the supplier."
    );
    for (answered, cleared, text, code) in [
        (true, false, "Again", "CONFLICT"),
        (false, true, "Late", "CONFLICT"),
        (true, true, "Late", "CONFLICT"),
        (false, false, "  ", "BAD_INPUT"),
        (false, false, &*"x".repeat(ANSWER_MOST + 1), "BAD_INPUT"),
    ] {
        assert_eq!(
            flag::answer(answered, cleared, text).unwrap_err().code(),
            code
        );
    }
}

fn colour() -> impl Strategy<Value = Rag> {
    prop_oneof![Just(G), Just(A), Just(R)]
}

proptest! {
    #[test]
    fn a_project_that_shows_no_green_is_never_flagged(
        before in prop::collection::vec([colour(), colour(), colour(), colour()], 0..5),
        delivery in prop_oneof![Just(A), Just(R)],
        reuse in prop_oneof![Just(A), Just(R)],
        age in 0..400_u64,
        late in 0..400_u64,
    ) {
        let today = day("2026-06-01");
        let mut updates: Vec<Seen> = before.into_iter().map(|all| seen("2024-01-01", all)).collect();
        updates.push(Seen { on: today - Days::new(age), ..seen("2024-01-01", [delivery, R, R, reuse]) });
        let mut facts = facts(updates);
        facts.milestones = vec![Due { due_on: today - Days::new(late), ..due("2023-01-01", "2024-01-01", None) }];
        prop_assert!(facts.doubts(today).is_empty());
    }

    #[test]
    fn each_kind_is_raised_once_and_says_why(
        updates in prop::collection::vec([colour(), colour(), colour(), colour()], 0..6),
        age in 0..400_u64,
        late in 0..100_u64,
    ) {
        let today = day("2026-06-01");
        let posted = Seen { on: today - Days::new(age), ..seen("2024-01-01", [G; 4]) };
        let all = updates.into_iter().map(|all| Seen { colours: seen("2024-01-01", all).colours, ..posted.clone() });
        let mut facts = facts(all.collect());
        facts.milestones = vec![Due { due_on: today - Days::new(late), ..due("2023-01-01", "2024-01-01", None) }];
        let doubts = facts.doubts(today);
        prop_assert!(doubts.windows(2).all(|two| two[0].kind < two[1].kind));
        prop_assert!(doubts.iter().all(|doubt| !doubt.evidence.is_empty()));
    }
}
