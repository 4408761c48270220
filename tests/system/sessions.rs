//! Sessions over time, and forms that do not come from our own pages. Time is moved in the database.

use crate::browser::{Browser, csrf};
use crate::fake_provider::Fake;
use crate::program::{Program, Server, each, runtime, sqlite};
use crate::sign_in::{VIEWER, serve, signed_in};
use chrono::{NaiveDateTime, TimeDelta};
use domain::id::SessionId;
use domain::policy::{About, Action, Viewer};
use sha2::{Digest, Sha256};
use store::person::Vouched;

fn secret(letter: char) -> String {
    format!("mhs_{}", letter.to_string().repeat(64))
}

fn hash(secret: &str) -> String {
    domain::token::hex(&Sha256::digest(secret.as_bytes()))
}

/// Minutes ago.
fn ago(minutes: i64) -> NaiveDateTime {
    store::now() - TimeDelta::minutes(minutes)
}

/// A session of somebody that began so many minutes ago, by this secret.
fn session(program: &Program, secret: &str, minutes: i64) -> SessionId {
    let granted = Viewer::SignIn
        .may(Action::AdmitPerson, About::Sector)
        .unwrap();
    let person = Vouched {
        issuer: "https://login.example",
        subject: "cat",
        email: None,
        name: Some("Cat Example".to_owned()),
    };
    runtime()
        .block_on(program.store().write(async |conn| {
            let person = store::person::admit(conn, &granted, ago(minutes), &person).await?;
            store::session::begin(conn, &granted, ago(minutes), person.id, &hash(secret)).await
        }))
        .unwrap()
}

/// A browser with this secret, and whether the front page knows who it is.
fn known(server: &Server, secret: &str) -> (Browser, bool) {
    let browser = Browser::default();
    browser.hold(&server.base, "manyhands", secret);
    let page = browser.get(&server.base);
    assert_eq!(page.status, 200);
    (browser, page.text.contains("Cat Example"))
}

#[test]
fn a_session_ends_after_an_hour_of_nothing_and_after_half_a_day_of_anything() {
    for program in each() {
        let server = program.serve();
        session(&program, &secret('a'), 10);
        assert!(known(&server, &secret('a')).1);
        session(&program, &secret('b'), 61);
        assert!(!known(&server, &secret('b')).1, "idle for an hour");
        for (letter, minutes, holds) in [('c', 11 * 60 + 59, true), ('d', 12 * 60 + 1, false)] {
            let id = session(&program, &secret(letter), minutes);
            let touched = program
                .store()
                .write(async |conn| store::session::touch(conn, id, ago(1)).await);
            runtime().block_on(touched).unwrap();
            assert_eq!(
                known(&server, &secret(letter)).1,
                holds,
                "after {minutes} minutes"
            );
        }
    }
}

#[test]
fn a_session_gets_a_new_secret_now_and_then_and_the_former_fades() {
    for program in each() {
        let server = program.serve();
        session(&program, &secret('a'), 20);
        let (browser, is_known) = known(&server, &secret('a'));
        assert!(is_known);
        let renewed = browser.cookie(&server.base, "manyhands").unwrap();
        assert_ne!(renewed, secret('a'), "it was time for a new secret");
        let form = csrf(&browser.get(&server.base));
        assert_eq!(browser.cookie(&server.base, "manyhands").unwrap(), renewed);

        // A request that was under way with the former one is still answered, and leaves the cookie as it is.
        let (late, is_known) = known(&server, &secret('a'));
        assert!(is_known);
        assert_eq!(late.cookie(&server.base, "manyhands").unwrap(), secret('a'));
        // A form that was opened before is still good.
        assert_eq!(csrf(&late.get(&server.base)), form);

        let id = session(&program, &secret('b'), 20);
        let rotated = program.store().write(async |conn| {
            let (old, new) = (hash(&secret('b')), hash(&secret('c')));
            store::session::rotate(conn, id, ago(2), &old, &new).await
        });
        assert!(runtime().block_on(rotated).unwrap());
        assert!(
            !known(&server, &secret('b')).1,
            "the former secret is older than a minute"
        );
        assert!(known(&server, &secret('c')).1);
    }
}

