//! Anything that has an id: fetched by it, in one statement for each kind of thing.

use crate::activity::{Change, Changes};
use crate::ask::{Ask, Asks};
use crate::asked::Asked;
use crate::error::Result;
use crate::event::{AdoptionEvent, Events};
use crate::group::Group;
use crate::id::Key;
use crate::job::JobRun;
use crate::membership::{Membership, Memberships};
use crate::once::distinct;
use crate::organisation::Organisation;
use crate::organisations::Organisations;
use crate::problem::Problem;
use crate::problems::Problems;
use crate::project::Project;
use crate::projects::Projects;
use crate::provision::{Provision, Provisions};
use crate::snapshot::{Snapshot, Snapshots};
use crate::standard::Standard;
use crate::standards::Standards;
use crate::status::{StatusUpdate, Updates};
use async_graphql::{ID, Interface};
use domain::Error;
use domain::id::{GroupId, JobRunId};
use std::collections::HashMap;
use std::sync::Arc;
use store::page::MOST;

/// Anything that has an id.
#[derive(Interface, Clone)]
#[graphql(field(name = "id", ty = "ID", desc = "Its opaque id."))]
pub enum Node {
    /// An organisation.
    Organisation(Organisation),
    /// A group.
    Group(Group),
    /// A standard.
    Standard(Standard),
    /// A project.
    Project(Project),
    /// A status update of a project.
    StatusUpdate(StatusUpdate),
    /// What a project asks of others.
    Ask(Ask),
    /// A provision.
    Provision(Provision),
    /// An adoption event.
    AdoptionEvent(AdoptionEvent),
    /// A snapshot.
    Snapshot(Snapshot),
    /// A run of a job.
    JobRun(JobRun),
    /// A problem.
    Problem(Problem),
    /// A sealed change; to whoever may not see it, it is not there.
    Change(Change),
    /// A membership; to whoever may not see it, it is not there.
    Membership(Membership),
}

/// The thing with this id; `None` when there is none.
pub(crate) async fn node(asked: &Arc<Asked>, id: ID) -> Result<Option<Node>> {
    Ok(fetch(asked, &[Key::parse("id", &id)?])
        .await?
        .pop()
        .flatten())
}

/// The things with these ids, in the same order.
pub(crate) async fn nodes(asked: &Arc<Asked>, ids: Vec<ID>) -> Result<Vec<Option<Node>>> {
    if ids.len() > MOST as usize {
        let reason = format!(
            "Give at most {MOST} ids at a time; these are {}.",
            ids.len()
        );
        return Err(Error::invalid("ids", reason).into());
    }
    let keys = ids
        .iter()
        .map(|id| Key::parse("ids", id))
        .collect::<Result<Vec<Key>>>()?;
    fetch(asked, &keys).await
}

