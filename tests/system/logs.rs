//! The log at its most talkative: over a life of requests and commands it holds nothing secret and nothing personal.

use crate::browser::{Browser, csrf};
use crate::limits::{ACCEPT, CHEAP, JSON};
use crate::program::{Program, Server, binary, each};
use domain::token::Secret;
use serde_json::{Value, json};
use std::process::{Command, Stdio};

/// The password in the address of the database.
const PASSWORD: &str = "correct-horse-battery";
/// A token that is none.
const WRONG: &str = "mhd_5eccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc5";
/// The secret of a session that is none.
const SESSION: &str = "mhs_5eddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd5";
/// The secret of an invitation that is none.
const INVITATION: &str = "mhi_5eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee5";
/// Somebody's e-mail address.
const EMAIL: &str = "jane.doe@council.example";
/// Where somebody is, as a proxy says.
const CLIENT: &str = "192.0.2.77";
const CLIENT_V6: &str = "2001:db8:77::7";

/// Has a command log everything it can.
fn talkative(mut command: Command) -> Command {
    command
        .env("MANYHANDS_LOG", "trace")
        .env("MANYHANDS_LOG_FORMAT", "json");
    command
}

/// A command over the program's database, whose address has a password where there can be one.
fn command(program: &Program, arguments: &[&str]) -> Command {
    let mut command = binary();
    command
        .args(["--database", &program.url_with(PASSWORD)])
        .args(arguments);
    talkative(command)
}

/// What commands say beside their results, whether they succeed or not.
fn commands(program: &Program) -> String {
    let rows = format!(
        "gss_code,name,kind,tier,nation,region,combined_authority,population,opened_on,closed_on,contact\n\
         E07000223,Adur,COUNCIL,DISTRICT,ENGLAND,South East,,64000,,,{EMAIL}\n\
         E07000224,Arun,PARISH,DISTRICT,ENGLAND,South East,,,,,{EMAIL}\n"
    );
    let file = program.file("bodies.csv", rows);
    let mut said = String::new();
    for arguments in [
        vec!["migrate"],
        vec!["import", "organisations", &file],
        vec!["import", "standards", &file],
        vec!["job", "run", "adoption_snapshot"],
        vec!["check"],
        vec!["token", "issue", "--name", "nobody", "--role", "EDITOR"],
    ] {
        let output = command(program, &arguments).output().unwrap();
        said.push_str(&String::from_utf8(output.stderr).unwrap());
    }
    // Databases that cannot be reached.
    for url in [
        format!("postgres://me:{PASSWORD}@127.0.0.1:1/none"),
        format!("postgress://me:{PASSWORD}@db.example/none"),
    ] {
        let mut unreachable = binary();
        unreachable.args(["--database", &url, "migrate"]);
        let output = talkative(unreachable).output().unwrap();
        assert!(!output.status.success());
        said.push_str(&String::from_utf8(output.stderr).unwrap());
    }
    said
}

/// Requests good and bad, with whatever is not for the log wherever a client may put it.
fn requests(server: &Server, right: &str, session: &str) {
    let bearer = |secret: &str| format!("Bearer {secret}");
    let (right, wrong) = (bearer(right), bearer(WRONG));
    let (right, wrong) = (
        ("Authorization", right.as_str()),
        ("Authorization", wrong.as_str()),
    );
    let forwarded = format!("for=\"[{CLIENT_V6}]\"");
    let clients = [
        ("X-Forwarded-For", CLIENT),
        ("Forwarded", forwarded.as_str()),
    ];
    let cookie = format!("manyhands={SESSION}; __Host-manyhands={SESSION}");
    let cookie = ("Cookie", cookie.as_str());
    let signed_in = format!("manyhands={session}");
    let signed_in = ("Cookie", signed_in.as_str());

    let input = json!({ "organisation": "adur", "standard": EMAIL, "state": "ADOPTED",
        "effectiveOn": "2024-05-01", "note": EMAIL, "idempotencyKey": SESSION });
    let mutation = json!({
        "query": "mutation ($input: RecordAdoptionInput!) { recordAdoption(input: $input) { event { id } userErrors { message } } }",
        "variables": { "input": input },
    });
    let bodies = [
        CHEAP.to_owned(),
        mutation.to_string(),
        json!({ "query": format!("{{ standard(slug: \"{EMAIL}\") {{ {WRONG} }} }}") }).to_string(),
        json!({ "query": format!("{{ organisation(slug: \"{EMAIL}\") {{ name }} }}") }).to_string(),
        format!("{{ {EMAIL} {WRONG}"),
        format!("[{CHEAP},{{\"query\":\"{EMAIL}\"}}]"),
        EMAIL.repeat(100_000),
    ];
    for body in &bodies {
        for sender in [
            vec![],
            vec![right],
            vec![wrong],
            vec![cookie],
            vec![signed_in],
        ] {
            for client in clients {
                server.post(&[&[JSON, ACCEPT, client], &sender[..]].concat(), body);
            }
        }
    }
    for path in [
        format!("/graphql?query={WRONG}&variables={EMAIL}"),
        format!("/invitation/{INVITATION}"),
        format!("/sign-in/trial/{INVITATION}"),
        format!("/sign-in/callback?code={WRONG}&state={SESSION}"),
        format!("/sign-in?to=/{EMAIL}"),
        format!("/organisations?text={EMAIL}"),
        format!("/organisations/{EMAIL}"),
        "/account".to_owned(),
    ] {
        server.get_with(&path, &[cookie, clients[0]]);
        server.get_with(&path, &[wrong, clients[1]]);
        server.get_with(&path, &[signed_in]);
    }
    let form = ("Content-Type", "application/x-www-form-urlencoded");
    for path in [
        "/sign-out",
        "/account",
        "/unit/people",
        "/organisations/adur/people",
    ] {
        let fields = format!("csrf={SESSION}&email={EMAIL}&secret={INVITATION}");
        server.post_to(path, &[form, cookie, clients[0]], fields.as_str());
    }
}

