//! How a project stood on a day, and what two days have apart.

use crate::id::{OrganisationId, OutputId, StatusId};
use crate::participation::ParticipationRole;
use crate::project::Phase;
use crate::status::{Colours, Rag};
use std::collections::BTreeMap;

/// How a project stood when a day ended.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct State {
    /// How far it had come; `None` before it began.
    pub phase: Option<Phase>,
    /// What it said of itself last.
    pub status: Option<(StatusId, Colours)>,
    /// Who took part, and how.
    pub participants: BTreeMap<OrganisationId, ParticipationRole>,
    /// Its outputs that were ready.
    pub ready: Vec<OutputId>,
}

/// What changed from one state to another.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Difference {
    /// The phase before and after, where it is another.
    pub phase: Option<(Option<Phase>, Option<Phase>)>,
    /// The sides whose colour is another, with the colour before and after.
    pub colours: Vec<(&'static str, Option<Rag>, Option<Rag>)>,
    /// Who takes part and did not, by id.
    pub joined: Vec<OrganisationId>,
    /// Who took part and does not, by id.
    pub left: Vec<OrganisationId>,
    /// Who takes part in another role, with the role before and after.
    pub moved: Vec<(OrganisationId, ParticipationRole, ParticipationRole)>,
    /// Outputs that are ready and were not.
    pub ready: Vec<OutputId>,
}

impl State {
    /// What has to happen for this state to become `later`.
    pub fn to(&self, later: &Self) -> Difference {
        let joins = |id: &&OrganisationId| !self.participants.contains_key(id);
        let leaves = |id: &&OrganisationId| !later.participants.contains_key(id);
        let moved = |(id, role): (&OrganisationId, &ParticipationRole)| {
            let now = *later.participants.get(id)?;
            (now != *role).then_some((*id, *role, now))
        };
        Difference {
            phase: (self.phase != later.phase).then_some((self.phase, later.phase)),
            colours: turned(self.status.map(|one| one.1), later.status.map(|one| one.1)),
            joined: later.participants.keys().filter(joins).copied().collect(),
            left: self.participants.keys().filter(leaves).copied().collect(),
            moved: self.participants.iter().filter_map(moved).collect(),
            ready: later
                .ready
                .iter()
                .filter(|id| !self.ready.contains(id))
                .copied()
                .collect(),
        }
    }
}

/// The sides whose colour is another.
fn turned(
    before: Option<Colours>,
    after: Option<Colours>,
) -> Vec<(&'static str, Option<Rag>, Option<Rag>)> {
    let all = |colours: Option<Colours>| colours.map(Colours::named);
    let (before, after) = (all(before), all(after));
    ["delivery", "money", "people", "reuse"]
        .into_iter()
        .enumerate()
        .map(|(at, side)| {
            (
                side,
                before.map(|all| all[at].1),
                after.map(|all| all[at].1),
            )
        })
        .filter(|(_, before, after)| before != after)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn state(
        phase: Option<Phase>,
        delivery: Option<Rag>,
        bodies: &[(u128, ParticipationRole)],
        ready: &[u128],
    ) -> State {
        let colours = |delivery| Colours {
            delivery,
            money: Rag::Green,
            people: Rag::Green,
            reuse: Rag::Amber,
        };
        State {
            phase,
            status: delivery.map(|one| (StatusId(Uuid::nil()), colours(one))),
            participants: bodies
                .iter()
                .map(|(id, role)| (Uuid::from_u128(*id).into(), *role))
                .collect(),
            ready: ready.iter().map(|id| Uuid::from_u128(*id).into()).collect(),
        }
    }

    #[test]
    fn two_states_have_apart_what_anybody_would_see() {
        use ParticipationRole::{Funder, Lead, Partner, Tester};
        let (one, two, three) = (1, 2, 3);
        let before = state(
            Some(Phase::Alpha),
            Some(Rag::Red),
            &[(one, Lead), (two, Tester)],
            &[7],
        );
        let after = state(
            Some(Phase::Beta),
            Some(Rag::Green),
            &[(two, Partner), (three, Funder)],
            &[7, 8],
        );
        let id = |id| OrganisationId(Uuid::from_u128(id));
        let difference = before.to(&after);
        assert_eq!(
            difference,
            Difference {
                phase: Some((Some(Phase::Alpha), Some(Phase::Beta))),
                colours: vec![("delivery", Some(Rag::Red), Some(Rag::Green))],
                joined: vec![id(three)],
                left: vec![id(one)],
                moved: vec![(id(two), Tester, Partner)],
                ready: vec![OutputId(Uuid::from_u128(8))],
            }
        );
        let nothing = state(None, None, &[], &[]);
        let all = nothing.to(&after);
        assert_eq!(all.phase, Some((None, Some(Phase::Beta))));
        assert_eq!(all.colours.len(), 4);
        assert_eq!(all.colours[3], ("reuse", None, Some(Rag::Amber)));
    }

    proptest! {
        #[test]
        fn there_and_back_again_is_the_mirror(a in 0..6_usize, b in 0..6_usize, x in 0..3_usize, y in 0..3_usize) {
            let before = state(Some(Phase::ALL[a]), Some(Rag::ALL[x]), &[(1, ParticipationRole::ALL[a])], &[]);
            let after = state(Some(Phase::ALL[b]), Some(Rag::ALL[y]), &[(1, ParticipationRole::ALL[b]), (2, ParticipationRole::ALL[a])], &[]);
            let (there, back) = (before.to(&after), after.to(&before));
            prop_assert_eq!(&there.joined, &back.left);
            prop_assert_eq!(there.phase.map(|(from, to)| (to, from)), back.phase);
            prop_assert_eq!(there.colours.len(), back.colours.len());
            prop_assert_eq!(before.to(&before), Difference::default());
        }
    }
}
