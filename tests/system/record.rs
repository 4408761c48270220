//! The record as others see it: a line to keep, proofs that need no database, and a server that seals by itself.

use crate::program::{Done, Program, binary, each, sqlite};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const ORGANISATIONS: &str = "gss_code,name,kind,tier,nation,region,combined_authority,population,opened_on,closed_on\n\
                             E06000001,Hartlepool,COUNCIL,UNITARY,ENGLAND,North East,,93000,,\n\
                             E06000002,Middlesbrough,COUNCIL,UNITARY,ENGLAND,North East,,140000,,\n";
const STANDARDS: &str = "slug,title,kind,stage,stage_on,summary,url,expiry_months,version,released_on\n\
                         tree-data,Tree data,DATA,TRIAL,2023-01-01,Trees as open data.,,12,,\n";

/// Proves a change with nothing at hand but the proof and the line.
fn verify(program: &Program, proof: &str, kept: &str) -> Done {
    let file = program.file("proof.json", proof);
    let arguments = [
        "--database",
        "no/such/folder/x.db",
        "proof",
        "verify",
        &file,
        "--kept",
        kept,
    ];
    Done::from(binary().args(arguments).output().unwrap())
}

fn seals(line: &str) -> u64 {
    line.split(' ').nth(2).unwrap().parse().unwrap()
}

#[test]
fn a_council_keeps_a_line_and_proves_later_what_the_record_said() {
    for program in each() {
        program.ok(&[
            "import",
            "organisations",
            &program.file("o.csv", ORGANISATIONS),
        ]);
        let kept = program.ok(&["check", "--publish"]);
        let kept = kept.trim();
        program.token(&["--role", "EDITOR", "--organisation", "E06000001"]);
        let newest = program.ok(&["check", "--publish"]);
        let server = program.serve();
        let shown = server.get("/record");
        assert_eq!((shown.status, &shown.text), (200, &newest));
        assert!(shown.header("content-type").starts_with("text/plain"));

        let changes = program.changes();
        let (old, _) = &changes[0];
        let path = format!("/record/proof/{old}?seals={}", seals(kept));
        let proof = server.get(&path).text;
        let done = verify(&program, &proof, kept);
        assert!(
            done.success && done.out.contains("Hartlepool"),
            "{}",
            done.err
        );
        assert!(!verify(&program, &proof, newest.trim()).success);
        let forged = verify(&program, &proof.replace("Hartlepool", "Darlington"), kept);
        assert!(
            !forged.success && forged.err.contains("does not fit what it says"),
            "{}",
            forged.err
        );
        assert_eq!(forged.err.lines().count(), 1, "{}", forged.err);

        let (private, _) = changes.iter().find(|(_, kind)| kind == "token").unwrap();
        let hidden = server.get(&format!("/record/proof/{private}"));
        assert_eq!(hidden.json()["change"], Value::Null);
        assert!(verify(&program, &hidden.text, newest.trim()).success);

        for (path, status, says) in [
            (
                format!("/record/proof/{private}?seals={}", seals(kept)),
                400,
                "is proven in a record of",
            ),
            (
                format!("/record/proof/{old}?seals=many"),
                400,
                "number of seals",
            ),
            ("/record/proof/x".to_owned(), 400, "is not an id"),
            (
                format!("/record/proof/{}", uuid::Uuid::nil()),
                404,
                "no change",
            ),
        ] {
            let answer = server.get(&path);
            assert_eq!(answer.status, status, "{path}");
            let message = answer.json()["errors"][0]["message"].clone();
            assert!(message.as_str().unwrap().contains(says), "{message}");
        }
        assert!(
            program
                .ok(&["check", "--kept", kept])
                .contains("goes on from the kept line")
        );
        let other = kept.replace(kept.split(' ').nth(4).unwrap(), &"0".repeat(64));
        let refused = program.run(&["check", "--kept", &other]);
        assert!(
            !refused.success
                && refused
                    .err
                    .contains("not the record of which the line was kept")
        );
    }
}

#[test]
fn a_server_seals_what_it_writes_by_itself_and_the_rest_when_it_stops() {
    for program in each() {
        program.ok(&[
            "import",
            "organisations",
            &program.file("o.csv", ORGANISATIONS),
        ]);
        program.ok(&["import", "standards", &program.file("s.csv", STANDARDS)]);
        let token = program.token(&["--role", "EDITOR", "--organisation", "E06000001"]);
        let server = program.serve();
        let line = server.get("/record").text;
        let record = || {
            let query = "mutation($input: RecordAdoptionInput!) { recordAdoption(input: $input) { event { id } } }";
            let input = json!({ "organisation": "E06000001", "standard": "tree-data", "state": "PLEDGED",
                                "effectiveOn": "2025-02-01" });
            let answer = server.ask_as(Some(&token), query, &json!({ "input": input }));
            assert!(answer.get("errors").is_none(), "{answer}");
        };
        record();
        let until = Instant::now() + Duration::from_secs(20);
        while server.get("/record").text == line {
            assert!(
                Instant::now() < until,
                "{}: nothing was sealed",
                program.engine()
            );
        }
        record();
        assert!(server.stop());
        let checked = program.ok(&["check"]);
        assert!(checked.contains("(0 of them wait for a seal)"), "{checked}");
    }
}

#[test]
fn of_a_record_in_which_nothing_stands_nothing_is_published() {
    let program = sqlite();
    let refused = program.run(&["check", "--publish"]);
    assert!(
        !refused.success && refused.err.contains("nothing in the record"),
        "{}",
        refused.err
    );
    let server = program.serve();
    let answer = server.get("/record");
    assert_eq!(answer.status, 404);
    assert_eq!(
        answer.json()["errors"][0]["extensions"]["code"],
        "NOT_FOUND"
    );
}
