//! The words of projects, as people read them.

use std::fmt::{self, Display, Formatter};

use serde::Deserialize;

use crate::words::{Word, words};

words! {
    /// How far a project has come.
    Phase {
        Discovery "DISCOVERY" "Discovery"
        Alpha "ALPHA" "Alpha"
        Beta "BETA" "Beta"
        Live "LIVE" "Live"
        Retired "RETIRED" "Retired"
        Stopped "STOPPED" "Stopped"
    }
}

words! {
    /// What an organisation does in a project.
    Part {
        Lead "LEAD" "Lead"
        Partner "PARTNER" "Partner"
        Funder "FUNDER" "Funder"
        Supplier "SUPPLIER" "Supplier"
        Tester "TESTER" "Tester"
        Observer "OBSERVER" "Observer"
    }
}

words! {
    /// How far the two sides of a participation have come.
    PartState {
        Invited "INVITED" "Invited, not confirmed yet"
        Requested "REQUESTED" "Asked to join, not answered yet"
        Active "ACTIVE" "Takes part"
        Declined "DECLINED" "Declined"
        Withdrawn "WITHDRAWN" "Taken back"
        Left "LEFT" "Left"
    }
}

words! {
    /// What a project asks of itself before it enters a phase.
    Condition {
        Participants "PARTICIPANTS" "Signed participants"
        AllAnswered "ALL_ANSWERED" "Everybody has an answer"
        Outputs "OUTPUTS" "Outputs"
        ReadyOutputs "READY_OUTPUTS" "Ready outputs"
        Milestones "MILESTONES" "Milestones done"
        FreshStatus "FRESH_STATUS" "A fresh status"
    }
}

words! {
    /// What an output is.
    OutputKind {
        Code "CODE" "Code"
        Document "DOCUMENT" "Document"
        Standard "STANDARD" "Standard"
        Data "DATA" "Data"
    }
}

words! {
    /// How ready an output is.
    Readiness {
        Draft "DRAFT" "Draft"
        Tested "TESTED" "Tested"
        Ready "READY" "Ready"
    }
}

words! {
    /// What is contributed.
    GiftKind {
        Money "MONEY" "Money"
        Days "DAYS" "Days"
    }
}

words! {
    /// How old the last status of a project is, by its own cadence.
    Freshness {
        Fresh "FRESH" "Fresh"
        Ageing "AGEING" "Ageing"
        Stale "STALE" "Stale"
        Dormant "DORMANT" "Dormant"
    }
}

words! {
    /// How a list of projects is ordered.
    ProjectOrder {
        Title "TITLE" "Title"
        Newest "NEWEST" "Newest first"
        Status "STATUS" "Newest status first"
    }
}

impl Phase {
    /// Whether the project is worked on no more.
    pub(crate) fn over(self) -> bool {
        matches!(self, Self::Retired | Self::Stopped)
    }
}
