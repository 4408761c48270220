//! The program as a user meets it: a binary, a database of its own, and requests over HTTP.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc::Receiver;
use std::sync::{Mutex, OnceLock};
use std::time::Duration;
use store::testing::TestStore;
use store::{Store, Url};

/// A database of one test on one engine, with the program over it.
pub(crate) struct Program {
    url: String,
    test: TestStore,
}

/// One program on every engine that is at hand.
pub(crate) fn each() -> Vec<Program> {
    runtime()
        .block_on(TestStore::each())
        .into_iter()
        .map(Program::over)
        .collect()
}

/// One program on SQLite: for what has nothing to do with the engine.
pub(crate) fn sqlite() -> Program {
    Program::over(runtime().block_on(TestStore::sqlite()))
}

/// Where tests run what they do to a store themselves.
pub(crate) fn runtime() -> &'static tokio::runtime::Runtime {
    static RUNTIME: OnceLock<tokio::runtime::Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| tokio::runtime::Runtime::new().unwrap())
}

/// The binary, with a clean environment of our own.
pub(crate) fn binary() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_manyhands"));
    command
        .env_remove("MANYHANDS_DATABASE")
        .env_remove("MANYHANDS_LOG")
        .env_remove("MANYHANDS_PUBLIC_URL")
        .env_remove("MANYHANDS_OIDC_CLIENT_SECRET")
        .stdin(Stdio::null());
    command
}

impl Program {
    fn over(test: TestStore) -> Self {
        let url = match test.store.url() {
            Url::Sqlite(path) => path.to_string_lossy().into_owned(),
            Url::Postgres(url) => url.clone(),
        };
        Self { url, test }
    }

    /// The database itself.
    pub(crate) fn store(&self) -> &Store {
        &self.test.store
    }

    /// `sqlite` or `postgres`.
    pub(crate) fn engine(&self) -> &'static str {
        match self.test.store.url() {
            Url::Sqlite(_) => "sqlite",
            Url::Postgres(_) => "postgres",
        }
    }

    /// A command over this database, not yet started.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = binary();
        command.args(["--database", &self.url]).args(arguments);
        command
    }

    /// Runs a command to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Done {
        Done::from(self.command(arguments).output().unwrap())
    }

    /// Runs a command that must succeed.
    pub(crate) fn ok(&self, arguments: &[&str]) -> String {
        let done = self.run(arguments);
        assert!(
            done.success,
            "{} {arguments:?}: {}",
            self.engine(),
            done.err
        );
        done.out
    }

    /// Writes a file for an import, in a folder that goes with the test.
    pub(crate) fn file(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        static FOLDER: OnceLock<PathBuf> = OnceLock::new();
        let folder = FOLDER.get_or_init(|| {
            let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("system");
            std::fs::create_dir_all(&folder).unwrap();
            folder
        });
        let unique = store::fresh::<uuid::Uuid>();
        let path = folder.join(format!("{unique}-{name}"));
        std::fs::write(&path, content).unwrap();
        path.to_string_lossy().into_owned()
    }

    /// A token from the command line.
    pub(crate) fn token(&self, arguments: &[&str]) -> String {
        let all = [&["token", "issue", "--name", "test"], arguments].concat();
        self.ok(&all).trim().to_owned()
    }

    /// The id and kind of every change, the earliest first.
    pub(crate) fn changes(&self) -> Vec<(String, String)> {
        let read = async {
            let mut conn = self.test.store.read().await.unwrap();
            store::change::after(&mut conn, None, 10_000).await.unwrap()
        };
        let rows = runtime().block_on(read);
        let changes = rows.iter().map(store::change::ChangeRow::change);
        changes
            .map(|change| (change.id.to_string(), change.thing_kind))
            .collect()
    }

    /// A server over this database, on a free port.
    pub(crate) fn serve(&self) -> Server {
        self.serve_with(&[])
    }

    /// A server with more arguments.
    pub(crate) fn serve_with(&self, arguments: &[&str]) -> Server {
        let all = [&["serve", "--listen", "127.0.0.1:0"], arguments].concat();
        Server::start(self.command(&all))
    }
}

