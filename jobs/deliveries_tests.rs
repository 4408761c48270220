//! Webhooks against a server that speaks HTTP over TCP: signatures, order, retries, and several deliverers.

use crate::testing::small;
use crate::{Courier, deliver_due, seal_all};
use chrono::{NaiveDateTime, TimeDelta};
use domain::policy::{About, Action, Viewer};
use domain::webhook::sign;
use serde_json::Value;
use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex};
use store::testing::TestStore;
use store::webhook::{self, Webhook};
use store::{Store, delivery, organisation};

/// A request that a server was sent.
#[derive(Debug, Clone)]
struct Request {
    headers: HashMap<String, String>,
    body: String,
}

impl Request {
    /// The places in the record of the changes it brings.
    fn places(&self) -> Vec<i64> {
        let body: Value = serde_json::from_str(&self.body).unwrap();
        let changes = body["data"]["changes"].as_array().unwrap();
        changes
            .iter()
            .map(|one| one["sequence"].as_i64().unwrap())
            .collect()
    }
}

/// A server that answers every request with one status.
struct Sink {
    port: u16,
    requests: Arc<Mutex<Vec<Request>>>,
    status: Arc<AtomicU16>,
}

impl Sink {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let sink = Self {
            port: listener.local_addr().unwrap().port(),
            requests: Arc::default(),
            status: Arc::new(AtomicU16::new(200)),
        };
        let (requests, status) = (Arc::clone(&sink.requests), Arc::clone(&sink.status));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (requests, status) = (Arc::clone(&requests), Arc::clone(&status));
                std::thread::spawn(move || serve(stream, &requests, &status));
            }
        });
        sink
    }

    fn url(&self) -> String {
        format!("http://127.0.0.1:{}/hook", self.port)
    }

    fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }
}

fn serve(stream: TcpStream, requests: &Mutex<Vec<Request>>, status: &AtomicU16) {
    let mut lines = BufReader::new(stream.try_clone().unwrap());
    let mut line = String::new();
    let mut headers = HashMap::new();
    while lines.read_line(&mut line).is_ok_and(|read| read > 2) {
        if let Some((name, value)) = line.split_once(':') {
            headers.insert(name.to_lowercase(), value.trim().to_owned());
        }
        line.clear();
    }
    let length = headers
        .get("content-length")
        .map_or(0, |length| length.parse().unwrap());
    let mut body = vec![0; length];
    lines.read_exact(&mut body).unwrap();
    let body = String::from_utf8(body).unwrap();
    requests.lock().unwrap().push(Request { headers, body });
    let status = status.load(Ordering::SeqCst);
    let elsewhere = "location: http://127.0.0.1:1/\r\n";
    let mut out = stream;
    let answer = format!(
        "HTTP/1.1 {status} x\r\n{elsewhere}content-length: 2\r\nconnection: close\r\n\r\nok"
    );
    let _ = out.write_all(answer.as_bytes());
}

async fn hook(store: &Store, url: &str) -> Webhook {
    let granted = Viewer::Operator
        .may(Action::KeepWebhooks, About::Unit)
        .unwrap();
    store
        .write(async |conn| webhook::add(conn, &granted, store::now(), None, (url, None)).await)
        .await
        .unwrap()
        .0
}

/// One more change that everybody may see.
async fn change(store: &Store, n: usize) {
    let granted = Viewer::Operator
        .may(Action::KeepRegister, About::Sector)
        .unwrap();
    let facts = organisation::Facts {
        slug: format!("body-{n}"),
        name: format!("Body {n}"),
        kind: domain::organisation::OrganisationKind::Other,
        tier: None,
        nation: None,
        region: None,
        population: None,
        opened_on: None,
        closed_on: None,
    };
    store
        .write(async |conn| organisation::save(conn, &granted, store::now(), None, &facts).await)
        .await
        .unwrap();
    seal_all(store).await.unwrap();
}

