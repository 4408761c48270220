//! The axes of a chart: the ticks of shares and days, and the marked days.

use chrono::{Datelike, Months, NaiveDate};

use crate::chart::{Chart, Mark, Size};
use crate::scale::Scale;

/// A labelled place on an axis.
#[derive(Debug)]
pub(crate) struct Tick {
    pub(crate) at: f64,
    pub(crate) label: String,
}

/// The upright line of a mark, from its badge down.
#[derive(Debug)]
pub(crate) struct Upright {
    pub(crate) at: f64,
    pub(crate) top: f64,
    /// Left out of small charts, which stand beside one that has it.
    pub(crate) label: Option<String>,
}

/// From one badge to the next when they would touch.
const BADGE_HEIGHT: f64 = 20.0;

/// Ticks of the shares.
pub(crate) fn rows(scale: Scale, size: Size) -> Vec<Tick> {
    let shares: &[f64] = match size {
        Size::Small => &[0.0, 0.5, 1.0],
        Size::Wide | Size::Narrow => &[0.0, 0.25, 0.5, 0.75, 1.0],
    };
    let tick = |share: &f64| Tick {
        at: scale.y(*share),
        label: format!("{:.0}%", share * 100.0),
    };
    shares.iter().map(tick).collect()
}

/// Ticks on the first of a month, as often as their labels fit, at steps that calendars have.
pub(crate) fn columns(chart: &Chart<'_>, scale: Scale) -> Vec<Tick> {
    const STEPS: [u32; 7] = [1, 3, 6, 12, 24, 60, 120];
    let room = scale.plot.right - scale.plot.left;
    let mut all = STEPS
        .iter()
        .map(|step| (*step, days(chart.from, chart.to, *step)));
    let fits = |(step, days): &(u32, Vec<NaiveDate>)| {
        let label = if *step < 12 { 62.0 } else { 40.0 };
        #[allow(clippy::cast_precision_loss, reason = "days are far below 2^52")]
        let needed = label * days.len() as f64;
        needed <= room
    };
    let Some((step, days)) = all.clone().find(fits).or_else(|| all.next_back()) else {
        return Vec::new();
    };
    let format = if step < 12 { "%b %Y" } else { "%Y" };
    let tick = |on: NaiveDate| Tick {
        at: scale.x(on),
        label: on.format(format).to_string(),
    };
    days.into_iter().map(tick).collect()
}

/// The marks within the span, and how many rows of badges keep each from touching the one before.
pub(crate) fn badges<'a>(chart: &Chart<'a>, scale: Scale) -> Vec<(&'a Mark, f64)> {
    let mut before: Option<(f64, f64)> = None;
    let within = |mark: &&Mark| chart.from <= mark.on && mark.on <= chart.to;
    let placed = |mark: &'a Mark| {
        let at = scale.x(mark.on);
        let row = match before {
            Some((near, row)) if at - near < BADGE_HEIGHT => row + 1.0,
            _ => 0.0,
        };
        before = Some((at, row));
        (mark, row)
    };
    chart.marks.iter().filter(within).map(placed).collect()
}

/// The room that the badges need above the plot. Small charts stand beside one that has them.
pub(crate) fn badges_height(badges: &[(&Mark, f64)], size: Size) -> f64 {
    let rows = badges.iter().map(|(_, row)| row + 1.0).fold(0.0, f64::max);
    match size {
        Size::Small => 0.0,
        _ if rows == 0.0 => 0.0,
        Size::Wide | Size::Narrow => 6.0 + BADGE_HEIGHT * rows,
    }
}

/// The upright lines of the marks.
pub(crate) fn uprights(badges: &[(&Mark, f64)], scale: Scale, size: Size) -> Vec<Upright> {
    let upright = |(mark, row): &(&Mark, f64)| {
        let (top, label) = match size {
            Size::Small => (scale.plot.top, None),
            Size::Wide | Size::Narrow => (
                scale.plot.top - 16.0 - BADGE_HEIGHT * row,
                Some(mark.label.clone()),
            ),
        };
        Upright {
            at: scale.x(mark.on),
            top,
            label,
        }
    };
    badges.iter().map(upright).collect()
}

/// The first of every so many months within two days, counted from the year 0.
fn days(from: NaiveDate, to: NaiveDate, step: u32) -> Vec<NaiveDate> {
    let step = i32::try_from(step).unwrap_or(1);
    let month = from.year() * 12 + from.month0().cast_signed();
    // The month that has begun by `from` counts only if it begins on that day.
    let first = month + i32::from(from.day() > 1);
    let first = first + (step - first.rem_euclid(step)) % step;
    let begins = |month: i32| {
        let month0 = u32::try_from(month.rem_euclid(12)).ok()?;
        NaiveDate::from_ymd_opt(month.div_euclid(12), month0 + 1, 1)
    };
    let Some(first) = begins(first) else {
        return Vec::new();
    };
    let following = |on: &NaiveDate| on.checked_add_months(Months::new(step.unsigned_abs()));
    std::iter::successors(Some(first), following)
        .take_while(|on| *on <= to)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::{Point, Series, draw};

    fn on(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    #[test]
    fn ticks_are_firsts_of_months_within_the_span() {
        assert_eq!(
            days(on(2023, 8, 31), on(2026, 8, 31), 12),
            [on(2024, 1, 1), on(2025, 1, 1), on(2026, 1, 1)]
        );
        assert_eq!(
            days(on(2025, 1, 1), on(2025, 7, 1), 3),
            [on(2025, 1, 1), on(2025, 4, 1), on(2025, 7, 1)]
        );
        assert_eq!(days(on(2025, 12, 2), on(2026, 1, 1), 1), [on(2026, 1, 1)]);
        assert_eq!(days(on(2021, 5, 5), on(2021, 6, 30), 24), []);
    }

    fn series(name: &str, rate: f64) -> Series {
        let point = Point {
            on: on(2026, 1, 1),
            rate: Some(rate),
        };
        Series {
            name: name.to_owned(),
            points: vec![point],
            context: false,
        }
    }

    #[test]
    fn ticks_of_the_axis_leave_room_for_their_labels() {
        for years in [1, 2, 5, 10, 40] {
            for size in [Size::Wide, Size::Narrow, Size::Small] {
                let one = [series("A", 0.5)];
                let chart = Chart {
                    id: "c",
                    title: "",
                    description: "",
                    from: on(2026 - years, 3, 1),
                    to: on(2026, 3, 1),
                    series: &one,
                    marks: &[],
                };
                let columns = draw(&chart, size).columns;
                assert!(!columns.is_empty(), "{years} years, {size:?}");
                let room = if columns[0].label.len() > 4 {
                    55.0
                } else {
                    35.0
                };
                assert!(
                    columns
                        .windows(2)
                        .all(|pair| pair[1].at - pair[0].at >= room),
                    "{years} years, {size:?}: {columns:?}"
                );
            }
        }
    }
}
