//! Whatever the history: the crate agrees with the definitions, and its parts with one another.
use crate::adoption::{Standing, figure, reasons, standings};
use crate::change::{Part, change};
use crate::history::{Body, Event, Grade, Member, Provision, State};
use crate::reference::Sector;
use crate::series::{Step, dates, series};
use chrono::{Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use std::collections::BTreeMap;

/// Few days, so that lives, windows, events and cut-offs often meet on one.
const DAYS: u64 = 40;

fn day(n: u64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2024, 1, 20).unwrap() + Days::new(n)
}

/// The days on which something may happen, and some before and after.
fn all_days() -> impl Iterator<Item = NaiveDate> {
    (0..DAYS + 20).map(|n| day(n) - Days::new(5))
}

fn any_day() -> impl Strategy<Value = NaiveDate> {
    (0..DAYS).prop_map(day)
}

/// Either end may be missing, and some windows end before they begin.
fn any_window() -> impl Strategy<Value = (Option<NaiveDate>, Option<NaiveDate>)> {
    (option::of(any_day()), option::of(any_day()))
}

fn any_time() -> impl Strategy<Value = NaiveDateTime> {
    let noon = |n| day(n).and_time(NaiveTime::MIN) + TimeDelta::hours(12);
    (0..DAYS).prop_map(noon)
}

fn any_body() -> impl Strategy<Value = Body> {
    (any_window(), option::of(0..1000_i64)).prop_map(|((opened_on, closed_on), population)| Body {
        opened_on,
        closed_on,
        population,
    })
}

fn any_provision(bodies: usize) -> impl Strategy<Value = Provision> {
    let parts = (0..bodies, any_window(), prop::bool::weighted(0.2), 0..5_u8);
    parts.prop_map(|(body, (from, to), excluded, reason)| Provision {
        body,
        from,
        to,
        excluded,
        reason,
    })
}

fn any_grade() -> impl Strategy<Value = Grade> {
    prop::sample::select(vec![
        Grade::SelfDeclared,
        Grade::Peer,
        Grade::Document,
        Grade::AutomaticCheck,
    ])
}

/// A third of them adoptions, so that expiry and change have something to act on.
fn any_state() -> impl Strategy<Value = State> {
    prop_oneof![1 => Just(State::Adopted), 2 => prop::sample::select(State::ALL.to_vec())]
}

/// An event without id, and the place of the one it corrects.
fn any_event(bodies: usize) -> impl Strategy<Value = (Event, Option<usize>)> {
    let what = (0..bodies, any_state(), any_day(), any_time());
    let how = (
        option::of(any_day()),
        any_grade(),
        prop::bool::weighted(0.8),
    );
    let corrects = option::weighted(0.2, 0..24_usize);
    (what, how, corrects).prop_map(|(what, how, corrects)| {
        let (body, state, effective_on, recorded_at) = what;
        let (expires_on, grade, confirmed) = how;
        let event = Event {
            id: 0,
            body,
            state,
            effective_on,
            recorded_at,
            expires_on,
            grade,
            confirmed,
            corrects: None,
        };
        (event, corrects)
    })
}

/// Events with ids in an order that says nothing, some correcting another one or none there is.
fn any_events(bodies: usize) -> impl Strategy<Value = Vec<Event>> {
    let ids = Just((100..124).collect::<Vec<u128>>()).prop_shuffle();
    (vec(any_event(bodies), 0..24), ids).prop_map(|(events, ids)| {
        let named = events.into_iter().zip(&ids);
        named
            .map(|((event, corrects), &id)| Event {
                id,
                corrects: corrects.map(|place| ids[place]),
                ..event
            })
            .collect()
    })
}

fn any_sector() -> impl Strategy<Value = Sector> {
    (1..5_usize).prop_flat_map(|bodies| {
        let known_at = prop_oneof![any_time(), Just(NaiveDateTime::MAX)];
        let cut = (known_at, option::weighted(0.3, any_grade()));
        let bodies_ = vec(any_body(), bodies);
        let provisions = vec(any_provision(bodies), 0..10);
        (bodies_, provisions, any_events(bodies), cut).prop_map(
            |(bodies, provisions, events, (known_at, min_grade))| Sector {
                bodies,
                provisions,
                events,
                known_at,
                min_grade,
            },
        )
    })
}

/// Members of a group, some of them beyond the bodies there are.
fn any_group() -> impl Strategy<Value = Vec<Member>> {
    let member = (0..6_usize, any_window());
    let member = member.prop_map(|(body, (from, to))| Member { body, from, to });
    vec(member, 0..8)
}

