//! What must hold of reading tables: line numbers, columns in any order, and clear faults.

use crate::error::ImportError;
use crate::reader::Tables;
use crate::row::Row;
use crate::source::Source;
use crate::{Progress, Silent};
use proptest::prelude::*;
use std::sync::atomic::{AtomicU64, Ordering};

fn block<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap()
        .block_on(work)
}

/// All rows of one text.
fn rows(text: &str, progress: &dyn Progress) -> Result<Vec<Row>, ImportError> {
    let mut tables = Tables::new(
        vec![Source::Text {
            name: "t.csv",
            text,
        }],
        progress,
    )?;
    let mut table = tables.next_table()?.unwrap();
    table.need(["a", "b"])?;
    block(async {
        let mut all = Vec::new();
        loop {
            let chunk = table.chunk().await?;
            if chunk.is_empty() {
                return Ok(all);
            }
            all.extend(chunk);
        }
    })
}

fn lines(text: &str) -> Vec<u64> {
    rows(text, &Silent)
        .unwrap()
        .iter()
        .map(|row| row.at.row)
        .collect()
}

fn fault(text: &str) -> String {
    rows(text, &Silent).unwrap_err().to_string()
}

#[test]
fn rows_are_numbered_as_an_editor_numbers_lines() {
    for end in ["\n", "\r\n", "\r"] {
        let text = ["a,b", "1,2", "", "\"3", "and\",4", "5,6"].join(end);
        assert_eq!(lines(&text), [2, 4, 6], "{end:?} without a last line end");
        assert_eq!(
            lines(&format!("{text}{end}")),
            [2, 4, 6],
            "{end:?} with a last line end"
        );
    }
}

proptest! {
    /// The reference writes the rows itself and counts the line ends it wrote.
    #[test]
    fn line_numbers_hold_for_any_mix_of_blank_lines_and_quoted_line_ends(
        rows in prop::collection::vec((0_usize..3, prop::collection::vec("[a-z]{0,3}", 1..4)), 0..60),
        end in prop::sample::select(vec!["\n", "\r\n"]),
        closed in any::<bool>(),
    ) {
        let (mut text, mut line, mut expected) = (String::from("a,b"), 1, Vec::new());
        for (blank, words) in rows {
            text.push_str(&end.repeat(blank + 1));
            line += blank as u64 + 1;
            expected.push(line);
            text.push_str(&format!("x,\"{}\"", words.join(end)));
            line += words.len() as u64 - 1;
        }
        if closed {
            text.push_str(end);
        }
        prop_assert_eq!(lines(&text), expected);
    }
}

#[test]
fn columns_are_found_by_name_in_any_order_and_case_behind_a_byte_order_mark() {
    let text = "\u{feff}B ,extra,a\n 2 ,x,1\n,,\n";
    let mut tables = Tables::new(
        vec![Source::Text {
            name: "t.csv",
            text,
        }],
        &Silent,
    )
    .unwrap();
    let mut table = tables.next_table().unwrap().unwrap();
    let [a, b] = table.need(["a", "b"]).unwrap();
    let [absent] = table.columns(["absent"]).unwrap();
    let rows = block(table.chunk()).unwrap();
    assert_eq!(rows.len(), 1, "a row of commas alone says nothing");
    assert_eq!(
        (rows[0].text(a), rows[0].text(b), rows[0].text(absent)),
        ("1", "2", "")
    );
}

#[test]
fn every_structural_fault_names_the_file_the_row_and_the_fix() {
    let faults = [
        (
            "",
            "t.csv: The file is empty; its first line names the columns.",
        ),
        (
            "\n\n",
            "t.csv: The file is empty; its first line names the columns.",
        ),
        (
            "a;b\n1;2\n",
            "t.csv, row 1: These columns are missing: `a`, `b`. The file has `a;b`; separate them by commas.",
        ),
        (
            "a,c\n1,2\n",
            "t.csv, row 1: These columns are missing: `b`. The file has `a`, `c`.",
        ),
        (
            "a,b,a\n1,2,3\n",
            "t.csv, row 1: The column `a` is there twice; take one away.",
        ),
        (
            "a,b\n1,2\n1,2,3\n",
            "t.csv, row 3: The row has 3 fields and the header 2;",
        ),
        (
            "a,b\r\n1,2\r\n1\r\n",
            "t.csv, row 3: The row has 1 fields and the header 2;",
        ),
        (
            "a,b\n1,2\0\n",
            "t.csv, row 2: This line holds a NUL character",
        ),
    ];
    for (text, start) in faults {
        let fault = fault(text);
        assert!(fault.starts_with(start), "{fault}");
    }
}

#[test]
fn a_quote_that_never_closes_is_found_without_reading_on_for_ever() {
    let text = format!("a,b\n1,2\n\"3,{}", "4\n".repeat(2_000_000));
    let bytes = Bytes::default();
    let error = rows(&text, &bytes).unwrap_err().to_string();
    assert!(
        error.starts_with("t.csv, row 3: The row has more than 1000000 bytes; close every quote"),
        "{error}"
    );
    let long = format!("a,b\n1,{}\n", "x".repeat(1_000_001));
    assert!(
        fault(&long).starts_with("t.csv, row 2: The row has more than"),
        "{}",
        fault(&long)
    );
}

#[derive(Default)]
struct Bytes {
    total: AtomicU64,
    at: AtomicU64,
}

impl Progress for Bytes {
    fn total_bytes(&self, bytes: u64) {
        self.total.store(bytes, Ordering::Relaxed);
    }
    fn at_byte(&self, byte: u64) {
        let before = self.at.swap(byte, Ordering::Relaxed);
        assert!(before <= byte, "progress went back from {before} to {byte}");
    }
}

#[test]
fn progress_grows_to_the_number_of_bytes() {
    let text = format!("a,b\n{}", "1,2\n".repeat(1_700));
    let bytes = Bytes::default();
    assert_eq!(rows(&text, &bytes).unwrap().len(), 1_700);
    assert_eq!(bytes.total.load(Ordering::Relaxed), text.len() as u64);
    assert_eq!(bytes.at.load(Ordering::Relaxed), text.len() as u64);
}
