//! Days and moments as the API writes them.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use chrono::{DateTime as Moment, Datelike, NaiveDate, NaiveDateTime, SecondsFormat};

/// A day in UTC, written as `2026-08-31`, of the years 1000 to 9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(pub NaiveDate);

/// A day in UTC, written as `2026-08-31`, of the years 1000 to 9999.
#[Scalar(name = "Date")]
impl ScalarType for Date {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = &value else {
            return Err(InputValueError::expected_type(value));
        };
        match text.parse::<NaiveDate>() {
            Ok(day) if text.len() == 10 && (1000..=9999).contains(&day.year()) => Ok(Self(day)),
            _ => Err(InputValueError::custom(format!(
                "`{text}` is not a day; write it as YYYY-MM-DD, such as 2026-08-31."
            ))),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

/// A moment by RFC 3339, such as `2026-08-31T09:00:00Z`; answers are in UTC with microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DateTime(pub NaiveDateTime);

/// A moment by RFC 3339, such as `2026-08-31T09:00:00Z`; answers are in UTC with microseconds.
#[Scalar(name = "DateTime")]
impl ScalarType for DateTime {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = &value else {
            return Err(InputValueError::expected_type(value));
        };
        // By way of microseconds: what is finer is cut off, and a leap second becomes an ordinary one.
        let moment = Moment::parse_from_rfc3339(text)
            .ok()
            .and_then(|moment| Moment::from_timestamp_micros(moment.timestamp_micros()))
            .map(|moment| moment.naive_utc())
            .filter(|moment| (1000..=9999).contains(&moment.year()));
        moment.map(Self).ok_or_else(|| {
            InputValueError::custom(format!(
                "`{text}` is not a moment; write it by RFC 3339, such as 2026-08-31T09:00:00Z."
            ))
        })
    }

    fn to_value(&self) -> Value {
        Value::String(
            self.0
                .and_utc()
                .to_rfc3339_opts(SecondsFormat::Micros, true),
        )
    }
}

/// A whole number of up to 64 bits, written in digits as text: `Int` ends at 2,147,483,647.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Long(pub i64);

/// A whole number of up to 64 bits, written in digits as text: `Int` ends at 2,147,483,647.
#[Scalar(name = "Long")]
impl ScalarType for Long {
    fn parse(value: Value) -> InputValueResult<Self> {
        let number = match &value {
            Value::String(text) => text.parse().ok(),
            Value::Number(number) => number.as_i64(),
            _ => None,
        };
        number
            .map(Self)
            .ok_or_else(|| InputValueError::expected_type(value))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(text: &str) -> Option<String> {
        let parsed = DateTime::parse(Value::String(text.to_owned())).ok()?;
        Some(parsed.to_value().to_string())
    }

    #[test]
    fn a_day_is_written_in_one_way_only() {
        let read = |text: &str| Date::parse(Value::String(text.to_owned()));
        assert_eq!(
            read("2026-08-31").unwrap().to_value(),
            Value::String("2026-08-31".into())
        );
        for bad in [
            "2026-8-31",
            "31/08/2026",
            "2026-02-30",
            "0999-01-01",
            "+12026-01-01",
            "2026-08-31T00:00:00Z",
            "",
        ] {
            assert!(read(bad).is_err(), "{bad}");
        }
        assert!(Date::parse(Value::from(20_260_831)).is_err());
    }

    #[test]
    fn a_long_number_is_written_as_text_and_read_as_either() {
        let beyond = 9_007_199_254_740_993;
        let text = Value::String(beyond.to_string());
        assert_eq!(Long(beyond).to_value(), text);
        assert_eq!(Long::parse(text).unwrap(), Long(beyond));
        assert_eq!(Long::parse(Value::from(12)).unwrap(), Long(12));
        assert!(Long::parse(Value::String("1.5".into())).is_err());
    }

    #[test]
    fn a_moment_is_kept_to_the_microsecond_in_utc() {
        assert_eq!(
            moment("2026-08-31T09:00:00+01:00").unwrap(),
            r#""2026-08-31T08:00:00.000000Z""#
        );
        assert_eq!(
            moment("2026-08-31T09:00:00.1234569Z").unwrap(),
            r#""2026-08-31T09:00:00.123456Z""#
        );
        assert_eq!(
            moment("2016-12-31T23:59:60Z").unwrap(),
            r#""2017-01-01T00:00:00.000000Z""#
        );
        for bad in [
            "2026-08-31",
            "2026-08-31T09:00:00",
            "0001-01-01T00:00:00Z",
            "now",
        ] {
            assert_eq!(moment(bad), None, "{bad}");
        }
    }
}
