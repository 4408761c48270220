//! What can be changed: one part for each part of the sector.

mod people;
mod sector;

use async_graphql::MergedObject;

/// What can be changed. Mutations need a token; each is all done or not at all.
#[derive(MergedObject, Default)]
#[graphql(name = "Mutation")]
pub struct MutationRoot(sector::SectorMutations, people::PeopleMutations);
