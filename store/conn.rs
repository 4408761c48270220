//! One connection on either engine, and the macro that writes a statement once for both.

use diesel::connection::AnsiTransactionManager;
use diesel::{QueryResult, SqliteConnection};
use diesel_async::pooled_connection::deadpool::Object;
use diesel_async::sync_connection_wrapper::{SpawnBlocking, SyncConnectionWrapper};
use diesel_async::{AsyncConnection, AsyncPgConnection, SimpleAsyncConnection, TransactionManager};
use domain::{Error, Result};
use futures_util::future::BoxFuture;

/// SQLite behind an asynchronous face.
pub(crate) type SqliteConn = SyncConnectionWrapper<SqliteConnection, Runtime>;

/// Where a SQLite connection runs its statements.
#[derive(Clone, Copy, Debug)]
pub enum Runtime {
    /// On the calling thread: right for short reads, where a hop costs several times the read.
    Inline,
    /// On a blocking thread: for writes (they wait for the disk), imports, jobs and wide reads.
    Blocking,
}

impl SpawnBlocking for Runtime {
    fn spawn_blocking<'a, R: Send + 'static>(
        &mut self,
        task: impl FnOnce() -> R + Send + 'static,
    ) -> BoxFuture<'a, Result<R, Box<dyn std::error::Error + Send + Sync + 'static>>> {
        match self {
            Self::Inline => {
                let done = task();
                Box::pin(async move { Ok(done) })
            }
            Self::Blocking => {
                let running = tokio::task::spawn_blocking(task);
                Box::pin(async move { Ok(running.await?) })
            }
        }
    }

    fn get_runtime() -> Self {
        Self::Blocking
    }
}

/// A connection taken from a [`Store`](crate::Store).
pub enum Conn {
    /// To a PostgreSQL server.
    Postgres(Box<Object<AsyncPgConnection>>),
    /// To an embedded database.
    Sqlite(Held),
}

/// A SQLite connection on loan from its pool.
///
/// A future that is dropped while its statement runs on a blocking thread leaves that thread with the connection. Such a
/// one never goes back to the pool: it is closed when the thread lets go of it, which undoes what it had begun.
pub struct Held {
    connection: Option<Object<SqliteConn>>,
    busy: bool,
}

impl Held {
    pub(crate) fn new(connection: Object<SqliteConn>) -> Self {
        Self {
            connection: Some(connection),
            busy: false,
        }
    }

    /// The connection, from now on in use; [`done`](Self::done) says that the statement is over.
    pub(crate) fn begin(&mut self) -> &mut SqliteConn {
        self.busy = true;
        match &mut self.connection {
            Some(connection) => connection,
            None => unreachable!("it is only taken out when this is dropped"),
        }
    }

    pub(crate) fn done(&mut self) {
        self.busy = false;
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        if self.busy
            && let Some(connection) = self.connection.take()
        {
            drop(Object::take(connection));
        }
    }
}

/// Runs one expression on whichever engine `$conn` is; `$c` is the engine's own connection in it.
macro_rules! on {
    ($conn:expr, $c:ident => $body:expr) => {
        match $conn {
            $crate::Conn::Postgres($c) => {
                let $c = &mut ***$c;
                $body
            }
            $crate::Conn::Sqlite(held) => {
                let done = {
                    let $c = held.begin();
                    $body
                };
                held.done();
                done
            }
        }
    };
}

/// Inserts owned rows, a chunk a statement; returns how many were written.
macro_rules! insert_rows {
    ($conn:expr, $table:expr, $rows:expr) => {{
        let mut written = 0;
        for chunk in $rows.chunks($crate::CHUNK) {
            written += match $conn {
                $crate::Conn::Postgres(c) => {
                    use diesel_async::RunQueryDsl as _;
                    diesel::insert_into($table)
                        .values(chunk)
                        .execute(&mut ***c)
                        .await
                }
                // diesel-async has no batch insert for SQLite, diesel itself has.
                $crate::Conn::Sqlite(held) => {
                    let chunk = chunk.to_vec();
                    let insert = move |c: &mut diesel::SqliteConnection| {
                        diesel::RunQueryDsl::execute(diesel::insert_into($table).values(&chunk), c)
                    };
                    let done = held.begin().spawn_blocking(insert).await;
                    held.done();
                    done
                }
            }
            .map_err($crate::conn::internal)?;
        }
        written
    }};
}

