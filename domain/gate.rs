//! Gates: what must hold before a project enters a phase, and which of it does not.

use crate::project::Phase;
use crate::{Error, Result, text_enum};

text_enum!(
    /// Something that must hold before a project enters a phase.
    pub enum Condition as "condition" {
        /// At least so many organisations have signed to lead it or to work on it.
        Participants = "PARTICIPANTS",
        /// Everybody who was invited or asked to lead it or to work on it has an answer.
        AllAnswered = "ALL_ANSWERED",
        /// At least so many outputs are published, however ready.
        Outputs = "OUTPUTS",
        /// At least so many outputs are ready for others to use.
        ReadyOutputs = "READY_OUTPUTS",
        /// At least so many milestones are done.
        Milestones = "MILESTONES",
        /// The last status is no older than the project's cadence.
        FreshStatus = "FRESH_STATUS",
    }
);

/// The most that a gate asks for.
pub const MOST: i32 = 1_000;

/// The gates of a new project. Its lead may ask for more or less, on record.
pub const DEFAULTS: &[(Phase, Condition, i32)] = &[
    (Phase::Beta, Condition::Participants, 3),
    (Phase::Beta, Condition::AllAnswered, 1),
    (Phase::Live, Condition::ReadyOutputs, 1),
    (Phase::Live, Condition::FreshStatus, 1),
];

/// Checks a gate that somebody sets: 0 asks for nothing any more.
///
/// # Errors
/// [`Error::Invalid`] for a phase without a gate, or a number that is none of 0 to 1,000.
pub fn check(phase: Phase, least: i32) -> Result<()> {
    if matches!(phase, Phase::Discovery | Phase::Stopped) {
        let told = format!("{phase} has no gate; set one of ALPHA, BETA, LIVE or RETIRED.");
        return Err(Error::invalid("phase", told));
    }
    if !(0..=MOST).contains(&least) {
        let told = format!("Give 0 to {MOST}; 0 asks for nothing any more.");
        return Err(Error::invalid("least", told));
    }
    Ok(())
}

/// What is so in a project on a day, as far as gates ask.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// How many organisations have signed to lead it or to work on it.
    pub signed: i64,
    /// Who of those that were invited to that has not answered, by name.
    pub unanswered: Vec<String>,
    /// Who asked for that and has no answer, by name.
    pub asking: Vec<String>,
    /// How many outputs are published.
    pub outputs: i64,
    /// How many of them are ready.
    pub ready_outputs: i64,
    /// How many milestones are done.
    pub milestones_done: i64,
    /// How many days ago the last status was posted; `None` when there was none.
    pub status_age_days: Option<i64>,
    /// A status is expected every so many days.
    pub cadence_days: i32,
}

/// A condition that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failing {
    /// The phase that asks for it.
    pub phase: Phase,
    /// What it asks for.
    pub condition: Condition,
    /// What fails, in a sentence with its numbers.
    pub message: String,
}

/// Every condition of these that does not hold, in their order.
pub fn failing(
    conditions: impl IntoIterator<Item = (Phase, Condition, i32)>,
    facts: &Facts,
) -> Vec<Failing> {
    conditions
        .into_iter()
        .filter(|(.., least)| *least > 0)
        .filter_map(|(phase, condition, least)| {
            let message = fault(phase, condition, i64::from(least), facts)?;
            Some(Failing {
                phase,
                condition,
                message,
            })
        })
        .collect()
}

/// What fails of a condition; `None` when it holds.
fn fault(phase: Phase, condition: Condition, least: i64, facts: &Facts) -> Option<String> {
    let few = |have: i64, one: &str, many: &str, done: &str| {
        let things = if least == 1 { one } else { many };
        let verb = if have == 1 { "is" } else { "are" };
        (have < least).then(|| format!("{phase} needs {least} {things}; {have} {verb} {done}."))
    };
    match condition {
        Condition::Participants => participants(phase, least, facts),
        Condition::AllAnswered => answered(phase, facts),
        Condition::Outputs => few(facts.outputs, "output", "outputs", "published"),
        Condition::ReadyOutputs => few(
            facts.ready_outputs,
            "output that is ready for others",
            "outputs that are ready for others",
            "ready",
        ),
        Condition::Milestones => few(
            facts.milestones_done,
            "milestone that is done",
            "milestones that are done",
            "done",
        ),
        Condition::FreshStatus => status(phase, facts),
    }
}

fn participants(phase: Phase, least: i64, facts: &Facts) -> Option<String> {
    let signed = facts.signed;
    if signed >= least {
        return None;
    }
    let noun = if least == 1 {
        "participant"
    } else {
        "participants"
    };
    let have = if signed == 1 { "has" } else { "have" };
    let told = format!("{phase} needs {least} signed {noun}; {signed} {have} signed");
    Some(match waiting(facts) {
        Some(who) => format!("{told}: {who}."),
        None => format!("{told}; invite others."),
    })
}

fn answered(phase: Phase, facts: &Facts) -> Option<String> {
    let who = waiting(facts)?;
    let asked = facts.unanswered.len() + facts.asking.len();
    let all = facts.signed + i64::try_from(asked).unwrap_or(i64::MAX);
    Some(format!(
        "{phase} needs an answer of everybody who is to work on it; {} of {all} have signed: {who}.",
        facts.signed
    ))
}

