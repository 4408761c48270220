//! A database for one test, on either engine, gone with the value.

use crate::{Store, Url};
use diesel_async::SimpleAsyncConnection;
use domain::policy::{About, Action, Viewer};
use std::io::Write;
use std::path::PathBuf;
use std::sync::Once;

/// The variable that names a PostgreSQL server on which tests may create databases.
pub const POSTGRES_VARIABLE: &str = "MANYHANDS_TEST_POSTGRES";

static SKIPPED: Once = Once::new();

/// Says loudly, once, that PostgreSQL was left out. Not by a macro: the test runner would swallow it.
fn skip() {
    let line = format!(
        "SKIPPED on PostgreSQL: set {POSTGRES_VARIABLE} to postgres://USER@HOST/postgres to test there too."
    );
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// A fresh database and its store. Dropping it removes the database.
pub struct TestStore {
    /// The open store.
    pub store: Store,
    place: Place,
}

enum Place {
    Folder(PathBuf),
    Server { address: String, name: String },
}

impl TestStore {
    /// A SQLite file in a folder of its own.
    ///
    /// # Panics
    /// When it cannot be made: a test cannot go on without it.
    #[allow(clippy::expect_used, reason = "only tests use it, and they may panic")]
    pub async fn sqlite() -> Self {
        let folder = std::env::temp_dir().join(format!("manyhands-test-{}", uuid::Uuid::now_v7()));
        std::fs::create_dir_all(&folder).expect("a folder for the test database");
        let store = Store::open(&Url::Sqlite(folder.join("test.db")))
            .await
            .expect("a test database");
        Self {
            store,
            place: Place::Folder(folder),
        }
    }

    /// A database of its own on the server that [`POSTGRES_VARIABLE`] names; `None`, and a loud line, when it names none.
    ///
    /// # Panics
    /// When the server cannot be used: a test cannot go on without it.
    #[allow(clippy::expect_used, reason = "only tests use it, and they may panic")]
    pub async fn postgres() -> Option<Self> {
        let Ok(address) = std::env::var(POSTGRES_VARIABLE) else {
            SKIPPED.call_once(skip);
            return None;
        };
        let name = format!("manyhands_test_{}", uuid::Uuid::now_v7().simple());
        let server = address
            .rsplit_once('/')
            .map_or(address.as_str(), |(server, _)| server);
        let create = format!(
            "CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"
        );
        execute(&address, &create).await;
        let url = Url::Postgres(format!("{server}/{name}"));
        let store = Store::open(&url).await.expect("a test database");
        Some(Self {
            store,
            place: Place::Server { address, name },
        })
    }

    /// One database on every engine that is at hand.
    pub async fn each() -> Vec<Self> {
        let mut all = vec![Self::sqlite().await];
        all.extend(Self::postgres().await);
        all
    }
}

#[allow(clippy::expect_used, reason = "only tests use it, and they may panic")]
async fn execute(address: &str, statement: &str) {
    let runtime = tokio::runtime::Handle::current();
    let mut conn = crate::pool::connect_postgres(address, &runtime)
        .await
        .expect("the PostgreSQL server for tests");
    conn.batch_execute(statement)
        .await
        .expect("the right to make and drop databases");
}

impl Drop for TestStore {
    fn drop(&mut self) {
        self.store.close();
        match &self.place {
            Place::Folder(folder) => {
                // What is left over lies in the system's folder for such things.
                let _ = std::fs::remove_dir_all(folder);
            }
            Place::Server { address, name } => {
                let statement = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
                let address = address.clone();
                // The test's own runtime may be gone or of one thread: drop it from a thread with a runtime of its own.
                let dropping = std::thread::spawn(move || {
                    let runtime = tokio::runtime::Builder::new_current_thread()
                        .enable_all()
                        .build();
                    if let Ok(runtime) = runtime {
                        runtime.block_on(execute(&address, &statement));
                    }
                });
                let _ = dropping.join();
            }
        }
    }
}

/// Seals every change that waits, as the program does all the time.
///
/// # Panics
/// When it cannot: a test cannot go on without it.
#[allow(clippy::expect_used, reason = "only tests use it, and they may panic")]
pub async fn seal(store: &Store) {
    let granted = Viewer::Job("sealer")
        .may(Action::SealRecord, About::Sector)
        .expect("the right to seal");
    let next =
        async |conn: &mut crate::Conn| crate::seal::seal_next(conn, &granted, crate::now()).await;
    while store.write(next).await.expect("a seal of what waits") > 0 {}
}

/// Takes every webhook away, which nothing but a test does.
///
/// # Panics
/// When the database fails.
#[allow(clippy::expect_used, reason = "only tests use it, and they may panic")]
pub async fn clear_webhooks(store: &Store) {
    use diesel_async::RunQueryDsl;
    let clear = async |conn: &mut crate::Conn| {
        on!(conn, c => diesel::delete(crate::schema::webhook::table).execute(c).await)
            .map_err(domain::Error::internal)
    };
    store.write(clear).await.expect("no webhooks");
}
