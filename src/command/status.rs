//! `status post`: posts the status of a project, into the database here or to a server, with a token either way.

use super::plain;
use crate::terminal::{remark, say};
use anyhow::Context;
use clap::{Args, Subcommand};
use domain::ask::AskKind;
use domain::policy::Viewer;
use domain::status::Rag;
use domain::token::Secret;
use graphql::{Limits, Timetable};
use serde_json::{Map, Value, json};
use std::path::PathBuf;
use std::time::Duration;
use store::Store;
use ureq::Agent;
use ureq::tls::{Certificate, RootCerts, TlsConfig};

/// How long a server may take.
const LONGEST: Duration = Duration::from_secs(30);
/// The longest answer that is read, in bytes.
const LARGEST: u64 = 1024 * 1024;

/// What is sent: the same to a server as to the database here.
const DOCUMENT: &str = "mutation PostStatus($input: PostStatusInput!) { postStatus(input: $input) { \
     statusUpdate { id delivery money people reuse headline } project { title } userErrors { path message } } }";

#[derive(Args, Debug)]
pub(super) struct Status {
    #[command(subcommand)]
    command: StatusCommand,
}

#[derive(Subcommand, Debug)]
enum StatusCommand {
    /// Posts the status of a project; what is left out is as in the last one.
    Post(Box<Post>),
}

#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  manyhands status post shared-register --unchanged\n  manyhands status post shared-register --delivery AMBER --headline 'The pilot starts late' --next 'Find a date'\n  MANYHANDS_TOKEN=mht_… manyhands status post shared-register --server https://hands.example --ask TESTING --ask-text 'Two testers in May' --headline 'Ready to be tried'"
)]
struct Post {
    /// The project: the last part of its address, or its id.
    #[arg(value_name = "PROJECT")]
    project: String,
    /// Whether it will deliver: GREEN, AMBER or RED.
    #[arg(long)]
    delivery: Option<Rag>,
    /// Whether its money will do: GREEN, AMBER or RED.
    #[arg(long)]
    money: Option<Rag>,
    /// Whether it has the people: GREEN, AMBER or RED.
    #[arg(long)]
    people: Option<Rag>,
    /// Whether others will use what it makes: GREEN, AMBER or RED.
    #[arg(long)]
    reuse: Option<Rag>,
    /// The news in one sentence, at most 200 characters.
    #[arg(long)]
    headline: Option<String>,
    /// What comes next, at most 500 characters.
    #[arg(long)]
    next: Option<String>,
    /// That nothing changed: the last update is said once more.
    #[arg(long, conflicts_with_all = ["delivery", "money", "people", "reuse", "headline", "next"])]
    unchanged: bool,
    /// What is needed of others: MONEY, PEOPLE, SKILL, TESTING, DATA or ADVICE.
    #[arg(long, requires = "ask_text")]
    ask: Option<AskKind>,
    /// What it is needed for.
    #[arg(long, requires = "ask", value_name = "TEXT")]
    ask_text: Option<String>,
    /// The id of the update that this one puts right, as the API names it.
    #[arg(long, value_name = "ID")]
    corrects: Option<String>,
    /// Where to post it, such as https://hands.example; left out, into the database of `--database`.
    #[arg(long, value_name = "URL")]
    server: Option<String>,
    /// A file with the token; left out, the variable MANYHANDS_TOKEN has it.
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
    /// The key of an earlier try, printed by it: sent again with the same words, it posts nothing twice.
    #[arg(long, value_name = "KEY")]
    idempotency_key: Option<String>,
}

impl Status {
    /// Whether it needs a database here.
    pub(super) fn is_local(&self) -> bool {
        let StatusCommand::Post(post) = &self.command;
        post.server.is_none()
    }

    /// Posts into this store.
    pub(super) async fn run(self, store: &Store) -> anyhow::Result<()> {
        let StatusCommand::Post(post) = self.command;
        let (token, key) = (post.token()?, post.key());
        let viewer = viewer(store, &token).await?;
        let timetable = Timetable {
            jobs: jobs::INFOS,
            next_due: jobs::next_due,
        };
        let schema = graphql::schema(store.clone(), timetable, Limits::default());
        let request =
            serde_json::from_value(post.request(&key)).context("cannot make the request")?;
        let response = graphql::execute(&schema, request, viewer, true).await;
        told(&serde_json::to_value(response).context("cannot read the answer")?)
    }

    /// Posts to the server that is named.
    pub(super) async fn send(self) -> anyhow::Result<()> {
        let StatusCommand::Post(post) = self.command;
        let (token, key) = (post.token()?, post.key());
        let server = post.server.clone().unwrap_or_default();
        let sent = tokio::task::spawn_blocking(move || fetch(&server, &token, &post.request(&key)));
        told(&sent.await.context("the request was given up")??)
    }
}

