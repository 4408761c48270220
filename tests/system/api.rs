//! The API over HTTP: media types and status codes, rights, limits, corrections and idempotency, on each engine.

use crate::program::{Program, Server, each};
use serde_json::{Value, json};

const JSON: (&str, &str) = ("Content-Type", "application/json");
const ACCEPT: (&str, &str) = ("Accept", "application/graphql-response+json");

const RECORD: &str = "mutation ($input: RecordAdoptionInput!) { recordAdoption(input: $input) {
    event { id state standing effectiveOn expiresOn corrects } userErrors { path code message } } }";

/// Two councils and a standard that applies to all councils.
fn sector(program: &Program) -> Server {
    let organisations = "gss_code,name,kind,tier,nation,region,combined_authority,population,opened_on,closed_on\n\
                         E06000001,Hartlepool,COUNCIL,UNITARY,ENGLAND,North East,,93000,,\n\
                         E07000223,Adur,COUNCIL,DISTRICT,ENGLAND,South East,,64000,,\n";
    let standards = "slug,title,kind,stage,stage_on,summary,url,expiry_months,version,released_on\n\
                     trees,Trees,DATA,RECOMMENDED,2020-01-01,Trees as data.,,12,,\n";
    let provisions = "standard,applies_to,reason,from,to,excluded,note\ntrees,kind:COUNCIL,EXPECTED,2020-01-01,,false,\n";
    program.ok(&[
        "import",
        "organisations",
        &program.file("o.csv", organisations),
    ]);
    program.ok(&["import", "standards", &program.file("s.csv", standards)]);
    program.ok(&["import", "provisions", &program.file("p.csv", provisions)]);
    program.serve()
}

fn adopted(more: Value) -> Value {
    let mut input = json!({ "organisation": "adur", "standard": "trees", "state": "ADOPTED", "effectiveOn": "2024-05-01" });
    for (name, value) in more.as_object().unwrap() {
        input[name] = value.clone();
    }
    json!({ "input": input })
}

fn code(answer: &Value) -> &str {
    answer["errors"][0]["extensions"]["code"]
        .as_str()
        .unwrap_or_default()
}

#[test]
fn media_types_and_status_codes_follow_the_specification() {
    for program in each() {
        let server = sector(&program);
        let ask = |headers: &[(&str, &str)], body: &str| {
            let answer = server.post(headers, body);
            (
                answer.status,
                answer.header("content-type").to_owned(),
                answer.json(),
            )
        };
        let good = r#"{"query":"{ standard(slug: \"trees\") { title } }"}"#;
        let (status, media, body) = ask(&[JSON, ACCEPT], good);
        assert_eq!(
            (status, media.as_str()),
            (200, "application/graphql-response+json; charset=utf-8")
        );
        assert_eq!(body["data"]["standard"]["title"], "Trees");
        assert_eq!(ask(&[JSON], good).1, "application/json; charset=utf-8");

        let unknown_field = r#"{"query":"{ nonsense }"}"#;
        let (status, _, body) = ask(&[JSON, ACCEPT], unknown_field);
        assert_eq!((status, code(&body)), (400, "BAD_INPUT"));
        assert!(body.get("data").is_none());
        assert_eq!(ask(&[JSON], unknown_field).0, 200);

        for (body, status) in [("not json", 400), ("{}", 400), ("[]", 400)] {
            let answer = ask(&[JSON, ACCEPT], body);
            assert_eq!((answer.0, code(&answer.2)), (status, "BAD_INPUT"), "{body}");
        }
        assert_eq!(ask(&[("Content-Type", "text/plain"), ACCEPT], good).0, 415);
        let batch = ask(&[JSON, ACCEPT], &format!("[{good},{good}]"));
        assert_eq!(batch.2.as_array().unwrap().len(), 2);
        assert_eq!(
            ask(&[JSON, ACCEPT], &format!("[{}]", [good; 11].join(","))).0,
            400
        );
        assert_eq!(
            server.post(&[JSON], &" ".repeat(2 * 1024 * 1024)).status,
            413
        );
    }
}

