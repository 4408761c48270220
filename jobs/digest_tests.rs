//! Digests against an SMTP server that speaks over TCP: what it received, byte for byte.

use crate::testing::small;
use crate::{Mailer, seal_all, send_due};
use chrono::{Days, NaiveDateTime, TimeDelta};
use domain::id::PersonId;
use domain::policy::{About, Action, Viewer};
use domain::subscription::{Every, Followed, FollowedKind};
use domain::token::Secret;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use store::testing::TestStore;
use store::{Store, digest, person, standard, subscription};

/// What an SMTP server was sent: to whom, and the message.
type Received = Arc<Mutex<Vec<(String, String)>>>;

/// A small SMTP server; while `broken`, it takes no mail.
struct Sink {
    port: u16,
    received: Received,
    broken: Arc<AtomicBool>,
}

impl Sink {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let sink = Self {
            port: listener.local_addr().unwrap().port(),
            received: Received::default(),
            broken: Arc::default(),
        };
        let (received, broken) = (Arc::clone(&sink.received), Arc::clone(&sink.broken));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (received, broken) = (Arc::clone(&received), Arc::clone(&broken));
                std::thread::spawn(move || speak(stream, &received, &broken));
            }
        });
        sink
    }

    fn mailer(&self) -> Mailer {
        let url = format!("smtp://127.0.0.1:{}", self.port);
        Mailer::new(
            &url,
            "Manyhands <many@hands.example>",
            "https://many.example",
        )
        .unwrap()
    }

    fn received(&self) -> Vec<(String, String)> {
        self.received.lock().unwrap().clone()
    }
}

/// Speaks SMTP with one client until it quits.
fn speak(stream: TcpStream, received: &Received, broken: &AtomicBool) {
    let mut lines = BufReader::new(stream.try_clone().unwrap());
    let mut out = stream;
    let mut say = |text: &str| out.write_all(format!("{text}\r\n").as_bytes()).is_ok();
    let mut to = String::new();
    say("220 sink.example");
    let mut line = String::new();
    while lines.read_line(&mut line).is_ok_and(|read| read > 0) {
        let command = line.trim_end().to_owned();
        line.clear();
        match command.split([' ', ':']).next().unwrap_or_default() {
            "EHLO" => say("250-sink.example") && say("250 8BITMIME"),
            "MAIL" => say("250 ok"),
            "RCPT" if broken.load(Ordering::SeqCst) => say("550 no mailbox of ann@council.gov.uk"),
            "RCPT" => {
                to = command
                    .trim_start_matches("RCPT TO:<")
                    .trim_end_matches('>')
                    .to_owned();
                say("250 ok")
            }
            "DATA" => {
                say("354 go on");
                let mut message = String::new();
                loop {
                    let mut line = String::new();
                    lines.read_line(&mut line).unwrap();
                    if line == ".\r\n" {
                        break;
                    }
                    message.push_str(line.strip_prefix('.').unwrap_or(&line));
                }
                received.lock().unwrap().push((to.clone(), message));
                say("250 taken")
            }
            "QUIT" => {
                say("221 bye");
                return;
            }
            _ => say("500 what?"),
        };
    }
}

/// The text of the parts of a message, decoded as it says.
fn decoded(message: &str) -> String {
    // Quoted-printable: soft ends of lines, and bytes in hexadecimal.
    let joined = message.replace("=\r\n", "");
    let mut bytes = Vec::new();
    let mut rest = joined.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let hex = after.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) if *first == b'=' => {
                bytes.push(byte);
                rest = &after[2..];
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).unwrap()
}

async fn admit(store: &Store, name: &str) -> PersonId {
    let vouched = person::Vouched {
        issuer: "https://id.example",
        subject: name,
        email: Some(format!("{name}@council.gov.uk")),
        name: None,
    };
    let granted = Viewer::SignIn
        .may(Action::AdmitPerson, About::Sector)
        .unwrap();
    let admit =
        async |conn: &mut store::Conn| person::admit(conn, &granted, store::now(), &vouched).await;
    store.write(admit).await.unwrap().id
}

/// A person who is told every day of a standard.
async fn follower(store: &Store, name: &str, of: Followed) -> PersonId {
    let id = admit(store, name).await;
    let viewer = Viewer::Person {
        id,
        memberships: Vec::new(),
    };
    let granted = viewer.may(Action::Subscribe, About::Person(id)).unwrap();
    store
        .write(async |conn| {
            digest::choose(conn, &granted, store::now(), id, Every::Day).await?;
            subscription::subscribe(conn, &granted, store::now(), id, of).await
        })
        .await
        .unwrap();
    id
}

