//! A status posted by a form, by the command line and by `curl`: once each, whoever sends it twice.

use crate::program::{Program, each};
use crate::somebody::{council, form, holds, lead};
use serde_json::json;

const PATH: &str = "/projects/one-register/status";

fn started(program: &Program) -> (crate::program::Server, String) {
    let server = council(program);
    let token = program.token(&["--role", "EDITOR", "--organisation", "adur"]);
    let started = server.ask_as(
        Some(&token),
        "mutation { startProject(input: {title: \"One register\", summary: \"Once.\"}) { project { slug } userErrors { message } } }",
        &json!({}),
    );
    assert_eq!(
        started["data"]["startProject"]["project"]["slug"], "one-register",
        "{started}"
    );
    (server, token)
}

fn count(server: &crate::program::Server) -> i64 {
    let found = server
        .ask("{ project(slug: \"one-register\") { statusUpdates(first: 10) { totalCount } } }");
    found["project"]["statusUpdates"]["totalCount"]
        .as_i64()
        .unwrap()
}

#[test]
fn a_form_that_is_sent_twice_posts_once() {
    for program in each() {
        let (server, _) = started(&program);
        let ann = lead(&program, &server);
        let filled = [
            ("headline", "We <b>begin</b>"),
            ("delivery", "GREEN"),
            ("money", "AMBER"),
            ("people", "GREEN"),
            ("reuse", "RED"),
            ("nextStep", "Ask around"),
            ("askKind", ""),
            ("askText", ""),
        ];
        let page = ann.page(PATH);
        assert!(
            !page.contains("No change"),
            "there is nothing to repeat yet"
        );
        let fields = [&form(&page, "post", 0)[..], &filled].concat();
        // The connection was lost, and the same form is sent again.
        for _ in 0..2 {
            let answer = ann.browser.post(&ann.url(PATH), &fields);
            assert_eq!(answer.status, 303, "{}", answer.text);
        }
        assert_eq!(count(&server), 1);
        let page = ann.page(PATH);
        holds(
            &page,
            &[
                "We &#60;b&#62;begin",
                "Money: amber",
                "Reuse: red",
                "Ask around",
                "No change",
            ],
        );
        let page = ann.done(PATH, "unchanged", 0, &[]);
        holds(&page, &["The status is posted."]);
        assert_eq!(count(&server), 2);
        let asks = [("askKind", "DATA"), ("askText", "Lists of trees")];
        ann.done(PATH, "post", 0, &[&filled[..6], &asks].concat());
        holds(&ann.page(PATH), &["Lists of trees"]);
        ann.done(PATH, "close", 0, &[]);
        let missing = ann.send(
            PATH,
            "post",
            0,
            &[&filled[..6], &[("askKind", "DATA")]].concat(),
        );
        assert_eq!(missing.status, 422, "{}", missing.text);
        holds(
            &ann.page("/projects/one-register/history"),
            &["(no change)", "Everything it said"],
        );
    }
}

#[test]
fn the_command_posts_here_or_to_a_server_and_once_by_its_key() {
    for program in each() {
        let (server, _) = started(&program);
        let of = ["--role", "EDITOR", "--organisation", "adur", "--scope"];
        let token = program.token(&[&of[..], &["STATUS"]].concat());
        let other = program.token(&[&of[..], &["READ"]].concat());
        let post = |token: &str, arguments: &[&str]| {
            let all = [&["status", "post", "one-register"], arguments].concat();
            let mut command = program.command(&all);
            crate::program::Done::from(command.env("MANYHANDS_TOKEN", token).output().unwrap())
        };
        let short = post(&token, &["--delivery", "GREEN"]);
        assert!(
            !short.success && short.err.contains("all four colours"),
            "{}",
            short.err
        );
        let all = [
            "--delivery",
            "GREEN",
            "--money",
            "GREEN",
            "--people",
            "AMBER",
            "--reuse",
            "GREEN",
            "--headline",
            "Begun",
            "--idempotency-key",
            "one",
        ];
        for _ in 0..2 {
            let done = post(&token, &all);
            assert!(
                done.success && done.out.contains("Posted for One register: Begun"),
                "{}",
                done.err
            );
        }
        assert_eq!(count(&server), 1);
        let there = ["--unchanged", "--server", server.base.as_str()];
        let done = post(&token, &there);
        assert!(
            done.success && done.err.contains("--idempotency-key"),
            "{}{}",
            done.out,
            done.err
        );
        assert_eq!(count(&server), 2);
        for (token, says) in [(other.as_str(), "scope STATUS"), ("mht_none", "token")] {
            for arguments in [&["--unchanged"][..], &there] {
                let refused = post(token, arguments);
                assert!(
                    !refused.success && refused.err.contains(says),
                    "{}",
                    refused.err
                );
            }
        }
        let file = program.file("token", format!("{token}\n"));
        let mut command = program.command(&[
            "status",
            "post",
            "one-register",
            "--unchanged",
            "--token-file",
            &file,
        ]);
        let done =
            crate::program::Done::from(command.env_remove("MANYHANDS_TOKEN").output().unwrap());
        assert!(done.success, "{}", done.err);
        let mut command = program.command(&["status", "post", "one-register", "--unchanged"]);
        let none =
            crate::program::Done::from(command.env_remove("MANYHANDS_TOKEN").output().unwrap());
        assert!(
            !none.success && none.err.contains("MANYHANDS_TOKEN"),
            "{}",
            none.err
        );
        assert_eq!(count(&server), 3);
    }
}
