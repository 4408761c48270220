//! What the tests of this crate share: a fixed day, a few bodies and standards, and short ways to import texts.

use crate::{ImportError, Kind, Options, Report, run_text};
use chrono::{NaiveDate, NaiveDateTime};
use domain::policy::Viewer;
use store::organisation::Organisation;
use store::{Store, change, code, organisation};

/// Five councils and a combined authority.
pub(crate) const BODIES: &str = "\
code,gss_code,name,kind,tier,nation,region,combined_authority,population,opened_on,closed_on
AAA,E07000001,Ash District Council,COUNCIL,DISTRICT,ENGLAND,South West,,100000,,2019-04-01
BBB,E07000002,Beech District Council,COUNCIL,DISTRICT,ENGLAND,South West,,80000,,2019-04-01
CCC,E06000003,Cedar Council,COUNCIL,UNITARY,ENGLAND,South West,ZCA,180000,2019-04-01,
DDD,W06000004,Damson Council,COUNCIL,WELSH,WALES,Wales,,,,
EEE,E07000005,Elm District Council,COUNCIL,DISTRICT,ENGLAND,South West,,,,
ZCA,E47000009,Zelkova Combined Authority,COMBINED_AUTHORITY,,ENGLAND,South West,,,2020-01-01,
";

/// Two standards in the plain form, one of which expires after six months.
pub(crate) const STANDARDS: &str = "\
slug,title,kind,stage,stage_on,summary,url,expiry_months,version,released_on
tree-data,Tree data,DATA,TRIAL,2018-01-01,Where trees are.,https://example.org/trees,6,1.0,2018-01-01
tree-data,Tree data,DATA,REQUIRED,2021-01-01,Where trees are.,https://example.org/trees,6,2.0,2021-01-01
plain-words,Plain words,PRACTICE,RECOMMENDED,2015-05-05,Write plainly.,,,,
";

/// The moment at which tests import.
pub(crate) fn now() -> NaiveDateTime {
    "2026-11-24T12:00:00".parse().unwrap()
}

pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// An import that keeps what it reads, at [`now`].
pub(crate) fn options() -> Options<'static> {
    Options {
        strict: false,
        dry_run: false,
        now: now(),
        report: None,
    }
}

/// Imports a text as the operator.
pub(crate) async fn attempt(
    store: &Store,
    kind: Kind,
    text: &str,
    options: &Options<'_>,
) -> Result<Report, ImportError> {
    run_text(store, &Viewer::Operator, kind, "test.csv", text, options).await
}

/// Imports a text as the operator; the report must add up.
pub(crate) async fn import(store: &Store, kind: Kind, text: &str) -> Report {
    let report = attempt(store, kind, text, &options()).await.unwrap();
    assert_eq!(
        report.read,
        report.added + report.changed + report.unchanged + report.left_out
    );
    report
}

/// Imports [`BODIES`] and [`STANDARDS`].
pub(crate) async fn sector(store: &Store) {
    assert_eq!(
        counts(&import(store, Kind::Organisations, BODIES).await),
        [6, 6, 0, 0, 0]
    );
    assert_eq!(
        counts(&import(store, Kind::Standards, STANDARDS).await),
        [3, 3, 0, 0, 0]
    );
}

/// Rows read, added, changed, unchanged and left out.
pub(crate) fn counts(report: &Report) -> [u64; 5] {
    [
        report.read,
        report.added,
        report.changed,
        report.unchanged,
        report.left_out,
    ]
}

/// The classes of reason, each with its count.
pub(crate) fn reasons(report: &Report) -> Vec<(&str, u64)> {
    report
        .reasons
        .iter()
        .map(|(class, n)| (class.as_str(), *n))
        .collect()
}

/// How many writes the record holds.
pub(crate) async fn changes(store: &Store) -> usize {
    let mut conn = store.read().await.unwrap();
    change::after(&mut conn, None, 1_000_000)
        .await
        .unwrap()
        .len()
}

/// The body with this code.
pub(crate) async fn body(store: &Store, code: &str) -> Organisation {
    let mut conn = store.read().await.unwrap();
    let id = code::find(&mut conn, code)
        .await
        .unwrap()
        .unwrap_or_else(|| panic!("no body `{code}`"));
    organisation::by_ids(&mut conn, &[id])
        .await
        .unwrap()
        .remove(0)
}
