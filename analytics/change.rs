//! What lies between two dates: who made the number of adopters what it is.
use crate::adoption::standings;
use crate::history::{History, Member, State};
use crate::method::Method;
use chrono::NaiveDate;

/// How a [`Change`] is worked out.
pub const METHOD: Method = Method {
    id: "adoption-change",
    version: 1,
    title: "Change between two dates",
    definition: "\
The number of eligible bodies that have adopted, by the method \u{201c}adoption\u{201d}, on two dates with the \
same cut-off; their difference splits exactly: \
adopted + lapsed + entered + left + inherited = after \u{2212} before. \
Of the bodies eligible on both dates, adopted counts those that have adopted on the second only (+1 \
each) and lapsed those that have on the first only (\u{2212}1 each). Entered counts those that are eligible \
on the second only and have adopted then (+1 each), left those that are eligible on the first only and \
had adopted then (\u{2212}1 each). \
View AS_THEY_WERE: the bodies open on each of the dates itself. \
Succession OWN_ONLY: a body has its own events and inherits nothing from its predecessors, so that \
inherited is 0.",
};

/// A part of the difference between two dates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// Eligible on both days, and adopted only on the second: one more.
    Adopted,
    /// Eligible on both days, and adopted only on the first: one less.
    Lapsed,
    /// Eligible on the second day only, and adopted then: one more.
    Entered,
    /// Eligible on the first day only, and adopted then: one less.
    Left,
    /// Adopted by what a predecessor had done: none under the rule `OWN_ONLY`.
    Inherited,
}

impl Part {
    /// What a body of this part adds to the number of adopters.
    const fn sign(self) -> i64 {
        match self {
            Part::Adopted | Part::Entered | Part::Inherited => 1,
            Part::Lapsed | Part::Left => -1,
        }
    }
}

/// The adopters on two dates, and the bodies that account for the difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// How many eligible bodies had adopted on the first date.
    pub before: i64,
    /// How many eligible bodies have adopted on the second.
    pub after: i64,
    /// Each body that changed the number, with its part, by part and then by index.
    pub bodies: Vec<(Part, usize)>,
}

impl Change {
    /// after − before; the sum of all parts.
    pub fn difference(&self) -> i64 {
        self.after - self.before
    }

    /// What one part adds to the difference: negative for [`Part::Lapsed`] and [`Part::Left`].
    pub fn total(&self, part: Part) -> i64 {
        let bodies = self.bodies.iter().filter(|(own, _)| *own == part);
        bodies.map(|(own, _)| own.sign()).sum()
    }
}

/// The change of the number of adopters from one date to another, of everybody or of the `members` a group has on each
/// date: who joins the group has entered, who leaves it has left.
pub fn change(
    history: &History,
    from: NaiveDate,
    to: NaiveDate,
    members: Option<&[Member]>,
) -> Change {
    let mut change = Change {
        before: 0,
        after: 0,
        bodies: Vec::new(),
    };
    let (before, after) = (
        standing(history, from, members),
        standing(history, to, members),
    );
    for (body, (before, after)) in std::iter::zip(before, after).enumerate() {
        change.before += i64::from(before == Some(State::Adopted));
        change.after += i64::from(after == Some(State::Adopted));
        change
            .bodies
            .extend(part(before, after).map(|part| (part, body)));
    }
    change.bodies.sort_unstable();
    change
}

/// The state of every body on a date, `None` for those that are not eligible or not members then.
fn standing(history: &History, on: NaiveDate, members: Option<&[Member]>) -> Vec<Option<State>> {
    let mut states = vec![None; history.bodies().len()];
    for standing in standings(history, on, members) {
        if let Some(state) = states.get_mut(standing.body) {
            *state = Some(standing.status.state);
        }
    }
    states
}

