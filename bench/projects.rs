//! Times, on each engine that is at hand, what projects are asked most: a status posted, and the list of a hundred.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a bench stops at the first fault and prints its figures"
)]

use async_graphql::{Request, Variables};
use domain::id::OrganisationId;
use domain::organisation::{Nation, OrganisationKind, Tier};
use domain::participation::{ParticipationRole, Side};
use domain::policy::{About, Action, Role, Scope, Scopes, Viewer};
use graphql::{Limits, Schema, Timetable};
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use store::participation::{Answer, Proposal};
use store::project::NewProject;
use store::testing::TestStore;
use store::{Conn, Store, now, organisation, participation, project};

const BODIES: usize = 20;
const PROJECTS: usize = 100;
/// Those who ask at once, and how many requests they send together.
const CLIENTS: usize = 32;
const POSTS: usize = 3_200;
const LISTS: usize = 960;

const POST: &str = "mutation ($input: PostStatusInput!) { postStatus(input: $input) { statusUpdate { id } userErrors { message } } }";
const LIST: &str = "{ projects(first: 100) { nodes { slug title phase freshness lead { slug name } \
     participants { role state organisation { slug name } } latestStatus { postedAt delivery money people reuse headline } } } }";

#[tokio::main]
async fn main() {
    for engine in ["sqlite", "postgres"] {
        let test = match engine {
            "sqlite" => Some(TestStore::sqlite().await),
            _ => TestStore::postgres().await,
        };
        if let Some(test) = test {
            measure(engine, &test.store).await;
        }
    }
}

fn machine(body: OrganisationId) -> Viewer {
    Viewer::Token {
        id: store::fresh(),
        name: "bench".to_owned(),
        role: Role::Signatory,
        organisation: Some(body),
        scopes: Scopes::new(Scope::ALL.iter().copied()).unwrap(),
        membership: None,
    }
}

/// The addresses of projects, each with a machine of its lead.
async fn fill(store: &Store) -> Vec<(String, Viewer)> {
    store.write(async |conn| made(conn).await).await.unwrap()
}

async fn made(conn: &mut Conn) -> domain::Result<Vec<(String, Viewer)>> {
    let register = Viewer::Operator.may(Action::KeepRegister, About::Sector)?;
    let mut bodies = Vec::new();
    for n in 0..BODIES {
        let facts = organisation::Facts {
            slug: format!("body-{n}"),
            name: format!("Body {n}"),
            kind: OrganisationKind::Council,
            tier: Some(Tier::Unitary),
            nation: Some(Nation::England),
            region: None,
            population: None,
            opened_on: None,
            closed_on: None,
        };
        let (_, body) = organisation::save(conn, &register, now(), None, &facts).await?;
        bodies.push(body.id);
    }
    let mut projects = Vec::new();
    for n in 0..PROJECTS {
        let lead = bodies[n % BODIES];
        let viewer = machine(lead);
        let granted = viewer.may(Action::StartProject, About::Organisation(lead))?;
        let new = NewProject {
            title: &format!("Project {n}"),
            summary: "Made up.",
            url: None,
            problems: &[],
            cadence_days: 14,
            started_on: now().date(),
        };
        let row = project::start(conn, &granted, now(), lead, &new).await?;
        for place in 1..5 {
            let partner = bodies[(n + place) % BODIES];
            let team = project::team(conn, row.id).await?;
            let granted = viewer.may_in(Action::LeadProject, &team)?;
            let proposal = Proposal {
                project: row.id,
                organisation: partner,
                role: ParticipationRole::Partner,
                message: None,
                by: Side::Project,
            };
            let part = participation::propose(conn, &granted, now(), proposal).await?;
            let granted = machine(partner).may(Action::TakePart, About::Organisation(partner))?;
            let answer = Answer {
                project: row.id,
                id: part.id,
                accept: true,
                reason: None,
                seen: None,
            };
            participation::answer(conn, &granted, now(), answer).await?;
        }
        projects.push((row.slug, viewer));
    }
    Ok(projects)
}

async fn measure(engine: &'static str, store: &Store) {
    let projects = Arc::new(fill(store).await);
    let timetable = Timetable {
        jobs: jobs::INFOS,
        next_due: jobs::next_due,
    };
    let schema = graphql::schema(store.clone(), timetable, Limits::default());
    let posting = Arc::clone(&projects);
    let post = move |n: usize| {
        let (slug, viewer) = posting[n % PROJECTS].clone();
        let colour = ["GREEN", "AMBER", "RED"][n % 3];
        let input = json!({"project": slug, "delivery": colour, "money": "GREEN", "people": "GREEN", "reuse": "GREEN",
            "headline": format!("Update {n}"), "nextStep": "The next one"});
        let variables = Variables::from_json(json!({ "input": input }));
        (Request::new(POST).variables(variables), viewer)
    };
    run(engine, "postStatus", store, &schema, POSTS, post).await;
    let list = |_| (Request::new(LIST), Viewer::Anonymous);
    run(engine, "list of 100 projects", store, &schema, LISTS, list).await;
}

/// Sends requests from [`CLIENTS`] tasks at once, and shows how long they took.
async fn run(
    engine: &str,
    what: &str,
    store: &Store,
    schema: &Schema,
    requests: usize,
    request: impl Fn(usize) -> (Request, Viewer) + Clone + Send + 'static,
) {
    let (next, before, start) = (
        Arc::new(AtomicUsize::new(0)),
        store.statements().count(),
        Instant::now(),
    );
    let clients: Vec<_> = (0..CLIENTS)
        .map(|_| {
            let (next, schema, request) = (Arc::clone(&next), schema.clone(), request.clone());
            tokio::spawn(async move {
                let mut took = Vec::new();
                loop {
                    let n = next.fetch_add(1, Ordering::Relaxed);
                    if n >= requests {
                        return took;
                    }
                    let (request, viewer) = request(n);
                    let start = Instant::now();
                    let answer = graphql::execute(&schema, request, viewer, true).await;
                    took.push(start.elapsed());
                    assert!(answer.errors.is_empty(), "{:?}", answer.errors);
                }
            })
        })
        .collect();
    let mut took: Vec<Duration> = Vec::new();
    for client in clients {
        took.extend(client.await.unwrap());
    }
    let whole = start.elapsed();
    took.sort();
    let at = |share: f64| took[((took.len() - 1) as f64 * share) as usize].as_secs_f64() * 1_000.0;
    let rate = took.len() as f64 / whole.as_secs_f64();
    let statements = (store.statements().count() - before) / took.len() as u64;
    println!(
        "{engine:<9} {what:<24} {rate:.0} a second, p50 {:.1} ms, p99 {:.1} ms, {statements} statements, {CLIENTS} at once",
        at(0.5),
        at(0.99)
    );
}
