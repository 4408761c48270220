//! Memberships and invitations: who acts for an organisation, how they come to it, and who is told when they go.

use crate::id::OrganisationId;
use crate::notice::NoticeKind;
use crate::policy::{Held, Role};
use crate::{Error, Result, text_enum};

/// How many days an invitation can be answered when nobody says otherwise.
pub const INVITATION_DAYS: i64 = 14;

text_enum!(
    /// How far an invitation has come. Only a pending one can be answered or withdrawn.
    pub enum InvitationState as "invitation state" {
        /// Not answered yet.
        Pending = "PENDING",
        /// Answered with yes: there is a membership.
        Accepted = "ACCEPTED",
        /// Answered with no.
        Declined = "DECLINED",
        /// Taken back by who invited.
        Withdrawn = "WITHDRAWN",
    }
);

impl InvitationState {
    /// The state after an answer or a withdrawal.
    ///
    /// # Errors
    /// [`Error::Conflict`] unless the invitation is still pending.
    pub fn becomes(self, next: Self) -> Result<Self> {
        if self == Self::Pending && next != Self::Pending {
            return Ok(next);
        }
        let now = match self {
            Self::Pending => "still open",
            Self::Accepted => "accepted already",
            Self::Declined => "declined already",
            Self::Withdrawn => "withdrawn",
        };
        Err(Error::Conflict(format!(
            "This invitation is {now}; ask for a new one."
        )))
    }
}

/// Checks that a person with these memberships may take up an invitation to `organisation`.
///
/// Nobody is a member of one organisation twice. And those who work for the unit take no membership in a body that the
/// unit invites to: an administrator would otherwise appoint themself to speak for a council.
///
/// # Errors
/// [`Error::Conflict`] with what to do first.
pub fn check_joining(
    held: &[Held],
    organisation: Option<OrganisationId>,
    invited_by_unit: bool,
) -> Result<()> {
    if held.iter().any(|held| held.organisation == organisation) {
        return Err(Error::Conflict(
            "You are a member here already; ask a lead to change your role instead.".to_owned(),
        ));
    }
    let of_the_unit = held.iter().any(|held| held.organisation.is_none());
    if invited_by_unit && organisation.is_some() && of_the_unit {
        return Err(Error::Conflict(
            "Who works for the unit cannot be appointed by it to act for a body; \
             let a lead of that body invite you, or leave the unit first."
                .to_owned(),
        ));
    }
    Ok(())
}

/// Checks that the unit may appoint somebody to `role` where these roles are held: a lead, where there is none.
///
/// # Errors
/// [`Error::Invalid`] for another role; [`Error::Conflict`] where there is a lead.
pub fn check_appointment(held: &[Role], role: Role) -> Result<()> {
    if role != Role::Lead {
        return Err(Error::invalid(
            "role",
            "The unit appoints an organisation's first LEAD; a lead invites all others.",
        ));
    }
    if held.contains(&Role::Lead) {
        return Err(Error::Conflict(
            "This organisation has a lead; only a lead of its own invites members.".to_owned(),
        ));
    }
    Ok(())
}

/// Who has to be told once a member left: the organisation's lead (`true`) or the unit (`false`), and of what.
///
/// `before` and `after` are the roles held there before and after. Somebody is told when the last editor went, and when
/// the last lead did; claims stay with the organisation either way.
pub fn hand_over(before: &[Role], after: &[Role]) -> Vec<(bool, NoticeKind)> {
    let has_editor = |roles: &[Role]| {
        roles
            .iter()
            .any(|role| matches!(role, Role::Editor | Role::Signatory))
    };
    let has_lead = |roles: &[Role]| roles.contains(&Role::Lead);
    let mut told = Vec::new();
    if has_editor(before) && !has_editor(after) {
        if has_lead(after) {
            told.push((true, NoticeKind::NoEditor));
        }
        told.push((false, NoticeKind::NoEditor));
    }
    if has_lead(before) && !has_lead(after) {
        told.push((false, NoticeKind::NoLead));
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::MembershipId;
    use uuid::Uuid;

    fn held(role: Role, organisation: Option<u128>) -> Held {
        Held {
            membership: MembershipId(Uuid::nil()),
            role,
            organisation: organisation.map(|id| Uuid::from_u128(id).into()),
        }
    }

    #[test]
    fn only_a_pending_invitation_moves() {
        for from in InvitationState::ALL {
            for to in InvitationState::ALL {
                let legal = *from == InvitationState::Pending && *to != InvitationState::Pending;
                assert_eq!(from.becomes(*to).is_ok(), legal, "{from} → {to}");
            }
        }
    }

    #[test]
    fn nobody_joins_twice_and_the_unit_appoints_none_of_its_own() {
        let council = Some(OrganisationId(Uuid::from_u128(1)));
        let admin = [held(Role::Admin, None)];
        let lead = [held(Role::Lead, Some(1))];
        assert!(check_joining(&[], council, true).is_ok());
        assert!(check_joining(&lead, council, false).is_err());
        assert!(check_joining(&lead, None, true).is_ok());
        assert!(check_joining(&admin, council, true).is_err());
        assert!(check_joining(&admin, council, false).is_ok());
        assert!(check_joining(&admin, None, true).is_err());
    }

    #[test]
    fn the_unit_appoints_a_lead_where_there_is_none_and_nobody_else() {
        use Role::{Editor, Lead, Signatory};
        assert!(check_appointment(&[], Lead).is_ok());
        assert!(check_appointment(&[Editor, Signatory], Lead).is_ok());
        assert_eq!(
            check_appointment(&[Lead], Lead).unwrap_err().code(),
            "CONFLICT"
        );
        for role in [Editor, Signatory, Role::Admin] {
            assert_eq!(
                check_appointment(&[], role).unwrap_err().code(),
                "BAD_INPUT"
            );
        }
    }

    #[test]
    fn the_lead_and_the_unit_are_told_when_the_last_editor_goes() {
        use NoticeKind::{NoEditor, NoLead};
        use Role::{Editor, Lead, Signatory};
        for (before, after, told) in [
            (vec![Editor, Editor], vec![Editor], vec![]),
            (vec![Editor, Signatory], vec![Signatory], vec![]),
            (
                vec![Editor, Lead],
                vec![Lead],
                vec![(true, NoEditor), (false, NoEditor)],
            ),
            (vec![Editor], vec![], vec![(false, NoEditor)]),
            (vec![Lead], vec![], vec![(false, NoLead)]),
            (vec![Editor, Lead], vec![Editor], vec![(false, NoLead)]),
            (vec![Lead, Lead], vec![Lead], vec![]),
        ] {
            assert_eq!(hand_over(&before, &after), told, "{before:?} → {after:?}");
        }
    }
}
