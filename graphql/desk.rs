//! What all requests to one schema share: the store, the timetable, the limits, and turns.

use crate::refused::Refused;
use crate::similar::Similar;
use crate::{Limits, Timetable};
use chrono::{NaiveDateTime, TimeDelta};
use std::sync::{Mutex, PoisonError};
use store::{Store, idempotency};
use tokio::sync::{Semaphore, SemaphorePermit};

/// Requests that are answered at one time. The others wait here, where their waiting is not counted, rather than for a
/// connection, where it is: any number may come at once, and each is answered in its turn.
const TURNS: usize = 128;
/// Mutations that are done at one time: fewer than there are connections, so that those who wait at a claim, or for the
/// one writer of SQLite, leave some to whoever only reads.
const WRITES: usize = 6;
/// How long answers past their time may lie before they are looked for again.
const FORGET_EVERY: TimeDelta = TimeDelta::hours(1);

/// What all requests to one schema share.
pub(crate) struct Desk {
    /// Where the data is.
    pub(crate) store: Store,
    /// What the timetable of jobs says.
    pub(crate) timetable: Timetable,
    /// How much one request may ask.
    pub(crate) limits: Limits,
    /// Which problems are similar.
    pub(crate) similar: Similar,
    turns: Semaphore,
    writes: Semaphore,
    forgot: Mutex<Option<NaiveDateTime>>,
}

impl Desk {
    /// A desk over a store.
    pub(crate) fn new(store: Store, timetable: Timetable, limits: Limits) -> Self {
        Self {
            store,
            timetable,
            limits,
            similar: Similar::default(),
            turns: Semaphore::new(TURNS),
            writes: Semaphore::new(WRITES),
            forgot: Mutex::default(),
        }
    }

    /// Waits for a turn, which lasts as long as what is returned.
    pub(crate) async fn turn(&self) -> Option<SemaphorePermit<'_>> {
        // It is never closed, so there always comes one.
        self.turns.acquire().await.ok()
    }

    /// Waits for a turn to do a mutation, which lasts as long as what is returned.
    pub(crate) async fn turn_to_write(&self) -> Option<SemaphorePermit<'_>> {
        self.writes.acquire().await.ok()
    }

    /// Forgets kept answers past their time, once an hour. That it failed is for the log: no request depends on it.
    pub(crate) async fn forget(&self, now: NaiveDateTime) {
        {
            let mut forgot = self.forgot.lock().unwrap_or_else(PoisonError::into_inner);
            if forgot.is_some_and(|then| now - then < FORGET_EVERY) {
                return;
            }
            *forgot = Some(now);
        }
        let forget = async |conn: &mut store::Conn| idempotency::forget(conn, now).await;
        if let Err(error) = self.store.write(forget).await {
            tracing::error!(error = error.chain(), "Could not forget old answers");
        }
    }

    /// Keeps what was refused in one request, and logs it. That it could not be kept is logged, too: the refusal stands.
    pub(crate) async fn keep_refused(&self, refused: &[Refused]) {
        if refused.is_empty() {
            return;
        }
        for one in refused {
            tracing::warn!(
                target: "audit",
                actor = one.actor,
                mutation = one.mutation,
                code = one.code,
                "Refused"
            );
        }
        let _turn = self.turn_to_write().await;
        let keep = async |conn: &mut store::Conn| {
            let now = store::now();
            for one in refused {
                store::refusal::keep(conn, now, &one.actor, &one.mutation, one.code).await?;
            }
            Ok(())
        };
        if let Err(error) = self.store.write(keep).await {
            tracing::error!(error = error.chain(), "Could not keep what was refused");
        }
    }
}
