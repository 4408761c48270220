//! Provisions: whom a standard applies to and why. They are the denominator of every figure.

use crate::{
    Error, Result,
    id::{GroupId, OrganisationId},
    organisation::OrganisationKind,
    text_enum,
};

text_enum!(
    /// Why a standard applies, the strongest first.
    pub enum ProvisionReason as "reason" {
        /// A law says so.
        Statutory = "STATUTORY",
        /// The steward encourages it.
        Encouraged = "ENCOURAGED",
        /// It was agreed, for example with a grant.
        Expected = "EXPECTED",
        /// It is likely to apply later.
        Prospective = "PROSPECTIVE",
        /// It is being tried.
        Experimental = "EXPERIMENTAL",
    }
);

impl ProvisionReason {
    /// 0 for the strongest reason, counting up.
    pub fn rank(self) -> u8 {
        self as u8
    }

    /// The reason with this [`rank`](Self::rank), if there is one.
    pub fn from_rank(rank: u8) -> Option<Self> {
        Self::ALL.get(usize::from(rank)).copied()
    }
}

/// Whom a provision names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Target {
    /// Every body of a kind.
    Kind(OrganisationKind),
    /// Every member of a group, while it is a member.
    Group(GroupId),
    /// One body.
    Organisation(OrganisationId),
}

/// How a plain file names a target: `kind:COUNCIL`, `group:SLUG` or `organisation:CODE`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TargetName<'a> {
    /// A kind of body.
    Kind(OrganisationKind),
    /// The slug of a group.
    Group(&'a str),
    /// A code or slug of one body.
    Organisation(&'a str),
}

impl<'a> TargetName<'a> {
    /// Reads a target as a plain file writes it.
    ///
    /// # Errors
    /// [`Error::Invalid`] when the word before the colon is not `kind`, `group` or `organisation`.
    pub fn parse(raw: &'a str) -> Result<Self> {
        match raw.trim().split_once(':') {
            Some(("kind", kind)) => Ok(Self::Kind(kind.parse()?)),
            Some(("group", slug)) => Ok(Self::Group(slug)),
            Some(("organisation", code)) => Ok(Self::Organisation(code)),
            _ => Err(Error::invalid(
                "applies_to",
                format!(
                    "`{raw}` names nobody; write kind:COUNCIL, group:SLUG or organisation:CODE."
                ),
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statutory_is_the_strongest_and_ranks_round_trip() {
        assert_eq!(ProvisionReason::Statutory.rank(), 0);
        for reason in ProvisionReason::ALL {
            assert_eq!(ProvisionReason::from_rank(reason.rank()), Some(*reason));
        }
        assert_eq!(ProvisionReason::from_rank(5), None);
    }

    #[test]
    fn a_target_is_a_kind_a_group_or_a_body() {
        assert_eq!(
            TargetName::parse("kind:COUNCIL").unwrap(),
            TargetName::Kind(OrganisationKind::Council)
        );
        assert_eq!(
            TargetName::parse("group:region-wales").unwrap(),
            TargetName::Group("region-wales")
        );
        assert!(TargetName::parse("everyone").is_err());
        assert!(TargetName::parse("kind:PARISH").is_err());
    }
}
