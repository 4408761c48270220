//! The query strings of the pages, and the strict reading of what is in them.
//!
//! A form sends every field, so an empty value means "not chosen". What is chosen must be right: a
//! page never quietly shows something other than what was asked for.

use chrono::{DateTime, Months, NaiveDate, Utc};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::error::PageError;
use crate::frame::PageContext;
use crate::show::{Day, Moment};
use crate::words::{Grade, Word};

/// The query string of the list of standards.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct StandardsParams {
    /// Words to search for.
    pub text: Option<String>,
    /// Only standards at this stage, as the API names it.
    pub stage: Option<String>,
    /// Cursor: the page after it.
    pub after: Option<String>,
    /// Cursor: the page before it.
    pub before: Option<String>,
}

/// The query string of the page of one standard.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct StandardParams {
    /// The date the figures speak of, as `2026-08-31`; today if not given.
    pub as_of: Option<String>,
    /// Only what was recorded by this moment, as RFC 3339.
    pub known_at: Option<String>,
    /// Only evidence of this grade or better, as the API names it.
    pub min_grade: Option<String>,
    /// The kind of group to cut the curve by, as the API names it.
    pub by: Option<String>,
    /// How many years back the curve goes: `2`, `5` or `10`.
    pub years: Option<String>,
    /// Only bodies in this state in the list of bodies, as the API names it.
    pub state: Option<String>,
    /// Cursor of the list of bodies: the page after it.
    pub after: Option<String>,
}

/// The query string of the evidence behind a figure.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct EvidenceParams {
    /// The date the figure speaks of, as `2026-08-31`; today if not given.
    pub as_of: Option<String>,
    /// Only what was recorded by this moment, as RFC 3339.
    pub known_at: Option<String>,
    /// Only evidence of this grade or better, as the API names it.
    pub min_grade: Option<String>,
    /// Cursor: the page after it.
    pub after: Option<String>,
}

/// The query string of the list of organisations.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct OrganisationsParams {
    /// Words to search for.
    pub text: Option<String>,
    /// Only bodies of this nation, as the API names it.
    pub nation: Option<String>,
    /// Only bodies of this region, by its name.
    pub region: Option<String>,
    /// Only councils of this tier, as the API names it.
    pub tier: Option<String>,
    /// Only bodies open on this date, as `2026-08-31`; today if not given, any body if empty.
    pub open_on: Option<String>,
    /// The order of the list, as the API names it.
    pub order: Option<String>,
    /// Cursor: the page after it.
    pub after: Option<String>,
    /// Cursor: the page before it.
    pub before: Option<String>,
}

/// The query string of the page of one organisation.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct OrganisationParams {
    /// The date the states speak of, as `2026-08-31`; today if not given.
    pub as_of: Option<String>,
    /// Cursor of the list of standards: the page after it.
    pub after: Option<String>,
}

/// The query string of a page that a form leads back to.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct DoneParams {
    /// What the form did, by the name the page knows it by.
    pub done: Option<String>,
}

/// The query string of the history of a project.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HistoryParams {
    /// The day from which changes are shown.
    pub from: Option<String>,
    /// The day to which they are shown.
    pub to: Option<String>,
    /// Cursor: the page after it.
    pub after: Option<String>,
}

/// The query string of the list of problems.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProblemsParams {
    /// Words to search for in titles.
    pub text: Option<String>,
    /// Only problems in this state, as the API names it.
    pub state: Option<String>,
    /// Only problems of this area of services, by its code.
    pub service: Option<String>,
    /// Only problems with this tag.
    pub tag: Option<String>,
    /// Anything: only problems that many back and nobody works on.
    pub orphan: Option<String>,
    /// The order of the list, as the API names it.
    pub order: Option<String>,
    /// Cursor: the page after it.
    pub after: Option<String>,
    /// Cursor: the page before it.
    pub before: Option<String>,
}

/// The query string of the list of suggestions.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SuggestionsParams {
    /// Only those in this state, as the API names it; those that wait, if not given.
    pub state: Option<String>,
    /// Cursor: the page after it.
    pub after: Option<String>,
    /// Cursor: the page before it.
    pub before: Option<String>,
    /// What a form did, by the name the page knows it by.
    pub done: Option<String>,
}

