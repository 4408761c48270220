//! Idempotency: the same key and input gives the first answer again.

use crate::asked::Asked;
use crate::error::Result;
use crate::user_error::UserError;
use async_graphql::Value;
use chrono::NaiveDateTime;
use domain::Error;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use std::sync::Arc;
use store::{Conn, idempotency};

/// The longest key, in characters.
const LONGEST_KEY: usize = 100;

/// What names a mutation with its input, so that sending it again can be told from sending another.
pub(crate) struct Receipt {
    key: String,
    input_hash: String,
}

impl Receipt {
    /// The receipt for `key`, if one is given, of the mutation with this name and input.
    ///
    /// # Errors
    /// When the key is empty or longer than 100 characters.
    pub(crate) fn new(
        mutation: &str,
        key: Option<&str>,
        mut input: Value,
    ) -> Result<Option<Self>, UserError> {
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
            key: key.to_owned(),
            input_hash: domain::token::hex(&Sha256::digest(canonical.as_bytes())),
        }))
    }
}

/// Something that can be kept as the answer to a key.
pub(crate) trait Answer: Serialize + DeserializeOwned + Send + 'static {
    /// Whether anything was written. An answer that only tells of faults is not kept: mend them, and use the key again.
    fn wrote(&self) -> bool;
}

/// What a mutation does in its transaction.
pub(crate) trait Work: Send + Sync + 'static {
    /// What comes of it.
    type Answer: Answer;

    /// Does it, at the moment `now`. It may be done again, when a transaction came too late for its key.
    fn run(
        &self,
        conn: &mut Conn,
        now: NaiveDateTime,
    ) -> impl Future<Output = domain::Result<Self::Answer>> + Send;
}

/// Does `work` in one transaction, unless the receipt's key has its answer already. Once begun, it is brought to its
/// end even when the client goes away.
///
/// # Errors
/// `CONFLICT` when the key came with another input; whatever `work` fails with.
pub(crate) async fn answer<W: Work>(
    asked: &Arc<Asked>,
    receipt: Option<Receipt>,
    work: W,
) -> Result<W::Answer> {
    let asked = Arc::clone(asked);
    let writing = tokio::spawn(async move {
        match attempt(&asked, receipt.as_ref(), &work).await {
            // Another request may have taken the key while this one worked: then its answer stands by now.
            Err(Error::Conflict(_)) => attempt(&asked, receipt.as_ref(), &work).await,
            done => done,
        }
    });
    Ok(writing.await.map_err(Error::internal)??)
}

async fn attempt<W: Work>(
    asked: &Asked,
    receipt: Option<&Receipt>,
    work: &W,
) -> domain::Result<W::Answer> {
    let write = async |conn: &mut Conn| {
        // Inside the transaction: on one writer, times of recording are then in the order of commits.
        let now = store::now();
        let Some(Receipt { key, input_hash }) = receipt else {
            return work.run(conn, now).await;
        };
        let actor = asked.viewer.label();
        if let Some(kept) = idempotency::answer(conn, &actor, key, input_hash, now).await? {
            return serde_json::from_str(&kept).map_err(Error::internal);
        }
        let answer = work.run(conn, now).await?;
        if answer.wrote() {
            let kept = serde_json::to_string(&answer).map_err(Error::internal)?;
            idempotency::keep(conn, &actor, key, input_hash, kept, now).await?;
        }
        Ok(answer)
    };
    asked.store.write(write).await
}
