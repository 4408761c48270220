//! The names of the lines of a chart, each with a piece of its line.

use crate::chart::Series;
use crate::lines::Style;
use crate::scale::{Plot, Scale};
use crate::show::percent;

/// A name and where it stands.
#[derive(Debug)]
pub(crate) struct Name {
    pub(crate) class: &'static str,
    pub(crate) dash: &'static str,
    pub(crate) marker: Option<String>,
    pub(crate) text: String,
    pub(crate) left: f64,
    pub(crate) middle: f64,
    /// From the left to the words: the length of the piece of line before them, if there is one.
    pub(crate) indent: f64,
}

/// The height of one name above a narrow chart.
pub(crate) const NAME_HEIGHT: f64 = 20.0;

/// The name of a line with its last rate. A line that is alone has only the rate.
pub(crate) fn label(series: &Series, styled: &[(&Series, Style)]) -> String {
    let rate = series.points.last().and_then(|point| point.rate);
    match rate.map(percent) {
        Some(rate) if styled.len() == 1 => rate,
        Some(rate) => format!("{} {rate}", shortened(&series.name)),
        None => format!("{}: nobody eligible", shortened(&series.name)),
    }
}

/// A name that leaves room for the chart; the tables beside it have the whole of it.
fn shortened(name: &str) -> String {
    const LONGEST: usize = 28;
    if name.chars().count() <= LONGEST {
        return name.to_owned();
    }
    let start: String = name.chars().take(LONGEST - 1).collect();
    format!("{}…", start.trim_end())
}

/// Names to the right of where the lines end, moved apart where lines end close together.
pub(crate) fn names_at_the_ends(styled: &[(&Series, Style)], scale: Scale) -> Vec<Name> {
    const APART: f64 = 18.0;
    let mut ends: Vec<_> = styled
        .iter()
        .map(|(series, style)| {
            let last = series.points.iter().rev().find_map(|point| point.rate);
            (scale.y(last.unwrap_or(0.0)), *series, *style)
        })
        .collect();
    ends.sort_by(|one, other| one.0.total_cmp(&other.0));
    let mut lowest = f64::NEG_INFINITY;
    for end in &mut ends {
        end.0 = end.0.max(lowest + APART);
        lowest = end.0;
    }
    let mut highest = scale.plot.bottom + APART;
    for end in ends.iter_mut().rev() {
        end.0 = end.0.min(highest - APART);
        highest = end.0;
    }
    let left = scale.plot.right + 10.0;
    let named = |(middle, series, style)| name(series, style, styled, left, middle);
    ends.into_iter().map(named).collect()
}

/// Names one below the other above the plot.
pub(crate) fn names_above(styled: &[(&Series, Style)], plot: Plot) -> Vec<Name> {
    let heights = std::iter::successors(Some(14.0), |middle| Some(middle + NAME_HEIGHT));
    let named = |((series, style), middle): (&(&Series, Style), f64)| {
        name(series, *style, styled, plot.left, middle)
    };
    styled.iter().zip(heights).map(named).collect()
}

/// A name with a piece of its line before it; a line that is alone needs no such piece.
fn name(
    series: &Series,
    style: Style,
    styled: &[(&Series, Style)],
    left: f64,
    middle: f64,
) -> Name {
    let alone = styled.len() == 1;
    let marker = style
        .marker
        .filter(|_| !alone)
        .map(|marker| marker.at(left + 14.0, middle));
    Name {
        class: style.class,
        dash: style.dash,
        marker,
        text: label(series, styled),
        left,
        middle,
        indent: if alone { 0.0 } else { 34.0 },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::{Chart, Point, Size, draw};
    use chrono::NaiveDate;

    fn on(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
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
    fn names_of_lines_that_end_together_do_not_overlap_and_stay_in_the_drawing() {
        for rate in [0.0, 0.5, 1.0] {
            let four: Vec<_> = (1..=4).map(|n| series(&format!("S{n}"), rate)).collect();
            let chart = Chart {
                id: "c",
                title: "",
                description: "",
                from: on(2026, 1, 1),
                to: on(2026, 2, 1),
                series: &four,
                marks: &[],
            };
            let drawing = draw(&chart, Size::Wide);
            let middles: Vec<_> = drawing.names.iter().map(|name| name.middle).collect();
            assert!(
                middles.windows(2).all(|pair| pair[1] - pair[0] >= 17.9),
                "{middles:?}"
            );
            assert!(
                middles[0] > 6.0 && middles[3] < drawing.height - 6.0,
                "{middles:?}"
            );
        }
    }

    #[test]
    fn a_long_name_is_shortened_and_leaves_the_chart_its_room() {
        assert_eq!(shortened("North Ash"), "North Ash");
        let long = "Ash, Beech and Cherry Combined Authority of the Éast";
        assert_eq!(shortened(long), "Ash, Beech and Cherry Combi…");
        let two = [series(long, 0.5), series("B", 0.4)];
        let chart = Chart {
            id: "c",
            title: "",
            description: "",
            from: on(2026, 1, 1),
            to: on(2026, 2, 1),
            series: &two,
            marks: &[],
        };
        let names = draw(&chart, Size::Wide).names;
        assert!(names[0].text.ends_with("… 50.0%"), "{}", names[0].text);
    }
}
