//! The pages of projects: what they show, which forms are there for whom, and what the forms send.

use dashboard::*;
use serde_json::{Value, json};

use crate::asked::{Prepared, ann, context, now, words};
use crate::rendered::shown;

pub const PROJECT: &str = include_str!("answers/project.json");
const PROJECTS: &str = include_str!("answers/projects.json");
const PATH: &str = "/projects/one-register";

fn sent(pairs: &[(&str, &str)]) -> Fields {
    let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    Fields::new(pairs.iter().map(own).collect())
}

/// What the forms of a page do.
pub fn deeds(page: &str) -> Vec<&str> {
    let buttons = page.split("name=\"does\" value=\"").skip(1);
    buttons.filter_map(|rest| rest.split('"').next()).collect()
}

#[test]
fn the_list_says_who_has_not_confirmed_and_why_projects_stopped() {
    let ask = Prepared::new(PROJECTS);
    let params = ProjectsParams {
        text: Some("money".into()),
        phase: Some("STOPPED".into()),
        freshness: Some("STALE".into()),
        ..ProjectsParams::default()
    };
    let html = now(projects(&ask, &context("/projects"), &params)).unwrap();
    shown(
        &html,
        &[
            "2 projects",
            "Stopped: No money.",
            "nobody yet Birch Council is named and has not confirmed",
            "1 not confirmed yet",
        ],
    );
    assert!(!html.contains("/projects/new"));
    assert_eq!(
        ask.variable("filter"),
        json!({"text": "money", "phase": ["STOPPED"], "freshness": ["STALE"]})
    );
    let wrong = ProjectsParams {
        phase: Some("x".into()),
        ..ProjectsParams::default()
    };
    let refused = now(projects(&ask, &context("/projects"), &wrong));
    assert!(matches!(refused, Err(PageError::BadRequest(_))));
}

#[test]
fn a_project_shows_its_participants_gates_and_what_is_given() {
    let html = now(project(
        &Prepared::new(PROJECT),
        &context(PATH),
        "one-register",
        &Default::default(),
    ));
    let html = html.unwrap();
    shown(
        &html,
        &[
            "One <register>",
            "Lead takes part, since 1 January 2026",
            "Partner invited, not confirmed yet",
            "Tester left, since 1 February 2026, until 1 March 2026",
            "Beta Signed participants: 3 BETA needs 3 signed participants; 1 has signed: Birch Council has not answered.",
            "Beta Everybody has an answer It holds.",
            "Due on 1 August 2026 Overdue first due on 1 July 2026",
            "£1,234.56 pledged on 1 February 2026, £0.05 given so far Fund (award 1)",
            "1 day pledged",
        ],
    );
    assert!(
        !html.contains("javascript:"),
        "an address that no browser should open"
    );
    assert_eq!(deeds(&html), Vec::<&str>::new(), "nobody is signed in");
}

#[test]
fn what_an_award_names_is_not_shown_as_agreed() {
    let mut answer: Value = serde_json::from_str(PROJECT).unwrap();
    answer["project"]["source"] = json!("award.csv");
    let page = now(project(
        &Prepared::with(answer),
        &context(PATH),
        "one-register",
        &Default::default(),
    ));
    let html = page.unwrap();
    assert!(words(&html).contains("Partner named in the award, not confirmed here yet"));
}

#[test]
fn a_lead_is_offered_what_it_may_do_and_a_stopped_project_offers_nothing_new() {
    let look = |answer: Value| {
        let ask = Prepared::with(answer);
        now(project(
            &ask,
            &ann(PATH),
            "one-register",
            &Default::default(),
        ))
        .unwrap()
    };
    let mut answer: Value = serde_json::from_str(PROJECT).unwrap();
    let expected = [
        "follow",
        "leave",
        "withdraw",
        "accept",
        "decline",
        "invite",
        "phase",
        "gate",
        "slip",
        "done",
        "milestone",
        "readiness",
        "output",
        "give",
        "pledge",
    ];
    assert_eq!(deeds(&look(answer.clone())), expected);
    answer["project"]["phase"] = json!("STOPPED");
    let left = ["follow", "leave", "withdraw", "accept", "decline", "give"];
    assert_eq!(deeds(&look(answer.clone())), left);
    answer["project"]["phase"] = json!("ALPHA");
    answer["project"]["mayLead"] = json!(false);
    answer["project"]["mayWork"] = json!(false);
    answer["project"]["participants"] = json!([]);
    answer["project"]["contributions"] = json!([]);
    assert_eq!(deeds(&look(answer)), ["follow", "join", "pledge"]);
}

