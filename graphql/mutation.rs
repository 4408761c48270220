//! What can be changed: one part for each part of the sector.

mod follow;
mod people;
mod problems;
mod projects;
mod sector;
mod status;

use async_graphql::MergedObject;

/// What can be changed. Mutations need a token; each is all done or not at all.
#[derive(MergedObject, Default)]
#[graphql(name = "Mutation")]
pub struct MutationRoot(
    follow::FollowMutations,
    people::PeopleMutations,
    problems::ProblemMutations,
    projects::ProjectMutations,
    sector::SectorMutations,
    status::StatusMutations,
);
