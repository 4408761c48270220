//! The sector's closed sets of words, as the schema spells and explains them.

use async_graphql::Enum;

/// What a body is.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[graphql(remote = "domain::organisation::OrganisationKind")]
pub enum OrganisationKind {
    /// A principal council: county, district, unitary, borough.
    Council,
    /// A combined authority or other strategic authority of several councils.
    CombinedAuthority,
    /// A department or agency of central or devolved government.
    CentralDepartment,
    /// A company that sells to the sector.
    Supplier,
    /// A charity.
    Charity,
    /// A university.
    University,
    /// Anything else, such as a national park authority.
    Other,
}

/// The tier of a council.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[graphql(remote = "domain::organisation::Tier")]
pub enum Tier {
    /// The upper of two tiers in England.
    County,
    /// The lower of two tiers in England.
    District,
    /// A single-tier English council outside the conurbations.
    Unitary,
    /// A single-tier council of an English metropolitan county.
    Metropolitan,
    /// A London borough or the City of London.
    London,
    /// A Scottish council.
    Scottish,
    /// A Welsh council.
    Welsh,
    /// A Northern Irish district.
    NorthernIrish,
}

/// A nation of the United Kingdom.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[graphql(remote = "domain::organisation::Nation")]
pub enum Nation {
    /// England.
    England,
    /// Scotland.
    Scotland,
    /// Wales.
    Wales,
    /// Northern Ireland.
    NorthernIreland,
}

/// How a list of organisations is ordered.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[graphql(remote = "store::organisation::Order")]
pub enum OrganisationOrder {
    /// By name.
    Name,
    /// The largest first; those of unknown population last.
    Population,
}

/// How one body follows another.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[graphql(remote = "domain::succession::SuccessionKind")]
pub enum SuccessionKind {
    /// Several bodies became one.
    Merge,
    /// One body became several.
    Split,
    /// One body became one other.
    Rename,
}

/// What makes the members of a group belong together.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[graphql(remote = "domain::group::GroupKind")]
pub enum GroupKind {
    /// The same nation.
    Nation,
    /// The same English region.
    Region,
    /// The same kind of body.
    Kind,
    /// The same tier of local government.
    Tier,
    /// The same combined authority.
    CombinedAuthority,
    /// A family of bodies chosen by the unit.
    Family,
}

/// What a standard is about.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[graphql(remote = "domain::standard::StandardKind")]
pub enum StandardKind {
    /// How data is shaped and published.
    Data,
    /// How systems talk and are built.
    Technical,
    /// How services look and behave.
    Design,
    /// How people work.
    Practice,
}

/// How far a standard has come.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[graphql(remote = "domain::standard::StandardStage")]
pub enum StandardStage {
    /// Written down for discussion.
    Proposed,
    /// Being tried by some.
    Trial,
    /// Ready, and advised.
    Recommended,
    /// Ready, and an obligation for those it applies to.
    Required,
    /// Still valid, but a better one exists.
    Deprecated,
    /// No longer valid.
    Withdrawn,
}

/// How a list of standards is ordered.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StandardOrder {
    /// By title.
    Title,
}

/// Why a standard applies, the strongest reason first.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[graphql(remote = "domain::provision::ProvisionReason")]
pub enum ProvisionReason {
    /// A law says so.
    Statutory,
    /// The steward encourages it.
    Encouraged,
    /// It was agreed, for example with a grant.
    Expected,
    /// It is likely to apply later.
    Prospective,
    /// It is being tried.
    Experimental,
}

/// How far a body has come with a standard.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[graphql(remote = "analytics::history::State")]
pub enum AdoptionState {
    /// Nothing is known. It never counts as "no", and cannot be recorded.
    Unknown,
    /// It is thinking about it.
    Considering,
    /// It promised to.
    Pledged,
    /// It tries it in part.
    Piloting,
    /// It follows it.
    Adopted,
    /// It followed it, and no longer does or no longer says so.
    Lapsed,
    /// It decided against it.
    Declined,
    /// It need not follow it, for a published reason: it is eligible, but not in the denominator of the rate.
    Exempt,
}

impl AdoptionState {
    /// The state as an event declares it; `None` for [`Unknown`](Self::Unknown), which no event declares.
    pub(crate) fn declared(self) -> Option<domain::adoption::AdoptionState> {
        use domain::adoption::AdoptionState as Declared;
        match self {
            Self::Unknown => None,
            Self::Considering => Some(Declared::Considering),
            Self::Pledged => Some(Declared::Pledged),
            Self::Piloting => Some(Declared::Piloting),
            Self::Adopted => Some(Declared::Adopted),
            Self::Lapsed => Some(Declared::Lapsed),
            Self::Declined => Some(Declared::Declined),
            Self::Exempt => Some(Declared::Exempt),
        }
    }
}

