//! The words of problems, as the schema spells and explains them.

use async_graphql::Enum;

/// How far a problem has come.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[graphql(remote = "domain::problem::ProblemState")]
pub enum ProblemState {
    /// One body says it has it.
    Proposed,
    /// Another body backs it.
    Gathering,
    /// A project works on it.
    BeingSolved,
    /// What a project made solves it.
    Solved,
    /// Nobody goes on with it, for a reason.
    Parked,
}

/// How a list of problems is ordered.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[graphql(remote = "store::problem::Order")]
pub enum ProblemOrder {
    /// By title.
    Title,
    /// Those that most bodies back first.
    Backers,
    /// Those raised last first.
    Newest,
    /// Those changed last first.
    Updated,
}

/// What a body that backs a problem is willing to do, the least first.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[graphql(remote = "domain::backing::Willingness")]
pub enum Willingness {
    /// Wants to hear of it.
    Follow,
    /// Would try what is made.
    Test,
    /// Would work on it.
    Join,
    /// Would pay for it.
    Fund,
}

/// What somebody hands in.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[graphql(remote = "domain::suggestion::SuggestionKind")]
pub enum SuggestionKind {
    /// Wants an answer.
    Question,
    /// Offers a thought.
    Idea,
}

/// How far a suggestion has come.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[graphql(remote = "domain::suggestion::SuggestionState")]
pub enum SuggestionState {
    /// Nobody has looked at it.
    Awaiting,
    /// The unit answered it: everybody sees both.
    Answered,
    /// The unit declined it, with a reason.
    Declined,
    /// It was no suggestion.
    Spam,
}

/// Which part of a problem's text.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ProblemPart {
    /// What it is, on one line.
    Title,
    /// The same in a paragraph.
    Summary,
    /// Why it matters.
    Why,
    /// Who has it.
    Affected,
    /// What it costs.
    Burden,
    /// The service it belongs to.
    Service,
    /// Its tags, one a line.
    Tags,
}

/// Where a line of a difference stands.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LineKind {
    /// In both texts.
    Same,
    /// Only in the earlier one.
    Out,
    /// Only in the later one.
    In,
}

/// Why a problem is similar.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SimilarReasonKind {
    /// Both use this word in some form.
    Word,
    /// A word of yours is spelt like one of its title.
    Alike,
    /// Both belong to this service.
    Service,
    /// Both bear this tag.
    Tag,
    /// Both name this standard.
    Standard,
}
