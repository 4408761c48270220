//! Charts of a share over time, as SVG: a pure function from points to a drawing.
//!
//! The scale is always 0 to 100%. A figure holds until the next one, so lines are steps; a missing
//! rate is a gap, never zero. Lines differ by dash and marker as well as by colour, and colours come
//! from the classes of the style sheet. The drawing scales with its box: there are two sizes, so that
//! its words stay readable on a telephone, and a small one for many groups side by side.

use askama::Template;
use chrono::NaiveDate;

use crate::axis::{Tick, Upright, badges, badges_height, columns, rows, uprights};
use crate::lines::{CONTEXT, STYLES, Style, markers, steps};
use crate::names::{NAME_HEIGHT, Name, label, names_above, names_at_the_ends};
use crate::scale::{Plot, Scale, tenth};

/// What to draw.
#[derive(Debug, Clone, Copy)]
pub struct Chart<'a> {
    /// A name unique within its page, for the ids that title and description need.
    pub id: &'a str,
    /// What the chart is of, read out in its place.
    pub title: &'a str,
    /// What can be seen in it, in a sentence or two.
    pub description: &'a str,
    /// The first day of the horizontal axis.
    pub from: NaiveDate,
    /// The last day of the horizontal axis.
    pub to: NaiveDate,
    /// The lines, at most [`MOST_LINES`] that are not context.
    pub series: &'a [Series],
    /// The days to mark.
    pub marks: &'a [Mark],
}

/// One line.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// What the line is of.
    pub name: String,
    /// Its points, in the order of their days.
    pub points: Vec<Point>,
    /// A line to compare the others with: drawn faintly, behind them.
    pub context: bool,
}

/// A share on a day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// The day.
    pub on: NaiveDate,
    /// The share from 0 to 1, or nothing where there was nobody to take a share of.
    pub rate: Option<f64>,
}

/// A day marked with an upright line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// The day.
    pub on: NaiveDate,
    /// One or two characters that refer to an explanation beside the chart.
    pub label: String,
}

/// How large to draw, in the units of the drawing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// For the width of a page: 760 × 380, lines named where they end.
    Wide,
    /// For a telephone: 360 wide, lines named above.
    Narrow,
    /// One of many side by side: 280 × 180, lines not named.
    Small,
}

/// The number of lines that can be told apart without colour.
pub const MOST_LINES: usize = 4;

/// A drawing; its `Display` is the SVG.
#[derive(Debug, Template)]
#[template(path = "chart.html")]
pub struct Drawing {
    id: String,
    title: String,
    description: String,
    size: &'static str,
    width: f64,
    pub(crate) height: f64,
    plot: Plot,
    rows: Vec<Tick>,
    pub(crate) columns: Vec<Tick>,
    marks: Vec<Upright>,
    lines: Vec<Line>,
    pub(crate) names: Vec<Name>,
}

#[derive(Debug)]
struct Line {
    class: &'static str,
    dash: &'static str,
    path: String,
    markers: String,
}

/// Draws a chart. Lines beyond [`MOST_LINES`] are left out: draw them in charts of their own.
#[must_use]
pub fn draw(chart: &Chart<'_>, size: Size) -> Drawing {
    let styled = styled(chart.series);
    let measures = Measures::of(size, &styled);
    let badges = badges(chart, Scale::new(chart.from, chart.to, measures.plot));
    let measures = measures.lowered(badges_height(&badges, size));
    let scale = Scale::new(chart.from, chart.to, measures.plot);
    let lines = styled
        .iter()
        .map(|(series, style)| line(series, *style, scale));
    Drawing {
        id: chart.id.to_owned(),
        title: chart.title.to_owned(),
        description: chart.description.to_owned(),
        size: measures.name,
        width: measures.width,
        height: measures.height,
        plot: measures.plot,
        rows: rows(scale, size),
        columns: columns(chart, scale),
        marks: uprights(&badges, scale, size),
        lines: lines.collect(),
        names: match size {
            Size::Small => Vec::new(),
            Size::Narrow if styled.len() > 1 => names_above(&styled, measures.plot),
            Size::Narrow | Size::Wide => names_at_the_ends(&styled, scale),
        },
    }
}

/// The lines to draw with their styles, what is context first so that it lies behind.
fn styled(series: &[Series]) -> Vec<(&Series, Style)> {
    let context = series
        .iter()
        .filter(|one| one.context)
        .map(|one| (one, CONTEXT));
    let own = series.iter().filter(|one| !one.context).zip(STYLES);
    context.chain(own).collect()
}

/// The outer measures of a drawing of some size.
struct Measures {
    name: &'static str,
    width: f64,
    height: f64,
    plot: Plot,
}

impl Measures {
    /// The measures before it is known how much room the badges of the marks need above the plot.
    fn of(size: Size, styled: &[(&Series, Style)]) -> Self {
        let longest = styled
            .iter()
            .map(|(series, _)| label(series, styled).chars().count());
        #[allow(clippy::cast_precision_loss, reason = "a few dozen characters")]
        let longest = longest.max().unwrap_or(0) as f64;
        let alone = styled.len() == 1;
        // 7.4 units a character is the width of a bold digit at the font size of names.
        let names = tenth(7.4 * longest + if alone { 14.0 } else { 52.0 });
        #[allow(clippy::cast_precision_loss, reason = "a handful of lines")]
        let above = if alone {
            0.0
        } else {
            NAME_HEIGHT * styled.len() as f64
        };
        let (name, width, left, right, top, tall) = match size {
            Size::Wide => ("wide", 760.0, 48.0, 760.0 - names, 14.0, 306.0),
            Size::Narrow if alone => ("narrow", 360.0, 44.0, 360.0 - names, 10.0, 214.0),
            Size::Narrow => ("narrow", 360.0, 44.0, 348.0, 10.0 + above, 214.0),
            Size::Small => ("small", 280.0, 40.0, 268.0, 10.0, 142.0),
        };
        let plot = Plot {
            left,
            right,
            top,
            bottom: top + tall,
        };
        Self {
            name,
            width,
            height: plot.bottom + 32.0,
            plot,
        }
    }

