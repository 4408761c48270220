//! Opaque typed ids: which kind of thing, and every part of its key.

use crate::error::Result;
use async_graphql::ID;
use async_graphql::connection::{CursorType, OpaqueCursor};
use domain::Error;
use domain::id::{
    AskId, BackingId, ChangeId, CommitmentId, ContributionId, DeclarationId, EventId, FlagId,
    GroupId, InvitationId, JobRunId, MembershipId, MergeId, MilestoneId, NoticeId, OrganisationId,
    OutputId, ParticipationId, PersonId, ProblemId, ProjectId, ProvisionId, RefusalId, SignatureId,
    SnapshotId, StandardId, StatusId, SubscriptionId, SuggestionId, TokenId, WebhookId,
};
use store::adoption::EventKey;

/// What an id names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Key {
    /// An organisation.
    Organisation(OrganisationId),
    /// A group.
    Group(GroupId),
    /// A standard.
    Standard(StandardId),
    /// A provision of a standard.
    Provision(StandardId, ProvisionId),
    /// An adoption event of a standard and a body.
    Event(EventKey),
    /// A snapshot of a standard.
    Snapshot(StandardId, SnapshotId),
    /// A run of a job.
    JobRun(JobRunId),
    /// A sealed change.
    Change(ChangeId),
    /// A person.
    Person(PersonId),
    /// A membership.
    Membership(MembershipId),
    /// An invitation.
    Invitation(InvitationId),
    /// A token.
    Token(TokenId),
    /// A notice.
    Notice(NoticeId),
    /// Something that was refused.
    Refusal(RefusalId),
    /// A version of the declaration.
    Declaration(DeclarationId),
    /// A signature under the declaration.
    Signature(SignatureId),
    /// A commitment of an organisation.
    Commitment(CommitmentId),
    /// A problem.
    Problem(ProblemId),
    /// A backing of a problem.
    Backing(ProblemId, BackingId),
    /// A merge of two problems.
    Merge(MergeId),
    /// A suggestion.
    Suggestion(SuggestionId),
    /// A project.
    Project(ProjectId),
    /// A part in a project.
    Participation(ProjectId, ParticipationId),
    /// A contribution to a project.
    Contribution(ProjectId, ContributionId),
    /// A milestone of a project.
    Milestone(ProjectId, MilestoneId),
    /// An output of a project.
    Output(ProjectId, OutputId),
    /// A status update of a project.
    StatusUpdate(ProjectId, StatusId),
    /// What a project asks for.
    Ask(ProjectId, AskId),
    /// A doubt about a project.
    Flag(ProjectId, FlagId),
    /// A subscription of a person.
    Subscription(SubscriptionId),
    /// A webhook.
    Webhook(WebhookId),
}

