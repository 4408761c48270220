//! The adoption curve of a standard: its charts, the reorganisations marked on them, and its tables.

use serde::Deserialize;

use crate::chart::{Chart, Drawing, MOST_LINES, Mark, Point, Series, Size, draw};
use crate::reorganised::{Reorganisation, Sentence};
use crate::show::{Count, Coverage, Day, Rate};

/// No group with fewer eligible bodies than this is shown on its own: one body would swing its rate.
pub(crate) const SMALLEST_GROUP: i64 = 5;

/// The figures of one group, or of all eligible bodies, over time.
#[derive(Debug, Deserialize)]
pub(crate) struct Run {
    #[serde(default)]
    group: Option<Group>,
    points: Vec<Figures>,
}

#[derive(Debug, Deserialize)]
struct Group {
    name: String,
}

/// The figures of one day.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Figures {
    pub(crate) on: Day,
    pub(crate) eligible: Count,
    pub(crate) adopted: Count,
    pub(crate) exempt: Count,
    pub(crate) unknown: Count,
    pub(crate) rate: Rate,
    pub(crate) coverage: Coverage,
}

impl Figures {
    /// The denominator of the rate: the eligible bodies that are not exempt.
    pub(crate) fn counted(&self) -> Count {
        Count(self.eligible.0 - self.exempt.0)
    }
}

impl Run {
    fn name(&self) -> &str {
        self.group
            .as_ref()
            .map_or("All bodies", |group| &group.name)
    }

    fn series(&self, context: bool) -> Series {
        let point = |figures: &Figures| Point {
            on: figures.on.0,
            rate: figures.rate.0,
        };
        Series {
            name: self.name().to_owned(),
            points: self.points.iter().map(point).collect(),
            context,
        }
    }

    fn large_enough(&self) -> bool {
        let eligible = self.points.last().map_or(0, |figures| figures.eligible.0);
        eligible >= SMALLEST_GROUP
    }
}

/// Everything the page shows of the curve.
pub(crate) struct Curve {
    /// One chart in two sizes, of which the style sheet shows one.
    pub(crate) charts: [Drawing; 2],
    /// Whether any body was eligible on any day shown, so that there is something to draw.
    pub(crate) drawn: bool,
    /// A chart for each group, where there are too many for the one.
    pub(crate) panels: Vec<Panel>,
    pub(crate) marked: Vec<Marked>,
    /// The last figures of each group that is large enough.
    pub(crate) groups: Vec<GroupRow>,
    /// The names of the groups that are not.
    pub(crate) too_small: Vec<String>,
    /// The figures of all eligible bodies, newest first.
    pub(crate) whole: Vec<Figures>,
    /// The rates of the groups, newest first.
    pub(crate) parts: Vec<PartRow>,
}

/// The chart of one group.
pub(crate) struct Panel {
    pub(crate) name: String,
    pub(crate) last: Rate,
    pub(crate) chart: Drawing,
}

/// A reorganisation as it is marked on the charts.
pub(crate) struct Marked {
    pub(crate) label: String,
    pub(crate) on: Day,
    pub(crate) sentences: Vec<Sentence>,
}

/// The last figures of one group.
pub(crate) struct GroupRow {
    pub(crate) name: String,
    pub(crate) figures: Figures,
}

/// The figures of each group on one day; none where a group has no figure for it.
pub(crate) struct PartRow {
    pub(crate) on: Day,
    pub(crate) figures: Vec<Option<Figures>>,
}

/// The days and the name of a curve.
pub(crate) struct Span<'a> {
    pub(crate) from: Day,
    pub(crate) to: Day,
    pub(crate) standard: &'a str,
}

