//! Successions: which body follows which when councils merge, split or change their form.

use crate::{Error, Result, id::OrganisationId, text_enum};
use chrono::{Days, NaiveDate};

text_enum!(
    /// How one body follows another. It is derived from the pairs of a day, never stored.
    pub enum SuccessionKind as "kind" {
        /// Several bodies became one.
        Merge = "MERGE",
        /// One body became several.
        Split = "SPLIT",
        /// One body became one other.
        Rename = "RENAME",
    }
);

/// One predecessor, one successor, and the successor's first day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Pair {
    /// The body that closed.
    pub predecessor: OrganisationId,
    /// The body that follows it.
    pub successor: OrganisationId,
    /// The first day of the successor, UTC.
    pub on: NaiveDate,
}

/// How `pair` looks among all the pairs of its day: a body with several successors split; otherwise a successor with
/// several predecessors is a merge.
pub fn kind_of(pair: &Pair, all: &[Pair]) -> SuccessionKind {
    let same_day = || all.iter().filter(|other| other.on == pair.on);
    if same_day()
        .filter(|o| o.predecessor == pair.predecessor)
        .count()
        > 1
    {
        SuccessionKind::Split
    } else if same_day().filter(|o| o.successor == pair.successor).count() > 1 {
        SuccessionKind::Merge
    } else {
        SuccessionKind::Rename
    }
}

/// The first day a predecessor is no longer open, given the end date its register states and its successor's first day.
///
/// Registers disagree whether an end date is the last day or the first day after; both readings meet at the successor.
///
/// # Errors
/// [`Error::Invalid`] when the stated end fits neither reading.
pub fn normalise_end(stated: Option<NaiveDate>, successor_start: NaiveDate) -> Result<NaiveDate> {
    match stated {
        None => Ok(successor_start),
        Some(end)
            if end == successor_start
                || end.checked_add_days(Days::new(1)) == Some(successor_start) =>
        {
            Ok(successor_start)
        }
        Some(end) => Err(Error::invalid(
            "end",
            format!(
                "The body ends on {end} but its successor starts on {successor_start}; correct one of them."
            ),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn pair(predecessor: u128, successor: u128, on: &str) -> Pair {
        Pair {
            predecessor: Uuid::from_u128(predecessor).into(),
            successor: Uuid::from_u128(successor).into(),
            on: on.parse().unwrap(),
        }
    }

    #[test]
    fn merges_splits_and_renames_are_told_apart_by_day() {
        let all = [
            pair(1, 10, "2019-04-01"),
            pair(2, 10, "2019-04-01"),
            pair(10, 20, "2023-04-01"),
            pair(3, 30, "2021-04-01"),
            pair(3, 31, "2021-04-01"),
            pair(4, 30, "2021-04-01"),
        ];
        let kinds: Vec<_> = all.iter().map(|p| kind_of(p, &all)).collect();
        use SuccessionKind::{Merge, Rename, Split};
        assert_eq!(kinds, [Merge, Merge, Rename, Split, Split, Merge]);
    }

    #[test]
    fn inclusive_and_exclusive_ends_meet_at_the_successor() {
        let start: NaiveDate = "2019-04-01".parse().unwrap();
        for stated in ["2019-03-31", "2019-04-01"] {
            assert_eq!(
                normalise_end(Some(stated.parse().unwrap()), start).unwrap(),
                start
            );
        }
        assert_eq!(normalise_end(None, start).unwrap(), start);
        assert!(normalise_end("2018-03-31".parse().ok(), start).is_err());
    }
}
