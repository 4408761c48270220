//! Times the sector's hot paths on each engine that is at hand: imports, the series, the snapshot, a page under load.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a bench stops at the first fault and prints its figures"
)]

use async_graphql::Request;
use chrono::{Days, NaiveDate};
use domain::adoption::{AdoptionState, EvidenceGrade, Standing};
use domain::organisation::{Nation, OrganisationKind, Tier};
use domain::period::Period;
use domain::policy::{About, Action, Viewer};
use domain::provision::{ProvisionReason, Target};
use domain::standard::{StandardKind, StandardStage};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use store::adoption::NewEvent;
use store::testing::TestStore;
use store::{Store, now, organisation, provision, standard};

const BODIES: u64 = 340;
const STANDARDS: u64 = 60;
const EVENTS: u64 = 12;
const REGIONS: [&str; 9] = [
    "North East",
    "North West",
    "Yorkshire and The Humber",
    "East Midlands",
    "West Midlands",
    "East of England",
    "London",
    "South East",
    "South West",
];
/// Requests under load: clients at once, and how many each sends.
const CLIENTS: usize = 32;
const REQUESTS: usize = 60;

#[tokio::main]
async fn main() {
    for engine in ["sqlite", "postgres"] {
        let open = async || match engine {
            "sqlite" => Some(TestStore::sqlite().await),
            _ => TestStore::postgres().await,
        };
        if let Some(test) = open().await {
            imports(engine, &test.store).await;
        }
        if let Some(test) = open().await {
            figures(engine, &test.store).await;
        }
    }
}

fn show(engine: &str, what: &str, figure: impl std::fmt::Display) {
    println!("{engine:<9} {what:<58} {figure}");
}

fn ms(took: Duration) -> String {
    format!("{:.1} ms", took.as_secs_f64() * 1_000.0)
}

/// Public data, in the order in which it depends on itself.
async fn imports(engine: &str, store: &Store) {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    if !data.exists() {
        show(
            engine,
            "imports of public data",
            "skipped: there is no ../shared/data",
        );
        return;
    }
    use imports::Kind::{Provided, Provisions, Register, Standards, Successions};
    for (kind, file) in [
        (Register, "register/local-authorities.csv"),
        (Successions, "register/predecessor-successor.csv"),
        (Standards, "standards/dataset.csv"),
        (Provisions, "adoption/provision.csv"),
        (Provided, "adoption/brownfield-land.source.csv"),
        (Provided, "adoption/conservation-area.source.csv"),
        (Provided, "adoption/tree-preservation-order.source.csv"),
    ] {
        let options = imports::Options {
            strict: false,
            dry_run: false,
            now: now(),
            report: None,
        };
        let files: [PathBuf; 1] = [data.join(file)];
        for turn in ["first", "again"] {
            let start = Instant::now();
            let done = imports::run(
                store,
                &Viewer::Operator,
                kind,
                &files,
                &options,
                &imports::Silent,
            )
            .await
            .unwrap();
            let figure = format!("{} for {} rows", ms(start.elapsed()), done.read);
            show(engine, &format!("import {file}, {turn}"), figure);
        }
    }
}

/// Made-up bodies, standards and events; every body has its events spread over ten years.
async fn fill(store: &Store) {
    let register = Viewer::Operator
        .may(Action::KeepRegister, About::Sector)
        .unwrap();
    let standards = Viewer::Operator
        .may(Action::KeepStandards, About::Sector)
        .unwrap();
    let publications = Viewer::Operator
        .may(Action::ImportPublications, About::Sector)
        .unwrap();
    let first: NaiveDate = "2014-01-01".parse().unwrap();
    store
        .write(async |conn| {
            let mut bodies = Vec::new();
            for n in 0..BODIES {
                let facts = organisation::Facts {
                    slug: format!("body-{n}"),
                    name: format!("Body {n}"),
                    kind: OrganisationKind::Council,
                    tier: Some(Tier::Unitary),
                    nation: Some(Nation::England),
                    region: Some(REGIONS[n as usize % REGIONS.len()].to_owned()),
                    population: Some(100_000 + n as i64),
                    opened_on: None,
                    closed_on: None,
                };
                bodies.push(
                    organisation::save(conn, &register, now(), None, &facts)
                        .await?
                        .1
                        .id,
                );
            }
            for s in 0..STANDARDS {
                let facts = standard::Facts {
                    slug: format!("standard-{s}"),
                    title: format!("Standard {s}"),
                    kind: StandardKind::Data,
                    stages: vec![(StandardStage::Recommended, Some(first))],
                    versions: Vec::new(),
                    summary: "Made up.".to_owned(),
                    url: None,
                    expiry_months: 0,
                    source: "bench".to_owned(),
                };
                let id = standard::save(conn, &standards, now(), None, &facts)
                    .await?
                    .1
                    .id;
                let applies = provision::Facts {
                    standard: id,
                    target: Target::Kind(OrganisationKind::Council),
                    reason: ProvisionReason::Expected,
                    period: Period::default(),
                    excluded: false,
                    note: None,
                    source_key: "all".to_owned(),
                };
                provision::save_all(conn, &standards, now(), &[applies]).await?;
                let mut events = Vec::new();
                for (place, body) in bodies.iter().enumerate() {
                    for n in 0..EVENTS {
                        let state = AdoptionState::ALL[(n as usize + place + s as usize) % 5];
                        let day = first + Days::new(n * 300 + (place as u64 * 7 + s * 13) % 290);
                        events.push(NewEvent {
                            standard: id,
                            organisation: *body,
                            state,
                            effective_on: day,
                            expires_on: None,
                            grade: EvidenceGrade::SelfDeclared,
                            standing: Standing::Confirmed,
                            evidence_url: None,
                            checked_on: None,
                            source: "bench".to_owned(),
                            note: None,
                            version_label: None,
                            corrects: None,
                            source_key: None,
                        });
                    }
                }
                store::adoption::record_all(conn, &publications, now(), &events).await?;
            }
            Ok(())
        })
        .await
        .unwrap();
}

