//! The facts a history is built from: bodies, provisions, events and memberships.
use chrono::{NaiveDate, NaiveDateTime};

/// Where a body stands with a standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// Nothing is known. Never counted as "no".
    Unknown,
    /// The body is thinking about it.
    Considering,
    /// The body has promised to adopt.
    Pledged,
    /// The body tries it out.
    Piloting,
    /// The body has adopted, and the adoption has not expired.
    Adopted,
    /// The body had adopted and no longer does.
    Lapsed,
    /// The body has said no.
    Declined,
    /// The body is excused: it counts as eligible and is left out of the rate's denominator.
    Exempt,
}

impl State {
    /// Every state, in the order of [`State::index`].
    pub const ALL: [State; 8] = [
        State::Unknown,
        State::Considering,
        State::Pledged,
        State::Piloting,
        State::Adopted,
        State::Lapsed,
        State::Declined,
        State::Exempt,
    ];

    /// The state's place in [`State::ALL`], 0 to 7.
    pub const fn index(self) -> usize {
        self as usize
    }
}

/// How well an event is evidenced, weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grade {
    /// The body says so.
    SelfDeclared,
    /// Another body has looked at it.
    Peer,
    /// A document shows it.
    Document,
    /// A machine has checked it.
    AutomaticCheck,
}

/// An organisation, as far as figures need it: its life `[opened_on, closed_on)` and its size.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Body {
    /// The first day of its life; `None`: always.
    pub opened_on: Option<NaiveDate>,
    /// The first day after its life; `None`: still open.
    pub closed_on: Option<NaiveDate>,
    /// The people it serves, where known.
    pub population: Option<i64>,
}

/// A window `[from, to)` in which the standard applies to a body or, if `excluded`, does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Provision {
    /// The index of the body.
    pub body: usize,
    /// The first day; `None`: always.
    pub from: Option<NaiveDate>,
    /// The first day after; `None`: until further notice.
    pub to: Option<NaiveDate>,
    /// An exclusion: it outweighs every provision in force on the same day.
    pub excluded: bool,
    /// Why the standard applies; 0 is the strongest reason.
    pub reason: u8,
}

/// What was learnt about a body: the state it had from a day on, and when this was recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// The event's identity, unique in the history.
    pub id: u128,
    /// The index of the body.
    pub body: usize,
    /// The state from `effective_on` on.
    pub state: State,
    /// The day from which it was so.
    pub effective_on: NaiveDate,
    /// When it was learnt (UTC).
    pub recorded_at: NaiveDateTime,
    /// The first day on which an adoption no longer holds; means nothing for other states.
    pub expires_on: Option<NaiveDate>,
    /// How well it is evidenced.
    pub grade: Grade,
    /// Whether its standing is confirmed; claimed and contested events decide nothing.
    pub confirmed: bool,
    /// The event that this one corrects.
    pub corrects: Option<u128>,
}

/// A membership `[from, to)` of a body in a group; a body may have several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member {
    /// The index of the body.
    pub body: usize,
    /// The first day; `None`: always.
    pub from: Option<NaiveDate>,
    /// The first day after; `None`: still a member.
    pub to: Option<NaiveDate>,
}

/// The state of a body on a day, and what decided it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Status {
    /// The state.
    pub state: State,
    /// The deciding event's `effective_on`, or for an expired adoption its `expires_on`.
    pub since: Option<NaiveDate>,
    /// The deciding event; `None` when the state is unknown for want of one.
    pub event: Option<u128>,
}

impl Status {
    /// The status of a body of which nothing is known.
    pub const UNKNOWN: Status = Status {
        state: State::Unknown,
        since: None,
        event: None,
    };
}
