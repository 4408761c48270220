//! The words of problems, as people read them.

use std::fmt::{self, Display, Formatter};

use serde::Deserialize;

use crate::words::{Word, words};

words! {
    /// How far a problem has come.
    ProblemState {
        Proposed "PROPOSED" "Proposed"
        Gathering "GATHERING" "Gathering"
        BeingSolved "BEING_SOLVED" "Being solved"
        Solved "SOLVED" "Solved"
        Parked "PARKED" "Parked"
    }
}

words! {
    /// In which order problems are listed.
    ProblemOrder {
        Backers "BACKERS" "Most backed"
        Newest "NEWEST" "Newest"
        Updated "UPDATED" "Last changed"
        Title "TITLE" "Title"
    }
}

words! {
    /// What a body that backs a problem is willing to do.
    Willingness {
        Follow "FOLLOW" "Follow"
        Test "TEST" "Test"
        Join "JOIN" "Join"
        Fund "FUND" "Fund"
    }
}

words! {
    /// Which part of a problem's text.
    Part {
        Title "TITLE" "Title"
        Summary "SUMMARY" "Summary"
        Why "WHY" "Why it matters"
        Affected "AFFECTED" "Who has it"
        Burden "BURDEN" "What it costs"
        Service "SERVICE" "Service"
        Tags "TAGS" "Tags"
    }
}

words! {
    /// Where a line of a difference stands.
    LineKind {
        Same "SAME" "Kept"
        Out "OUT" "Taken out"
        In "IN" "Put in"
    }
}

words! {
    /// What somebody hands in.
    SuggestionKind {
        Question "QUESTION" "Question"
        Idea "IDEA" "Idea"
    }
}

words! {
    /// How far a suggestion has come.
    SuggestionState {
        Awaiting "AWAITING" "Waits for an answer"
        Answered "ANSWERED" "Answered"
        Declined "DECLINED" "Declined"
        Spam "SPAM" "Taken for spam"
    }
}

impl Willingness {
    /// What it means.
    pub(crate) fn meaning(self) -> &'static str {
        match self {
            Self::Follow => "wants to hear of it",
            Self::Test => "would try what is made",
            Self::Join => "would work on it",
            Self::Fund => "would pay for it",
        }
    }
}
