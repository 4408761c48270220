//! Judgements: what people said of two problems that were suggested as similar.

use crate::change::{self, Write};
use crate::conn::internal;
use crate::problem::by_ids;
use crate::schema::similar_judgement;
use crate::{Conn, fresh};
use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::id::{JudgementId, ProblemId};
use domain::policy::{About, Action, Granted};
use domain::{Error, Result};
use serde::Serialize;

/// What somebody said of two problems.
#[derive(Queryable, Selectable, Insertable, Debug, Clone, PartialEq, Eq, Serialize)]
#[diesel(table_name = similar_judgement, treat_none_as_default_value = false)]
pub struct Judgement {
    /// The problem that was looked at.
    pub problem_id: ProblemId,
    /// Its id.
    pub id: JudgementId,
    /// The one that was suggested with it.
    pub similar_id: ProblemId,
    /// Whether they are the same in substance.
    pub accepted: bool,
    /// Who said so, as the record names them.
    pub judged_by: String,
    /// When, UTC.
    pub judged_at: NaiveDateTime,
}

/// Keeps what somebody said of two problems. Said again, both stand: the later one counts.
///
/// # Errors
/// [`Error::Invalid`] when both are the same; [`Error::NotFound`] when one of them is not there; [`Error::Internal`] when
/// the database fails.
pub async fn judge(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    (problem, similar): (ProblemId, ProblemId),
    accepted: bool,
) -> Result<Judgement> {
    granted.require(Action::JudgeSimilar)?;
    granted.covers(About::Sector)?;
    if problem == similar {
        let told = "Name another problem: each is similar to itself.";
        return Err(Error::invalid("similar", told));
    }
    let found = by_ids(conn, &[problem, similar]).await?;
    for id in [problem, similar] {
        if !found.iter().any(|row| row.id == id) {
            return Err(Error::not_found("problem", id.to_string()));
        }
    }
    let row = Judgement {
        problem_id: problem,
        id: fresh(),
        similar_id: similar,
        accepted,
        judged_by: granted.actor().to_owned(),
        judged_at: now,
    };
    on!(conn, c => diesel::insert_into(similar_judgement::table).values(&row).execute(c).await)
        .map_err(internal)?;
    let write = Write {
        kind: "similar_judgement",
        id: format!("{problem}/{}", row.id),
        about: None,
        before: None,
        after: Some(&row),
    };
    change::record(conn, granted, now, write).await?;
    Ok(row)
}

/// Every judgement, the oldest first: the set by which rankings can be compared.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn all(conn: &mut Conn) -> Result<Vec<Judgement>> {
    on!(conn, c => similar_judgement::table
        .order(similar_judgement::id.asc())
        .select(Judgement::as_select())
        .load(c)
        .await)
    .map_err(internal)
}