/// The query string of the list of projects.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProjectsParams {
    /// Words to search for, also in why projects stopped.
    pub text: Option<String>,
    /// Only projects in this phase, as the API names it.
    pub phase: Option<String>,
    /// Only projects that are so fresh, as the API names it.
    pub freshness: Option<String>,
    /// Only projects that work on the problem at this address.
    pub problem: Option<String>,
    /// The order of the list, as the API names it.
    pub order: Option<String>,
    /// Cursor: the page after it.
    pub after: Option<String>,
    /// Cursor: the page before it.
    pub before: Option<String>,
}

/// The query string of the declaration.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct DeclarationParams {
    /// What the form did, by the name the page knows it by.
    pub done: Option<String>,
    /// Only signatures after this cursor.
    pub after: Option<String>,
}

/// The query string of the record of changes.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct ActivityParams {
    /// Only changes by or about this body: its code or slug.
    pub organisation: Option<String>,
    /// Only changes of things of this kind, as the record names it.
    pub kind: Option<String>,
    /// Only changes sealed on this day, as `2026-08-31`.
    pub day: Option<String>,
    /// Cursor: newer changes than it.
    pub after: Option<String>,
    /// Cursor: older changes than it.
    pub before: Option<String>,
}

/// A value that was chosen: neither absent nor blank.
pub(crate) fn chosen(value: Option<&str>) -> Option<String> {
    let value = value?.trim();
    (!value.is_empty()).then(|| value.to_owned())
}

/// A date written as `2026-08-31`, and no other way.
pub(crate) fn day(name: &str, value: Option<&str>) -> Result<Option<Day>, PageError> {
    let Some(value) = chosen(value) else {
        return Ok(None);
    };
    let read = NaiveDate::parse_from_str(&value, "%Y-%m-%d")
        .ok()
        .filter(|date| date.to_string() == value);
    match read {
        Some(date) => Ok(Some(Day(date))),
        None => Err(PageError::BadRequest(format!(
            "“{value}” is not a date for “{name}”. Write year, month and day, \
             for example 2026-08-31."
        ))),
    }
}

/// A moment written by RFC 3339, with its offset.
pub(crate) fn moment(name: &str, value: Option<&str>) -> Result<Option<Moment>, PageError> {
    let Some(value) = chosen(value) else {
        return Ok(None);
    };
    match DateTime::parse_from_rfc3339(&value) {
        Ok(moment) => Ok(Some(Moment(moment.with_timezone(&Utc)))),
        Err(_) => Err(PageError::BadRequest(format!(
            "“{value}” is not a moment for “{name}”. Write it with its time zone, \
             for example 2026-08-31T14:05:00Z."
        ))),
    }
}

/// One of a closed set of words, by its value.
pub(crate) fn word<W: Word>(name: &str, value: Option<&str>) -> Result<Option<W>, PageError> {
    let Some(value) = chosen(value) else {
        return Ok(None);
    };
    let found = W::ALL.iter().find(|word| word.value() == value);
    match found {
        Some(word) => Ok(Some(*word)),
        None => {
            let words: Vec<_> = W::ALL.iter().map(|word| word.value()).collect();
            Err(PageError::BadRequest(format!(
                "“{value}” is not a choice for “{name}”. Choose one of {}.",
                words.join(", ")
            )))
        }
    }
}

/// What a figure is cut off at: the day it speaks of, what was known by then, and how well.
pub(crate) struct CutOffs {
    pub(crate) as_of: Day,
    pub(crate) known_at: Option<Moment>,
    pub(crate) min_grade: Option<Grade>,
}

impl CutOffs {
    pub(crate) fn read(
        context: &PageContext,
        as_of: Option<&str>,
        known_at: Option<&str>,
        min_grade: Option<&str>,
    ) -> Result<Self, PageError> {
        Ok(Self {
            as_of: past_day(context, as_of)?,
            known_at: moment("known by", known_at)?,
            min_grade: word("evidence at least", min_grade)?,
        })
    }

