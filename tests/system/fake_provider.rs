//! An identity provider in the test process: real keys and signatures, and lies where a test asks for them.

use openidconnect::core::{CoreEdDsaPrivateSigningKey, CoreJwsSigningAlgorithm};
use openidconnect::url::form_urlencoded;
use openidconnect::{JsonWebKeyId, PrivateSigningKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};

pub(crate) const CLIENT: &str = "manyhands-test";
pub(crate) const SECRET: &str = "a secret: of the test";

/// What the provider does wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lie {
    /// Nothing.
    None,
    /// The ID token is of another sign-in.
    Nonce,
    /// It is of another provider.
    Issuer,
    /// It is for another client.
    Audience,
    /// It is signed by a key that is not the provider's.
    Signature,
    /// It is not signed.
    Unsigned,
    /// It is signed with the secret of the client.
    SharedSecret,
    /// It was good until two minutes ago.
    Expired,
    /// There is none.
    NoToken,
    /// The address is not verified.
    Unverified,
    /// The provider breaks off, whatever it is asked.
    Down,
}

/// A running provider; it ends with the process.
pub(crate) struct Fake {
    pub(crate) issuer: String,
    state: Arc<Mutex<State>>,
}

struct State {
    issuer: String,
    keys: Vec<Key>,
    codes: HashMap<String, HashMap<String, String>>,
    subject: String,
    lie: Lie,
    keys_asked: usize,
}

/// A pair of keys.
struct Key {
    id: String,
    pair: CoreEdDsaPrivateSigningKey,
}

impl Key {
    fn new(id: &str) -> Self {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).unwrap();
        // PKCS #8 of an Ed25519 key: a fixed beginning, then the seed.
        let start = [48, 46, 2, 1, 0, 48, 5, 6, 3, 43, 101, 112, 4, 34, 4, 32];
        let der = base64(&[&start[..], &seed].concat(), false);
        let pem = format!("-----BEGIN PRIVATE KEY-----\n{der}\n-----END PRIVATE KEY-----");
        let key_id = JsonWebKeyId::new(id.to_owned());
        Self {
            id: id.to_owned(),
            pair: CoreEdDsaPrivateSigningKey::from_ed25519_pem(&pem, Some(key_id)).unwrap(),
        }
    }
}

/// Bytes in base64, for addresses without padding.
fn base64(bytes: &[u8], for_urls: bool) -> String {
    let last = if for_urls { b"-_" } else { b"+/" };
    let letters: Vec<u8> = (b'A'..=b'Z')
        .chain(b'a'..=b'z')
        .chain(b'0'..=b'9')
        .chain(*last)
        .collect();
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let at = |i: usize| u32::from(*chunk.get(i).unwrap_or(&0));
        let bits = at(0) << 16 | at(1) << 8 | at(2);
        for place in 0..4 {
            if place <= chunk.len() {
                text.push(letters[(bits >> (18 - 6 * place) & 63) as usize] as char);
            } else if !for_urls {
                text.push('=');
            }
        }
    }
    text
}

/// Seconds since 1970, so many from now.
pub(crate) fn seconds(from_now: i64) -> i64 {
    store::now().and_utc().timestamp() + from_now
}

