//! What whoever asks may do and see in the affairs of an organisation, or of the unit, as the policy says.

use async_graphql::{Enum, SimpleObject};
use domain::policy::{About, Viewer};

/// What a viewer may do in the affairs of an organisation or the unit.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[graphql(remote = "domain::policy::Action")]
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

/// What not everybody sees.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[graphql(remote = "domain::policy::Sight")]
pub enum Sight {
    /// How an organisation is reached.
    Contact,
    /// Who acts for an organisation, by name, and the notices to it.
    Members,
    /// The e-mail addresses of members and invited people.
    Addresses,
    /// The tokens of an organisation, and its invitations that wait for an answer.
    Keys,
    /// All that is kept of a person.
    Person,
    /// What was refused to whom.
    Refusals,
    /// Suggestions that wait for moderation, and those that were taken for spam.
    Suggestions,
}

/// What whoever asks may do and see in the affairs of an organisation, or of the unit.
#[derive(SimpleObject, Debug, Clone, PartialEq, Eq)]
pub struct Rights {
    /// What they may do there. That one may does not say that it can be done as things stand.
    actions: Vec<Action>,
    /// What they see there beyond what is public.
    sights: Vec<Sight>,
}

impl Rights {
    /// Those of `viewer` there.
    pub(crate) fn of(viewer: &Viewer, about: About) -> Self {
        let actions = domain::policy::Action::ALL.iter().copied();
        let sights = domain::policy::Sight::ALL.iter().copied();
        let may = |action: &domain::policy::Action| viewer.may(*action, about).is_ok();
        let sees = |sight: &domain::policy::Sight| viewer.sees(*sight, about).is_ok();
        Self {
            actions: actions.filter(may).map(Action::from).collect(),
            sights: sights.filter(sees).map(Sight::from).collect(),
        }
    }
}
