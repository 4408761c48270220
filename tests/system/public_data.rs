//! Real public data, imported by the command line, gives the figures that were computed apart from this program.

use crate::program::{Program, Server, each, public_data};
use serde_json::{Value, json};

/// Codes that the planning data uses for six bodies that the register knows by others.
const ALIASES: &str = "scheme,code,organisation_code\nplanning,CUA,CBD\nplanning,NNUA,NNT\nplanning,NYUA,NYE\n\
                       planning,SUA,SMT\nplanning,WFUA,WAF\nplanning,WNUA,WNT\n";

/// Imports everything; what each import said, in order. `None` when there is no public data here.
pub(crate) fn import_all(program: &Program) -> Option<Vec<String>> {
    let aliases = program.file("aliases.csv", ALIASES);
    let mut said = Vec::new();
    let mut import = |kind: &str, files: &[&str]| {
        let all = [&["import", kind], files].concat();
        said.push(program.ok(&all));
    };
    import(
        "register",
        &[&public_data("register/local-authorities.csv")?],
    );
    import(
        "successions",
        &[&public_data("register/predecessor-successor.csv")?],
    );
    import("aliases", &[&aliases]);
    let specification = public_data("standards/specification.csv")?;
    import("standards", &[&specification]);
    import("standards", &[&public_data("standards/dataset.csv")?]);
    import("provisions", &[&public_data("adoption/provision.csv")?]);
    for name in [
        "brownfield-land",
        "conservation-area",
        "tree-preservation-order",
    ] {
        import(
            "provided",
            &[&public_data(&format!("adoption/{name}.source.csv"))?],
        );
    }
    Some(said)
}

const FIGURE: &str = "query ($slug: String!, $on: Date!) { standard(slug: $slug) { adoption(asOf: $on, succession: OWN_ONLY) \
                      { eligible adopted unknown exempt rate coverage } } }";

fn figure(server: &Server, slug: &str, on: &str) -> Value {
    let answer = server.ask_as(None, FIGURE, &json!({ "slug": slug, "on": on }));
    answer["data"]["standard"]["adoption"].clone()
}

#[test]
fn the_figures_of_public_data_are_the_known_ones_by_graphql_on_the_page_and_in_the_snapshot() {
    for program in each() {
        let Some(said) = import_all(&program) else {
            return;
        };
        assert!(said[0].contains("470 added"), "{}", said[0]);
        assert!(said[1].contains("50 added"), "{}", said[1]);
        let again = import_all(&program).unwrap();
        for line in &again {
            assert!(line.contains(" 0 added, 0 changed"), "{line}");
        }

        program.ok(&["job", "run", "adoption_snapshot", "--as-of", "2026-08-31"]);
        let server = program.serve();
        let now = figure(&server, "conservation-area", "2026-08-31");
        assert_eq!(
            [&now["eligible"], &now["adopted"], &now["unknown"]],
            [301, 148, 153]
        );
        assert_eq!(
            format!("{:.6}", now["coverage"].as_f64().unwrap()),
            "0.498785"
        );
        let then = figure(&server, "conservation-area", "2023-03-31");
        assert_eq!([&then["eligible"], &then["adopted"]], [128, 23]);
        // Computed by a script that shares nothing with this program.
        for (slug, eligible, adopted) in [
            ("brownfield-land", 296, 293),
            ("tree-preservation-order", 301, 85),
        ] {
            let known = figure(&server, slug, "2026-08-31");
            assert_eq!(
                [&known["eligible"], &known["adopted"]],
                [eligible, adopted],
                "{slug}"
            );
        }

        let page = server
            .get("/standards/conservation-area?as_of=2026-08-31")
            .text;
        for part in ["148", "301", "153", "49.9", "49.2"] {
            assert!(page.contains(part), "the page does not say {part}");
        }
        let kept = server.ask(
            "{ standard(slug: \"conservation-area\") { snapshots(first: 1) { nodes { asOf eligible adopted unknown coverage } } } }",
        );
        let kept = &kept["standard"]["snapshots"]["nodes"][0];
        assert_eq!(kept["asOf"], "2026-08-31");
        assert_eq!(
            [&kept["eligible"], &kept["adopted"], &kept["unknown"]],
            [301, 148, 153]
        );
        assert_eq!(kept["coverage"], now["coverage"]);
        assert!(program.ok(&["check"]).contains("All is as it should be"));
    }
}

#[test]
fn lives_are_half_open_and_a_chain_and_two_splits_come_out_right() {
    let Some(register) = public_data("register/local-authorities.csv") else {
        return;
    };
    let successions = public_data("register/predecessor-successor.csv").unwrap();
    for program in each() {
        program.ok(&["import", "register", &register]);
        program.ok(&["import", "successions", &successions]);
        let server = program.serve();
        let body = |code: &str| {
            let query = format!(
                "{{ organisation(code: \"{code}\") {{ name openedOn closedOn successors {{ on kind successor {{ name }} }} \
                 predecessors {{ predecessor {{ name }} }} }} }}"
            );
            server.ask(&query)["organisation"].clone()
        };
        // A chain, with an end that the register states as inclusive in its first link.
        let (first, second) = (body("TAU"), body("SWT"));
        assert_eq!(first["closedOn"], "2019-04-01");
        assert_eq!(first["successors"][0]["successor"]["name"], second["name"]);
        assert_eq!(
            (&second["openedOn"], &second["closedOn"]),
            (&json!("2019-04-01"), &json!("2023-04-01"))
        );
        assert_eq!(
            second["successors"][0]["successor"]["name"],
            "Somerset Council"
        );
        // Two counties that became two bodies each.
        for (code, on) in [("CMA", "2023-04-01"), ("NTH", "2021-04-01")] {
            let split = body(code);
            let successors = split["successors"].as_array().unwrap();
            assert_eq!(successors.len(), 2, "{split}");
            assert!(
                successors
                    .iter()
                    .all(|one| one["kind"] == "SPLIT" && one["on"] == on),
                "{split}"
            );
        }
    }
}
