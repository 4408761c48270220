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
