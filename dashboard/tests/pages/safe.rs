//! Nothing that somebody recorded can become markup, a script or a link that runs one.

use dashboard::*;
use serde_json::{Value, json};

use crate::account::{ACCOUNT, INVITATION, fields, page};
use crate::activity::ACTIVITY;
use crate::asked::{Prepared, ann, context, now, signed_in, words};
use crate::people::{PEOPLE, council};
use crate::rendered::{EVIDENCE, HOME, ORGANISATION, ORGANISATIONS, STANDARD, STANDARDS};

const ATTACK: &str = "<script>alert('x')</script>\" onload=\"alert(1)";

/// An answer with every word that a person could have written replaced by an attack.
fn attacked(answer: &str) -> Prepared {
    let mut answer: Value = serde_json::from_str(answer).unwrap();
    attack(&mut answer);
    Prepared::with(answer)
}

fn attack(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(attack),
        Value::Object(fields) => {
            const WRITTEN: &[&str] = &[
                "name",
                "title",
                "summary",
                "definition",
                "id",
                "slug",
                "region",
                "scheme",
                "code",
                "note",
                "source",
                "label",
                "versionLabel",
                "evidenceUrl",
                "url",
                "endCursor",
                "startCursor",
                "email",
                "phone",
                "message",
                "invitedBy",
                "secret",
                "actor",
                "thingKind",
                "before",
                "after",
                "hash",
            ];
            for (name, field) in fields {
                if field.is_string() && WRITTEN.contains(&name.as_str()) {
                    *field = json!(ATTACK);
                } else {
                    attack(field);
                }
            }
        }
        _ => {}
    }
}

/// The pages for whoever is signed in, with what was typed into their forms.
fn private_pages() -> Vec<(&'static str, String)> {
    let at = ann("/account");
    let none = DoneParams::default();
    let moved = || PageError::Conflict(ATTACK.into());
    let typed = [
        ("does", "contact"),
        ("name", ATTACK),
        ("email", ATTACK),
        ("reason", ATTACK),
    ];
    let issued = [
        ("does", "issue"),
        ("name", ATTACK),
        ("role", "LEAD"),
        ("scopes", "READ"),
    ];
    let once = Prepared::new(PEOPLE).changing(json!({ "secret": ATTACK, "userErrors": [] }));
    let refused = attacked(PEOPLE).refusing(moved());
    let left = [("does", "leave"), ("about", ATTACK), ("reason", ATTACK)];
    let not_left = attacked(ACCOUNT).refusing(moved());
    let reply = now(people_form(&refused, &at, &council(), &fields(&typed)));
    let shown_once = now(people_form(&once, &at, &council(), &fields(&issued)));
    vec![
        (
            "account",
            now(account(&attacked(ACCOUNT), &at, &none)).unwrap(),
        ),
        (
            "left",
            page(now(account_form(&not_left, &at, &fields(&left)))).1,
        ),
        (
            "people",
            now(people(&attacked(PEOPLE), &at, &council(), &none)).unwrap(),
        ),
        ("typed", page(reply).1),
        ("once", page(shown_once).1),
        (
            "invitation",
            now(invitation(&attacked(INVITATION), &at, ATTACK)).unwrap(),
        ),
    ]
}

fn pages() -> Vec<(&'static str, String)> {
    [public_pages(), private_pages()].concat()
}

