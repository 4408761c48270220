//! A sector of six bodies and two standards whose figures can be worked out by hand.
//!
//! Ash, Birch, Cedar and Elm are councils; Cedar and Elm merged into Dale on 1 April 2024. Firm is a supplier. `plans`
//! applies to all councils; `maps` to the South East and to Firm, and takes the place of nothing.

use crate::testing::{
    add, add_code, add_standard, apply, at, council, day, event, follow, group, keep_snapshot,
    record,
};
use domain::adoption::AdoptionState::{Adopted, Pledged};
use domain::id::{EventId, OrganisationId, StandardId};
use domain::organisation::OrganisationKind;
use domain::provision::Target;
use store::Store;
use store::organisation::Facts;

/// The day and cut-off of most questions, as arguments.
pub(crate) const THEN: &str = r#"asOf: "2024-05-01", knownAt: "2024-05-01T00:00:00Z""#;

/// The ids of the sample.
pub(crate) struct Sample {
    /// Ash.
    pub(crate) ash: OrganisationId,
    /// Birch.
    pub(crate) birch: OrganisationId,
    /// The standard `plans`.
    pub(crate) plans: StandardId,
    /// The standard `maps`.
    pub(crate) maps: StandardId,
    /// That Ash adopted `plans`.
    pub(crate) event: EventId,
}

impl Sample {
    /// Writes the sample.
    pub(crate) async fn fill(store: &Store) -> Self {
        let merged = Some(day("2024-04-01"));
        let ash = add(store, council("Ash")).await.id;
        let south_west = Facts {
            region: Some("South West".to_owned()),
            population: Some(3_000),
            ..council("Birch")
        };
        let birch = add(store, south_west).await.id;
        let cedar = add(
            store,
            Facts {
                closed_on: merged,
                ..council("Cedar")
            },
        )
        .await
        .id;
        let elm = add(
            store,
            Facts {
                closed_on: merged,
                population: None,
                ..council("Elm")
            },
        )
        .await
        .id;
        let dale = add(
            store,
            Facts {
                opened_on: merged,
                ..council("Dale")
            },
        )
        .await
        .id;
        let supplier = Facts {
            kind: OrganisationKind::Supplier,
            tier: None,
            region: None,
            population: None,
            ..council("Firm")
        };
        let firm = add(store, supplier).await.id;
        add_code(store, ash, "E07000001").await;
        follow(store, elm, dale, "2024-04-01").await;
        follow(store, cedar, dale, "2024-04-01").await;

        let (plans, maps) = (
            add_standard(store, "plans").await,
            add_standard(store, "maps").await,
        );
        apply(store, plans, Target::Kind(OrganisationKind::Council)).await;
        apply(
            store,
            maps,
            Target::Group(group(store, "region-south-east").await),
        )
        .await;
        apply(store, maps, Target::Organisation(firm)).await;

        record(
            store,
            at("2022-01-02"),
            &[event(plans, cedar, Adopted, "2022-01-01")],
        )
        .await;
        let said = record(
            store,
            at("2023-01-02"),
            &[event(plans, ash, Adopted, "2023-01-01")],
        )
        .await;
        record(
            store,
            at("2023-06-02"),
            &[event(plans, birch, Pledged, "2023-06-01")],
        )
        .await;
        keep_snapshot(store, plans, "2024-01-01").await;
        keep_snapshot(store, plans, "2024-01-02").await;
        Self {
            ash,
            birch,
            plans,
            maps,
            event: said[0],
        }
    }
}