#[test]
fn get_asks_but_never_changes() {
    for program in each() {
        let server = sector(&program);
        let answer = server.get("/graphql?query=%7Bstandard(slug:%22trees%22)%7Btitle%7D%7D");
        assert_eq!(answer.json()["data"]["standard"]["title"], "Trees");
        let with = server.get("/graphql?query=query(%24s:String!)%7Bstandard(slug:%24s)%7Btitle%7D%7D&variables=%7B%22s%22:%22trees%22%7D");
        assert_eq!(with.json()["data"]["standard"]["title"], "Trees");
        let mutation = "/graphql?query=mutation%7BrunJob(input:%7Bjob:%22adoption_snapshot%22%7D)%7Brun%7Bid%7D%7D%7D";
        let token = program.token(&["--role", "ADMIN"]);
        let bearer = format!("Bearer {token}");
        let refused = server.get_with(mutation, &[ACCEPT, ("Authorization", &bearer)]);
        assert_eq!(refused.status, 405, "{}", refused.text);
        assert_eq!(refused.header("allow"), "POST");
        assert_eq!(
            server
                .get_with(mutation, &[("Authorization", &bearer)])
                .status,
            405
        );
        assert_eq!(
            server.ask("{ jobRuns(first: 1) { totalCount } }")["jobRuns"]["totalCount"],
            0
        );
        assert_eq!(server.get("/graphql").status, 400);
        let published = server.get("/schema.graphql");
        assert!(published.text.contains("type Query"));
    }
}

#[test]
fn a_token_says_who_asks_and_a_wrong_one_is_no_anonymous() {
    for program in each() {
        let server = sector(&program);
        let token = program.token(&["--role", "EDITOR", "--organisation", "E07000223"]);
        let viewer = "{ viewer { kind role organisation { slug } } }";
        let answer = server.ask_as(Some(&token), viewer, &json!({}));
        let expected =
            json!({ "kind": "TOKEN", "role": "EDITOR", "organisation": { "slug": "adur" } });
        assert_eq!(answer["data"]["viewer"], expected);
        assert_eq!(server.ask(viewer)["viewer"]["kind"], "ANONYMOUS");
        let wrong = format!("mhd_{}", "0".repeat(64));
        for header in [
            format!("Bearer {wrong}"),
            "Bearer x".to_owned(),
            "Basic abc".to_owned(),
            "x".to_owned(),
        ] {
            let answer = server.post(
                &[JSON, ("Authorization", &header)],
                r#"{"query":"{ viewer { kind } }"}"#,
            );
            assert_eq!(
                (answer.status, code(&answer.json())),
                (401, "UNAUTHENTICATED"),
                "{header}"
            );
        }
    }
}

#[test]
fn only_the_body_itself_confirms_and_only_what_is_confirmed_counts() {
    for program in each() {
        let server = sector(&program);
        let own = program.token(&["--role", "EDITOR", "--organisation", "E07000223"]);
        let other = program.token(&["--role", "LEAD", "--organisation", "E06000001"]);
        let unit = program.token(&["--role", "ANALYST"]);
        let record = |token: Option<&str>| server.ask_as(token, RECORD, &adopted(json!({})));
        let count = || {
            server.ask("{ standard(slug: \"trees\") { adoption { eligible adopted unknown } } }")["standard"]["adoption"].clone()
        };

        assert_eq!(code(&record(None)), "UNAUTHENTICATED");
        assert_eq!(code(&record(Some(&other))), "FORBIDDEN");
        let claimed = record(Some(&unit));
        assert_eq!(
            claimed["data"]["recordAdoption"]["event"]["standing"], "CLAIMED",
            "{claimed}"
        );
        assert_eq!(
            count(),
            json!({ "eligible": 2, "adopted": 0, "unknown": 2 })
        );
        let confirmed = record(Some(&own));
        assert_eq!(
            confirmed["data"]["recordAdoption"]["event"]["standing"], "CONFIRMED",
            "{confirmed}"
        );
        assert_eq!(
            count(),
            json!({ "eligible": 2, "adopted": 1, "unknown": 1 })
        );
    }
}

