//! The number of statements depends on the shape of a request only.

use crate::testing::{
    Fixture, add, add_code, add_standard, apply, at, council, day, event, follow, group,
    keep_snapshot, record,
};
use domain::adoption::AdoptionState;
use domain::organisation::OrganisationKind;
use domain::provision::Target;
use store::Store;
use store::organisation::Facts;

/// `n` councils, each following another, and `n` standards that apply to councils, a region and one body each.
async fn fill(store: &Store, n: usize) {
    let mut bodies = Vec::new();
    for number in 0..n {
        let old = Facts {
            closed_on: Some(day("2024-04-01")),
            ..council(&format!("Old {number:02}"))
        };
        let new = Facts {
            opened_on: Some(day("2024-04-01")),
            ..council(&format!("New {number:02}"))
        };
        let (old, new) = (add(store, old).await.id, add(store, new).await.id);
        follow(store, old, new, "2024-04-01").await;
        add_code(store, new, &format!("E{number:08}")).await;
        bodies.push(new);
    }
    let region = group(store, "region-south-east").await;
    for (number, body) in bodies.iter().enumerate() {
        let standard = add_standard(store, &format!("s{number:02}")).await;
        for target in [
            Target::Kind(OrganisationKind::Council),
            Target::Group(region),
            Target::Organisation(*body),
        ] {
            apply(store, standard, target).await;
        }
        let events: Vec<_> = bodies
            .iter()
            .map(|body| event(standard, *body, AdoptionState::Adopted, "2024-05-01"))
            .collect();
        record(store, at("2024-05-02"), &events).await;
        keep_snapshot(store, standard, "2024-06-01").await;
        keep_snapshot(store, standard, "2024-06-02").await;
    }
}

const QUERIES: &[&str] = &[
    "{ organisations(first: 50, filter: { open: true }) { totalCount nodes { slug codes { code } groups { name }
        predecessors { kind predecessor { slug codes { code } successors { successor { name } } } }
        successors { successor { name } } } } }",
    "{ organisations(first: 50, filter: { open: true }) { nodes { adoptions(first: 3) { totalCount
        nodes { state standard { slug versions { label } } event { organisation { slug } grade } } } } } }",
    "{ standards(first: 50) { totalCount nodes { slug stages { stage } versions { label } supersedes { slug }
        provisions { group { name } organisation { slug groups { name } } } reasons { reason organisations }
        adoption { adopted evidence(first: 2) { totalCount nodes { organisation { slug } standard { title } } } }
        earlier: adoption(knownAt: \"2024-01-01T00:00:00Z\", minGrade: PEER) { adopted } } } }",
    "{ standards(first: 50) { nodes { adoptionSeries(from: \"2024-01-01\", to: \"2024-06-01\", by: REGION) {
        group { name } points { on adopted } } } } }",
    "{ standards(first: 50) { nodes { adopters(first: 2) { nodes { organisation { codes { code } } event { source } } }
        adoptionChange(from: \"2024-04-01\", to: \"2024-06-01\") { difference bodies { organisation { slug } } } } } }",
    "{ standards(first: 50) { nodes { snapshots(first: 1) { totalCount nodes { rate standard { slug } } } } } }",
    "{ reorganisations(from: \"2024-01-01\", to: \"2025-01-01\") {
        successions { predecessor { slug } successor { slug groups { name } } } } }",
];

/// What a request costs in statements among few and among many, each several times on many threads: who asks first
/// makes no difference.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_rows_take_no_more_statements_than_few() {
    let (few, many) = (Fixture::each().await, Fixture::each().await);
    for (few, many) in few.iter().zip(&many) {
        fill(&few.store, 2).await;
        fill(&many.store, 50).await;
        for query in QUERIES {
            let among_few = few.statements(query).await;
            assert!(among_few > 0, "{query}");
            for _ in 0..3 {
                assert_eq!(many.statements(query).await, among_few, "{query}");
            }
        }
    }
}

#[tokio::test]
async fn a_total_is_counted_only_when_it_is_asked_for() {
    for fixture in Fixture::each().await {
        fill(&fixture.store, 2).await;
        for list in ["organisations", "standards", "jobRuns"] {
            let plain = fixture
                .statements(&format!("{{ {list}(first: 1) {{ nodes {{ id }} }} }}"))
                .await;
            let counted = fixture
                .statements(&format!(
                    "{{ {list}(first: 1) {{ totalCount nodes {{ id }} }} }}"
                ))
                .await;
            assert_eq!((plain, counted), (1, 2), "{list}");
        }
    }
}

#[tokio::test]
async fn the_sector_and_a_history_are_read_once_in_a_request() {
    for fixture in Fixture::each().await {
        fill(&fixture.store, 2).await;
        let one = "{ standards(first: 9) { nodes { adoption { adopted } } } }";
        let four = "{ standards(first: 9) { nodes { adoption { adopted } reasons { organisations }
            later: adoption(asOf: \"2024-06-01\") { adopted }
            adoptionSeries(from: \"2024-01-01\", to: \"2024-02-01\") { points { adopted } } } } }";
        // The page, three of the sector, and two of all the histories.
        assert_eq!(fixture.statements(one).await, 6);
        assert_eq!(fixture.statements(four).await, 6);
    }
}
