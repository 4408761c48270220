//! The two tables, printed for every kind of viewer and reviewed here.

use super::*;
use crate::adoption::Standing;
use crate::id::MembershipId;
use std::fmt::Write;
use uuid::Uuid;

const OWN: u128 = 1;
const THEMSELF: u128 = 7;

fn scoped(role: Role, organisation: Option<u128>, scopes: &str) -> Viewer {
    Viewer::Token {
        id: Uuid::nil().into(),
        name: "test".into(),
        role,
        organisation: organisation.map(|id| Uuid::from_u128(id).into()),
        scopes: scopes.parse().unwrap(),
        membership: None,
    }
}

fn token(role: Role, organisation: Option<u128>) -> Viewer {
    scoped(
        role,
        organisation,
        "READ STATUS PROJECTS SIGN ADOPTION IMPORT JOBS MANAGE",
    )
}

fn person(id: u128, memberships: &[(Role, Option<u128>)]) -> Viewer {
    let held = |(role, organisation): &(Role, Option<u128>)| Held {
        membership: MembershipId(Uuid::from_u128(9)),
        role: *role,
        organisation: organisation.map(|id| Uuid::from_u128(id).into()),
    };
    Viewer::Person {
        id: Uuid::from_u128(id).into(),
        memberships: memberships.iter().map(held).collect(),
    }
}

/// One of each kind; a project's partner and a supplier are organisations like others where nothing of theirs is asked.
fn viewers() -> Vec<(&'static str, Viewer)> {
    vec![
        ("anonymous", Viewer::Anonymous),
        ("own editor", person(THEMSELF, &[(Role::Editor, Some(OWN))])),
        (
            "own signatory",
            person(THEMSELF, &[(Role::Signatory, Some(OWN))]),
        ),
        ("own lead", person(THEMSELF, &[(Role::Lead, Some(OWN))])),
        ("own editor's token", token(Role::Editor, Some(OWN))),
        ("own lead's token", token(Role::Lead, Some(OWN))),
        ("other's lead", person(3, &[(Role::Lead, Some(2))])),
        ("somebody with no membership", person(3, &[])),
        ("unit analyst", person(4, &[(Role::Analyst, None)])),
        ("unit admin", person(5, &[(Role::Admin, None)])),
        ("unit admin's token", token(Role::Admin, None)),
        ("admin of a council", token(Role::Admin, Some(OWN))),
        ("editor of nobody", token(Role::Editor, None)),
        (
            "lead's token to read",
            scoped(Role::Lead, Some(OWN), "READ"),
        ),
        ("operator", Viewer::Operator),
        ("job", Viewer::Job("adoption_snapshot")),
        ("sign-in", Viewer::SignIn),
    ]
}

