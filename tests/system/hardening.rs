//! What every answer tells browsers, which other sites may read answers, how long bodies may be, and flags that say so.

use crate::limits::{ACCEPT, CHEAP, JSON, code, flood, retry_after};
use crate::program::{Answer, sqlite};

#[test]
fn bodies_that_are_too_long_are_refused_in_the_shape_of_what_was_asked() {
    let program = sqlite();
    let server = program.serve();
    let long = " ".repeat(2 * 1024 * 1024);
    let refused = server.post(&[JSON, ACCEPT], &long);
    assert_eq!(
        (refused.status, code(&refused).as_str()),
        (413, "BAD_INPUT")
    );
    assert!(refused.text.contains("1 MiB"), "{}", refused.text);
    // Without saying its length beforehand.
    let unsaid = ureq::SendBody::from_owned_reader(std::io::Cursor::new(long));
    let refused = server.post_to("/graphql", &[JSON, ACCEPT], unsaid);
    assert_eq!(
        (refused.status, code(&refused).as_str()),
        (413, "BAD_INPUT")
    );
    let form = ("Content-Type", "application/x-www-form-urlencoded");
    let refused = server.post_to("/sign-out", &[form], "x".repeat(70_000).as_str());
    assert_eq!(refused.status, 413);
    assert!(refused.header("content-type").starts_with("text/html"));
    assert!(refused.text.contains("too long"), "{}", refused.text);
}

#[test]
fn every_answer_tells_browsers_what_it_may_be_used_for() {
    let program = sqlite();
    let token = format!("Bearer {}", program.token(&["--role", "ANALYST"]));
    let server = program.serve();
    let answers = [
        server.get("/"),
        server.get("/nowhere"),
        server.get("/style.css"),
        server.get("/healthz"),
        server.post(&[JSON], CHEAP),
        server.post(&[JSON, ("Authorization", "Bearer x")], CHEAP),
    ];
    for answer in answers {
        for (name, value) in [
            ("x-frame-options", "DENY"),
            ("x-content-type-options", "nosniff"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
            ("referrer-policy", "strict-origin-when-cross-origin"),
        ] {
            assert_eq!(answer.header(name), value);
        }
        let policy = answer.header("content-security-policy");
        assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"));
        assert!(answer.header("permissions-policy").contains("camera=()"));
        // Over plain HTTP a browser would not heed it, and a trial must not lock a name to HTTPS.
        assert_eq!(answer.header("strict-transport-security"), "");
    }
    let own = server.get_with("/standards", &[("Authorization", &token)]);
    assert!(
        own.header("cache-control").contains("no-store"),
        "{own:?}",
        own = own.headers
    );
    assert!(
        !server
            .get("/standards")
            .header("cache-control")
            .contains("no-store")
    );
}

#[test]
fn other_sites_may_ask_only_where_the_operator_lets_them() {
    const HERE: (&str, &str) = ("Origin", "https://council.example");
    const ELSEWHERE: (&str, &str) = ("Origin", "https://evil.example");
    let program = sqlite();
    let ask = [
        ("Access-Control-Request-Method", "POST"),
        (
            "Access-Control-Request-Headers",
            "authorization,content-type",
        ),
    ];
    let allowed = |answer: &Answer| answer.header("access-control-allow-origin").to_owned();

    let off = program.serve();
    assert_eq!(allowed(&off.post(&[JSON, HERE], CHEAP)), "");
    assert_eq!(
        allowed(&off.options("/graphql", &[&[HERE], &ask[..]].concat())),
        ""
    );

    let on = program.serve_with(&[
        "--cors-origin",
        "https://council.example",
        "--budget-anonymous",
        "5",
    ]);
    let preflight = on.options("/graphql", &[&[HERE], &ask[..]].concat());
    assert_eq!(
        (preflight.status, allowed(&preflight).as_str()),
        (200, "https://council.example")
    );
    assert_eq!(preflight.header("access-control-allow-credentials"), "");
    let headers = preflight
        .header("access-control-allow-headers")
        .to_ascii_lowercase();
    assert!(
        headers.contains("authorization") && headers.contains("content-type"),
        "{headers}"
    );
    for (path, origin, says) in [
        ("/graphql", HERE, "https://council.example"),
        ("/graphql", ELSEWHERE, ""),
        ("/", HERE, ""),
    ] {
        let refused = on.options(path, &[&[origin], &ask[..]].concat());
        assert_eq!(allowed(&refused), says, "{path} {origin:?}");
    }
    assert_eq!(
        allowed(&on.get_with("/schema.graphql", &[HERE])),
        "https://council.example"
    );
    assert_eq!(allowed(&on.get_with("/standards", &[HERE])), "");
    assert_eq!(allowed(&on.post(&[JSON, ELSEWHERE], CHEAP)), "");
    // A script has to see that it should wait, and for how long.
    let refused = flood(&on, &[HERE], CHEAP);
    assert_eq!(allowed(&refused), "https://council.example");
    assert!(
        refused
            .header("access-control-expose-headers")
            .eq_ignore_ascii_case("retry-after")
    );
    assert!(retry_after(&refused) > 0);
    assert_eq!(refused.header("cross-origin-resource-policy"), "");
}

#[test]
fn flags_that_cannot_be_read_say_what_to_write() {
    let program = sqlite();
    for (flag, value, says) in [
        ("--trusted-proxy", "10.0.0.0/99", "10.0.0.0/8"),
        ("--trusted-proxy", "proxy.example", "10.0.0.7"),
        ("--cors-origin", "*", "https://"),
        (
            "--cors-origin",
            "https://council.example/path",
            "without a path",
        ),
        ("--budget-key", "-1", "--budget-key"),
    ] {
        let done = program.run(&["serve", &format!("{flag}={value}")]);
        assert!(
            !done.success && done.err.contains(says),
            "{flag}: {}",
            done.err
        );
    }
    let help = program.ok(&["serve", "--help"]);
    assert!(
        help.contains("MANYHANDS_BUDGET_KEY") && help.contains("50000"),
        "{help}"
    );
}

#[test]
fn in_production_browsers_come_by_https_alone() {
    let program = sqlite();
    let secret = program.file("secret", "secret");
    let server = program.serve_with(&[
        "--production",
        "--public-url",
        "https://manyhands.example",
        "--oidc-issuer",
        "https://login.example",
        "--oidc-client-id",
        "manyhands",
        "--oidc-client-secret-file",
        &secret,
    ]);
    for path in ["/", "/graphql", "/style.css", "/nowhere"] {
        let told = server
            .get(path)
            .header("strict-transport-security")
            .to_owned();
        assert!(told.starts_with("max-age=31536000"), "{path}: {told}");
    }
}

#[test]
fn made_up_links_are_slowed_like_wrong_tokens() {
    let program = sqlite();
    let server = program.serve_with(&["--trial-sign-in", "--failures-per-minute", "3"]);
    let mut refused = Vec::new();
    for n in 0..20 {
        let answer = server.get(&format!("/sign-in/trial/mhl_{n:064}"));
        refused.push(answer.status);
        if answer.status == 429 {
            assert!(retry_after(&answer) <= 20, "{:?}", answer.headers);
            break;
        }
    }
    assert_eq!(refused.pop(), Some(429));
    assert!(
        refused.len() >= 3 && refused.iter().all(|status| *status == 404),
        "{refused:?}"
    );
    // The right one is taken all the same.
    let line = server.next_line();
    let link = &line[line.find("http://").unwrap()..];
    assert_eq!(server.get(&link[server.base.len()..]).status, 200);
}
