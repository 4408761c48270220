//! Times writers with and without the sealer of the record beside them, and the sealer itself, on each engine at hand.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a bench stops at the first fault and prints its figures"
)]

use domain::organisation::{Nation, OrganisationKind};
use domain::policy::{About, Action, Granted, Viewer};
use std::time::{Duration, Instant};
use store::organisation::{Facts, Organisation};
use store::testing::TestStore;
use store::{Store, now, organisation};

/// Writers at once, and how many changes each makes, one a transaction.
const WRITERS: usize = 8;
const WRITES: usize = 500;
/// Turns of each kind, one after the other, so that what else the machine does falls on both.
const TURNS: usize = 3;
/// Changes that wait when the sealer is timed alone.
const WAITING: usize = 40_000;

#[tokio::main]
async fn main() {
    for engine in ["sqlite", "postgres"] {
        let test = match engine {
            "sqlite" => Some(TestStore::sqlite().await),
            _ => TestStore::postgres().await,
        };
        let Some(test) = test else { continue };
        writers(engine, &test.store).await;
        alone(engine, &test.store).await;
    }
}

fn show(engine: &str, what: &str, figure: impl std::fmt::Display) {
    println!("{engine:<9} {what:<58} {figure}");
}

fn ms(took: Duration) -> String {
    format!("{:.2} ms", took.as_secs_f64() * 1_000.0)
}

fn may() -> Granted {
    Viewer::Operator
        .may(Action::KeepRegister, About::Sector)
        .unwrap()
}

fn facts(name: String) -> Facts {
    Facts {
        slug: domain::slug::from_words(&name),
        name,
        kind: OrganisationKind::Other,
        tier: None,
        nation: Some(Nation::England),
        region: None,
        population: Some(0),
        opened_on: None,
        closed_on: None,
    }
}

/// The same body with one more person in it.
fn more(body: &Organisation) -> Facts {
    let mut facts = body.facts();
    facts.population = facts.population.map(|persons| persons + 1);
    facts
}

/// Writes one change: the population of a body that nobody else writes to.
async fn change(store: &Store, granted: &Granted, body: &mut Organisation) {
    let facts = more(body);
    let standing = body.clone();
    *body = store
        .write(async |conn| {
            let saved = organisation::save(conn, granted, now(), Some(&standing), &facts).await?;
            Ok(saved.1)
        })
        .await
        .unwrap();
}

/// Many writers at once; how long each write took, in order, and all of them together.
async fn write(store: &Store, bodies: &[Organisation]) -> (Vec<Duration>, Duration) {
    let start = Instant::now();
    let writers: Vec<_> = bodies
        .iter()
        .map(|body| {
            let (store, mut body) = (store.clone(), body.clone());
            tokio::spawn(async move {
                let granted = may();
                let mut took = Vec::with_capacity(WRITES);
                for _ in 0..WRITES {
                    let start = Instant::now();
                    change(&store, &granted, &mut body).await;
                    took.push(start.elapsed());
                }
                took
            })
        })
        .collect();
    let mut took = Vec::new();
    for writer in writers {
        took.extend(writer.await.unwrap());
    }
    took.sort();
    (took, start.elapsed())
}

async fn add(store: &Store, name: String) -> Organisation {
    store
        .write(async |conn| {
            Ok(organisation::save(conn, &may(), now(), None, &facts(name))
                .await?
                .1)
        })
        .await
        .unwrap()
}

async fn standing(store: &Store) -> Vec<Organisation> {
    let mut conn = store.read().await.unwrap();
    organisation::all(&mut conn).await.unwrap()
}

async fn writers(engine: &str, store: &Store) {
    for writer in 0..WRITERS {
        add(store, format!("Body {writer}")).await;
    }
    for turn in 1..=TURNS {
        for beside in ["without the sealer", "with the sealer"] {
            jobs::seal_all(store).await.unwrap();
            let sealer = (beside == "with the sealer").then(|| jobs::Sealer::start(store.clone()));
            let (took, whole) = write(store, &standing(store).await).await;
            if let Some(sealer) = sealer {
                sealer.stop().await;
            }
            let at = |share: f64| ms(took[((took.len() - 1) as f64 * share) as usize]);
            let rate = took.len() as f64 / whole.as_secs_f64();
            let figure = format!(
                "p50 {}, p99 {}, longest {}, {rate:.0} a second",
                at(0.5),
                at(0.99),
                at(1.0)
            );
            show(
                engine,
                &format!("{WRITERS} writers {beside}, turn {turn}"),
                figure,
            );
        }
    }
}

/// The sealer with much before it, then a proof and a check of it all.
async fn alone(engine: &str, store: &Store) {
    jobs::seal_all(store).await.unwrap();
    let granted = may();
    let mut body = standing(store).await.pop().unwrap();
    store
        .write_many(async |conn| {
            for _ in 0..WAITING {
                let facts = more(&body);
                body = organisation::save(conn, &granted, now(), Some(&body), &facts)
                    .await?
                    .1;
            }
            Ok(())
        })
        .await
        .unwrap();
    let start = Instant::now();
    jobs::seal_all(store).await.unwrap();
    show(
        engine,
        &format!("seal {WAITING} changes that wait"),
        ms(start.elapsed()),
    );

    let mut conn = store.read_wide().await.unwrap();
    let first = store::change::after(&mut conn, None, 1).await.unwrap()[0].change();
    let start = Instant::now();
    store::seal::proof(&mut conn, first.id, None).await.unwrap();
    show(engine, "proof of the first change", ms(start.elapsed()));

    let start = Instant::now();
    let found = store::check::run(&mut conn, now().date(), |_| {})
        .await
        .unwrap();
    assert!(found.faults.is_empty(), "{:?}", found.faults);
    let figure = format!(
        "{} for {} changes in {} seals",
        ms(start.elapsed()),
        found.changes,
        found.seals
    );
    show(engine, "check of the whole record", figure);
}
