//! Invitations: which right a viewer uses to invite, and to take an invitation back.

use super::{About, Action, Granted, Role, Viewer};
use crate::Result;
use crate::id::OrganisationId;

impl Viewer {
    /// Grants an invitation to `role` at `organisation`, or at the unit: by managing its members, or else, for a lead,
    /// by appointing one.
    ///
    /// # Errors
    /// As [`may`](Self::may).
    pub fn may_invite(&self, role: Role, organisation: Option<OrganisationId>) -> Result<Granted> {
        self.may_manage_or_appoint(organisation, organisation.is_some() && role == Role::Lead)
    }

    /// Grants taking back an invitation to `organisation`, or to the unit: by managing its members, or else, for an
    /// invitation `by_unit`, by appointing leads.
    ///
    /// # Errors
    /// As [`may`](Self::may).
    pub fn may_withdraw(
        &self,
        organisation: Option<OrganisationId>,
        by_unit: bool,
    ) -> Result<Granted> {
        self.may_manage_or_appoint(organisation, by_unit)
    }

    fn may_manage_or_appoint(
        &self,
        organisation: Option<OrganisationId>,
        by_appointing: bool,
    ) -> Result<Granted> {
        let about = About::affairs_of(organisation);
        match self.may(Action::ManageMembers, about) {
            Err(_) if by_appointing => self.may(Action::AppointLead, about),
            granted => granted,
        }
    }
}
