//! Who asks: the public, a person, a machine, or the program itself.

use super::{Role, Scopes};
use crate::id::{MembershipId, OrganisationId, PersonId, TokenId};

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Viewer {
    /// Somebody who did not say who they are.
    Anonymous,
    /// A person who signed in.
    Person {
        /// The person's id.
        id: PersonId,
        /// What they hold today.
        memberships: Vec<Held>,
    },
    /// A machine with a token.
    Token {
        /// The token's id.
        id: TokenId,
        /// The name it was issued under.
        name: String,
        /// The role it holds.
        role: Role,
        /// The organisation it acts for; `None` for the unit's own.
        organisation: Option<OrganisationId>,
        /// What it was made for.
        scopes: Scopes,
        /// The membership whose holder issued it; `None` when the operator did.
        membership: Option<MembershipId>,
    },
    /// Whoever runs the program on its machine.
    Operator,
    /// A scheduled job, by name.
    Job(&'static str),
    /// The sign-in, for whoever an identity provider vouches for.
    SignIn,
}

/// A membership that holds today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// Its id.
    pub membership: MembershipId,
    /// What the person is there.
    pub role: Role,
    /// Where; `None` for the unit.
    pub organisation: Option<OrganisationId>,
}

impl Viewer {
    /// The organisation a token acts for.
    pub fn organisation(&self) -> Option<OrganisationId> {
        match self {
            Self::Token { organisation, .. } => *organisation,
            _ => None,
        }
    }

    /// For whom the viewer acts, each once: organisations, and `None` for the unit.
    pub fn homes(&self) -> Vec<Option<OrganisationId>> {
        match self {
            Self::Token { organisation, .. } => vec![*organisation],
            Self::Person { memberships, .. } => {
                let mut homes: Vec<_> = memberships.iter().map(|held| held.organisation).collect();
                homes.sort_unstable();
                homes.dedup();
                homes
            }
            _ => Vec::new(),
        }
    }

    /// The person, if one signed in.
    pub fn person(&self) -> Option<PersonId> {
        match self {
            Self::Person { id, .. } => Some(*id),
            _ => None,
        }
    }

    /// How the record names the viewer: never a secret, never a person's name.
    pub fn label(&self) -> String {
        match self {
            Self::Anonymous => "anonymous".to_owned(),
            Self::Person { id, .. } => format!("person:{id}"),
            Self::Token { id, .. } => format!("token:{id}"),
            Self::Operator => "operator".to_owned(),
            Self::Job(name) => format!("job:{name}"),
            Self::SignIn => "sign-in".to_owned(),
        }
    }
}
