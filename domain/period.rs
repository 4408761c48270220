//! Half-open spans of days, and how dates are read from files and people.

use crate::{Error, Result};
use chrono::NaiveDate;

/// The days `[from, to)`, in UTC. A missing end is unbounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Period {
    /// The first day in it.
    pub from: Option<NaiveDate>,
    /// The first day no longer in it.
    pub to: Option<NaiveDate>,
}

impl Period {
    /// A period with these ends.
    ///
    /// # Errors
    /// [`Error::Invalid`] when it ends before it starts.
    pub fn new(from: Option<NaiveDate>, to: Option<NaiveDate>) -> Result<Self> {
        match (from, to) {
            (Some(from), Some(to)) if to < from => Err(Error::invalid(
                "to",
                format!("The end {to} is before the start {from}; swap or correct them."),
            )),
            _ => Ok(Self { from, to }),
        }
    }

    /// Whether `day` lies in it.
    pub fn contains(&self, day: NaiveDate) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day < to)
    }

    /// The days in both, or `None` when they share none.
    pub fn intersect(&self, other: &Self) -> Option<Self> {
        let from = self.from.max(other.from);
        let to = match (self.to, other.to) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        match (from, to) {
            (Some(from), Some(to)) if to <= from => None,
            _ => Some(Self { from, to }),
        }
    }
}

/// Reads a day written as `2026-08-31`, `2026-08-31T10:00:00Z` or `2026-08-31T10:00:00.123Z`; blank is `None`.
///
/// # Errors
/// [`Error::Invalid`] for anything else, and for years outside 1000 to 9999.
pub fn parse_day(field: &'static str, raw: &str) -> Result<Option<NaiveDate>> {
    let raw = raw.trim();
    if raw.is_empty() {
        return Ok(None);
    }
    let day = match raw.split_once('T') {
        None if raw.len() == 10 => raw.parse().ok(),
        None => None,
        Some(_) => chrono::DateTime::parse_from_rfc3339(raw)
            .ok()
            .map(|time| time.naive_utc().date()),
    };
    day.map(Some).ok_or_else(|| {
        Error::invalid(
            field,
            format!("`{raw}` is not a date; write it as YYYY-MM-DD, such as 2026-08-31."),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_period_holds_its_first_day_and_not_its_last() {
        let period = Period::new(Some(day("2019-04-01")), Some(day("2023-04-01"))).unwrap();
        assert!(period.contains(day("2019-04-01")));
        assert!(period.contains(day("2023-03-31")));
        assert!(!period.contains(day("2023-04-01")));
        assert!(Period::new(period.to, period.from).is_err());
    }

    #[test]
    fn periods_that_only_touch_share_no_day() {
        let a = Period::new(None, Some(day("2020-01-01"))).unwrap();
        let b = Period::new(Some(day("2020-01-01")), None).unwrap();
        assert_eq!(a.intersect(&b), None);
        assert_eq!(a.intersect(&Period::default()), Some(a));
    }

    #[test]
    fn three_ways_to_write_a_day_are_read_and_others_are_refused() {
        for raw in [
            "2020-11-29",
            "2020-11-29T12:18:40Z",
            " 2020-11-29T12:18:40.123Z ",
        ] {
            assert_eq!(
                parse_day("d", raw).unwrap(),
                Some(day("2020-11-29")),
                "{raw}"
            );
        }
        assert_eq!(parse_day("d", " ").unwrap(), None);
        for raw in ["29/11/2020", "2020-13-01", "2020-1-1", "20201129", "T"] {
            assert!(parse_day("d", raw).is_err(), "{raw}");
        }
    }
}
