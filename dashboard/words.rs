//! The words of the API's enumerations, as people read them.

use std::fmt::{self, Display, Formatter};

use serde::Deserialize;

/// A closed set of words: its members, and the value each has in the API and in addresses.
pub(crate) trait Word: Copy + PartialEq + Display + 'static {
    const ALL: &'static [Self];

    fn value(self) -> &'static str;

    /// The word within a sentence.
    fn lower(self) -> String {
        self.to_string().to_lowercase()
    }
}

macro_rules! words {
    ($(#[$about:meta])* $name:ident { $($variant:ident $value:literal $label:literal)+ }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
        pub(crate) enum $name {
            $(#[serde(rename = $value)] $variant),+
        }

        impl Word for $name {
            const ALL: &'static [Self] = &[$(Self::$variant),+];

            fn value(self) -> &'static str {
                match self { $(Self::$variant => $value),+ }
            }
        }

        impl Display for $name {
            fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
                f.write_str(match self { $(Self::$variant => $label),+ })
            }
        }
    };
}

pub(crate) use words;

words! {
    /// What sort of standard it is.
    StandardKind {
        Data "DATA" "Data standard"
        Technical "TECHNICAL" "Technical standard"
        Design "DESIGN" "Design standard"
        Practice "PRACTICE" "Practice"
    }
}

words! {
    /// How far a standard has come.
    Stage {
        Proposed "PROPOSED" "Proposed"
        Trial "TRIAL" "Trial"
        Recommended "RECOMMENDED" "Recommended"
        Required "REQUIRED" "Required"
        Deprecated "DEPRECATED" "Deprecated"
        Withdrawn "WITHDRAWN" "Withdrawn"
    }
}

words! {
    /// Where a body stands with a standard. Unknown means that nothing is recorded; it is not a "no".
    State {
        Unknown "UNKNOWN" "Unknown"
        Considering "CONSIDERING" "Considering"
        Pledged "PLEDGED" "Pledged"
        Piloting "PILOTING" "Piloting"
        Adopted "ADOPTED" "Adopted"
        Lapsed "LAPSED" "Lapsed"
        Declined "DECLINED" "Declined"
        Exempt "EXEMPT" "Exempt"
    }
}

words! {
    /// How strong the evidence of a state is, weakest first.
    Grade {
        SelfDeclared "SELF_DECLARED" "Self-declared"
        Peer "PEER" "Peer"
        Document "DOCUMENT" "Document"
        AutomaticCheck "AUTOMATIC_CHECK" "Automatic check"
    }
}

words! {
    /// Whether the body itself stands behind what is recorded of it.
    Standing {
        Confirmed "CONFIRMED" "Confirmed"
        Claimed "CLAIMED" "Claimed"
        Contested "CONTESTED" "Contested"
    }
}

words! {
    /// Why a standard applies to a body, strongest first.
    Reason {
        Statutory "STATUTORY" "Statutory"
        Encouraged "ENCOURAGED" "Encouraged"
        Expected "EXPECTED" "Expected"
        Prospective "PROSPECTIVE" "Prospective"
        Experimental "EXPERIMENTAL" "Experimental"
    }
}

words! {
    /// What sort of body an organisation is.
    OrganisationKind {
        Council "COUNCIL" "Council"
        CombinedAuthority "COMBINED_AUTHORITY" "Combined authority"
        CentralDepartment "CENTRAL_DEPARTMENT" "Central department"
        Supplier "SUPPLIER" "Supplier"
        Charity "CHARITY" "Charity"
        University "UNIVERSITY" "University"
        Other "OTHER" "Other"
    }
}

words! {
    /// The tier of a council.
    Tier {
        County "COUNTY" "County"
        District "DISTRICT" "District"
        Unitary "UNITARY" "Unitary"
        Metropolitan "METROPOLITAN" "Metropolitan"
        London "LONDON" "London"
        Scottish "SCOTTISH" "Scottish"
        Welsh "WELSH" "Welsh"
        NorthernIrish "NORTHERN_IRISH" "Northern Irish"
    }
}

words! {
    /// A nation of the United Kingdom.
    Nation {
        England "ENGLAND" "England"
        Scotland "SCOTLAND" "Scotland"
        Wales "WALES" "Wales"
        NorthernIreland "NORTHERN_IRELAND" "Northern Ireland"
    }
}

words! {
    /// A kind of group.
    GroupKind {
        Nation "NATION" "Nation"
        Region "REGION" "Region"
        Kind "KIND" "Kind of organisation"
        Tier "TIER" "Tier"
        CombinedAuthority "COMBINED_AUTHORITY" "Combined authority"
        Family "FAMILY" "Family"
    }
}

words! {
    /// The kinds of group by which the curve of a standard can be cut.
    Cut {
        Nation "NATION" "Nation"
        Region "REGION" "Region"
        Tier "TIER" "Tier"
        CombinedAuthority "COMBINED_AUTHORITY" "Combined authority"
    }
}

words! {
    /// How far back a curve goes.
    Reach {
        Two "2" "2 years"
        Five "5" "5 years"
        Ten "10" "10 years"
    }
}