/// The part of a body by its states on the two dates, `None` where it is not eligible.
fn part(before: Option<State>, after: Option<State>) -> Option<Part> {
    let adopted = |state: State| state == State::Adopted;
    match (before.map(adopted), after.map(adopted)) {
        (Some(false), Some(true)) => Some(Part::Adopted),
        (Some(true), Some(false)) => Some(Part::Lapsed),
        (None, Some(true)) => Some(Part::Entered),
        (Some(true), None) => Some(Part::Left),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::{Body, Event};
    use crate::testing::{applied, body, day, event, history, provision};

    /// Seven bodies between 1 January and 1 July 2020, one for each thing that can happen.
    fn sample() -> History {
        let bodies = [
            body("", ""),
            body("", ""),
            body("", "2020-04-01"),
            body("2020-04-01", ""),
            body("", "2020-04-01"),
            body("", ""),
            body("", ""),
        ];
        let expiring = Event {
            expires_on: Some(day("2020-05-01")),
            ..event(2, 1, State::Adopted, "2019-12-01")
        };
        let events = [
            event(1, 0, State::Adopted, "2020-04-01"),
            expiring,
            event(3, 2, State::Adopted, "2019-12-01"),
            event(4, 3, State::Adopted, "2020-04-01"),
            event(5, 4, State::Pledged, "2019-12-01"),
            event(6, 5, State::Adopted, "2019-12-01"),
            event(7, 6, State::Adopted, "2019-12-01"),
            event(8, 6, State::Exempt, "2020-05-01"),
        ];
        history(&bodies, &applied(&bodies), &events)
    }

    #[test]
    fn who_joins_or_leaves_a_group_enters_or_leaves_its_figure() {
        let bodies = [body("", ""), body("", ""), body("", "")];
        let events = [
            event(1, 0, State::Adopted, "2019-12-01"),
            event(2, 1, State::Adopted, "2019-12-01"),
            event(3, 2, State::Adopted, "2020-02-01"),
        ];
        let history = history(&bodies, &applied(&bodies), &events);
        let member = |body, from: &str, to: &str| Member {
            body,
            from: from.parse().ok(),
            to: to.parse().ok(),
        };
        let members = [
            member(0, "", "2020-03-01"),
            member(1, "2020-03-01", ""),
            member(2, "", ""),
        ];
        let (from, to) = (day("2020-01-01"), day("2020-07-01"));
        let change = change(&history, from, to, Some(&members));
        assert_eq!((change.before, change.after), (1, 2));
        assert_eq!(
            change.bodies,
            [(Part::Adopted, 2), (Part::Entered, 1), (Part::Left, 0)]
        );
    }

    #[test]
    fn every_body_that_changes_the_number_has_its_part() {
        // Body 4 leaves without having adopted and body 5 has adopted throughout: no part.
        let change = change(&sample(), day("2020-01-01"), day("2020-07-01"), None);
        assert_eq!((change.before, change.after), (4, 3));
        assert_eq!(change.difference(), -1);
        let expected = [
            (Part::Adopted, 0),
            (Part::Lapsed, 1),
            (Part::Lapsed, 6),
            (Part::Entered, 3),
            (Part::Left, 2),
        ];
        assert_eq!(change.bodies, expected);
        let parts = [
            Part::Adopted,
            Part::Lapsed,
            Part::Entered,
            Part::Left,
            Part::Inherited,
        ];
        assert_eq!(parts.map(|part| change.total(part)), [1, -2, 1, -1, 0]);
    }

    #[test]
    fn backwards_in_time_every_part_is_turned_round() {
        let (from, to) = (day("2020-01-01"), day("2020-07-01"));
        let change = change(&sample(), to, from, None);
        assert_eq!(change.difference(), 1);
        let parts = [Part::Adopted, Part::Lapsed, Part::Entered, Part::Left];
        assert_eq!(parts.map(|part| change.total(part)), [2, -1, 1, -1]);
    }

    #[test]
    fn a_body_enters_and_leaves_by_its_provision_too() {
        let bodies = [Body::default(); 2];
        let events = [0, 1].map(|n: usize| event(n as u128, n, State::Adopted, "2019-01-01"));
        let provisions = [
            provision(0, "", "2020-04-01"),
            provision(1, "2020-04-01", ""),
        ];
        let history = history(&bodies, &provisions, &events);
        let change = change(&history, day("2020-01-01"), day("2020-07-01"), None);
        assert_eq!(change.bodies, [(Part::Entered, 1), (Part::Left, 0)]);
        assert_eq!(change.difference(), 0);
    }
}
