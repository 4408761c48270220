//! Roles: what a member of an organisation, or its machine, is there.

use crate::id::OrganisationId;
use crate::{Error, Result, text_enum};

text_enum!(
    /// What a member of an organisation, or its machine, may do there.
    pub enum Role as "role" {
        /// Writes claims, status and backing.
        Editor = "EDITOR",
        /// Also signs, accepts risk and confirms.
        Signatory = "SIGNATORY",
        /// Also manages the organisation's memberships.
        Lead = "LEAD",
        /// Works at the collaboration unit.
        Analyst = "ANALYST",
        /// Runs the collaboration unit's installation.
        Admin = "ADMIN",
    }
);

impl Role {
    /// Whether the role is one of the unit's own, held for no other organisation.
    pub fn is_of_the_unit(self) -> bool {
        matches!(self, Self::Analyst | Self::Admin)
    }

    /// Whether the role may do more than `other`, of the same organisation or both of the unit.
    pub fn is_above(self, other: Self) -> bool {
        // The roles of an organisation, and those of the unit, are declared from the least to the most.
        self > other
    }

    /// Checks that the role can be held there: the unit's roles have no organisation, all others have one.
    ///
    /// # Errors
    /// [`Error::Invalid`] with which of the two to change.
    pub fn check_home(self, organisation: Option<OrganisationId>) -> Result<()> {
        if self.is_of_the_unit() != organisation.is_some() {
            return Ok(());
        }
        let reason = if organisation.is_some() {
            "ANALYST and ADMIN act for the unit; leave the organisation out."
        } else {
            "EDITOR, SIGNATORY and LEAD act for an organisation; say which."
        };
        Err(Error::invalid("role", reason))
    }
}

#[cfg(test)]
mod tests {
    use super::Role::{Admin, Analyst, Editor, Lead, Signatory};

    #[test]
    fn a_role_is_above_those_that_may_do_less() {
        for (low, high) in [
            (Editor, Signatory),
            (Signatory, Lead),
            (Editor, Lead),
            (Analyst, Admin),
        ] {
            assert!(high.is_above(low) && !low.is_above(high) && !low.is_above(low));
        }
    }
}
