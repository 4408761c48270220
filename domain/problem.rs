//! Problems: their states, which move is legal for what reason, and the rules of their text.

mod text;

#[cfg(test)]
mod tests;

pub(crate) use text::text as plain;
pub use text::{NewText, Text, reason};

use crate::{Error, Result, text_enum};

/// With so many backers and no project, a problem is an orphan.
pub const ORPHAN_BACKERS: i64 = 3;

text_enum!(
    /// How far a problem has come.
    pub enum ProblemState as "state" {
        /// One body says it has it.
        Proposed = "PROPOSED",
        /// Another body backs it.
        Gathering = "GATHERING",
        /// A project works on it.
        BeingSolved = "BEING_SOLVED",
        /// What a project made solves it.
        Solved = "SOLVED",
        /// Nobody goes on with it, for a reason.
        Parked = "PARKED",
    }
);

/// What moves a problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mover {
    /// Who backs it and which projects work on it.
    Facts,
    /// Somebody decides it.
    Decision,
}

/// Every legal move: from where to where, and by what.
pub const MOVES: &[(ProblemState, ProblemState, Mover)] = {
    use Mover::{Decision, Facts};
    use ProblemState::{BeingSolved, Gathering, Parked, Proposed, Solved};
    &[
        (Proposed, Gathering, Facts),
        (Proposed, BeingSolved, Facts),
        (Gathering, Proposed, Facts),
        (Gathering, BeingSolved, Facts),
        (BeingSolved, Gathering, Facts),
        (BeingSolved, Proposed, Facts),
        (BeingSolved, Solved, Decision),
        (Proposed, Parked, Decision),
        (Gathering, Parked, Decision),
        (BeingSolved, Parked, Decision),
        // Taken up again: to where the facts put it.
        (Parked, Proposed, Decision),
        (Parked, Gathering, Decision),
        (Parked, BeingSolved, Decision),
        (Solved, Proposed, Decision),
        (Solved, Gathering, Decision),
        (Solved, BeingSolved, Decision),
    ]
};

/// What decides where a problem stands while nobody parked or solved it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts {
    /// How many bodies back it beside the one that raised it.
    pub others: i64,
    /// How many projects work on it that are neither stopped nor retired.
    pub projects: i64,
}

impl Facts {
    /// Where they put a problem.
    pub fn state(self) -> ProblemState {
        if self.projects > 0 {
            ProblemState::BeingSolved
        } else if self.others > 0 {
            ProblemState::Gathering
        } else {
            ProblemState::Proposed
        }
    }
}

impl ProblemState {
    /// Whether somebody may still want to work on it.
    pub fn is_open(self) -> bool {
        !matches!(self, Self::Solved | Self::Parked)
    }

    /// Whether the table has this move.
    pub fn can_become(self, next: Self, by: Mover) -> bool {
        MOVES.contains(&(self, next, by))
    }

    /// Where a problem in this state stands once the facts changed: what is parked or solved stays so.
    pub fn settled(self, facts: Facts) -> Self {
        let next = facts.state();
        if self.can_become(next, Mover::Facts) {
            next
        } else {
            self
        }
    }

    /// The state after somebody's decision, with its reason where one was given.
    ///
    /// # Errors
    /// [`Error::Conflict`] for a move that is not in the table, or that takes it up again elsewhere than where the facts
    /// put it; [`Error::Invalid`] when a move that needs a reason has none.
    pub fn decided(self, next: Self, facts: Facts, reason: Option<&str>) -> Result<Self> {
        if !self.can_become(next, Mover::Decision) {
            return Err(Error::Conflict(self.refusal(next)));
        }
        if next.is_open() && next != facts.state() {
            return Err(Error::Conflict(format!(
                "As it is backed and worked on, it would be {} again; take it up as that.",
                facts.state()
            )));
        }
        if next != Self::Solved && reason.is_none() {
            return Err(Error::invalid(
                "reason",
                "Say why: others will read it beside the problem.",
            ));
        }
        Ok(next)
    }

    /// Why this move is none, and what to do instead.
    fn refusal(self, next: Self) -> String {
        match (self, next) {
            (from, to) if from == to => format!("It is {to} already."),
            (_, Self::Solved) => format!(
                "It is {self}; only a problem that a project works on (BEING_SOLVED) can be SOLVED."
            ),
            (Self::Solved, Self::Parked) => {
                "It is SOLVED; take it up again before it is parked.".to_owned()
            }
            (from, to) => format!(
                "It moves from {from} to {to} by itself, when a body backs it or a project works on it."
            ),
        }
    }
}
