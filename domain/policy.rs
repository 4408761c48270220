//! Who may do what and see what: two tables, asked by everything that writes and by every field that is not public.

mod action;
mod granted;
mod invite;
mod role;
mod scope;
mod sight;
mod team;
mod viewer;

#[cfg(test)]
mod tests;

pub use action::Action;
pub use granted::Granted;
pub use role::Role;
pub use scope::{Scope, Scopes};
pub use sight::{Reach, Sight};
pub use team::Team;
pub use viewer::{Held, Viewer};

use crate::id::{OrganisationId, PersonId, ProjectId};
use crate::{Error, Result};

/// Whom an action or a field is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// The sector as a whole.
    Sector,
    /// The unit's own affairs.
    Unit,
    /// One organisation.
    Organisation(OrganisationId),
    /// One person.
    Person(PersonId),
    /// One project: [`Viewer::may_in`] decides by who works on it.
    Project(ProjectId),
}

impl About {
    /// An organisation's affairs, or the unit's own where there is none.
    pub fn affairs_of(organisation: Option<OrganisationId>) -> Self {
        organisation.map_or(Self::Unit, Self::Organisation)
    }
}

/// A class of viewers in the tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Who {
    /// Everybody, also who did not say who they are.
    Anyone,
    /// A member of any organisation.
    Member,
    /// A member of the organisation concerned, whatever the role.
    OwnEditor,
    /// A signatory or a lead of the organisation concerned.
    OwnSignatory,
    /// A lead of the organisation concerned.
    OwnLead,
    /// A member of an active lead or partner of the project concerned.
    TeamMember,
    /// A member of the active lead of the project concerned.
    TeamLead,
    /// An analyst of the unit.
    Analyst,
    /// An administrator of the unit.
    Admin,
    /// Whoever works for the unit, in the unit's own affairs.
    UnitMember,
    /// An administrator or the operator, in the unit's own affairs.
    UnitKeeper,
    /// The person concerned.
    Themself,
    /// Whoever runs the program.
    Operator,
    /// A scheduled job.
    Job,
    /// The sign-in, for whoever an identity provider vouches for.
    SignIn,
}

/// The classes of somebody who holds `role` in the affairs of `home`, for something about `about`.
fn classes_of_role(role: Role, home: Option<OrganisationId>, about: About) -> Vec<Who> {
    let own = home.is_some() && about == About::affairs_of(home);
    match (role, home) {
        (Role::Editor, Some(_)) if own => vec![Who::Member, Who::OwnEditor],
        (Role::Signatory, Some(_)) if own => vec![Who::Member, Who::OwnEditor, Who::OwnSignatory],
        (Role::Lead, Some(_)) if own => {
            vec![Who::Member, Who::OwnEditor, Who::OwnSignatory, Who::OwnLead]
        }
        (Role::Editor | Role::Signatory | Role::Lead, Some(_)) => vec![Who::Member],
        (Role::Analyst, None) if about == About::Unit => vec![Who::Analyst, Who::UnitMember],
        (Role::Analyst, None) => vec![Who::Analyst],
        (Role::Admin, None) if about == About::Unit => {
            vec![Who::Admin, Who::UnitMember, Who::UnitKeeper]
        }
        (Role::Admin, None) => vec![Who::Admin],
        _ => Vec::new(),
    }
}

impl Viewer {
    /// Grants `action` about `about` to this viewer, if the table says so and, for a token, if its scopes cover it.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] for an anonymous viewer, [`Error::Forbidden`] for one without the right.
    pub fn may(&self, action: Action, about: About) -> Result<Granted> {
        if action.allowed().contains(&Who::Anyone) {
            // Whoever says who they are is named with what they act for.
            let held = self.allowed(&[Who::Member, Who::Analyst, Who::Admin], about);
            return Ok(Granted::new(self, action, about, held.flatten()));
        }
        if *self == Self::Anonymous {
            return Err(Error::Unauthenticated);
        }
        let Some(held) = self.allowed(action.allowed(), about) else {
            return Err(Error::Forbidden {
                action: action.words(),
                hint: action.hint(),
            });
        };
        self.with_scope(action, about, held)
    }

    /// Grants what the table allows by the membership `held`, if for a token its scopes cover it.
    fn with_scope(&self, action: Action, about: About, held: Option<Held>) -> Result<Granted> {
        match (self, action.scope()) {
            (Self::Token { scopes, .. }, Some(scope)) if !scopes.contains(scope) => {
                Err(Error::Forbidden {
                    action: action.words(),
                    hint: scope.hint(),
                })
            }
            _ => Ok(Granted::new(self, action, about, held)),
        }
    }

    /// Checks that this viewer may issue a token with these scopes: no token gives another more than it has itself.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for a token that lacks one of them.
    pub fn check_passing_on(&self, passed_on: &Scopes) -> Result<()> {
        match self {
            Self::Token { scopes, .. } if passed_on.iter().any(|one| !scopes.contains(one)) => {
                Err(Error::Forbidden {
                    action: "issue a token with scopes that yours lacks",
                    hint: "Leave them out, or issue it with a token that has them.",
                })
            }
            _ => Ok(()),
        }
    }

    /// Checks that this viewer may see `sight` about `about`.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] for an anonymous viewer, [`Error::Forbidden`] for one without the right.
    pub fn sees(&self, sight: Sight, about: About) -> Result<()> {
        if *self == Self::Anonymous {
            return Err(Error::Unauthenticated);
        }
        let refused = |hint| Error::Forbidden {
            action: sight.words(),
            hint,
        };
        match self {
            _ if self.allowed(sight.allowed(), about).is_none() => Err(refused(sight.hint())),
            Self::Token { scopes, .. } if !scopes.contains(Scope::Read) => {
                Err(refused(Scope::Read.hint()))
            }
            _ => Ok(()),
        }
    }

    /// By which membership the viewer is in one of these classes: `None` when in none, `Some(None)` when without one.
    fn allowed(&self, classes: &[Who], about: About) -> Option<Option<Held>> {
        let single = match self {
            Self::Anonymous => return None,
            Self::Operator if about == About::Unit => vec![Who::Operator, Who::UnitKeeper],
            Self::Operator => vec![Who::Operator],
            Self::Job(_) => vec![Who::Job],
            Self::SignIn => vec![Who::SignIn],
            Self::Token {
                role, organisation, ..
            } => classes_of_role(*role, *organisation, about),
            Self::Person { id, memberships } => {
                let gives = |held: &&Held| {
                    let mine = classes_of_role(held.role, held.organisation, about);
                    mine.iter().any(|who| classes.contains(who))
                };
                // Somebody with several memberships acts for the body concerned rather than for the unit.
                let held = memberships
                    .iter()
                    .filter(gives)
                    .max_by_key(|held| About::affairs_of(held.organisation) == about);
                if let Some(held) = held {
                    return Some(Some(*held));
                }
                let themself = about == About::Person(*id);
                themself.then_some(Who::Themself).into_iter().collect()
            }
        };
        single
            .iter()
            .any(|who| classes.contains(who))
            .then_some(None)
    }
}
