//! What a field costs, and what a viewer may spend: counted before anything runs.
//!
//! A plain field costs 1. A list that is paged costs its page times what is asked of each thing in it, a whole list the
//! size that lists of its kind usually have. A figure costs what it takes to work out.

use crate::Limits;
use crate::scalar::Date;
use crate::words::{GroupKind, Step};
use async_graphql::{Value, value};
use domain::policy::Viewer;
use std::sync::{Mutex, PoisonError};

/// What working out one figure costs, beside its fields: another cut-off means reading all events again.
pub(crate) const FIGURE: usize = 50;
/// What splitting a change into its parts costs, beside its fields.
pub(crate) const CHANGE: usize = 100;
/// What looking up each standard of a body costs, beside its fields.
pub(crate) const STANDING: usize = 20;
/// What a mutation costs, beside its fields.
pub(crate) const MUTATION: usize = 10;

/// A page costs its size, times what is asked of each thing in it. One with no size is refused when it is read.
pub(crate) fn page(first: Option<i32>, last: Option<i32>, each: usize) -> usize {
    let size = first.max(last).unwrap_or(1).max(1);
    list(usize::try_from(size).unwrap_or(usize::MAX), each)
}

/// A whole list of about `size` things.
pub(crate) fn list(size: usize, each: usize) -> usize {
    size.saturating_mul(each).saturating_add(1)
}

/// A series costs by its points: eight of them are worked out and written like one thing.
pub(crate) fn series(
    from: Date,
    to: Date,
    step: Option<Step>,
    by: Option<GroupKind>,
    each: usize,
) -> usize {
    let days = usize::try_from((to.0 - from.0).num_days()).unwrap_or(0);
    let points = match step.unwrap_or(Step::Month) {
        Step::Day => days,
        Step::Week => days / 7,
        Step::Month => days / 30,
        Step::Quarter => days / 91,
        Step::Year => days / 365,
    };
    let groups = match by {
        None => 1,
        Some(GroupKind::Nation) => 4,
        Some(GroupKind::Kind | GroupKind::Tier) => 8,
        Some(GroupKind::Region | GroupKind::CombinedAuthority | GroupKind::Family) => 12,
    };
    let figures = (points + 1).saturating_mul(groups).saturating_mul(each) / 8;
    figures.saturating_add(FIGURE)
}

/// What a request was found to cost, shown on its answer.
#[derive(Debug, Default)]
pub(crate) struct Measured(Mutex<Shown>);

/// What `extensions.cost` shows.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Shown {
    /// What the request costs; 0 when it was refused before it was counted.
    pub(crate) cost: usize,
    /// What the viewer may spend.
    pub(crate) budget: usize,
    /// How deep fields are nested.
    pub(crate) depth: usize,
}

impl Measured {
    /// Notes what is known so far.
    pub(crate) fn note(&self, note: impl FnOnce(&mut Shown)) {
        note(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// As `extensions.cost` shows it.
    pub(crate) fn shown(&self) -> Value {
        let Shown {
            cost,
            budget,
            depth,
        } = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        value!({ "cost": cost, "budget": budget, "depth": depth })
    }
}

/// What this viewer may spend on one request.
pub(crate) fn budget(viewer: &Viewer, limits: &Limits) -> usize {
    match viewer {
        Viewer::Anonymous => limits.cost_anonymous,
        _ => limits.cost_token,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        Date(text.parse().unwrap())
    }

    #[test]
    fn a_page_costs_its_size_and_no_size_is_free() {
        assert_eq!(page(Some(50), None, 19), 951);
        assert_eq!(page(None, Some(2), 3), 7);
        assert_eq!(page(None, None, 3), 4);
        assert_eq!(page(Some(-5), None, 3), 4);
        assert_eq!(page(Some(i32::MAX), None, usize::MAX), usize::MAX);
    }

    #[test]
    fn a_series_costs_by_its_points_and_groups() {
        let decade = |step, by| series(day("2016-01-01"), day("2026-01-01"), step, by, 10);
        assert_eq!(decade(None, None), decade(Some(Step::Month), None));
        assert!(decade(Some(Step::Year), None) < decade(None, None));
        assert!(decade(Some(Step::Day), None) > 20 * decade(None, None));
        assert!(decade(None, Some(GroupKind::Region)) > 8 * decade(None, None));
        assert_eq!(
            series(day("2026-01-01"), day("2016-01-01"), None, None, 8),
            FIGURE + 1
        );
    }

    #[test]
    fn a_token_buys_more() {
        let limits = Limits::default();
        assert_eq!(
            budget(&Viewer::Operator, &limits),
            10 * budget(&Viewer::Anonymous, &limits)
        );
    }
}
