//! Signing in by an identity provider, with one in the test process: what works, and everything that must not.

use crate::browser::{Browser, csrf, led_to, parameter};
use crate::fake_provider::{Fake, Lie, SECRET};
use crate::program::{Answer, Program, Server, each, runtime, sqlite};
use serde_json::json;

pub(crate) const VIEWER: &str = r#"{"query":"{ viewer { kind } }"}"#;

/// A server whose people sign in by this provider.
pub(crate) fn serve(program: &Program, fake: &Fake, more: &[&str]) -> Server {
    let all = [
        &["serve", "--listen", "127.0.0.1:0"],
        &fake.arguments()[..],
        more,
    ]
    .concat();
    let mut command = program.command(&all);
    command.env("MANYHANDS_OIDC_CLIENT_SECRET", SECRET);
    Server::start(command)
}

/// Signs a new browser in; it ends on the page it wanted.
pub(crate) fn signed_in(server: &Server) -> Browser {
    let browser = Browser::default();
    let (_, page) = browser.follow(&format!("{}/sign-in?to=/standards", server.base));
    assert_eq!(page.status, 200, "{}", page.text);
    assert!(page.text.contains("Sign out"), "{}", page.text);
    browser
}

fn session(server: &Server, browser: &Browser) -> Option<String> {
    browser.cookie(&server.base, "manyhands")
}

/// Begins a sign-in and lets the provider answer: the address it leads back to, not opened yet.
fn answered(server: &Server, browser: &Browser) -> String {
    let begun = browser.get(&format!("{}/sign-in?to=/standards", server.base));
    assert_eq!(begun.status, 303, "{}", begun.text);
    let provider = led_to(&server.base, &begun);
    led_to(&provider, &browser.get(&provider))
}

/// Asks who asks, with the cookie of a browser and other headers.
fn kind(server: &Server, cookie: &str, headers: &[(&str, &str)]) -> Answer {
    let cookie = format!("manyhands={cookie}");
    let all = [&[("Cookie", cookie.as_str())], headers].concat();
    server.post(&all, VIEWER)
}

fn refused(page: &Answer, status: u16, says: &str) {
    assert_eq!(page.status, status, "{}", page.text);
    assert!(
        page.text.contains(says),
        "{says} is missing in {}",
        page.text
    );
}

#[test]
fn a_person_signs_in_asks_and_signs_out() {
    for program in each() {
        let fake = Fake::start();
        let server = serve(&program, &fake, &[]);
        let public = server.get("/standards");
        assert!(public.text.contains("href=\"/sign-in?to=%2Fstandards\""));
        assert!(!public.text.contains("Sign out"));

        let browser = Browser::default();
        let wanted = format!("{}/standards?text=a", server.base);
        let (at, page) = browser.follow(&format!("{}/sign-in?to=/standards?text=a", server.base));
        assert_eq!((at.as_str(), page.status), (wanted.as_str(), 200));
        assert!(page.text.contains("ann Example"), "{}", page.text);
        assert_eq!(page.header("cache-control"), "private, no-store");

        let secret = session(&server, &browser).unwrap();
        let same = [
            ("Content-Type", "application/json"),
            ("Origin", server.base.as_str()),
        ];
        let answer = kind(&server, &secret, &same).json();
        assert_eq!(answer["data"]["viewer"], json!({ "kind": "PERSON" }));

        let out = format!("{}/sign-out", server.base);
        let done = browser.post(&out, &[("csrf", &csrf(&page))]);
        assert_eq!((done.status, done.header("location")), (303, "/"));
        assert_eq!(session(&server, &browser), None);
        // A copy of the cookie is worth nothing either.
        let answer = kind(&server, &secret, &same).json();
        assert_eq!(answer["data"]["viewer"]["kind"], "ANONYMOUS");
    }
}

