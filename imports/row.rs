//! One row of a table: its place, and its fields as texts, days, spans and numbers.

use crate::report::Fault;
use chrono::NaiveDate;
use csv::StringRecord;
use domain::period::{Period, parse_day};
use std::sync::Arc;

/// A row's place: the file and the line on which it starts, from 1 for the header.
#[derive(Debug, Clone)]
pub(crate) struct At {
    /// The file, as it was named.
    pub file: Arc<str>,
    /// The line.
    pub row: u64,
}

/// A column that a row can be asked for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Column {
    /// Its name in the header.
    pub(crate) name: &'static str,
    /// Its place, if the file has it.
    pub(crate) index: Option<usize>,
}

/// One row.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    /// Where it is.
    pub at: At,
    /// Its fields.
    pub(crate) record: StringRecord,
}

impl Row {
    /// The text in a column, without blanks around it; empty when the file has no such column.
    pub(crate) fn text(&self, column: Column) -> &str {
        column
            .index
            .and_then(|index| self.record.get(index))
            .unwrap_or_default()
            .trim()
    }

    /// The text in a column, or `None` when it is blank.
    pub(crate) fn filled(&self, column: Column) -> Option<&str> {
        Some(self.text(column)).filter(|text| !text.is_empty())
    }

    /// The text in a column that must not be blank.
    pub(crate) fn required(&self, column: Column) -> Result<&str, Fault> {
        self.filled(column).ok_or_else(|| Fault::blank(column.name))
    }

    /// The day in a column, or `None` when it is blank.
    pub(crate) fn day(&self, column: Column) -> Result<Option<NaiveDate>, Fault> {
        Ok(parse_day(column.name, self.text(column))?)
    }

    /// The day in a column that must not be blank.
    pub(crate) fn required_day(&self, column: Column) -> Result<NaiveDate, Fault> {
        self.day(column)?.ok_or_else(|| Fault::blank(column.name))
    }

    /// The days from that in one column up to, and not including, that in another.
    pub(crate) fn period(&self, from: Column, to: Column) -> Result<Period, Fault> {
        let (from_day, to_day) = (self.day(from)?, self.day(to)?);
        Period::new(from_day, to_day).map_err(|error| Fault::in_field(to.name, &error))
    }

    /// The text in a column of at most `most` characters, or `None` when it is blank.
    pub(crate) fn words(&self, column: Column, most: usize) -> Result<Option<String>, Fault> {
        let Some(text) = self.filled(column) else {
            return Ok(None);
        };
        let n = text.chars().count();
        if n > most {
            return Err(Fault::new(
                format!("`{}` is too long", column.name),
                format!(
                    "`{}` has {n} characters; shorten it to {most}.",
                    column.name
                ),
            ));
        }
        Ok(Some(text.to_owned()))
    }

    /// The whole number in a column that lies in `range`, or `None` when it is blank. `93000` and `93000.0` are the same.
    pub(crate) fn number(
        &self,
        column: Column,
        range: std::ops::RangeInclusive<i64>,
    ) -> Result<Option<i64>, Fault> {
        let Some(text) = self.filled(column) else {
            return Ok(None);
        };
        let digits = text
            .split_once('.')
            .filter(|(_, rest)| rest.bytes().all(|b| b == b'0'))
            .map_or(text, |(n, _)| n);
        let number = digits.parse().ok().filter(|number| range.contains(number));
        number.map(Some).ok_or_else(|| {
            Fault::new(
                format!("bad `{}`", column.name),
                format!(
                    "`{}` is `{text}`; write a whole number from {} to {}, in digits alone.",
                    column.name,
                    range.start(),
                    range.end()
                ),
            )
        })
    }
}
