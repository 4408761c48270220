//! Status updates: what a project says of itself, filled up from the last, and put right by a newer one.

use crate::{Error, Result, text_enum};

/// The most characters of a headline.
pub const HEADLINE_MOST: usize = 200;

/// The most characters of a next step.
pub const NEXT_STEP_MOST: usize = 500;

text_enum!(
    /// How one side of a project stands.
    pub enum Rag as "colour" {
        /// As meant.
        Green = "GREEN",
        /// Something has to be done.
        Amber = "AMBER",
        /// It will not come out as meant.
        Red = "RED",
    }
);

/// The four sides of a project.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Colours {
    /// Whether it will deliver what it is to deliver.
    pub delivery: Rag,
    /// Whether its money will do.
    pub money: Rag,
    /// Whether it has the people.
    pub people: Rag,
    /// Whether others will use what it makes.
    pub reuse: Rag,
}

impl Colours {
    /// The four with their names, in their order.
    pub fn named(self) -> [(&'static str, Rag); 4] {
        [
            ("delivery", self.delivery),
            ("money", self.money),
            ("people", self.people),
            ("reuse", self.reuse),
        ]
    }
}

/// What an update says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// How it stands.
    pub colours: Colours,
    /// The news in one sentence.
    pub headline: String,
    /// What comes next; empty where nothing was said.
    pub next_step: String,
    /// That nothing changed was said in one touch.
    pub unchanged: bool,
}

/// An update as somebody sends it: what is left out is as in the last one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft {
    /// Whether it will deliver.
    pub delivery: Option<Rag>,
    /// Whether its money will do.
    pub money: Option<Rag>,
    /// Whether it has the people.
    pub people: Option<Rag>,
    /// Whether others will use what it makes.
    pub reuse: Option<Rag>,
    /// The news.
    pub headline: Option<String>,
    /// What comes next.
    pub next_step: Option<String>,
    /// That nothing changed.
    pub unchanged: bool,
}

impl Draft {
    /// The whole update, filled up from the last one of the project, or from the one that it puts right.
    ///
    /// # Errors
    /// [`Error::Invalid`] when the first update lacks a colour or the headline, when a text is too long, when it says
    /// nothing at all, or both that nothing changed and what did.
    pub fn complete(&self, last: Option<&Report>) -> Result<Report> {
        let headline = line("headline", self.headline.as_deref(), HEADLINE_MOST)?;
        let next_step = match &self.next_step {
            // Said, and empty: there is no next step any more.
            Some(raw) => Some(prose("nextStep", raw, NEXT_STEP_MOST)?.unwrap_or_default()),
            None => None,
        };
        if self.unchanged {
            return self.repeat(last, headline.as_deref(), next_step.as_deref());
        }
        if last.is_some() && *self == Self::default() {
            return Err(Error::invalid(
                "headline",
                "Say what is new, or that nothing changed (`unchanged: true`).",
            ));
        }
        let colours = Colours {
            delivery: side(
                "delivery",
                self.delivery,
                last.map(|last| last.colours.delivery),
            )?,
            money: side("money", self.money, last.map(|last| last.colours.money))?,
            people: side("people", self.people, last.map(|last| last.colours.people))?,
            reuse: side("reuse", self.reuse, last.map(|last| last.colours.reuse))?,
        };
        let headline = headline.or_else(|| last.map(|last| last.headline.clone()));
        let headline = headline.ok_or_else(|| {
            Error::invalid(
                "headline",
                "The first update needs a headline; say in a sentence how it stands.",
            )
        })?;
        let next_step = next_step.or_else(|| last.map(|last| last.next_step.clone()));
        Ok(Report {
            colours,
            headline,
            next_step: next_step.unwrap_or_default(),
            unchanged: false,
        })
    }

    /// The last update once more.
    fn repeat(
        &self,
        last: Option<&Report>,
        headline: Option<&str>,
        next_step: Option<&str>,
    ) -> Result<Report> {
        let last = last.ok_or_else(|| {
            Error::invalid(
                "unchanged",
                "There is no update yet that could be repeated; send the four colours and a headline.",
            )
        })?;
        let same = |said: Option<Rag>, stands| said.is_none_or(|said| said == stands);
        let repeats = same(self.delivery, last.colours.delivery)
            && same(self.money, last.colours.money)
            && same(self.people, last.colours.people)
            && same(self.reuse, last.colours.reuse)
            && headline.is_none_or(|said| said == last.headline)
            && next_step.is_none_or(|said| said == last.next_step);
        if !repeats {
            return Err(Error::invalid(
                "unchanged",
                "Say that nothing changed, or what did; not both.",
            ));
        }
        Ok(Report {
            unchanged: true,
            ..last.clone()
        })
    }
}

/// A colour: as said, else as it was.
fn side(field: &'static str, said: Option<Rag>, last: Option<Rag>) -> Result<Rag> {
    said.or(last).ok_or_else(|| {
        Error::invalid(
            field,
            format!(
                "The first update needs all four colours; say GREEN, AMBER or RED for {field}."
            ),
        )
    })
}

/// A text of one line: every run of blanks and line ends becomes one blank. `None` where nothing is said.
fn line(field: &'static str, raw: Option<&str>, most: usize) -> Result<Option<String>> {
    let words = raw.map(|raw| raw.split_whitespace().collect::<Vec<_>>().join(" "));
    prose(field, &words.unwrap_or_default(), most)
}

