//! Projects: their phases, which follows which, and what is said of a project when it starts.

use crate::adoption::is_web_address;
use crate::{Error, Result, text_enum};

text_enum!(
    /// How far a project has come.
    pub enum Phase as "phase" {
        /// Finds out what is needed.
        Discovery = "DISCOVERY",
        /// Tries ideas.
        Alpha = "ALPHA",
        /// Is used by a few.
        Beta = "BETA",
        /// Is used by whoever wants it.
        Live = "LIVE",
        /// Has done its work.
        Retired = "RETIRED",
        /// Was given up, with a reason.
        Stopped = "STOPPED",
    }
);

/// The longest title, in characters.
pub const LONGEST_TITLE: usize = 200;

/// The longest summary or note, in characters.
pub const LONGEST_TEXT: usize = 4_000;

/// The most days between two statuses.
const MOST_CADENCE: i32 = 365;

impl Phase {
    /// Whether the project is still worked on.
    pub fn is_open(self) -> bool {
        !matches!(self, Self::Retired | Self::Stopped)
    }

    /// How far along it is; `None` for a project that was stopped, which is on no way any more.
    fn step(self) -> Option<usize> {
        [
            Self::Discovery,
            Self::Alpha,
            Self::Beta,
            Self::Live,
            Self::Retired,
        ]
        .iter()
        .position(|phase| *phase == self)
    }

    /// Checks a move from this phase to another, and says whose gates it passes: those of the phase it enters and of each
    /// that it passes over. Back and out there are no gates.
    ///
    /// Forward a project may pass over phases. Back it may go with a reason. Only what is live retires; whatever is open
    /// may stop, with a reason. What is over stays over.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a move that there is not, or one that lacks its reason.
    pub fn moves(self, to: Self, reason: Option<&str>) -> Result<Vec<Self>> {
        if !self.is_open() {
            let told = format!("The project is {self} and stays so; start a new one instead.");
            return Err(Error::invalid("phase", told));
        }
        if self == to {
            let told = format!("The project is in {self} already; name another phase.");
            return Err(Error::invalid("phase", told));
        }
        if to == Self::Retired && self != Self::Live {
            let told = format!(
                "Only a LIVE project is retired, and this one is in {self}; stop it with the reason instead."
            );
            return Err(Error::invalid("phase", told));
        }
        let unsaid = reason.is_none_or(|text| text.trim().is_empty());
        let (Some(here), Some(there)) = (self.step(), to.step()) else {
            return match unsaid {
                true => Err(Error::invalid(
                    "reason",
                    "Say why it stops: others who meet the same problem learn from it.",
                )),
                false => Ok(Vec::new()),
            };
        };
        if there < here {
            return match unsaid {
                true => Err(Error::invalid("reason", "Say why it goes back.")),
                false => Ok(Vec::new()),
            };
        }
        let passed = |phase: &Self| phase.step().is_some_and(|at| here < at && at <= there);
        Ok(Self::ALL.iter().copied().filter(passed).collect())
    }
}

/// A text of one line that must not be empty.
///
/// # Errors
/// [`Error::Invalid`] when it is empty, or longer than `most` characters.
pub fn line(field: &'static str, raw: &str, most: usize) -> Result<String> {
    let text = raw.split_whitespace().collect::<Vec<_>>().join(" ");
    within(field, text, most)
}

/// A text of any number of lines that must not be empty.
///
/// # Errors
/// As [`line()`].
pub fn text(field: &'static str, raw: &str, most: usize) -> Result<String> {
    within(field, raw.trim().to_owned(), most)
}

fn within(field: &'static str, text: String, most: usize) -> Result<String> {
    match text.chars().count() {
        0 => Err(Error::invalid(field, "Write something here.")),
        n if n > most => {
            let told = format!("Write at most {most} characters; these are {n}.");
            Err(Error::invalid(field, told))
        }
        // The null character is no text to PostgreSQL.
        _ if text.contains('\0') => Err(Error::invalid(field, "Write it without null characters.")),
        _ => Ok(text),
    }
}

/// A text that may be left out; blank is left out.
///
/// # Errors
/// [`Error::Invalid`] when it is longer than `most` characters.
pub fn words(field: &'static str, raw: Option<&str>, most: usize) -> Result<Option<String>> {
    let said = raw.map(str::trim).filter(|text| !text.is_empty());
    said.map(|said| text(field, said, most)).transpose()
}