impl Post {
    /// The token's text, from the file or the variable.
    fn token(&self) -> anyhow::Result<String> {
        let text = match &self.token_file {
            Some(path) => std::fs::read_to_string(path)
                .with_context(|| format!("cannot read the token in {}", path.display()))?,
            None => std::env::var("MANYHANDS_TOKEN").map_err(|_| {
                anyhow::anyhow!(
                    "a token is needed; set MANYHANDS_TOKEN or give --token-file (make one with `manyhands token issue --scope STATUS`)"
                )
            })?,
        };
        Ok(text.trim().to_owned())
    }

    /// The key by which it is posted once, printed so that the command can be sent again after a lost connection.
    fn key(&self) -> String {
        match &self.idempotency_key {
            Some(key) => key.clone(),
            None => {
                let key = store::fresh::<uuid::Uuid>().to_string();
                remark(format_args!(
                    "Should no answer come, try again with --idempotency-key {key}"
                ));
                key
            }
        }
    }

    fn request(&self, key: &str) -> Value {
        let rag = |colour: Option<Rag>| json!(colour.map(Rag::as_str));
        let mut input = Map::new();
        for (name, value) in [
            ("project", json!(self.project)),
            ("delivery", rag(self.delivery)),
            ("money", rag(self.money)),
            ("people", rag(self.people)),
            ("reuse", rag(self.reuse)),
            ("headline", json!(self.headline)),
            ("nextStep", json!(self.next)),
            ("corrects", json!(self.corrects)),
            ("unchanged", json!(self.unchanged)),
            ("idempotencyKey", json!(key)),
        ] {
            if !value.is_null() {
                input.insert(name.to_owned(), value);
            }
        }
        if let Some((kind, text)) = self.ask.zip(self.ask_text.as_ref()) {
            let ask = json!({ "kind": kind.as_str(), "text": text });
            input.insert("ask".to_owned(), ask);
        }
        json!({ "query": DOCUMENT, "variables": { "input": input } })
    }
}

/// Whose token it is; found and checked as by the server, and never the operator.
async fn viewer(store: &Store, token: &str) -> anyhow::Result<Viewer> {
    let hash = Secret::Token.hash(token).map_err(plain)?;
    let mut conn = store.read().await.map_err(plain)?;
    store::token::viewer(&mut conn, &hash, store::now())
        .await
        .map_err(|error| match error {
            domain::Error::Unauthenticated => anyhow::anyhow!(
                "the token holds no more, or is not of this database; make one with `manyhands token issue --scope STATUS`"
            ),
            error => plain(error),
        })
}

/// What the server answers. A connection that is lost may have posted it all the same: the key tells.
fn fetch(server: &str, token: &str, request: &Value) -> anyhow::Result<Value> {
    let address = format!("{}/graphql", server.trim_end_matches('/'));
    let roots = rustls_native_certs::load_native_certs().certs;
    let roots: Vec<_> = roots
        .iter()
        .map(|root| Certificate::from_der(root).to_owned())
        .collect();
    let tls = TlsConfig::builder().root_certs(RootCerts::from(roots));
    let agent: Agent = Agent::config_builder()
        .max_redirects(0)
        .http_status_as_error(false)
        .timeout_global(Some(LONGEST))
        .user_agent("manyhands")
        .tls_config(tls.build())
        .build()
        .new_agent();
    let mut answer = agent
        .post(&address)
        .header("Authorization", format!("Bearer {token}"))
        .header("Content-Type", "application/json")
        .send(request.to_string())
        .with_context(|| format!("no answer from {address}; try again with the same key"))?;
    let status = answer.status();
    let body = answer.body_mut().with_config().limit(LARGEST).read_to_vec();
    let body = body.with_context(|| {
        format!("the answer from {address} broke off; try again with the same key")
    })?;
    serde_json::from_slice(&body).with_context(|| {
        format!("{address} answered {status} with something that is no GraphQL; check --server")
    })
}

/// Says what came of it.
fn told(answer: &Value) -> anyhow::Result<()> {
    let first = |list: &Value| {
        list.get(0)
            .and_then(|one| one["message"].as_str())
            .map(str::to_owned)
    };
    if let Some(message) = first(&answer["errors"]) {
        anyhow::bail!("{message}");
    }
    let payload = &answer["data"]["postStatus"];
    if let Some(message) = first(&payload["userErrors"]) {
        anyhow::bail!("{message}");
    }
    let update = &payload["statusUpdate"];
    let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    anyhow::ensure!(
        !update.is_null(),
        "the server did not say what became of it; try again with the same key"
    );
    say(format_args!(
        "Posted for {}: {} (delivery {}, money {}, people {}, reuse {}), update {}",
        word(&payload["project"]["title"]),
        word(&update["headline"]),
        word(&update["delivery"]),
        word(&update["money"]),
        word(&update["people"]),
        word(&update["reuse"]),
        word(&update["id"]),
    ));
    Ok(())
}
