//! Freshness: how old the last word on a project is, measured by how often one is expected.

use crate::text_enum;
use chrono::{Days, NaiveDate, NaiveDateTime};

text_enum!(
    /// How old the last status of a project is, by the project's own cadence.
    pub enum Freshness as "freshness" {
        /// Within one cadence.
        Fresh = "FRESH",
        /// Within two: one status was missed.
        Ageing = "AGEING",
        /// Within four.
        Stale = "STALE",
        /// Beyond that: nobody seems to be there.
        Dormant = "DORMANT",
    }
);

text_enum!(
    /// Who is reminded of a status that is due, one after the other.
    pub enum NudgeStep as "step" {
        /// The organisation that leads the project.
        Lead = "LEAD",
        /// Those who pay for it.
        Sponsor = "SPONSOR",
        /// The unit.
        Unit = "UNIT",
    }
);

impl Freshness {
    /// How fresh a project is at `now` whose last status was posted at `last`, or that began then and has none yet.
    ///
    /// Days count, not hours: what was posted on a day is as old as that day, UTC. A cadence below one day is one day.
    pub fn of(last: NaiveDateTime, cadence_days: i32, now: NaiveDateTime) -> Self {
        let cadence = i64::from(cadence_days.max(1));
        let age = (now.date() - last.date()).num_days();
        match age {
            _ if age <= cadence => Self::Fresh,
            _ if age <= 2 * cadence => Self::Ageing,
            _ if age <= 4 * cadence => Self::Stale,
            _ => Self::Dormant,
        }
    }

    /// The days, first and last, on which the last status was posted of what is so fresh on `today`; `None` where there
    /// is no such end.
    pub fn posted_between(
        self,
        cadence_days: i32,
        today: NaiveDate,
    ) -> (Option<NaiveDate>, Option<NaiveDate>) {
        let cadence = u64::from(cadence_days.max(1).unsigned_abs());
        let ago = |days: u64| today.checked_sub_days(Days::new(days));
        match self {
            Self::Fresh => (ago(cadence), None),
            Self::Ageing => (ago(2 * cadence), ago(cadence + 1)),
            Self::Stale => (ago(4 * cadence), ago(2 * cadence + 1)),
            Self::Dormant => (None, ago(4 * cadence + 1)),
        }
    }

    /// Who is reminded at this stage: nobody while it is fresh, the lead first, and the unit last.
    pub fn nudges(self) -> Option<NudgeStep> {
        match self {
            Self::Fresh => None,
            Self::Ageing => Some(NudgeStep::Lead),
            Self::Stale => Some(NudgeStep::Sponsor),
            Self::Dormant => Some(NudgeStep::Unit),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Freshness::{Ageing, Dormant, Fresh, Stale};
    use super::*;
    use proptest::prelude::*;

    fn at(text: &str) -> NaiveDateTime {
        text.parse().unwrap()
    }

    #[test]
    fn the_days_at_which_it_turns_are_one_two_and_four_cadences() {
        let posted = at("2026-01-01T17:30:00");
        for (cadence, now, expected) in [
            (14, "2026-01-01T17:30:00", Fresh),
            (14, "2026-01-15T00:00:00", Fresh),
            (14, "2026-01-15T23:59:59.999999", Fresh),
            (14, "2026-01-16T00:00:00", Ageing),
            (14, "2026-01-29T23:59:59", Ageing),
            (14, "2026-01-30T00:00:00", Stale),
            (14, "2026-02-26T23:59:59", Stale),
            (14, "2026-02-27T00:00:00", Dormant),
            (14, "2036-01-01T00:00:00", Dormant),
            // A clock that runs behind makes nothing old.
            (14, "2025-12-31T00:00:00", Fresh),
            (1, "2026-01-02T00:00:00", Fresh),
            (1, "2026-01-03T00:00:00", Ageing),
            (1, "2026-01-04T00:00:00", Stale),
            (1, "2026-01-05T23:00:00", Stale),
            (1, "2026-01-06T00:00:00", Dormant),
            (30, "2026-01-31T12:00:00", Fresh),
            (30, "2026-03-02T12:00:00", Ageing),
            (30, "2026-03-03T12:00:00", Stale),
            (30, "2026-05-01T12:00:00", Stale),
            (30, "2026-05-02T12:00:00", Dormant),
            (i32::MAX, "2036-01-01T00:00:00", Fresh),
        ] {
            assert_eq!(
                Freshness::of(posted, cadence, at(now)),
                expected,
                "every {cadence} days, on {now}"
            );
        }
    }

    #[test]
    fn the_lead_is_reminded_then_the_sponsor_then_the_unit() {
        let steps: Vec<_> = Freshness::ALL.iter().map(|one| one.nudges()).collect();
        assert_eq!(
            steps,
            [
                None,
                Some(NudgeStep::Lead),
                Some(NudgeStep::Sponsor),
                Some(NudgeStep::Unit)
            ]
        );
    }

    proptest! {
        #[test]
        fn the_days_of_a_freshness_are_those_that_have_it(cadence in 1..100_i32, age in 0..500_u64, hour in 0..24_u32) {
            let now = at("2026-06-01T12:00:00");
            let day = now.date() - Days::new(age);
            let fresh = Freshness::of(day.and_hms_opt(hour, 0, 0).unwrap(), cadence, now);
            for one in Freshness::ALL {
                let (from, to) = one.posted_between(cadence, now.date());
                let within = from.is_none_or(|from| from <= day) && to.is_none_or(|to| day <= to);
                prop_assert_eq!(within, *one == fresh);
            }
        }

        #[test]
        fn nothing_gets_fresher_as_days_pass(cadence in 1..100_i32, age in 0..500_i64) {
            let (posted, day) = (at("2026-01-01T00:00:00"), chrono::TimeDelta::days(1));
            let now = posted + chrono::TimeDelta::days(age);
            prop_assert!(Freshness::of(posted, cadence, now) <= Freshness::of(posted, cadence, now + day));
        }
    }
}