/// Changes a standard: one change of it that everybody may see.
async fn change(store: &Store, id: domain::id::StandardId, summary: &str) {
    let granted = Viewer::Operator
        .may(Action::KeepStandards, About::Sector)
        .unwrap();
    store
        .write(async |conn| {
            let row = standard::by_ids(conn, &[id]).await?.pop().unwrap();
            let facts = standard::Facts {
                slug: row.slug.clone(),
                title: "Bins & <boxes>".to_owned(),
                kind: row.kind,
                stages: vec![(row.stage, None)],
                versions: Vec::new(),
                summary: summary.to_owned(),
                url: None,
                expiry_months: 12,
                source: row.source.clone(),
            };
            standard::save(conn, &granted, store::now(), Some(&row), &facts).await
        })
        .await
        .unwrap();
    seal_all(store).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_digest_tells_what_changed_once_to_the_verified_address_and_can_be_ended() {
    for test in TestStore::each().await {
        let (store, sink) = (&test.store, Sink::start());
        let mailer = sink.mailer();
        let standard = small(store).await.applied;
        seal_all(store).await.unwrap();
        let of = Followed {
            kind: FollowedKind::Standard,
            id: standard.0,
        };
        let ann = follower(store, "ann", of).await;
        let at = |days: u64| -> NaiveDateTime { store::now() + Days::new(days) };
        // Nothing changed, so nothing is sent.
        assert_eq!(send_due(store, &mailer, at(1)).await.unwrap(), 0);
        change(store, standard, "New.").await;
        assert_eq!(send_due(store, &mailer, at(2)).await.unwrap(), 1);
        assert_eq!(send_due(store, &mailer, at(2)).await.unwrap(), 0);
        assert_eq!(send_due(store, &mailer, at(3)).await.unwrap(), 0);
        let received = sink.received();
        assert_eq!(received.len(), 1);
        let (to, raw) = &received[0];
        let message = decoded(raw);
        assert_eq!(to, "ann@council.gov.uk");
        for wanted in [
            "From: Manyhands <many@hands.example>",
            "To: ann@council.gov.uk",
            "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
            "Content-Type: multipart/alternative",
            "Content-Type: text/plain; charset=utf-8",
            "Content-Type: text/html; charset=utf-8",
            "What is said of the standard “Bins & <boxes>” was changed.",
            "What is said of the standard “Bins &amp; &lt;boxes&gt;” was changed.",
            "https://many.example/standards/applied",
        ] {
            assert!(message.contains(wanted), "{wanted} in {message}");
        }
        // The one link is in the header and in both parts, and ends it.
        let header = message
            .lines()
            .find(|line| line.starts_with("List-Unsubscribe: "))
            .unwrap();
        let link = header
            .trim_start_matches("List-Unsubscribe: <")
            .trim_end_matches('>');
        assert_eq!(message.matches(link).count(), 3);
        let secret = link
            .strip_prefix("https://many.example/unsubscribe/")
            .unwrap();
        let hash = Secret::Unsubscribe.hash(secret).unwrap();
        let ended = store.write(async |conn| digest::end_by_link(conn, &hash, store::now()).await);
        assert!(ended.await.unwrap());
        change(store, standard, "Newer.").await;
        assert_eq!(send_due(store, &mailer, at(4)).await.unwrap(), 0);
        let mut conn = store.read().await.unwrap();
        let told = digest::of_person(&mut conn, ann).await.unwrap().unwrap();
        assert_eq!(told.every, Every::Never);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_several_copies_one_sends_and_what_could_not_be_sent_is_sent_later() {
    for test in TestStore::each().await {
        let (store, sink) = (&test.store, Sink::start());
        let mailer = sink.mailer();
        let standard = small(store).await.applied;
        seal_all(store).await.unwrap();
        let of = Followed {
            kind: FollowedKind::Standard,
            id: standard.0,
        };
        follower(store, "ann", of).await;
        change(store, standard, "New.").await;
        let now = store::now() + Days::new(1);
        sink.broken.store(true, Ordering::SeqCst);
        assert_eq!(send_due(store, &mailer, now).await.unwrap(), 0);
        sink.broken.store(false, Ordering::SeqCst);
        // What failed waits for its claim to lapse.
        assert_eq!(send_due(store, &mailer, now).await.unwrap(), 0);
        let later = now + TimeDelta::minutes(15);
        let copies = (0..3).map(|_| send_due(store, &mailer, later));
        let sent = futures_util::future::join_all(copies).await;
        let sent: usize = sent.into_iter().map(Result::unwrap).sum();
        assert_eq!((sent, sink.received().len()), (1, 1));
        assert!(decoded(&sink.received()[0].1).contains("1 change in what you follow"));
    }
}
