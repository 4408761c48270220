//! What forms did, in the sentences that the pages they lead to begin with.

use std::fmt::{self, Display, Formatter};

use serde::Deserialize;

use crate::words::{Word, words};

words! {
    /// What a form did, as the page it leads to says it.
    Done {
        Joined "joined" "You accepted the invitation. You act for them from now on."
        Declined "declined" "You declined the invitation. Nobody can answer it any more."
        Left "left" "You no longer act for them. What you recorded stays with them."
        Erased "erased" "Your details are erased, and you are signed out everywhere. The record stays, without your name."
        RoleChanged "role-changed" "The role is changed."
        MembershipEnded "membership-ended" "The membership is ended. What this person recorded stays."
        Withdrawn "withdrawn" "The invitation is withdrawn: its link works no more."
        Revoked "revoked" "The token is revoked: it opens nothing any more."
        ContactSaved "contact-saved" "The contact details are saved."
        ProblemRaised "problem-raised" "The problem is raised. Others can back it now."
        ProblemBacked "problem-backed" "The organisation backs this problem. It is answered within 14 days, or the unit is told."
        BackingWithdrawn "backing-withdrawn" "The backing is taken back."
        BackingAnswered "backing-answered" "The organisation is answered."
        ProblemMoved "problem-moved" "The problem is moved."
        ProblemRestored "problem-restored" "The earlier text stands again, as a new revision."
        Suggested "suggested" "It is handed in. The unit reads it before anybody else does."
        SuggestionAnswered "suggestion-answered" "It is answered. Everybody sees both on the page of the problem."
        SuggestionDeclined "suggestion-declined" "It is declined, with what you wrote."
        SuggestionSpam "suggestion-spam" "It is taken for spam."
        ProjectStarted "project-started" "The project is started. Invite who works on it with you."
        ParticipantInvited "participant-invited" "The organisation is invited. It takes part once it accepts."
        ParticipationAsked "participation-asked" "You asked to take part. The project’s lead answers."
        ParticipationAccepted "participation-accepted" "It is accepted: both sides have agreed."
        ParticipationDeclined "participation-declined" "It is declined."
        ParticipationWithdrawn "participation-withdrawn" "It is taken back."
        ProjectLeft "project-left" "The organisation has left the project."
        PhaseChanged "phase-changed" "The project is in its new phase."
        GateSet "gate-set" "The gate is set."
        MilestoneSet "milestone-set" "The milestone is saved."
        OutputPublished "output-published" "The output is saved."
        ContributionSaved "contribution-saved" "The contribution is saved."
        StatusPosted "status-posted" "The status is posted."
        HelpOffered "help-offered" "The help is offered. The project’s lead is told."
        FlagAnswered "flag-answered" "The flag is answered."
        ProblemRevised "problem-revised" "The new text stands. The earlier ones are kept."
        AskClosed "ask-closed" "The project asks for that no more."
        Signed "signed" "The declaration is signed. Everybody sees it from now on."
        SignatureWithdrawn "signature-withdrawn" "The signature is withdrawn. That it was given stays on record."
        Committed "committed" "The promise is published."
        Settled "settled" "How the promise ended is published."
        Followed "followed" "You follow it from now on."
        Unfollowed "unfollowed" "You follow it no longer."
        DigestChosen "digest-chosen" "That is how you are told from now on."
    }
}
