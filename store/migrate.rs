//! Brings a database's tables up to date, however many copies of the program start at once.

use crate::{Url, pool::connect_postgres};
use diesel::{Connection, SqliteConnection, connection::SimpleConnection};
use diesel_async::async_connection_wrapper::AsyncConnectionWrapper;
use diesel_async::{AsyncPgConnection, SimpleAsyncConnection};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use domain::{Error, Result};
use std::path::Path;

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../migrations");

/// Any number that all copies agree on.
const LOCK: &str = "SELECT pg_advisory_lock(6157269)";
const UNLOCK: &str = "SELECT pg_advisory_unlock(6157269)";

/// Which way to go.
#[derive(Clone, Copy)]
enum Way {
    Up,
    #[cfg(test)]
    Down,
}

/// Runs every migration that has not run yet.
///
/// # Errors
/// [`Error::Invalid`] when the database cannot be reached; [`Error::Internal`] when a migration fails.
pub(crate) async fn up(url: &Url) -> Result<()> {
    run(url, Way::Up).await
}

/// Undoes every migration: for the test that runs them up, down and up again.
#[cfg(test)]
pub(crate) async fn down(url: &Url) -> Result<()> {
    run(url, Way::Down).await
}

async fn run(url: &Url, way: Way) -> Result<()> {
    match url {
        Url::Sqlite(path) => {
            let path = path.clone();
            tokio::task::spawn_blocking(move || run_sqlite(&path, way))
                .await
                .map_err(Error::internal)?
        }
        Url::Postgres(address) => run_postgres(url, address, way).await,
    }
}

fn run_sqlite(path: &Path, way: Way) -> Result<()> {
    let shown = path.display();
    let mut conn = SqliteConnection::establish(&path.to_string_lossy()).map_err(|error| {
        Error::invalid(
            "database",
            format!(
                "Cannot open {shown}: {error}. Check that its folder exists and can be written to."
            ),
        )
    })?;
    // WAL belongs to the file; it is set here once, before any pool exists.
    conn.batch_execute("PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL;")
        .map_err(|error| {
            Error::invalid(
                "database",
                format!("{shown} cannot be used: {error}. Give the path of a Manyhands database, or of a new file."),
            )
        })?;
    let mut failed = None;
    let done = conn.exclusive_transaction(|conn| {
        go(conn, way).map_err(|error| {
            failed = Some(error);
            diesel::result::Error::RollbackTransaction
        })
    });
    match failed {
        Some(error) => Err(Error::Internal(error)),
        None => done.map_err(Error::internal),
    }
}

async fn run_postgres(url: &Url, address: &str, way: Way) -> Result<()> {
    let runtime = tokio::runtime::Handle::current();
    let mut conn = connect_postgres(address, &runtime).await.map_err(|error| {
        Error::invalid(
            "database",
            format!(
                "Cannot reach {url}: {error}. Check the address and password, and that the database exists \
                 (createdb --template template0 --locale C NAME)."
            ),
        )
    })?;
    conn.batch_execute(LOCK).await.map_err(Error::internal)?;
    let conn = tokio::task::spawn_blocking(move || {
        let mut conn = AsyncConnectionWrapper::<AsyncPgConnection>::from(conn);
        go(&mut conn, way).map(|()| conn.into_inner())
    });
    let mut conn = conn
        .await
        .map_err(Error::internal)?
        .map_err(Error::Internal)?;
    conn.batch_execute(UNLOCK).await.map_err(Error::internal)
}

fn go<DB: diesel::backend::Backend>(
    conn: &mut impl MigrationHarness<DB>,
    way: Way,
) -> diesel::migration::Result<()> {
    match way {
        Way::Up => conn.run_pending_migrations(MIGRATIONS).map(|_| ()),
        #[cfg(test)]
        Way::Down => conn.revert_all_migrations(MIGRATIONS).map(|_| ()),
    }
}
