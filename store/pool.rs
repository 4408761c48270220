//! Opens a database and hands out its connections: one writer and several readers on SQLite, a pool on PostgreSQL.

use crate::conn::{Conn, Held, Runtime, SqliteConn};
use crate::instrument::{Statements, Watch};
use crate::{Url, migrate};
use diesel::{Connection, ConnectionError, ConnectionResult, SqliteConnection};
use diesel_async::pooled_connection::deadpool::Pool;
use diesel_async::pooled_connection::{
    AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod,
};
use diesel_async::{AsyncConnection, AsyncPgConnection, SimpleAsyncConnection};
use domain::{Error, Result};
use futures_util::FutureExt;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Statements at least this long are logged, with their duration.
const SLOW: Duration = Duration::from_millis(500);
/// How long to wait for another writer of the same file.
const BUSY_MS: u64 = 10_000;
/// How long a caller waits for a connection: longer than [`BUSY_MS`], or it would give up while SQLite still waits.
const WAIT: Duration = Duration::from_secs(20);
/// Readers that answer requests, on either engine.
const READERS: usize = 8;
/// Readers for wide analytics, which run on blocking threads.
const WIDE_READERS: usize = 2;

/// A database on either engine. Clones share its connections.
#[derive(Clone)]
pub struct Store {
    url: Url,
    pools: Pools,
    statements: Statements,
    writes: Arc<AtomicU64>,
}

#[derive(Clone)]
enum Pools {
    Postgres(Pool<AsyncPgConnection>),
    Sqlite {
        writer: Pool<SqliteConn>,
        readers: Pool<SqliteConn>,
        wide: Pool<SqliteConn>,
    },
}

impl Store {
    /// Opens the database and brings its tables up to date.
    ///
    /// # Errors
    /// [`Error::Invalid`] when it cannot be reached, with what to check; [`Error::Internal`] when a migration fails.
    pub async fn open(url: &Url) -> Result<Self> {
        migrate::up(url).await?;
        Self::connect(url)
    }

    /// Makes the pools of a database whose tables are up to date.
    fn connect(url: &Url) -> Result<Self> {
        let statements = Statements::default();
        let pools = match url {
            Url::Postgres(address) => Pools::Postgres(postgres_pool(address, &statements)?),
            Url::Sqlite(path) => {
                let pool = |size, role| sqlite_pool(path, size, role, &statements);
                Pools::Sqlite {
                    writer: pool(1, Part::Writer)?,
                    readers: pool(READERS, Part::Reader)?,
                    wide: pool(WIDE_READERS, Part::WideReader)?,
                }
            }
        };
        Ok(Self {
            url: url.clone(),
            pools,
            statements,
            writes: Arc::default(),
        })
    }

    /// A connection for short reads.
    ///
    /// # Errors
    /// [`Error::Internal`] when none is free in time or the server is away.
    pub async fn read(&self) -> Result<Conn> {
        match &self.pools {
            Pools::Postgres(pool) => pool.get().await.map(|c| Conn::Postgres(Box::new(c))),
            Pools::Sqlite { readers, .. } => {
                readers.get().await.map(|c| Conn::Sqlite(Held::new(c)))
            }
        }
        .map_err(Error::internal)
    }

    /// A connection for wide reads, which may take long: it never holds up a request's thread.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub async fn read_wide(&self) -> Result<Conn> {
        match &self.pools {
            Pools::Postgres(_) => self.read().await,
            Pools::Sqlite { wide, .. } => wide
                .get()
                .await
                .map(|c| Conn::Sqlite(Held::new(c)))
                .map_err(Error::internal),
        }
    }

    /// Runs `work` in one write transaction: all of it happens, or none.
    ///
    /// # Errors
    /// Whatever `work` fails with; [`Error::Internal`] when the database cannot begin or commit.
    pub async fn write<R>(&self, work: impl AsyncFnOnce(&mut Conn) -> Result<R>) -> Result<R> {
        let mut conn = match &self.pools {
            Pools::Postgres(pool) => pool.get().await.map(|c| Conn::Postgres(Box::new(c))),
            Pools::Sqlite { writer, .. } => writer.get().await.map(|c| Conn::Sqlite(Held::new(c))),
        }
        .map_err(Error::internal)?;
        let done = conn.write(work).await;
        self.writes.fetch_add(1, Ordering::Release);
        done
    }

    /// Runs `work` as [`write`](Self::write) does, for the many rows of an import.
    ///
    /// # Errors
    /// As [`write`](Self::write).
    pub async fn write_many<R>(&self, work: impl AsyncFnOnce(&mut Conn) -> Result<R>) -> Result<R> {
        self.write(async |conn| {
            conn.plan_anew().await?;
            work(conn).await
        })
        .await
    }

    /// How many writes of this store have ended. What was read while it stood still, and no other copy of the program wrote,
    /// is still so.
    pub fn writes(&self) -> u64 {
        self.writes.load(Ordering::Acquire)
    }

    /// Where the data is; shown without its password.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// Counts the statements of this store, for tests and metrics.
    pub fn statements(&self) -> &Statements {
        &self.statements
    }

    /// Closes every connection, so that a SQLite file can be removed.
    pub fn close(&self) {
        match &self.pools {
            Pools::Postgres(pool) => pool.close(),
            Pools::Sqlite {
                writer,
                readers,
                wide,
            } => [writer, readers, wide].into_iter().for_each(Pool::close),
        }
    }
}