impl Curve {
    /// Puts together the charts and tables of all eligible bodies, and of groups if it is cut by any.
    pub(crate) fn of(
        span: &Span<'_>,
        whole: &[Run],
        parts: &[Run],
        days: &[Reorganisation],
    ) -> Self {
        let (shown, small): (Vec<_>, Vec<_>) = parts.iter().partition(|run| run.large_enough());
        let marked = marked(days);
        let marks: Vec<_> = marked.iter().map(Marked::mark).collect();
        let (together, apart) = match shown.len() {
            ..=MOST_LINES => (shown.as_slice(), [].as_slice()),
            _ => ([].as_slice(), shown.as_slice()),
        };
        let main = series(whole, together);
        let panel = |(at, run): (usize, &&Run)| panel(span, at, run, whole, &marks);
        let rates = main.iter().flat_map(|one| &one.points);
        Self {
            drawn: rates.into_iter().any(|point| point.rate.is_some()),
            charts: [Size::Wide, Size::Narrow].map(|size| drawing(span, &main, &marks, size)),
            panels: apart.iter().enumerate().map(panel).collect(),
            groups: shown.iter().filter_map(|run| group_row(run)).collect(),
            too_small: small.iter().map(|run| run.name().to_owned()).collect(),
            whole: whole
                .iter()
                .flat_map(|run| run.points.iter().rev().cloned())
                .collect(),
            parts: part_rows(&shown),
            marked,
        }
    }
}

impl Marked {
    fn mark(&self) -> Mark {
        Mark {
            on: self.on.0,
            label: self.label.clone(),
        }
    }
}

/// The reorganisations with the numbers that refer to them.
fn marked(days: &[Reorganisation]) -> Vec<Marked> {
    let mark = |(number, day): (usize, &Reorganisation)| Marked {
        label: number.to_string(),
        on: day.on,
        sentences: day.sentences(),
    };
    (1..).zip(days).map(mark).collect()
}

/// The lines of one chart: all eligible bodies, behind the groups if there are any.
fn series(whole: &[Run], groups: &[&Run]) -> Vec<Series> {
    let context = whole.iter().map(|run| run.series(!groups.is_empty()));
    context
        .chain(groups.iter().map(|run| run.series(false)))
        .collect()
}

fn drawing(span: &Span<'_>, series: &[Series], marks: &[Mark], size: Size) -> Drawing {
    let description = described(series);
    draw(
        &Chart {
            id: "curve",
            title: &format!(
                "Adoption of {} from {} to {}",
                span.standard, span.from, span.to
            ),
            description: &description,
            from: span.from.0,
            to: span.to.0,
            series,
            marks,
        },
        size,
    )
}

/// A small chart of one group, with all eligible bodies behind it to compare.
fn panel(span: &Span<'_>, number: usize, run: &Run, whole: &[Run], marks: &[Mark]) -> Panel {
    let series = series(whole, &[run]);
    let chart = Chart {
        id: &format!("panel-{number}"),
        title: &format!("Adoption of {} in {}", span.standard, run.name()),
        description: &described(&series),
        from: span.from.0,
        to: span.to.0,
        series: &series,
        marks,
    };
    Panel {
        name: run.name().to_owned(),
        last: run.points.last().map_or(Rate(None), |figures| figures.rate),
        chart: draw(&chart, Size::Small),
    }
}

/// Where each line begins and ends, in words.
fn described(series: &[Series]) -> String {
    let described = series.iter().map(|one| {
        let mut known = one.points.iter().filter(|point| point.rate.is_some());
        let first = known.next();
        let last = known.next_back().or(first);
        let place = |point: &Point| format!("{} on {}", Rate(point.rate), Day(point.on));
        match (first, last) {
            (Some(first), Some(last)) => {
                format!("{}: from {} to {}.", one.name, place(first), place(last))
            }
            _ => format!("{}: no body is eligible on any day shown.", one.name),
        }
    });
    described.collect::<Vec<_>>().join(" ")
}

fn group_row(run: &Run) -> Option<GroupRow> {
    Some(GroupRow {
        name: run.name().to_owned(),
        figures: run.points.last()?.clone(),
    })
}