impl Fake {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::new(Mutex::new(State {
            issuer: issuer.clone(),
            keys: vec![Key::new("first")],
            codes: HashMap::new(),
            subject: "ann".to_owned(),
            lie: Lie::None,
            keys_asked: 0,
        }));
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let state = Arc::clone(&shared);
                std::thread::spawn(move || answer(&state, stream.unwrap()));
            }
        });
        Self { issuer, state }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// The arguments with which a server uses this provider; the secret is in the environment.
    pub(crate) fn arguments(&self) -> [&str; 4] {
        ["--oidc-issuer", &self.issuer, "--oidc-client-id", CLIENT]
    }

    /// What the provider does wrong from now on.
    pub(crate) fn lie(&self, lie: Lie) {
        self.state().lie = lie;
    }

    /// Who is at the browser from now on.
    pub(crate) fn is(&self, subject: &str) {
        self.state().subject = subject.to_owned();
    }

    /// Signs with a new key from now on; the old one is gone.
    pub(crate) fn rotate_keys(&self, id: &str) {
        self.state().keys = vec![Key::new(id)];
    }

    /// How often somebody asked for the keys.
    pub(crate) fn keys_asked(&self) -> usize {
        self.state().keys_asked
    }

    /// A token signed by the provider's key, with a header of its own where there is one.
    pub(crate) fn sign(&self, typ: Option<&str>, claims: &Value) -> String {
        self.state().sign(typ, claims)
    }
}

/// A token with these parts.
pub(crate) fn token(header: &Value, claims: &Value, sign: impl FnOnce(&[u8]) -> Vec<u8>) -> String {
    let part = |value: &Value| base64(value.to_string().as_bytes(), true);
    let input = format!("{}.{}", part(header), part(claims));
    let signature = base64(&sign(input.as_bytes()), true);
    format!("{input}.{signature}")
}

impl State {
    fn sign(&self, typ: Option<&str>, claims: &Value) -> String {
        let key = self.keys.last().unwrap();
        let mut header = json!({ "alg": "EdDSA", "kid": key.id });
        if let Some(typ) = typ {
            header["typ"] = json!(typ);
        }
        token(&header, claims, |input| {
            key.pair
                .sign(&CoreJwsSigningAlgorithm::EdDsa, input)
                .unwrap()
        })
    }

    /// The ID token for a sign-in, with whatever is wrong with it.
    fn id_token(&self, nonce: &str) -> String {
        let lie = |lie: Lie, then: &str, truth: &str| {
            if self.lie == lie {
                then.to_owned()
            } else {
                truth.to_owned()
            }
        };
        let until = if self.lie == Lie::Expired { -120 } else { 300 };
        let claims = json!({
            "iss": lie(Lie::Issuer, "http://127.0.0.1:1", &self.issuer),
            "aud": lie(Lie::Audience, "another", CLIENT),
            "nonce": lie(Lie::Nonce, "of another sign-in", nonce),
            "sub": self.subject,
            "iat": seconds(-300),
            "exp": seconds(until),
            "email": format!("{}@Council.example", self.subject),
            "email_verified": self.lie != Lie::Unverified,
            "name": format!("{} Example", self.subject),
        });
        match self.lie {
            Lie::Unsigned => token(&json!({ "alg": "none" }), &claims, |_| Vec::new()),
            Lie::SharedSecret => token(&json!({ "alg": "HS256" }), &claims, hmac),
            Lie::Signature => {
                let other = Key::new("first");
                let header = json!({ "alg": "EdDSA", "kid": self.keys.last().unwrap().id });
                token(&header, &claims, |input| {
                    other
                        .pair
                        .sign(&CoreJwsSigningAlgorithm::EdDsa, input)
                        .unwrap()
                })
            }
            _ => self.sign(None, &claims),
        }
    }

    /// The browser is sent back at once: whoever is there has signed in already.
    fn authorize(&mut self, asked: HashMap<String, String>) -> (u16, String, String) {
        let code = format!("code-{}", store::fresh::<uuid::Uuid>());
        let back = format!(
            "{}?code={code}&state={}",
            asked["redirect_uri"], asked["state"]
        );
        assert_eq!(asked["code_challenge_method"], "S256");
        assert_eq!(asked["response_type"], "code");
        self.codes.insert(code, asked);
        (302, back, String::new())
    }

