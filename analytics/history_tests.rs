//! What each rule of a history means, by hand-worked cases.
use crate::history::{Body, Event, Grade, History, HistoryError, Provision, State, Status};
use crate::testing::{KNOWN, at, body, day, event, history, provision};
use chrono::NaiveDate;
use std::sync::Arc;

fn state(history: &History, on: &str) -> State {
    history.status(0, day(on)).state
}

#[test]
fn a_life_and_a_window_hold_their_first_day_and_not_their_last() {
    let bodies = [body("2020-01-10", "2020-03-10")];
    let always = history(&bodies, &[provision(0, "", "")], &[]);
    let window = history(&bodies, &[provision(0, "2020-02-01", "2020-02-05")], &[]);
    for (on, open, applied) in [
        ("2020-01-09", false, false),
        ("2020-01-10", true, false),
        ("2020-02-01", true, true),
        ("2020-02-04", true, true),
        ("2020-02-05", true, false),
        ("2020-03-09", true, false),
        ("2020-03-10", false, false),
    ] {
        assert_eq!(always.eligible(0, day(on)), open, "{on}");
        assert_eq!(window.eligible(0, day(on)), applied, "{on}");
    }
}

#[test]
fn a_body_without_dates_is_always_open() {
    let history = history(&[Body::default()], &[provision(0, "", "")], &[]);
    assert!(history.eligible(0, NaiveDate::MIN));
    assert!(history.eligible(0, NaiveDate::MAX));
}

#[test]
fn an_exclusion_outweighs_every_provision_while_it_lasts() {
    let exclusion = Provision {
        excluded: true,
        reason: 0,
        ..provision(0, "2020-02-01", "2020-03-01")
    };
    let provisions = [provision(0, "", ""), provision(0, "", ""), exclusion];
    let history = history(&[Body::default()], &provisions, &[]);
    let eligible = |on| history.eligible(0, day(on));
    let days = ["2020-01-31", "2020-02-01", "2020-02-29", "2020-03-01"];
    assert_eq!(days.map(eligible), [true, false, false, true]);
}

#[test]
fn the_reason_is_the_strongest_in_force() {
    let reason = |reason, from, to| Provision {
        reason,
        ..provision(0, from, to)
    };
    let provisions = [
        reason(2, "2020-01-01", "2020-12-01"),
        reason(0, "2020-03-01", "2020-04-01"),
        reason(4, "2020-01-01", ""),
    ];
    let history = history(&[Body::default()], &provisions, &[]);
    let reason = |on| history.reason(0, day(on));
    let days = ["2019-12-31", "2020-02-01", "2020-03-01", "2020-12-01"];
    assert_eq!(days.map(reason), [None, Some(2), Some(0), Some(4)]);
}

#[test]
fn no_event_is_unknown_and_an_event_decides_from_its_effective_day() {
    let adopted = event(1, 0, State::Adopted, "2020-02-01");
    let history = history(&[Body::default()], &[], &[adopted]);
    assert_eq!(history.status(0, day("2020-01-31")), Status::UNKNOWN);
    let expected = Status {
        state: State::Adopted,
        since: Some(day("2020-02-01")),
        event: Some(1),
    };
    assert_eq!(history.status(0, day("2020-02-01")), expected);
    assert!(!history.eligible(0, day("2020-02-01")));
}

#[test]
fn the_last_event_is_by_effective_day_then_record_then_id() {
    let recorded = |id, state, on, at_| Event {
        recorded_at: at(at_),
        ..event(id, 0, state, on)
    };
    // The later record about an earlier day does not decide; of one day the later record does.
    let events = [
        recorded(9, State::Considering, "2020-01-01", "2020-09-01"),
        recorded(8, State::Pledged, "2020-02-01", "2020-03-01"),
        recorded(1, State::Piloting, "2020-02-01", "2020-04-01"),
    ];
    let by_record = history(&[Body::default()], &[], &events);
    assert_eq!(state(&by_record, "2020-02-01"), State::Piloting);

    let events = [
        recorded(3, State::Declined, "2020-02-01", "2020-03-01"),
        recorded(2, State::Exempt, "2020-02-01", "2020-03-01"),
    ];
    let by_id = history(&[Body::default()], &[], &events);
    assert_eq!(state(&by_id, "2020-02-01"), State::Declined);
}

#[test]
fn an_adoption_holds_until_and_not_on_its_expiry() {
    let adopted = Event {
        expires_on: Some(day("2021-02-01")),
        ..event(1, 0, State::Adopted, "2020-02-01")
    };
    let history = history(&[Body::default()], &[], &[adopted]);
    assert_eq!(state(&history, "2021-01-31"), State::Adopted);
    let lapsed = Status {
        state: State::Lapsed,
        since: Some(day("2021-02-01")),
        event: Some(1),
    };
    assert_eq!(history.status(0, day("2021-02-01")), lapsed);
}

#[test]
fn a_renewal_before_the_expiry_keeps_the_adoption() {
    let adopted = |id, from, to| Event {
        expires_on: Some(day(to)),
        ..event(id, 0, State::Adopted, from)
    };
    let events = [
        adopted(1, "2020-02-01", "2021-02-01"),
        adopted(2, "2021-02-01", "2022-02-01"),
    ];
    let history = history(&[Body::default()], &[], &events);
    assert_eq!(state(&history, "2021-02-01"), State::Adopted);
    assert_eq!(state(&history, "2022-02-01"), State::Lapsed);
}