/// Who has not answered, in words; `None` when nobody is waited for.
fn waiting(facts: &Facts) -> Option<String> {
    let clause = |names: &[String], one: &str, many: &str| {
        let (last, others) = names.split_last()?;
        Some(match others {
            [] => format!("{last} {one}"),
            others => format!("{} and {last} {many}", others.join(", ")),
        })
    };
    let invited = clause(&facts.unanswered, "has not answered", "have not answered");
    let asking = clause(
        &facts.asking,
        "asked to join and waits for the lead's answer",
        "asked to join and wait for the lead's answer",
    );
    match (invited, asking) {
        (Some(invited), Some(asking)) => Some(format!("{invited}; {asking}")),
        (one, other) => one.or(other),
    }
}

fn status(phase: Phase, facts: &Facts) -> Option<String> {
    let cadence = facts.cadence_days;
    match facts.status_age_days {
        None => Some(format!(
            "{phase} needs a status of the last {cadence} days; none was ever posted."
        )),
        Some(age) if age > i64::from(cadence) => Some(format!(
            "{phase} needs a status of the last {cadence} days; the newest is {age} days old."
        )),
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts() -> Facts {
        Facts {
            signed: 2,
            outputs: 1,
            cadence_days: 14,
            ..Facts::default()
        }
    }

    fn told(condition: Condition, least: i32, facts: &Facts) -> Option<String> {
        let failing = failing([(Phase::Beta, condition, least)], facts);
        failing.into_iter().next().map(|one| one.message)
    }

    #[test]
    fn a_gate_says_who_is_missing_and_how_many() {
        let waiting = Facts {
            unanswered: vec!["Ash Council".to_owned()],
            ..facts()
        };
        assert_eq!(
            told(Condition::Participants, 3, &waiting).unwrap(),
            "BETA needs 3 signed participants; 2 have signed: Ash Council has not answered."
        );
        assert_eq!(
            told(Condition::AllAnswered, 1, &waiting).unwrap(),
            "BETA needs an answer of everybody who is to work on it; 2 of 3 have signed: Ash Council has not answered."
        );
        let many = Facts {
            signed: 1,
            unanswered: vec!["A".to_owned(), "B".to_owned(), "C".to_owned()],
            asking: vec!["D".to_owned()],
            ..facts()
        };
        assert_eq!(
            told(Condition::Participants, 2, &many).unwrap(),
            "BETA needs 2 signed participants; 1 has signed: A, B and C have not answered; D asked to join and waits for the lead's answer."
        );
        assert_eq!(
            told(Condition::Participants, 3, &facts()).unwrap(),
            "BETA needs 3 signed participants; 2 have signed; invite others."
        );
    }

    #[test]
    fn every_condition_holds_from_its_number_on_and_fails_below_it() {
        let with = |n: i64| Facts {
            signed: n,
            outputs: n,
            ready_outputs: n,
            milestones_done: n,
            status_age_days: Some(14),
            ..facts()
        };
        for condition in [
            Condition::Participants,
            Condition::Outputs,
            Condition::ReadyOutputs,
            Condition::Milestones,
        ] {
            assert!(
                told(condition, 2, &with(1))
                    .unwrap()
                    .contains("BETA needs 2")
            );
            assert_eq!(told(condition, 2, &with(2)), None, "{condition}");
            assert_eq!(told(condition, 0, &with(0)), None, "{condition}");
        }
        assert_eq!(told(Condition::AllAnswered, 1, &with(0)), None);
        assert_eq!(
            told(Condition::ReadyOutputs, 1, &with(0)).unwrap(),
            "BETA needs 1 output that is ready for others; 0 are ready."
        );
    }

    #[test]
    fn a_status_is_fresh_for_one_cadence() {
        let aged = |age| Facts {
            status_age_days: age,
            ..facts()
        };
        assert_eq!(told(Condition::FreshStatus, 1, &aged(Some(14))), None);
        assert_eq!(
            told(Condition::FreshStatus, 1, &aged(Some(15))).unwrap(),
            "BETA needs a status of the last 14 days; the newest is 15 days old."
        );
        assert!(
            told(Condition::FreshStatus, 1, &aged(None))
                .unwrap()
                .contains("none was ever")
        );
    }

    #[test]
    fn every_failing_condition_is_named_in_order() {
        let failing = failing(DEFAULTS.iter().copied(), &Facts::default());
        let named: Vec<_> = failing
            .iter()
            .map(|one| (one.phase, one.condition))
            .collect();
        assert_eq!(
            named,
            [
                (Phase::Beta, Condition::Participants),
                (Phase::Live, Condition::ReadyOutputs),
                (Phase::Live, Condition::FreshStatus)
            ]
        );
    }

    #[test]
    fn only_phases_that_are_entered_by_work_have_gates() {
        for phase in Phase::ALL {
            let gated = !matches!(phase, Phase::Discovery | Phase::Stopped);
            assert_eq!(check(*phase, 1).is_ok(), gated, "{phase}");
        }
        assert!(check(Phase::Beta, 0).is_ok() && check(Phase::Beta, MOST).is_ok());
        assert!(check(Phase::Beta, -1).is_err() && check(Phase::Beta, MOST + 1).is_err());
    }
}
