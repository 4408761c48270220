//! What can be asked: one part for each part of the sector.

mod people;
mod sector;

use async_graphql::MergedObject;

/// What can be asked.
#[derive(MergedObject, Default)]
#[graphql(name = "Query")]
pub struct QueryRoot(people::PeopleQueries, sector::SectorQueries);
