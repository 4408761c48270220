//! Every act of every side in every state, and that nobody takes part who did not say so.

use super::ParticipationRole::{Lead, Observer, Partner};
use super::ParticipationState::{Active, Declined, Invited, Left, Requested, Withdrawn};
use super::*;
use proptest::prelude::*;

/// Every legal act: in which state, by which side, and what comes of it.
#[rustfmt::skip]
const LEGAL: &[(ParticipationState, Act, Side, ParticipationState)] = &[
    (Invited, Act::Accept, Side::Organisation, Active),
    (Invited, Act::Decline, Side::Organisation, Declined),
    (Invited, Act::Withdraw, Side::Project, Withdrawn),
    (Requested, Act::Accept, Side::Project, Active),
    (Requested, Act::Decline, Side::Project, Declined),
    (Requested, Act::Withdraw, Side::Organisation, Withdrawn),
    (Active, Act::Leave, Side::Organisation, Left),
];

#[test]
fn every_act_of_every_side_in_every_state_is_legal_or_not_as_the_table_says() {
    for state in ParticipationState::ALL {
        for act in Act::ALL {
            for side in Side::ALL {
                let legal = LEGAL
                    .iter()
                    .find(|row| (row.0, row.1, row.2) == (*state, act, side));
                let after = state.after(act, side);
                match legal {
                    Some(row) => assert_eq!(after.unwrap(), row.3, "{state} {act:?} {side:?}"),
                    None => {
                        let other = LEGAL.iter().any(|row| (row.0, row.1) == (*state, act));
                        let code = if other { "FORBIDDEN" } else { "CONFLICT" };
                        assert_eq!(after.unwrap_err().code(), code, "{state} {act:?} {side:?}");
                    }
                }
            }
        }
    }
}

#[test]
fn each_side_of_an_answer_needs_its_own_right() {
    assert_eq!(Side::Organisation.action(), Action::TakePart);
    assert_eq!(Side::Project.action(), Action::LeadProject);
}

#[test]
fn a_body_has_one_part_at_a_time_and_can_only_be_asked_to_lead_beside_it() {
    let code = |standing: &[_], role, by| {
        check_proposal(standing, role, by).map_or_else(|error| error.code(), |()| "fine")
    };
    let project = Side::Project;
    assert_eq!(code(&[], Lead, project), "fine");
    assert_eq!(
        code(
            &[(Partner, Left), (Lead, Declined), (Partner, Withdrawn)],
            Partner,
            project
        ),
        "fine"
    );
    assert_eq!(code(&[(Partner, Active)], Observer, project), "CONFLICT");
    assert_eq!(code(&[(Partner, Active)], Lead, project), "fine");
    assert_eq!(code(&[(Lead, Active)], Lead, project), "CONFLICT");
    assert_eq!(
        code(&[(Partner, Active), (Lead, Invited)], Lead, project),
        "CONFLICT"
    );
    assert_eq!(code(&[(Observer, Requested)], Partner, project), "CONFLICT");
    assert_eq!(
        code(&[(Partner, Active)], Partner, Side::Organisation),
        "CONFLICT"
    );
    assert_eq!(code(&[], Lead, Side::Organisation), "BAD_INPUT");
    assert_eq!(code(&[], Partner, Side::Organisation), "fine");
}

/// One step of a history: a side proposes, or does something about what stands.
#[derive(Debug, Clone, Copy)]
enum Step {
    Propose(Side),
    Do(Act, Side),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let side = prop::sample::select(&Side::ALL[..]);
    let act = prop::sample::select(&Act::ALL[..]);
    let step = prop_oneof![
        side.clone().prop_map(Step::Propose),
        (act, side).prop_map(|(act, side)| Step::Do(act, side)),
    ];
    prop::collection::vec(step, 0..40)
}

proptest! {
    #[test]
    fn no_sequence_of_acts_makes_a_participant_that_one_side_did_not_want(steps in steps()) {
        let mut state: Option<ParticipationState> = None;
        // Who has said yes to what stands now: the model knows no states.
        let mut agreed: Vec<Side> = Vec::new();
        for step in steps {
            match step {
                Step::Propose(by) if state.is_none_or(|state| !state.stands()) => {
                    state = Some(if by == Side::Project { Invited } else { Requested });
                    agreed = vec![by];
                }
                Step::Propose(_) => {}
                Step::Do(act, by) => {
                    if let Some(after) = state.and_then(|state| state.after(act, by).ok()) {
                        if act == Act::Accept {
                            agreed.push(by);
                        }
                        state = Some(after);
                    }
                }
            }
            if state == Some(Active) {
                prop_assert!(agreed.contains(&Side::Organisation), "it never accepted itself");
                prop_assert!(agreed.contains(&Side::Project), "the project never accepted it");
            }
        }
    }
}
