//! Participation: an organisation's part in a project, which both sides have to want.

use crate::text_enum;

text_enum!(
    /// What an organisation does in a project.
    pub enum ParticipationRole as "role" {
        /// Leads it.
        Lead = "LEAD",
        /// Works on it.
        Partner = "PARTNER",
        /// Pays for it.
        Funder = "FUNDER",
        /// Sells to it.
        Supplier = "SUPPLIER",
        /// Tries what it makes.
        Tester = "TESTER",
        /// Looks on.
        Observer = "OBSERVER",
    }
);

text_enum!(
    /// How far the two sides have come.
    pub enum ParticipationState as "participation state" {
        /// The project asked; the organisation has not answered.
        Invited = "INVITED",
        /// The organisation asked; the project has not answered.
        Requested = "REQUESTED",
        /// Both agreed.
        Active = "ACTIVE",
        /// The other side said no.
        Declined = "DECLINED",
        /// It was, and is over.
        Left = "LEFT",
    }
);
