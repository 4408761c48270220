//! The words of status updates, asks and flags, as the schema spells and explains them.

use async_graphql::Enum;

/// How one side of a project stands.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[graphql(remote = "domain::status::Rag")]
pub enum Rag {
    /// As meant.
    Green,
    /// Something has to be done.
    Amber,
    /// It will not come out as meant.
    Red,
}

/// A kind of help.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[graphql(remote = "domain::ask::AskKind")]
pub enum AskKind {
    /// Money.
    Money,
    /// People's time.
    People,
    /// A skill that the project lacks.
    Skill,
    /// Somebody who tries what is made.
    Testing,
    /// Data.
    Data,
    /// Advice.
    Advice,
}

/// How far an ask has come.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[graphql(remote = "domain::ask::AskState")]
pub enum AskState {
    /// Nobody has offered anything.
    Open,
    /// Somebody offered; others may still.
    Answered,
    /// The project asks for it no more.
    Closed,
}

/// Why an organisation was told of an ask.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[graphql(remote = "domain::ask::RouteReason")]
pub enum RouteReason {
    /// It backs a problem that the project works on.
    BacksProblem,
    /// It said that it can help with this kind of work.
    CanHelp,
    /// It was not told, and came forward.
    CameForward,
}

/// What does not fit the green that a project shows.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[graphql(remote = "domain::flag::FlagKind")]
pub enum FlagKind {
    /// Delivery is green, and milestones are overdue or moved by 28 days or more.
    GreenButSlipping,
    /// Delivery was green when the project was last heard of, and that is more than two cadences ago.
    Silent,
    /// Delivery or reuse became green without a milestone done or an output published since, or money, people and reuse
    /// got worse twice running behind a green delivery.
    RisingRisk,
}
