//! Flags: what does not fit the green that a project shows, by rules that anybody can check, each with its evidence.
//!
//! A flag accuses nobody. It says which two things that the project itself said do not go together, its lead answers,
//! and it goes when the evidence does.

use crate::freshness::Freshness;
use crate::status::{Colours, Rag};
use crate::{Error, Result, text_enum};
use chrono::{NaiveDate, NaiveTime};

/// By how many days a milestone has to move before it counts as slipping.
pub const SLIP_DAYS: i64 = 28;

/// The most characters of a lead's answer.
pub const ANSWER_MOST: usize = 1_000;

/// The most sentences of evidence for one flag.
const EVIDENCE_MOST: usize = 10;

text_enum!(
    /// What does not fit.
    pub enum FlagKind as "flag" {
        /// Delivery is green, and milestones are overdue or moved away.
        GreenButSlipping = "GREEN_BUT_SLIPPING",
        /// Delivery was green when the project was last heard of, and that is too long ago.
        Silent = "SILENT",
        /// A colour became green without any work to show, or the other colours worsen behind a green delivery.
        RisingRisk = "RISING_RISK",
    }
);

/// One update, as far as flags need it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// When it was posted.
    pub on: NaiveDate,
    /// What it showed.
    pub colours: Colours,
}

/// One milestone, as far as flags need it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// What it is called.
    pub title: String,
    /// When it was due as first said.
    pub first_due_on: NaiveDate,
    /// When it is due now.
    pub due_on: NaiveDate,
    /// When it was done.
    pub done_on: Option<NaiveDate>,
}

/// What a project said of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// How many days may pass between two updates.
    pub cadence_days: i32,
    /// Its updates that nobody corrected, the oldest first: those of the last year, and the newest.
    pub updates: Vec<Seen>,
    /// Its milestones.
    pub milestones: Vec<Due>,
    /// The days on which outputs were published or became ready.
    pub outputs: Vec<NaiveDate>,
}

/// A flag that is due, with the sentences that say why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doubt {
    /// What does not fit.
    pub kind: FlagKind,
    /// Why, in full sentences; none of them changes as days pass.
    pub evidence: Vec<String>,
}

impl Facts {
    /// Every flag that the facts give on `today`, in the order of [`FlagKind`]. A project without an update shows no
    /// colour, so nothing can contradict it.
    pub fn doubts(&self, today: NaiveDate) -> Vec<Doubt> {
        let Some(newest) = self.updates.last() else {
            return Vec::new();
        };
        FlagKind::ALL
            .iter()
            .map(|kind| Doubt {
                kind: *kind,
                evidence: match kind {
                    FlagKind::GreenButSlipping => self.slipping(newest, today),
                    FlagKind::Silent => self.silent(newest, today),
                    FlagKind::RisingRisk => self.rising(newest),
                },
            })
            .filter(|doubt| !doubt.evidence.is_empty())
            .collect()
    }

    /// Milestones that are not done and are overdue, or were moved by [`SLIP_DAYS`] or more.
    fn slipping(&self, newest: &Seen, today: NaiveDate) -> Vec<String> {
        if newest.colours.delivery != Rag::Green {
            return Vec::new();
        }
        let open = self.milestones.iter().filter(|one| one.done_on.is_none());
        let sentence = |one: &Due| {
            let moved = (one.due_on - one.first_due_on).num_days();
            if one.due_on < today {
                Some(format!(
                    "“{}” was due on {} and is not done.",
                    one.title, one.due_on
                ))
            } else if moved >= SLIP_DAYS {
                Some(format!(
                    "“{}” was first due on {} and is now due on {}, {moved} days later.",
                    one.title, one.first_due_on, one.due_on
                ))
            } else {
                None
            }
        };
        let mut evidence: Vec<String> = open.filter_map(sentence).take(EVIDENCE_MOST).collect();
        if !evidence.is_empty() {
            evidence.insert(0, shown("delivery", newest));
        }
        evidence
    }

    /// No update for so long that the project is stale, while the last one showed green.
    fn silent(&self, newest: &Seen, today: NaiveDate) -> Vec<String> {
        let start = |day: NaiveDate| day.and_time(NaiveTime::MIN);
        let freshness = Freshness::of(start(newest.on), self.cadence_days, start(today));
        if newest.colours.delivery != Rag::Green || freshness < Freshness::Stale {
            return Vec::new();
        }
        vec![
            shown("delivery", newest),
            format!(
                "Nothing was posted since, though an update is due every {} days.",
                self.cadence_days
            ),
        ]
    }

    /// Colours that became green without any work to show, and colours that worsen behind a green delivery.
    fn rising(&self, newest: &Seen) -> Vec<String> {
        let turned = [
            self.turned_green("delivery", |colours| colours.delivery),
            self.turned_green("reuse", |colours| colours.reuse),
        ];
        turned
            .into_iter()
            .flatten()
            .chain(self.worsening(newest))
            .collect()
    }

    /// A colour that is green and was not, though since it last was not, no milestone was done and no output published.
    /// Money and people may well come without either, so they are not asked for it.
    fn turned_green(&self, side: &str, colour: impl Fn(Colours) -> Rag) -> Option<String> {
        let last_not = self
            .updates
            .iter()
            .rposition(|seen| colour(seen.colours) != Rag::Green)?;
        let before = &self.updates[last_not];
        // None where it is not green now.
        let turned = self.updates.get(last_not + 1)?;
        let done = self.milestones.iter().filter_map(|one| one.done_on);
        let mut work = done.chain(self.outputs.iter().copied());
        // What is done after it turned still bears it out.
        if work.any(|on| on >= before.on) {
            return None;
        }
        Some(format!(
            "The colour of {side} was {} on {} and GREEN on {}, and no milestone was done and no output published since.",
            colour(before.colours),
            before.on,
            turned.on
        ))
    }

    /// Money, people and reuse that got worse from each of the last three updates to the next, while delivery is green.
    fn worsening(&self, newest: &Seen) -> Option<String> {
        let mut last = self.updates.iter().rev().take(3);
        let (third, second, first) = (last.next()?, last.next()?, last.next()?);
        let weight = |seen: &Seen| -> usize {
            let Colours {
                money,
                people,
                reuse,
                ..
            } = seen.colours;
            [money, people, reuse]
                .map(|colour| colour as usize)
                .iter()
                .sum()
        };
        let worse = weight(first) < weight(second) && weight(second) < weight(third);
        (worse && newest.colours.delivery == Rag::Green).then(|| {
            format!(
                "Money, people and reuse together got worse from {} to {} and again to {}, while delivery stayed GREEN.",
                first.on, second.on, third.on
            )
        })
    }
}

fn shown(side: &str, newest: &Seen) -> String {
    format!("The update of {} shows GREEN for {side}.", newest.on)
}

/// A lead's answer to a flag, which everybody reads; `answered` and `cleared` are how the flag stands.
///
/// # Errors
/// [`Error::Conflict`] when it was answered or is gone; [`Error::Invalid`] when nothing is said, or too much.
pub fn answer(answered: bool, cleared: bool, raw: &str) -> Result<String> {
    if cleared {
        return Err(Error::Conflict(
            "This flag is gone; nothing is left to answer.".to_owned(),
        ));
    }
    if answered {
        return Err(Error::Conflict(
            "This flag was answered already; say more in the next status.".to_owned(),
        ));
    }
    let text = crate::status::prose("answer", raw, ANSWER_MOST)?;
    text.ok_or_else(|| Error::invalid("answer", "Say in a few words how it comes."))
}