#[test]
fn each_form_sends_one_mutation_with_what_it_is_about() {
    let about = [("about", "b"), ("version", "3"), ("idempotencyKey", "k")];
    type Sent = &'static [(&'static str, &'static str)];
    let cases: [(Sent, &str, Value); 6] = [
        (
            &[("does", "accept")],
            "AnswerParticipation",
            json!({"participation": "b", "accept": true, "expectedVersion": 3, "idempotencyKey": "k"}),
        ),
        (
            &[("does", "leave"), ("reason", "r")],
            "LeaveProject",
            json!({"participation": "b", "reason": "r", "expectedVersion": 3, "idempotencyKey": "k"}),
        ),
        (
            &[("does", "slip"), ("dueOn", "2027-01-01")],
            "SetMilestone",
            json!({"project": "one-register", "milestone": "b", "dueOn": "2027-01-01", "expectedVersion": 3, "idempotencyKey": "k"}),
        ),
        (
            &[("does", "give"), ("given", "40")],
            "GiveContribution",
            json!({"contribution": "b", "given": 40, "expectedVersion": 3, "idempotencyKey": "k"}),
        ),
        (
            &[("does", "phase"), ("phase", "BETA")],
            "ChangePhase",
            json!({"project": "one-register", "phase": "BETA", "expectedVersion": 3, "idempotencyKey": "k"}),
        ),
        (
            &[
                ("does", "gate"),
                ("phase", "BETA"),
                ("condition", "PARTICIPANTS"),
                ("least", "2"),
            ],
            "SetGate",
            json!({"project": "one-register", "phase": "BETA", "condition": "PARTICIPANTS", "least": 2, "idempotencyKey": "k"}),
        ),
    ];
    for (fields, name, input) in cases {
        let ask = Prepared::new(PROJECT).changing(json!({"userErrors": []}));
        let fields = sent(&[fields, &about].concat());
        let reply = now(project_form(&ask, &ann(PATH), "one-register", &fields)).unwrap();
        assert!(
            matches!(&reply, Reply::Go(to) if to.starts_with("/projects/one-register?done=")),
            "{name}"
        );
        assert_eq!(ask.sent(), (name.to_owned(), input));
    }
}

#[test]
fn a_gate_that_refuses_is_told_in_every_sentence() {
    let error =
        |message: &str| json!({"path": ["input", "phase"], "code": "GATE", "message": message});
    let errors = [error("BETA needs 3."), error("BETA needs answers.")];
    let ask = Prepared::new(PROJECT).changing(json!({"userErrors": errors}));
    let fields = sent(&[("does", "phase"), ("phase", "BETA")]);
    let reply = now(project_form(&ask, &ann(PATH), "one-register", &fields)).unwrap();
    let Reply::Page { status: 422, html } = reply else {
        panic!("{reply:?}");
    };
    shown(
        &html,
        &[
            "Nothing was changed",
            "BETA needs 3.",
            "BETA needs answers.",
        ],
    );
    let unknown = now(project_form(
        &ask,
        &ann(PATH),
        "one-register",
        &sent(&[("does", "x")]),
    ));
    assert!(matches!(unknown, Err(PageError::NotFound)));
}

#[test]
fn a_project_is_started_by_who_acts_for_an_organisation() {
    let viewer: Value = serde_json::from_str(PROJECT).unwrap();
    let ask = Prepared::with(json!({"viewer": viewer["viewer"]}))
        .changing(json!({"project": {"slug": "new-one"}, "userErrors": []}));
    let refused = now(new_project(&ask, &context("/projects/new")));
    assert!(matches!(refused, Err(PageError::Unauthenticated)));
    let html = now(new_project(&ask, &ann("/projects/new"))).unwrap();
    assert_eq!(deeds(&html), ["start"]);
    let fields = sent(&[
        ("does", "start"),
        ("organisation", "ash"),
        ("title", "T"),
        ("summary", "s"),
        ("problems", "late-plans, , bins"),
        ("cadenceDays", "7"),
    ]);
    let reply = now(start_form(&ask, &ann("/projects/new"), &fields)).unwrap();
    assert_eq!(
        reply,
        Reply::Go("/projects/new-one?done=project-started".into())
    );
    let (name, input) = ask.sent();
    assert_eq!(name, "StartProject");
    assert_eq!(input["problems"], json!(["late-plans", "bins"]));
    assert_eq!(input["cadenceDays"], json!(7));
    let fields = sent(&[("does", "start"), ("title", " "), ("summary", "s")]);
    let reply = now(start_form(&ask, &ann("/projects/new"), &fields)).unwrap();
    assert!(matches!(reply, Reply::Page { status: 422, .. }));
}

#[test]
fn a_portfolio_shows_every_part_with_its_state() {
    let answer = json!({"organisation": {"slug": "ash", "name": "Ash Council", "portfolio": {
        "totalCount": 1, "pageInfo": {"hasNextPage": false, "endCursor": "e"},
        "nodes": [{"role": "PARTNER", "state": "INVITED", "message": "Named in award 1.", "reason": null, "from": null, "to": null,
            "project": {"slug": "kit", "title": "Kit", "phase": "BETA", "lead": null}}]}}});
    let path = "/organisations/ash/projects";
    let page = now(portfolio(
        &Prepared::with(answer),
        &context(path),
        "ash",
        &Default::default(),
    ));
    let html = page.unwrap();
    shown(
        &html,
        &[
            "Projects of Ash Council",
            "Invited, not confirmed yet Partner",
            "Named in award 1.",
            "in beta, without a lead",
        ],
    );
    let nobody = now(portfolio(
        &Prepared::with(json!({"organisation": null})),
        &context(path),
        "x",
        &Default::default(),
    ));
    assert!(matches!(nobody, Err(PageError::NotFound)));
}