async fn figures(engine: &str, store: &Store) {
    let start = Instant::now();
    fill(store).await;
    let events = BODIES * STANDARDS * EVENTS;
    show(
        engine,
        &format!("write {events} events with their record"),
        ms(start.elapsed()),
    );

    let timetable = graphql::Timetable {
        jobs: jobs::INFOS,
        next_due: jobs::next_due,
    };
    let schema = graphql::schema(store.clone(), timetable, graphql::Limits::default());
    let series = "{ standard(slug: \"standard-7\") { adoptionSeries(from: \"2014-01-31\", to: \"2024-01-31\", by: REGION) \
                  { group { slug } points { on eligible adopted unknown rate } } } }";
    let page = "{ standard(slug: \"standard-7\") { title adoption { eligible adopted unknown rate coverage } } }";
    for (what, query) in [
        ("adoptionSeries, 10 years monthly by region", series),
        ("adoption, one figure", page),
    ] {
        let mut took = Vec::new();
        let before = store.statements().count();
        for _ in 0..30 {
            let start = Instant::now();
            let answer =
                graphql::execute(&schema, Request::new(query), Viewer::Anonymous, false).await;
            took.push(start.elapsed());
            assert!(answer.errors.is_empty(), "{:?}", answer.errors);
        }
        took.sort();
        let statements = (store.statements().count() - before) / 30;
        show(
            engine,
            what,
            format!("{} median of 30, {statements} statements", ms(took[15])),
        );
    }

    let as_of = "2024-01-31".parse().ok();
    for turn in ["all kept", "all unchanged"] {
        let start = Instant::now();
        let run = jobs::run_by_hand(
            store,
            &Viewer::Operator,
            "adoption_snapshot",
            as_of,
            &jobs::Silent,
        )
        .await
        .unwrap();
        let figure = format!(
            "{}, {} written",
            ms(start.elapsed()),
            run.written_rows.unwrap_or_default()
        );
        show(
            engine,
            &format!("snapshot of {STANDARDS} standards, {turn}"),
            figure,
        );
    }
    load(engine, store).await;
}

/// The page of a standard, asked by many at once from threads of this same machine.
async fn load(engine: &str, store: &Store) {
    let setup = manyhands::http::Setup::at("127.0.0.1:0".parse().unwrap());
    let server = manyhands::http::bind(store.clone(), setup).unwrap();
    let address = server.address;
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let asking = tokio::task::spawn_blocking(move || {
        let start = Instant::now();
        let clients: Vec<_> = (0..CLIENTS)
            .map(|client| std::thread::spawn(move || ask(address, client)))
            .collect();
        let mut took: Vec<Duration> = clients
            .into_iter()
            .flat_map(|client| client.join().unwrap())
            .collect();
        took.sort();
        drop(stop);
        (took, start.elapsed())
    });
    server
        .run(async {
            let _ = stopped.await;
            Ok(())
        })
        .await
        .unwrap();
    let (took, whole) = asking.await.unwrap();
    let at = |share: f64| ms(took[((took.len() - 1) as f64 * share) as usize]);
    let rate = took.len() as f64 / whole.as_secs_f64();
    let figure = format!("p50 {}, p99 {}, {rate:.0} a second", at(0.5), at(0.99));
    show(
        engine,
        &format!("a standard's page, {CLIENTS} clients at once"),
        figure,
    );
}

fn ask(address: std::net::SocketAddr, client: usize) -> Vec<Duration> {
    let agent = ureq::Agent::new_with_defaults();
    (0..REQUESTS)
        .map(|n| {
            let standard = (client * REQUESTS + n) as u64 % STANDARDS;
            let start = Instant::now();
            let mut answer = agent
                .get(format!("http://{address}/standards/standard-{standard}"))
                .call()
                .unwrap();
            let text = answer.body_mut().read_to_string().unwrap();
            assert!(text.contains("<svg"));
            start.elapsed()
        })
        .collect()
}
