//! The proof that a right was checked.

use super::{About, Action, Held, Viewer};
use crate::adoption::Standing;
use crate::id::{MembershipId, OrganisationId, PersonId};
use crate::{Error, Result};

/// Proof that a right was checked, and whom to name in the record. Only [`Viewer::may`] makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Granted {
    actor: String,
    action: Action,
    about: About,
    organisation: Option<OrganisationId>,
    membership: Option<MembershipId>,
    person: Option<PersonId>,
    reason: Option<String>,
}

impl Granted {
    /// What `viewer` was granted, by the membership `held` where it took one.
    pub(super) fn new(viewer: &Viewer, action: Action, about: About, held: Option<Held>) -> Self {
        let of_token = match viewer {
            Viewer::Token { membership, .. } => *membership,
            _ => None,
        };
        Self {
            actor: viewer.label(),
            action,
            about,
            organisation: match held {
                Some(held) => held.organisation,
                None => viewer.organisation(),
            },
            membership: held.map(|held| held.membership).or(of_token),
            person: viewer.person(),
            reason: None,
        }
    }

    /// The same grant with the reason that the record is to keep.
    pub fn because(self, reason: Option<String>) -> Self {
        Self { reason, ..self }
    }

    /// Who acts, as the record names them.
    pub fn actor(&self) -> &str {
        &self.actor
    }

    /// What was granted.
    pub fn action(&self) -> Action {
        self.action
    }

    /// The organisation for which the actor speaks; `None` for the unit, the operator and jobs.
    pub fn organisation(&self) -> Option<OrganisationId> {
        self.organisation
    }

    /// The membership by which it was granted, or whose holder issued the token; `None` for the operator and jobs.
    pub fn membership(&self) -> Option<MembershipId> {
        self.membership
    }

    /// The person who acts, when it is not a machine.
    pub fn person(&self) -> Option<PersonId> {
        self.person
    }

    /// Why, where somebody said so.
    pub fn reason(&self) -> Option<&str> {
        self.reason.as_deref()
    }

    /// Whether the actor speaks for this organisation itself.
    pub fn speaks_for(&self, organisation: OrganisationId) -> bool {
        self.organisation == Some(organisation)
    }

    /// Checks that the actor may put right an event about `organisation` that has this standing: what an organisation
    /// confirmed, only it itself takes back.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for somebody else's correction of a confirmed event.
    pub fn check_correction(
        &self,
        organisation: OrganisationId,
        corrected: Standing,
    ) -> Result<()> {
        if corrected != Standing::Confirmed || self.speaks_for(organisation) {
            return Ok(());
        }
        Err(Error::Forbidden {
            action: "correct what the organisation itself confirmed",
            hint: "Use a token of that organisation, or record a claim that corrects nothing.",
        })
    }

    /// Checks that this grant is for `action`: a store function takes only the grant it needs.
    ///
    /// # Errors
    /// [`Error::Internal`] when it was granted for something else: a mistake in this program.
    pub fn require(&self, action: Action) -> Result<()> {
        if self.action == action {
            return Ok(());
        }
        Err(Error::internal(format!(
            "granted {:?}, but the write needs {action:?}",
            self.action
        )))
    }

    /// Checks that this grant was given for something about `about`; one for the sector is for each part of it.
    ///
    /// # Errors
    /// [`Error::Internal`] when it was given for something else: a mistake in this program.
    pub fn covers(&self, about: About) -> Result<()> {
        if self.about == about || self.about == About::Sector {
            return Ok(());
        }
        Err(Error::internal(format!(
            "granted about {:?}, but the write is about {about:?}",
            self.about
        )))
    }
}
