//! Integrity: the whole record is verified in its order, and what is derived is rebuilt and compared.

mod derived;
mod problems;
mod projects;
mod queue;
mod raw;
mod record;
mod seals;
mod statuses;

#[cfg(test)]
mod byte_tests;
#[cfg(test)]
mod row_tests;
#[cfg(test)]
mod testing;

use crate::Conn;
use chrono::NaiveDate;
use domain::Result;
use domain::seal::Published;

/// How many faults are put into words.
const MOST_FAULTS: usize = 1_000;

/// What a check looked at and what it found.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Findings {
    /// Changes of the record whose hash was computed again.
    pub changes: u64,
    /// Seals whose root, link and head were computed again.
    pub seals: u64,
    /// Changes among those looked at that wait for their seal.
    pub waiting: u64,
    /// Bodies whose groups, search key and version were derived again.
    pub organisations: u64,
    /// Standards whose stage, search key and version were derived again.
    pub standards: u64,
    /// Problems whose text, counts, place and version were derived again.
    pub problems: u64,
    /// The line to be published of the record, as far as it could be followed; `None` while nothing is sealed.
    pub published: Option<Published>,
    /// A sentence for each thing that is not as it should be: those of the record first and in its order. At most 1,000.
    pub faults: Vec<String>,
    /// How many more there are.
    pub more_faults: u64,
}

impl Findings {
    fn fault(&mut self, text: String) {
        if self.faults.len() < MOST_FAULTS {
            self.faults.push(text);
        } else {
            self.more_faults += 1;
        }
    }
}

/// Reads the whole record and everything derived; changes nothing. `progress` hears how many changes were looked at.
///
/// # Errors
/// [`domain::Error::Internal`] when the database fails.
pub async fn run(
    conn: &mut Conn,
    today: NaiveDate,
    mut progress: impl FnMut(u64),
) -> Result<Findings> {
    run_against(conn, today, None, |done, _| progress(done)).await
}

/// [`run`], which also checks that the record goes on from the one of which the line `kept` was published. `progress`
/// hears how many changes of how many were looked at.
///
/// # Errors
/// As [`run`].
pub async fn run_against(
    conn: &mut Conn,
    today: NaiveDate,
    kept: Option<&Published>,
    progress: impl FnMut(u64, u64),
) -> Result<Findings> {
    // All statements see one moment, or a seal made meanwhile would look like a fault.
    conn.steady(async |conn| {
        let mut findings = Findings::default();
        record::check(conn, kept, &mut findings, progress).await?;
        derived::check(conn, today, &mut findings).await?;
        projects::check(conn, &mut findings).await?;
        statuses::check(conn, &mut findings).await?;
        Ok(findings)
    })
    .await
}
