//! From a problem to its solution by GraphQL alone, as three councils with a token each, on each engine.

use crate::program::{Program, Server, each};
use serde_json::{Value, json};

const COUNCILS: [(&str, &str); 3] = [
    ("E07000001", "Ash"),
    ("E07000002", "Birch"),
    ("E07000003", "Cedar"),
];

/// Three councils at one server, each with its own token.
struct Councils {
    server: Server,
    tokens: Vec<String>,
}

impl Councils {
    fn over(program: &Program) -> Self {
        let mut register =
            "gss_code,name,kind,tier,nation,region,combined_authority,population,opened_on,closed_on\n"
                .to_owned();
        for (code, name) in COUNCILS {
            register.push_str(&format!(
                "{code},{name},COUNCIL,DISTRICT,ENGLAND,South East,,1000,,\n"
            ));
        }
        program.ok(&["import", "organisations", &program.file("o.csv", register)]);
        let token = |(code, _)| program.token(&["--role", "SIGNATORY", "--organisation", code]);
        Self {
            tokens: COUNCILS.map(token).to_vec(),
            server: program.serve(),
        }
    }

    /// What a mutation answers one of them (0 is Ash): what `fields` ask for, and its faults.
    fn send(&self, who: usize, mutation: &str, input: Value, fields: &str) -> Value {
        let kind = format!("{}{}Input", mutation[..1].to_uppercase(), &mutation[1..]);
        let document = format!(
            "mutation ($input: {kind}!) {{ done: {mutation}(input: $input) {{ {fields} userErrors {{ code message }} }} }}"
        );
        let token = Some(self.tokens[who].as_str());
        let answer = self
            .server
            .ask_as(token, &document, &json!({ "input": input }));
        assert!(answer.get("errors").is_none(), "{mutation}: {answer}");
        answer["data"]["done"].clone()
    }

    /// What a mutation without a fault answers.
    fn done(&self, who: usize, mutation: &str, input: Value, fields: &str) -> Value {
        let done = self.send(who, mutation, input, fields);
        assert_eq!(done["userErrors"], json!([]), "{mutation}: {done}");
        done
    }

    fn notices(&self, who: usize) -> Vec<String> {
        let (code, _) = COUNCILS[who];
        let query =
            format!("{{ organisation(code: \"{code}\") {{ notices {{ kind message }} }} }}");
        let answer = self
            .server
            .ask_as(Some(&self.tokens[who]), &query, &json!({}));
        let notices = answer["data"]["organisation"]["notices"].as_array();
        let kind = |notice: &Value| notice["kind"].as_str().unwrap().to_owned();
        notices.unwrap().iter().map(kind).collect()
    }
}

#[test]
fn three_councils_solve_a_problem_together() {
    for program in each() {
        let councils = Councils::over(&program);
        let raised = json!({ "title": "Missed bin collections are reported by telephone",
            "summary": "Residents cannot report a missed collection online." });
        let raised = councils.done(0, "raiseProblem", raised, "problem { id slug state }");
        let problem = &raised["problem"]["id"];
        assert_eq!(raised["problem"]["state"], "PROPOSED");

        for who in [1, 2] {
            let backing = json!({ "problem": problem, "willingness": "JOIN" });
            councils.done(who, "backProblem", backing, "problem { state backers }");
        }
        let project = json!({ "title": "Report a missed collection", "summary": "One form for all.",
            "problems": [problem] });
        let started = councils.done(
            0,
            "startProject",
            project,
            "project { id phase participantCount }",
        );
        let project = &started["project"]["id"];
        assert_eq!(started["project"]["participantCount"], 1, "{started}");

        let invited: Vec<Value> = [1, 2].map(|who: usize| {
            let input = json!({ "project": project, "organisation": COUNCILS[who].0, "role": "PARTNER" });
            let done = councils.done(0, "inviteParticipant", input, "participation { id state }");
            assert_eq!(done["participation"]["state"], "INVITED");
            done["participation"]["id"].clone()
        }).to_vec();
        let accept = |who: usize| {
            let input = json!({ "participation": invited[who - 1], "accept": true });
            councils.done(who, "answerParticipation", input, "participation { state }")
        };
        accept(1);

        let gate =
            json!({ "project": project, "phase": "BETA", "condition": "PARTICIPANTS", "least": 3 });
        councils.done(0, "setGate", gate, "");
        councils.done(
            0,
            "changePhase",
            json!({ "project": project, "phase": "ALPHA" }),
            "",
        );
        let beta = json!({ "project": project, "phase": "BETA" });
        let refused = councils.send(0, "changePhase", beta.clone(), "project { phase }");
        let told = refused["userErrors"].to_string();
        assert!(
            told.contains("GATE")
                && told.contains('2')
                && told.contains('3')
                && told.contains("Cedar"),
            "{told}"
        );
        accept(2);
        let moved = councils.done(0, "changePhase", beta, "project { phase participantCount }");
        assert_eq!(
            moved["project"],
            json!({ "phase": "BETA", "participantCount": 3 })
        );

        let status = json!({ "project": project, "delivery": "GREEN", "money": "GREEN", "people": "AMBER",
            "reuse": "GREEN", "headline": "Two councils use it.", "nextStep": "Cedar goes live." });
        let posted = councils.done(
            1,
            "postStatus",
            status,
            "statusUpdate { people } project { freshness }",
        );
        assert_eq!(posted["project"]["freshness"], "FRESH", "{posted}");

        let output = json!({ "project": project, "title": "The form", "kind": "CODE", "licence": "MIT",
            "url": "https://example.org/form", "readiness": "READY" });
        councils.done(
            0,
            "publishOutput",
            output,
            "project { outputs { readiness } }",
        );
        for who in [1, 2] {
            let told = councils.notices(who);
            assert!(told.contains(&"OUTPUT_READY".to_owned()), "{told:?}");
        }
        let query = format!(
            "{{ problem(slug: {}) {{ version state }} }}",
            raised["problem"]["slug"]
        );
        let now = councils.server.ask(&query)["problem"].clone();
        assert_eq!(now["state"], "BEING_SOLVED");
        let solved =
            json!({ "problem": problem, "state": "SOLVED", "expectedVersion": now["version"] });
        let solved = councils.done(0, "moveProblem", solved, "problem { state }");
        assert_eq!(solved["problem"]["state"], "SOLVED");
    }
}
