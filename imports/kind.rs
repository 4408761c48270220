//! The kinds of file that can be imported.

use std::fmt;
use std::str::FromStr;

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A public register of councils and combined authorities.
    Register,
    /// Which body follows which.
    Successions,
    /// Codes by which other registers know a body.
    Aliases,
    /// Bodies, in the plain form.
    Organisations,
    /// Groups chosen by the unit and their members, in the plain form.
    Groups,
    /// Standards, their stages and versions: specifications, data sets, or the plain form.
    Standards,
    /// Whom standards apply to and why: planning data's form, or the plain form.
    Provisions,
    /// What bodies provide to a planning data standard: their own publications.
    Provided,
    /// Adoption events, in the plain form.
    Adoptions,
    /// Awards of public funds, as projects, with the funds in a table before them.
    Awards,
}

impl Kind {
    /// Every kind, in the order in which they build on one another.
    pub const ALL: &'static [Self] = &[
        Self::Register,
        Self::Successions,
        Self::Aliases,
        Self::Organisations,
        Self::Groups,
        Self::Standards,
        Self::Provisions,
        Self::Provided,
        Self::Adoptions,
        Self::Awards,
    ];

    /// The word it is known by.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Register => "register",
            Self::Successions => "successions",
            Self::Aliases => "aliases",
            Self::Organisations => "organisations",
            Self::Groups => "groups",
            Self::Standards => "standards",
            Self::Provisions => "provisions",
            Self::Provided => "provided",
            Self::Adoptions => "adoptions",
            Self::Awards => "awards",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Kind {
    type Err = domain::Error;

    fn from_str(raw: &str) -> domain::Result<Self> {
        let word = raw.trim().to_lowercase();
        Self::ALL
            .iter()
            .copied()
            .find(|kind| kind.as_str() == word)
            .ok_or_else(|| {
                let known: Vec<&str> = Self::ALL.iter().map(|kind| kind.as_str()).collect();
                domain::Error::invalid(
                    "kind",
                    format!(
                        "`{raw}` is not a kind of file; use one of {}.",
                        known.join(", ")
                    ),
                )
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_read_from_its_own_word_and_others_say_what_is_known() {
        for kind in Kind::ALL {
            assert_eq!(kind.as_str().to_uppercase().parse::<Kind>().unwrap(), *kind);
        }
        let error = "councils".parse::<Kind>().unwrap_err().to_string();
        assert!(error.contains("register, successions"), "{error}");
    }
}
