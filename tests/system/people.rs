//! People and keys from the command line: links and tokens shown once, and what is kept given out and erased.

use crate::program::{Program, each, runtime};
use domain::policy::{About, Action, Granted, Viewer};
use domain::token::Secret;
use serde_json::Value;
use std::time::{Duration, Instant};
use store::invitation::Shown;
use store::person::{Person, Vouched};

const ORGANISATIONS: &str = "gss_code,name,kind,tier,nation,region,combined_authority,population,opened_on,closed_on\n\
                             E06000001,Hartlepool,COUNCIL,UNITARY,ENGLAND,North East,,93000,,\n";

fn with_a_council() -> Vec<Program> {
    let all = each();
    for program in &all {
        program.ok(&[
            "import",
            "organisations",
            &program.file("o.csv", ORGANISATIONS),
        ]);
    }
    all
}

/// Somebody who signed in.
fn admitted(program: &Program, issuer: &str) -> Person {
    let granted = Viewer::SignIn
        .may(Action::AdmitPerson, About::Sector)
        .unwrap();
    let vouched = Vouched {
        issuer,
        subject: "subject-of-una",
        email: Some("una@unit.example".to_owned()),
        name: Some("Una Surname".to_owned()),
    };
    let admit = program
        .store()
        .write(async |conn| store::person::admit(conn, &granted, store::now(), &vouched).await);
    runtime().block_on(admit).unwrap()
}

fn answering(person: &Person) -> Granted {
    let viewer = Viewer::Person {
        id: person.id,
        memberships: Vec::new(),
    };
    viewer
        .may(Action::AnswerInvitation, About::Person(person.id))
        .unwrap()
}

#[test]
fn an_invitation_prints_a_link_once_that_makes_a_member() {
    for program in with_a_council() {
        let una = admitted(&program, "https://login.example");
        for (arguments, base) in [
            (
                vec!["--role", "ADMIN", "--email", "Una@unit.example"],
                "http://127.0.0.1:8080",
            ),
            (
                vec![
                    "--role",
                    "ANALYST",
                    "--public-url",
                    "https://manyhands.example/",
                ],
                "https://manyhands.example",
            ),
        ] {
            let done = program.run(&[&["person", "invite"], arguments.as_slice()].concat());
            assert!(done.success, "{}", done.err);
            let secret = done.out.trim().strip_prefix(base).unwrap();
            let secret = secret.strip_prefix("/invitation/").unwrap();
            assert!(secret.starts_with("mhi_") && secret.len() == 68, "{secret}");
            assert!(
                !done.err.contains(secret) && done.err.contains("the unit"),
                "{}",
                done.err
            );
        }
        let first = program.ok(&[
            "person",
            "invite",
            "--role",
            "LEAD",
            "--organisation",
            "E06000001",
        ]);
        let secret = first.trim().rsplit('/').next().unwrap();
        let hash = Secret::Invitation.hash(secret).unwrap();
        let granted = answering(&una);
        let (_, joined) = runtime()
            .block_on(program.store().write(async |conn| {
                store::invitation::answer(conn, &granted, store::now(), Shown::Link(&hash), true)
                    .await
            }))
            .unwrap();
        assert_eq!(joined.unwrap().role.as_str(), "LEAD");
        for (arguments, says) in [
            (
                vec!["--role", "LEAD", "--organisation", "E06000001"],
                "has a lead",
            ),
            (
                vec!["--role", "EDITOR", "--organisation", "E06000001"],
                "Ask a lead",
            ),
            (vec!["--role", "LEAD"], "say which"),
            (
                vec!["--role", "ADMIN", "--organisation", "E06000001"],
                "manage members here",
            ),
            (
                vec!["--role", "LEAD", "--organisation", "X"],
                "no organisation `X`",
            ),
            (
                vec!["--role", "ADMIN", "--email", "una"],
                "name@council.gov.uk",
            ),
            (vec!["--role", "ADMIN", "--days", "0"], "1..=90"),
            (
                vec!["--role", "ADMIN", "--public-url", "manyhands.example"],
                "https://manyhands.example",
            ),
        ] {
            let done = program.run(&[&["person", "invite"], arguments.as_slice()].concat());
            assert!(
                !done.success && done.err.contains(says),
                "{arguments:?}: {}",
                done.err
            );
        }
        assert!(program.run(&["check"]).success);
    }
}

