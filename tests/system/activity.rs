//! The record as people and machines follow it over HTTP: the page, and the list that a poller resumes.

use crate::program::{Server, each};
use serde_json::{Value, json};

const BODIES: &str = "gss_code,name,kind,tier,nation,region,combined_authority,population,opened_on,closed_on\n\
                      E06000001,Hartlepool <b>,COUNCIL,UNITARY,ENGLAND,North East,,100,,\n\
                      E07000223,Adur,COUNCIL,DISTRICT,ENGLAND,South East,,300,,\n";

/// What came since a cursor, as kinds of things, and where to go on from.
fn since(server: &Server, token: Option<&str>, cursor: Option<&str>) -> (Vec<String>, String) {
    let query = "query ($since: String) { changes(since: $since, first: 100) {
        pageInfo { endCursor } nodes { thingKind } } }";
    let answer = server.ask_as(token, query, &json!({ "since": cursor }));
    assert!(answer.get("errors").is_none(), "{answer}");
    let page = &answer["data"]["changes"];
    let kinds = page["nodes"].as_array().unwrap().iter();
    let kinds = kinds.map(|node| node["thingKind"].as_str().unwrap().to_owned());
    let end = page["pageInfo"]["endCursor"].as_str().unwrap();
    (kinds.collect(), end.to_owned())
}

#[test]
fn the_page_shows_who_did_what_and_every_change_leads_to_its_proof() {
    for program in each() {
        program.ok(&["import", "organisations", &program.file("o.csv", BODIES)]);
        let server = program.serve();
        let page = server.get("/activity");
        assert_eq!(page.status, 200, "{}", page.text);
        for part in [
            "<h1>Activity</h1>",
            "The operator",
            "Adur",
            "href=\"/record\"",
            "aria-current=\"page\"",
        ] {
            assert!(
                page.text.contains(part),
                "{part} is missing in {}",
                page.text
            );
        }
        assert!(!page.text.contains("Hartlepool <b>") && !page.text.contains("<script"));
        let start = page.text.find("/record/proof/").unwrap();
        let path: String = page.text[start..]
            .chars()
            .take_while(|c| *c != '"')
            .collect();
        assert_eq!(server.get(&path).status, 200, "{path}");

        let one = server.get("/activity?organisation=E07000223&kind=organisation");
        assert!(one.text.contains("Adur") && !one.text.contains("Hartlepool &#60;b&#62;</a>"));
        assert!(
            server
                .get("/activity?day=2001-01-01")
                .text
                .contains("No change of 1 January 2001")
        );
        let today = store::now().date();
        assert!(
            server
                .get(&format!("/activity?day={today}"))
                .text
                .contains("Adur")
        );
        for wrong in [
            "organisation=atlantis",
            "kind=colour",
            "day=today",
            "after=x",
        ] {
            assert_eq!(
                server.get(&format!("/activity?{wrong}")).status,
                400,
                "{wrong}"
            );
        }
    }
}

#[test]
fn a_poller_gets_what_is_written_meanwhile_and_keys_only_if_it_may() {
    for program in each() {
        program.ok(&["import", "organisations", &program.file("o.csv", BODIES)]);
        let own = program.token(&["--role", "EDITOR", "--organisation", "E07000223"]);
        let server = program.serve();
        let (first, end) = since(&server, None, None);
        assert!(first.contains(&"organisation".to_owned()));
        assert!(!first.contains(&"token".to_owned()));
        assert!(
            since(&server, Some(&own), None)
                .0
                .contains(&"token".to_owned())
        );
        let (none, again) = since(&server, None, Some(&end));
        assert!(none.is_empty());
        // Sealed by the command that writes it, before it ends.
        let more = BODIES.replace("300", "301");
        program.ok(&["import", "organisations", &program.file("o.csv", more)]);
        let (fresh, _) = since(&server, None, Some(&again));
        assert_eq!(fresh, ["organisation"]);
        let wrong = server.ask_as(
            None,
            "{ changes(since: \"x\", first: 1) { totalCount } }",
            &Value::Null,
        );
        assert_eq!(wrong["errors"][0]["extensions"]["code"], "BAD_INPUT");
    }
}
