//! The lines of a chart: their styles, the steps of their paths, and their markers.

use crate::chart::MOST_LINES;

/// How a line is told from the others.
#[derive(Clone, Copy)]
pub(crate) struct Style {
    pub(crate) class: &'static str,
    pub(crate) dash: &'static str,
    pub(crate) marker: Option<Marker>,
}

/// What stands on a line.
#[derive(Clone, Copy)]
pub(crate) enum Marker {
    Circle,
    Square,
    Diamond,
    Triangle,
}

/// The styles of the lines, in their order: no two share a dash or a marker.
pub(crate) const STYLES: [Style; MOST_LINES] = [
    Style {
        class: "line-1",
        dash: "none",
        marker: Some(Marker::Circle),
    },
    Style {
        class: "line-2",
        dash: "9 3",
        marker: Some(Marker::Square),
    },
    Style {
        class: "line-3",
        dash: "3 2.5",
        marker: Some(Marker::Diamond),
    },
    Style {
        class: "line-4",
        dash: "10 3 2 3",
        marker: Some(Marker::Triangle),
    },
];
/// The style of a line to compare with.
pub(crate) const CONTEXT: Style = Style {
    class: "line-context",
    dash: "1.5 3",
    marker: None,
};

/// A path that holds each height until the next point, and breaks where a point is missing.
pub(crate) fn steps(placed: &[Option<(f64, f64)>]) -> String {
    let mut path = String::new();
    let mut drawing = false;
    for place in placed {
        match place {
            Some((x, y)) if drawing => path.push_str(&format!("H{x:.1}V{y:.1}")),
            Some((x, y)) => path.push_str(&format!("M{x:.1} {y:.1}")),
            None => {}
        }
        drawing = place.is_some();
    }
    path
}

/// Markers about a sixth of the line apart, always at its end and on points that stand alone.
pub(crate) fn markers(marker: Marker, placed: &[Option<(f64, f64)>]) -> String {
    let last = placed.iter().rposition(Option::is_some);
    let apart = placed.len().div_ceil(6).max(1);
    let missing = |at: Option<&Option<(f64, f64)>>| at.is_none_or(Option::is_none);
    let shown = placed.iter().enumerate().filter_map(|(at, place)| {
        let before = at.checked_sub(1).and_then(|at| placed.get(at));
        let alone = missing(before) && missing(placed.get(at + 1));
        let due = at % apart == apart / 2 && last.is_some_and(|last| last - at > apart / 2);
        let (x, y) = (*place)?;
        (alone || due || last == Some(at)).then(|| marker.at(x, y))
    });
    shown.collect()
}

impl Marker {
    /// The path of the marker around a point.
    pub(crate) fn at(self, x: f64, y: f64) -> String {
        match self {
            Self::Circle => format!("M{:.1} {y:.1}a4 4 0 1 0 8 0a4 4 0 1 0 -8 0Z", x - 4.0),
            Self::Square => format!("M{:.1} {:.1}h7v7h-7Z", x - 3.5, y - 3.5),
            Self::Diamond => format!("M{x:.1} {:.1}l5 5l-5 5l-5 -5Z", y - 5.0),
            Self::Triangle => format!("M{x:.1} {:.1}l5 9h-10Z", y - 5.5),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn no_two_lines_share_a_dash_or_a_marker() {
        let dashes: HashSet<_> = STYLES
            .iter()
            .chain([&CONTEXT])
            .map(|style| style.dash)
            .collect();
        assert_eq!(dashes.len(), MOST_LINES + 1);
        let marker = |style: &Style| style.marker.map(|marker| marker.at(0.0, 0.0));
        let markers: HashSet<_> = STYLES.iter().chain([&CONTEXT]).map(marker).collect();
        assert_eq!(markers.len(), MOST_LINES + 1);
    }

    #[test]
    fn a_height_holds_until_the_next_point_and_a_missing_point_is_a_gap() {
        let placed = [
            None,
            Some((0.0, 90.0)),
            Some((10.0, 80.0)),
            None,
            Some((30.0, 60.0)),
        ];
        assert_eq!(steps(&placed), "M0.0 90.0H10.0V80.0M30.0 60.0");
        assert_eq!(steps(&[None, None]), "");
    }

    #[test]
    fn a_point_that_stands_alone_and_the_end_have_a_marker() {
        let mut placed: Vec<_> = (0..24_u8).map(|x| Some((f64::from(x), 50.0))).collect();
        placed[1] = None;
        let drawn = markers(Marker::Diamond, &placed);
        for x in ["M0.0", "M23.0"] {
            assert!(drawn.contains(x), "{x} in {drawn}");
        }
        assert!(drawn.matches('Z').count() <= 8, "{drawn}");
        assert_eq!(markers(Marker::Circle, &[None]), "");
    }
}