fn public_pages() -> Vec<(&'static str, String)> {
    let at = context("/standards");
    let text = Some(ATTACK.to_owned());
    let searched = StandardsParams {
        text: text.clone(),
        after: text.clone(),
        ..Default::default()
    };
    let registered = OrganisationsParams {
        text,
        region: Some(ATTACK.into()),
        ..Default::default()
    };
    let cut = StandardParams {
        by: Some("NATION".into()),
        after: Some(ATTACK.into()),
        ..Default::default()
    };
    let chosen = ActivityParams {
        organisation: Some(ATTACK.into()),
        ..Default::default()
    };
    let told = PageError::BadRequest(ATTACK.into());
    let refused = SignInPage::Failed {
        why: ATTACK.into(),
        to: ATTACK.into(),
    };
    let trial = SignInPage::Trial {
        action: ATTACK.into(),
        name: ATTACK.into(),
    };
    vec![
        (
            "activity",
            now(activity(&attacked(ACTIVITY), &at, &chosen)).unwrap(),
        ),
        ("home", now(home(&attacked(HOME), &at)).unwrap()),
        (
            "standards",
            now(standards(&attacked(STANDARDS), &at, &searched)).unwrap(),
        ),
        (
            "standard",
            now(standard(&attacked(STANDARD), &at, ATTACK, &cut)).unwrap(),
        ),
        (
            "evidence",
            now(evidence(
                &attacked(EVIDENCE),
                &at,
                ATTACK,
                &Default::default(),
            ))
            .unwrap(),
        ),
        (
            "organisations",
            now(organisations(&attacked(ORGANISATIONS), &at, &registered)).unwrap(),
        ),
        (
            "organisation",
            now(organisation(
                &attacked(ORGANISATION),
                &at,
                ATTACK,
                &Default::default(),
            ))
            .unwrap(),
        ),
        ("error", error_page(&told, &context(ATTACK))),
        (
            "failed",
            error_page(&PageError::Failed(ATTACK.into()), &context(ATTACK)),
        ),
        (
            "forbidden",
            error_page(&PageError::Forbidden(ATTACK.into()), &context(ATTACK)),
        ),
        (
            "signed in",
            error_page(&PageError::NotFound, &signed_in("/", ATTACK)),
        ),
        ("not signed in", sign_in(&refused, &context(ATTACK))),
        ("trial", sign_in(&trial, &context(ATTACK))),
    ]
}

#[test]
fn what_somebody_wrote_stays_words() {
    for (name, page) in pages() {
        assert!(!page.contains("<script"), "{name}");
        assert!(!page.contains("\" onload"), "{name}");
        assert!(
            words(&page).contains("<script>alert('x')"),
            "{name} does not show it"
        );
    }
}

#[test]
fn no_page_has_a_script_an_inline_style_or_anything_from_elsewhere() {
    for (name, page) in pages() {
        for forbidden in [
            "<script",
            "<style",
            " style=",
            " onclick",
            " onload=\"",
            "javascript:",
        ] {
            assert!(!page.contains(forbidden), "{name} has {forbidden}");
        }
        let loaded = ["src=\"", "<link rel=\"stylesheet\" href=\"", "@import"];
        for start in loaded.iter().flat_map(|start| page.split(start).skip(1)) {
            assert!(start.starts_with("/style.css"), "{name}");
        }
    }
}

#[test]
fn evidence_that_is_no_web_address_is_shown_but_not_linked() {
    let with = |url: &str| {
        let answer = EVIDENCE.replace("https://ash.example/trees.csv", url);
        now(evidence(
            &Prepared::new(&answer),
            &context("/"),
            "trees",
            &Default::default(),
        ))
        .unwrap()
    };
    let linked = with("https://ash.example/trees.csv");
    assert!(linked.contains("href=\"https://ash.example/trees.csv\""));
    for url in [
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/hosts",
        "ftp://ash.example",
    ] {
        let page = with(url);
        assert!(words(&page).contains(url), "{url}");
        assert!(!page.contains(&format!("href=\"{url}")), "{url}");
    }
}

#[test]
fn every_id_of_a_page_is_there_once_and_every_reference_leads_to_one() {
    let mut checked = 0;
    for (name, page) in pages() {
        let values = |attribute: &str| {
            let start = format!(" {attribute}=\"");
            let values = page
                .split(&start)
                .skip(1)
                .filter_map(|rest| rest.split_once('"'));
            values
                .map(|(value, _)| value.to_owned())
                .collect::<Vec<_>>()
        };
        let mut ids = values("id");
        ids.sort();
        let all = ids.len();
        ids.dedup();
        assert_eq!(ids.len(), all, "{name} repeats an id");
        for attribute in ["aria-labelledby", "aria-describedby", "for"] {
            for value in values(attribute) {
                for id in value.split_whitespace() {
                    assert!(
                        ids.iter().any(|other| other == id),
                        "{name}: {attribute} {id}"
                    );
                    checked += 1;
                }
            }
        }
    }
    assert!(checked > 30, "{checked}");
}