/// A text of some lines, trimmed; `None` where nothing is said.
///
/// # Errors
/// [`Error::Invalid`] of `field` when it has more than `most` characters, or one that no text has.
pub(crate) fn prose(field: &'static str, raw: &str, most: usize) -> Result<Option<String>> {
    let text = raw.trim().replace("\r\n", "\n");
    let count = text.chars().count();
    if count > most {
        return Err(Error::invalid(
            field,
            format!("Use at most {most} characters; these are {count}."),
        ));
    }
    if text
        .chars()
        .any(|one| one.is_control() && one != '\n' && one != '\t')
    {
        return Err(Error::invalid(field, "Leave control characters out."));
    }
    Ok((!text.is_empty()).then_some(text))
}

/// Checks that an update may be put right by a newer one: once.
///
/// # Errors
/// [`Error::Conflict`] when one did already.
pub fn check_correction(corrected: bool) -> Result<()> {
    if corrected {
        return Err(Error::Conflict(
            "This update was corrected already; correct the newer one instead.".to_owned(),
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::Rag::{Amber, Green, Red};
    use super::*;
    use proptest::prelude::*;

    fn last() -> Report {
        Report {
            colours: Colours {
                delivery: Green,
                money: Amber,
                people: Red,
                reuse: Green,
            },
            headline: "Pilot runs in three councils".to_owned(),
            next_step: "Ask two more".to_owned(),
            unchanged: false,
        }
    }

    fn first() -> Draft {
        Draft {
            delivery: Some(Green),
            money: Some(Amber),
            people: Some(Red),
            reuse: Some(Green),
            headline: Some(" Pilot runs\n in three  councils ".to_owned()),
            next_step: Some("Ask two more".to_owned()),
            unchanged: false,
        }
    }

    fn fault(draft: &Draft, last: Option<&Report>) -> &'static str {
        match draft.complete(last).unwrap_err() {
            Error::Invalid { field, .. } => field,
            other => panic!("{other}"),
        }
    }

    #[test]
    fn the_first_update_needs_four_colours_and_a_headline() {
        assert_eq!(first().complete(None).unwrap(), last());
        let without = |change: fn(&mut Draft)| {
            let mut draft = first();
            change(&mut draft);
            fault(&draft, None)
        };
        assert_eq!(without(|draft| draft.delivery = None), "delivery");
        assert_eq!(without(|draft| draft.money = None), "money");
        assert_eq!(without(|draft| draft.people = None), "people");
        assert_eq!(without(|draft| draft.reuse = None), "reuse");
        assert_eq!(without(|draft| draft.headline = None), "headline");
        assert_eq!(
            without(|draft| draft.headline = Some(" ".into())),
            "headline"
        );
        assert_eq!(without(|draft| draft.unchanged = true), "unchanged");
        let mut short = first();
        short.next_step = None;
        assert_eq!(short.complete(None).unwrap().next_step, "");
    }

    #[test]
    fn what_is_left_out_is_as_in_the_last_one() {
        let news = Draft {
            money: Some(Green),
            headline: Some("Money is there".to_owned()),
            ..Draft::default()
        };
        let told = news.complete(Some(&last())).unwrap();
        assert_eq!(told.colours.money, Green);
        assert_eq!(told.colours.people, Red);
        assert_eq!(told.headline, "Money is there");
        assert_eq!(told.next_step, "Ask two more");
        let done = Draft {
            next_step: Some(String::new()),
            ..Draft::default()
        };
        assert_eq!(done.complete(Some(&last())).unwrap().next_step, "");
    }

    #[test]
    fn no_change_repeats_the_last_one_and_says_nothing_else() {
        let same = Draft {
            unchanged: true,
            ..Draft::default()
        };
        let expected = Report {
            unchanged: true,
            ..last()
        };
        assert_eq!(same.complete(Some(&last())).unwrap(), expected);
        // A form sends what it was filled with.
        let filled = Draft {
            unchanged: true,
            ..first()
        };
        assert_eq!(filled.complete(Some(&last())).unwrap(), expected);
        let both = Draft {
            money: Some(Red),
            ..same
        };
        assert_eq!(fault(&both, Some(&last())), "unchanged");
        assert_eq!(fault(&Draft::default(), Some(&last())), "headline");
    }

    #[test]
    fn texts_have_their_lengths() {
        for (most, field) in [(HEADLINE_MOST, "headline"), (NEXT_STEP_MOST, "nextStep")] {
            for (count, ok) in [(most, true), (most + 1, false)] {
                let mut draft = first();
                let text = Some("ü".repeat(count));
                match field {
                    "headline" => draft.headline = text,
                    _ => draft.next_step = text,
                }
                if ok {
                    assert!(draft.complete(None).is_ok());
                } else {
                    assert_eq!(fault(&draft, None), field);
                }
            }
        }
        let mut strange = first();
        strange.next_step = Some("bell\u{7}".to_owned());
        assert_eq!(fault(&strange, None), "nextStep");
    }

    #[test]
    fn an_update_is_put_right_once() {
        assert!(check_correction(false).is_ok());
        assert_eq!(check_correction(true).unwrap_err().code(), "CONFLICT");
    }

    proptest! {
        #[test]
        fn an_update_that_says_all_needs_no_other(a in 0..3_usize, b in 0..3_usize, c in 0..3_usize, d in 0..3_usize) {
            let draft = Draft {
                delivery: Some(Rag::ALL[a]),
                money: Some(Rag::ALL[b]),
                people: Some(Rag::ALL[c]),
                reuse: Some(Rag::ALL[d]),
                ..first()
            };
            let alone = draft.complete(None).unwrap();
            prop_assert_eq!(&alone, &draft.complete(Some(&last())).unwrap());
            let again = Draft { unchanged: true, ..Draft::default() };
            prop_assert_eq!(again.complete(Some(&alone)).unwrap().colours, alone.colours);
        }
    }
}
