//! What a viewer may want to do, and the table of who may.

use super::{Scope, Who};

/// What a viewer may want to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// Add or change organisations, their codes, successions and groups.
    KeepRegister,
    /// Add or change standards and provisions.
    KeepStandards,
    /// Record what is known of a body and a standard.
    RecordAdoption,
    /// Import bodies' own publications of what they adopted, as confirmed.
    ImportPublications,
    /// Say how an organisation is reached.
    KeepContact,
    /// Invite members, change their roles and end their memberships.
    ManageMembers,
    /// Invite the lead of an organisation that has none.
    AppointLead,
    /// Answer an invitation.
    AnswerInvitation,
    /// End a membership of one's own.
    Leave,
    /// Issue a token.
    IssueToken,
    /// Revoke a token.
    RevokeToken,
    /// Admit a person whom an identity provider vouches for.
    AdmitPerson,
    /// Erase a person's details.
    ErasePerson,
    /// Ask for a run of a job.
    RunJob,
    /// Keep the result of an analytic.
    KeepSnapshot,
    /// Put changes in their order and seal them.
    SealRecord,
}

impl Action {
    /// Every action.
    pub const ALL: &'static [Self] = &[
        Self::KeepRegister,
        Self::KeepStandards,
        Self::RecordAdoption,
        Self::ImportPublications,
        Self::KeepContact,
        Self::ManageMembers,
        Self::AppointLead,
        Self::AnswerInvitation,
        Self::Leave,
        Self::IssueToken,
        Self::RevokeToken,
        Self::AdmitPerson,
        Self::ErasePerson,
        Self::RunJob,
        Self::KeepSnapshot,
        Self::SealRecord,
    ];

    /// The action in words, after "may not".
    pub fn words(self) -> &'static str {
        match self {
            Self::KeepRegister => "keep the register",
            Self::KeepStandards => "keep standards and provisions",
            Self::RecordAdoption => "record an adoption for this organisation",
            Self::ImportPublications => "import publications",
            Self::KeepContact => "keep the contact details of this organisation",
            Self::ManageMembers => "manage members here",
            Self::AppointLead => "appoint a lead",
            Self::AnswerInvitation => "answer this invitation",
            Self::Leave => "leave for somebody else",
            Self::IssueToken => "issue a token",
            Self::RevokeToken => "revoke this token",
            Self::AdmitPerson => "admit a person",
            Self::ErasePerson => "erase this person",
            Self::RunJob => "run a job",
            Self::KeepSnapshot => "keep a snapshot",
            Self::SealRecord => "seal the record",
        }
    }

    /// The table: who may.
    pub(super) fn allowed(self) -> &'static [Who] {
        use Who::{
            Admin, Analyst, Job, Operator, OwnEditor, OwnLead, SignIn, Themself, UnitKeeper,
        };
        match self {
            Self::KeepRegister | Self::KeepStandards => &[Analyst, Admin, Operator],
            Self::RecordAdoption => &[OwnEditor, Analyst, Admin, Operator],
            Self::ImportPublications => &[Operator],
            Self::KeepContact => &[OwnEditor],
            Self::ManageMembers => &[OwnLead, UnitKeeper],
            Self::AppointLead => &[Admin, Operator],
            Self::AnswerInvitation | Self::Leave => &[Themself],
            Self::IssueToken | Self::RevokeToken => &[OwnLead, UnitKeeper, Operator],
            Self::AdmitPerson => &[SignIn],
            Self::ErasePerson => &[Themself, Admin, Operator],
            Self::RunJob => &[Admin, Operator, Job],
            Self::KeepSnapshot | Self::SealRecord => &[Job],
        }
    }

    /// The scope a token needs for it; `None` for what no token does.
    pub(super) fn scope(self) -> Option<Scope> {
        match self {
            Self::KeepRegister | Self::KeepStandards | Self::ImportPublications => {
                Some(Scope::Import)
            }
            Self::RecordAdoption => Some(Scope::Adoption),
            Self::KeepContact
            | Self::ManageMembers
            | Self::AppointLead
            | Self::IssueToken
            | Self::RevokeToken
            | Self::ErasePerson => Some(Scope::Manage),
            Self::RunJob => Some(Scope::Jobs),
            Self::AnswerInvitation
            | Self::Leave
            | Self::AdmitPerson
            | Self::KeepSnapshot
            | Self::SealRecord => None,
        }
    }

    /// Who may, in a sentence for those who may not.
    pub(super) fn hint(self) -> &'static str {
        match self {
            Self::RecordAdoption => "Use a token of that organisation, or one of the unit's.",
            Self::RunJob => "Use a token with role ADMIN.",
            Self::KeepRegister | Self::KeepStandards => "Use a token of the unit.",
            Self::ImportPublications => "Use the command line where Manyhands runs.",
            Self::KeepContact => "Ask a member of that organisation.",
            Self::ManageMembers | Self::IssueToken | Self::RevokeToken => {
                "Ask a lead of that organisation; in the unit's own affairs, an administrator."
            }
            Self::AppointLead => "Ask an administrator of the unit.",
            Self::AnswerInvitation => "Sign in as the person it is for.",
            Self::Leave => "Sign in as that person.",
            Self::ErasePerson => "Sign in as that person, or ask an administrator of the unit.",
            Self::AdmitPerson => "Sign in.",
            Self::KeepSnapshot => "Run the job that keeps it.",
            Self::SealRecord => "The sealer does that by itself.",
        }
    }
}
