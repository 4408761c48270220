//! What is not public, and the table of who sees it.

use super::{About, Viewer, Who};
use crate::id::OrganisationId;

/// What not everybody sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sight {
    /// How an organisation is reached.
    Contact,
    /// Who acts for an organisation, by name; the notices to it; changes of members, tokens and the like.
    Members,
    /// The e-mail addresses of members and invited people.
    Addresses,
    /// The tokens and pending invitations of an organisation.
    Keys,
    /// All that is kept of a person.
    Person,
    /// What was refused to whom.
    Refusals,
    /// Suggestions that wait for moderation, and those that were taken for spam.
    Suggestions,
}

impl Sight {
    /// Every sight.
    pub const ALL: &'static [Self] = &[
        Self::Contact,
        Self::Members,
        Self::Addresses,
        Self::Keys,
        Self::Person,
        Self::Refusals,
        Self::Suggestions,
    ];

    /// The sight in words, after "may not".
    pub fn words(self) -> &'static str {
        match self {
            Self::Contact => "see the contact details of this organisation",
            Self::Members => "see the members here",
            Self::Addresses => "see the addresses of people here",
            Self::Keys => "see tokens and invitations here",
            Self::Person => "see what is kept of this person",
            Self::Refusals => "see what was refused",
            Self::Suggestions => "see suggestions before they are answered",
        }
    }

    /// The table: who sees it.
    pub(super) fn allowed(self) -> &'static [Who] {
        use Who::{Admin, Analyst, Operator, OwnEditor, OwnLead, Themself, UnitKeeper};
        match self {
            Self::Contact | Self::Members => &[OwnEditor, Analyst, Admin, Operator],
            Self::Addresses => &[OwnLead, Admin, Operator],
            Self::Keys => &[OwnLead, UnitKeeper, Operator],
            Self::Person => &[Themself, Admin, Operator],
            Self::Refusals => &[Admin, Operator],
            Self::Suggestions => &[Analyst, Admin, Operator],
        }
    }

    pub(super) fn hint(self) -> &'static str {
        match self {
            Self::Contact | Self::Members => "Members of that organisation and the unit may.",
            Self::Addresses | Self::Keys => "Leads of that organisation may.",
            Self::Person => "That person and the unit's administrators may.",
            Self::Refusals => "The unit's administrators may.",
            Self::Suggestions => "The unit may.",
        }
    }
}

/// Of which organisations a viewer sees something: for lists that leave out what the viewer may not see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// Of every one, and of the unit.
    All,
    /// Of these alone.
    Only(Vec<OrganisationId>),
}

impl Viewer {
    /// Of which organisations the viewer sees `sight`.
    pub fn reach(&self, sight: Sight) -> Reach {
        // Whoever sees it of the sector as a whole sees it of each body.
        if self.sees(sight, About::Sector).is_ok() {
            return Reach::All;
        }
        let own: Vec<OrganisationId> = match self {
            Self::Token { organisation, .. } => organisation.iter().copied().collect(),
            Self::Person { memberships, .. } => memberships
                .iter()
                .filter_map(|held| held.organisation)
                .collect(),
            _ => Vec::new(),
        };
        let seen = |id: &OrganisationId| self.sees(sight, About::Organisation(*id)).is_ok();
        Reach::Only(own.into_iter().filter(seen).collect())
    }
}
