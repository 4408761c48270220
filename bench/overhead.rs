//! Times what it costs a request to be known, charged and allowed: the same one with and without token and limits.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a bench stops at the first fault and prints its figures"
)]

use chrono::Days;
use domain::policy::{About, Action, Role, Scopes, Viewer};
use domain::token::{SECRET_BYTES, Secret};
use manyhands::http::{self, LimitsSetup, Setup};
use std::hint::black_box;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};
use store::testing::TestStore;
use store::token::NewToken;
use store::{Store, now};

/// Requests of each kind, after those that only warm up.
const REQUESTS: usize = 5_000;
const WARM_UP: usize = 500;
/// How often the policy alone is asked.
const GRANTS: u32 = 1_000_000;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .thread_stack_size(16 * 1024 * 1024)
        .build()
        .unwrap();
    runtime.block_on(async {
        for test in TestStore::each().await {
            engine(&test.store).await;
        }
    });
    policy();
}

/// A kind of request: whether it names a token, and whether limits are on.
struct Kind {
    name: &'static str,
    client: Client,
    took: Vec<Duration>,
}

async fn engine(store: &Store) {
    let secret = issue(store).await;
    let off = LimitsSetup {
        anonymous: 0,
        key: 0,
        failures: 0,
        ..LimitsSetup::default()
    };
    // More than this bench asks for: what is measured is being counted, not being refused.
    let on = LimitsSetup {
        anonymous: 100_000_000,
        key: 100_000_000,
        ..LimitsSetup::default()
    };
    let (off, on) = (serve(store, off), serve(store, on));
    let kind = |name, address, secret: Option<&str>| Kind {
        name,
        client: Client::new(address, secret),
        took: Vec::with_capacity(REQUESTS),
    };
    let mut kinds = [
        kind("public, limits off", off, None),
        kind("public, limits on", on, None),
        kind("token, limits off", off, Some(&secret)),
        kind("token, limits on", on, Some(&secret)),
    ];
    let engine = store.read().await.unwrap().engine();
    tokio::task::spawn_blocking(move || {
        // In turn, so that whatever else the machine does meets all of them.
        for n in 0..WARM_UP + REQUESTS {
            for kind in &mut kinds {
                let took = kind.client.ask();
                if n >= WARM_UP {
                    kind.took.push(took);
                }
            }
        }
        show(engine, kinds);
    })
    .await
    .unwrap();
}

fn show(engine: &str, kinds: [Kind; 4]) {
    let mut least = None;
    for mut kind in kinds {
        kind.took.sort_unstable();
        let at = |percent: usize| micros(kind.took[(kind.took.len() - 1) * percent / 100]);
        let (half, most) = (at(50), at(99));
        let (least_half, least_most) = *least.get_or_insert((half, most));
        println!(
            "{engine:<9} {:<20} p50 {half:8.1} µs ({:+.1})   p99 {most:8.1} µs ({:+.1})",
            kind.name,
            half - least_half,
            most - least_most,
        );
    }
}

fn micros(took: Duration) -> f64 {
    took.as_secs_f64() * 1_000_000.0
}

/// A server over the store, which runs until the program ends.
fn serve(store: &Store, limits: LimitsSetup) -> SocketAddr {
    let setup = Setup {
        limits,
        ..Setup::at(([127, 0, 0, 1], 0).into())
    };
    let server = http::bind(store.clone(), setup).unwrap();
    let address = server.address;
    tokio::spawn(server.run(std::future::pending()));
    address
}

async fn issue(store: &Store) -> String {
    let secret = Secret::Token.text(&[7; SECRET_BYTES]);
    let granted = Viewer::Operator
        .may(Action::IssueToken, About::Sector)
        .unwrap();
    let new = NewToken {
        name: "bench",
        secret_hash: &Secret::Token.hash(&secret).unwrap(),
        role: Role::Analyst,
        organisation: None,
        scopes: Scopes::usual(),
        expires_at: now() + Days::new(1),
    };
    store
        .write(async |conn| store::token::issue(conn, &granted, now(), &new).await)
        .await
        .unwrap();
    secret
}

/// One kept connection that sends the same request again and again.
struct Client {
    request: Vec<u8>,
    stream: BufReader<TcpStream>,
}

impl Client {
    fn new(address: SocketAddr, secret: Option<&str>) -> Self {
        let body = r#"{"query":"{ viewer { kind } }"}"#;
        let bearer = secret.map_or(String::new(), |secret| {
            format!("Authorization: Bearer {secret}\r\n")
        });
        let request = format!(
            "POST /graphql HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\n{bearer}\
             Content-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let stream = TcpStream::connect(address).unwrap();
        stream.set_nodelay(true).unwrap();
        Self {
            request: request.into_bytes(),
            stream: BufReader::new(stream),
        }
    }

    /// How long it takes until the whole answer is here.
    fn ask(&mut self) -> Duration {
        let begun = Instant::now();
        self.stream.get_mut().write_all(&self.request).unwrap();
        let (mut line, mut length, mut first) = (String::new(), 0, true);
        loop {
            line.clear();
            self.stream.read_line(&mut line).unwrap();
            if std::mem::take(&mut first) {
                assert!(line.contains(" 200 "), "{line}");
            }
            let header = line.trim_end().to_ascii_lowercase();
            if let Some(said) = header.strip_prefix("content-length: ") {
                length = said.parse().unwrap();
            }
            if header.is_empty() {
                break;
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).unwrap();
        begun.elapsed()
    }
}

/// What it takes to ask the policy, beside everything else.
fn policy() {
    let viewer = Viewer::Token {
        id: store::fresh(),
        name: "bench".to_owned(),
        role: Role::Editor,
        organisation: Some(store::fresh()),
        scopes: Scopes::usual(),
        membership: None,
    };
    let own = About::affairs_of(viewer.organisation());
    let begun = Instant::now();
    for _ in 0..GRANTS {
        let granted = black_box(&viewer).may(Action::RecordAdoption, black_box(own));
        assert!(black_box(granted).is_ok());
    }
    let each = begun.elapsed() / GRANTS;
    println!("policy    one right asked for     {each:?}");
}
