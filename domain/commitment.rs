//! Commitments: what a signatory promised, how it ends, and how many were kept. None ends silently.

use crate::{Error, Result, text_enum};
use chrono::{Days, NaiveDate};

/// The longest text of a commitment, in characters.
const LONGEST_TEXT: usize = 2_000;
/// The longest name of a principle, in characters.
const LONGEST_PRINCIPLE: usize = 200;
/// The longest explanation, in characters.
const LONGEST_EXPLANATION: usize = 2_000;
/// An organisation is reminded so many days before a commitment falls due.
pub const REMINDED_DAYS: u64 = 30;

text_enum!(
    /// How a commitment ended.
    pub enum CommitmentOutcome as "outcome" {
        /// It was kept, by the day it was due.
        Kept = "KEPT",
        /// It was kept, but later.
        Late = "LATE",
        /// It was given up.
        Dropped = "DROPPED",
        /// It was not kept as promised, for a reason that is published.
        Explained = "EXPLAINED",
    }
);

/// A commitment as its rules see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Promise {
    /// The last day on which it can be kept.
    pub due_on: NaiveDate,
    /// How it ended; `None` while it is open.
    pub outcome: Option<CommitmentOutcome>,
}

impl Promise {
    /// Ends it on a day, with an explanation where there is one, which is given back as it is kept.
    ///
    /// # Errors
    /// [`Error::Conflict`] when it has ended before; [`Error::Invalid`] for `KEPT` after its due day, for `LATE` until then,
    /// and for `EXPLAINED` without an explanation.
    pub fn settle(
        self,
        on: NaiveDate,
        outcome: CommitmentOutcome,
        explanation: Option<&str>,
    ) -> Result<Option<String>> {
        if let Some(ended) = self.outcome {
            return Err(Error::Conflict(format!(
                "This commitment ended before, as {ended}; make a new one."
            )));
        }
        let late = on > self.due_on;
        match outcome {
            CommitmentOutcome::Kept if late => Err(Error::invalid(
                "outcome",
                format!(
                    "It was due on {}; what is kept after that is LATE.",
                    self.due_on
                ),
            )),
            CommitmentOutcome::Late if !late => Err(Error::invalid(
                "outcome",
                format!(
                    "It is due on {}; what is kept until then is KEPT.",
                    self.due_on
                ),
            )),
            _ => check_explanation(outcome, explanation),
        }
    }

    /// Whether its organisation is to be reminded on a day: from 30 days before it is due, while it is open.
    pub fn is_to_be_reminded(self, today: NaiveDate) -> bool {
        self.outcome.is_none() && self.due_on <= today + Days::new(REMINDED_DAYS)
    }
}

fn check_explanation(
    outcome: CommitmentOutcome,
    explanation: Option<&str>,
) -> Result<Option<String>> {
    let kept = crate::words::given("explanation", explanation, LONGEST_EXPLANATION)?;
    if outcome == CommitmentOutcome::Explained && kept.is_none() {
        return Err(Error::invalid("explanation", "Say why; it is published."));
    }
    Ok(kept)
}

/// What is promised, under which principle, and by when, as it is kept.
///
/// # Errors
/// [`Error::Invalid`] when the text is empty or too long, or the due day is not after the day it is made.
pub fn check_new(
    text: &str,
    principle: Option<&str>,
    made_on: NaiveDate,
    due_on: NaiveDate,
) -> Result<(String, Option<String>)> {
    if due_on <= made_on {
        return Err(Error::invalid("dueOn", "Give a day that is still to come."));
    }
    Ok((
        crate::words::needed("text", text, LONGEST_TEXT)?,
        crate::words::given("principle", principle, LONGEST_PRINCIPLE)?,
    ))
}

/// How commitments came out.
///
/// The kept rate is kept / n, where n counts every commitment that has ended, however it did, or is overdue: open after
/// its due day. A commitment that is open and not yet due is in no part of it. So a body that says nothing of what it
/// promised has the lower rate for it, and dropping a promise does not mend it either.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct KeptRate {
    /// Kept by the day they were due.
    pub kept: i64,
    /// Kept later.
    pub late: i64,
    /// Given up.
    pub dropped: i64,
    /// Ended with an explanation.
    pub explained: i64,
    /// Open after the day they were due.
    pub overdue: i64,
    /// Open and not yet due: outside of the rate.
    pub open: i64,
}

impl KeptRate {
    /// Counts a commitment as it stands on a day.
    pub fn count(&mut self, promise: Promise, on: NaiveDate) {
        *match promise.outcome {
            Some(CommitmentOutcome::Kept) => &mut self.kept,
            Some(CommitmentOutcome::Late) => &mut self.late,
            Some(CommitmentOutcome::Dropped) => &mut self.dropped,
            Some(CommitmentOutcome::Explained) => &mut self.explained,
            None if on > promise.due_on => &mut self.overdue,
            None => &mut self.open,
        } += 1;
    }

    /// Of how many commitments it is a rate: those that ended or are overdue.
    pub fn n(&self) -> i64 {
        self.kept + self.late + self.dropped + self.explained + self.overdue
    }

