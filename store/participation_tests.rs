//! Who takes part in a project: each act by each side on both engines, and random histories of all of them.

use crate::participation::{Participation, Proposal, leave, of, propose, withdraw};
use crate::project_sample::{answered, in_project, invited, machine, own, signatory, started, yes};
use crate::sample_people::body;
use crate::testing::TestStore;
use crate::{Conn, Store, notice, now, participation, project};
use domain::id::{OrganisationId, ParticipationId, ProjectId};
use domain::notice::NoticeKind;
use domain::participation::ParticipationRole::{self, Lead, Partner};
use domain::participation::ParticipationState::{Active, Declined, Invited, Left, Requested};
use domain::participation::{Act, Side};
use domain::policy::{About, Action, Role, Viewer};
use domain::{Error, Result};
use std::collections::HashSet;

async fn parts(store: &Store, project: ProjectId) -> Vec<Participation> {
    let mut conn = store.read().await.unwrap();
    of(&mut conn, &[project]).await.unwrap()
}

async fn told(store: &Store, whom: Option<OrganisationId>) -> Vec<NoticeKind> {
    let mut conn = store.read().await.unwrap();
    let rows = notice::of(&mut conn, whom, 20).await.unwrap();
    rows.iter().map(|row| row.kind).collect()
}

async fn left(store: &Store, part: &Participation, reason: &str) -> Result<Participation> {
    store
        .write(async |conn| {
            let granted = own(part.organisation_id, Action::TakePart);
            let key = (part.project_id, part.id);
            leave(conn, &granted, now(), key, reason, None).await
        })
        .await
}

#[tokio::test]
async fn an_invited_body_takes_part_from_the_day_it_accepts_and_each_side_is_told() {
    for test in TestStore::each().await {
        let store = &test.store;
        let (ash, birch) = (body(store, "Ash").await, body(store, "Birch").await);
        let project = started(store, ash, "Shared", &[]).await;
        assert_eq!((project.lead_id, project.participants), (Some(ash), 1));
        let asked = invited(store, &project, birch, Partner).await.unwrap();
        assert_eq!((asked.state, asked.from_on), (Invited, None));
        assert_eq!(
            told(store, Some(birch)).await,
            [NoticeKind::ParticipationAsked]
        );
        let accepted = answered(store, &asked, true).await.unwrap();
        assert_eq!(
            (accepted.state, accepted.from_on),
            (Active, Some(now().date()))
        );
        assert_eq!(
            told(store, Some(ash)).await,
            [NoticeKind::ParticipationAnswered]
        );
        let mut conn = store.read().await.unwrap();
        let counted = project::by_id(&mut conn, project.id).await.unwrap();
        assert_eq!((counted.participants, counted.version), (2, 1));
        let team = project::team(&mut conn, project.id).await.unwrap();
        assert_eq!((team.lead, team.partners), (Some(ash), vec![birch]));
        drop(conn);
        let again = answered(store, &asked, false).await.unwrap_err();
        assert_eq!(again.code(), "CONFLICT");
    }
}

#[tokio::test]
async fn a_request_is_answered_by_the_lead_and_by_nobody_else() {
    for test in TestStore::each().await {
        let store = &test.store;
        let (ash, birch) = (body(store, "Ash").await, body(store, "Birch").await);
        let project = started(store, ash, "Shared", &[]).await;
        let ask = async |conn: &mut Conn| {
            let new = Proposal {
                project: project.id,
                organisation: birch,
                role: Partner,
                message: None,
                by: Side::Organisation,
            };
            propose(conn, &own(birch, Action::AskToJoin), now(), new).await
        };
        let asked = store.write(ask).await.unwrap();
        assert_eq!(asked.state, Requested);
        assert_eq!(
            told(store, Some(ash)).await,
            [NoticeKind::ParticipationAsked]
        );
        // The grant of the asking side opens nothing.
        assert_eq!(
            answered(store, &asked, true).await.unwrap_err().code(),
            "INTERNAL"
        );
        let accept = async |conn: &mut Conn| {
            let granted = in_project(conn, ash, Action::LeadProject, project.id).await?;
            participation::answer(conn, &granted, now(), yes(project.id, asked.id, true)).await
        };
        assert_eq!(store.write(accept).await.unwrap().state, Active);
        let again = store.write(ask).await.unwrap_err();
        assert!(again.to_string().contains("takes part already"), "{again}");
    }
}

