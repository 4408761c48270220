//! The pages over HTTP: they show what the API says, work without scripts, and say clearly what went wrong.

use crate::program::{Answer, Program, Server, each};

fn sector(program: &Program) -> Server {
    let organisations = "gss_code,name,kind,tier,nation,region,combined_authority,population,opened_on,closed_on\n\
                         E06000001,Hartlepool <b>&</b>,COUNCIL,UNITARY,ENGLAND,North East,,100,,\n\
                         E07000223,Adur,COUNCIL,DISTRICT,ENGLAND,South East,,300,,\n";
    let standards = "slug,title,kind,stage,stage_on,summary,url,expiry_months,version,released_on\n\
                     trees,Trees,DATA,RECOMMENDED,2020-01-01,Trees as data.,,12,,\n";
    let provisions = "standard,applies_to,reason,from,to,excluded,note\ntrees,kind:COUNCIL,EXPECTED,2020-01-01,,false,\n";
    let adoptions = "organisation,standard,state,effective_on,expires_on,grade,standing,evidence_url,checked_on,source,note,version\n\
                     E07000223,trees,ADOPTED,2024-01-01,2030-01-01,DOCUMENT,CONFIRMED,https://example.org/a,,own website,,\n";
    for (kind, text) in [
        ("organisations", organisations),
        ("standards", standards),
        ("provisions", provisions),
        ("adoptions", adoptions),
    ] {
        let said = program.ok(&["import", kind, &program.file("x.csv", text)]);
        assert!(said.contains("0 left out"), "{said}");
    }
    program.serve()
}

fn sound(page: &Answer) {
    assert!(page.header("content-type").starts_with("text/html"));
    assert!(
        page.header("content-security-policy")
            .contains("default-src 'none'")
    );
    assert_eq!(page.header("x-content-type-options"), "nosniff");
    let text = &page.text;
    assert!(text.starts_with("<!DOCTYPE html>") || text.starts_with("<!doctype html>"));
    assert!(
        text.contains("lang=\"en") && text.contains("<title>") && text.contains("<h1"),
        "{text}"
    );
    assert!(!text.contains("<script") && !text.contains(" style=\"") && !text.contains("onclick"));
}

#[test]
fn every_page_stands_and_shows_the_figure_with_its_denominator() {
    for program in each() {
        let server = sector(&program);
        for path in ["/", "/standards", "/organisations", "/graphql"] {
            let page = server.get_with(path, &[("Accept", "text/html")]);
            assert_eq!(page.status, 200, "{path}");
            sound(&page);
        }
        let page = server.get("/standards/trees?as_of=2026-01-01&by=REGION");
        sound(&page);
        for part in [
            "Trees",
            "50.0",
            "75.0",
            "1 January 2026",
            "<svg",
            "<table",
            "South East",
            "Adur",
        ] {
            assert!(
                page.text.contains(part),
                "{part} is missing in {}",
                page.text
            );
        }
        let evidence = server.get("/standards/trees/evidence?as_of=2026-01-01");
        sound(&evidence);
        assert!(evidence.text.contains("https://example.org/a"));
        let body = server.get("/organisations/adur");
        sound(&body);
        assert!(body.text.contains("E07000223") && body.text.contains("Trees"));
        for path in [
            "/",
            "/standards",
            "/healthz",
            "/schema.graphql",
            "/style.css",
        ] {
            let head = server.head(path);
            assert_eq!((head.status, head.text.as_str()), (200, ""), "{path}");
        }
        assert_eq!(
            server.get("/style.css").header("content-type"),
            "text/css; charset=utf-8"
        );
        assert_eq!(
            (server.get("/healthz").status, server.get("/readyz").status),
            (200, 200)
        );
    }
}

#[test]
fn what_people_wrote_is_text_and_never_markup() {
    for program in each() {
        let server = sector(&program);
        for path in [
            "/organisations",
            "/organisations/hartlepool-b-b",
            "/standards/trees",
        ] {
            let page = server.get(path);
            assert_eq!(page.status, 200, "{path}");
            assert!(!page.text.contains("<b>&"), "{path}");
            assert!(
                page.text.contains("Hartlepool &lt;b&gt;")
                    || page.text.contains("Hartlepool &#60;b&#62;"),
                "{path}"
            );
        }
        let search = server.get("/standards?text=%3Cscript%3Ealert(1)%3C/script%3E");
        sound(&search);
    }
}

#[test]
fn a_wrong_address_or_value_is_answered_by_a_page_that_says_so() {
    for program in each() {
        let server = sector(&program);
        for (path, status) in [
            ("/nowhere", 404),
            ("/standards/shrubs", 404),
            ("/organisations/atlantis", 404),
            ("/standards/trees?as_of=31/08/2026", 400),
            ("/standards/trees?as_of=2026-02-30", 400),
            ("/standards/trees?by=COLOUR", 400),
            ("/standards?after=nonsense", 400),
        ] {
            let page = server.get(path);
            assert_eq!(page.status, status, "{path}: {}", page.text);
            sound(&page);
        }
    }
}
