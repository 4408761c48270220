//! The words of people, keys and rights, as the schema spells and explains them.

use async_graphql::Enum;

/// Who asks.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ViewerKind {
    /// Somebody who did not say who they are.
    Anonymous,
    /// A person who signed in.
    Person,
    /// A machine with a token.
    Token,
    /// Whoever runs the program on its machine.
    Operator,
}

/// What a member of an organisation, or its machine, may do there.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[graphql(remote = "domain::policy::Role")]
pub enum Role {
    /// Writes claims, status and backing.
    Editor,
    /// Also signs, accepts risk and confirms.
    Signatory,
    /// Also manages the organisation's memberships.
    Lead,
    /// Works at the collaboration unit.
    Analyst,
    /// Runs the collaboration unit's installation.
    Admin,
}

/// A part of what a token's role may do.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[graphql(remote = "domain::policy::Scope")]
pub enum Scope {
    /// Sees what its role may see beyond what is public.
    Read,
    /// Posts the status of projects.
    Status,
    /// Raises and backs problems, works on projects.
    Projects,
    /// Speaks for the organisation with binding effect: signs, promises, accepts.
    Sign,
    /// Records adoption.
    Adoption,
    /// Keeps the register, standards and provisions.
    Import,
    /// Asks for runs of jobs.
    Jobs,
    /// Manages members, tokens and contact details.
    Manage,
}

/// How far an invitation has come. Only a pending one can be answered or withdrawn.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[graphql(remote = "domain::membership::InvitationState")]
pub enum InvitationState {
    /// Not answered yet.
    Pending,
    /// Answered with yes: there is a membership.
    Accepted,
    /// Answered with no.
    Declined,
    /// Taken back by who invited.
    Withdrawn,
}

/// What an organisation's lead or the unit is told.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[graphql(remote = "domain::notice::NoticeKind")]
pub enum NoticeKind {
    /// Nobody but a lead is left to write for the organisation.
    NoEditor,
    /// Nobody is left who manages the organisation's members.
    NoLead,
    /// A body that backs a problem still waits for an answer.
    BackingWaits,
    /// A project invites the organisation, or a body asks to join its project.
    ParticipationAsked,
    /// An invitation or a request to take part was answered.
    ParticipationAnswered,
    /// A project is left without an organisation that leads it.
    ProjectWithoutLead,
    /// A status of a project is due.
    StatusDue,
    /// A project asks for help that the organisation may be able to give.
    AskOpened,
    /// A body offers what a project asked for.
    AskOffered,
    /// Something does not fit the colours that a project shows.
    FlagRaised,
    /// An output of a project on a problem that the organisation backs is ready.
    OutputReady,
    /// A commitment of the organisation's falls due.
    CommitmentDue,
    /// A webhook of the organisation's failed for days and is paused.
    WebhookPaused,
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
            Role as domain::policy::Role,
            Scope as domain::policy::Scope,
            InvitationState as domain::membership::InvitationState,
            NoticeKind as domain::notice::NoticeKind,
        );
    }
}
