//! Groups: named sets of organisations with dated membership, by which every figure can be cut.

use crate::{
    organisation::{Nation, OrganisationKind, Tier},
    slug, text_enum,
};

text_enum!(
    /// What makes the members of a group belong together.
    pub enum GroupKind as "group kind" {
        /// The same nation.
        Nation = "NATION",
        /// The same English region.
        Region = "REGION",
        /// The same kind of body.
        Kind = "KIND",
        /// The same tier of local government.
        Tier = "TIER",
        /// The same combined authority.
        CombinedAuthority = "COMBINED_AUTHORITY",
        /// A family of bodies chosen by the unit.
        Family = "FAMILY",
    }
);

/// A group that comes by itself from what is known of an organisation.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct GroupKey {
    /// What makes its members belong together.
    pub kind: GroupKind,
    /// Its address, such as `region-south-east`.
    pub slug: String,
    /// Its name, such as `South East`.
    pub name: String,
}

impl GroupKey {
    /// The kinds of the groups that come by themselves from the body alone.
    pub const DERIVED: [GroupKind; 4] = [
        GroupKind::Nation,
        GroupKind::Region,
        GroupKind::Kind,
        GroupKind::Tier,
    ];

    /// Every group that comes by itself from what a body is and where it lies.
    pub fn derived(
        kind: OrganisationKind,
        tier: Option<Tier>,
        nation: Option<Nation>,
        region: Option<&str>,
    ) -> impl Iterator<Item = Self> {
        [
            Some(Self::of_kind(kind)),
            tier.map(Self::tier),
            nation.map(Self::nation),
            region.and_then(Self::region),
        ]
        .into_iter()
        .flatten()
    }

    /// The group of one nation.
    pub fn nation(nation: Nation) -> Self {
        Self::named(GroupKind::Nation, "nation", nation.name())
    }

    /// The group of one region, or `None` when `region` is blank.
    pub fn region(region: &str) -> Option<Self> {
        let region = region.trim();
        (!region.is_empty()).then(|| Self::named(GroupKind::Region, "region", region))
    }

    /// The group of one kind of body.
    pub fn of_kind(kind: OrganisationKind) -> Self {
        Self {
            kind: GroupKind::Kind,
            slug: format!("kind-{}", slug::from_words(kind.as_str())),
            name: kind.plural().to_owned(),
        }
    }

    /// The group of one tier of local government.
    pub fn tier(tier: Tier) -> Self {
        Self {
            kind: GroupKind::Tier,
            slug: format!("tier-{}", slug::from_words(tier.as_str())),
            name: tier.plural().to_owned(),
        }
    }

    /// The group of the councils of one combined authority, by its code; it is named by code until its name is known.
    pub fn combined_authority(code: &str, name: Option<&str>) -> Self {
        Self {
            kind: GroupKind::CombinedAuthority,
            slug: format!("combined-authority-{}", slug::from_words(code)),
            name: name.unwrap_or(code).to_owned(),
        }
    }

    fn named(kind: GroupKind, prefix: &str, name: &str) -> Self {
        Self {
            kind,
            slug: format!("{prefix}-{}", slug::from_words(name)),
            name: name.to_owned(),
        }
    }
}
