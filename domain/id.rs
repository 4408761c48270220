//! The ids of things. They are made by the store (UUIDv7) and opaque to everyone else.

use crate::text_id;

text_id!(
    /// Names an organisation.
    OrganisationId as "organisation"
);
text_id!(
    /// Names a group of organisations.
    GroupId as "group"
);
text_id!(
    /// Names a standard.
    StandardId as "standard"
);
text_id!(
    /// Names a provision of a standard.
    ProvisionId as "provision"
);
text_id!(
    /// Names an adoption event of an organisation and a standard.
    EventId as "event"
);
text_id!(
    /// Names a row of the record of changes.
    ChangeId as "change"
);
text_id!(
    /// Names a person.
    PersonId as "person"
);
text_id!(
    /// Names a membership of a person in an organisation.
    MembershipId as "membership"
);
text_id!(
    /// Names an invitation to a membership.
    InvitationId as "invitation"
);
text_id!(
    /// Names a browser that a person signed in with.
    SessionId as "session"
);
text_id!(
    /// Names a notice to an organisation or the unit.
    NoticeId as "notice"
);
text_id!(
    /// Names something that was refused.
    RefusalId as "refusal"
);
text_id!(
    /// Names a machine's token.
    TokenId as "token"
);
text_id!(
    /// Names one run of a job.
    JobRunId as "job run"
);
text_id!(
    /// Names a kept result of an analytic.
    SnapshotId as "snapshot"
);
text_id!(
    /// Names a version of the declaration.
    DeclarationId as "declaration"
);
text_id!(
    /// Names a signature under a version of the declaration.
    SignatureId as "signature"
);
text_id!(
    /// Names what a signatory promised.
    CommitmentId as "commitment"
);
text_id!(
    /// Names a problem.
    ProblemId as "problem"
);
text_id!(
    /// Names an organisation's backing of a problem.
    BackingId as "backing"
);
text_id!(
    /// Names the merge of one problem into another.
    MergeId as "merge"
);
text_id!(
    /// Names what somebody said of two problems that were suggested as similar.
    JudgementId as "judgement"
);
text_id!(
    /// Names a suggestion.
    SuggestionId as "suggestion"
);
text_id!(
    /// Names a project.
    ProjectId as "project"
);
text_id!(
    /// Names a project's step from one phase to another.
    PhaseChangeId as "phase change"
);
text_id!(
    /// Names an organisation's part in a project.
    ParticipationId as "participation"
);
text_id!(
    /// Names what an organisation gives to a project.
    ContributionId as "contribution"
);
text_id!(
    /// Names a milestone of a project.
    MilestoneId as "milestone"
);
text_id!(
    /// Names an output of a project.
    OutputId as "output"
);
text_id!(
    /// Names a status update of a project.
    StatusId as "status update"
);
text_id!(
    /// Names what a project asks for.
    AskId as "ask"
);
text_id!(
    /// Names a doubt about the colours that a project shows.
    FlagId as "flag"
);
text_id!(
    /// Names a person's subscription to a thing.
    SubscriptionId as "subscription"
);
text_id!(
    /// Names an address that is told of changes.
    WebhookId as "webhook"
);
text_id!(
    /// Names one try to deliver to a webhook.
    DeliveryId as "delivery"
);