/// Restricts a boxed query to what belongs to an organisation, or to the unit where there is none.
macro_rules! of_home {
    ($query:expr, $column:expr, $organisation:expr) => {
        match $organisation {
            Some(id) => $query.filter($column.eq(id)),
            None => $query.filter($column.is_null()),
        }
    };
}

/// Any database error that no caller can mend.
pub(crate) fn internal(cause: diesel::result::Error) -> Error {
    Error::internal(cause)
}

/// Gives constraint errors their meaning where they are known.
pub(crate) trait OnTaken<T> {
    /// A broken uniqueness becomes [`Error::Taken`] of `field`; everything else is internal.
    fn on_taken(self, field: &'static str, value: &str) -> Result<T>;
}

impl<T> OnTaken<T> for QueryResult<T> {
    fn on_taken(self, field: &'static str, value: &str) -> Result<T> {
        use diesel::result::{DatabaseErrorKind::UniqueViolation, Error::DatabaseError};
        self.map_err(|error| match error {
            DatabaseError(UniqueViolation, _) => Error::Taken {
                field,
                value: value.to_owned(),
            },
            other => internal(other),
        })
    }
}

async fn begin<C: AsyncConnection>(c: &mut C) -> QueryResult<()> {
    C::TransactionManager::begin_transaction(c).await
}
async fn commit<C: AsyncConnection>(c: &mut C) -> QueryResult<()> {
    C::TransactionManager::commit_transaction(c).await
}
async fn rollback<C: AsyncConnection>(c: &mut C) -> QueryResult<()> {
    C::TransactionManager::rollback_transaction(c).await
}

impl Conn {
    /// Runs `work` in a write transaction: all of it happens, or none.
    ///
    /// On SQLite it begins `IMMEDIATE`: one that reads first and then writes would fail under load.
    pub(crate) async fn write<R>(
        &mut self,
        work: impl AsyncFnOnce(&mut Self) -> Result<R>,
    ) -> Result<R> {
        match self {
            Self::Postgres(c) => begin(&mut ***c).await,
            Self::Sqlite(held) => {
                let immediate = |c: &mut SqliteConnection| {
                    AnsiTransactionManager::begin_transaction_sql(c, "BEGIN IMMEDIATE")
                };
                let begun = held.begin().spawn_blocking(immediate).await;
                held.done();
                begun
            }
        }
        .map_err(internal)?;
        self.finish(work).await
    }

    /// Runs reads that all see the database as it is when the first of them runs, whatever is written meanwhile.
    pub(crate) async fn steady<R>(
        &mut self,
        work: impl AsyncFnOnce(&mut Self) -> Result<R>,
    ) -> Result<R> {
        on!(self, c => begin(c).await).map_err(internal)?;
        self.finish(async |conn| {
            // A transaction of SQLite always is so.
            if let Self::Postgres(c) = conn {
                c.batch_execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
                    .await
                    .map_err(internal)?;
            }
            work(conn).await
        })
        .await
    }

    /// Runs `work` in a transaction inside the present one (a savepoint): when it fails, only it is undone.
    ///
    /// # Errors
    /// Whatever `work` fails with, or [`Error::Internal`] when the database cannot begin or end it.
    pub async fn nested<R>(&mut self, work: impl AsyncFnOnce(&mut Self) -> Result<R>) -> Result<R> {
        on!(self, c => begin(c).await).map_err(internal)?;
        self.finish(work).await
    }

    async fn finish<R>(&mut self, work: impl AsyncFnOnce(&mut Self) -> Result<R>) -> Result<R> {
        match work(self).await {
            Ok(done) => {
                on!(self, c => commit(c).await).map_err(internal)?;
                Ok(done)
            }
            Err(error) => {
                on!(self, c => rollback(c).await).map_err(internal)?;
                Err(error)
            }
        }
    }

    /// Has PostgreSQL plan every statement of this transaction anew: a plan kept from when a table was almost empty reads
    /// all of it again for every chunk of rows that fill it.
    pub(crate) async fn plan_anew(&mut self) -> Result<()> {
        match self {
            Self::Postgres(c) => c
                .batch_execute("SET LOCAL plan_cache_mode = force_custom_plan")
                .await
                .map_err(internal),
            Self::Sqlite(_) => Ok(()),
        }
    }

    /// Which engine this is: `sqlite` or `postgres`.
    pub fn engine(&self) -> &'static str {
        match self {
            Self::Postgres(_) => "postgres",
            Self::Sqlite(_) => "sqlite",
        }
    }
}
