//! The sign-in of a trial: links on the terminal that work once, where the operator asked for them and nowhere else.

use crate::browser::Browser;
use crate::program::{Done, Server, binary, each, sqlite};

/// The address in a line that the server said.
fn address(line: &str) -> String {
    line[line.find("http://").unwrap()..].to_owned()
}

#[test]
fn a_link_signs_in_once_by_a_button_and_again_after_a_restart() {
    for program in each() {
        for _ in 0..2 {
            let server = program.serve_with(&["--trial-sign-in"]);
            let line = server.next_line();
            assert!(line.contains("Trial administrator"), "{line}");
            let link = address(&line);
            let browser = Browser::default();
            // Looking at the link does not use it up.
            for _ in 0..2 {
                let page = browser.get(&link);
                assert_eq!(page.status, 200);
                assert!(
                    page.text.contains("Sign in as Trial administrator"),
                    "{}",
                    page.text
                );
                assert!(page.text.contains("<form method=\"post\""), "{}", page.text);
            }
            let evil = [("Origin", "https://evil.example")];
            assert_eq!(browser.post_with(&link, &evil, &[]).status, 403);
            let (at, page) = browser.follow_from(link.clone(), browser.post(&link, &[]));
            assert_eq!((at, page.status), (format!("{}/", server.base), 200));
            assert!(page.text.contains("Trial administrator"), "{}", page.text);

            let other = Browser::default();
            assert_eq!(other.post(&link, &[]).status, 404);
            let page = other.get(&link);
            assert_eq!(page.status, 404);
            assert!(page.text.contains("does not sign in"), "{}", page.text);
        }
        assert!(program.run(&["check"]).success);
    }
}

#[test]
fn there_is_no_trial_unless_it_was_asked_for() {
    let program = sqlite();
    let server = program.serve();
    let made_up = format!("{}/sign-in/trial/{}", server.base, "a".repeat(64));
    assert_eq!(Browser::default().get(&made_up).status, 404);
    assert_eq!(Browser::default().post(&made_up, &[]).status, 404);
}

#[test]
fn what_does_not_go_together_is_refused_before_anything_is_served() {
    let program = sqlite();
    let oidc = [
        "--oidc-issuer",
        "https://login.example",
        "--oidc-client-id",
        "x",
    ];
    let public = ["--public-url", "https://manyhands.example"];
    for (arguments, says) in [
        (
            vec!["--trial-sign-in", "--listen", "0.0.0.0:0"],
            "this machine alone",
        ),
        (
            [&["--trial-sign-in"], &public[..]].concat(),
            "this machine alone",
        ),
        (
            [&["--trial-sign-in"], &oidc[..]].concat(),
            "without a provider",
        ),
        (
            [&["--trial-sign-in", "--production"], &oidc[..], &public].concat(),
            "not for production",
        ),
        ([&["--production"], &oidc[..]].concat(), "--public-url"),
        (
            vec!["--production", "--public-url", "http://manyhands.example"],
            "https",
        ),
        ([&["--production"], &public[..]].concat(), "--oidc-issuer"),
        (
            [&["--listen", "0.0.0.0:0"], &oidc[..]].concat(),
            "--public-url",
        ),
        (
            vec![
                "--oidc-issuer",
                "http://login.example",
                "--oidc-client-id",
                "x",
            ],
            "https",
        ),
        (
            vec!["--oidc-issuer", "https://login.example"],
            "--oidc-client-id",
        ),
        (
            vec!["--public-url", "https://manyhands.example/path"],
            "without a path",
        ),
        (
            [&["--oidc-client-secret-file", "/nowhere"], &oidc[..]].concat(),
            "cannot read the secret in /nowhere",
        ),
    ] {
        let done = program.run(&[&["serve"], &arguments[..]].concat());
        assert!(
            !done.success && done.err.contains(says),
            "{arguments:?}: {}",
            done.err
        );
    }
    let help = Done::from(binary().args(["serve", "--help"]).output().unwrap());
    assert!(help.out.contains("--trial-sign-in") && help.out.contains("--oidc-issuer"));
}

#[test]
fn the_demo_signs_in_as_an_administrator_and_as_a_council() {
    let mut command = binary();
    command.args(["demo", "--listen", "127.0.0.1:0", "--trial-sign-in"]);
    let server = Server::start(command);
    let lines = std::iter::repeat_with(|| server.next_line());
    let links: Vec<String> = lines
        .filter(|line| line.contains("/sign-in/trial/"))
        .take(2)
        .collect();
    for (line, name) in links
        .iter()
        .zip(["Trial administrator", "Trial lead of Somerset"])
    {
        assert!(line.contains(name), "{line}");
        let link = address(line);
        let browser = Browser::default();
        let (_, page) = browser.follow_from(link.clone(), browser.post(&link, &[]));
        assert!(page.text.contains(name), "{}", page.text);
    }
}
