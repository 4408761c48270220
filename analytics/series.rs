//! Figures over time: one for each of many dates, for all bodies or by group.
use crate::adoption::{Figure, one};
use crate::history::{History, Member, State};
use crate::method::Method;
use chrono::{Days, Months, NaiveDate};
use std::ops::Range;

/// How a series is worked out.
pub const METHOD: Method = Method {
    id: "adoption-series",
    version: 1,
    title: "Adoption over time",
    definition: "\
The figure of the method \u{201c}adoption\u{201d} on each of a series of dates, all with the same cut-off: \
rate = adopted / (eligible \u{2212} exempt). The dates are the first one, then one a day, week, month, \
quarter or year, and always the last one; steps by the month keep the day of the first date, or take \
the last day of a month that is too short. A group is counted with the members it had on each date. \
View AS_THEY_WERE: the bodies open on each date itself, so that a merger changes the denominator. \
Succession OWN_ONLY: a body has its own events and inherits nothing from its predecessors.",
};

/// The most dates that one series may have.
pub const MAX_POINTS: usize = 4000;

/// The time from one date of a series to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// A day.
    Day,
    /// Seven days.
    Week,
    /// A calendar month.
    Month,
    /// Three calendar months.
    Quarter,
    /// Twelve calendar months.
    Year,
}

impl Step {
    /// The date `count` steps after `from`: counted from there, so that a short month does not make
    /// the later dates drift. `None` beyond the calendar.
    fn after(self, from: NaiveDate, count: u32) -> Option<NaiveDate> {
        let months = |each: u32| from.checked_add_months(Months::new(count.checked_mul(each)?));
        match self {
            Step::Day => from.checked_add_days(Days::new(u64::from(count))),
            Step::Week => from.checked_add_days(Days::new(u64::from(count) * 7)),
            Step::Month => months(1),
            Step::Quarter => months(3),
            Step::Year => months(12),
        }
    }
}

/// Why there is no such series of dates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SeriesError {
    /// The series would end before it begins.
    Backwards {
        /// The first date asked for.
        from: NaiveDate,
        /// The last date asked for.
        to: NaiveDate,
    },
    /// The series would have more than [`MAX_POINTS`] dates.
    TooManyPoints,
}

impl std::fmt::Display for SeriesError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Backwards { from, to } => write!(f, "the series ends on {to}, before {from}"),
            Self::TooManyPoints => write!(f, "the series has more than {MAX_POINTS} dates"),
        }
    }
}

impl std::error::Error for SeriesError {}

/// The dates of a series: `from`, then each step after it that is before `to`, then `to`. Steps of
/// months keep the day of `from`, or take the last day of a shorter month.
///
/// # Errors
/// When `from` is after `to`, or there would be more than [`MAX_POINTS`] dates.
pub fn dates(from: NaiveDate, to: NaiveDate, step: Step) -> Result<Vec<NaiveDate>, SeriesError> {
    if from > to {
        return Err(SeriesError::Backwards { from, to });
    }
    let mut dates: Vec<NaiveDate> = (0..)
        .map_while(|count| step.after(from, count))
        .take_while(|date| *date < to)
        .take(MAX_POINTS)
        .collect();
    if dates.len() == MAX_POINTS {
        return Err(SeriesError::TooManyPoints);
    }
    dates.push(to);
    Ok(dates)
}

/// The figures of every group on every date: `result[g][d]` is that of `groups[g]` on `dates[d]`.
/// Without groups there is one series, over all bodies. Dates may come in any order; a member out
/// of range is left out.
///
/// A body is counted where it enters a state and where it leaves it, not on every date between: the
/// work grows with the changes of a group's members and with the number of figures asked for, but
/// not with their product.
pub fn series(history: &History, dates: &[NaiveDate], groups: &[Vec<Member>]) -> Vec<Vec<Figure>> {
    let mut days = dates.to_vec();
    days.sort_unstable();
    let places: Vec<usize> = dates.iter().map(|date| place(&days, *date)).collect();
    let points = |memberships: Vec<Membership>| -> Vec<Figure> {
        let figures = figures(history, &days, &memberships);
        places.iter().map(|&day| figures[day].clone()).collect()
    };

    let bodies = 0..history.bodies().len();
    if groups.is_empty() {
        let throughout = |body| (body, 0..days.len());
        return vec![points(bodies.map(throughout).collect())];
    }
    let groups = groups.iter();
    groups
        .map(|members| points(memberships(&bodies, &days, members)))
        .collect()
}

/// A body, and a stretch of days, by place, on which it is a member of a group.
type Membership = (usize, Range<usize>);

/// The memberships of a group that touch `days`, those of one body joined where they overlap.
fn memberships(bodies: &Range<usize>, days: &[NaiveDate], members: &[Member]) -> Vec<Membership> {
    let mut windows: Vec<(usize, usize, usize)> = members
        .iter()
        .map(|member| {
            let first = member.from.map_or(0, |from| place(days, from));
            let end = member.to.map_or(days.len(), |to| place(days, to));
            (member.body, first, end)
        })
        .filter(|(body, first, end)| bodies.contains(body) && first < end)
        .collect();
    windows.sort_unstable();

    let mut memberships: Vec<Membership> = Vec::with_capacity(windows.len());
    for (body, first, end) in windows {
        match memberships.last_mut() {
            Some((last, days)) if *last == body && first <= days.end => {
                days.end = days.end.max(end);
            }
            _ => memberships.push((body, first..end)),
        }
    }
    memberships
}

/// The figure of a group on each of `days`, from who enters and who leaves each state on which day.
fn figures(history: &History, days: &[NaiveDate], memberships: &[Membership]) -> Vec<Figure> {
    // One place more than there are days, for the bodies still there on the last one.
    let mut entering = vec![Figure::default(); days.len() + 1];
    let mut leaving = entering.clone();
    for (body, member) in memberships {
        let one = one(history, *body);
        for (held, state) in spells(history, *body, days) {
            let (first, end) = (held.start.max(member.start), held.end.min(member.end));
            if first < end {
                *entering[first].count_mut(state) += one;
                *leaving[end].count_mut(state) += one;
            }
        }
    }
    let mut figure = Figure::default();
    std::iter::zip(&entering, &leaving)
        .map(|(entering, leaving)| {
            figure += entering;
            figure -= leaving;
            figure.clone()
        })
        .collect()
}

/// The stretches of `days`, by place, on which a body is eligible, each with the state it then has.
fn spells<'a>(
    history: &'a History,
    body: usize,
    days: &'a [NaiveDate],
) -> impl Iterator<Item = (Range<usize>, State)> + 'a {
    let steps = history.standings()[body].steps();
    let ends = steps.iter().skip(1).map(|(from, _)| place(days, *from));
    steps
        .iter()
        .zip(ends.chain([days.len()]))
        .filter_map(|((from, state), end)| Some((place(days, *from)..end, (*state)?)))
}

/// How many of `days` are before `date`: its first place, or where it would be.
fn place(days: &[NaiveDate], date: NaiveDate) -> usize {
    days.partition_point(|day| *day < date)
}
