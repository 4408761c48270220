//! Suggestions: a question or an idea from anyone, how far it has come, and what is taken for spam.

use crate::problem::reason;
use crate::{Error, Result, text_enum};

/// The longest suggestion, in characters.
pub const LONGEST: usize = 2_000;
/// The most links in one.
pub const MOST_LINKS: usize = 2;
/// Nobody reads a page and writes on it in fewer seconds.
pub const LEAST_SECONDS: i64 = 3;
/// A form is no longer taken so many seconds after it was shown.
pub const MOST_SECONDS: i64 = 24 * 60 * 60;

text_enum!(
    /// What somebody hands in.
    pub enum SuggestionKind as "kind" {
        /// Wants an answer.
        Question = "QUESTION",
        /// Offers a thought.
        Idea = "IDEA",
    }
);

text_enum!(
    /// How far a suggestion has come.
    pub enum SuggestionState as "state" {
        /// Nobody has looked at it.
        Awaiting = "AWAITING",
        /// The unit answered it: everybody sees both.
        Answered = "ANSWERED",
        /// The unit declined it, with a reason.
        Declined = "DECLINED",
        /// It was no suggestion.
        Spam = "SPAM",
    }
);

/// Every legal move.
pub const MOVES: &[(SuggestionState, SuggestionState)] = {
    use SuggestionState::{Answered, Awaiting, Declined, Spam};
    &[
        (Awaiting, Answered),
        (Awaiting, Declined),
        (Awaiting, Spam),
        // A better answer, and second thoughts.
        (Answered, Answered),
        (Answered, Declined),
        (Declined, Answered),
        (Declined, Declined),
        // Taken for spam by mistake.
        (Spam, Answered),
        (Spam, Declined),
    ]
};

impl SuggestionState {
    /// Whether everybody sees it.
    pub fn is_public(self) -> bool {
        matches!(self, Self::Answered | Self::Declined)
    }

    /// The state after the unit's answer.
    ///
    /// # Errors
    /// [`Error::Conflict`] for a move that is not in the table; [`Error::Invalid`] when an answer is missing.
    pub fn becomes(self, next: Self, answer: Option<&str>) -> Result<Self> {
        if !MOVES.contains(&(self, next)) {
            return Err(Error::Conflict(format!(
                "It is {self}; it cannot be {next}."
            )));
        }
        if next.is_public() && answer.is_none() {
            return Err(Error::invalid(
                "answer",
                "Write the answer that who asked will read.",
            ));
        }
        Ok(next)
    }
}

/// A suggestion's text as it is kept.
///
/// # Errors
/// [`Error::Invalid`] when it is blank, longer than 2,000 characters, or full of links.
pub fn text(raw: &str) -> Result<String> {
    let text = crate::problem::plain("text", raw, LONGEST)?;
    if text.is_empty() {
        return Err(Error::invalid("text", "Write your question or idea."));
    }
    let lower = text.to_lowercase();
    let links: usize = ["http://", "https://", "www.", "[url", "<a "]
        .iter()
        .map(|mark| lower.matches(mark).count())
        .sum();
    if links > MOST_LINKS {
        let told = format!("Give at most {MOST_LINKS} links.");
        return Err(Error::invalid("text", told));
    }
    Ok(text)
}

/// An answer as it is kept; `None` for a blank one.
///
/// # Errors
/// [`Error::Invalid`] when it is longer than 1,000 characters.
pub fn answer(raw: Option<&str>) -> Result<Option<String>> {
    reason("answer", raw)
}

/// Whether a form that was shown so many seconds ago was filled in by a person: not at once, and not for ever after.
pub fn in_time(seconds: i64) -> bool {
    (LEAST_SECONDS..=MOST_SECONDS).contains(&seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_move_is_as_in_the_table() {
        use SuggestionState::{Answered, Awaiting, Declined, Spam};
        for (from, legal) in [
            (Awaiting, vec![Answered, Declined, Spam]),
            (Answered, vec![Answered, Declined]),
            (Declined, vec![Answered, Declined]),
            (Spam, vec![Answered, Declined]),
        ] {
            for to in SuggestionState::ALL {
                let moved = from.becomes(*to, Some("Thank you."));
                assert_eq!(moved.is_ok(), legal.contains(to), "{from} → {to}");
            }
        }
    }

    #[test]
    fn whoever_asked_is_told_something_unless_it_is_spam() {
        use SuggestionState::{Answered, Awaiting, Declined, Spam};
        assert!(Awaiting.becomes(Spam, None).is_ok());
        for next in [Answered, Declined] {
            let error = Awaiting.becomes(next, None).unwrap_err();
            assert_eq!(error.code(), "BAD_INPUT");
        }
    }

    #[test]
    fn a_suggestion_is_short_and_not_full_of_links() {
        assert_eq!(text(" Why? ").unwrap(), "Why?");
        assert!(text("See https://a.example and www.b.example.").is_ok());
        let spam = "https://a.example HTTP://b.example www.c.example";
        for bad in ["", " \n ", spam, &"a".repeat(LONGEST + 1)] {
            assert_eq!(text(bad).unwrap_err().code(), "BAD_INPUT", "{bad}");
        }
    }

    #[test]
    fn a_form_is_filled_in_neither_at_once_nor_for_ever_after() {
        for (seconds, fine) in [
            (-1, false),
            (2, false),
            (3, true),
            (86_400, true),
            (86_401, false),
        ] {
            assert_eq!(in_time(seconds), fine, "{seconds}");
        }
    }
}
