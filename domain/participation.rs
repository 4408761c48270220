//! Participation: an organisation's part in a project, which both sides have to want.

use crate::policy::Action;
use crate::{Error, Result, text_enum};

text_enum!(
    /// What an organisation does in a project.
    pub enum ParticipationRole as "role" {
        /// Leads it.
        Lead = "LEAD",
        /// Works on it.
        Partner = "PARTNER",
        /// Pays for it.
        Funder = "FUNDER",
        /// Sells to it.
        Supplier = "SUPPLIER",
        /// Tries what it makes.
        Tester = "TESTER",
        /// Looks on.
        Observer = "OBSERVER",
    }
);

impl ParticipationRole {
    /// Whether it counts as somebody who signed to work on the project.
    pub fn signs(self) -> bool {
        matches!(self, Self::Lead | Self::Partner)
    }
}

text_enum!(
    /// How far the two sides have come.
    pub enum ParticipationState as "participation state" {
        /// The project asked; the organisation has not answered.
        Invited = "INVITED",
        /// The organisation asked; the project has not answered.
        Requested = "REQUESTED",
        /// Both agreed.
        Active = "ACTIVE",
        /// The other side said no.
        Declined = "DECLINED",
        /// Whoever proposed it took it back before it was answered.
        Withdrawn = "WITHDRAWN",
        /// It was, and is over.
        Left = "LEFT",
    }
);

impl ParticipationState {
    /// Whether it waits for an answer.
    pub fn waits(self) -> bool {
        matches!(self, Self::Invited | Self::Requested)
    }

    /// Whether the organisation has a part in the project, or is to have one: it can have no second of that kind.
    pub fn stands(self) -> bool {
        self.waits() || self == Self::Active
    }
}

/// The two sides of a participation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    /// The organisation that takes part.
    Organisation,
    /// The project, for which its lead speaks.
    Project,
}

impl Side {
    /// The two of them.
    pub const ALL: [Self; 2] = [Self::Organisation, Self::Project];

    /// The right that whoever speaks for this side of an answer needs.
    pub fn action(self) -> Action {
        match self {
            Self::Organisation => Action::TakePart,
            Self::Project => Action::LeadProject,
        }
    }
}

/// What a side does about a participation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Act {
    /// Says yes to what the other side proposed.
    Accept,
    /// Says no to what the other side proposed.
    Decline,
    /// Takes back what it proposed itself.
    Withdraw,
    /// Ends its part.
    Leave,
}

impl Act {
    /// Every act.
    pub const ALL: [Self; 4] = [Self::Accept, Self::Decline, Self::Withdraw, Self::Leave];
}

impl ParticipationState {
    /// Which side may do this in this state: the one that is asked answers, the one that asked takes back, and only the
    /// organisation itself leaves.
    ///
    /// # Errors
    /// [`Error::Conflict`] for what nobody may do in this state.
    pub fn side_of(self, act: Act) -> Result<Side> {
        match (self, act) {
            (Self::Invited, Act::Accept | Act::Decline)
            | (Self::Requested, Act::Withdraw)
            | (Self::Active, Act::Leave) => Ok(Side::Organisation),
            (Self::Requested, Act::Accept | Act::Decline) | (Self::Invited, Act::Withdraw) => {
                Ok(Side::Project)
            }
            _ => Err(Error::Conflict(self.refusal(act).to_owned())),
        }
    }

    /// The state after an act of a side.
    ///
    /// # Errors
    /// [`Error::Conflict`] for what nobody may do in this state; [`Error::Forbidden`] for what only the other side may.
    pub fn after(self, act: Act, by: Side) -> Result<Self> {
        if self.side_of(act)? != by {
            return Err(Error::Forbidden {
                action: "answer this for the other side",
                hint: "An invitation is answered by a signatory of the invited organisation, a request by the project's lead.",
            });
        }
        Ok(match act {
            Act::Accept => Self::Active,
            Act::Decline => Self::Declined,
            Act::Withdraw => Self::Withdrawn,
            Act::Leave => Self::Left,
        })
    }

    /// Why nobody may do this in this state, and what to do instead.
    fn refusal(self, act: Act) -> &'static str {
        match (self, act) {
            (Self::Active, _) => "Both sides have agreed already; the organisation can leave.",
            (Self::Invited | Self::Requested, _) => {
                "It was not accepted yet, so nobody can leave; take it back or decline it."
            }
            (Self::Declined, _) => "It was declined; propose it again.",
            (Self::Withdrawn, _) => "It was taken back; propose it again.",
            (Self::Left, _) => "The organisation left; propose it again.",
        }
    }
}

/// Checks what is proposed to an organisation against what it has in the project already.
///
/// It has one part at a time. An active participant can still be invited to lead: that is how a lead hands over.
///
/// # Errors
/// [`Error::Conflict`] when it has a part or an open proposal already.
pub fn check_proposal(
    standing: &[(ParticipationRole, ParticipationState)],
    role: ParticipationRole,
    by: Side,
) -> Result<()> {
    for (held, state) in standing.iter().filter(|(_, state)| state.stands()) {
        if state.waits() {
            let told = "It was invited or has asked already; that waits for an answer.";
            return Err(Error::Conflict(told.to_owned()));
        }
        let handed = by == Side::Project && role == ParticipationRole::Lead && role != *held;
        if !handed {
            let told = format!("It takes part already, as {held}.");
            return Err(Error::Conflict(told));
        }
    }
    if by == Side::Organisation && role == ParticipationRole::Lead {
        let told = "Nobody asks to lead; the lead of a project, or the unit where it has none, invites to that.";
        return Err(Error::invalid("role", told));
    }
    Ok(())
}

#[cfg(test)]
#[path = "participation/tests.rs"]
mod tests;
