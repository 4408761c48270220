//! Values that know how to show themselves: days, moments, counts and shares.

use std::fmt::{self, Display, Formatter};

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use serde::Deserialize;

/// A date, shown as "31 August 2026".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub(crate) struct Day(pub(crate) NaiveDate);

impl Day {
    /// The date as machines write it: "2026-08-31".
    pub(crate) fn iso(&self) -> String {
        self.0.to_string()
    }
}

impl Display for Day {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.format("%-d %B %Y"))
    }
}

/// A moment, shown as "31 August 2026, 14:05 UTC".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(crate) struct Moment(pub(crate) DateTime<Utc>);

impl Moment {
    /// The day of it, in UTC.
    pub(crate) fn day(&self) -> Day {
        Day(self.0.date_naive())
    }

    /// The moment as machines write it, to the digit: "2026-08-31T14:05:12.345678Z".
    pub(crate) fn iso(&self) -> String {
        self.0.to_rfc3339_opts(SecondsFormat::AutoSi, true)
    }
}

impl Display for Moment {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.format("%-d %B %Y, %H:%M UTC"))
    }
}

/// A number of things, shown with thousands separators.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
pub(crate) struct Count(pub(crate) i64);

impl Display for Count {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let digits = self.0.unsigned_abs().to_string();
        if self.0 < 0 {
            f.write_str("−")?;
        }
        for (place, digit) in digits.chars().enumerate() {
            if place > 0 && (digits.len() - place).is_multiple_of(3) {
                f.write_str(",")?;
            }
            write!(f, "{digit}")?;
        }
        Ok(())
    }
}

impl Count {
    /// The count with its thing: "1 body", "12 bodies".
    pub(crate) fn of(self, one: &str, many: &str) -> String {
        format!("{self} {}", if self.0 == 1 { one } else { many })
    }

    pub(crate) fn bodies(self) -> String {
        self.of("body", "bodies")
    }

    /// The count as a change, always with its sign: "+3", "−2", "0".
    pub(crate) fn signed(self) -> String {
        format!("{}{self}", if self.0 > 0 { "+" } else { "" })
    }
}

/// A share from 0 to 1 of bodies, shown in percent; without one there was no body to take a share of.
#[derive(Debug, Clone, Copy, PartialEq, Default, Deserialize)]
pub(crate) struct Rate(pub(crate) Option<f64>);

impl Rate {
    pub(crate) fn is_none(&self) -> bool {
        self.0.is_none()
    }
}

impl Display for Rate {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(share) => f.write_str(&percent(share)),
            None => f.write_str("no body is eligible"),
        }
    }
}

/// A share from 0 to 1 of population, shown in percent; without one no population is known.
#[derive(Debug, Clone, Copy, PartialEq, Default, Deserialize)]
pub(crate) struct Coverage(pub(crate) Option<f64>);

impl Display for Coverage {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(share) => f.write_str(&percent(share)),
            None => f.write_str("population not known"),
        }
    }
}

/// A share from 0 to 1 as "56.2%".
pub(crate) fn percent(share: f64) -> String {
    format!("{:.1}%", share * 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_moments_read_as_people_write_them() {
        let day = NaiveDate::from_ymd_opt(2026, 8, 1).unwrap();
        assert_eq!(Day(day).to_string(), "1 August 2026");
        assert_eq!(Day(day).iso(), "2026-08-01");
        let moment: Moment = serde_json::from_str("\"2026-08-31T15:05:09.120000+01:00\"").unwrap();
        assert_eq!(moment.to_string(), "31 August 2026, 14:05 UTC");
        assert_eq!(moment.iso(), "2026-08-31T14:05:09.120Z");
    }

    #[test]
    fn counts_have_thousands_separators_and_a_true_minus() {
        for (count, shown) in [
            (0, "0"),
            (999, "999"),
            (1_000, "1,000"),
            (56_536_000, "56,536,000"),
            (-12_345, "−12,345"),
            (i64::MIN, "−9,223,372,036,854,775,808"),
        ] {
            assert_eq!(Count(count).to_string(), shown);
        }
        assert_eq!(Count(3).signed(), "+3");
        assert_eq!(Count(0).signed(), "0");
        assert_eq!(Count(-2).signed(), "−2");
        assert_eq!(Count(1).bodies(), "1 body");
        assert_eq!(Count(2).bodies(), "2 bodies");
    }

    #[test]
    fn a_missing_rate_is_never_a_number() {
        assert_eq!(Rate(None).to_string(), "no body is eligible");
        assert_eq!(Coverage(None).to_string(), "population not known");
        assert_eq!(Rate(Some(0.0)).to_string(), "0.0%");
        assert_eq!(Rate(Some(0.5666)).to_string(), "56.7%");
        assert_eq!(Rate(Some(1.0)).to_string(), "100.0%");
    }
}
