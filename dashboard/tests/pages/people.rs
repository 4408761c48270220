//! The page of people and keys: what is shown to whom, and which forms are there.

use dashboard::*;
use serde_json::{Value, json};

use crate::asked::{Prepared, ann, context, now, words};
use crate::rendered::shown;

pub const PEOPLE: &str = include_str!("answers/people.json");

pub const PATH: &str = "/organisations/ash/people";

pub fn council() -> Home {
    Home::Organisation("ash".into())
}

/// The answer for somebody who may do and see only this there.
fn seen(actions: &[&str], sights: &[&str]) -> Prepared {
    let mut answer: Value = serde_json::from_str(PEOPLE).unwrap();
    answer["viewer"]["may"] = json!({ "actions": actions, "sights": sights });
    let body = answer["organisation"].as_object_mut().unwrap();
    let parts = [
        ("CONTACT", vec!["contact"]),
        ("MEMBERS", vec!["members", "notices"]),
        ("KEYS", vec!["invitations", "tokens"]),
    ];
    for (sight, names) in parts {
        if !sights.contains(&sight) {
            body.retain(|name, _| !names.contains(&name.as_str()));
        }
    }
    Prepared::with(answer)
}

fn looked_at(ask: &Prepared) -> String {
    now(people(ask, &ann(PATH), &council(), &Default::default())).unwrap()
}

/// What the forms of a page do, each as often as it is there.
fn deeds(page: &str) -> Vec<&str> {
    let buttons = page.split("name=\"does\" value=\"").skip(1);
    buttons.filter_map(|rest| rest.split('"').next()).collect()
}

#[test]
fn a_lead_sees_all_of_it_with_what_can_be_done() {
    let ask = Prepared::new(PEOPLE);
    let html = looked_at(&ask);
    for wanted in ["members", "keys", "contact"] {
        assert_eq!(ask.variable(wanted), json!(true), "{wanted}");
    }
    shown(
        &html,
        &[
            "People and keys of Ash Council",
            "Nobody is left to write for it.",
            "Ann Lee Lead since 5 January 2026 ann@ash.example",
            "bob@ash.example Editor since 1 March 2026, until 1 January 2027",
            "cat@ash.example Signatory can be answered until 14 September 2026, 12:00 UTC",
            "Whoever has the link Editor can be answered until 15 September 2026, 12:00 UTC the role would end on 1 January 2027",
            "nightly export Editor works until 1 May 2027 May be used for read, adoption Issued 1 May 2026 Last used 31 August 2026, 02:00 UTC",
            "old one Lead Expired on 1 May 2026",
            "leaked one Editor Revoked on 1 June 2026",
            "Whom to ask for Data team E-mail data@ash.example Telephone 01632 960001",
        ],
    );
    // The token that ended and the one that was revoked cannot be revoked again.
    let expected = [
        "role", "end", "role", "end", "withdraw", "withdraw", "invite", "revoke", "issue",
        "contact",
    ];
    assert_eq!(deeds(&html), expected);
}

#[test]
fn an_editor_sees_members_and_how_to_reach_it_and_changes_only_the_latter() {
    let ask = seen(
        &["RECORD_ADOPTION", "KEEP_CONTACT"],
        &["CONTACT", "MEMBERS"],
    );
    let html = looked_at(&ask);
    assert_eq!(
        (ask.variable("keys"), ask.variable("members")),
        (json!(false), json!(true))
    );
    assert_eq!(deeds(&html), ["contact"]);
    shown(
        &html,
        &[
            "E-mail addresses of others are shown to leads of this organisation only.",
            "Invitations that wait for an answer are shown to leads of this organisation only.",
            "Tokens are shown to leads of this organisation only.",
        ],
    );
    assert!(!html.contains("nightly export") && !html.contains("cat@ash.example"));
}

#[test]
fn an_administrator_of_the_unit_may_only_invite_a_lead() {
    let ask = seen(
        &["KEEP_REGISTER", "APPOINT_LEAD"],
        &["CONTACT", "MEMBERS", "ADDRESSES"],
    );
    let html = looked_at(&ask);
    assert_eq!(deeds(&html), ["invite"]);
    shown(
        &html,
        &["The unit may invite the first lead of an organisation that has none."],
    );
    assert!(html.contains("value=\"LEAD\" checked"));
    assert!(!html.contains("value=\"EDITOR\"") && !html.contains("value=\"SIGNATORY\""));
}

#[test]
fn somebody_from_elsewhere_is_told_who_sees_what_and_the_public_to_sign_in() {
    let html = looked_at(&seen(&[], &[]));
    assert!(deeds(&html).is_empty());
    shown(
        &html,
        &[
            "Who acts here is shown to members of this organisation and of the collaboration unit only.",
            "How this organisation is reached is shown to its members and those of the collaboration unit only.",
        ],
    );
    assert!(!words(&html).contains("Ann Lee Lead"));
    let public = now(people(
        &seen(&[], &[]),
        &context(PATH),
        &council(),
        &Default::default(),
    ));
    assert_eq!(public, Err(PageError::Unauthenticated));
}

#[test]
fn a_machine_that_looks_sees_no_forms() {
    let html = now(people(
        &Prepared::new(PEOPLE),
        &context(PATH),
        &council(),
        &Default::default(),
    ));
    assert!(deeds(&html.unwrap()).is_empty());
}

#[test]
fn the_unit_has_its_own_page_and_roles() {
    let mut answer: Value = serde_json::from_str(PEOPLE).unwrap();
    let body = answer["organisation"].take();
    for part in ["invitations", "tokens"] {
        answer[part] = body[part].clone();
    }
    let analyst = json!({ "id": "m4", "role": "ANALYST", "from": "2026-03-01", "to": null, "version": 2, "person": { "name": "Dee", "email": null } });
    answer["members"] = json!([analyst]);
    let told = json!({ "createdAt": "2026-08-30T09:00:00Z", "message": "No lead.", "about": { "slug": "ash", "name": "Ash Council" } });
    answer["notices"] = json!([told]);
    let ask = Prepared::with(answer);
    let at = ann("/unit/people");
    let html = now(people(&ask, &at, &Home::Unit, &Default::default())).unwrap();
    shown(
        &html,
        &[
            "People and keys of the collaboration unit",
            "Dee Analyst since 1 March 2026",
            "No lead. About Ash Council",
        ],
    );
    assert!(html.contains("value=\"ADMIN\"") && !html.contains("value=\"SIGNATORY\""));
    assert!(!html.contains("Contact details"));
}