impl Key {
    /// The id as clients see it: the kind and the parts of the key, in base64url.
    pub(crate) fn id(self) -> ID {
        let (kind, parts) = match self {
            Self::Organisation(id) => ("Organisation", vec![id.0]),
            Self::Group(id) => ("Group", vec![id.0]),
            Self::Standard(id) => ("Standard", vec![id.0]),
            Self::Provision(standard, id) => ("Provision", vec![standard.0, id.0]),
            Self::Event((standard, body, id)) => ("AdoptionEvent", vec![standard.0, body.0, id.0]),
            Self::Snapshot(standard, id) => ("Snapshot", vec![standard.0, id.0]),
            Self::JobRun(id) => ("JobRun", vec![id.0]),
            Self::Change(id) => ("Change", vec![id.0]),
            Self::Person(id) => ("Person", vec![id.0]),
            Self::Membership(id) => ("Membership", vec![id.0]),
            Self::Invitation(id) => ("Invitation", vec![id.0]),
            Self::Token(id) => ("Token", vec![id.0]),
            Self::Notice(id) => ("Notice", vec![id.0]),
            Self::Refusal(id) => ("Refusal", vec![id.0]),
            Self::Declaration(id) => ("Declaration", vec![id.0]),
            Self::Signature(id) => ("Signature", vec![id.0]),
            Self::Commitment(id) => ("Commitment", vec![id.0]),
            Self::Problem(id) => ("Problem", vec![id.0]),
            Self::Backing(of, id) => ("Backing", vec![of.0, id.0]),
            Self::Merge(id) => ("Merge", vec![id.0]),
            Self::Suggestion(id) => ("Suggestion", vec![id.0]),
            Self::Project(id) => ("Project", vec![id.0]),
            Self::Participation(of, id) => ("Participation", vec![of.0, id.0]),
            Self::Contribution(of, id) => ("Contribution", vec![of.0, id.0]),
            Self::Milestone(of, id) => ("Milestone", vec![of.0, id.0]),
            Self::Output(of, id) => ("Output", vec![of.0, id.0]),
            Self::StatusUpdate(of, id) => ("StatusUpdate", vec![of.0, id.0]),
            Self::Ask(of, id) => ("Ask", vec![of.0, id.0]),
            Self::Flag(of, id) => ("Flag", vec![of.0, id.0]),
            Self::Subscription(id) => ("Subscription", vec![id.0]),
            Self::Webhook(id) => ("Webhook", vec![id.0]),
        };
        let mut text = kind.to_owned();
        for part in parts {
            text.push(':');
            text.push_str(part.simple().encode_lower(&mut uuid::Uuid::encode_buffer()));
        }
        ID(OpaqueCursor(text).encode_cursor())
    }

    /// Reads an id that a client sends for the argument `field`.
    ///
    /// # Errors
    /// `BAD_INPUT` when this API never made it.
    pub(crate) fn parse(field: &'static str, id: &str) -> Result<Self> {
        let text = OpaqueCursor::<String>::decode_cursor(id)
            .map(|text| text.0)
            .unwrap_or_default();
        let mut parts = text.split(':');
        let kind = parts.next().unwrap_or_default();
        let keys: Option<Vec<uuid::Uuid>> = parts.map(|part| part.parse().ok()).collect();
        let key = match (kind, keys.unwrap_or_default().as_slice()) {
            ("Organisation", &[id]) => Self::Organisation(id.into()),
            ("Group", &[id]) => Self::Group(id.into()),
            ("Standard", &[id]) => Self::Standard(id.into()),
            ("Provision", &[standard, id]) => Self::Provision(standard.into(), id.into()),
            ("AdoptionEvent", &[standard, body, id]) => {
                Self::Event((standard.into(), body.into(), EventId(id)))
            }
            ("Snapshot", &[standard, id]) => Self::Snapshot(standard.into(), id.into()),
            ("JobRun", &[id]) => Self::JobRun(id.into()),
            ("Change", &[id]) => Self::Change(id.into()),
            ("Person", &[id]) => Self::Person(id.into()),
            ("Membership", &[id]) => Self::Membership(id.into()),
            ("Invitation", &[id]) => Self::Invitation(id.into()),
            ("Token", &[id]) => Self::Token(id.into()),
            ("Notice", &[id]) => Self::Notice(id.into()),
            ("Refusal", &[id]) => Self::Refusal(id.into()),
            ("Declaration", &[id]) => Self::Declaration(id.into()),
            ("Signature", &[id]) => Self::Signature(id.into()),
            ("Commitment", &[id]) => Self::Commitment(id.into()),
            ("Problem", &[id]) => Self::Problem(id.into()),
            ("Backing", &[of, id]) => Self::Backing(of.into(), id.into()),
            ("Merge", &[id]) => Self::Merge(id.into()),
            ("Suggestion", &[id]) => Self::Suggestion(id.into()),
            ("Project", &[id]) => Self::Project(id.into()),
            ("Participation", &[of, id]) => Self::Participation(of.into(), id.into()),
            ("Contribution", &[of, id]) => Self::Contribution(of.into(), id.into()),
            ("Milestone", &[of, id]) => Self::Milestone(of.into(), id.into()),
            ("Output", &[of, id]) => Self::Output(of.into(), id.into()),
            ("StatusUpdate", &[of, id]) => Self::StatusUpdate(of.into(), id.into()),
            ("Ask", &[of, id]) => Self::Ask(of.into(), id.into()),
            ("Flag", &[of, id]) => Self::Flag(of.into(), id.into()),
            ("Subscription", &[id]) => Self::Subscription(id.into()),
            ("Webhook", &[id]) => Self::Webhook(id.into()),
            _ => {
                return Err(Error::invalid(
                    field,
                    format!("`{id}` is not an id; use one that this API gave."),
                )
                .into());
            }
        };
        Ok(key)
    }