proptest! {
    #[test]
    fn a_history_agrees_with_the_definitions(sector in any_sector()) {
        let history = sector.history();
        for on in all_days() {
            for body in 0..sector.bodies.len() {
                let reason = sector.reason(body, on);
                prop_assert_eq!(history.reason(body, on), reason);
                prop_assert_eq!(history.eligible(body, on), reason.is_some());
                prop_assert_eq!(history.status(body, on), sector.status(body, on));
            }
        }
    }

    #[test]
    fn a_figure_agrees_with_the_definitions(sector in any_sector(), group in any_group()) {
        let history = sector.history();
        for on in all_days() {
            for members in [None, Some(group.as_slice())] {
                prop_assert_eq!(figure(&history, on, members), sector.figure(on, members));
                let eligible = sector.eligible(on, members).into_iter();
                let expected: Vec<Standing> = eligible
                    .map(|body| Standing { body, status: sector.status(body, on) })
                    .collect();
                prop_assert_eq!(standings(&history, on, members), expected);
            }
            let mut expected = BTreeMap::new();
            for body in sector.eligible(on, None) {
                *expected.entry(sector.reason(body, on).unwrap()).or_insert(0) += 1;
            }
            prop_assert_eq!(reasons(&history, on), expected);
        }
    }

    #[test]
    fn a_series_is_the_figure_of_each_date(
        sector in any_sector(),
        days in vec(any_day(), 0..12),
        groups in vec(any_group(), 0..4),
    ) {
        let history = sector.history();
        let expected: Vec<Vec<_>> = if groups.is_empty() {
            vec![days.iter().map(|day| figure(&history, *day, None)).collect()]
        } else {
            let points = |group| days.iter().map(|day| figure(&history, *day, Some(group))).collect();
            groups.iter().map(|group: &Vec<Member>| points(group)).collect()
        };
        prop_assert_eq!(series(&history, &days, &groups), expected);
    }

    #[test]
    fn the_parts_of_a_group_s_change_lie_between_its_figures(
        sector in any_sector(),
        group in any_group(),
        from in any_day(),
        to in any_day(),
    ) {
        let history = sector.history();
        let change = change(&history, from, to, Some(&group));
        let adopted = |on| i64::from(figure(&history, on, Some(&group)).adopted());
        prop_assert_eq!((change.before, change.after), (adopted(from), adopted(to)));
        let parts = [Part::Adopted, Part::Lapsed, Part::Entered, Part::Left, Part::Inherited];
        let sum: i64 = parts.iter().map(|part| change.total(*part)).sum();
        prop_assert_eq!(sum, change.difference());
    }

    #[test]
    fn the_parts_of_a_change_always_sum(sector in any_sector(), from in any_day(), to in any_day()) {
        let change = change(&sector.history(), from, to, None);
        let (before, after) = (sector.adopters(from), sector.adopters(to));
        prop_assert_eq!(change.before, before.len() as i64);
        prop_assert_eq!(change.after, after.len() as i64);

        let parts = [Part::Adopted, Part::Lapsed, Part::Entered, Part::Left, Part::Inherited];
        let sum: i64 = parts.iter().map(|part| change.total(*part)).sum();
        prop_assert_eq!(sum, change.difference());
        prop_assert!(change.bodies.is_sorted());

        let mut expected = Vec::new();
        for body in 0..sector.bodies.len() {
            let there = |on| sector.reason(body, on).is_some();
            match (before.contains(&body), after.contains(&body)) {
                (false, true) if there(from) => expected.push((Part::Adopted, body)),
                (false, true) => expected.push((Part::Entered, body)),
                (true, false) if there(to) => expected.push((Part::Lapsed, body)),
                (true, false) => expected.push((Part::Left, body)),
                _ => {}
            }
        }
        expected.sort();
        prop_assert_eq!(change.bodies, expected);
    }

    #[test]
    fn what_is_recorded_after_the_cut_off_has_no_effect_at_all(sector in any_sector()) {
        let mut known = sector.clone();
        known.events.retain(|event| event.recorded_at <= sector.known_at);
        known.known_at = NaiveDateTime::MAX;
        let (all, known) = (sector.history(), known.history());
        for on in all_days() {
            prop_assert_eq!(standings(&all, on, None), standings(&known, on, None));
            prop_assert_eq!(figure(&all, on, None), figure(&known, on, None));
        }
    }

    #[test]
    fn the_order_in_which_facts_are_given_means_nothing(
        sector in any_sector(),
        seed in any::<[u8; 24]>(),
    ) {
        let mut shuffled = sector.clone();
        shuffled.provisions.reverse();
        let mut keyed: Vec<_> = shuffled.events.into_iter().zip(seed).collect();
        keyed.sort_by_key(|(_, key)| *key);
        shuffled.events = keyed.into_iter().map(|(event, _)| event).collect();
        let (one, other) = (sector.history(), shuffled.history());
        for on in all_days() {
            prop_assert_eq!(standings(&one, on, None), standings(&other, on, None));
            prop_assert_eq!(reasons(&one, on), reasons(&other, on));
        }
    }

    #[test]
    fn monthly_dates_are_the_day_of_the_first_or_the_end_of_a_shorter_month(
        from in 0..1500_u64,
        length in 0..1500_u64,
        step in prop::sample::select(vec![(Step::Month, 1), (Step::Quarter, 3), (Step::Year, 12)]),
    ) {
        let (step, months) = step;
        let (from, to) = (day(from), day(from + length));
        let dates = dates(from, to, step).unwrap();
        prop_assert_eq!(dates.last(), Some(&to));
        prop_assert!(dates.is_sorted_by(|a, b| a < b));
        for (count, date) in dates[..dates.len() - 1].iter().enumerate() {
            let month = from.month0() as usize + count * months;
            let whole = (from.year() as usize + month / 12, month % 12 + 1);
            prop_assert_eq!((date.year() as usize, date.month() as usize), whole);
            let next_is_another_month = (*date + Days::new(1)).month() != date.month();
            let kept = date.day() == from.day();
            prop_assert!(kept || (date.day() < from.day() && next_is_another_month));
        }
        // No step between the last two dates is left out.
        if let [.., before, _] = dates.as_slice() {
            prop_assert!((to - *before).num_days() <= 31 * months as i64);
        }
    }
}
