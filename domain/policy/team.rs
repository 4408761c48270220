//! The rights that come with working on a project.

use super::{About, Action, Granted, Viewer, Who};
use crate::id::{OrganisationId, ProjectId};
use crate::{Error, Result};

/// Who works on a project today: its active lead and its active partners.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Team {
    /// Which project.
    pub project: ProjectId,
    /// The organisation that leads it; `None` when nobody does.
    pub lead: Option<OrganisationId>,
    /// The organisations that work on it beside the lead.
    pub partners: Vec<OrganisationId>,
}

impl Team {
    /// The organisations in these classes, the lead first.
    fn members(&self, classes: &[Who]) -> Vec<OrganisationId> {
        let lead = self
            .lead
            .filter(|_| classes.contains(&Who::TeamLead) || classes.contains(&Who::TeamMember));
        let partners = self.partners.iter().copied();
        let partners = partners.filter(|_| classes.contains(&Who::TeamMember));
        lead.into_iter().chain(partners).collect()
    }
}

impl Viewer {
    /// Grants `action` in a project: to who acts for one of its team that the table names, speaking for that body, or to
    /// who may do it in any project.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] for an anonymous viewer, [`Error::Forbidden`] for one without the right, or a token
    /// without the scope.
    pub fn may_in(&self, action: Action, team: &Team) -> Result<Granted> {
        let about = About::Project(team.project);
        for body in team.members(action.allowed()) {
            // An editor of a body of the team, whatever the role there.
            if let Some(held) = self.allowed(&[Who::OwnEditor], About::Organisation(body)) {
                return self.with_scope(action, about, held);
            }
        }
        self.may(action, about)
    }

    /// The same for one who answers for a thing either as the body that made it, or by working on one of its projects.
    ///
    /// # Errors
    /// As [`may_in`](Self::may_in).
    pub fn may_as(
        &self,
        action: Action,
        owner: Option<OrganisationId>,
        teams: &[Team],
    ) -> Result<Granted> {
        let own = self.may(action, About::affairs_of(owner));
        if !matches!(own, Err(Error::Forbidden { .. })) {
            return own;
        }
        let in_one = teams.iter().find_map(|team| self.may_in(action, team).ok());
        in_one.map_or(own, Ok)
    }
}
