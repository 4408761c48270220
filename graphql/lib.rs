//! The sector as one GraphQL schema: what a viewer may ask and record, without rules and without SQL.
//!
//! [`schema`] is built once, [`execute`] runs each request. On the way in a request is measured and weighed (`size`,
//! `cost`, `guard`), on the way out its errors get their codes (`error`). In between, things that are read together
//! stay together (`organisations`, `standards` and their like): the first of them whose children are asked for reads
//! those of all, once (`once`). So the number of statements depends on the shape of a request, never on its rows.

#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::expect_used, reason = "tests may panic")
)]

mod activity;
mod adopter;
mod affairs;
mod ask;
mod asked;
mod author;
mod back_problem;
mod backing;
mod bounds;
mod change;
mod commit;
mod commitment;
mod contact;
mod cost;
mod declaration;
mod declare;
mod desk;
mod done;
mod erase;
mod error;
mod event;
mod figure;
mod flag;
mod follow;
mod group;
mod guard;
mod id;
mod input;
mod invitation;
mod invite;
mod job;
mod join;
mod keep_contact;
mod keep_webhooks;
mod keys;
mod membership;
mod merge;
mod merge_problems;
mod meter;
mod method;
mod mutation;
mod node;
mod notice;
mod offer_help;
mod once;
mod organisation;
mod organisations;
mod page;
mod participation;
mod person;
mod position;
mod post_status;
mod problem;
mod problem_words;
mod problems;
mod project;
mod project_parts;
mod project_words;
mod projects;
mod promises;
mod provision;
mod query;
mod raise_problem;
mod receipt;
mod record;
mod refusal;
mod refused;
mod revision;
mod rights;
mod roles;
mod row;
mod run_job;
mod said;
mod scalar;
mod series;
mod similar;
mod size;
mod snapshot;
mod standard;
mod standards;
mod start_project;
mod state;
mod status;
mod status_words;
mod subscription;
mod succession;
mod suggest;
mod suggestion;
mod take_part;
mod tenure;
mod thing;
mod token;
mod user_error;
mod viewer;
mod webhook;
mod words;
mod work_on_project;

#[cfg(test)]
mod activity_tests;
#[cfg(test)]
mod answers_tests;
#[cfg(test)]
mod documents_tests;
#[cfg(test)]
mod follow_tests;
#[cfg(test)]
mod job_tests;
#[cfg(test)]
mod limits_tests;
#[cfg(test)]
mod lists_tests;
#[cfg(test)]
mod matrix_tests;
#[cfg(test)]
mod paging_tests;
#[cfg(test)]
mod people_sample;
#[cfg(test)]
mod people_tests;
#[cfg(test)]
mod problem_sample;
#[cfg(test)]
mod problem_tests;
#[cfg(test)]
mod project_sample;
#[cfg(test)]
mod project_tests;
#[cfg(test)]
mod published;
#[cfg(test)]
mod receipt_tests;
#[cfg(test)]
mod record_tests;
#[cfg(test)]
mod recording;
#[cfg(test)]
mod refused_tests;
#[cfg(test)]
mod rights_tests;
#[cfg(test)]
mod sample;
#[cfg(test)]
mod sights_tests;
#[cfg(test)]
mod statements_tests;
#[cfg(test)]
mod status_tests;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod versions_tests;

use crate::cost::Measured;
use crate::desk::Desk;
use crate::guard::{Guards, Sender};
use async_graphql::{EmptySubscription, Request, Response, SDLExportOptions, SchemaBuilder};
use chrono::NaiveDateTime;
use domain::job::JobInfo;
use domain::policy::Viewer;
use std::sync::Arc;
use store::Store;

/// The most directives on one field.
const DIRECTIVES: usize = 10;

/// The schema, built once by [`schema`] and shared by every request.
pub type Schema = async_graphql::Schema<QueryRoot, MutationRoot, EmptySubscription>;

pub use meter::{Meter, rate_limited, wait_seconds};
pub use mutation::MutationRoot;
pub use query::QueryRoot;
pub use size::nests_too_deep;

/// What the timetable of jobs says; the program passes it in, since this crate knows no jobs.
#[derive(Clone, Copy)]
pub struct Timetable {
    /// Every job, in the order in which they are shown.
    pub jobs: &'static [JobInfo],
    /// When a job is next due after a moment, both UTC; `None` when never.
    pub next_due: fn(&JobInfo, NaiveDateTime) -> Option<NaiveDateTime>,
}

/// How much one request may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// How deep fields may be nested.
    pub depth: usize,
    /// The budget of a viewer that did not say who it is.
    pub cost_anonymous: usize,
    /// The budget of a viewer with a token, and of the operator.
    pub cost_token: usize,
    /// The longest document, in bytes.
    pub query_bytes: usize,
    /// The most fields in a document, aliases counted and fragments spread out.
    pub fields: usize,
    /// The most requests in one batch; whoever takes batches apart applies it.
    pub batch: usize,
    /// What this server does beside answering.
    pub offers: Offers,
}

/// What a server does beside answering requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Offers {
    /// It sends mail.
    pub mail: bool,
    /// It delivers to webhooks on its own machine, by plain `http`.
    pub local_webhooks: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            depth: 12,
            cost_anonymous: 20_000,
            cost_token: 200_000,
            query_bytes: 16 * 1024,
            fields: 500,
            batch: 10,
            offers: Offers::default(),
        }
    }
}

/// Builds the schema over a store, once; [`execute`] runs requests against it.
pub fn schema(store: Store, timetable: Timetable, limits: Limits) -> Schema {
    builder()
        .extension(Guards(Arc::new(Desk::new(store, timetable, limits))))
        .finish()
}

fn builder() -> SchemaBuilder<QueryRoot, MutationRoot, EmptySubscription> {
    Schema::build(
        QueryRoot::default(),
        MutationRoot::default(),
        EmptySubscription,
    )
    .limit_directives(DIRECTIVES)
}

/// Runs one request for a viewer. `allow_mutation` is false for `GET`, which never changes anything.
///
/// What cannot be answered comes as errors with `extensions.code`: `BAD_INPUT`, `TOO_COSTLY`, `RATE_LIMITED` (where the
/// request comes with a [`Meter`]), `UNAUTHENTICATED`, `FORBIDDEN`, `NOT_FOUND`, `CONFLICT` or `INTERNAL`. Internal ones are logged here, each once, and show only an id.
/// Every answer says in `extensions.cost` what it cost, of which budget, and how deep it went.
pub async fn execute(
    schema: &Schema,
    request: Request,
    viewer: Viewer,
    allow_mutation: bool,
) -> Response {
    let measured = Arc::new(Measured::default());
    let sender = Sender {
        viewer,
        allow_mutation,
        measured: Arc::clone(&measured),
    };
    let response = schema.execute(request.data(sender)).await;
    response.extension("cost", measured.shown())
}

/// The text of the schema as the code has it; the same each time.
pub fn sdl() -> String {
    builder().finish().sdl_with_options(
        SDLExportOptions::new()
            .prefer_single_line_descriptions()
            .use_space_ident(),
    )
}

/// The published schema, as it lies in this folder.
pub const PUBLISHED: &str = include_str!("schema.graphql");
