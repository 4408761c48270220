//! From days and shares to places in a drawing.

use chrono::NaiveDate;

/// The part of the drawing that the lines are in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plot {
    pub(crate) left: f64,
    pub(crate) right: f64,
    pub(crate) top: f64,
    pub(crate) bottom: f64,
}

/// From days and shares to places in the drawing.
#[derive(Clone, Copy)]
pub(crate) struct Scale {
    pub(crate) plot: Plot,
    from: NaiveDate,
    days: f64,
}

impl Scale {
    pub(crate) fn new(from: NaiveDate, to: NaiveDate, plot: Plot) -> Self {
        let days = (to - from).num_days().max(1);
        #[allow(clippy::cast_precision_loss, reason = "days are far below 2^52")]
        let days = days as f64;
        Self { plot, from, days }
    }

    pub(crate) fn x(self, on: NaiveDate) -> f64 {
        #[allow(clippy::cast_precision_loss, reason = "days are far below 2^52")]
        let passed = (on - self.from).num_days() as f64;
        let share = (passed / self.days).clamp(0.0, 1.0);
        tenth(self.plot.left + share * (self.plot.right - self.plot.left))
    }

    pub(crate) fn y(self, rate: f64) -> f64 {
        tenth(self.plot.bottom - rate.clamp(0.0, 1.0) * (self.plot.bottom - self.plot.top))
    }
}

/// A tenth of a unit is finer than any screen shows.
pub(crate) fn tenth(place: f64) -> f64 {
    (place * 10.0).round() / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    #[test]
    fn the_ends_of_the_days_and_of_the_shares_are_the_edges_of_the_plot() {
        let plot = Plot {
            left: 40.0,
            right: 140.0,
            top: 10.0,
            bottom: 210.0,
        };
        let scale = Scale::new(on(2025, 1, 1), on(2025, 1, 11), plot);
        assert_eq!(
            (scale.x(on(2025, 1, 1)), scale.x(on(2025, 1, 11))),
            (40.0, 140.0)
        );
        assert_eq!(
            (scale.y(0.0), scale.y(1.0), scale.y(0.25)),
            (210.0, 10.0, 160.0)
        );
        assert_eq!((scale.x(on(2024, 1, 1)), scale.y(1.5)), (40.0, 10.0));
    }

    #[test]
    fn a_span_of_one_day_does_not_divide_by_nothing() {
        let plot = Plot {
            left: 0.0,
            right: 1.0,
            top: 0.0,
            bottom: 1.0,
        };
        assert!(
            Scale::new(on(2025, 1, 1), on(2025, 1, 1), plot)
                .x(on(2025, 1, 1))
                .is_finite()
        );
    }
}