#[test]
fn the_cookies_are_out_of_reach_of_scripts_and_other_sites() {
    let program = sqlite();
    let fake = Fake::start();
    let server = serve(&program, &fake, &[]);
    let browser = signed_in(&server);
    let set = browser.set.borrow().clone();
    let found = |name: &str| set.iter().find(|cookie| cookie.starts_with(name)).unwrap();
    let session = found("manyhands=mhs_");
    assert!(
        session.ends_with("; Path=/; HttpOnly; SameSite=Lax; Max-Age=43200"),
        "{session}"
    );
    let pending = found("manyhands-sign-in=state");
    assert!(
        pending.ends_with("; Path=/; HttpOnly; SameSite=Lax; Max-Age=600"),
        "{pending}"
    );
    assert_eq!(browser.cookie(&server.base, "manyhands-sign-in"), None);

    let server = serve(
        &program,
        &fake,
        &["--public-url", "https://manyhands.example"],
    );
    let browser = Browser::default();
    let begun = browser.get(&format!("{}/sign-in", server.base));
    let provider = led_to(&server.base, &begun);
    assert_eq!(
        parameter(&provider, "redirect_uri"),
        "https://manyhands.example/sign-in/callback"
    );
    let back = led_to(&provider, &browser.get(&provider));
    let here = back.replace("https://manyhands.example", &server.base);
    assert_eq!(browser.get(&here).status, 303);
    let set = browser.set.borrow().clone();
    for name in ["__Host-manyhands=mhs_", "__Host-manyhands-sign-in=state"] {
        let cookie = set.iter().find(|cookie| cookie.starts_with(name)).unwrap();
        assert!(
            cookie.contains("; Path=/; HttpOnly; SameSite=Lax;") && cookie.ends_with("; Secure"),
            "{cookie}"
        );
    }
}

#[test]
fn what_cannot_be_verified_signs_nobody_in() {
    let program = sqlite();
    let fake = Fake::start();
    let server = serve(&program, &fake, &[]);
    for lie in [
        Lie::Nonce,
        Lie::Issuer,
        Lie::Audience,
        Lie::Signature,
        Lie::Unsigned,
        Lie::SharedSecret,
        Lie::Expired,
        Lie::NoToken,
    ] {
        fake.lie(lie);
        let browser = Browser::default();
        let (_, page) = browser.follow(&format!("{}/sign-in", server.base));
        assert_eq!(page.status, 400, "{lie:?}: {}", page.text);
        assert!(
            page.text.contains("was not believed"),
            "{lie:?}: {}",
            page.text
        );
        assert_eq!(session(&server, &browser), None, "{lie:?}");
    }
    fake.lie(Lie::None);
    signed_in(&server);
}

#[test]
fn an_answer_is_for_the_browser_that_asked_and_good_once() {
    let program = sqlite();
    let fake = Fake::start();
    let server = serve(&program, &fake, &[]);
    let browser = Browser::default();
    let back = answered(&server, &browser);
    let state = parameter(&back, "state");

    // Somebody else's browser, which did not ask, or asked for another.
    let other = Browser::default();
    refused(&other.get(&back), 400, "not begun in this browser");
    answered(&server, &other);
    refused(&other.get(&back), 400, "not begun in this browser");
    assert_eq!(session(&server, &other), None);

    let pending = browser.cookie(&server.base, "manyhands-sign-in").unwrap();
    let wrong = back.replace(&state, &"0".repeat(64));
    refused(&browser.get(&wrong), 400, "not begun in this browser");
    refused(&browser.get(&back), 400, "not begun in this browser");

    // Even whoever kept the cookie uses the code once.
    browser.hold(&server.base, "manyhands-sign-in", &pending);
    assert_eq!(browser.get(&back).status, 303);
    browser.hold(&server.base, "manyhands-sign-in", &pending);
    refused(&browser.get(&back), 400, "did not confirm who you are");

    // The provider itself checks that it is us who ask (PKCE).
    let back = answered(&server, &browser);
    let pending = browser.cookie(&server.base, "manyhands-sign-in").unwrap();
    let at = pending.find("verifier=").unwrap() + "verifier=".len();
    let forged = format!(
        "{}{}{}",
        &pending[..at],
        "f".repeat(64),
        &pending[at + 64..]
    );
    browser.hold(&server.base, "manyhands-sign-in", &forged);
    refused(&browser.get(&back), 400, "did not confirm who you are");
}

#[test]
fn each_sign_in_has_a_new_secret_and_ends_the_session_before() {
    let program = sqlite();
    let fake = Fake::start();
    let server = serve(&program, &fake, &[]);
    let browser = Browser::default();
    // A secret that somebody else put there is not taken over.
    let planted = format!("mhs_{}", "ab".repeat(32));
    browser.hold(&server.base, "manyhands", &planted);
    browser.follow(&format!("{}/sign-in", server.base));
    let first = session(&server, &browser).unwrap();
    browser.follow(&format!("{}/sign-in", server.base));
    let second = session(&server, &browser).unwrap();
    assert!(first != planted && second != first);
    let same = [
        ("Content-Type", "application/json"),
        ("Origin", server.base.as_str()),
    ];
    for (secret, is) in [
        (planted, "ANONYMOUS"),
        (first, "ANONYMOUS"),
        (second, "PERSON"),
    ] {
        let answer = kind(&server, &secret, &same).json();
        assert_eq!(answer["data"]["viewer"]["kind"], is);
    }
}