#[test]
fn a_form_is_refused_unless_our_own_page_sent_it() {
    let program = sqlite();
    let fake = Fake::start();
    let server = serve(&program, &fake, &[]);
    let browser = signed_in(&server);
    let out = format!("{}/sign-out", server.base);
    let good = csrf(&browser.get(&server.base));
    assert_eq!(good.len(), 64);
    let own = ("Origin", server.base.as_str());
    let evil = ("Origin", "https://evil.example");
    let cross = ("Sec-Fetch-Site", "cross-site");
    let wrong = good.replace(|c: char| c.is_ascii_digit(), "a");
    type Sent<'a> = (&'a [(&'a str, &'a str)], &'a [(&'a str, &'a str)]);
    let attempts: [Sent; 7] = [
        (&[own], &[]),
        (&[own], &[("csrf", "")]),
        (&[own], &[("csrf", &wrong)]),
        (&[], &[("csrf", &good)]),
        (&[evil], &[("csrf", &good)]),
        (&[own, cross], &[("csrf", &good)]),
        (&[("Origin", "null")], &[("csrf", &good)]),
    ];
    for (headers, fields) in attempts {
        let page = browser.post_with(&out, headers, fields);
        assert_eq!(page.status, 403, "{headers:?} {fields:?}");
        assert!(page.text.contains("reload the page"), "{}", page.text);
    }
    let token = csrf(&signed_in(&server).get(&server.base));
    assert_eq!(
        browser.post(&out, &[("csrf", &token)]).status,
        403,
        "of another session"
    );
    assert!(
        browser.get(&server.base).text.contains("Sign out"),
        "still signed in"
    );

    let nobody = Browser::default().post(&out, &[("csrf", &good)]);
    assert_eq!(nobody.status, 403);
    assert!(
        nobody.text.contains("not signed in any more"),
        "{}",
        nobody.text
    );
    assert_eq!(browser.post(&out, &[("csrf", &good)]).status, 303);
}

#[test]
fn the_api_takes_the_cookie_from_our_own_pages_alone() {
    let program = sqlite();
    let fake = Fake::start();
    let server = serve(&program, &fake, &[]);
    let browser = signed_in(&server);
    let cookie = format!(
        "manyhands={}",
        browser.cookie(&server.base, "manyhands").unwrap()
    );
    let cookie = ("Cookie", cookie.as_str());
    let json = ("Content-Type", "application/json");
    let own = ("Origin", server.base.as_str());
    let status = |headers: &[(&str, &str)]| server.post(headers, VIEWER).status;
    assert_eq!(status(&[cookie, json, own]), 200);
    assert_eq!(status(&[cookie, json]), 403);
    assert_eq!(
        status(&[cookie, json, ("Origin", "https://evil.example")]),
        403
    );
    assert_eq!(
        status(&[cookie, json, own, ("Sec-Fetch-Site", "same-site")]),
        403
    );
    for media in ["text/plain", "application/x-www-form-urlencoded"] {
        assert_eq!(
            status(&[cookie, ("Content-Type", media), own]),
            415,
            "{media}"
        );
    }
    // A page elsewhere may lead to an answer, but then it is the public's.
    let ask = "/graphql?query=%7Bviewer%7Bkind%7D%7D";
    let kind = |headers: &[(&str, &str)]| {
        server.get_with(ask, headers).json()["data"]["viewer"]["kind"].clone()
    };
    assert_eq!(kind(&[cookie, ("Sec-Fetch-Site", "none")]), "PERSON");
    assert_eq!(
        kind(&[cookie, ("Sec-Fetch-Site", "cross-site")]),
        "ANONYMOUS"
    );
    // A token needs no page; a wrong one is not made good by the cookie.
    let wrong = ("Authorization", "Bearer nonsense");
    assert_eq!(status(&[cookie, json, own, wrong]), 401);
    assert_eq!(server.get_with("/", &[cookie, wrong]).status, 401);
}