/// The groups side by side on each day of the first of them, newest first.
fn part_rows(shown: &[&Run]) -> Vec<PartRow> {
    let days = shown
        .first()
        .into_iter()
        .flat_map(|run| run.points.iter().rev());
    let on = |day: Day| {
        let figures = |run: &&Run| run.points.iter().find(|point| point.on == day).cloned();
        PartRow {
            on: day,
            figures: shown.iter().map(figures).collect(),
        }
    };
    days.map(|figures| on(figures.on)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::NaiveDate;
    use serde_json::json;

    fn run(name: Option<&str>, eligible: i64, rates: &[Option<f64>]) -> Run {
        let points: Vec<_> = (1..)
            .zip(rates)
            .map(|(month, rate)| {
                json!({ "on": format!("2026-{month:02}-01"), "eligible": eligible, "adopted": 1,
                        "exempt": 1, "unknown": 2, "rate": rate, "coverage": null })
            })
            .collect();
        let group = name.map(|name| json!({ "name": name }));
        serde_json::from_value(json!({ "group": group, "points": points })).unwrap()
    }

    fn curve(parts: &[Run]) -> Curve {
        let day = |month| Day(NaiveDate::from_ymd_opt(2026, month, 1).unwrap());
        let span = Span {
            from: day(1),
            to: day(3),
            standard: "Trees",
        };
        Curve::of(
            &span,
            &[run(None, 50, &[None, Some(0.25), Some(0.5)])],
            parts,
            &[],
        )
    }

    #[test]
    fn without_a_cut_there_is_one_chart_in_two_sizes_and_the_newest_figure_comes_first() {
        let curve = curve(&[]);
        assert!(curve.panels.is_empty());
        assert!(curve.charts[0].to_string().contains("50.0%"));
        let days: Vec<_> = curve.whole.iter().map(|figures| figures.on.iso()).collect();
        assert_eq!(days, ["2026-03-01", "2026-02-01", "2026-01-01"]);
    }

    #[test]
    fn without_any_rate_there_is_nothing_to_draw() {
        let day = Day(NaiveDate::from_ymd_opt(2026, 1, 1).unwrap());
        let span = Span {
            from: day,
            to: day,
            standard: "Trees",
        };
        assert!(!Curve::of(&span, &[run(None, 0, &[None, None])], &[], &[]).drawn);
        assert!(curve(&[]).drawn);
    }

    #[test]
    fn a_group_of_fewer_than_five_bodies_is_not_shown_on_its_own() {
        let curve = curve(&[
            run(Some("Four"), 4, &[Some(1.0)]),
            run(Some("Five"), 5, &[Some(0.2)]),
        ]);
        assert_eq!(curve.too_small, ["Four"]);
        assert_eq!(
            curve
                .groups
                .iter()
                .map(|row| row.name.as_str())
                .collect::<Vec<_>>(),
            ["Five"]
        );
        assert!(!curve.charts[0].to_string().contains("Four"));
    }

    #[test]
    fn more_groups_than_can_be_told_apart_each_have_a_chart() {
        let groups: Vec<_> = (1..=5)
            .map(|n| run(Some(&format!("G{n}")), 9, &[Some(0.1)]))
            .collect();
        assert_eq!(curve(&groups).panels.len(), 5);
        assert!(!curve(&groups).charts[0].to_string().contains("G1"));
        assert_eq!(curve(&groups[..4]).panels.len(), 0);
        assert!(
            curve(&groups[..4]).charts[0]
                .to_string()
                .contains("G1 10.0%")
        );
    }

    #[test]
    fn a_description_passes_over_days_without_a_rate() {
        let series = [run(None, 9, &[None, Some(0.25), Some(0.5), None]).series(false)];
        assert_eq!(
            described(&series),
            "All bodies: from 25.0% on 1 February 2026 to 50.0% on 1 March 2026."
        );
        let empty = [run(Some("A"), 9, &[None]).series(false)];
        assert_eq!(
            described(&empty),
            "A: no body is eligible on any day shown."
        );
    }

    #[test]
    fn groups_are_set_side_by_side_by_day() {
        let rows = curve(&[
            run(Some("A"), 9, &[Some(0.1), Some(0.2)]),
            run(Some("B"), 9, &[Some(0.3)]),
        ])
        .parts;
        let rates: Vec<Vec<_>> = rows
            .iter()
            .map(|row| {
                row.figures
                    .iter()
                    .map(|one| one.as_ref().map(|one| one.rate.to_string()))
                    .collect()
            })
            .collect();
        assert_eq!(
            rates,
            [
                vec![Some("20.0%".into()), None],
                vec![Some("10.0%".into()), Some("30.0%".into())]
            ]
        );
    }
}