#[test]
fn what_is_kept_of_a_person_is_given_out_and_erased() {
    for program in with_a_council() {
        let una = admitted(&program, "https://login.example");
        let id = una.id.to_string();
        for name in ["una@unit.example", " UNA@unit.example", &id] {
            let export: Value =
                serde_json::from_str(&program.ok(&["person", "export", name])).unwrap();
            assert_eq!(export["person"]["name"], "Una Surname");
            assert_eq!(export["person"]["id"], id);
        }
        // The same address by another provider is another person, and which one is meant has to be said.
        let other = admitted(&program, "https://other.example");
        let erase =
            |name: &str| program.run(&["person", "erase", name, "--reason", "asked by letter"]);
        let which = erase("una@unit.example");
        assert!(!which.success && which.err.contains(&id), "{}", which.err);
        let done = erase(&id);
        assert!(done.success && done.out.contains(&id), "{}", done.err);
        let export = program.ok(&["person", "export", &id]);
        assert!(
            !export.contains("Surname") && !export.contains("unit.example"),
            "{export}"
        );
        assert!(export.contains("erase this person"), "{export}");
        assert!(
            erase("una@unit.example")
                .out
                .contains(&other.id.to_string())
        );
        for (arguments, says) in [
            (vec!["export", "una@unit.example"], "nobody has signed in"),
            (vec!["export", "una"], "is not an id"),
            (
                vec!["export", "0198a3c4-7b1e-7c5a-9d57-2f6f0e6f4b11"],
                "no person",
            ),
            (vec!["erase", &id], "--reason"),
            (vec!["erase", &id, "--reason", " "], "write something"),
        ] {
            let done = program.run(&[&["person"], arguments.as_slice()].concat());
            assert!(
                !done.success && done.err.contains(says),
                "{arguments:?}: {}",
                done.err
            );
        }
        assert!(program.run(&["check"]).success);
    }
}

#[test]
fn tokens_are_listed_without_their_secrets_and_revoked() {
    for program in with_a_council() {
        let unit = program.token(&["--role", "ADMIN", "--scope", "jobs", "--scope", "READ"]);
        let own = program.token(&["--role", "EDITOR", "--organisation", "hartlepool"]);
        let list = program.ok(&["token", "list"]);
        assert_eq!(list.matches("test").count(), 2, "{list}");
        assert!(
            list.contains("ADMIN of the unit; READ JOBS; holds until"),
            "{list}"
        );
        assert!(
            list.contains(
                "EDITOR of hartlepool; READ STATUS PROJECTS SIGN ADOPTION IMPORT JOBS; holds"
            ),
            "{list}"
        );
        for secret in [&unit, &own] {
            let hash = Secret::Token.hash(secret).unwrap();
            assert!(!list.contains(secret.as_str()) && !list.contains(&hash));
        }
        let of_body = program.ok(&["token", "list", "--organisation", "E06000001"]);
        assert_eq!(of_body.lines().count(), 2, "{of_body}");
        let id = of_body.split_whitespace().next().unwrap();
        for _ in 0..2 {
            let revoked = program.ok(&["token", "revoke", id, "--reason", "seen in a log"]);
            assert!(
                revoked.contains(id) && revoked.contains("revoked"),
                "{revoked}"
            );
        }
        let of_body = program.ok(&["token", "list", "--organisation", "E06000001"]);
        assert!(of_body.contains("; revoked "), "{of_body}");
        let server = program.serve();
        let asks = |token: &str| server.ask_as(Some(token), "{ viewer { kind } }", &Value::Null);
        assert!(asks(&unit).get("errors").is_none(), "{}", asks(&unit));
        assert_eq!(
            asks(&own)["errors"][0]["extensions"]["code"],
            "UNAUTHENTICATED"
        );
        for (arguments, says) in [
            (vec!["revoke", "x"], "is not an id"),
            (
                vec!["revoke", "0198a3c4-7b1e-7c5a-9d57-2f6f0e6f4b11"],
                "no token",
            ),
            (
                vec!["issue", "--name", " ", "--role", "ADMIN"],
                "write something",
            ),
            (
                vec!["issue", "--name", "t", "--role", "ADMIN", "--scope", "ALL"],
                "MANAGE",
            ),
            (vec!["list", "--organisation", "X"], "no organisation `X`"),
        ] {
            let done = program.run(&[&["token"], arguments.as_slice()].concat());
            assert!(
                !done.success && done.err.contains(says),
                "{arguments:?}: {}",
                done.err
            );
        }
    }
}

#[test]
fn a_token_that_another_copy_revokes_is_soon_refused() {
    for program in with_a_council() {
        let token = program.token(&["--role", "EDITOR", "--organisation", "hartlepool"]);
        let server = program.serve();
        let refused = || {
            let answer = server.ask_as(Some(&token), "{ viewer { kind } }", &Value::Null);
            answer["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
        };
        assert!(!refused());
        let list = program.ok(&["token", "list"]);
        let id = list.split_whitespace().next().unwrap();
        program.ok(&["token", "revoke", id]);
        // What is known of whoever asks is kept for a second, however often they ask.
        let until = Instant::now() + Duration::from_secs(60);
        while !refused() {
            assert!(Instant::now() < until, "{}", program.engine());
        }
    }
}
