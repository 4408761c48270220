//! The declaration and its signatures: what is published stays as it is, and who signed can take it back with a reason.

use crate::{Error, Result};
use chrono::NaiveDate;

/// The longest title of a version, in characters.
const LONGEST_TITLE: usize = 200;
/// The longest text of a version, in characters.
const LONGEST_TEXT: usize = 50_000;

/// What a version of the declaration says: its title and its text, without the blanks around them.
///
/// # Errors
/// [`Error::Invalid`] when one of them is empty or too long.
pub fn check_text(title: &str, text: &str) -> Result<(String, String)> {
    Ok((
        crate::words::needed("title", title, LONGEST_TITLE)?,
        crate::words::needed("text", text, LONGEST_TEXT)?,
    ))
}

/// The number of the version after `newest`: 1, 2, 3 and so on. A version is never changed, only followed.
pub fn next_number(newest: Option<i32>) -> i32 {
    newest.map_or(1, |newest| newest.saturating_add(1))
}

/// How a signature stands on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SignatureState {
    /// It was given, and holds.
    Live,
    /// Who gave it took it back.
    Withdrawn,
    /// The body that gave it closed; nobody took it back.
    Ended,
}

impl SignatureState {
    /// Every state.
    pub const ALL: &'static [Self] = &[Self::Live, Self::Withdrawn, Self::Ended];

    /// How a signature stands on `day` that was withdrawn on one day, if it was, of a body that closed on another, if it
    /// did: the first of them to come decides.
    pub fn on(day: NaiveDate, withdrawn: Option<NaiveDate>, closed: Option<NaiveDate>) -> Self {
        let came = |date: Option<NaiveDate>| date.filter(|date| *date <= day);
        match (came(withdrawn), came(closed)) {
            (None, None) => Self::Live,
            (Some(withdrawn), Some(closed)) if closed < withdrawn => Self::Ended,
            (Some(_), _) => Self::Withdrawn,
            (None, Some(_)) => Self::Ended,
        }
    }

    /// Withdraws it: the state after.
    ///
    /// # Errors
    /// [`Error::Conflict`] unless it is live.
    pub fn withdraw(self) -> Result<Self> {
        match self {
            Self::Live => Ok(Self::Withdrawn),
            Self::Withdrawn => Err(Error::Conflict(
                "This signature was withdrawn already.".to_owned(),
            )),
            Self::Ended => Err(Error::Conflict(
                "This signature ended when the organisation closed.".to_owned(),
            )),
        }
    }
}

/// Checks that a body may sign a version, of which it may already have signed the same one.
///
/// # Errors
/// [`Error::Conflict`] when a signature of its own stands under that version.
pub fn check_signing(standing: Option<SignatureState>, number: i32) -> Result<()> {
    match standing {
        Some(SignatureState::Live) => Err(Error::Conflict(format!(
            "Version {number} of the declaration is signed already."
        ))),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 3, day).unwrap()
    }

    #[test]
    fn a_signature_stands_until_the_first_of_its_ends() {
        use SignatureState::{Ended, Live, Withdrawn};
        // Withdrawn on, closed on → how it stands on the 10th.
        for (withdrawn, closed, expected) in [
            (None, None, Live),
            (Some(11), None, Live),
            (Some(10), None, Withdrawn),
            (None, Some(11), Live),
            (None, Some(10), Ended),
            (Some(5), Some(7), Withdrawn),
            (Some(7), Some(5), Ended),
            (Some(5), Some(5), Withdrawn),
        ] {
            let state = SignatureState::on(day(10), withdrawn.map(day), closed.map(day));
            assert_eq!(state, expected, "{withdrawn:?} {closed:?}");
        }
    }

    #[test]
    fn only_a_live_signature_is_withdrawn_and_only_a_live_one_keeps_from_signing() {
        for from in SignatureState::ALL {
            let live = *from == SignatureState::Live;
            assert_eq!(from.withdraw().is_ok(), live, "{from:?}");
            assert_eq!(check_signing(Some(*from), 1).is_ok(), !live, "{from:?}");
            if let Ok(after) = from.withdraw() {
                assert_eq!(after, SignatureState::Withdrawn);
            }
        }
        assert!(check_signing(None, 1).is_ok());
    }

    #[test]
    fn versions_count_from_one() {
        assert_eq!(next_number(None), 1);
        assert_eq!(next_number(Some(1)), 2);
    }

    #[test]
    fn a_version_has_a_title_and_a_text() {
        let kept = check_text(" Share. ", "\nWe share.\n").unwrap();
        assert_eq!(kept, ("Share.".to_owned(), "We share.".to_owned()));
        assert!(check_text(" ", "x").is_err());
        assert!(check_text("x", "\n").is_err());
        assert!(check_text(&"x".repeat(201), "x").is_err());
        assert!(check_text("x", &"x".repeat(50_001)).is_err());
    }

    proptest! {
        #[test]
        fn once_a_signature_has_ended_it_never_lives_again(
            withdrawn in prop::option::of(1_u32..28), closed in prop::option::of(1_u32..28),
            first in 1_u32..28, later in 0_u32..27,
        ) {
            let at = |on: u32| SignatureState::on(day(on), withdrawn.map(day), closed.map(day));
            let then = (first + later).min(28);
            if at(first) != SignatureState::Live {
                prop_assert_eq!(at(then), at(first));
            }
        }
    }
}
