//! What can be asked of projects.

use crate::asked::Asked;
use crate::cost;
use crate::error::Result;
use crate::page::{Connection, Wanted};
use crate::project::Project;
use crate::project_words::ProjectOrder;
use crate::projects::{self, ProjectFilter, Projects};
use async_graphql::{Context, Object};
use std::sync::Arc;

/// What can be asked of projects.
#[derive(Default)]
pub struct ProjectQueries;

#[Object]
impl ProjectQueries {
    /// One project, by its address; null when there is none.
    async fn project(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its address, such as `shared-planning-register`.")] slug: String,
    ) -> Result<Option<Project>> {
        let asked = Asked::of(ctx);
        let row = store::project::by_slug(&mut asked.read().await?, &slug).await?;
        Ok(row.map(|row| Project {
            together: Projects::read(asked, [row.clone()]),
            row: Arc::new(row),
        }))
    }

    /// The projects. Give `first` or `last`.
    #[graphql(complexity = "cost::page(first, last, child_complexity)")]
    #[allow(
        clippy::too_many_arguments,
        reason = "they are the arguments of the field"
    )]
    async fn projects(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which projects.")] filter: Option<ProjectFilter>,
        #[graphql(desc = "In which order.", default_with = "Some(ProjectOrder::Title)")]
        order_by: Option<ProjectOrder>,
        #[graphql(desc = "How many from the start, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Project>> {
        let wanted = Wanted {
            first,
            after,
            last,
            before,
        };
        let order = order_by.unwrap_or(ProjectOrder::Title);
        projects::page(Asked::of(ctx), filter.unwrap_or_default(), order, &wanted).await
    }
}