words! {
    /// The order of a list of organisations.
    OrganisationOrder {
        Name "NAME" "Name"
        Population "POPULATION" "Population, largest first"
    }
}

words! {
    /// How a body came from another.
    SuccessionKind {
        Merge "MERGE" "Merger"
        Split "SPLIT" "Split"
        Rename "RENAME" "New name"
    }
}

words! {
    /// A part of the change in the number of adopters.
    ChangePart {
        Adopted "ADOPTED" "Adopted"
        Lapsed "LAPSED" "No longer adopted"
        Entered "ENTERED" "Already adopted when it became eligible"
        Left "LEFT" "Had adopted when it stopped being eligible"
        Inherited "INHERITED" "Inherited from predecessors"
    }
}

words! {
    /// What a member of an organisation, or its machine, is there.
    Role {
        Editor "EDITOR" "Editor"
        Signatory "SIGNATORY" "Signatory"
        Lead "LEAD" "Lead"
        Analyst "ANALYST" "Analyst"
        Admin "ADMIN" "Administrator"
    }
}

impl Role {
    /// The roles that are held for an organisation.
    pub(crate) const OF_A_BODY: &'static [Self] = &[Self::Editor, Self::Signatory, Self::Lead];
    /// The roles that are held for the unit.
    pub(crate) const OF_THE_UNIT: &'static [Self] = &[Self::Analyst, Self::Admin];

    /// What it is, after its name.
    pub(crate) fn meaning(self) -> &'static str {
        match self {
            Self::Editor => "writes what the organisation claims, its status and its backing",
            Self::Signatory => "also signs, accepts risk and confirms for it",
            Self::Lead => "also manages its members and tokens",
            Self::Analyst => "keeps the register, the standards and the figures",
            Self::Admin => "also manages the unit’s members and tokens",
        }
    }
}

words! {
    /// How far an invitation has come.
    InvitationState {
        Pending "PENDING" "Waiting for an answer"
        Accepted "ACCEPTED" "Accepted"
        Declined "DECLINED" "Declined"
        Withdrawn "WITHDRAWN" "Withdrawn"
    }
}

words! {
    /// A part of what a token's role may do.
    Scope {
        Read "READ" "Read"
        Status "STATUS" "Status"
        Adoption "ADOPTION" "Adoption"
        Import "IMPORT" "Import"
        Jobs "JOBS" "Jobs"
        Manage "MANAGE" "Manage"
    }
}

impl Scope {
    /// What it lets a token do.
    pub(crate) fn meaning(self) -> &'static str {
        match self {
            Self::Read => "see what its role may see beyond what is public",
            Self::Status => "post the status of projects",
            Self::Adoption => "record adoption",
            Self::Import => "keep the register, standards and provisions",
            Self::Jobs => "ask for runs of jobs",
            Self::Manage => "manage members, tokens and contact details",
        }
    }
}

words! {
    /// How a signature stands.
    SignatureState {
        Live "LIVE" "Holds"
        Withdrawn "WITHDRAWN" "Withdrawn"
        Ended "ENDED" "Ended with the organisation"
    }
}

words! {
    /// How a commitment ended.
    CommitmentOutcome {
        Kept "KEPT" "Kept"
        Late "LATE" "Kept late"
        Dropped "DROPPED" "Dropped"
        Explained "EXPLAINED" "Explained"
    }
}

words! {
    /// Whether a webhook is delivered to.
    WebhookState {
        Active "ACTIVE" "Active"
        Paused "PAUSED" "Paused"
    }
}

words! {
    /// How often a person is sent what changed.
    DigestEvery {
        Day "DAY" "Every day"
        Week "WEEK" "Every Monday"
        Never "NEVER" "Never"
    }
}

words! {
    /// What wrote a change.
    ActorKind {
        Person "PERSON" "Person"
        Token "TOKEN" "Machine"
        Operator "OPERATOR" "Operator"
        Job "JOB" "Job"
        SignIn "SIGN_IN" "Sign-in"
    }
}

words! {
    /// The kinds of things that the record keeps changes of.
    ThingKind {
        Organisation "organisation" "Organisation"
        Code "external_id" "Code of an organisation"
        Succession "succession" "Succession"
        Group "group" "Group"
        Member "group_member" "Place in a group"
        Standard "standard" "Standard"
        Stage "standard_stage" "Stage of a standard"
        Version "standard_version" "Version of a standard"
        Provision "provision" "Provision of a standard"
        Adoption "adoption_event" "Adoption"
        Snapshot "snapshot" "Kept figure"
        JobRun "job_run" "Run of a job"
        Person "person" "Person"
        Membership "membership" "Membership"
        Invitation "invitation" "Invitation"
        Contact "contact" "Contact details"
        Token "token" "Token"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_read_back_from_its_value() {
        for state in State::ALL {
            let read: State = serde_json::from_value(state.value().into()).unwrap();
            assert_eq!(read, *state);
        }
    }

    #[test]
    fn a_word_the_pages_do_not_know_is_refused() {
        assert!(serde_json::from_value::<State>("NO".into()).is_err());
    }
}