    /// kept / n; `None` when n is 0.
    pub fn rate(&self) -> Option<f64> {
        // Counts of commitments are far below what a float holds exactly.
        (self.n() > 0).then(|| self.kept as f64 / self.n() as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use CommitmentOutcome::{Dropped, Explained, Kept, Late};
    use proptest::prelude::*;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 3, day).unwrap()
    }

    fn promise(outcome: Option<CommitmentOutcome>) -> Promise {
        Promise {
            due_on: day(10),
            outcome,
        }
    }

    #[test]
    fn an_open_commitment_ends_once_and_not_otherwise_than_it_was() {
        // Outcome, the day, whether it is explained → whether it may end so.
        for (outcome, on, explained, may) in [
            (Kept, 9, false, true),
            (Kept, 10, false, true),
            (Kept, 11, false, false),
            (Kept, 11, true, false),
            (Late, 10, false, false),
            (Late, 10, true, false),
            (Late, 11, false, true),
            (Dropped, 1, false, true),
            (Dropped, 20, true, true),
            (Explained, 1, false, false),
            (Explained, 20, false, false),
            (Explained, 1, true, true),
            (Explained, 20, true, true),
        ] {
            let explanation = explained.then_some("Our supplier went.");
            let ended = promise(None).settle(day(on), outcome, explanation);
            assert_eq!(ended.is_ok(), may, "{outcome} on {on}, {explained}");
        }
        for before in CommitmentOutcome::ALL {
            for after in CommitmentOutcome::ALL {
                for on in [5, 20] {
                    let ended = promise(Some(*before)).settle(day(on), *after, Some("Because."));
                    assert_eq!(ended.unwrap_err().code(), "CONFLICT", "{before} → {after}");
                }
            }
        }
    }

    #[test]
    fn an_explanation_of_blanks_explains_nothing() {
        let blank = promise(None).settle(day(1), Explained, Some("  "));
        assert_eq!(blank.unwrap_err().code(), "BAD_INPUT");
        let kept = promise(None).settle(day(1), Explained, Some(" So. "));
        assert_eq!(kept.unwrap().as_deref(), Some("So."));
    }

    #[test]
    fn a_reminder_is_due_from_thirty_days_before_until_it_ends() {
        let due = NaiveDate::from_ymd_opt(2026, 3, 31).unwrap();
        let open = Promise {
            due_on: due,
            outcome: None,
        };
        assert!(!open.is_to_be_reminded(due - Days::new(31)));
        assert!(open.is_to_be_reminded(due - Days::new(30)));
        assert!(open.is_to_be_reminded(due + Days::new(1)));
        for outcome in CommitmentOutcome::ALL {
            let outcome = Some(*outcome);
            assert!(!Promise { outcome, ..open }.is_to_be_reminded(due));
        }
    }

    #[test]
    fn the_kept_rate_counts_what_ended_and_what_is_overdue() {
        let mut rate = KeptRate::default();
        assert_eq!((rate.n(), rate.rate()), (0, None));
        rate.count(promise(None), day(10));
        assert_eq!((rate.open, rate.n(), rate.rate()), (1, 0, None));
        rate.count(promise(None), day(11));
        assert_eq!((rate.overdue, rate.n(), rate.rate()), (1, 1, Some(0.0)));
        for outcome in [Kept, Kept, Kept, Late, Dropped, Explained, Explained] {
            rate.count(promise(Some(outcome)), day(1));
        }
        assert_eq!(
            (rate.kept, rate.late, rate.dropped, rate.explained),
            (3, 1, 1, 2)
        );
        assert_eq!((rate.n(), rate.rate()), (8, Some(0.375)));
    }

    #[test]
    fn a_commitment_says_something_and_is_due_later() {
        assert!(check_new("Publish.", None, day(1), day(2)).is_ok());
        assert!(check_new("Publish.", None, day(2), day(2)).is_err());
        assert!(check_new(" ", None, day(1), day(2)).is_err());
        assert!(check_new(&"x".repeat(2_001), None, day(1), day(2)).is_err());
        let kept = check_new("x", Some(" Open "), day(1), day(2)).unwrap();
        assert_eq!(kept.1.as_deref(), Some("Open"));
    }

    proptest! {
        #[test]
        fn no_day_has_both_kept_and_late_and_each_has_one(on in 1_u32..29) {
            let may = |outcome| promise(None).settle(day(on), outcome, None).is_ok();
            prop_assert!(may(Kept) != may(Late));
        }

        #[test]
        fn the_parts_of_the_rate_are_all_that_was_counted(
            all in prop::collection::vec((prop::option::of(0_usize..4), 1_u32..20), 0..40), on in 1_u32..20,
        ) {
            let mut rate = KeptRate::default();
            for (outcome, due) in &all {
                let outcome = outcome.map(|place| CommitmentOutcome::ALL[place]);
                rate.count(Promise { due_on: day(*due), outcome }, day(on));
            }
            prop_assert_eq!(rate.n() + rate.open, all.len() as i64);
            prop_assert!(rate.rate().is_none_or(|rate| (0.0..=1.0).contains(&rate)));
        }
    }
}
