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
    /// Publish a version of the declaration.
    PublishDeclaration,
    /// Sign the declaration for an organisation, or withdraw its signature.
    SignDeclaration,
    /// Promise something for an organisation, and say what became of it.
    Commit,
    /// Raise a problem for an organisation, or for the unit.
    RaiseProblem,
    /// Write at a problem's text, as everybody may who acts for some body.
    ReviseProblem,
    /// Back a problem for an organisation, and take that back.
    BackProblem,
    /// Answer those who back a problem: for who raised it, who works on it, and the unit.
    AnswerBacking,
    /// Park a problem, take it up again, or say that it is solved.
    MoveProblem,
    /// Merge two problems, and undo it.
    MergeProblems,
    /// Say whether two problems are the same.
    JudgeSimilar,
    /// Ask a question or hand in an idea.
    Suggest,
    /// Answer suggestions, or decline them.
    Moderate,
    /// Start a project that an organisation leads.
    StartProject,
    /// Import projects from a register of grants, with everybody in it invited.
    ImportProjects,
    /// Invite participants, move phases, set gates and milestones, answer flags.
    LeadProject,
    /// Publish outputs, and say what one gives to a project.
    WorkOnProject,
    /// Post the status of a project.
    PostStatus,
    /// Ask to take part in a project, for an organisation, or offer it help.
    AskToJoin,
    /// Accept or decline an organisation's part in a project, say what it gives, and leave.
    TakePart,
    /// Say with what an organisation can help.
    OfferHelp,
    /// Choose what a person is told of, and how.
    Subscribe,
    /// Have changes delivered to an address of an organisation's.
    KeepWebhooks,
    /// Remind, escalate and flag as time passes, and note what was sent.
    KeepClock,
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
        Self::PublishDeclaration,
        Self::SignDeclaration,
        Self::Commit,
        Self::RaiseProblem,
        Self::ReviseProblem,
        Self::BackProblem,
        Self::AnswerBacking,
        Self::MoveProblem,
        Self::MergeProblems,
        Self::JudgeSimilar,
        Self::Suggest,
        Self::Moderate,
        Self::StartProject,
        Self::ImportProjects,
        Self::LeadProject,
        Self::WorkOnProject,
        Self::PostStatus,
        Self::AskToJoin,
        Self::TakePart,
        Self::OfferHelp,
        Self::Subscribe,
        Self::KeepWebhooks,
        Self::KeepClock,
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
            Self::PublishDeclaration => "publish the declaration",
            Self::SignDeclaration => "sign for this organisation",
            Self::Commit => "make commitments for this organisation",
            Self::RaiseProblem => "raise a problem for this organisation",
            Self::ReviseProblem => "write at problems",
            Self::BackProblem => "back a problem for this organisation",
            Self::AnswerBacking => "answer who backs this problem",
            Self::MoveProblem => "move this problem",
            Self::MergeProblems => "merge problems",
            Self::JudgeSimilar => "say whether problems are the same",
            Self::Suggest => "suggest something",
            Self::Moderate => "moderate suggestions",
            Self::StartProject => "start a project for this organisation",
            Self::ImportProjects => "import projects",
            Self::LeadProject => "lead this project",
            Self::WorkOnProject => "work on this project",
            Self::PostStatus => "post the status of this project",
            Self::AskToJoin => "ask to take part for this organisation",
            Self::TakePart => "take part for this organisation",
            Self::OfferHelp => "offer help for this organisation",
            Self::Subscribe => "choose what somebody else is told",
            Self::KeepWebhooks => "keep webhooks here",
            Self::KeepClock => "keep the clocks",
        }
    }

    /// The table: who may.
    pub(super) fn allowed(self) -> &'static [Who] {
        use Who::{
            Admin, Analyst, Anyone, Job, Member, Operator, OwnEditor, OwnLead, OwnSignatory,
            SignIn, TeamLead, TeamMember, Themself, UnitKeeper, UnitMember,
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
            Self::PublishDeclaration
            | Self::MergeProblems
            | Self::Moderate
            | Self::ImportProjects => &[Analyst, Admin, Operator],
            Self::SignDeclaration | Self::Commit | Self::TakePart => &[OwnSignatory],
            Self::RaiseProblem => &[OwnEditor, UnitMember],
            Self::ReviseProblem | Self::JudgeSimilar => &[Member, Analyst, Admin],
            Self::BackProblem | Self::StartProject | Self::AskToJoin | Self::OfferHelp => {
                &[OwnEditor]
            }
            Self::AnswerBacking => &[OwnEditor, TeamMember, Analyst, Admin],
            Self::MoveProblem => &[OwnEditor, TeamLead, Analyst, Admin],
            Self::Suggest => &[Anyone],
            Self::LeadProject => &[TeamLead],
            Self::WorkOnProject | Self::PostStatus => &[TeamMember],
            Self::Subscribe => &[Themself],
            Self::KeepWebhooks => &[OwnLead, UnitKeeper, Operator],
            Self::KeepClock => &[Job],
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
            Self::PublishDeclaration | Self::ImportProjects => Some(Scope::Import),
            Self::SignDeclaration | Self::Commit | Self::TakePart => Some(Scope::Sign),
            Self::RaiseProblem
            | Self::ReviseProblem
            | Self::BackProblem
            | Self::AnswerBacking
            | Self::MoveProblem
            | Self::MergeProblems
            | Self::JudgeSimilar
            | Self::Suggest
            | Self::Moderate
            | Self::StartProject
            | Self::LeadProject
            | Self::WorkOnProject
            | Self::AskToJoin
            | Self::OfferHelp => Some(Scope::Projects),
            Self::PostStatus => Some(Scope::Status),
            Self::KeepWebhooks => Some(Scope::Manage),
            Self::Subscribe
            | Self::KeepClock
            | Self::AnswerInvitation
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
            Self::PublishDeclaration
            | Self::MergeProblems
            | Self::Moderate
            | Self::ImportProjects => "Use a token of the unit.",
            Self::SignDeclaration | Self::Commit | Self::TakePart => {
                "Ask a signatory or a lead of that organisation."
            }
            Self::RaiseProblem
            | Self::BackProblem
            | Self::StartProject
            | Self::AskToJoin
            | Self::OfferHelp => "Ask a member of that organisation.",
            Self::ReviseProblem | Self::JudgeSimilar => {
                "Sign in as a member of an organisation, or use a token of one."
            }
            Self::AnswerBacking | Self::MoveProblem => {
                "Ask a member of the organisation that raised it, the project's lead, or the unit."
            }
            Self::Suggest => "Everybody may.",
            Self::LeadProject => "Ask a member of the organisation that leads the project.",
            Self::WorkOnProject | Self::PostStatus => {
                "Ask a member of its lead or of one of its partners."
            }
            Self::Subscribe => "Sign in as that person.",
            Self::KeepWebhooks => {
                "Ask a lead of that organisation; in the unit's own affairs, an administrator."
            }
            Self::KeepClock => "Run the job that keeps it.",
        }
    }
}
