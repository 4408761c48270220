//! What the dates and figures of a series mean, by hand-worked cases.
use crate::adoption::Figure;
use crate::history::State;
use crate::series::{MAX_POINTS, SeriesError, Step, dates, series};
use crate::testing::{applied, body, day, event, history, member};
use chrono::{Days, NaiveDate};

fn written(from: &str, to: &str, step: Step) -> Vec<String> {
    let dates = dates(day(from), day(to), step).unwrap();
    dates.iter().map(NaiveDate::to_string).collect()
}

#[test]
fn months_keep_the_day_of_the_first_date_and_never_drift() {
    assert_eq!(
        written("2024-01-31", "2024-05-15", Step::Month),
        [
            "2024-01-31",
            "2024-02-29",
            "2024-03-31",
            "2024-04-30",
            "2024-05-15"
        ]
    );
    assert_eq!(
        written("2023-11-30", "2024-08-30", Step::Quarter),
        ["2023-11-30", "2024-02-29", "2024-05-30", "2024-08-30"]
    );
    assert_eq!(
        written("2024-02-29", "2028-03-01", Step::Year),
        [
            "2024-02-29",
            "2025-02-28",
            "2026-02-28",
            "2027-02-28",
            "2028-02-29",
            "2028-03-01"
        ]
    );
}

#[test]
fn the_last_date_is_always_the_end_and_never_twice() {
    assert_eq!(
        written("2024-01-01", "2024-01-10", Step::Week),
        ["2024-01-01", "2024-01-08", "2024-01-10"]
    );
    assert_eq!(
        written("2024-01-01", "2024-01-08", Step::Week),
        ["2024-01-01", "2024-01-08"]
    );
    assert_eq!(
        written("2024-02-28", "2024-03-01", Step::Day),
        ["2024-02-28", "2024-02-29", "2024-03-01"]
    );
    assert_eq!(
        written("2024-01-01", "2024-01-01", Step::Year),
        ["2024-01-01"]
    );
}

#[test]
fn a_series_has_a_first_a_last_and_a_greatest_number_of_dates() {
    let (from, to) = (day("2024-01-02"), day("2024-01-01"));
    let error = dates(from, to, Step::Day).unwrap_err();
    assert_eq!(error, SeriesError::Backwards { from, to });
    assert_eq!(
        error.to_string(),
        "the series ends on 2024-01-01, before 2024-01-02"
    );

    let last = from + Days::new(MAX_POINTS as u64 - 1);
    assert_eq!(dates(from, last, Step::Day).unwrap().len(), MAX_POINTS);
    let over = dates(from, last + Days::new(1), Step::Day);
    assert_eq!(over, Err(SeriesError::TooManyPoints));
    let whole = dates(NaiveDate::MIN, NaiveDate::MAX, Step::Day);
    assert_eq!(whole, Err(SeriesError::TooManyPoints));
}

#[test]
fn a_series_ends_where_the_calendar_does() {
    let from = NaiveDate::MAX - Days::new(40);
    let months = dates(from, NaiveDate::MAX, Step::Month).unwrap();
    assert_eq!(months.len(), 3);
    let years = dates(from, NaiveDate::MAX, Step::Year).unwrap();
    assert_eq!(years, [from, NaiveDate::MAX]);
}

#[test]
fn each_group_has_its_own_series_with_the_members_of_each_date() {
    let bodies = [body("", "2020-03-15"), body("2020-02-15", ""), body("", "")];
    let events = [
        event(1, 0, State::Adopted, "2020-01-15"),
        event(2, 1, State::Adopted, "2020-03-01"),
    ];
    let history = history(&bodies, &applied(&bodies), &events);
    let dates = dates(day("2020-01-01"), day("2020-04-01"), Step::Month).unwrap();
    let figures = |groups: &[_]| -> Vec<Vec<(u32, u32)>> {
        let pairs = |figure: &Figure| (figure.adopted(), figure.eligible());
        let series = series(&history, &dates, groups);
        series
            .iter()
            .map(|points| points.iter().map(pairs).collect())
            .collect()
    };

    assert_eq!(figures(&[]), [[(0, 2), (1, 2), (2, 3), (1, 2)]]);
    let moving = vec![member(0, "", "2020-03-01"), member(1, "2020-04-01", "")];
    // The same body twice on 1 February and 1 March, and once on 1 January, is one body.
    let twice = vec![member(2, "", ""), member(2, "2020-02-01", "2020-04-01")];
    assert_eq!(
        figures(&[moving, twice, Vec::new()]),
        [
            [(0, 1), (1, 1), (0, 0), (1, 1)],
            [(0, 1), (0, 1), (0, 1), (0, 1)],
            [(0, 0), (0, 0), (0, 0), (0, 0)],
        ]
    );
}

#[test]
fn without_dates_every_series_is_empty() {
    let bodies = [body("", "")];
    let history = history(&bodies, &applied(&bodies), &[]);
    assert_eq!(series(&history, &[], &[]), [[]]);
    let groups = [vec![member(0, "", "")], Vec::new()];
    assert_eq!(series(&history, &[], &groups), [[], []]);
}
