//! Feeds and the link of a digest, over HTTP.

use crate::program::each;

const ORGANISATIONS: &str = "gss_code,name,kind,tier,nation,region,combined_authority,population,opened_on,closed_on\n\
                             E06000001,Hartlepool & <Co>,COUNCIL,UNITARY,ENGLAND,North East,,93000,,\n";

#[test]
fn a_feed_is_atom_with_stable_entries_and_says_when_nothing_changed() {
    for program in each() {
        program.ok(&[
            "import",
            "organisations",
            &program.file("o.csv", ORGANISATIONS),
        ]);
        // What is private of it is in no feed.
        program.token(&["--role", "EDITOR", "--organisation", "E06000001"]);
        let server = program.serve();
        let asked = server.ask("{ organisation(code: \"E06000001\") { slug } }");
        let slug = asked["organisation"]["slug"].as_str().unwrap();
        let path = format!("/feeds/organisation/{slug}");
        let feed = server.get(&path);
        assert_eq!(feed.status, 200, "{}", feed.text);
        assert!(
            feed.header("content-type")
                .starts_with("application/atom+xml")
        );
        for wanted in [
            "<feed xmlns=\"http://www.w3.org/2005/Atom\"",
            "<title>Hartlepool &amp; &lt;Co&gt;</title>",
            "<author><name>Manyhands</name></author>",
            "<link rel=\"self\"",
            "“Hartlepool &amp; &lt;Co&gt;” was added to the register.",
        ] {
            assert!(feed.text.contains(wanted), "{wanted}: {}", feed.text);
        }
        assert!(
            !feed.text.contains("oken") && !feed.text.contains("<Co>"),
            "{}",
            feed.text
        );
        assert_eq!(
            feed.text.matches("<entry>").count(),
            feed.text.matches("</entry>").count()
        );
        let (tag, changed) = (
            feed.header("etag").to_owned(),
            feed.header("last-modified").to_owned(),
        );
        let again = |name: &str, value: &str| server.get_with(&path, &[(name, value)]).status;
        assert_eq!(again("If-None-Match", &tag), 304);
        assert_eq!(again("If-None-Match", "\"other\""), 200);
        assert_eq!(again("If-Modified-Since", &changed), 304);
        assert_eq!(
            again("If-Modified-Since", "Thu, 01 Jan 1970 00:00:00 GMT"),
            200
        );
        assert_eq!(server.get("/feeds/organisation/nobody").status, 404);
        assert_eq!(server.get("/feeds/person/x").status, 404);
        let page = server.get(&format!("/organisations/{slug}")).text;
        assert!(page.contains(&format!(
            "type=\"application/atom+xml\" title=\"What changed\" href=\"{path}\""
        )));
    }
}

#[test]
fn a_link_that_ends_no_digest_is_not_found_and_kept_quiet() {
    let program = crate::program::sqlite();
    let server = program.serve();
    for secret in ["mhu_x".to_owned(), format!("mhu_{:064}", 1)] {
        let page = server.get(&format!("/unsubscribe/{secret}"));
        assert_eq!(page.status, 404);
        assert_eq!(page.header("referrer-policy"), "no-referrer");
    }
}
