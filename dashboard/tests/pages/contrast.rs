//! The colours of the style sheet against WCAG 2.2 AA, in both schemes, by its own formula.

use std::collections::HashMap;

use dashboard::STYLE;

/// Words on what they stand on: at least 4.5 to 1 (success criterion 1.4.3).
const WORDS: &[(&str, &str)] = &[
    ("ink", "paper"),
    ("ink", "panel"),
    ("muted", "paper"),
    ("muted", "panel"),
    ("link", "paper"),
    ("link", "panel"),
    ("on-band", "band"),
    ("paper", "link"),
    ("paper", "ink"),
    ("on-good", "good"),
    ("on-way", "way"),
    ("on-bad", "bad"),
    ("on-bad", "paper"),
    ("on-bad", "panel"),
    ("on-plain", "plain"),
    ("line-1", "paper"),
    ("line-2", "paper"),
    ("line-3", "paper"),
    ("line-4", "paper"),
];

/// Edges of controls, focus, and what carries meaning in a chart: at least 3 to 1 (1.4.11).
const SHAPES: &[(&str, &str)] = &[
    ("edge", "paper"),
    ("edge", "panel"),
    ("focus", "paper"),
    ("focus", "panel"),
    ("focus-on-band", "band"),
    ("line-1", "panel"),
    ("line-2", "panel"),
    ("line-3", "panel"),
];

#[test]
fn words_can_be_read_in_both_schemes() {
    for (scheme, colours) in schemes() {
        for pair in WORDS {
            assert_contrast(scheme, &colours, *pair, 4.5);
        }
    }
}

#[test]
fn shapes_can_be_seen_in_both_schemes() {
    for (scheme, colours) in schemes() {
        for pair in SHAPES {
            assert_contrast(scheme, &colours, *pair, 3.0);
        }
    }
}

#[test]
fn contrast_is_that_of_the_published_examples() {
    assert!((contrast("#000000", "#ffffff") - 21.0).abs() < 1e-9);
    assert!((contrast("#777777", "#ffffff") - 4.478).abs() < 1e-3);
    assert!((contrast("#ffffff", "#777777") - contrast("#777777", "#ffffff")).abs() < 1e-12);
}

#[test]
fn every_colour_that_is_used_is_defined_in_both_schemes() {
    let [(_, light), (_, dark)] = schemes();
    for used in STYLE
        .split("var(--")
        .skip(1)
        .filter_map(|rest| rest.split_once(')'))
    {
        let name = used.0;
        if ["serif", "sans"].contains(&name) {
            continue;
        }
        assert!(
            light.contains_key(name) && dark.contains_key(name),
            "{name}"
        );
    }
    assert_eq!(light.len(), dark.len());
}

fn assert_contrast(scheme: &str, colours: &HashMap<&str, &str>, pair: (&str, &str), least: f64) {
    let ratio = contrast(colours[pair.0], colours[pair.1]);
    assert!(
        ratio >= least,
        "{scheme}: {} on {} has {ratio:.2}, needs {least}",
        pair.0,
        pair.1
    );
}

/// The colours of the light scheme and those of the dark one.
fn schemes() -> [(&'static str, HashMap<&'static str, &'static str>); 2] {
    let (_, light) = STYLE.split_once(":root {").unwrap();
    let (_, dark) = STYLE.split_once("(prefers-color-scheme: dark)").unwrap();
    [("light", colours(light)), ("dark", colours(dark))]
}

/// The custom properties up to the end of the first rule whose values are colours.
fn colours(css: &'static str) -> HashMap<&'static str, &'static str> {
    let (rule, _) = css.split_once('}').unwrap();
    let properties = rule.split(';').filter_map(|line| {
        let (name, value) = line.rsplit_once("--")?.1.split_once(':')?;
        Some((name, value.trim()))
    });
    properties
        .filter(|(_, value)| value.starts_with('#'))
        .collect()
}

fn contrast(one: &str, other: &str) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// Relative luminance of a colour written as `#rrggbb`.
fn luminance(colour: &str) -> f64 {
    let channel = |from: usize| {
        let value = f64::from(u8::from_str_radix(&colour[from..from + 2], 16).unwrap()) / 255.0;
        if value <= 0.04045 {
            value / 12.92
        } else {
            ((value + 0.055) / 1.055).powf(2.4)
        }
    };
    assert_eq!(colour.len(), 7, "{colour}");
    0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
}
