//! Moments as text, one way only: RFC 3339 in UTC with six digits after the second.

use chrono::NaiveDateTime;
use serde::{Deserialize, Deserializer, Serializer};

const FORMAT: &str = "%Y-%m-%dT%H:%M:%S%.6fZ";

/// A moment as text, such as `2026-01-02T03:04:05.000006Z`.
pub fn text(at: NaiveDateTime) -> String {
    at.format(FORMAT).to_string()
}

/// Reads what [`text`] writes, and nothing else.
pub fn parse(raw: &str) -> Option<NaiveDateTime> {
    let at = NaiveDateTime::parse_from_str(raw, FORMAT).ok()?;
    (text(at) == raw).then_some(at)
}

/// Writes a moment for `#[serde(with = "moment")]`.
///
/// # Errors
/// When `to` fails.
pub fn serialize<S: Serializer>(at: &NaiveDateTime, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(&text(*at))
}

/// Reads a moment for `#[serde(with = "moment")]`.
///
/// # Errors
/// When it is not written as [`text`] writes it.
pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<NaiveDateTime, D::Error> {
    let raw = String::deserialize(from)?;
    parse(&raw).ok_or_else(|| {
        serde::de::Error::custom("write a moment as 2026-01-02T03:04:05.000006Z, in UTC")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_has_one_text() {
        let at = "2026-01-02T03:04:05.000006".parse().unwrap();
        assert_eq!(text(at), "2026-01-02T03:04:05.000006Z");
        assert_eq!(parse(&text(at)), Some(at));
        for bad in [
            "",
            "2026-01-02T03:04:05Z",
            "2026-01-02T03:04:05.0000061Z",
            "2026-01-02 03:04:05.000006Z",
            "2026-01-02T03:04:05.000006",
            "2026-13-02T03:04:05.000006Z",
        ] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }
}