/// What a SQLite connection is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Writer,
    Reader,
    WideReader,
}

/// A pool of any kind of connection; a macro, since what its manager needs cannot be written as a short bound.
macro_rules! build {
    ($manager:expr, $size:expr) => {
        Pool::builder($manager)
            .max_size($size)
            .wait_timeout(Some(WAIT))
            .runtime(deadpool::Runtime::Tokio1)
            .build()
            .map_err(Error::internal)
    };
}

fn sqlite_pool(
    path: &Path,
    size: usize,
    part: Part,
    statements: &Statements,
) -> Result<Pool<SqliteConn>> {
    let statements = statements.clone();
    let path = path.to_string_lossy().into_owned();
    let mut config = ManagerConfig::<SqliteConn>::default();
    // The default runs a statement before every use; a file cannot hang up.
    config.recycling_method = RecyclingMethod::Fast;
    config.custom_setup = Box::new(move |path| {
        let (path, watch) = (path.to_owned(), Watch::new(statements.clone(), SLOW));
        async move {
            let opened = tokio::task::spawn_blocking(move || open_sqlite(&path, part, watch)).await;
            let conn = opened.map_err(|e| ConnectionError::BadConnection(e.to_string()))??;
            let runtime = match part {
                Part::Reader => Runtime::Inline,
                Part::Writer | Part::WideReader => Runtime::Blocking,
            };
            Ok(SqliteConn::with_runtime(conn, runtime))
        }
        .boxed()
    });
    build!(
        AsyncDieselConnectionManager::new_with_config(path, config),
        size
    )
}

/// An acknowledged write must survive a power cut, hence `FULL` for the writer.
fn open_sqlite(path: &str, part: Part, watch: Watch) -> ConnectionResult<SqliteConnection> {
    use diesel::connection::SimpleConnection;
    let mut conn = SqliteConnection::establish(path)?;
    let own = match part {
        Part::Writer => "PRAGMA synchronous = FULL;",
        Part::Reader | Part::WideReader => "PRAGMA query_only = ON;",
    };
    conn.batch_execute(&format!(
        "PRAGMA busy_timeout = {BUSY_MS}; PRAGMA foreign_keys = ON; PRAGMA cache_size = -16000; {own}"
    ))
    .map_err(ConnectionError::CouldntSetupConfiguration)?;
    conn.set_instrumentation(watch);
    Ok(conn)
}

fn postgres_pool(address: &str, statements: &Statements) -> Result<Pool<AsyncPgConnection>> {
    let statements = statements.clone();
    // Connections are driven by tasks of the runtime that opened the store, whichever thread first asks for one.
    let runtime = tokio::runtime::Handle::current();
    let mut config = ManagerConfig::<AsyncPgConnection>::default();
    // The default asks the server before every use; that it hung up is known without asking.
    config.recycling_method = RecyclingMethod::Fast;
    config.custom_setup = Box::new(move |address| {
        let (address, runtime) = (address.to_owned(), runtime.clone());
        let watch = Watch::new(statements.clone(), SLOW);
        async move {
            let mut conn = connect_postgres(&address, &runtime).await?;
            conn.batch_execute(
                "SET statement_timeout = '300s'; SET idle_in_transaction_session_timeout = '600s'; SET timezone = 'UTC'",
            )
                .await
                .map_err(ConnectionError::CouldntSetupConfiguration)?;
            conn.set_instrumentation(watch);
            Ok(conn)
        }
        .boxed()
    });
    let manager = AsyncDieselConnectionManager::new_with_config(address, config);
    build!(manager, READERS + WIDE_READERS)
}

/// Connects with TLS where the server offers it (`sslmode` in the address decides, `prefer` by default).
pub(crate) async fn connect_postgres(
    address: &str,
    runtime: &tokio::runtime::Handle,
) -> ConnectionResult<AsyncPgConnection> {
    let bad = |e: &dyn std::error::Error| ConnectionError::BadConnection(reasons(e));
    let mut roots = rustls::RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|e| bad(&e))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let tls = tokio_postgres_rustls::MakeRustlsConnect::new(tls);
    let (client, driver) = tokio_postgres::connect(address, tls)
        .await
        .map_err(|e| bad(&e))?;
    runtime.spawn(async move {
        if let Err(error) = driver.await {
            tracing::warn!(%error, "Lost a connection to PostgreSQL");
        }
    });
    AsyncPgConnection::try_from(client).await
}

/// The whole chain of causes on one line: the outermost alone says only that connecting failed.
fn reasons(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text = format!("{text}: {cause}");
        next = cause.source();
    }
    text
}