fn abouts() -> [(&'static str, About); 4] {
    [
        ("sector", About::Sector),
        ("unit", About::Unit),
        ("own", About::Organisation(Uuid::from_u128(OWN).into())),
        ("themself", About::Person(Uuid::from_u128(THEMSELF).into())),
    ]
}

/// A line for each viewer and thing concerned that allows anything.
fn printed(allowed: impl Fn(&Viewer, About) -> Vec<String>) -> String {
    let mut table = String::new();
    for (name, viewer) in viewers() {
        writeln!(table, "{name}").unwrap();
        for (place, about) in abouts() {
            let may = allowed(&viewer, about);
            if !may.is_empty() {
                writeln!(table, "  {place}: {}", may.join(", ")).unwrap();
            }
        }
    }
    table
}

#[test]
fn the_printed_table_of_actions_is_the_reviewed_one() {
    let table = printed(|viewer, about| {
        let all = Action::ALL.iter();
        let may = all.filter(|action| viewer.may(**action, about).is_ok());
        may.map(|action| format!("{action:?}")).collect()
    });
    assert_eq!(table, include_str!("actions.txt"), "\n{table}");
}

#[test]
fn the_printed_table_of_sights_is_the_reviewed_one() {
    let table = printed(|viewer, about| {
        let all = Sight::ALL.iter();
        let may = all.filter(|sight| viewer.sees(**sight, about).is_ok());
        may.map(|sight| format!("{sight:?}")).collect()
    });
    assert_eq!(table, include_str!("sights.txt"), "\n{table}");
}

/// The rights that come with a project: a line for each viewer and each part its organisation has in it.
#[test]
fn the_printed_table_of_teams_is_the_reviewed_one() {
    let of = |id: u128| OrganisationId::from(Uuid::from_u128(id));
    let project = Uuid::from_u128(20).into();
    let teams = [
        ("own leads", Some(of(OWN)), vec![of(8)]),
        ("own is partner", Some(of(8)), vec![of(OWN)]),
        ("own has no part", Some(of(8)), vec![of(9)]),
        ("nobody leads", None, vec![]),
    ];
    let mut table = String::new();
    for (name, viewer) in viewers() {
        writeln!(table, "{name}").unwrap();
        for (place, lead, partners) in &teams {
            let team = Team {
                project,
                lead: *lead,
                partners: partners.clone(),
            };
            // What needs no project is in the other table.
            let beside = |action: &Action| viewer.may(*action, About::Sector).is_err();
            let all = Action::ALL.iter().filter(|action| beside(action));
            let may = all.filter(|action| viewer.may_in(**action, &team).is_ok());
            let may: Vec<String> = may.map(|action| format!("{action:?}")).collect();
            if !may.is_empty() {
                writeln!(table, "  {place}: {}", may.join(", ")).unwrap();
            }
        }
    }
    assert_eq!(table, include_str!("teams.txt"), "\n{table}");
}

#[test]
fn who_acts_in_a_project_speaks_for_the_body_that_takes_part() {
    let other = OrganisationId::from(Uuid::from_u128(8));
    let team = Team {
        project: Uuid::from_u128(20).into(),
        lead: Some(own()),
        partners: vec![other],
    };
    // Somebody with a part in two bodies speaks for the lead.
    let both = person(3, &[(Role::Editor, Some(8)), (Role::Editor, Some(OWN))]);
    let granted = both.may_in(Action::PostStatus, &team).unwrap();
    assert_eq!(granted.organisation(), Some(own()));
    assert!(granted.covers(About::Project(team.project)).is_ok());
    assert!(granted.covers(About::Organisation(own())).is_err());
    let partner = token(Role::Signatory, Some(8));
    let granted = partner.may_in(Action::PostStatus, &team).unwrap();
    assert_eq!(granted.organisation(), Some(other));
    assert!(partner.may_in(Action::LeadProject, &team).is_err());
    // A token that was not made for it.
    let reader = scoped(Role::Lead, Some(OWN), "READ PROJECTS");
    assert!(reader.may_in(Action::PostStatus, &team).is_err());
    assert!(reader.may_in(Action::LeadProject, &team).is_ok());
}

fn own() -> OrganisationId {
    Uuid::from_u128(OWN).into()
}

#[test]
fn only_a_body_s_own_members_speak_for_it() {
    let speaks = |viewer: Viewer| {
        viewer
            .may(Action::RecordAdoption, About::Organisation(own()))
            .unwrap()
            .speaks_for(own())
    };
    assert!(speaks(token(Role::Editor, Some(OWN))));
    assert!(speaks(person(1, &[(Role::Editor, Some(OWN))])));
    assert!(!speaks(token(Role::Admin, None)));
    assert!(!speaks(person(1, &[(Role::Admin, None)])));
    assert!(!speaks(Viewer::Operator));
}

#[test]
fn who_has_several_memberships_acts_for_the_body_concerned() {
    for order in [[0, 1], [1, 0]] {
        let both = [(Role::Analyst, None), (Role::Editor, Some(OWN))];
        let viewer = person(1, &order.map(|place| both[place]));
        let granted = viewer
            .may(Action::RecordAdoption, About::Organisation(own()))
            .unwrap();
        assert!(granted.speaks_for(own()));
        let other = About::Organisation(Uuid::from_u128(2).into());
        let granted = viewer.may(Action::RecordAdoption, other).unwrap();
        assert_eq!(granted.organisation(), None);
    }
}

#[test]
fn only_the_body_itself_takes_back_what_it_confirmed() {
    let may = |viewer: Viewer, standing| {
        let granted = viewer
            .may(Action::RecordAdoption, About::Organisation(own()))
            .unwrap();
        granted
            .check_correction(own(), standing)
            .map_err(|error| error.code())
    };
    assert_eq!(
        may(token(Role::Editor, Some(OWN)), Standing::Confirmed),
        Ok(())
    );
    assert_eq!(may(token(Role::Analyst, None), Standing::Claimed), Ok(()));
    assert_eq!(
        may(token(Role::Analyst, None), Standing::Confirmed),
        Err("FORBIDDEN")
    );
    assert_eq!(may(Viewer::Operator, Standing::Confirmed), Err("FORBIDDEN"));
}

#[test]
fn anonymous_is_asked_to_say_who_it_is_and_others_are_told_who_may() {
    let ask = |viewer: Viewer| viewer.may(Action::RunJob, About::Sector).unwrap_err();
    assert_eq!(ask(Viewer::Anonymous).code(), "UNAUTHENTICATED");
    let refused = ask(token(Role::Editor, Some(OWN)));
    assert_eq!(refused.code(), "FORBIDDEN");
    assert!(refused.to_string().contains("ADMIN"), "{refused}");
    let unscoped = ask(scoped(Role::Admin, None, "READ"));
    assert!(unscoped.to_string().contains("JOBS"), "{unscoped}");
}

#[test]
fn a_grant_serves_only_the_action_it_was_given_for() {
    let granted = Viewer::Operator.may(Action::RunJob, About::Sector).unwrap();
    assert!(granted.require(Action::RunJob).is_ok());
    assert!(granted.require(Action::KeepRegister).is_err());
}

#[test]
fn a_list_shows_private_things_of_one_s_own_bodies_or_of_all() {
    assert_eq!(Viewer::Anonymous.reach(Sight::Members), Reach::Only(vec![]));
    assert_eq!(
        person(1, &[(Role::Editor, Some(OWN))]).reach(Sight::Members),
        Reach::Only(vec![own()])
    );
    assert_eq!(
        person(1, &[(Role::Editor, Some(OWN))]).reach(Sight::Keys),
        Reach::Only(vec![])
    );
    assert_eq!(
        person(1, &[(Role::Analyst, None)]).reach(Sight::Members),
        Reach::All
    );
}

#[test]
fn a_token_gives_another_no_more_than_it_has_itself() {
    let passes = |viewer: Viewer, scopes: &str| viewer.check_passing_on(&scopes.parse().unwrap());
    let narrow = || scoped(Role::Lead, Some(OWN), "MANAGE READ");
    assert!(passes(narrow(), "READ MANAGE").is_ok());
    assert_eq!(
        passes(narrow(), "READ ADOPTION").unwrap_err().code(),
        "FORBIDDEN"
    );
    assert!(passes(person(1, &[(Role::Lead, Some(OWN))]), "ADOPTION").is_ok());
    assert!(passes(Viewer::Operator, "IMPORT").is_ok());
}