    /// Reads the id of a group for the argument `field`.
    ///
    /// # Errors
    /// `BAD_INPUT` when it is no id, or that of something else.
    pub(crate) fn group(field: &'static str, id: &str) -> Result<GroupId> {
        match Self::parse(field, id)? {
            Self::Group(id) => Ok(id),
            _ => Err(Error::invalid(
                field,
                format!("`{id}` is not the id of a group; ask `groups` for one."),
            )
            .into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn every_kind_of_id_round_trips_and_looks_like_nothing_else() {
        let [a, b, c] = [1, 2, u128::MAX].map(Uuid::from_u128);
        let keys = [
            Key::Organisation(a.into()),
            Key::Group(a.into()),
            Key::Standard(a.into()),
            Key::Provision(a.into(), b.into()),
            Key::Event((a.into(), b.into(), c.into())),
            Key::Snapshot(a.into(), b.into()),
            Key::JobRun(a.into()),
            Key::Change(a.into()),
            Key::Person(a.into()),
            Key::Membership(a.into()),
            Key::Invitation(a.into()),
            Key::Token(a.into()),
            Key::Notice(a.into()),
            Key::Refusal(a.into()),
            Key::Declaration(a.into()),
            Key::Signature(a.into()),
            Key::Commitment(a.into()),
            Key::Problem(a.into()),
            Key::Backing(a.into(), b.into()),
            Key::Merge(a.into()),
            Key::Suggestion(a.into()),
            Key::Project(a.into()),
            Key::Participation(a.into(), b.into()),
            Key::Contribution(a.into(), b.into()),
            Key::Milestone(a.into(), b.into()),
            Key::Output(a.into(), b.into()),
            Key::StatusUpdate(a.into(), b.into()),
            Key::Ask(a.into(), b.into()),
            Key::Flag(a.into(), b.into()),
            Key::Subscription(a.into()),
            Key::Webhook(a.into()),
        ];
        let ids: std::collections::HashSet<String> = keys.iter().map(|key| key.id().0).collect();
        assert_eq!(ids.len(), keys.len());
        for key in keys {
            let id = key.id();
            assert_eq!(Key::parse("id", &id).unwrap(), key);
            assert!(
                id.bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'),
                "{id:?}"
            );
        }
    }

    #[test]
    fn what_this_api_never_made_is_refused() {
        let cut = Key::Provision(Uuid::nil().into(), Uuid::nil().into()).id();
        let shorter =
            OpaqueCursor("Provision:00000000000000000000000000000000".to_owned()).encode_cursor();
        let strange =
            OpaqueCursor("Somebody:00000000000000000000000000000000".to_owned()).encode_cursor();
        for bad in [
            "",
            "1",
            "Organisation:1",
            &cut[..cut.len() - 3],
            &shorter,
            &strange,
        ] {
            let error = Key::parse("id", bad).unwrap_err();
            assert_eq!(error.code(), "BAD_INPUT", "{bad}");
        }
        let standard = Key::Standard(Uuid::nil().into()).id();
        assert_eq!(
            Key::group("group", &standard).unwrap_err().code(),
            "BAD_INPUT"
        );
    }
}