#[test]
fn an_expiry_means_nothing_for_other_states() {
    let pledged = Event {
        expires_on: Some(day("2020-03-01")),
        ..event(1, 0, State::Pledged, "2020-02-01")
    };
    let history = history(&[Body::default()], &[], &[pledged]);
    assert_eq!(state(&history, "2020-04-01"), State::Pledged);
}

/// The state of one body on 2020-12-31, as known at `known_at` and by `min_grade`.
fn judged(events: &[Event], known_at: &str, min_grade: Option<Grade>) -> State {
    let bodies = Arc::from([Body::default()]);
    let history = History::new(bodies, Vec::new(), events.to_vec(), at(known_at), min_grade);
    state(&history.unwrap(), "2020-12-31")
}

#[test]
fn what_was_recorded_later_has_no_effect_even_as_a_correction() {
    let adopted = Event {
        recorded_at: at("2020-03-01"),
        ..event(1, 0, State::Adopted, "2020-02-01")
    };
    let declined = Event {
        recorded_at: at("2020-05-01"),
        corrects: Some(1),
        ..event(2, 0, State::Declined, "2020-01-01")
    };
    let known = |known_at| judged(&[adopted, declined], known_at, None);
    assert_eq!(known("2020-02-29"), State::Unknown);
    assert_eq!(known("2020-03-01"), State::Adopted);
    assert_eq!(known("2020-04-30"), State::Adopted);
    assert_eq!(known("2020-05-01"), State::Declined);
}

#[test]
fn a_corrected_event_stays_out_whatever_became_of_its_correction() {
    let adopted = event(1, 0, State::Adopted, "2020-02-01");
    let claimed = Event {
        confirmed: false,
        corrects: Some(1),
        ..event(2, 0, State::Declined, "2020-02-01")
    };
    assert_eq!(judged(&[adopted, claimed], KNOWN, None), State::Unknown);

    let corrected = Event {
        corrects: Some(2),
        ..event(3, 0, State::Piloting, "2020-01-01")
    };
    let chain = [adopted, claimed, corrected];
    assert_eq!(judged(&chain, KNOWN, None), State::Piloting);
}

#[test]
fn an_unconfirmed_event_decides_nothing() {
    let claimed = Event {
        confirmed: false,
        ..event(2, 0, State::Adopted, "2020-03-01")
    };
    let pledged = event(1, 0, State::Pledged, "2020-02-01");
    assert_eq!(judged(&[claimed, pledged], KNOWN, None), State::Pledged);
}

#[test]
fn evidence_below_the_grade_asked_for_decides_nothing() {
    let graded = |id, state, on, grade| Event {
        grade,
        ..event(id, 0, state, on)
    };
    let events = [
        graded(1, State::Piloting, "2020-01-01", Grade::Document),
        graded(2, State::Adopted, "2020-02-01", Grade::Peer),
    ];
    assert_eq!(judged(&events, KNOWN, None), State::Adopted);
    assert_eq!(judged(&events, KNOWN, Some(Grade::Peer)), State::Adopted);
    assert_eq!(
        judged(&events, KNOWN, Some(Grade::Document)),
        State::Piloting
    );
    let highest = Some(Grade::AutomaticCheck);
    assert_eq!(judged(&events, KNOWN, highest), State::Unknown);
}

#[test]
fn an_adoption_that_expired_before_it_began_lapsed_from_its_first_day() {
    let adopted = Event {
        expires_on: Some(day("2020-01-15")),
        ..event(1, 0, State::Adopted, "2020-02-01")
    };
    let history = history(&[Body::default()], &[], &[adopted]);
    assert_eq!(state(&history, "2020-01-31"), State::Unknown);
    let status = history.status(0, day("2020-02-01"));
    assert_eq!(status.state, State::Lapsed);
    assert_eq!(status.since, Some(day("2020-01-15")));
}

#[test]
fn a_body_out_of_range_is_an_error_when_built_and_unknown_when_asked() {
    let build = |provisions: &[Provision], events: &[Event], known_at| {
        let bodies = Arc::from([Body::default()]);
        let (provisions, events) = (provisions.to_vec(), events.to_vec());
        History::new(bodies, provisions, events, at(known_at), None)
    };
    let stray = event(7, 1, State::Adopted, "2020-02-01");
    let error = build(&[], &[stray], KNOWN).unwrap_err();
    let expected = HistoryError::Event {
        id: 7,
        body: 1,
        bodies: 1,
    };
    assert_eq!(error, expected);
    let error = build(&[provision(1, "", "")], &[], KNOWN).unwrap_err();
    assert_eq!(error, HistoryError::Provision { body: 1, bodies: 1 });
    assert_eq!(error.to_string(), "a provision names body 1 of 1");

    // Recorded after the cut-off, it is not looked at.
    let history = build(&[provision(0, "", "")], &[stray], "2019-01-01").unwrap();
    assert!(history.eligible(0, day("2020-02-01")));
    assert!(!history.eligible(1, day("2020-02-01")));
    assert_eq!(history.status(1, day("2020-02-01")), Status::UNKNOWN);
}

#[test]
fn states_are_numbered_in_their_order() {
    for (index, state) in State::ALL.into_iter().enumerate() {
        assert_eq!(state.index(), index);
    }
    assert!(State::ALL.is_sorted());
}