#[tokio::test]
async fn a_lead_hands_over_by_the_other_ones_own_acceptance() {
    for test in TestStore::each().await {
        let store = &test.store;
        let (ash, birch) = (body(store, "Ash").await, body(store, "Birch").await);
        let project = started(store, ash, "Shared", &[]).await;
        let partner = invited(store, &project, birch, Partner).await.unwrap();
        answered(store, &partner, true).await.unwrap();
        let handed = invited(store, &project, birch, Lead).await.unwrap();
        let second = invited(store, &project, body(store, "Cedar").await, Lead).await;
        assert!(second.unwrap_err().to_string().contains("already"));
        let before = project::team(&mut store.read().await.unwrap(), project.id).await;
        assert_eq!(before.unwrap().lead, Some(ash));
        answered(store, &handed, true).await.unwrap();
        let rows = parts(store, project.id).await;
        let now_so: Vec<_> = rows
            .iter()
            .map(|row| (row.organisation_id, row.role, row.state))
            .collect();
        assert_eq!(
            now_so,
            [
                (ash, Partner, Active),
                (birch, Partner, Left),
                (birch, Lead, Active)
            ]
        );
        let mut conn = store.read().await.unwrap();
        let row = project::by_id(&mut conn, project.id).await.unwrap();
        assert_eq!((row.lead_id, row.participants), (Some(birch), 2));
    }
}

#[tokio::test]
async fn a_project_whose_lead_left_is_without_one_until_the_unit_invites_another_who_accepts() {
    for test in TestStore::each().await {
        let store = &test.store;
        let (ash, birch) = (body(store, "Ash").await, body(store, "Birch").await);
        let project = started(store, ash, "Shared", &[]).await;
        let partner = invited(store, &project, birch, Partner).await.unwrap();
        answered(store, &partner, true).await.unwrap();
        let appoint = async |conn: &mut Conn, role| {
            let unit = machine(None, Role::Admin);
            let granted = unit.may(Action::AppointLead, About::Project(project.id))?;
            let new = Proposal {
                project: project.id,
                organisation: birch,
                role,
                message: None,
                by: Side::Project,
            };
            propose(conn, &granted, now(), new).await
        };
        let early = store.write(async |conn| appoint(conn, Lead).await).await;
        assert!(early.unwrap_err().to_string().contains("has a lead"));
        let lead = &parts(store, project.id).await[0];
        assert_eq!(
            left(store, lead, " ").await.unwrap_err().code(),
            "BAD_INPUT"
        );
        assert_eq!(left(store, lead, "No people.").await.unwrap().state, Left);
        assert_eq!(told(store, None).await, [NoticeKind::ProjectWithoutLead]);
        let alone = project::by_id(&mut store.read().await.unwrap(), project.id).await;
        assert_eq!(alone.unwrap().lead_id, None);
        let partner = store.write(async |conn| appoint(conn, Partner).await).await;
        assert_eq!(partner.unwrap_err().code(), "BAD_INPUT");
        let asked = store
            .write(async |conn| appoint(conn, Lead).await)
            .await
            .unwrap();
        assert_eq!(asked.state, Invited);
        let still = project::by_id(&mut store.read().await.unwrap(), project.id).await;
        assert_eq!(
            still.unwrap().lead_id,
            None,
            "nobody leads who has not accepted"
        );
        answered(store, &asked, true).await.unwrap();
        let led = project::by_id(&mut store.read().await.unwrap(), project.id).await;
        assert_eq!(led.unwrap().lead_id, Some(birch));
    }
}

#[tokio::test]
async fn a_version_that_moved_on_and_a_project_that_is_over_refuse_an_answer() {
    for test in TestStore::each().await {
        let store = &test.store;
        let (ash, birch) = (body(store, "Ash").await, body(store, "Birch").await);
        let project = started(store, ash, "Shared", &[]).await;
        let asked = invited(store, &project, birch, Partner).await.unwrap();
        let stale = store
            .write(async |conn| {
                let answer = participation::Answer {
                    seen: Some(7),
                    ..yes(project.id, asked.id, true)
                };
                let granted = own(birch, Action::TakePart);
                participation::answer(conn, &granted, now(), answer).await
            })
            .await;
        assert!(matches!(stale, Err(Error::Stale { current: 1 })));
        let stop = domain::project::Phase::Stopped;
        let why = Some("No money.");
        crate::project_sample::moved(store, project.id, stop, why)
            .await
            .unwrap();
        assert_eq!(
            answered(store, &asked, true).await.unwrap_err().code(),
            "CONFLICT"
        );
        assert_eq!(
            answered(store, &asked, false).await.unwrap().state,
            Declined
        );
    }
}

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % n
    }
}

/// What a random history knows by itself: who said yes to which participation, by the acts that came through.
#[derive(Default)]
struct Said {
    body: HashSet<ParticipationId>,
    project: HashSet<ParticipationId>,
}