/// What a person's browser and the server know of each other after the link of a trial.
struct SignedIn {
    link: String,
    session: String,
    csrf: String,
}

fn sign_in(server: &Server) -> SignedIn {
    let line = server.next_line();
    let link = &line[line.find("http://").unwrap()..];
    let browser = Browser::default();
    browser.get(link);
    browser.post(link, &[]);
    SignedIn {
        link: link.rsplit('/').next().unwrap().to_owned(),
        session: browser.cookie(link, "manyhands").unwrap(),
        csrf: csrf(&browser.get(&format!("{}/", server.base))),
    }
}

#[test]
fn nothing_secret_or_personal_is_ever_logged() {
    for program in each() {
        let mut log = commands(&program);
        let right = program.token(&["--role", "EDITOR", "--organisation", "E07000223"]);
        let path = program.file("server.log", "");
        let file = std::fs::File::create(&path).unwrap();
        let flags = [
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--trusted-proxy",
            "127.0.0.1",
            "--trial-sign-in",
        ];
        let small = ["--budget-anonymous", "5", "--budget-key", "5"];
        let serve = command(&program, &[&flags[..], &small].concat());
        let server = Server::start_logging(serve, Stdio::from(file));
        let person = sign_in(&server);
        assert!(person.csrf.len() > 20 && person.link.len() > 20);
        for _ in 0..3 {
            requests(&server, &right, &person.session);
        }
        assert!(server.stop());
        let served = std::fs::read_to_string(&path).unwrap();
        log.push_str(&served);

        let hash = |secret: &str| Secret::Token.hash(secret).unwrap();
        let never = [
            PASSWORD.to_owned(),
            hash(&right),
            right,
            hash(WRONG),
            WRONG.to_owned(),
            SESSION.to_owned(),
            INVITATION.to_owned(),
            EMAIL.to_owned(),
            "jane.doe".to_owned(),
            CLIENT.to_owned(),
            CLIENT_V6.to_owned(),
            "2001:db8:77:".to_owned(),
            person.link,
            person.session,
            person.csrf,
            "Trial administrator".to_owned(),
        ];
        for secret in never {
            let line = log.lines().find(|line| line.contains(&secret));
            assert_eq!(line, None, "{} logs `{secret}`", program.engine());
        }
        // It did log, and what an operator has to see is there.
        let lines: Vec<Value> = served
            .lines()
            .filter_map(|line| serde_json::from_str(line).ok())
            .collect();
        let audit = |what: &str| {
            let about = |line: &&Value| {
                let message = line["fields"]["message"].as_str().unwrap_or_default();
                line["target"] == "audit" && message.contains(what)
            };
            lines.iter().filter(about).count()
        };
        // Libraries keep their details to themselves, also those that nobody has looked at yet.
        let ours = ["manyhands", "store", "graphql", "jobs", "audit"];
        let details = lines.iter().find(|line| {
            let target = line["target"].as_str().unwrap_or_default();
            let from = target.split("::").next().unwrap_or_default();
            matches!(line["level"].as_str(), Some("DEBUG" | "TRACE")) && !ours.contains(&from)
        });
        assert_eq!(details, None);
        // One line for each of the two clients, however often it happened.
        assert_eq!(audit("A token is none"), 2, "{served}");
        assert!((1..=3).contains(&audit("A budget is spent")), "{served}");
    }
}