    /// Moves everything down to make room above the plot.
    fn lowered(mut self, by: f64) -> Self {
        self.plot.top += by;
        self.plot.bottom += by;
        self.height += by;
        self
    }
}

fn line(series: &Series, style: Style, scale: Scale) -> Line {
    let placed = series.points.iter().map(|point| {
        let rate = point.rate?;
        Some((scale.x(point.on), scale.y(rate)))
    });
    let placed: Vec<_> = placed.collect();
    Line {
        class: style.class,
        dash: style.dash,
        path: steps(&placed),
        markers: style
            .marker
            .map(|marker| markers(marker, &placed))
            .unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(year: i32, month: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, 1).unwrap()
    }

    fn series(name: &str, rates: &[Option<f64>]) -> Series {
        let points = (1..).zip(rates).map(|(month, rate)| Point {
            on: on(2026, month),
            rate: *rate,
        });
        Series {
            name: name.to_owned(),
            points: points.collect(),
            context: false,
        }
    }

    fn svg(series: &[Series], marks: &[Mark], size: Size) -> String {
        let chart = Chart {
            id: "c",
            title: "Adoption of <Trees>",
            description: "A & B",
            from: on(2026, 1),
            to: on(2026, 11),
            series,
            marks,
        };
        draw(&chart, size).to_string()
    }

    /// The paths of the lines, without those of the names.
    fn paths(svg: &str) -> Vec<&str> {
        svg.lines()
            .filter(|line| line.contains("chart-line") && line.contains("stroke-linejoin"))
            .filter_map(|line| line.rsplit_once(" d=\"")?.1.split_once('"'))
            .map(|(path, _)| path)
            .collect()
    }

    #[test]
    fn a_chart_is_an_image_with_a_name_and_a_description_that_are_escaped() {
        let svg = svg(
            &[series("<b>", &[Some(0.5)]), series("Other", &[None])],
            &[],
            Size::Wide,
        );
        assert!(
            svg.contains(r#"role="img" aria-labelledby="c-wide-title c-wide-desc""#),
            "{svg}"
        );
        assert!(svg.contains("Adoption of &#60;Trees&#62;</title>"), "{svg}");
        assert!(svg.contains("A &#38; B</desc>"), "{svg}");
        assert!(
            svg.contains("&#60;b&#62; 50.0%") && !svg.contains("<b>"),
            "{svg}"
        );
        assert!(svg.contains("Other: nobody eligible"), "{svg}");
    }

    #[test]
    fn the_scale_is_from_nothing_to_everything_whatever_the_points_are() {
        let svg = svg(&[series("A", &[Some(0.01), Some(0.02)])], &[], Size::Narrow);
        for label in [">0%<", ">25%<", ">50%<", ">75%<", ">100%<"] {
            assert!(svg.contains(label), "{label} in {svg}");
        }
    }

    #[test]
    fn a_missing_rate_is_a_gap_and_not_nothing() {
        let gap = svg(
            &[series("A", &[Some(0.5), None, Some(0.5), Some(0.5)])],
            &[],
            Size::Small,
        );
        let zero = svg(
            &[series("A", &[Some(0.5), Some(0.0), Some(0.5), Some(0.5)])],
            &[],
            Size::Small,
        );
        assert_eq!(paths(&gap)[0].matches('M').count(), 2, "{gap}");
        assert_eq!(paths(&zero)[0].matches('M').count(), 1, "{zero}");
    }

    #[test]
    fn lines_beyond_those_that_can_be_told_apart_are_left_out() {
        let six: Vec<_> = (1..=6)
            .map(|n| series(&format!("S{n}"), &[Some(0.5)]))
            .collect();
        let svg = svg(&six, &[], Size::Wide);
        assert_eq!(paths(&svg).len(), MOST_LINES);
        assert!(svg.contains("S4") && !svg.contains("S5"));
    }

    #[test]
    fn marks_are_labelled_within_the_span_and_their_badges_do_not_touch() {
        let mark = |month, label: &str| Mark {
            on: on(2026, month),
            label: label.to_owned(),
        };
        let marks = [
            mark(5, "1"),
            mark(6, "2"),
            mark(7, "3"),
            Mark {
                on: on(2020, 1),
                label: "4".into(),
            },
        ];
        let one = [series("A", &[Some(0.5)])];
        let narrow = svg(&one, &marks, Size::Narrow);
        let badges: Vec<(f64, f64)> = narrow
            .split("<circle cx=\"")
            .skip(1)
            .map(|rest| {
                let (x, rest) = rest.split_once('"').unwrap();
                let y = rest
                    .split_once("cy=\"")
                    .unwrap()
                    .1
                    .split_once('"')
                    .unwrap()
                    .0;
                (x.parse().unwrap(), y.parse().unwrap())
            })
            .collect();
        assert_eq!(badges.len(), 3);
        for (at, one) in badges.iter().enumerate() {
            assert!(one.1 >= 9.0, "{badges:?}");
            for other in &badges[..at] {
                assert!(
                    (one.0 - other.0).hypot(one.1 - other.1) >= 18.0,
                    "{badges:?}"
                );
            }
        }
        assert!(!svg(&one, &marks, Size::Small).contains("<circle"));
    }
}