/// One act by a viewer, as the API does it: the grant is whatever the policy gives.
async fn one_act(
    conn: &mut Conn,
    dice: &mut Dice,
    (viewer, acts_for): (&Viewer, Option<OrganisationId>),
    project: ProjectId,
    bodies: &[OrganisationId],
    said: &mut Said,
) -> Result<()> {
    let team = project::team(conn, project).await?;
    let rows = of(conn, &[project]).await?;
    let row = rows[dice.below(rows.len())].clone();
    let key = (project, row.id);
    let speaks = |side: Side, own: Action| match side {
        Side::Organisation => viewer.may(own, About::Organisation(row.organisation_id)),
        Side::Project if team.lead.is_none() => viewer
            .may(Action::AppointLead, About::Project(project))
            .or_else(|_| viewer.may_in(Action::LeadProject, &team)),
        Side::Project => viewer.may_in(Action::LeadProject, &team),
    };
    match dice.below(8) {
        0..=2 => {
            let by = Side::ALL[dice.below(2)];
            let body = bodies[dice.below(bodies.len())];
            let granted = match by {
                Side::Organisation => viewer.may(Action::AskToJoin, About::Organisation(body)),
                Side::Project => speaks(by, Action::AskToJoin),
            }?;
            let new = Proposal {
                project,
                organisation: body,
                role: ParticipationRole::ALL[dice.below(3)],
                message: None,
                by,
            };
            let made = propose(conn, &granted, now(), new).await?;
            if by == Side::Organisation && acts_for == Some(body) {
                said.body.insert(made.id);
            }
            let speaks_for_project = acts_for == team.lead;
            if by == Side::Project && speaks_for_project {
                said.project.insert(made.id);
            }
        }
        3..=5 => {
            let granted = speaks(row.state.side_of(Act::Accept)?, Action::TakePart)?;
            let accept = dice.below(3) > 0;
            participation::answer(conn, &granted, now(), yes(project, row.id, accept)).await?;
            if accept && acts_for == Some(row.organisation_id) {
                said.body.insert(row.id);
            }
            if accept && acts_for == team.lead {
                said.project.insert(row.id);
            }
        }
        6 => {
            let granted = speaks(row.state.side_of(Act::Withdraw)?, Action::AskToJoin)?;
            withdraw(conn, &granted, now(), key, None, None).await?;
        }
        _ => {
            let granted = speaks(Side::Organisation, Action::TakePart)?;
            leave(conn, &granted, now(), key, "Enough.", None).await?;
        }
    }
    Ok(())
}

#[tokio::test]
async fn no_history_of_acts_by_anybody_makes_a_participant_that_never_accepted_itself() {
    for test in TestStore::each().await {
        let store = &test.store;
        let mut bodies = Vec::new();
        for name in ["Ash", "Birch", "Cedar", "Dale", "Elm"] {
            bodies.push(body(store, name).await);
        }
        let mut viewers: Vec<(Viewer, Option<OrganisationId>)> = vec![
            (machine(None, Role::Admin), None),
            (machine(None, Role::Analyst), None),
            (Viewer::Operator, None),
            (Viewer::Anonymous, None),
        ];
        for id in &bodies {
            viewers.push((signatory(*id), Some(*id)));
            viewers.push((machine(Some(*id), Role::Editor), Some(*id)));
        }
        let mut came_through = 0;
        for seed in 1..=4 {
            let mut dice = Dice(seed);
            let project = started(store, bodies[0], &format!("History {seed}"), &[]).await;
            let first = parts(store, project.id).await[0].id;
            let mut said = Said::default();
            said.body.insert(first);
            said.project.insert(first);
            for _ in 0..400 {
                let (viewer, acts_for) = &viewers[dice.below(viewers.len())];
                let act = store.write(async |conn| {
                    let by = (viewer, *acts_for);
                    one_act(conn, &mut dice, by, project.id, &bodies, &mut said).await
                });
                came_through += usize::from(act.await.is_ok());
                check(store, project.id, &said).await;
            }
        }
        // Most acts are refused, as they must be; enough are not for the check to mean something.
        assert!(came_through > 25, "only {came_through} acts came through");
    }
}

/// Whoever is active said yes, and so did the project; one leads at most; what is derived is right.
async fn check(store: &Store, id: ProjectId, said: &Said) {
    let rows = parts(store, id).await;
    let active: Vec<_> = rows.iter().filter(|row| row.state == Active).collect();
    for row in &active {
        assert!(
            said.body.contains(&row.id),
            "it never accepted itself: {row:?}"
        );
        assert!(
            said.project.contains(&row.id),
            "the project never wanted it: {row:?}"
        );
    }
    let leads: Vec<_> = active.iter().filter(|row| row.role == Lead).collect();
    assert!(leads.len() <= 1, "{leads:?}");
    let project = project::by_id(&mut store.read().await.unwrap(), id)
        .await
        .unwrap();
    assert_eq!(
        project.lead_id,
        leads.first().map(|row| row.organisation_id)
    );
    assert_eq!(project.participants, i64::try_from(active.len()).unwrap());
}
