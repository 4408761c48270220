//! Subscriptions: what a person follows, and how often they hear of it by mail.

use crate::{Error, Result, text_enum};
use chrono::{Datelike, Days, NaiveDateTime, NaiveTime, TimeDelta};
use uuid::Uuid;

/// The most things that one person follows.
pub const MOST_SUBSCRIPTIONS: i64 = 200;
/// The hour from which digests are sent, UTC.
const HOUR: u32 = 6;
/// A mail that was begun and never ended is begun again after so long.
pub const CLAIM: TimeDelta = TimeDelta::minutes(15);

text_enum!(
    /// What can be followed.
    pub enum FollowedKind as "kind of thing" {
        /// A problem.
        Problem = "PROBLEM",
        /// A project.
        Project = "PROJECT",
        /// A standard or practice.
        Standard = "STANDARD",
        /// An organisation.
        Organisation = "ORGANISATION",
    }
);

impl FollowedKind {
    /// The kind as the record names it, and as addresses do.
    pub fn in_record(self) -> &'static str {
        match self {
            Self::Problem => "problem",
            Self::Project => "project",
            Self::Standard => "standard",
            Self::Organisation => "organisation",
        }
    }

    /// The path of the list of such things.
    pub fn path(self) -> &'static str {
        match self {
            Self::Problem => "/problems",
            Self::Project => "/projects",
            Self::Standard => "/standards",
            Self::Organisation => "/organisations",
        }
    }
}

/// A thing that can be followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Followed {
    /// What it is.
    pub kind: FollowedKind,
    /// Its id.
    pub id: Uuid,
}

text_enum!(
    /// How often a person is sent what changed.
    pub enum Every as "digest" {
        /// Every day.
        Day = "DAY",
        /// Every Monday.
        Week = "WEEK",
        /// Never.
        Never = "NEVER",
    }
);

impl Every {
    /// The last moment, up to `now`, at which a digest fell due, UTC; `None` when none ever does.
    pub fn last_due(self, now: NaiveDateTime) -> Option<NaiveDateTime> {
        let time = NaiveTime::from_hms_opt(HOUR, 0, 0)?;
        let back = match self {
            Self::Never => return None,
            Self::Day => 0,
            Self::Week => u64::from(now.date().weekday().num_days_from_monday()),
        };
        let due = (now.date() - Days::new(back)).and_time(time);
        let apart = if self == Self::Day { 1 } else { 7 };
        Some(if due <= now {
            due
        } else {
            due - Days::new(apart)
        })
    }
}

/// Checks that somebody who follows so many things may follow one more.
///
/// # Errors
/// [`Error::Conflict`] when they follow 200.
pub fn check_following(followed: i64) -> Result<()> {
    if followed < MOST_SUBSCRIPTIONS {
        return Ok(());
    }
    Err(Error::Conflict(format!(
        "You follow {MOST_SUBSCRIPTIONS} things; give one of them up first."
    )))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(text: &str) -> NaiveDateTime {
        text.parse().unwrap()
    }

    #[test]
    fn a_digest_falls_due_in_the_morning_of_its_day() {
        // 2 March 2026 is a Monday.
        for (every, now, due) in [
            (Every::Day, "2026-03-04T06:00:00", "2026-03-04T06:00:00"),
            (Every::Day, "2026-03-04T05:59:59", "2026-03-03T06:00:00"),
            (Every::Week, "2026-03-04T05:00:00", "2026-03-02T06:00:00"),
            (Every::Week, "2026-03-02T06:00:00", "2026-03-02T06:00:00"),
            (Every::Week, "2026-03-02T05:59:59", "2026-02-23T06:00:00"),
            (Every::Week, "2026-03-08T23:00:00", "2026-03-02T06:00:00"),
        ] {
            assert_eq!(every.last_due(at(now)), Some(at(due)), "{every} {now}");
        }
        assert_eq!(Every::Never.last_due(at("2026-03-04T06:00:00")), None);
    }

    #[test]
    fn nobody_follows_without_end() {
        assert!(check_following(199).is_ok());
        assert_eq!(check_following(200).unwrap_err().code(), "CONFLICT");
    }

    proptest! {
        #[test]
        fn what_fell_due_is_never_ahead_nor_longer_ago_than_its_span(minutes in 0_i64..1_000_000) {
            let now = at("2026-01-01T00:00:00") + TimeDelta::minutes(minutes);
            for (every, days) in [(Every::Day, 1), (Every::Week, 7)] {
                let due = every.last_due(now).unwrap();
                prop_assert!(due <= now && now - due < TimeDelta::days(days));
            }
        }
    }
}
