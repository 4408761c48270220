//! What must hold of idempotency keys on either engine: one claim, one answer, for seven days.

use crate::idempotency::{self, Key};
use crate::testing::TestStore;
use crate::{Conn, Store, now};
use chrono::{Days, NaiveDateTime};
use domain::{Error, Result};
use std::time::Duration;
use tokio::sync::oneshot;

fn key(input_hash: &'static str) -> Key<'static> {
    Key {
        actor: "me",
        key: "k",
        input_hash,
    }
}

/// Claims the key and keeps an answer, unless there is one; gives the answer that stands.
async fn answered(
    conn: &mut Conn,
    key: Key<'_>,
    at: NaiveDateTime,
    answer: &str,
) -> Result<String> {
    if let Some(kept) = idempotency::claim(conn, key, at).await? {
        return Ok(kept);
    }
    idempotency::keep(conn, key, answer).await?;
    Ok(answer.to_owned())
}

async fn write(store: &Store, key: Key<'_>, at: NaiveDateTime, answer: &str) -> Result<String> {
    let work = async |conn: &mut Conn| answered(conn, key, at, answer).await;
    store.write(work).await
}

#[tokio::test]
async fn a_key_gives_its_first_answer_for_seven_days() {
    for test in TestStore::each().await {
        let (store, start) = (&test.store, now());
        let look = async |key: Key<'_>, at| {
            idempotency::answer(&mut store.read().await.unwrap(), key, at).await
        };
        assert_eq!(look(key("h"), start).await.unwrap(), None);
        assert_eq!(
            write(store, key("h"), start, "first").await.unwrap(),
            "first"
        );
        let last = start + Days::new(7);
        assert_eq!(
            write(store, key("h"), last, "second").await.unwrap(),
            "first"
        );
        assert_eq!(
            look(key("h"), last).await.unwrap().as_deref(),
            Some("first")
        );
        let other = write(store, key("other"), last, "x").await.unwrap_err();
        assert_eq!(other.code(), "CONFLICT");
        assert_eq!(
            look(key("other"), last).await.unwrap_err().code(),
            "CONFLICT"
        );
        let theirs = Key {
            actor: "you",
            ..key("other")
        };
        assert_eq!(
            write(store, theirs, last, "theirs").await.unwrap(),
            "theirs"
        );

        let later = last + chrono::TimeDelta::microseconds(1);
        assert_eq!(look(key("other"), later).await.unwrap(), None);
        assert_eq!(
            write(store, key("other"), later, "new").await.unwrap(),
            "new"
        );
        let forgotten = async |at| {
            let forget = async |conn: &mut Conn| idempotency::forget(conn, at).await;
            store.write(forget).await.unwrap()
        };
        assert_eq!(forgotten(later).await, 0);
        assert_eq!(forgotten(later + Days::new(8)).await, 2);
    }
}

#[tokio::test]
async fn a_claim_that_is_given_back_or_undone_leaves_the_key_free() {
    for test in TestStore::each().await {
        let (store, at) = (&test.store, now());
        let give_back = async |conn: &mut Conn| {
            assert_eq!(idempotency::claim(conn, key("a"), at).await?, None);
            idempotency::release(conn, key("a")).await
        };
        store.write(give_back).await.unwrap();
        let fail = async |conn: &mut Conn| -> Result<()> {
            assert_eq!(idempotency::claim(conn, key("b"), at).await?, None);
            Err(Error::invalid("x", "No."))
        };
        store.write(fail).await.unwrap_err();
        let unclaimed = async |conn: &mut Conn| idempotency::keep(conn, key("c"), "x").await;
        assert_eq!(store.write(unclaimed).await.unwrap_err().code(), "INTERNAL");
        assert_eq!(write(store, key("c"), at, "free").await.unwrap(), "free");
    }
}

/// The second comes while the first is at work, and is held back until the first has ended: with its answer, or, when
/// the first came to nothing, as the one whose work it is.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_comes_meanwhile_waits_for_the_first_answer() {
    for test in TestStore::each().await {
        for (name, first_ends_well, input, expected) in [
            ("undone", false, "h", Ok("second")),
            ("kept", true, "h", Ok("first")),
            ("another input", true, "other", Err("CONFLICT")),
        ] {
            let at = now();
            let key = |input_hash| Key {
                key: name,
                ..key(input_hash)
            };
            let (claimed, is_claimed) = oneshot::channel();
            let (go_on, may_go_on) = oneshot::channel::<()>();
            let store = test.store.clone();
            let first = tokio::spawn(async move {
                let work = async |conn: &mut Conn| {
                    let kept = idempotency::claim(conn, key("h"), at).await?;
                    claimed.send(()).unwrap();
                    may_go_on.await.unwrap();
                    if !first_ends_well {
                        return Err(Error::invalid("x", "No."));
                    }
                    match kept {
                        Some(kept) => Ok(kept),
                        None => {
                            idempotency::keep(conn, key("h"), "first").await?;
                            Ok("first".to_owned())
                        }
                    }
                };
                store.write(work).await
            });
            is_claimed.await.unwrap();
            let store = test.store.clone();
            let mut second =
                tokio::spawn(async move { write(&store, key(input), at, "second").await });
            // It cannot end before the first does; that it does not is what is waited for here.
            let early = tokio::time::timeout(Duration::from_millis(50), &mut second).await;
            assert!(early.is_err(), "{early:?}");
            go_on.send(()).unwrap();
            assert_eq!(first.await.unwrap().is_ok(), first_ends_well);
            let second = second.await.unwrap();
            let told = second.as_deref().map_err(Error::code);
            assert_eq!(told, expected);
        }
    }
}
