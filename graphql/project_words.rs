//! The words of projects, as the schema spells and explains them.

use async_graphql::Enum;

/// How far a project has come.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[graphql(remote = "domain::project::Phase")]
pub enum Phase {
    /// Finds out what is needed.
    Discovery,
    /// Tries ideas.
    Alpha,
    /// Is used by a few.
    Beta,
    /// Is used by whoever wants it.
    Live,
    /// Has done its work.
    Retired,
    /// Was given up, with a reason.
    Stopped,
}

/// What an organisation does in a project.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[graphql(remote = "domain::participation::ParticipationRole")]
pub enum ParticipationRole {
    /// Leads it.
    Lead,
    /// Works on it.
    Partner,
    /// Pays for it.
    Funder,
    /// Sells to it.
    Supplier,
    /// Tries what it makes.
    Tester,
    /// Looks on.
    Observer,
}

/// How far the two sides of a participation have come. Only who is `ACTIVE` takes part.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[graphql(remote = "domain::participation::ParticipationState")]
pub enum ParticipationState {
    /// The project asked; the organisation has not answered.
    Invited,
    /// The organisation asked; the project has not answered.
    Requested,
    /// Both agreed.
    Active,
    /// The other side said no.
    Declined,
    /// Whoever proposed it took it back before it was answered.
    Withdrawn,
    /// It was, and is over.
    Left,
}

/// Something that must hold before a project enters a phase.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[graphql(remote = "domain::gate::Condition")]
pub enum GateCondition {
    /// At least so many organisations have signed to lead it or to work on it.
    Participants,
    /// Everybody who was invited or asked to lead it or to work on it has an answer.
    AllAnswered,
    /// At least so many outputs are published, however ready.
    Outputs,
    /// At least so many outputs are ready for others to use.
    ReadyOutputs,
    /// At least so many milestones are done.
    Milestones,
    /// The last status is no older than the project's cadence.
    FreshStatus,
}

/// What an output is.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[graphql(remote = "domain::output::OutputKind")]
pub enum OutputKind {
    /// Software.
    Code,
    /// Something to read.
    Document,
    /// A standard or a practice.
    Standard,
    /// Data.
    Data,
}

/// How ready an output is. What is ready stays so.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[graphql(remote = "domain::output::Readiness")]
pub enum Readiness {
    /// It can be looked at.
    Draft,
    /// Somebody tried it.
    Tested,
    /// Others can use it.
    Ready,
}

/// What is contributed to a project.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[graphql(remote = "domain::contribution::ContributionKind")]
pub enum ContributionKind {
    /// Money, in pence.
    Money,
    /// Days of work.
    Days,
}

/// How a list of projects is ordered.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[graphql(remote = "store::project::Order")]
pub enum ProjectOrder {
    /// By title.
    Title,
    /// The one that was written down last first.
    Newest,
    /// The one with the newest status first; those without any last.
    Status,
}

/// How old the last status of a project is, by the project's own cadence.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[graphql(remote = "domain::freshness::Freshness")]
pub enum Freshness {
    /// Within one cadence.
    Fresh,
    /// Within two: one status was missed.
    Ageing,
    /// Within four.
    Stale,
    /// Beyond that: nobody seems to be there.
    Dormant,
}
