//! Limits over HTTP: budgets and how they recover, who shares one, and how wrong tokens are slowed.

use crate::program::{Answer, Server, each, sqlite};
use serde_json::json;
use std::time::{Duration, Instant};

pub(crate) const JSON: (&str, &str) = ("Content-Type", "application/json");
pub(crate) const ACCEPT: (&str, &str) = ("Accept", "application/graphql-response+json");
pub(crate) const CHEAP: &str = r#"{"query":"{ viewer { kind } }"}"#;
/// What the public may ask at once where the rate is small: the dearest request and the least one.
const AT_ONCE: u64 = 20_100;
/// More than it takes to spend it by requests that cost the least.
const MANY: u64 = AT_ONCE / 100 + 100;

/// A document that costs a good part of what one request of the public may.
fn dear() -> String {
    let query =
        "{ organisations(first: 100) { nodes { adoptions(first: 70) { nodes { state } } } } }";
    json!({ "query": query }).to_string()
}

pub(crate) fn code(answer: &Answer) -> String {
    let body = answer.json();
    let code = body["errors"][0]["extensions"]["code"].as_str();
    code.unwrap_or_default().to_owned()
}

pub(crate) fn retry_after(answer: &Answer) -> u64 {
    let seconds = answer.header("retry-after");
    seconds
        .parse()
        .unwrap_or_else(|_| panic!("`{seconds}` {}: {}", answer.status, answer.text))
}

/// Sends the request until it is refused.
pub(crate) fn flood(server: &Server, headers: &[(&str, &str)], body: &str) -> Answer {
    let all = [&[JSON, ACCEPT], headers].concat();
    for _ in 0..MANY {
        let answer = server.post(&all, body);
        if answer.status == 429 {
            return answer;
        }
        assert!(matches!(answer.status, 200 | 400), "{}", answer.text);
    }
    panic!("{MANY} requests were all answered");
}

#[test]
fn a_flood_is_told_when_to_come_back_and_is_answered_then() {
    let program = sqlite();
    let server = program.serve_with(&["--budget-anonymous", "100"]);
    let refused = flood(&server, &[], CHEAP);
    assert_eq!(code(&refused), "RATE_LIMITED");
    assert_eq!(retry_after(&refused), 1);
    let body = refused.json();
    assert_eq!(body["errors"][0]["extensions"]["retryAfter"], 1);
    assert!(
        body["errors"][0]["message"]
            .as_str()
            .unwrap()
            .contains("1 second"),
        "{body}"
    );
    let told = Instant::now() + Duration::from_secs(retry_after(&refused));
    std::thread::sleep(told - Instant::now());
    let answer = server.post(&[JSON], CHEAP);
    assert_eq!(answer.status, 200, "{}", answer.text);
}

#[test]
fn every_kind_of_request_is_refused_in_its_own_shape_once_the_budget_is_spent() {
    let program = sqlite();
    let server = program.serve_with(&["--budget-anonymous", "5"]);
    flood(&server, &[], "not json");
    for media in [JSON, ACCEPT] {
        let refused = server.post(&[JSON, media], CHEAP);
        assert_eq!(
            (refused.status, code(&refused).as_str()),
            (429, "RATE_LIMITED")
        );
        assert!(retry_after(&refused) > 1);
    }
    for path in [
        "/",
        "/standards",
        "/organisations/none",
        "/nowhere",
        "/style.css",
    ] {
        let refused = server.get_with(path, &[("Accept", "text/html")]);
        assert_eq!(refused.status, 429, "{path}");
        assert!(
            refused.header("content-type").starts_with("text/html"),
            "{path}"
        );
        let seconds = retry_after(&refused);
        let says = format!("{seconds} seconds");
        assert!(refused.text.contains(&says), "{path}: {}", refused.text);
        assert!(
            refused
                .header("content-security-policy")
                .contains("default-src 'none'")
        );
    }
    // Whoever watches the server is told that it lives.
    assert_eq!(server.get("/healthz").status, 200);
    assert_eq!(server.get("/readyz").status, 200);
}

