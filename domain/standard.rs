//! Standards and practices: their kinds and the stages they pass through.

use crate::text_enum;
use chrono::NaiveDate;

text_enum!(
    /// What a standard is about.
    pub enum StandardKind as "kind" {
        /// How data is shaped and published.
        Data = "DATA",
        /// How systems talk and are built.
        Technical = "TECHNICAL",
        /// How services look and behave.
        Design = "DESIGN",
        /// How people work.
        Practice = "PRACTICE",
    }
);

text_enum!(
    /// How far a standard has come.
    pub enum StandardStage as "stage" {
        /// Written down for discussion.
        Proposed = "PROPOSED",
        /// Being tried by some.
        Trial = "TRIAL",
        /// Ready, and advised.
        Recommended = "RECOMMENDED",
        /// Ready, and an obligation for those it applies to.
        Required = "REQUIRED",
        /// Still valid, but a better one exists.
        Deprecated = "DEPRECATED",
        /// No longer valid.
        Withdrawn = "WITHDRAWN",
    }
);

/// How long an adoption holds, in months, when the standard does not say otherwise.
pub const DEFAULT_EXPIRY_MONTHS: i32 = 12;

/// The stage on a day, given the dated stages: the last that started by then, else the first known.
pub fn stage_on(
    stages: &[(StandardStage, Option<NaiveDate>)],
    day: NaiveDate,
) -> Option<StandardStage> {
    let started = stages
        .iter()
        .filter(|(_, on)| on.is_none_or(|on| on <= day))
        .max_by_key(|(stage, on)| (*on, *stage));
    started
        .or_else(|| stages.iter().min_by_key(|(stage, on)| (*on, *stage)))
        .map(|(stage, _)| *stage)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stage_is_the_last_that_started() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let stages = [
            (StandardStage::Required, Some(day("2024-01-01"))),
            (StandardStage::Proposed, None),
            (StandardStage::Trial, Some(day("2020-01-01"))),
        ];
        assert_eq!(
            stage_on(&stages, day("2019-01-01")),
            Some(StandardStage::Proposed)
        );
        assert_eq!(
            stage_on(&stages, day("2023-12-31")),
            Some(StandardStage::Trial)
        );
        assert_eq!(
            stage_on(&stages, day("2024-01-01")),
            Some(StandardStage::Required)
        );
        assert_eq!(stage_on(&[], day("2024-01-01")), None);
    }
}