/// The address of a page.
///
/// # Errors
/// [`Error::Invalid`] when it does not begin with `https://` or `http://`, or is longer than 2,000 characters.
pub fn address(field: &'static str, raw: &str) -> Result<String> {
    let url = raw.trim();
    if is_web_address(url) && url.chars().count() <= 2_000 {
        return Ok(url.to_owned());
    }
    let told = format!("`{url}` is not a web address; start it with https:// or http://.");
    Err(Error::invalid(field, told))
}

/// How often a status is expected, in days.
///
/// # Errors
/// [`Error::Invalid`] when it is none of 1 to 365.
pub fn cadence(days: i32) -> Result<i32> {
    if (1..=MOST_CADENCE).contains(&days) {
        return Ok(days);
    }
    let told = format!("Give 1 to {MOST_CADENCE} days; {days} is not.");
    Err(Error::invalid("cadenceDays", told))
}

#[cfg(test)]
mod tests {
    use super::Phase::{Alpha, Beta, Discovery, Live, Retired, Stopped};
    use super::*;

    /// Every legal move, with the phases whose gates it passes, and whether it needs a reason.
    #[rustfmt::skip]
    const LEGAL: &[(Phase, Phase, &[Phase], bool)] = &[
        (Discovery, Alpha, &[Alpha], false),
        (Discovery, Beta, &[Alpha, Beta], false),
        (Discovery, Live, &[Alpha, Beta, Live], false),
        (Discovery, Stopped, &[], true),
        (Alpha, Discovery, &[], true),
        (Alpha, Beta, &[Beta], false),
        (Alpha, Live, &[Beta, Live], false),
        (Alpha, Stopped, &[], true),
        (Beta, Discovery, &[], true),
        (Beta, Alpha, &[], true),
        (Beta, Live, &[Live], false),
        (Beta, Stopped, &[], true),
        (Live, Discovery, &[], true),
        (Live, Alpha, &[], true),
        (Live, Beta, &[], true),
        (Live, Retired, &[Retired], false),
        (Live, Stopped, &[], true),
    ];

    #[test]
    fn every_move_from_every_phase_is_legal_or_not_as_the_table_says() {
        for from in Phase::ALL {
            for to in Phase::ALL {
                let (said, unsaid) = (from.moves(*to, Some("why")), from.moves(*to, Some(" ")));
                match LEGAL.iter().find(|row| row.0 == *from && row.1 == *to) {
                    Some((_, _, gates, needs_reason)) => {
                        assert_eq!(&said.unwrap(), gates, "{from} → {to}");
                        assert_eq!(unsaid.is_err(), *needs_reason, "{from} → {to}");
                        assert_eq!(
                            from.moves(*to, None).is_err(),
                            *needs_reason,
                            "{from} → {to}"
                        );
                    }
                    None => assert!(said.is_err() && unsaid.is_err(), "{from} → {to}"),
                }
            }
        }
    }

    #[test]
    fn a_refused_move_says_what_to_do_instead() {
        let told = |from: Phase, to, reason| from.moves(to, reason).unwrap_err().to_string();
        assert!(told(Stopped, Alpha, Some("x")).contains("start a new one"));
        assert!(told(Beta, Retired, None).contains("Only a LIVE project is retired"));
        assert!(told(Beta, Stopped, None).contains("Say why it stops"));
        assert!(told(Beta, Alpha, None).contains("Say why it goes back"));
        assert!(told(Beta, Beta, None).contains("already"));
    }

    #[test]
    fn texts_are_kept_within_bounds() {
        assert_eq!(line("title", " A \n b ", 10).unwrap(), "A b");
        assert!(line("title", " \n", 10).is_err());
        assert!(text("summary", "12345678901", 10).is_err());
        assert!(text("summary", "a\0b", 10).is_err());
        assert_eq!(text("summary", " a\nb ", 10).unwrap(), "a\nb");
        assert_eq!(words("note", Some("  "), 10).unwrap(), None);
        assert_eq!(words("note", Some(" é "), 1).unwrap(), Some("é".to_owned()));
        assert!(address("url", "ftp://example.org").is_err());
        assert_eq!(
            address("url", " https://example.org ").unwrap(),
            "https://example.org"
        );
        assert!(cadence(0).is_err() && cadence(366).is_err() && cadence(14).is_ok());
    }
}