fn later(minutes: i64) -> NaiveDateTime {
    store::now() + TimeDelta::minutes(minutes)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delivery_is_signed_and_what_failed_comes_again_before_what_came_later() {
    for test in TestStore::each().await {
        let (store, sink) = (&test.store, Sink::start());
        let courier = Courier::new(true);
        small(store).await;
        seal_all(store).await.unwrap();
        let hook = hook(store, &sink.url()).await;
        seal_all(store).await.unwrap();
        // Only the webhook itself is new, and that is private.
        assert_eq!(deliver_due(store, &courier, later(0)).await.unwrap(), 0);
        assert!(sink.requests().is_empty());

        change(store, 1).await;
        sink.status.store(500, Ordering::SeqCst);
        assert_eq!(deliver_due(store, &courier, later(1)).await.unwrap(), 0);
        change(store, 2).await;
        // A redirect is not followed: it is a failure as well.
        sink.status.store(302, Ordering::SeqCst);
        assert_eq!(deliver_due(store, &courier, later(3)).await.unwrap(), 0);
        sink.status.store(204, Ordering::SeqCst);
        assert_eq!(
            deliver_due(store, &courier, later(3)).await.unwrap(),
            0,
            "too soon"
        );
        assert_eq!(deliver_due(store, &courier, later(6)).await.unwrap(), 1);
        assert_eq!(deliver_due(store, &courier, later(7)).await.unwrap(), 1);
        assert_eq!(deliver_due(store, &courier, later(8)).await.unwrap(), 0);

        let all = sink.requests();
        assert_eq!(all.len(), 4);
        let id = |at: usize| all[at].headers["webhook-id"].clone();
        assert_eq!((id(0), id(1)), (id(1), id(2)));
        assert_eq!(
            (all[0].places(), all[1].places()),
            (all[2].places(), all[0].places())
        );
        assert_ne!(id(2), id(3));
        assert!(all[3].places().first() > all[2].places().last());
        assert!(all[3].body.contains("“Body 2” was added to the register."));
        for request in &all {
            let of = |name: &str| request.headers[name].as_str();
            let timestamp: i64 = of("webhook-timestamp").parse().unwrap();
            let signed = sign(hook.secret(), of("webhook-id"), timestamp, &request.body);
            assert_eq!(of("webhook-signature"), signed.unwrap());
            assert_eq!(of("content-type"), "application/json");
        }
        let mut conn = store.read().await.unwrap();
        let log = delivery::since(&mut conn, &[hook.id], later(-1), 9)
            .await
            .unwrap();
        let told: Vec<_> = log.iter().map(|one| (one.status, one.attempt)).collect();
        assert_eq!(
            told,
            [
                (Some(204), 1),
                (Some(204), 3),
                (Some(302), 2),
                (Some(500), 1)
            ]
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn several_deliverers_bring_every_change_once_and_in_order() {
    for test in TestStore::each().await {
        let (store, sink) = (&test.store, Sink::start());
        let courier = Courier::new(true);
        hook(store, &sink.url()).await;
        seal_all(store).await.unwrap();
        for n in 0..70 {
            change(store, n).await;
        }
        for round in 1..6 {
            let now = later(round);
            let copies = (0..3).map(|_| deliver_due(store, &courier, now));
            for done in futures_util::future::join_all(copies).await {
                done.unwrap();
            }
        }
        let places: Vec<i64> = sink.requests().iter().flat_map(Request::places).collect();
        assert!(places.len() >= 70, "{}", places.len());
        assert!(
            places.windows(2).all(|pair| pair[0] < pair[1]),
            "{places:?}"
        );
        let mut conn = store.read().await.unwrap();
        let newest = store::activity::newest(&mut conn).await.unwrap();
        let all = store::news::between(&mut conn, None, (0, newest), 1_000)
            .await
            .unwrap();
        let wanted: Vec<i64> = all.iter().map(|one| one.recorded.sequence).collect();
        assert_eq!(places, wanted);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn this_machine_and_private_networks_are_not_delivered_to_unless_the_operator_says_so() {
    let sink = Sink::start();
    let message = crate::courier::Message {
        id: "msg_1".into(),
        timestamp: 1,
        signature: "v1,x".into(),
        body: "{}".into(),
    };
    let strict = Courier::new(false);
    let port = sink.port;
    for url in [
        sink.url(),
        format!("https://127.0.0.1:{port}/"),
        format!("https://localhost:{port}/"),
        format!("https://[::1]:{port}/"),
        format!("https://[::ffff:127.0.0.1]:{port}/"),
        "https://10.0.0.1/".to_owned(),
        "https://169.254.169.254/latest/meta-data/".to_owned(),
    ] {
        let (courier, message) = (strict.clone(), message.clone());
        let to = url.clone();
        let done = tokio::task::spawn_blocking(move || courier.deliver(&to, &message));
        let answer = done.await.unwrap();
        assert_eq!(answer.status, None, "{url}");
        let error = answer.error.unwrap();
        assert!(
            error.contains("public internet") || error.contains("not one that"),
            "{url}: {error}"
        );
    }
    assert!(sink.requests().is_empty());
}
