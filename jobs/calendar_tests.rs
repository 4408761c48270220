//! When jobs are due: against the rule of British summer time written out by hand, and in zones with odd changes.

use crate::calendar::Calendar;
use crate::{INFOS, day_ended, due_slots, next_due};
use chrono::{Datelike, Days, NaiveDate, NaiveDateTime, TimeDelta, TimeZone, Weekday};
use chrono_tz::Tz;
use domain::job::JobInfo;
use proptest::prelude::*;

fn info(schedule: &'static str, time_zone: &'static str) -> JobInfo {
    JobInfo {
        name: "test",
        about: "A test.",
        schedule,
        time_zone,
    }
}

fn at(text: &str) -> NaiveDateTime {
    text.parse().unwrap()
}

fn days(from: &str, to: &str) -> Vec<NaiveDate> {
    let (from, to): (NaiveDate, NaiveDate) = (from.parse().unwrap(), to.parse().unwrap());
    from.iter_days().take_while(|day| *day < to).collect()
}

/// The last Sunday of a month of 31 days: when the clocks change, at 01:00 UTC.
fn last_sunday(year: i32, month: u32) -> NaiveDate {
    let last = NaiveDate::from_ymd_opt(year, month, 31).unwrap();
    let back = last.weekday().days_since(Weekday::Sun);
    last - Days::new(back.into())
}

/// Two years of slots in London, against what `utc` says of each day: (day, hour, minute).
fn assert_two_years(schedule: &'static str, utc: impl Fn(NaiveDate) -> (u32, u32)) {
    let expected: Vec<_> = days("2026-01-01", "2028-01-01")
        .into_iter()
        .map(|day| {
            let (hour, minute) = utc(day);
            day.and_hms_opt(hour, minute, 0).unwrap()
        })
        .collect();
    let slots = due_slots(
        &info(schedule, "Europe/London"),
        at("2026-01-01T00:00:00"),
        at("2027-12-31T23:59:59"),
    );
    assert_eq!(slots.len(), 730);
    assert_eq!(slots, expected);
}

#[test]
fn every_job_has_a_name_of_its_own_and_a_schedule_and_time_zone_that_can_be_read() {
    let mut names: Vec<_> = INFOS.iter().map(|info| info.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), INFOS.len());
    for info in INFOS {
        Calendar::of(info).unwrap();
        assert!(next_due(info, at("2026-01-01T00:00:00")).is_some());
        assert!(info.about.ends_with('.'), "{}", info.name);
    }
}

#[test]
fn a_quarter_past_two_in_london_comes_once_a_day_through_two_years_of_clock_changes() {
    assert_two_years("15 2 * * *", |day| {
        let summer = last_sunday(day.year(), 3) <= day && day < last_sunday(day.year(), 10);
        (if summer { 1 } else { 2 }, 15)
    });
}

#[test]
fn half_past_one_is_made_up_for_when_the_clock_skips_it_and_comes_once_when_it_is_shown_twice() {
    assert_two_years("30 1 * * *", |day| {
        let (spring, autumn) = (last_sunday(day.year(), 3), last_sunday(day.year(), 10));
        if day == spring {
            // 00:59:59 GMT is followed by 02:00 BST, which is 01:00 UTC.
            (1, 0)
        } else if spring < day && day <= autumn {
            // On the last day of summer the first of the two, which is still BST.
            (0, 30)
        } else {
            (1, 30)
        }
    });
}

#[test]
fn after_the_second_half_past_one_the_next_is_tomorrow_s() {
    // 25 October 2026: 01:30 BST is 00:30 UTC, 01:30 GMT is 01:30 UTC. Between and after them nothing is due.
    let daily = info("30 1 * * *", "Europe/London");
    for after in [
        "2026-10-25T00:30:00",
        "2026-10-25T01:10:00",
        "2026-10-25T01:29:59.5",
    ] {
        assert_eq!(
            next_due(&daily, at(after)),
            Some(at("2026-10-26T01:30:00")),
            "{after}"
        );
    }
    assert_eq!(
        next_due(&daily, at("2026-10-25T00:29:59.999999")),
        Some(at("2026-10-25T00:30:00"))
    );
}

#[test]
fn slots_that_fall_into_the_same_skipped_hour_are_one() {
    let slots = due_slots(
        &info("*/20 0-2 * * *", "Europe/London"),
        at("2026-03-28T23:59:59"),
        at("2026-03-29T12:00:00"),
    );
    // 00:00, 00:20 and 00:40 GMT; 01:00, 01:20, 01:40 do not exist; 02:00, 02:20 and 02:40 BST.
    let hours = ["00:00", "00:20", "00:40", "01:00", "01:20", "01:40"];
    let expected: Vec<_> = hours
        .iter()
        .map(|hour| at(&format!("2026-03-29T{hour}:00")))
        .collect();
    assert_eq!(slots, expected);
}

