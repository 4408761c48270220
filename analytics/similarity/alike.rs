//! Tells whether two words are one word spelt differently, or one of them the beginning of the other.

/// Whether two different plain words are so alike that somebody may have meant the same: a word still being typed, or one
/// change of a letter in words of four to seven letters, two in longer ones. Shorter words are alike too often by chance,
/// and few spelling mistakes change the first letter (E. Yannakoudakis and D. Fawthrop, "The rules of spelling errors",
/// Information Processing & Management 19(2), 1983).
pub(super) fn alike(one: &str, other: &str) -> bool {
    let one: Vec<char> = one.chars().collect();
    let other: Vec<char> = other.chars().collect();
    let allowed = match one.len().min(other.len()) {
        0..=3 => return false,
        4..=7 => 1,
        _ => 2,
    };
    let may_be = one[0] == other[0] && one.len().abs_diff(other.len()) <= allowed;
    one.starts_with(&other)
        || other.starts_with(&one)
        || (may_be && distance(&one, &other) <= allowed)
}

/// How many letters have to be put in, left out, replaced or swapped with their neighbour to make one word the other
/// (F. J. Damerau, "A technique for computer detection and correction of spelling errors", CACM 7(3), 1964; no letter is
/// changed twice).
fn distance(one: &[char], other: &[char]) -> usize {
    let mut before_last = vec![0; other.len() + 1];
    let mut last: Vec<usize> = (0..=other.len()).collect();
    for i in 1..=one.len() {
        let mut row = vec![i; other.len() + 1];
        for j in 1..=other.len() {
            let differs = usize::from(one[i - 1] != other[j - 1]);
            let mut least = (last[j] + 1).min(row[j - 1] + 1).min(last[j - 1] + differs);
            if i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1] {
                least = least.min(before_last[j - 2] + 1);
            }
            row[j] = least;
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_spelt_differently_are_alike_and_different_words_are_not() {
        for (one, other) in [
            ("recieve", "receive"),
            ("colection", "collection"),
            ("bisn", "bins"),
            ("acess", "access"),
            ("accessib", "accessibility"),
        ] {
            assert!(alike(one, other) && alike(other, one), "{one} {other}");
        }
        for (one, other) in [
            ("bin", "ban"),
            ("car", "cards"),
            ("housing", "hosting"),
            ("waste", "taste"),
            ("planning", "cleaning"),
        ] {
            assert!(!alike(one, other) && !alike(other, one), "{one} {other}");
        }
    }
}
