//! The words of status updates, asks and flags, as people read them.

use std::fmt::{self, Display, Formatter};

use serde::Deserialize;

use crate::words::{Word, words};

words! {
    /// How one side of a project stands.
    Rag {
        Green "GREEN" "Green"
        Amber "AMBER" "Amber"
        Red "RED" "Red"
    }
}

impl Rag {
    /// What it means, beside its name: nobody has to know the colours.
    pub(crate) fn meaning(self) -> &'static str {
        match self {
            Self::Green => "As meant.",
            Self::Amber => "Something has to be done.",
            Self::Red => "It will not come out as meant.",
        }
    }
}

words! {
    /// A kind of help.
    Help {
        Money "MONEY" "Money"
        People "PEOPLE" "People’s time"
        Skill "SKILL" "A skill"
        Testing "TESTING" "Somebody to test"
        Data "DATA" "Data"
        Advice "ADVICE" "Advice"
    }
}

words! {
    /// How far an ask has come.
    AskState {
        Open "OPEN" "Open"
        Answered "ANSWERED" "Answered"
        Closed "CLOSED" "Closed"
    }
}

words! {
    /// Why an organisation was told of an ask.
    Told {
        BacksProblem "BACKS_PROBLEM" "Backs the problem"
        CanHelp "CAN_HELP" "Can help with that"
        CameForward "CAME_FORWARD" "Came forward"
    }
}

words! {
    /// What does not fit the green that a project shows.
    FlagKind {
        GreenButSlipping "GREEN_BUT_SLIPPING" "Green, but slipping"
        Silent "SILENT" "Silent"
        RisingRisk "RISING_RISK" "Rising risk"
    }
}