/// How a command ended.
pub(crate) struct Done {
    pub(crate) success: bool,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl From<Output> for Done {
    fn from(output: Output) -> Self {
        Self {
            success: output.status.success(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

/// A running server; stopped with the value.
pub(crate) struct Server {
    process: Child,
    pub(crate) base: String,
    /// Everything it said on standard output up to its address.
    pub(crate) greeting: String,
    later: Mutex<Receiver<String>>,
}

/// An answer over HTTP.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: ureq::http::HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }
}

fn agent() -> ureq::Agent {
    ureq::Agent::config_builder()
        .http_status_as_error(false)
        .build()
        .into()
}

impl From<ureq::http::Response<ureq::Body>> for Answer {
    fn from(response: ureq::http::Response<ureq::Body>) -> Self {
        let (parts, mut body) = response.into_parts();
        Self {
            status: parts.status.as_u16(),
            headers: parts.headers,
            text: body.read_to_string().unwrap(),
        }
    }
}

impl Server {
    /// Starts a command that serves, and waits until it says where.
    pub(crate) fn start(mut command: Command) -> Self {
        let mut process = command
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let mut greeting = String::new();
        let base = loop {
            let line = lines
                .next()
                .expect("the server ended before it said its address")
                .unwrap();
            greeting.push_str(&line);
            greeting.push('\n');
            if let Some(at) = line.find("http://127.0.0.1:") {
                let address: String = line[at..]
                    .chars()
                    .take_while(|c| !c.is_whitespace())
                    .collect();
                break address.trim_end_matches('/').to_owned();
            }
        };
        // Whatever else it says is read, so that it never waits for us.
        let (say, later) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            lines
                .map_while(Result::ok)
                .for_each(|line| drop(say.send(line)));
        });
        Self {
            process,
            base,
            greeting,
            later: Mutex::new(later),
        }
    }

    /// The next line that it says on standard output after its address.
    pub(crate) fn next_line(&self) -> String {
        let later = self.later.lock().unwrap();
        later.recv_timeout(Duration::from_secs(60)).unwrap()
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.get_with(path, &[])
    }

    pub(crate) fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request = agent().get(format!("{}{path}", self.base));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.call().unwrap().into()
    }

    pub(crate) fn head(&self, path: &str) -> Answer {
        let head = agent().head(format!("{}{path}", self.base));
        head.call().unwrap().into()
    }

    pub(crate) fn post(&self, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut request = agent().post(format!("{}/graphql", self.base));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.send(body).unwrap().into()
    }

    /// Asks as the public; the data, where nothing went wrong.
    pub(crate) fn ask(&self, query: &str) -> Value {
        let body = self.ask_as(None, query, &json!({}));
        assert!(body.get("errors").is_none(), "{body}");
        body["data"].clone()
    }

    /// Asks with a token; the whole answer.
    pub(crate) fn ask_as(&self, token: Option<&str>, query: &str, variables: &Value) -> Value {
        let body = json!({ "query": query, "variables": variables }).to_string();
        let bearer = token.map(|token| format!("Bearer {token}"));
        let mut headers = vec![("Content-Type", "application/json")];
        headers.extend(bearer.as_deref().map(|bearer| ("Authorization", bearer)));
        self.post(&headers, &body).json()
    }

    /// Asks the process to stop as a service manager would, and waits for it.
    pub(crate) fn stop(mut self) -> bool {
        let pid = self.process.id().to_string();
        assert!(
            Command::new("kill")
                .args(["-TERM", &pid])
                .status()
                .unwrap()
                .success()
        );
        self.process.wait().unwrap().success()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have stopped already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The folder of public data beside the project. `None`, and a loud line, when there is no such folder at all; a
/// folder without the file asked for is a fault.
pub(crate) fn public_data(file: &str) -> Option<String> {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    if !shared.exists() {
        // Not by a macro: the test runner would swallow it.
        let _ = writeln!(
            std::io::stderr(),
            "SKIPPED: there is no ../shared with the public data this test reads."
        );
        return None;
    }
    let path = shared.join("data").join(file);
    assert!(path.exists(), "{} is missing", path.display());
    Some(path.to_string_lossy().into_owned())
}
