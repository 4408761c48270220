//! Scopes: the part of a role's rights that a token is made for.

use crate::{Error, Result, text_enum, text_form};
use std::fmt::{Display, Formatter};
use std::str::FromStr;

text_enum!(
    /// A part of what a token's role may do.
    pub enum Scope as "scope" {
        /// Sees what its role may see beyond what is public.
        Read = "READ",
        /// Posts the status of projects.
        Status = "STATUS",
        /// Raises and backs problems, works on projects.
        Projects = "PROJECTS",
        /// Speaks for the organisation with binding effect: signs, promises, accepts.
        Sign = "SIGN",
        /// Records adoption.
        Adoption = "ADOPTION",
        /// Keeps the register, standards and provisions.
        Import = "IMPORT",
        /// Asks for runs of jobs.
        Jobs = "JOBS",
        /// Manages members, tokens and contact details.
        Manage = "MANAGE",
    }
);

impl Scope {
    /// What to do without it.
    pub(super) fn hint(self) -> &'static str {
        match self {
            Self::Read => "Use a token with scope READ.",
            Self::Status => "Use a token with scope STATUS.",
            Self::Projects => "Use a token with scope PROJECTS.",
            Self::Sign => "Use a token with scope SIGN.",
            Self::Adoption => "Use a token with scope ADOPTION.",
            Self::Import => "Use a token with scope IMPORT.",
            Self::Jobs => "Use a token with scope JOBS.",
            Self::Manage => "Use a token with scope MANAGE.",
        }
    }
}

text_form!(
    /// A set of scopes, stored and spoken as words with a blank between them, in order.
    pub struct Scopes(Vec<Scope>);
);

impl Scopes {
    /// These scopes, each once.
    ///
    /// # Errors
    /// [`Error::Invalid`] when there is none: such a token could do nothing.
    pub fn new(scopes: impl IntoIterator<Item = Scope>) -> Result<Self> {
        let mut scopes: Vec<Scope> = scopes.into_iter().collect();
        scopes.sort_unstable();
        scopes.dedup();
        if scopes.is_empty() {
            return Err(Error::invalid(
                "scopes",
                "Give the token at least one scope.",
            ));
        }
        Ok(Self(scopes))
    }

    /// What a token gets when nobody says: all but [`Scope::Manage`].
    pub fn usual() -> Self {
        let usual = Scope::ALL.iter().filter(|scope| **scope != Scope::Manage);
        Self(usual.copied().collect())
    }

    /// Whether the scope is among them.
    pub fn contains(&self, scope: Scope) -> bool {
        self.0.contains(&scope)
    }

    /// Each of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = Scope> + '_ {
        self.0.iter().copied()
    }
}

impl Display for Scopes {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        let words: Vec<&str> = self.0.iter().map(|scope| scope.as_str()).collect();
        f.write_str(&words.join(" "))
    }
}

impl FromStr for Scopes {
    type Err = Error;

    fn from_str(raw: &str) -> Result<Self> {
        let scopes = raw
            .split([' ', ','])
            .filter(|word| !word.is_empty())
            .map(str::parse);
        Self::new(scopes.collect::<Result<Vec<Scope>>>()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_read_in_any_order_and_written_in_one() {
        let scopes: Scopes = "jobs, read READ".parse().unwrap();
        assert_eq!(scopes.to_string(), "READ JOBS");
        assert!(scopes.contains(Scope::Jobs) && !scopes.contains(Scope::Adoption));
        assert_eq!(scopes.to_string().parse::<Scopes>().unwrap(), scopes);
    }

    #[test]
    fn a_token_with_no_scope_or_an_unknown_one_is_refused() {
        assert!("".parse::<Scopes>().is_err());
        assert!("READ EVERYTHING".parse::<Scopes>().is_err());
        assert!(!Scopes::usual().contains(Scope::Manage));
        assert_eq!(
            Scopes::usual().to_string(),
            "READ STATUS PROJECTS SIGN ADOPTION IMPORT JOBS"
        );
    }
}
