//! A small bar beside a number: a solid part for what it counts, a striped part for what is unknown.

use askama::Template;

/// Shares of the whole from 0 to 1; together at most 1. What is left is known to be something else.
#[derive(Template)]
#[template(path = "bar.html")]
pub(crate) struct Bar {
    filled: f64,
    unknown: f64,
}

impl Bar {
    /// The shares that two counts have of a whole; an empty bar where the whole is nothing.
    pub(crate) fn of(filled: i64, unknown: i64, whole: i64) -> Self {
        Self {
            filled: share(filled, whole),
            unknown: share(unknown, whole),
        }
    }

    fn filled_width(&self) -> String {
        format!("{:.1}", self.filled * WIDTH)
    }

    /// What is unknown is at the far end; on its own it starts where bars start.
    fn unknown_ends(&self) -> (String, String) {
        let length = self.unknown * WIDTH;
        let start = if self.filled > 0.0 {
            WIDTH - length
        } else {
            0.0
        };
        (format!("{start:.1}"), format!("{:.1}", start + length))
    }
}

/// The width of a bar in its drawing.
const WIDTH: f64 = 200.0;

fn share(count: i64, whole: i64) -> f64 {
    #[allow(
        clippy::cast_precision_loss,
        reason = "counts of bodies are far below 2^52"
    )]
    match whole {
        ..=0 => 0.0,
        _ => (count as f64 / whole as f64).clamp(0.0, 1.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_unknown_is_striped_at_the_far_end() {
        let bar = Bar::of(50, 25, 100).to_string();
        assert!(bar.contains(r#"width="100.0""#), "{bar}");
        assert!(bar.contains("M150.0 5H200.0"), "{bar}");
    }

    #[test]
    fn what_is_unknown_starts_the_bar_where_nothing_else_does() {
        let bar = Bar::of(0, 25, 100).to_string();
        assert!(bar.contains("M0.0 5H50.0"), "{bar}");
    }

    #[test]
    fn a_bar_of_nothing_is_empty() {
        let bar = Bar::of(0, 0, 0).to_string();
        assert!(
            !bar.contains("bar-filled") && !bar.contains("bar-unknown"),
            "{bar}"
        );
    }
}
