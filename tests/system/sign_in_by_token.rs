//! Access tokens of the identity provider, as a machine or an app sends them: taken when everything about them is right.

use crate::fake_provider::{CLIENT, Fake, SECRET, seconds, token};
use crate::program::{Server, each, sqlite};
use crate::sign_in::{VIEWER, serve, signed_in};
use serde_json::{Value, json};

const AUDIENCE: &str = "urn:manyhands";

fn claims(fake: &Fake) -> Value {
    json!({
        "iss": fake.issuer,
        "aud": ["urn:other", AUDIENCE],
        "sub": "ann",
        "client_id": "an app",
        "iat": seconds(-10),
        "exp": seconds(60),
        "jti": "1",
    })
}

/// The claims with one of them changed, or left out where it is null.
fn with(mut claims: Value, name: &str, value: Value) -> Value {
    let fields = claims.as_object_mut().unwrap();
    match value {
        Value::Null => fields.remove(name),
        value => fields.insert(name.to_owned(), value),
    };
    claims
}

/// The status of a request with this token, and as what it was answered.
fn ask(server: &Server, token: &str) -> (u16, Value) {
    let bearer = format!("Bearer {token}");
    let headers = [
        ("Content-Type", "application/json"),
        ("Authorization", bearer.as_str()),
    ];
    let answer = server.post(&headers, VIEWER);
    (
        answer.status,
        answer.json()["data"]["viewer"]["kind"].clone(),
    )
}

#[test]
fn somebody_who_signed_in_before_asks_by_a_token_of_the_provider() {
    for program in each() {
        let fake = Fake::start();
        let server = serve(&program, &fake, &["--oidc-audience", AUDIENCE]);
        // Nobody here knows her before she signed in.
        let good = fake.sign(Some("at+jwt"), &claims(&fake));
        assert_eq!(ask(&server, &good).0, 401);
        signed_in(&server);
        assert_eq!(ask(&server, &good), (200, json!("PERSON")));
        for typ in [None, Some("JWT"), Some("application/at+jwt")] {
            let token = fake.sign(typ, &claims(&fake));
            assert_eq!(ask(&server, &token), (200, json!("PERSON")), "{typ:?}");
        }
        // Clocks differ by up to a minute.
        for (name, value) in [("exp", seconds(-30)), ("nbf", seconds(30))] {
            let token = fake.sign(None, &with(claims(&fake), name, json!(value)));
            assert_eq!(ask(&server, &token), (200, json!("PERSON")), "{name}");
        }
    }
}

#[test]
fn a_token_with_anything_wrong_is_refused_and_never_anonymous() {
    let program = sqlite();
    let fake = Fake::start();
    // Here each is to be told what it is, however many come.
    let arguments = ["--oidc-audience", AUDIENCE, "--failures-per-minute", "0"];
    let server = serve(&program, &fake, &arguments);
    signed_in(&server);
    for (name, value) in [
        ("iss", json!("https://other.example")),
        ("iss", Value::Null),
        ("aud", json!("urn:other")),
        ("aud", json!(CLIENT)),
        ("aud", Value::Null),
        ("sub", json!("nobody")),
        ("sub", Value::Null),
        ("exp", json!(seconds(-120))),
        ("exp", Value::Null),
        ("nbf", json!(seconds(120))),
        ("iat", json!(seconds(120))),
        // What says who somebody is gives no right to ask.
        ("nonce", json!("of a sign-in")),
    ] {
        let token = fake.sign(Some("at+jwt"), &with(claims(&fake), name, value.clone()));
        assert_eq!(ask(&server, &token).0, 401, "{name}: {value}");
    }
    let wrong_type = fake.sign(Some("logout+jwt"), &claims(&fake));
    let unsigned = token(&json!({ "alg": "none" }), &claims(&fake), |_| Vec::new());
    let stripped = token(
        &json!({ "alg": "EdDSA", "kid": "first" }),
        &claims(&fake),
        |_| Vec::new(),
    );
    let shared = token(&json!({ "alg": "HS256" }), &claims(&fake), |_| {
        SECRET.into()
    });
    let foreign = Fake::start().sign(Some("at+jwt"), &claims(&fake));
    let good = fake.sign(Some("at+jwt"), &claims(&fake));
    let other = fake.sign(Some("at+jwt"), &with(claims(&fake), "sub", json!("bea")));
    let (head, _) = good.rsplit_once('.').unwrap();
    let swapped = format!("{head}.{}", other.rsplit_once('.').unwrap().1);
    for (what, token) in [
        ("type", wrong_type.as_str()),
        ("unsigned", &unsigned),
        ("stripped", &stripped),
        ("shared secret", &shared),
        ("another's key", &foreign),
        ("another's signature", &swapped),
        ("no token", "a.b.c"),
        ("no token", ".."),
    ] {
        assert_eq!(ask(&server, token).0, 401, "{what}");
    }
    assert_eq!(ask(&server, &good), (200, json!("PERSON")));
}

#[test]
fn a_server_without_a_provider_takes_none() {
    let program = sqlite();
    let fake = Fake::start();
    let good = fake.sign(Some("at+jwt"), &claims(&fake));
    assert_eq!(ask(&program.serve(), &good).0, 401);
}