#[test]
fn a_correction_leaves_what_was_believed_before_it_to_the_byte() {
    for program in each() {
        let server = sector(&program);
        let own = program.token(&["--role", "EDITOR", "--organisation", "E07000223"]);
        let first = server.ask_as(Some(&own), RECORD, &adopted(json!({})));
        let first = &first["data"]["recordAdoption"]["event"]["id"];
        let ask = |known_at: &str| {
            let figure = "eligible adopted unknown exempt rate coverage states { state organisations population } \
                          evidence(first: 10) { nodes { id state effectiveOn recordedAt } }";
            let query = format!(
                "{{ standard(slug: \"trees\") {{ adoption(asOf: \"2024-12-31\", knownAt: \"{known_at}\") {{ asOf knownAt {figure} }} }} }}"
            );
            server
                .get(&format!("/graphql?query={}", escape(&query)))
                .text
        };
        let now = server.ask("{ standard(slug: \"trees\") { adoption { knownAt adopted } } }");
        let then = now["standard"]["adoption"]["knownAt"]
            .as_str()
            .unwrap()
            .to_owned();
        let believed = ask(&then);
        assert!(believed.contains("\"adopted\":1"), "{believed}");

        let correction = adopted(json!({ "state": "PILOTING", "corrects": first }));
        let done = server.ask_as(Some(&own), RECORD, &correction);
        assert_eq!(
            done["data"]["recordAdoption"]["event"]["corrects"], *first,
            "{done}"
        );
        let after = server.ask(
            "{ standard(slug: \"trees\") { adoption(asOf: \"2024-12-31\") { knownAt adopted } } }",
        );
        assert_eq!(after["standard"]["adoption"]["adopted"], 0);
        assert_eq!(ask(&then), believed);
    }
}

fn escape(query: &str) -> String {
    let part = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => (byte as char).to_string(),
        _ => format!("%{byte:02X}"),
    };
    query.bytes().map(part).collect()
}

#[test]
fn one_key_makes_one_event_and_another_input_is_a_conflict() {
    for program in each() {
        let server = sector(&program);
        let own = program.token(&["--role", "EDITOR", "--organisation", "E07000223"]);
        let keyed = adopted(json!({ "idempotencyKey": "spring" }));
        let record = |variables: &Value| server.ask_as(Some(&own), RECORD, variables);
        let first = record(&keyed);
        let id = &first["data"]["recordAdoption"]["event"]["id"];
        assert!(id.is_string(), "{first}");
        assert_eq!(record(&keyed)["data"]["recordAdoption"]["event"]["id"], *id);
        let other = adopted(json!({ "idempotencyKey": "spring", "state": "LAPSED" }));
        assert_eq!(code(&record(&other)), "CONFLICT");
        let events = server.ask("{ standard(slug: \"trees\") { adoption { adopted evidence(first: 5) { totalCount } } } }");
        assert_eq!(events["standard"]["adoption"]["evidence"]["totalCount"], 1);
    }
}

#[test]
fn faults_of_the_input_say_where_and_what_to_do() {
    for program in each() {
        let server = sector(&program);
        let own = program.token(&["--role", "EDITOR", "--organisation", "E07000223"]);
        for (more, path) in [
            (json!({ "effectiveOn": "2999-01-01" }), "effectiveOn"),
            (json!({ "expiresOn": "2020-01-01" }), "expiresOn"),
            (
                json!({ "evidenceUrl": "javascript:alert(1)" }),
                "evidenceUrl",
            ),
            (json!({ "grade": "DOCUMENT" }), "evidenceUrl"),
            (json!({ "standard": "shrubs" }), "standard"),
            (json!({ "organisation": "atlantis" }), "organisation"),
        ] {
            let answer = server.ask_as(Some(&own), RECORD, &adopted(more));
            let error = &answer["data"]["recordAdoption"]["userErrors"][0];
            assert_eq!(
                error["path"].as_array().unwrap().last().unwrap(),
                path,
                "{answer}"
            );
            assert!(error["message"].as_str().unwrap().len() > 20, "{answer}");
        }
        let bulk = "mutation ($rows: [AdoptionRowInput!]!, $all: Boolean) { recordAdoptions(input: { rows: $rows, allOrNothing: $all }) {
                    recorded results { index event { state } userErrors { code path } } userErrors { message } } }";
        let row = |state: &str, standard: &str| json!({ "organisation": "E07000223", "standard": standard, "state": state, "effectiveOn": "2024-01-01" });
        let rows = json!([row("PLEDGED", "trees"), row("ADOPTED", "shrubs")]);
        let send = |all: bool| {
            server.ask_as(Some(&own), bulk, &json!({ "rows": rows, "all": all }))["data"]["recordAdoptions"].clone()
        };
        let nothing = send(true);
        assert_eq!(nothing["recorded"], 0, "{nothing}");
        let some = send(false);
        assert_eq!(some["recorded"], 1, "{some}");
        assert_eq!(some["results"][1]["event"], Value::Null);
    }
}