#[test]
fn the_dearest_request_is_served_however_small_the_budget_and_costs_what_it_says() {
    let program = sqlite();
    let server = program.serve_with(&["--budget-anonymous", "1"]);
    let answer = server.post(&[JSON], &dear());
    assert_eq!(answer.status, 200, "{}", answer.text);
    let cost = answer.json()["extensions"]["cost"]["cost"]
        .as_u64()
        .unwrap();
    assert!(cost > 15_000, "{cost}");
    let refused = server.post(&[JSON], &dear());
    assert_eq!(code(&refused), "RATE_LIMITED");
    // At one a second, what is missing is what it has to wait. It was charged 100 for being read.
    let missing = cost + cost + 100 - 100 - AT_ONCE;
    let waits = retry_after(&refused);
    assert!(
        waits <= missing && waits + 60 > missing,
        "{waits} of {missing}"
    );
    let body = refused.json();
    assert_eq!(body["extensions"]["cost"]["cost"], cost);
    assert!(body["data"].is_null());
}

#[test]
fn keys_pay_for_themselves() {
    for program in each() {
        let (one, other) = (
            program.token(&["--role", "ANALYST"]),
            program.token(&["--role", "ANALYST"]),
        );
        let server = program.serve_with(&["--budget-key", "5", "--budget-anonymous", "5"]);
        let (one, other) = (format!("Bearer {one}"), format!("Bearer {other}"));
        let (one, other) = (
            ("Authorization", one.as_str()),
            ("Authorization", other.as_str()),
        );
        let list =
            "organisations(first: 100) { nodes { adoptions(first: 70) { nodes { state } } } }";
        let aliases: Vec<String> = (0..8).map(|n| format!("a{n}: {list}")).collect();
        let dear = json!({ "query": format!("{{ {} }}", aliases.join(" ")) }).to_string();
        assert_eq!(server.post(&[JSON, one], &dear).status, 200);
        let refused = server.post(&[JSON, one], &dear);
        assert_eq!(
            (refused.status, code(&refused).as_str()),
            (429, "RATE_LIMITED")
        );
        assert_eq!(server.post(&[JSON, other], &dear).status, 200);
        // What the public spends at the same address is not the keys', nor the other way round.
        flood(&server, &[], CHEAP);
        assert_eq!(server.post(&[JSON, other], CHEAP).status, 200);
        assert_eq!(server.post(&[JSON, one], CHEAP).status, 200);
    }
}

#[test]
fn no_budget_is_no_limit() {
    let program = sqlite();
    let server = program.serve_with(&["--budget-anonymous", "0"]);
    for _ in 0..MANY {
        assert_eq!(server.post(&[JSON], CHEAP).status, 200);
    }
}

#[test]
fn clients_behind_a_trusted_proxy_have_budgets_of_their_own() {
    let program = sqlite();
    let flags = ["--budget-anonymous", "5", "--trusted-proxy", "127.0.0.0/8"];
    let server = program.serve_with(&flags);
    let (one, other) = (
        ("X-Forwarded-For", "192.0.2.1"),
        ("X-Forwarded-For", "192.0.2.2"),
    );
    flood(&server, &[one], CHEAP);
    assert_eq!(server.post(&[JSON, other], CHEAP).status, 200);
    assert_eq!(server.post(&[JSON], CHEAP).status, 200);
    // What the client wrote itself stands before what the proxy wrote.
    let spoofed = ("X-Forwarded-For", "198.51.100.9, 192.0.2.1");
    assert_eq!(server.post(&[JSON, spoofed], CHEAP).status, 429);
    // A customer of IPv6 has a whole /64.
    flood(&server, &[("Forwarded", "for=\"[2001:db8::1]\"")], CHEAP);
    let neighbour = ("Forwarded", "for=\"[2001:db8::2]\"");
    assert_eq!(server.post(&[JSON, neighbour], CHEAP).status, 429);
    let elsewhere = ("Forwarded", "for=\"[2001:db8:0:1::1]\"");
    assert_eq!(server.post(&[JSON, elsewhere], CHEAP).status, 200);
}

