//! Signing in by a real identity provider: the certified one that the gate starts, through its own forms.

use crate::browser::{Browser, csrf, led_to, origin, parameter};
use crate::program::{Answer, Server, each, runtime};
use crate::sign_in::VIEWER;
use serde_json::{Value, json};
use std::io::Write;

/// The address of the provider. `None`, and a loud line, when there is none.
fn issuer() -> Option<String> {
    const VARIABLE: &str = "MANYHANDS_TEST_OIDC";
    let issuer = std::env::var(VARIABLE).ok();
    if issuer.is_none() {
        // Not by a macro: the test runner would swallow it.
        let line = format!(
            "SKIPPED by a real provider: set {VARIABLE} to the address of the one in .ci/oidc."
        );
        let _ = writeln!(std::io::stderr(), "{line}");
    }
    issuer
}

/// Fills in whatever forms the provider shows until it leads to `end`: that address.
fn through(browser: &Browser, url: &str, login: &str, end: &str) -> String {
    let (mut at, mut answer) = (url.to_owned(), browser.get(url));
    for _ in 0..20 {
        if (300..400).contains(&answer.status) {
            at = led_to(&at, &answer);
            if at.starts_with(end) {
                return at;
            }
            answer = browser.get(&at);
            continue;
        }
        assert_eq!(answer.status, 200, "{at}: {}", answer.text);
        let action = answer.text.split("action=\"").nth(1).unwrap();
        let action = action.split('"').next().unwrap().to_owned();
        let prompt = if answer.text.contains("value=\"login\"") {
            "login"
        } else {
            "consent"
        };
        let fields = [("prompt", prompt), ("login", login), ("password", "any")];
        at = action;
        answer = browser.post(&at, &fields);
    }
    panic!("the provider does not come to an end: {at}");
}

/// An access token for this server, as an app of somebody else gets one from the provider.
fn access_token(browser: &Browser, issuer: &str) -> String {
    let verifier = "v".repeat(64);
    let challenge = openidconnect::PkceCodeChallenge::from_code_verifier_sha256(
        &openidconnect::PkceCodeVerifier::new(verifier.clone()),
    );
    let url = format!(
        "{issuer}/auth?client_id=app&response_type=code&scope=openid%20ask&resource=urn:manyhands:test&state=s\
         &redirect_uri=http://127.0.0.1/app&code_challenge={}&code_challenge_method=S256",
        challenge.as_str()
    );
    let back = through(browser, &url, "dee", "http://127.0.0.1/app");
    let code = parameter(&back, "code");
    // An app is no page: it has no origin.
    let answer: Answer = browser.post_with(
        &format!("{issuer}/token"),
        &[],
        &[
            ("grant_type", "authorization_code"),
            ("client_id", "app"),
            ("code", &code),
            ("redirect_uri", "http://127.0.0.1/app"),
            ("code_verifier", &verifier),
            ("resource", "urn:manyhands:test"),
        ],
    );
    let token = answer.json()["access_token"].as_str().map(str::to_owned);
    token.unwrap_or_else(|| panic!("{}", answer.text))
}

#[test]
fn a_real_provider_signs_a_person_in_and_vouches_for_their_apps() {
    let Some(issuer) = issuer() else {
        return;
    };
    for program in each() {
        let arguments = [
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--oidc-issuer",
            &issuer,
            "--oidc-client-id",
            "manyhands",
            "--oidc-audience",
            "urn:manyhands:test",
        ];
        let mut command = program.command(&arguments);
        command.env("MANYHANDS_OIDC_CLIENT_SECRET", "a-secret-of-the-tests");
        let server = Server::start(command);
        let browser = Browser::default();
        let begin = format!("{}/sign-in?to=/organisations", server.base);
        let callback = format!("{}/sign-in/callback", server.base);
        let back = through(&browser, &begin, "dee", &callback);
        assert_eq!(parameter(&back, "iss"), issuer);
        let (at, page) = browser.follow(&back);
        assert_eq!(at, format!("{}/organisations", server.base));
        assert!(page.text.contains("Person dee"), "{}", page.text);
        // The provider keeps the address to its user info, as the specification lets it.
        let kept = runtime().block_on(async {
            let mut conn = program.store().read().await.unwrap();
            store::person::by_email(&mut conn, "dee@council.example")
                .await
                .unwrap()
        });
        assert_eq!(kept.len(), 1);

        let token = access_token(&browser, &issuer);
        let bearer = format!("Bearer {token}");
        let headers = [
            ("Content-Type", "application/json"),
            ("Authorization", bearer.as_str()),
        ];
        let answer: Value = server.post(&headers, VIEWER).json();
        assert_eq!(answer["data"]["viewer"], json!({ "kind": "PERSON" }));

        let out = browser.post(
            &format!("{}/sign-out", server.base),
            &[("csrf", &csrf(&page))],
        );
        assert_eq!(out.status, 303);
        assert!(
            !browser
                .get(&origin(&server.base))
                .text
                .contains("Person dee")
        );
    }
}