    /// Gives tokens for a code: once, to the client that asked, and if it holds what was challenged.
    fn tokens(&mut self, authorization: &str, sent: &HashMap<String, String>) -> (u16, Value) {
        let escape =
            |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let basic = base64(
            format!("{}:{}", escape(CLIENT), escape(SECRET)).as_bytes(),
            false,
        );
        if authorization != format!("Basic {basic}") {
            return (401, json!({ "error": "invalid_client" }));
        }
        let Some(asked) = self.codes.remove(&sent["code"]) else {
            return (400, json!({ "error": "invalid_grant" }));
        };
        let challenge = base64(&Sha256::digest(sent["code_verifier"].as_bytes()), true);
        let matches = challenge == asked["code_challenge"]
            && sent["redirect_uri"] == asked["redirect_uri"]
            && asked["client_id"] == CLIENT;
        if !matches {
            return (400, json!({ "error": "invalid_grant" }));
        }
        let mut tokens = json!({ "access_token": "opaque", "token_type": "Bearer" });
        if self.lie != Lie::NoToken {
            tokens["id_token"] = json!(self.id_token(&asked["nonce"]));
        }
        (200, tokens)
    }

    fn about(&self) -> Value {
        let at = |path: &str| format!("{}{path}", self.issuer);
        json!({
            "issuer": self.issuer,
            "authorization_endpoint": at("/authorize"),
            "token_endpoint": at("/token"),
            "jwks_uri": at("/jwks"),
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            // It says that it takes what nobody should.
            "id_token_signing_alg_values_supported": ["EdDSA", "HS256", "none"],
        })
    }
}

/// HMAC with SHA-256 (RFC 2104) under the client's secret.
fn hmac(input: &[u8]) -> Vec<u8> {
    let mut block = [0; 64];
    block[..SECRET.len()].copy_from_slice(SECRET.as_bytes());
    let inner = Sha256::new()
        .chain_update(block.map(|b| b ^ 0x36))
        .chain_update(input)
        .finalize();
    let outer = Sha256::new()
        .chain_update(block.map(|b| b ^ 0x5c))
        .chain_update(inner);
    outer.finalize().to_vec()
}

fn answer(state: &Mutex<State>, mut stream: TcpStream) {
    let mut lines = BufReader::new(stream.try_clone().unwrap());
    let mut line = String::new();
    lines.read_line(&mut line).unwrap();
    let target = line.split(' ').nth(1).unwrap_or_default().to_owned();
    let mut headers = HashMap::new();
    loop {
        let mut line = String::new();
        lines.read_line(&mut line).unwrap();
        let Some((name, value)) = line.trim().split_once(": ") else {
            break;
        };
        headers.insert(name.to_lowercase(), value.to_owned());
    }
    let length = headers
        .get("content-length")
        .map_or(0, |length| length.parse().unwrap());
    let mut body = vec![0; length];
    lines.read_exact(&mut body).unwrap();
    let pairs = |bytes: &[u8]| {
        form_urlencoded::parse(bytes)
            .into_owned()
            .collect::<HashMap<_, _>>()
    };
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));

    let mut state = state.lock().unwrap();
    if state.lie == Lie::Down {
        return;
    }
    let (status, location, body) = match path {
        "/.well-known/openid-configuration" => (200, String::new(), state.about().to_string()),
        "/jwks" => {
            state.keys_asked += 1;
            let keys: Vec<_> = state
                .keys
                .iter()
                .map(|key| key.pair.as_verification_key())
                .collect();
            (200, String::new(), json!({ "keys": keys }).to_string())
        }
        "/authorize" => state.authorize(pairs(query.as_bytes())),
        "/token" => {
            let authorization = headers.get("authorization").cloned().unwrap_or_default();
            let (status, tokens) = state.tokens(&authorization, &pairs(&body));
            (status, String::new(), tokens.to_string())
        }
        _ => (404, String::new(), "{}".to_owned()),
    };
    let head = format!(
        "HTTP/1.1 {status} .\r\nContent-Type: application/json\r\nContent-Length: {}\r\nLocation: {location}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    stream
        .write_all(format!("{head}{body}").as_bytes())
        .unwrap();
}
