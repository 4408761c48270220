//! A sector to try the program on: public facts about councils, a dozen standards, and an *illustrative* decade of
//! adoption that is the same every time.
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::expect_used, reason = "tests may panic")
)]

mod body;
mod declaration;
mod history;
mod problems;
mod projects;
mod random;
mod status;

use chrono::NaiveDateTime;
use domain::policy::{About, Action, Viewer};
use domain::{Error, Result};
use imports::{Kind, Options};
use store::Store;

/// The source that every made-up event names, so that nobody takes it for a fact.
pub const SOURCE: &str = "Illustrative: made up for the demonstration";

const TABLES: [(Kind, &str, &str); 4] = [
    (
        Kind::Organisations,
        "organisations.csv",
        include_str!("organisations.csv"),
    ),
    (
        Kind::Successions,
        "successions.csv",
        include_str!("successions.csv"),
    ),
    (
        Kind::Standards,
        "standards.csv",
        include_str!("standards.csv"),
    ),
    (
        Kind::Provisions,
        "provisions.csv",
        include_str!("provisions.csv"),
    ),
];

/// Fills an empty store; returns how many adoption events were made up.
///
/// # Errors
/// [`Error::Internal`] when a table of its own cannot be read or the database fails.
pub async fn make(store: &Store, now: NaiveDateTime) -> Result<usize> {
    for (kind, name, text) in TABLES {
        let options = Options {
            strict: true,
            dry_run: false,
            now,
            report: None,
        };
        imports::run_text(store, &Viewer::Operator, kind, name, text, &options)
            .await
            .map_err(Error::internal)?;
    }
    let events = history::make_up(store, now).await?;
    let granted = Viewer::Operator.may(Action::ImportPublications, About::Sector)?;
    let mut made = 0;
    store
        .write(async |conn| {
            for (recorded_at, batch) in &events {
                made += store::adoption::record_all(conn, &granted, *recorded_at, batch)
                    .await?
                    .len();
            }
            Ok(())
        })
        .await?;
    problems::make(store, now).await?;
    projects::make(store, now).await?;
    status::make(store, now).await?;
    declaration::make(store, now).await?;
    Ok(made)
}