#[test]
fn every_local_day_has_one_slot_wherever_and_however_clocks_change() {
    let cases = [
        // By half an hour, over 02:15.
        ("15 2 * * *", "Australia/Lord_Howe"),
        ("15 2 * * *", "America/New_York"),
        // At midnight.
        ("0 0 * * *", "America/Sao_Paulo"),
        ("30 0 * * *", "Africa/Cairo"),
        ("59 23 * * *", "Asia/Kathmandu"),
    ];
    for (schedule, time_zone) in cases {
        let zone: Tz = time_zone.parse().unwrap();
        let local = |slot: NaiveDateTime| zone.from_utc_datetime(&slot).date_naive();
        let days = days("2010-01-01", "2026-01-01");
        let slots = due_slots(
            &info(schedule, time_zone),
            at("2009-12-30T00:00:00"),
            at("2026-01-03T00:00:00"),
        );
        let of_days: Vec<_> = slots
            .into_iter()
            .map(local)
            .filter(|day| days.contains(day))
            .collect();
        assert_eq!(of_days, days, "{schedule} {time_zone}");
    }
}

#[test]
fn a_day_that_a_country_skipped_is_made_up_for_at_the_start_of_the_next() {
    // Samoa went from 29 to 31 December 2011 across the date line: from UTC-10 to UTC+14.
    let slots = due_slots(
        &info("15 2 * * *", "Pacific/Apia"),
        at("2011-12-29T00:00:00"),
        at("2012-01-01T00:00:00"),
    );
    let expected = [
        "2011-12-29T12:15:00",
        "2011-12-30T10:00:00",
        "2011-12-30T12:15:00",
        "2011-12-31T12:15:00",
    ];
    assert_eq!(slots, expected.map(at));
}

#[test]
fn a_run_speaks_of_the_last_local_day_that_had_ended() {
    let london = info("15 2 * * *", "Europe/London");
    let ended = |slot| day_ended(&london, at(slot)).unwrap().to_string();
    assert_eq!(ended("2026-06-30T22:59:59"), "2026-06-29");
    assert_eq!(ended("2026-06-30T23:00:00"), "2026-06-30");
    assert_eq!(ended("2026-01-01T00:00:00"), "2025-12-31");
}

#[test]
fn what_cannot_be_read_or_never_comes_is_never_due() {
    let start = at("2026-01-01T00:00:00");
    let wrong = [
        info("15 2 * *", "Europe/London"),
        info("0 15 2 * * *", "Europe/London"),
        info("75 2 * * *", "Europe/London"),
        info("15 2 * * *", "Europe/Camelot"),
        info("15 2 30 2 *", "Europe/London"),
    ];
    for info in wrong {
        assert_eq!(
            next_due(&info, start),
            None,
            "{} {}",
            info.schedule,
            info.time_zone
        );
        assert!(due_slots(&info, start, at("2027-01-01T00:00:00")).is_empty());
    }
    assert_eq!(day_ended(&wrong[3], start), None);
}

prop_compose! {
    /// Any instant of 2026 and 2027, in milliseconds.
    fn instant()(ms in 0_i64..2 * 365 * 86_400_000) -> NaiveDateTime {
        at("2026-01-01T00:00:00") + TimeDelta::milliseconds(ms)
    }
}

proptest! {
    #[test]
    fn the_next_slot_is_the_first_of_those_to_come(after in instant(), place in 0_usize..5) {
        let schedules = ["15 2 * * *", "30 1 * * *", "*/17 * * * *", "0 */3 * * 1-5", "0 1 1 * *"];
        let info = info(schedules[place], "Europe/London");
        let next = next_due(&info, after).unwrap();
        prop_assert!(next > after);
        prop_assert_eq!(due_slots(&info, after, next), vec![next]);
    }

    #[test]
    fn slots_do_not_depend_on_where_the_count_begins(mut cuts in proptest::array::uniform3(instant())) {
        cuts.sort_unstable();
        let [from, between, to] = cuts;
        let info = info("30 1 * * *", "Europe/London");
        let mut parts = due_slots(&info, from, between);
        parts.extend(due_slots(&info, between, to));
        prop_assert_eq!(parts, due_slots(&info, from, to));
    }
}