/// Reads the things that `keys` name, each kind of thing together.
pub(crate) async fn fetch(asked: &Arc<Asked>, keys: &[Key]) -> Result<Vec<Option<Node>>> {
    let organisations = Organisations::named(
        asked,
        only(keys, |key| match key {
            Key::Organisation(id) => Some(id),
            _ => None,
        }),
    );
    let standards = Standards::named(
        asked,
        only(keys, |key| match key {
            Key::Standard(id) => Some(id),
            _ => None,
        }),
    );
    let projects = Projects::named(
        asked,
        only(keys, |key| match key {
            Key::Project(id) => Some(id),
            _ => None,
        }),
    );
    let updates = Updates::named(
        asked,
        &only(keys, |key| match key {
            Key::StatusUpdate(project, id) => Some((project, id)),
            _ => None,
        }),
    )
    .await?;
    let asks = Asks::with_keys(
        asked,
        &only(keys, |key| match key {
            Key::Ask(project, id) => Some((project, id)),
            _ => None,
        }),
    )
    .await?;
    let problems = Problems::named(
        asked,
        only(keys, |key| match key {
            Key::Problem(id) => Some(id),
            _ => None,
        }),
    );
    let events = Events::named(
        asked,
        only(keys, |key| match key {
            Key::Event(id) => Some(id),
            _ => None,
        }),
    );
    let groups = groups(
        asked,
        &only(keys, |key| match key {
            Key::Group(id) => Some(id),
            _ => None,
        }),
    )
    .await?;
    let runs = runs(
        asked,
        &only(keys, |key| match key {
            Key::JobRun(id) => Some(id),
            _ => None,
        }),
    )
    .await?;
    let provisions = Provisions::of(
        asked,
        &only(keys, |key| match key {
            Key::Provision(standard, _) => Some(standard),
            _ => None,
        }),
    )
    .await?;
    let snapshots = Snapshots::named(
        asked,
        &only(keys, |key| match key {
            Key::Snapshot(standard, id) => Some((standard, id)),
            _ => None,
        }),
    )
    .await?;
    let changes = Changes::named(
        asked,
        &only(keys, |key| match key {
            Key::Change(id) => Some(id),
            _ => None,
        }),
    )
    .await?;

    let memberships = Memberships::seen(
        asked,
        &only(keys, |key| match key {
            Key::Membership(id) => Some(id),
            _ => None,
        }),
    )
    .await?;

    let mut nodes = Vec::with_capacity(keys.len());
    for key in keys {
        nodes.push(match *key {
            Key::Organisation(id) => organisations.find(id).await?.map(Node::from),
            Key::Standard(id) => standards.find(id).await?.map(Node::from),
            Key::Project(id) => projects.find(id).await?.map(Node::from),
            Key::StatusUpdate(project, id) => updates.find((project, id)).map(Node::from),
            Key::Ask(project, id) => asks.named((project, id)).map(Node::from),
            Key::Problem(id) => problems.find(id).await?.map(Node::from),
            Key::Event(key) => events.find(key).await?.map(Node::from),
            Key::Group(id) => groups.get(&id).cloned().map(Node::from),
            Key::JobRun(id) => runs.get(&id).cloned().map(Node::from),
            Key::Provision(standard, id) => provisions.find(standard, id).map(Node::from),
            Key::Snapshot(standard, id) => snapshots.find((standard, id)).map(Node::from),
            Key::Change(id) => changes.find(id).map(Node::from),
            Key::Membership(id) => memberships
                .iter()
                .find(|one| one.key() == id)
                .cloned()
                .map(Node::from),
            // What has an id only to be named in mutations.
            Key::Person(_)
            | Key::Invitation(_)
            | Key::Token(_)
            | Key::Notice(_)
            | Key::Refusal(_)
            | Key::Declaration(_)
            | Key::Signature(_)
            | Key::Commitment(_)
            | Key::Backing(..)
            | Key::Merge(_)
            | Key::Suggestion(_)
            | Key::Participation(..)
            | Key::Contribution(..)
            | Key::Milestone(..)
            | Key::Output(..)
            | Key::Flag(..)
            | Key::Subscription(_)
            | Key::Webhook(_) => None,
        });
    }
    Ok(nodes)
}

/// The keys of one kind, each once.
fn only<T: Ord>(keys: &[Key], part: impl Fn(Key) -> Option<T>) -> Vec<T> {
    distinct(keys.iter().filter_map(|key| part(*key)))
}

async fn groups(asked: &Asked, ids: &[GroupId]) -> Result<HashMap<GroupId, Group>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = store::group::by_ids(&mut asked.read().await?, ids).await?;
    Ok(rows.into_iter().map(|row| (row.id, Group(row))).collect())
}

async fn runs(asked: &Asked, ids: &[JobRunId]) -> Result<HashMap<JobRunId, JobRun>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = store::job_run::by_ids(&mut asked.read().await?, ids).await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.id, JobRun::new(asked, row)))
        .collect())
}
