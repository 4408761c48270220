//! Digests: mails people what changed of what they follow, when they chose to be told and there is something to tell.
//!
//! A digest is claimed before it is sent, and how far the person is told moves with the claim; so of several copies of the
//! program one sends it. What could not be sent is claimed anew a quarter of an hour later.

use crate::mail::{Digest, MOST, Mailer};
use crate::rounds::Rounds;
use chrono::NaiveDateTime;
use domain::Result;
use domain::subscription::Followed;
use domain::token::Secret;
use std::time::Duration;
use store::digest::{self, Claim};
use store::{Store, news, subscription};

/// How often it looks for digests that are due.
const PAUSE: Duration = Duration::from_secs(60);

/// What sends digests in one copy of the program.
#[derive(Debug)]
pub struct Digests(Rounds);

impl Digests {
    /// Starts to send digests, in the background.
    pub fn start(store: Store, mailer: Mailer) -> Self {
        let round = Box::new(
            move || -> futures_util::future::BoxFuture<'static, Result<()>> {
                let (store, mailer) = (store.clone(), mailer.clone());
                Box::pin(async move { send_due(&store, &mailer, store::now()).await.map(drop) })
            },
        );
        Self(Rounds::start("send digests", PAUSE, round))
    }

    /// Stops when the mail in hand is sent.
    pub async fn stop(self) {
        self.0.stop().await;
    }
}

/// Sends every digest that is due at `now`: how many were sent. One that cannot be sent holds up no other.
///
/// # Errors
/// [`domain::Error::Internal`] when the database fails.
pub async fn send_due(store: &Store, mailer: &Mailer, now: NaiveDateTime) -> Result<usize> {
    let due = digest::due(&mut store.read().await?, now).await?;
    let mut sent = 0;
    for (row, address) in due {
        let claim = store
            .write(async |conn| digest::claim(conn, &row, now).await)
            .await?;
        if let Some(claim) = claim
            && tell(store, mailer, now, (&claim, &address)).await?
        {
            sent += 1;
        }
    }
    Ok(sent)
}

/// Sends one digest, if there is anything to tell: whether there was, and it was sent.
async fn tell(
    store: &Store,
    mailer: &Mailer,
    now: NaiveDateTime,
    (claim, address): (&Claim, &str),
) -> Result<bool> {
    let span = (claim.from, claim.to);
    let (news, count) = {
        let mut conn = store.read().await?;
        let followed = subscription::of_person(&mut conn, claim.person).await?;
        let followed: Vec<Followed> = followed
            .iter()
            .map(subscription::Subscription::followed)
            .collect::<Result<_>>()?;
        let most = i64::try_from(MOST).unwrap_or(i64::MAX);
        let news = news::between(&mut conn, Some(&followed), span, most).await?;
        let count = news::count(&mut conn, &followed, span).await?;
        (news, count)
    };
    if news.is_empty() {
        store
            .write(async |conn| digest::end(conn, claim, None).await)
            .await?;
        return Ok(false);
    }
    let secret = store::secret(Secret::Unsubscribe)?;
    let hash = Secret::Unsubscribe.hash(&secret)?;
    store
        .write(async |conn| digest::add_link(conn, claim.person, &hash, now).await)
        .await?;
    let mail = Digest {
        news: &news,
        count,
        secret: &secret,
    };
    if let Err(error) = mailer.send(address, &mail).await {
        // The claim lapses, and the next run after that tells it again.
        tracing::warn!(person = %claim.person, error, "A digest could not be sent");
        return Ok(false);
    }
    store
        .write(async |conn| digest::end(conn, claim, Some(now)).await)
        .await?;
    Ok(true)
}
