//! How every mutation is done: once for each key, in one transaction, and to its end.

use crate::asked::Asked;
use crate::error::Result;
use crate::user_error::UserError;
use async_graphql::{InputType, Value};
use chrono::NaiveDateTime;
use domain::Error;
use domain::policy::Viewer;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use std::sync::Arc;
use store::{Conn, idempotency};

/// The longest key, in characters.
const LONGEST_KEY: usize = 100;

/// A mutation as it was sent.
pub(crate) struct Sent {
    mutation: &'static str,
    key: Option<String>,
    input: Value,
}

impl Sent {
    /// The mutation of this name in the schema, with its input and the idempotency key in it.
    pub(crate) fn new(
        mutation: &'static str,
        input: &impl InputType,
        key: &Option<String>,
    ) -> Self {
        Self {
            mutation,
            key: key.clone(),
            input: input.to_value(),
        }
    }
}

/// What names a mutation with its input, so that sending it again can be told from sending another.
struct Receipt {
    actor: String,
    key: String,
    input_hash: String,
}

impl Receipt {
    /// The receipt for what was sent, if it came with a key.
    ///
    /// # Errors
    /// When the key is empty or longer than 100 characters.
    fn new(actor: String, sent: Sent) -> Result<Option<Self>, UserError> {
        let Sent {
            mutation,
            key,
            mut input,
        } = sent;
        let Some(key) = key else { return Ok(None) };
        if !(1..=LONGEST_KEY).contains(&key.chars().count()) {
            let reason = format!("A key has 1 to {LONGEST_KEY} characters; a UUID does well.");
            return Err(UserError::of(
                "idempotencyKey",
                &Error::invalid("idempotencyKey", reason),
            ));
        }
        if let Value::Object(fields) = &mut input {
            fields.swap_remove("idempotencyKey");
        }
        // The fields of an input always come in the order of the schema, so equal inputs give equal text.
        let canonical = format!("{mutation} {input}");
        Ok(Some(Self {
            actor,
            key,
            input_hash: domain::token::hex(&Sha256::digest(canonical.as_bytes())),
        }))
    }

    fn key(&self) -> idempotency::Key<'_> {
        idempotency::Key {
            actor: &self.actor,
            key: &self.key,
            input_hash: &self.input_hash,
        }
    }
}

/// Something that can be kept as the answer to a key. What is not to be kept, such as a secret, is left out of its
/// serialised form.
pub(crate) trait Answer: Serialize + DeserializeOwned + Send + 'static {
    /// The answer to an input that cannot be taken.
    fn refused(fault: UserError) -> Self;

    /// Whether anything was written. An answer that only tells of faults is not kept: mend them, and use the key again.
    fn wrote(&self) -> bool;

    /// Every fault it tells of.
    fn faults(&self) -> impl Iterator<Item = &UserError>;
}

/// What a mutation does in its transaction.
pub(crate) trait Work: Send + Sync + 'static {
    /// What comes of it.
    type Answer: Answer;

    /// Does it, in the one transaction of the mutation, at the moment `now`.
    fn run(
        &self,
        conn: &mut Conn,
        now: NaiveDateTime,
    ) -> impl Future<Output = domain::Result<Self::Answer>> + Send;
}

/// Does `work` in one transaction, unless what was sent has its answer already. Once begun, it is brought to its end
/// even when the client goes away.
///
/// What `work` finds wrong with the input undoes all it did, and is told in the answer.
///
/// # Errors
/// `UNAUTHENTICATED` for an anonymous viewer; `CONFLICT` when the key came with another input; whatever `work` fails
/// with that is not the input's.
pub(crate) async fn answer<W: Work>(asked: &Arc<Asked>, sent: Sent, work: W) -> Result<W::Answer> {
    // Whoever changes something says who they are, before anything is looked up for them.
    if asked.viewer == Viewer::Anonymous {
        return Err(Error::Unauthenticated.into());
    }
    answer_anyone(asked, sent, work).await
}

/// As [`answer`], for what everybody may do. Whoever does not say who they are has no keys of their own: theirs is not
/// looked at.
///
/// # Errors
/// As [`answer`], but for `UNAUTHENTICATED`.
pub(crate) async fn answer_anyone<W: Work>(
    asked: &Arc<Asked>,
    mut sent: Sent,
    work: W,
) -> Result<W::Answer> {
    if asked.viewer == Viewer::Anonymous {
        sent.key = None;
    }
    let mutation = sent.mutation;
    let answer = match Receipt::new(asked.viewer.label(), sent) {
        Err(fault) => W::Answer::refused(fault),
        Ok(receipt) => {
            let asked = Arc::clone(asked);
            let writing = tokio::spawn(async move {
                let _turn = asked.desk.turn_to_write().await;
                match &receipt {
                    Some(receipt) => once(&asked, receipt.key(), &work).await,
                    None => {
                        let write = async |conn: &mut Conn| work.run(conn, store::now()).await;
                        asked.store.write(write).await
                    }
                }
            });
            match writing.await.map_err(Error::internal)? {
                Ok(answer) => answer,
                Err(error) => W::Answer::refused(UserError::about(error)?),
            }
        }
    };
    for fault in answer.faults() {
        asked.refusals.note(&asked.viewer, mutation, &fault.code);
    }
    Ok(answer)
}

/// Does `work` once for each key.
async fn once<W: Work>(
    asked: &Asked,
    key: idempotency::Key<'_>,
    work: &W,
) -> domain::Result<W::Answer> {
    let read = |kept: String| serde_json::from_str(&kept).map_err(Error::internal);
    // Looked up first without a transaction: repeats do not queue for the one writer. The reader is let go at once.
    let kept = idempotency::answer(&mut asked.store.read().await?, key, store::now()).await?;
    if let Some(kept) = kept {
        return read(kept);
    }
    let write = async |conn: &mut Conn| {
        if let Some(kept) = idempotency::claim(conn, key, store::now()).await? {
            return read(kept);
        }
        // After the claim: on one writer, times of recording are then in the order of commits.
        let answer = work.run(conn, store::now()).await?;
        if answer.wrote() {
            let kept = serde_json::to_string(&answer).map_err(Error::internal)?;
            idempotency::keep(conn, key, &kept).await?;
        } else {
            idempotency::release(conn, key).await?;
        }
        Ok(answer)
    };
    let answer = asked.store.write(write).await?;
    asked.desk.forget(store::now()).await;
    Ok(answer)
}
