//! Notices: what an organisation or the unit is told of by itself.

use crate::text_enum;

text_enum!(
    /// What an organisation or the unit is told.
    pub enum NoticeKind as "notice" {
        /// Nobody but a lead is left to write for the organisation.
        NoEditor = "NO_EDITOR",
        /// Nobody is left who manages the organisation's members.
        NoLead = "NO_LEAD",
        /// A body that backs a problem still waits for an answer.
        BackingWaits = "BACKING_WAITS",
        /// A project invites the organisation, or a body asks to join its project.
        ParticipationAsked = "PARTICIPATION_ASKED",
        /// An invitation or a request to take part was answered.
        ParticipationAnswered = "PARTICIPATION_ANSWERED",
        /// A project is left without an organisation that leads it.
        ProjectWithoutLead = "PROJECT_WITHOUT_LEAD",
        /// A status of a project is due.
        StatusDue = "STATUS_DUE",
        /// A project asks for help that the organisation may be able to give.
        AskOpened = "ASK_OPENED",
        /// A body offers what a project asked for.
        AskOffered = "ASK_OFFERED",
        /// Something does not fit the colours that a project shows.
        FlagRaised = "FLAG_RAISED",
        /// An output of a project on a problem that the organisation backs is ready.
        OutputReady = "OUTPUT_READY",
        /// A commitment of the organisation's falls due.
        CommitmentDue = "COMMITMENT_DUE",
        /// A webhook of the organisation's failed for days and is paused.
        WebhookPaused = "WEBHOOK_PAUSED",
    }
);
