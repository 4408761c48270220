//! What can be asked: one part for each part of the sector.

mod follow;
mod people;
mod problems;
mod projects;
mod sector;
mod status;

use async_graphql::MergedObject;

/// What can be asked.
#[derive(MergedObject, Default)]
#[graphql(name = "Query")]
pub struct QueryRoot(
    follow::FollowQueries,
    people::PeopleQueries,
    problems::ProblemQueries,
    projects::ProjectQueries,
    sector::SectorQueries,
    status::StatusQueries,
);
