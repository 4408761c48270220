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
        let managing = self.may(Action::ManageMembers, about);
        if !by_appointing {
            return managing;
        }
        // Whoever may do neither is told who manages members.
        managing.or_else(|refused| self.may(Action::AppointLead, about).map_err(|_| refused))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::MembershipId;
    use crate::policy::Held;
    use uuid::Uuid;

    fn member(role: Role, organisation: Option<OrganisationId>) -> Viewer {
        Viewer::Person {
            id: Uuid::from_u128(7).into(),
            memberships: vec![Held {
                membership: MembershipId(Uuid::from_u128(9)),
                role,
                organisation,
            }],
        }
    }

    fn action(granted: Result<Granted>) -> Result<Action, &'static str> {
        granted
            .map(|granted| granted.action())
            .map_err(|refused| refused.code())
    }

    #[test]
    fn members_are_invited_by_who_manages_them_and_a_lead_also_by_the_unit() {
        let body = Some(Uuid::from_u128(1).into());
        for role in [Role::Editor, Role::Signatory, Role::Lead] {
            let asked = |viewer: Viewer| action(viewer.may_invite(role, body));
            let by_unit = match role {
                Role::Lead => Ok(Action::AppointLead),
                _ => Err("FORBIDDEN"),
            };
            assert_eq!(asked(member(Role::Lead, body)), Ok(Action::ManageMembers));
            assert_eq!(asked(member(Role::Editor, body)), Err("FORBIDDEN"));
            assert_eq!(asked(member(Role::Analyst, None)), Err("FORBIDDEN"));
            assert_eq!(asked(member(Role::Admin, None)), by_unit, "{role}");
            assert_eq!(asked(Viewer::Operator), by_unit, "{role}");
            assert_eq!(asked(Viewer::Anonymous), Err("UNAUTHENTICATED"));
        }
        let to_unit = |viewer: Viewer| action(viewer.may_invite(Role::Admin, None));
        assert_eq!(
            to_unit(member(Role::Admin, None)),
            Ok(Action::ManageMembers)
        );
        assert_eq!(to_unit(member(Role::Lead, body)), Err("FORBIDDEN"));
        let refused = member(Role::Editor, body).may_invite(Role::Lead, body);
        assert!(refused.unwrap_err().to_string().contains("Ask a lead"));
    }

    #[test]
    fn the_unit_takes_back_its_own_invitations_to_a_body_and_no_others() {
        let body = Some(Uuid::from_u128(1).into());
        let asked = |viewer: &Viewer, by_unit| action(viewer.may_withdraw(body, by_unit));
        let (lead, admin) = (member(Role::Lead, body), member(Role::Admin, None));
        assert_eq!(asked(&lead, true), Ok(Action::ManageMembers));
        assert_eq!(asked(&lead, false), Ok(Action::ManageMembers));
        assert_eq!(asked(&admin, true), Ok(Action::AppointLead));
        assert_eq!(asked(&admin, false), Err("FORBIDDEN"));
    }
}
