//! An import that is killed at any moment leaves none of it.

use crate::program::each;
use std::process::Stdio;
use std::time::{Duration, Instant};

/// So many that no machine is done with them before the last kill.
const BODIES: u32 = 30_000;

fn organisations() -> String {
    let mut text = String::from(
        "gss_code,name,kind,tier,nation,region,combined_authority,population,opened_on,closed_on\n",
    );
    for n in 0..BODIES {
        text.push_str(&format!("X{n:08},Body {n},OTHER,,ENGLAND,,,1000,,\n"));
    }
    text
}

#[test]
fn a_killed_import_leaves_nothing_and_can_be_run_again() {
    for program in each() {
        let file = program.file("organisations.csv", organisations());
        let arguments = ["import", "organisations", &file];
        for wait in [100, 400, 1_000] {
            let mut process = program
                .command(&arguments)
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .unwrap();
            let until = Instant::now() + Duration::from_millis(wait);
            let mut ended = None;
            while ended.is_none() && Instant::now() < until {
                ended = process.try_wait().unwrap();
                std::thread::yield_now();
            }
            assert!(
                ended.is_none(),
                "the import was over before it could be killed; make it longer"
            );
            process.kill().unwrap();
            process.wait().unwrap();
            let server = program.serve();
            let count = server.ask("{ organisations(first: 1) { totalCount } groups { slug } }");
            assert_eq!(
                count["organisations"]["totalCount"],
                0,
                "{} after {wait} ms",
                program.engine()
            );
            assert_eq!(count["groups"].as_array().unwrap().len(), 0);
        }
    }
}
