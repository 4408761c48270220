//! The demonstration: it starts by one command, says three things to try, and each of them works.

use crate::program::{Server, binary};

#[test]
fn the_demo_starts_says_what_to_try_and_leaves_nothing_behind() {
    let mut command = binary();
    command.args(["demo", "--listen", "127.0.0.1:0"]);
    let folder = std::env::temp_dir().join(store::fresh::<uuid::Uuid>().to_string());
    std::fs::create_dir_all(&folder).unwrap();
    command.env("TMPDIR", &folder);
    let server = Server::start(command);
    assert!(
        server.greeting.contains("Three things to try"),
        "{}",
        server.greeting
    );

    let page = server.get("/standards/open-contracting-data?by=REGION&years=10");
    assert_eq!(page.status, 200);
    assert!(page.text.contains("illustrative and made up"));
    assert!(page.text.contains("<svg") && page.text.contains("South East"));
    let found = server.get("/organisations?text=somerset&open_on=");
    assert!(found.text.contains("Somerset West and Taunton"));
    let home = server.get("/");
    assert_eq!(home.status, 200);

    let standards = server.ask(
        "{ standards(first: 50) { totalCount nodes { slug adoption { eligible adopted unknown } \
         snapshots(first: 1) { totalCount } } } }",
    );
    let standards = &standards["standards"];
    let alive = |standard: &&serde_json::Value| {
        let count = |name: &str| standard["adoption"][name].as_u64().unwrap();
        assert_eq!(standard["snapshots"]["totalCount"], 1, "{standard}");
        count("eligible") > 0 && count("adopted") > 0 && count("unknown") > 0
    };
    assert!(
        standards["nodes"]
            .as_array()
            .unwrap()
            .iter()
            .filter(alive)
            .count()
            >= 12,
        "{standards}"
    );
    assert!(server.stop());
    assert_eq!(
        std::fs::read_dir(&folder).unwrap().count(),
        0,
        "the demo left something behind"
    );
    std::fs::remove_dir_all(&folder).unwrap();
}
