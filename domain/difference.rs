//! What of a text was kept, taken out and put in, line by line.

/// A line of a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line<'a> {
    /// It stands in both.
    Same(&'a str),
    /// It stood before.
    Out(&'a str),
    /// It stands now.
    In(&'a str),
}

/// How `after` differs from `before`, with as many lines kept as can be. What was taken out comes before what was put in.
///
/// It takes time and room by the product of the lines of both, so it is for texts of some hundred lines.
pub fn lines<'a>(before: &'a str, after: &'a str) -> Vec<Line<'a>> {
    let (old, new): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let kept = longest_kept(&old, &new);
    let (mut from, mut to) = (0, 0);
    let mut lines = Vec::with_capacity(old.len().max(new.len()));
    while from < old.len() || to < new.len() {
        if from < old.len() && to < new.len() && old[from] == new[to] {
            lines.push(Line::Same(old[from]));
            (from, to) = (from + 1, to + 1);
        } else if from < old.len() && (to == new.len() || kept[from + 1][to] >= kept[from][to + 1])
        {
            lines.push(Line::Out(old[from]));
            from += 1;
        } else {
            lines.push(Line::In(new[to]));
            to += 1;
        }
    }
    lines
}

/// How many lines can be kept of what follows each pair of places.
fn longest_kept(old: &[&str], new: &[&str]) -> Vec<Vec<usize>> {
    let mut kept = vec![vec![0; new.len() + 1]; old.len() + 1];
    for from in (0..old.len()).rev() {
        for to in (0..new.len()).rev() {
            kept[from][to] = if old[from] == new[to] {
                kept[from + 1][to + 1] + 1
            } else {
                kept[from + 1][to].max(kept[from][to + 1])
            };
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_changed_line_is_taken_out_and_put_in() {
        let difference = lines("One.\nTwo.\nThree.", "One.\n2.\nThree.\nFour.");
        let wanted = [
            Line::Same("One."),
            Line::Out("Two."),
            Line::In("2."),
            Line::Same("Three."),
            Line::In("Four."),
        ];
        assert_eq!(difference, wanted);
        assert_eq!(lines("", ""), []);
        assert_eq!(lines("", "a"), [Line::In("a")]);
        assert_eq!(lines("a", ""), [Line::Out("a")]);
    }

    proptest! {
        #[test]
        fn both_texts_can_be_read_out_of_the_difference(before in "([a-c]\n){0,12}", after in "([a-c]\n){0,12}") {
            let difference = lines(&before, &after);
            let read = |skip: fn(&Line<'_>) -> bool| -> Vec<String> {
                let text = |line: &Line<'_>| match *line {
                    Line::Same(text) | Line::Out(text) | Line::In(text) => text.to_owned(),
                };
                difference.iter().filter(|line| !skip(line)).map(text).collect()
            };
            let old = read(|line| matches!(line, Line::In(_)));
            let new = read(|line| matches!(line, Line::Out(_)));
            prop_assert_eq!(old, before.lines().map(str::to_owned).collect::<Vec<_>>());
            prop_assert_eq!(new, after.lines().map(str::to_owned).collect::<Vec<_>>());
        }

        #[test]
        fn a_text_differs_from_itself_in_nothing(text in "([a-c]\n){0,12}") {
            prop_assert!(lines(&text, &text).iter().all(|line| matches!(line, Line::Same(_))));
        }
    }
}