#[test]
fn the_browser_is_led_to_our_own_pages_alone() {
    let program = sqlite();
    let fake = Fake::start();
    let server = serve(&program, &fake, &[]);
    for to in [
        "//evil.example",
        "https://evil.example/",
        "/%5Cevil.example",
        "%2F%09%2Fevil.example",
    ] {
        let browser = Browser::default();
        let back = {
            let begun = browser.get(&format!("{}/sign-in?to={to}", server.base));
            let provider = led_to(&server.base, &begun);
            led_to(&provider, &browser.get(&provider))
        };
        let answer = browser.get(&back);
        assert_eq!(
            (answer.status, answer.header("location")),
            (303, "/"),
            "{to}"
        );
    }
}

#[test]
fn a_provider_that_is_down_stops_nothing_else_and_is_asked_again() {
    let program = sqlite();
    let fake = Fake::start();
    fake.lie(Lie::Down);
    let server = serve(&program, &fake, &[]);
    let begin = format!("{}/sign-in?to=/standards", server.base);
    refused(
        &Browser::default().get(&begin),
        503,
        "not possible at the moment",
    );
    assert_eq!(server.get("/standards").status, 200);
    fake.lie(Lie::None);
    let browser = Browser::default();
    let back = answered(&server, &browser);
    fake.lie(Lie::Down);
    refused(&browser.get(&back), 503, "not possible at the moment");
    fake.lie(Lie::None);
    signed_in(&server);
}

#[test]
fn new_keys_of_the_provider_are_fetched_but_not_for_everybody_who_asks() {
    let program = sqlite();
    let fake = Fake::start();
    let server = serve(&program, &fake, &[]);
    signed_in(&server);
    signed_in(&server);
    assert_eq!(fake.keys_asked(), 1);
    fake.rotate_keys("second");
    signed_in(&server);
    assert_eq!(fake.keys_asked(), 2);
    fake.rotate_keys("third");
    let (_, page) = Browser::default().follow(&format!("{}/sign-in", server.base));
    refused(&page, 400, "was not believed");
    assert_eq!(
        fake.keys_asked(),
        2,
        "the keys were fetched twice within a minute"
    );
}

#[test]
fn what_the_provider_refuses_is_said_in_plain_words() {
    let program = sqlite();
    let fake = Fake::start();
    let server = serve(&program, &fake, &[]);
    for (error, status, says) in [
        ("access_denied", 400, "broken off"),
        ("server_error", 503, "not possible at the moment"),
        ("%3Cscript%3E", 400, "could not sign you in"),
    ] {
        let browser = Browser::default();
        let state = parameter(&answered(&server, &browser), "state");
        let back = format!(
            "{}/sign-in/callback?state={state}&error={error}",
            server.base
        );
        let page = browser.get(&back);
        refused(&page, status, says);
        assert!(page.text.contains("/sign-in?to=%2Fstandards") && !page.text.contains("<script>"));
    }
    let browser = Browser::default();
    let back = answered(&server, &browser);
    let other = format!("{back}&iss=https%3A%2F%2Fother.example");
    refused(&browser.get(&other), 400, "not begun in this browser");
}

#[test]
fn an_address_is_kept_only_when_the_provider_verified_it() {
    let program = sqlite();
    let fake = Fake::start();
    let server = serve(&program, &fake, &[]);
    let kept = |address: &str| {
        runtime().block_on(async {
            let mut conn = program.store().read().await.unwrap();
            store::person::by_email(&mut conn, address)
                .await
                .unwrap()
                .len()
        })
    };
    fake.lie(Lie::Unverified);
    signed_in(&server);
    assert_eq!(kept("ann@council.example"), 0);
    fake.lie(Lie::None);
    fake.is("bea");
    signed_in(&server);
    assert_eq!(kept("bea@council.example"), 1);
    signed_in(&server);
    assert_eq!(kept("bea@council.example"), 1);
}

#[test]
fn without_a_provider_there_is_no_sign_in() {
    let server = sqlite().serve();
    refused(&server.get("/sign-in"), 404, "There is no sign-in here");
    refused(
        &server.get("/sign-in/callback?code=a&state=b"),
        404,
        "There is no sign-in here",
    );
    assert!(!server.get("/").text.contains("/sign-in"));
}
