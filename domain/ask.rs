//! Asks: what a project needs of others, and who is told of it.

use crate::{Error, Result, text_enum};

/// The most characters of what is asked for, and of an offer.
pub const TEXT_MOST: usize = 1_000;

/// The most organisations that are told of one ask.
pub const ROUTES_MOST: usize = 50;

text_enum!(
    /// A kind of help.
    pub enum AskKind as "kind" {
        /// Money.
        Money = "MONEY",
        /// People's time.
        People = "PEOPLE",
        /// A skill that the project lacks.
        Skill = "SKILL",
        /// Somebody who tries what is made.
        Testing = "TESTING",
        /// Data.
        Data = "DATA",
        /// Advice.
        Advice = "ADVICE",
    }
);

text_enum!(
    /// How far an ask has come.
    pub enum AskState as "ask state" {
        /// Nobody has offered anything.
        Open = "OPEN",
        /// Somebody offered; others may still.
        Answered = "ANSWERED",
        /// The project asks for it no more.
        Closed = "CLOSED",
    }
);

text_enum!(
    /// Why an organisation was told of an ask.
    pub enum RouteReason as "reason" {
        /// It backs a problem that the project works on.
        BacksProblem = "BACKS_PROBLEM",
        /// It said that it can help with this kind of work.
        CanHelp = "CAN_HELP",
        /// It was not told, and came forward.
        CameForward = "CAME_FORWARD",
    }
);

impl AskState {
    /// The state after somebody offered help.
    ///
    /// # Errors
    /// [`Error::Conflict`] when the ask is closed.
    pub fn offered(self) -> Result<Self> {
        match self {
            Self::Open | Self::Answered => Ok(Self::Answered),
            Self::Closed => Err(Error::Conflict(
                "The project asks for this no more; see what else it asks for.".to_owned(),
            )),
        }
    }

    /// The state after the project said that it asks for this no more.
    ///
    /// # Errors
    /// [`Error::Conflict`] when it said so already.
    pub fn closed(self) -> Result<Self> {
        match self {
            Self::Open | Self::Answered => Ok(Self::Closed),
            Self::Closed => Err(Error::Conflict("This ask is closed already.".to_owned())),
        }
    }
}

/// What is asked for, or offered, in words: trimmed, its lines kept.
///
/// # Errors
/// [`Error::Invalid`] when there is nothing, or more than 1,000 characters.
pub fn text(raw: &str) -> Result<String> {
    crate::status::prose("text", raw, TEXT_MOST)
        .and_then(|text| text.ok_or_else(|| Error::invalid("text", "Say in a few words what.")))
}

#[cfg(test)]
mod tests {
    use super::AskState::{Answered, Closed, Open};
    use super::*;

    #[test]
    fn an_ask_is_answered_any_number_of_times_and_closed_once() {
        for (from, offered, closed) in [
            (Open, Some(Answered), Some(Closed)),
            (Answered, Some(Answered), Some(Closed)),
            (Closed, None, None),
        ] {
            assert_eq!(from.offered().ok(), offered, "{from} is offered help");
            assert_eq!(from.closed().ok(), closed, "{from} is closed");
        }
        assert_eq!(Closed.offered().unwrap_err().code(), "CONFLICT");
        assert_eq!(Closed.closed().unwrap_err().code(), "CONFLICT");
    }

    #[test]
    fn an_ask_says_something_and_not_a_book() {
        assert_eq!(
            text("  Two testers.\nIn May. ").unwrap(),
            "Two testers.\nIn May."
        );
        for bad in ["", " \n ", &"x".repeat(TEXT_MOST + 1)] {
            assert_eq!(text(bad).unwrap_err().code(), "BAD_INPUT");
        }
        assert!(text(&"é".repeat(TEXT_MOST)).is_ok());
    }
}
