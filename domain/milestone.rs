//! Milestones: what a project means to have done by when, and by how much that slipped.

use chrono::NaiveDate;

/// By how many days a milestone slipped against when it was first due: against the day it was done, else against when it
/// is due now. Below zero, it comes earlier.
pub fn slip_days(first_due_on: NaiveDate, due_on: NaiveDate, done_on: Option<NaiveDate>) -> i64 {
    (done_on.unwrap_or(due_on) - first_due_on).num_days()
}

/// Whether it should be done and is not.
pub fn overdue(due_on: NaiveDate, done_on: Option<NaiveDate>, today: NaiveDate) -> bool {
    done_on.is_none() && due_on < today
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_milestone_slips_from_its_first_day_on() {
        let (first, later) = (day("2026-03-01"), day("2026-03-31"));
        assert_eq!(slip_days(first, first, None), 0);
        assert_eq!(slip_days(first, later, None), 30);
        assert_eq!(slip_days(first, later, Some(day("2026-02-27"))), -2);
    }

    #[test]
    fn it_is_overdue_from_the_day_after_until_it_is_done() {
        let due = day("2026-03-01");
        assert!(!overdue(due, None, due));
        assert!(overdue(due, None, day("2026-03-02")));
        assert!(!overdue(due, Some(day("2026-03-09")), day("2026-03-10")));
    }
}
