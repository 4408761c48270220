//! Backings: "we have this too", how willing a body is, and the clock by which it is answered.

use crate::text_enum;
use chrono::{NaiveDate, TimeDelta};

/// Within so many days somebody answers a body that backs a problem, or the unit is told.
pub const REPLY_DAYS: i64 = 14;

text_enum!(
    /// What a body that backs a problem is willing to do, the least first.
    pub enum Willingness as "willingness" {
        /// Wants to hear of it.
        Follow = "FOLLOW",
        /// Would try what is made.
        Test = "TEST",
        /// Would work on it.
        Join = "JOIN",
        /// Would pay for it.
        Fund = "FUND",
    }
);

/// The last day on which a backing of `day` can be answered in time.
pub fn reply_by(day: NaiveDate) -> NaiveDate {
    day + TimeDelta::days(REPLY_DAYS)
}

/// Where a backing stands, for its clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clock {
    /// By when it has to be answered, UTC.
    pub reply_by: NaiveDate,
    /// Whether somebody answered it.
    pub answered: bool,
    /// Whether the unit was told.
    pub escalated: bool,
    /// Whether the body took it back.
    pub withdrawn: bool,
}

impl Clock {
    /// Whether the unit is to be told `today`: once, when the last day has gone by without an answer.
    pub fn is_due(self, today: NaiveDate) -> bool {
        !self.answered && !self.escalated && !self.withdrawn && today > self.reply_by
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_clock_runs_out_after_its_last_day_and_only_for_what_waits() {
        let reply_by = reply_by(day("2026-01-20"));
        assert_eq!(reply_by, day("2026-02-03"));
        for bits in 0..8_u8 {
            let clock = Clock {
                reply_by,
                answered: bits & 1 != 0,
                escalated: bits & 2 != 0,
                withdrawn: bits & 4 != 0,
            };
            assert!(!clock.is_due(reply_by), "{clock:?}");
            assert_eq!(clock.is_due(day("2026-02-04")), bits == 0, "{clock:?}");
        }
    }

    #[test]
    fn who_would_pay_is_more_willing_than_who_looks_on() {
        let ordered = [
            Willingness::Follow,
            Willingness::Test,
            Willingness::Join,
            Willingness::Fund,
        ];
        assert_eq!(Willingness::ALL, ordered);
        assert!(ordered.is_sorted());
    }
}