impl From<domain::adoption::AdoptionState> for AdoptionState {
    fn from(declared: domain::adoption::AdoptionState) -> Self {
        use domain::adoption::AdoptionState as Declared;
        match declared {
            Declared::Considering => Self::Considering,
            Declared::Pledged => Self::Pledged,
            Declared::Piloting => Self::Piloting,
            Declared::Adopted => Self::Adopted,
            Declared::Lapsed => Self::Lapsed,
            Declared::Declined => Self::Declined,
            Declared::Exempt => Self::Exempt,
        }
    }
}

/// How good the evidence of an event is, the weakest first.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[graphql(remote = "domain::adoption::EvidenceGrade")]
pub enum EvidenceGrade {
    /// The body says so.
    SelfDeclared,
    /// Another body says so.
    Peer,
    /// A document shows it.
    Document,
    /// A machine checked it.
    AutomaticCheck,
}

/// Whether the organisation itself stands behind an event.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[graphql(remote = "domain::adoption::Standing")]
pub enum Standing {
    /// The organisation says so itself.
    Confirmed,
    /// Somebody else says so, and the organisation has not answered. It counts in no figure.
    Claimed,
    /// Somebody else says so, and the organisation disagrees. It counts in no figure.
    Contested,
}

/// Which bodies a figure counts.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SectorView {
    /// The bodies open on each date itself.
    AsTheyWere,
}

/// What a body has of its predecessors on its first day.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SuccessionRule {
    /// Nothing: only its own events count.
    OwnOnly,
}

/// The time from one date of a series to the next.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[graphql(remote = "analytics::series::Step")]
pub enum Step {
    /// A day.
    Day,
    /// Seven days.
    Week,
    /// A calendar month.
    Month,
    /// Three calendar months.
    Quarter,
    /// Twelve calendar months.
    Year,
}

/// A part of the difference between two dates.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[graphql(remote = "analytics::change::Part")]
pub enum ChangePart {
    /// Eligible on both days, and adopted only on the second: one more.
    Adopted,
    /// Eligible on both days, and adopted only on the first: one less.
    Lapsed,
    /// Eligible on the second day only, and adopted then: one more.
    Entered,
    /// Eligible on the first day only, and adopted then: one less.
    Left,
    /// Adopted by what a predecessor had done: none under the rule `OWN_ONLY`.
    Inherited,
}

/// What wrote a change.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ActorKind {
    /// A person who signed in.
    Person,
    /// A machine with a token.
    Token,
    /// Whoever runs the program on its machine.
    Operator,
    /// A scheduled job.
    Job,
    /// The sign-in itself, for a person whom an identity provider vouches for.
    SignIn,
}

/// How far a run of a job has come.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[graphql(remote = "domain::job::JobRunState")]
pub enum JobRunState {
    /// Asked for, and not yet taken by a runner.
    Queued,
    /// Taken by a runner that holds its lease.
    Running,
    /// Ended well.
    Done,
    /// Ended with an error.
    Failed,
}

#[cfg(test)]
mod tests {
    use super::*;
    use async_graphql::resolver_utils::EnumType;

    #[test]
    fn words_are_spelt_as_they_are_stored() {
        macro_rules! same {
            ($($word:ty as $stored:ty),+ $(,)?) => {$(
                let spelt: Vec<&str> = <$word>::items().iter().map(|item| item.name).collect();
                let stored: Vec<&str> = <$stored>::ALL.iter().map(|one| one.as_str()).collect();
                assert_eq!(spelt, stored);
            )+};
        }
        same!(
            OrganisationKind as domain::organisation::OrganisationKind,
            Tier as domain::organisation::Tier,
            Nation as domain::organisation::Nation,
            SuccessionKind as domain::succession::SuccessionKind,
            GroupKind as domain::group::GroupKind,
            StandardKind as domain::standard::StandardKind,
            StandardStage as domain::standard::StandardStage,
            ProvisionReason as domain::provision::ProvisionReason,
            EvidenceGrade as domain::adoption::EvidenceGrade,
            Standing as domain::adoption::Standing,
            JobRunState as domain::job::JobRunState,
        );
        let states: Vec<&str> = AdoptionState::items()
            .iter()
            .map(|item| item.name)
            .collect();
        let declared: Vec<&str> = domain::adoption::AdoptionState::ALL
            .iter()
            .map(|one| one.as_str())
            .collect();
        assert_eq!(states[0], "UNKNOWN");
        assert_eq!(states[1..], declared);
        for state in domain::adoption::AdoptionState::ALL {
            assert_eq!(AdoptionState::from(*state).declared(), Some(*state));
        }
    }
}
