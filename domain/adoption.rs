//! Adoption events: what a body says of a standard, on what evidence, and until when.

use crate::{Error, Result, text_enum};
use chrono::{Months, NaiveDate};

text_enum!(
    /// How far a body has come with a standard. Having no event at all is *unknown*, which is not one of these.
    pub enum AdoptionState as "state" {
        /// It is thinking about it.
        Considering = "CONSIDERING",
        /// It promised to.
        Pledged = "PLEDGED",
        /// It tries it in part.
        Piloting = "PILOTING",
        /// It follows it.
        Adopted = "ADOPTED",
        /// It followed it, and no longer does or no longer says so.
        Lapsed = "LAPSED",
        /// It decided against it.
        Declined = "DECLINED",
        /// It need not follow it, for a published reason.
        Exempt = "EXEMPT",
    }
);

text_enum!(
    /// How good the evidence of an event is, the weakest first.
    pub enum EvidenceGrade as "grade" {
        /// The body says so.
        SelfDeclared = "SELF_DECLARED",
        /// Another body says so.
        Peer = "PEER",
        /// A document shows it.
        Document = "DOCUMENT",
        /// A machine checked it.
        AutomaticCheck = "AUTOMATIC_CHECK",
    }
);

text_enum!(
    /// Whether the organisation itself stands behind an event.
    pub enum Standing as "standing" {
        /// The organisation says so itself.
        Confirmed = "CONFIRMED",
        /// Somebody else says so, and the organisation has not answered.
        Claimed = "CLAIMED",
        /// Somebody else says so, and the organisation disagrees.
        Contested = "CONTESTED",
    }
);

/// The parts of an event that its rules look at.
#[derive(Debug, Clone, Copy)]
pub struct EventFacts<'a> {
    /// The state it declares.
    pub state: AdoptionState,
    /// Since when it is so, UTC.
    pub effective_on: NaiveDate,
    /// The first day it no longer holds, if it ends by itself.
    pub expires_on: Option<NaiveDate>,
    /// How good the evidence is.
    pub grade: EvidenceGrade,
    /// Where the evidence can be read.
    pub evidence_url: Option<&'a str>,
    /// When the evidence was last checked.
    pub checked_on: Option<NaiveDate>,
}

impl EventFacts<'_> {
    /// Checks what must hold of any event, whoever records it.
    ///
    /// # Errors
    /// [`Error::Invalid`] when it takes effect or was checked after `today`, when its expiry fits neither the state nor the start, when
    /// the evidence link is not `http(s)`, or when a grade of `DOCUMENT` or better has no link.
    pub fn check(&self, today: NaiveDate) -> Result<()> {
        if self.effective_on > today {
            return Err(Error::invalid(
                "effectiveOn",
                format!(
                    "{} is in the future; record it when it is so.",
                    self.effective_on
                ),
            ));
        }
        if let Some(checked_on) = self.checked_on.filter(|day| *day > today) {
            return Err(Error::invalid(
                "checkedOn",
                format!("{checked_on} is in the future; give the day the evidence was checked."),
            ));
        }
        if let Some(expires_on) = self.expires_on {
            if !matches!(self.state, AdoptionState::Adopted | AdoptionState::Exempt) {
                return Err(Error::invalid(
                    "expiresOn",
                    format!(
                        "Only ADOPTED and EXEMPT expire; leave it out for {}.",
                        self.state
                    ),
                ));
            }
            if expires_on <= self.effective_on {
                return Err(Error::invalid(
                    "expiresOn",
                    format!(
                        "{expires_on} is not after the start {}; give a later day.",
                        self.effective_on
                    ),
                ));
            }
        }
        match self.evidence_url {
            Some(url) if !is_web_address(url) => Err(Error::invalid(
                "evidenceUrl",
                format!("`{url}` is not a web address; start it with https:// or http://."),
            )),
            None if self.grade >= EvidenceGrade::Document => Err(Error::invalid(
                "evidenceUrl",
                format!("Evidence graded {} needs a link to it.", self.grade),
            )),
            _ => Ok(()),
        }
    }
}

/// Whether a link may be followed: it begins with `http://` or `https://` and holds no blanks.
pub fn is_web_address(url: &str) -> bool {
    let host = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"));
    host.is_some_and(|rest| !rest.is_empty())
        && !url.contains(char::is_whitespace)
        && url.len() <= 2_000
}

/// When an adoption ends by itself: `months` after the later of its start and the day it was said. 0 months: never.
pub fn default_expiry(
    effective_on: NaiveDate,
    said_on: NaiveDate,
    months: i32,
) -> Option<NaiveDate> {
    let months = u32::try_from(months).ok().filter(|months| *months > 0)?;
    effective_on
        .max(said_on)
        .checked_add_months(Months::new(months))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn facts() -> EventFacts<'static> {
        EventFacts {
            state: AdoptionState::Adopted,
            effective_on: day("2024-01-01"),
            expires_on: Some(day("2025-01-01")),
            grade: EvidenceGrade::Document,
            evidence_url: Some("https://example.org/evidence"),
            checked_on: Some(day("2024-06-01")),
        }
    }

    #[test]
    fn a_sound_event_passes_and_each_fault_names_its_field() {
        let today = day("2024-06-01");
        facts().check(today).unwrap();
        let faults = [
            (
                "checkedOn",
                EventFacts {
                    checked_on: Some(day("2024-06-02")),
                    ..facts()
                },
            ),
            (
                "effectiveOn",
                EventFacts {
                    effective_on: day("2024-06-02"),
                    ..facts()
                },
            ),
            (
                "expiresOn",
                EventFacts {
                    expires_on: Some(day("2024-01-01")),
                    ..facts()
                },
            ),
            (
                "expiresOn",
                EventFacts {
                    state: AdoptionState::Pledged,
                    ..facts()
                },
            ),
            (
                "evidenceUrl",
                EventFacts {
                    evidence_url: None,
                    ..facts()
                },
            ),
            (
                "evidenceUrl",
                EventFacts {
                    evidence_url: Some("javascript:alert(1)"),
                    ..facts()
                },
            ),
            (
                "evidenceUrl",
                EventFacts {
                    evidence_url: Some("https://"),
                    ..facts()
                },
            ),
        ];
        for (field, faulty) in faults {
            let error = faulty.check(today).unwrap_err().to_string();
            assert!(error.starts_with(field), "{field}: {error}");
        }
    }

    #[test]
    fn an_adoption_holds_a_year_from_the_day_it_was_last_said() {
        assert_eq!(
            default_expiry(day("2020-02-29"), day("2019-01-01"), 12),
            Some(day("2021-02-28"))
        );
        assert_eq!(
            default_expiry(day("2020-01-01"), day("2024-05-01"), 6),
            Some(day("2024-11-01"))
        );
        assert_eq!(
            default_expiry(day("2020-01-01"), day("2020-01-01"), 0),
            None
        );
    }
}