#[test]
fn what_anybody_else_says_of_where_they_come_from_is_ignored() {
    let program = sqlite();
    let server =
        program.serve_with(&["--budget-anonymous", "5", "--trusted-proxy", "192.0.2.0/24"]);
    flood(&server, &[("X-Forwarded-For", "198.51.100.1")], CHEAP);
    for header in [
        ("X-Forwarded-For", "198.51.100.2"),
        ("X-Forwarded-For", "192.0.2.1"),
        ("Forwarded", "for=198.51.100.2"),
    ] {
        assert_eq!(
            server.post(&[JSON, header], CHEAP).status,
            429,
            "{header:?}"
        );
    }
}

#[test]
fn wrong_tokens_are_slowed_and_right_ones_are_not() {
    for program in each() {
        let right = format!("Bearer {}", program.token(&["--role", "ANALYST"]));
        let server = program.serve();
        let mut refused = Vec::new();
        for n in 0..40 {
            let wrong = format!("Bearer mhd_{n:064}");
            let answer = server.post(&[JSON, ACCEPT, ("Authorization", &wrong)], CHEAP);
            refused.push((answer.status, code(&answer)));
            if answer.status == 429 {
                let seconds = retry_after(&answer);
                assert!((1..=6).contains(&seconds), "{seconds}");
                break;
            }
        }
        let last = refused.pop().unwrap();
        assert_eq!(last, (429, "RATE_LIMITED".to_owned()));
        assert!(refused.len() >= 10, "{refused:?}");
        let none = (401, "UNAUTHENTICATED".to_owned());
        assert!(refused.iter().all(|answer| *answer == none), "{refused:?}");
        // Whoever is behind the same address and has a token, or asks as the public, is answered.
        assert_eq!(
            server
                .post(&[JSON, ("Authorization", &right)], CHEAP)
                .status,
            200
        );
        assert_eq!(server.post(&[JSON], CHEAP).status, 200);
    }
}

#[test]
fn links_of_invitations_that_are_none_are_slowed() {
    let program = sqlite();
    let server = program.serve();
    let mut answers = (0..40).map(|digit| server.get(&format!("/invitation/mhi_{digit:064x}")));
    for _ in 0..10 {
        assert_eq!(answers.next().unwrap().status, 404);
    }
    let slowed = answers.find(|answer| answer.status != 404).unwrap();
    assert_eq!(slowed.status, 429);
    assert!((1..=6).contains(&retry_after(&slowed)));
}

#[test]
fn each_part_of_a_batch_is_charged() {
    let program = sqlite();
    let server = program.serve_with(&["--budget-anonymous", "5"]);
    let parts = format!("[{},{}]", dear(), dear());
    let answer = server.post(&[JSON], &parts);
    let body = answer.json();
    assert_eq!(answer.status, 200);
    assert!(body[0].get("errors").is_none(), "{body}");
    assert_eq!(
        body[1]["errors"][0]["extensions"]["code"], "RATE_LIMITED",
        "{body}"
    );
    let seconds = &body[1]["errors"][0]["extensions"]["retryAfter"];
    assert_eq!(seconds.as_u64(), Some(retry_after(&answer)));

    // Parts that cannot even be read cost something too, each.
    let server = program.serve_with(&["--budget-anonymous", "5"]);
    let unreadable = format!("[{}]", [r#"{"query":"{"}"#; 10].join(","));
    let mut batches = 0;
    let last = loop {
        let answer = server.post(&[JSON], &unreadable);
        if answer.status == 429 {
            break answer;
        }
        batches += 1;
        assert!(batches <= MANY / 10, "batches are charged like one request");
    };
    assert!(batches >= 20, "{batches}");
    assert_eq!(code(&last), "RATE_LIMITED");
}