    /// The variables that every document about a figure takes.
    pub(crate) fn variables(&self) -> Map<String, Value> {
        let pairs = [
            ("asOf", json!(self.as_of.iso())),
            ("knownAt", json!(self.known_at.map(|moment| moment.iso()))),
            ("minGrade", json!(self.min_grade.map(Word::value))),
        ];
        pairs
            .map(|(name, value)| (name.to_owned(), value))
            .into_iter()
            .collect()
    }

    /// The cut-offs for an address; the day is left out when it is today's, so that the page stays current.
    pub(crate) fn pairs(&self, context: &PageContext) -> [(&'static str, Option<String>); 3] {
        let as_of = (self.as_of.0 != context.today).then(|| self.as_of.iso());
        [
            ("as_of", as_of),
            ("known_at", self.known_at.map(|moment| moment.iso())),
            (
                "min_grade",
                self.min_grade.map(|grade| grade.value().to_owned()),
            ),
        ]
    }
}

/// The day a figure speaks of: today unless chosen, and never a day that has not come.
pub(crate) fn past_day(context: &PageContext, value: Option<&str>) -> Result<Day, PageError> {
    let as_of = day("as of", value)?.unwrap_or(Day(context.today));
    if as_of.0 > context.today {
        return Err(PageError::BadRequest(format!(
            "{as_of} has not come yet: a figure can speak of any day up to {}.",
            Day(context.today)
        )));
    }
    Ok(as_of)
}

/// The day a number of months before, or the earliest day there is.
pub(crate) fn months_before(day: Day, months: u32) -> Day {
    let before = day.0.checked_sub_months(Months::new(months));
    Day(before.unwrap_or(NaiveDate::MIN))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Stage;

    fn context() -> PageContext {
        PageContext {
            today: NaiveDate::from_ymd_opt(2026, 8, 31).unwrap(),
            path: "/".into(),
            notice: None,
            account: None,
            can_sign_in: false,
            key: "k".into(),
            stamp: "s".into(),
            origin: "http://localhost".into(),
        }
    }

    #[test]
    fn a_date_is_read_only_as_year_month_day() {
        assert_eq!(
            day("as of", Some("2026-08-31")).unwrap().unwrap().iso(),
            "2026-08-31"
        );
        assert_eq!(day("as of", Some("  ")).unwrap(), None);
        assert_eq!(day("as of", None).unwrap(), None);
        for wrong in [
            "31/08/2026",
            "2026-8-1",
            "2026-02-30",
            "+2026-08-31",
            "today",
            "2026-08-31T00:00",
        ] {
            let PageError::BadRequest(why) = day("as of", Some(wrong)).unwrap_err() else {
                panic!("{wrong}");
            };
            assert!(why.contains(wrong) && why.contains("2026-08-31"), "{why}");
        }
    }

    #[test]
    fn a_moment_needs_its_time_zone() {
        assert!(moment("known by", Some("2026-08-31T14:05:00")).is_err());
        let read = moment("known by", Some("2026-08-31T14:05:00+01:00"))
            .unwrap()
            .unwrap();
        assert_eq!(read.iso(), "2026-08-31T13:05:00Z");
    }

    #[test]
    fn a_word_that_is_none_of_the_set_is_refused_with_the_set() {
        assert_eq!(word("stage", Some("TRIAL")).unwrap(), Some(Stage::Trial));
        assert_eq!(word::<Stage>("stage", Some("")).unwrap(), None);
        let PageError::BadRequest(why) = word::<Stage>("stage", Some("trial")).unwrap_err() else {
            panic!("refused otherwise");
        };
        assert!(why.contains("PROPOSED, TRIAL, RECOMMENDED"), "{why}");
    }

    #[test]
    fn a_figure_speaks_of_no_day_to_come() {
        assert!(past_day(&context(), Some("2026-08-31")).is_ok());
        assert!(past_day(&context(), Some("2026-09-01")).is_err());
    }

    #[test]
    fn months_before_the_end_of_a_month_stay_in_the_month() {
        let day = Day(NaiveDate::from_ymd_opt(2024, 2, 29).unwrap());
        assert_eq!(months_before(day, 12).iso(), "2023-02-28");
        assert_eq!(months_before(Day(NaiveDate::MIN), 12), Day(NaiveDate::MIN));
    }
}