#[test]
fn what_costs_too_much_is_refused_before_it_runs() {
    for program in each() {
        let server = sector(&program);
        let ask = |query: String| server.ask_as(None, &query, &json!({}));
        let deep = format!(
            "{{ standard(slug: \"trees\") {{ {} title {} }} }}",
            "supersedes { ".repeat(20),
            "} ".repeat(20)
        );
        assert_eq!(code(&ask(deep)), "TOO_COSTLY");
        let series = "adoptionSeries(from: \"2010-01-01\", to: \"2020-12-31\", step: DAY, by: REGION) { points { rate } }";
        let aliases: String = (0..40)
            .map(|n| format!("a{n}: standard(slug: \"trees\") {{ {series} }} "))
            .collect();
        assert_eq!(code(&ask(format!("{{ {aliases} }}"))), "TOO_COSTLY");
        for bad in [
            "organisations { totalCount }",
            "organisations(first: 101) { totalCount }",
            "organisations(first: 0) { totalCount }",
        ] {
            assert_eq!(code(&ask(format!("{{ {bad} }}"))), "BAD_INPUT", "{bad}");
        }
        for nested in ["[", "{a:"] {
            let (open, close) = (
                nested.repeat(4_000),
                if nested == "[" { "]" } else { "}" }.repeat(4_000),
            );
            let answer = ask(format!("{{ node(id: {open}1{close}) {{ id }} }}"));
            assert_eq!(code(&answer), "TOO_COSTLY", "{answer}");
        }
        let cheap = ask("{ standard(slug: \"trees\") { title } }".to_owned());
        assert!(
            cheap["extensions"]["cost"]["cost"].as_u64().unwrap() > 0,
            "{cheap}"
        );
    }
}

#[test]
fn a_job_asked_for_by_the_api_is_run_by_the_server() {
    for program in each() {
        let server = sector(&program);
        let run = "mutation { runJob(input: { job: \"adoption_snapshot\", asOf: \"2024-12-31\" }) { run { id state } userErrors { message } } }";
        assert_eq!(
            code(&server.ask_as(None, run, &json!({}))),
            "UNAUTHENTICATED"
        );
        let analyst = program.token(&["--role", "ANALYST"]);
        assert_eq!(
            code(&server.ask_as(Some(&analyst), run, &json!({}))),
            "FORBIDDEN"
        );
        let admin = program.token(&["--role", "ADMIN"]);
        let asked = server.ask_as(Some(&admin), run, &json!({}));
        let id = asked["data"]["runJob"]["run"]["id"]
            .as_str()
            .unwrap()
            .to_owned();
        let query =
            format!("{{ node(id: \"{id}\") {{ ... on JobRun {{ state written asOf }} }} }}");
        let mut node = Value::Null;
        for _ in 0..300 {
            node = server.ask(&query)["node"].clone();
            if node["state"] == "DONE" {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(100));
        }
        assert_eq!(
            node,
            json!({ "state": "DONE", "written": 1, "asOf": "2024-12-31" })
        );
        let jobs = server.ask("{ jobs { name nextDue timeZone lastRun { state } } }");
        assert_eq!(jobs["jobs"][0]["lastRun"]["state"], "DONE");
        assert!(server.stop());
    }
}
