//! A value that changes on certain dates and holds until it changes again.
use chrono::NaiveDate;

/// A piecewise constant value: each step holds from its date until the date of the next step.
#[derive(Clone, Debug)]
pub(crate) struct Timeline<T> {
    /// In order of date, no date twice, no value equal to the one before it.
    steps: Vec<(NaiveDate, T)>,
}

impl<T> Default for Timeline<T> {
    fn default() -> Self {
        Self { steps: Vec::new() }
    }
}

impl<T: Copy + PartialEq> Timeline<T> {
    /// Lets `value` hold from `from` on. Dates are given in ascending order; of two values for
    /// the same date the later call wins.
    pub(crate) fn set(&mut self, from: NaiveDate, value: T) {
        self.steps.pop_if(|(date, _)| *date == from);
        if self.steps.last().is_none_or(|(_, held)| *held != value) {
            self.steps.push((from, value));
        }
    }

    /// The value that holds on `on`; `None` before the first step.
    pub(crate) fn at(&self, on: NaiveDate) -> Option<T> {
        let begun = self.steps.partition_point(|(from, _)| *from <= on);
        let (_, value) = self.steps[..begun].last()?;
        Some(*value)
    }

    /// The steps in order of date.
    pub(crate) fn steps(&self) -> &[(NaiveDate, T)] {
        &self.steps
    }
}

/// Whether `on` lies in the half-open window `[from, to)`; a missing end is unbounded.
pub(crate) fn in_force(from: Option<NaiveDate>, to: Option<NaiveDate>, on: NaiveDate) -> bool {
    from.is_none_or(|from| from <= on) && to.is_none_or(|to| on < to)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(n: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2024, 1, n).unwrap()
    }

    #[test]
    fn a_value_holds_from_its_date_until_the_next() {
        let mut timeline = Timeline::default();
        timeline.set(day(3), 'a');
        timeline.set(day(5), 'b');
        let values: Vec<_> = (2..=6).map(|n| timeline.at(day(n))).collect();
        assert_eq!(values, [None, Some('a'), Some('a'), Some('b'), Some('b')]);
    }

    #[test]
    fn the_last_value_of_a_date_wins_and_equal_neighbours_are_one_step() {
        let mut timeline = Timeline::default();
        timeline.set(day(3), 'a');
        timeline.set(day(5), 'b');
        timeline.set(day(5), 'a');
        timeline.set(day(7), 'c');
        assert_eq!(timeline.steps(), [(day(3), 'a'), (day(7), 'c')]);
    }

    #[test]
    fn a_window_holds_its_first_day_and_not_its_last() {
        let window = |n| in_force(Some(day(3)), Some(day(5)), day(n));
        assert_eq!([2, 3, 4, 5].map(window), [false, true, true, false]);
        assert!(in_force(None, None, NaiveDate::MIN));
        assert!(in_force(None, None, NaiveDate::MAX));
    }
}
