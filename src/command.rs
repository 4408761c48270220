//! The command line: what can be asked for, and where each command lives.

mod check;
mod demo;
mod import;
mod job;
mod limits;
mod migrate;
mod notify;
mod person;
mod proof;
mod serve;
mod sign_in;
mod status;
mod token;

use anyhow::Context;
use clap::{Args, Parser, Subcommand};
use store::organisation::Organisation;
use store::{Conn, Store, Url};

/// Everything the command line can ask for.
#[derive(Parser, Debug)]
#[command(
    name = "manyhands",
    version,
    about = "Solve a shared public problem once: the backend of a collaboration unit.",
    after_help = "Start here:\n  manyhands demo            a whole sector to look at\n  manyhands serve           your own, in ./manyhands.db",
    max_term_width = 100
)]
pub struct Arguments {
    #[command(flatten)]
    database: Database,
    #[command(subcommand)]
    command: Command,
}

#[derive(Args, Debug)]
struct Database {
    /// Where the data is: a SQLite path (made when it is not there) or postgres://USER:PASSWORD@HOST/NAME.
    #[arg(
        long,
        global = true,
        env = "MANYHANDS_DATABASE",
        hide_env_values = true,
        default_value = "manyhands.db",
        value_name = "URL"
    )]
    database: String,
}

impl Database {
    /// Opens the store and brings its tables up to date.
    async fn open(&self) -> anyhow::Result<Store> {
        let url: Url = self.database.parse()?;
        Store::open(&url).await.map_err(plain)
    }

    /// Opens a store that must be there: a mistyped path must not pass as an empty one.
    async fn open_existing(&self) -> anyhow::Result<Store> {
        if let Url::Sqlite(path) = self.database.parse()? {
            anyhow::ensure!(
                path.exists(),
                "there is no database at {}; check the path, or make one with `manyhands migrate`",
                path.display()
            );
        }
        self.open().await
    }

    /// Opens a store for something that may begin one, or else a store that must be there.
    async fn open_for(&self, begins: bool) -> anyhow::Result<Store> {
        match begins {
            true => self.open().await,
            false => self.open_existing().await,
        }
    }
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Serves the pages and the API, and runs the scheduled jobs.
    Serve(Box<serve::Serve>),
    /// Makes a sector to look at in a database of its own, serves it, and leaves nothing behind.
    Demo(demo::Demo),
    /// Brings the tables of the database up to date, and does nothing else.
    Migrate(migrate::Migrate),
    /// Reads files of the sector into the database: all of them, or nothing.
    Import(import::Import),
    /// Verifies the record and everything that is derived; changes nothing.
    Check(check::Check),
    /// Verifies a proof that a change stands in the record.
    Proof(proof::Proof),
    /// Lists the scheduled jobs, or runs one now.
    Job(job::Job),
    /// Invites people, and gives out or erases what is kept of them.
    Person(person::Person),
    /// Posts the status of a project, here or to a server.
    Status(status::Status),
    /// Issues, lists and revokes keys for machines.
    Token(token::Token),
}

impl Arguments {
    /// Whether the command serves for good, and logs what it does.
    pub fn is_server(&self) -> bool {
        matches!(self.command, Command::Serve(_))
    }
}

/// Runs the command that was asked for.
///
/// # Errors
/// One line that says what was not done and what to do about it.
pub async fn run(arguments: Arguments) -> anyhow::Result<()> {
    let database = &arguments.database;
    match arguments.command {
        Command::Serve(serve) => serve.run(database.open().await?).await,
        Command::Demo(demo) => demo.run().await,
        Command::Migrate(migrate) => migrate.run(&database.open().await?),
        Command::Import(import) => {
            let store = database.open().await?;
            sealed(&store, import.run(&store).await).await
        }
        Command::Check(check) => check.run(&database.open_existing().await?).await,
        Command::Proof(proof) => proof.run(),
        Command::Job(job) => {
            let store = database.open_existing().await?;
            sealed(&store, job.run(&store).await).await
        }
        Command::Person(person) => {
            let store = database.open_for(person.begins()).await?;
            sealed(&store, person.run(&store).await).await
        }
        Command::Status(status) if status.is_local() => {
            let store = database.open_existing().await?;
            sealed(&store, status.run(&store).await).await
        }
        Command::Status(status) => status.send().await,
        Command::Token(token) => {
            let store = database.open_for(token.begins()).await?;
            sealed(&store, token.run(&store).await).await
        }
    }
}

/// Seals what a command wrote, whether or not it did all it was asked: no server may be running that would.
async fn sealed(store: &Store, done: anyhow::Result<()>) -> anyhow::Result<()> {
    let sealed = jobs::seal_all(store).await.map_err(plain);
    done.and(sealed)
}

/// An error of the sector as the command line shows it: an internal one with its causes, since here the reader is the
/// one who can mend it.
fn plain(error: domain::Error) -> anyhow::Error {
    anyhow::anyhow!(error.chain())
}

/// The organisation that was named by its slug or a code; `None` where none was.
async fn organisation(conn: &mut Conn, name: Option<&str>) -> domain::Result<Option<Organisation>> {
    let Some(name) = name else { return Ok(None) };
    let found = store::organisation::named(conn, name).await?;
    let found = found.ok_or_else(|| domain::Error::not_found("organisation", name))?;
    Ok(Some(found))
}

/// Reads a text from the command line that must not be blank.
fn text(raw: &str) -> Result<String, String> {
    match raw.trim() {
        "" => Err("write something here".to_owned()),
        text => Ok(text.to_owned()),
    }
}

/// Reads a day from the command line.
fn day(raw: &str) -> Result<chrono::NaiveDate, String> {
    match domain::period::parse_day("date", raw) {
        Ok(Some(day)) => Ok(day),
        Ok(None) => Err("write a date as YYYY-MM-DD, such as 2026-08-31".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

/// Waits for the signal to stop: Ctrl-C, or SIGTERM from a service manager.
async fn stop_signal() -> anyhow::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate()).context("cannot listen for SIGTERM")?;
    tokio::select! {
        pressed = tokio::signal::ctrl_c() => pressed.context("cannot listen for Ctrl-C"),
        _ = terminate.recv() => Ok(()),
    }
}
