//! Merges: one problem goes on as another, with its backings and projects, and can be taken apart again exactly.

use crate::backing::{Backing, all_of, write as write_backing};
use crate::change::{self, Write};
use crate::conn::internal;
use crate::problem::{Change, Problem, by_id, projects};
use crate::problem_state::{save, settle};
use crate::schema::{problem_merge, project_problem};
use crate::{Conn, fresh, lock};
use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::id::{BackingId, MergeId, OrganisationId, ProblemId, ProjectId};
use domain::policy::{About, Action, Granted};
use domain::problem::reason;
use domain::{Error, Result};
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};

/// The merge of one problem into another.
#[derive(
    Queryable, Selectable, Insertable, AsChangeset, Debug, Clone, PartialEq, Eq, Serialize,
)]
#[diesel(table_name = problem_merge, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct Merge {
    /// Its id.
    pub id: MergeId,
    /// The problem that goes on as another.
    pub problem_id: ProblemId,
    /// The problem that it goes on as.
    pub into_id: ProblemId,
    /// When, UTC.
    pub merged_at: NaiveDateTime,
    /// Why.
    pub reason: Option<String>,
    moved: String,
    /// When it was undone, UTC.
    pub undone_at: Option<NaiveDateTime>,
    /// Counts the changes to it, from 1.
    pub version: i64,
}

/// What a merge moved: enough to undo it.
#[derive(Serialize, Deserialize)]
struct Moved {
    backings: Vec<MovedBacking>,
    /// The projects that work on the other problem because of it.
    projects: Vec<ProjectId>,
}

/// What a merge did to a body that backed the problem.
#[derive(Serialize, Deserialize)]
struct MovedBacking {
    /// Its backing as it was.
    from: Backing,
    /// Its backing of the other problem as it was, if it had one.
    into: Option<Backing>,
    /// The backing of the other problem that came of it.
    became: BackingId,
    /// The version that one was at.
    version: i64,
}

impl MovedBacking {
    /// Whether the body backed the other problem already.
    fn backed_both(&self) -> bool {
        self.into.as_ref().is_some_and(Backing::holds)
    }
}

#[derive(Insertable, Clone)]
#[diesel(table_name = project_problem)]
struct WorksOn {
    project_id: ProjectId,
    problem_id: ProblemId,
}

/// Merges a problem into another: its text stays where it is, its backings and projects move, and it is read there. A
/// body that backs both keeps the stronger willingness.
///
/// # Errors
/// [`Error::NotFound`] when one of them is not there; [`Error::Stale`] when the first was changed meanwhile;
/// [`Error::Conflict`] when one of them was merged, or both are the same; [`Error::Internal`] when the database fails.
pub async fn merge(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    change: Change<'_>,
    into: ProblemId,
) -> Result<Merge> {
    granted.require(Action::MergeProblems)?;
    granted.covers(About::Sector)?;
    let why = reason("reason", change.reason)?;
    lock::problems(conn, &[change.problem, into]).await?;
    let before = by_id(conn, change.problem).await?;
    let target = by_id(conn, into).await?;
    before.check_version(change.expected_version)?;
    before.check_standing()?;
    target.check_standing()?;
    if before.id == target.id {
        let told = "A problem cannot be merged into itself; name another.";
        return Err(Error::invalid("into", told));
    }
    let granted = granted.clone().because(why.clone());
    let moved = Moved {
        backings: move_backings(conn, &granted, now, before.id, into).await?,
        projects: move_projects(conn, before.id, into).await?,
    };
    let row = Merge {
        id: fresh(),
        problem_id: before.id,
        into_id: into,
        merged_at: now,
        reason: why,
        moved: serde_json::to_string(&moved).map_err(Error::internal)?,
        undone_at: None,
        version: 1,
    };
    on!(conn, c => diesel::insert_into(problem_merge::table).values(&row).execute(c).await)
        .map_err(internal)?;
    record(conn, &granted, now, None, &row).await?;
    let after = Problem {
        merged_into_id: Some(into),
        ..before.clone()
    };
    save(conn, &granted, now, &before, after).await?;
    settle(conn, &granted, now, &[before.id, into]).await?;
    Ok(row)
}

/// Moves every backing that holds to the other problem.
async fn move_backings(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    from: ProblemId,
    into: ProblemId,
) -> Result<Vec<MovedBacking>> {
    let there: HashMap<OrganisationId, Backing> = all_of(conn, &[into])
        .await?
        .into_iter()
        .map(|row| (row.organisation_id, row))
        .collect();
    let mut moved = Vec::new();
    for before in all_of(conn, &[from]).await? {
        if !before.holds() {
            continue;
        }
        let standing = there.get(&before.organisation_id);
        let after = moved_to(&before, into, standing);
        if standing != Some(&after) {
            write_backing(conn, granted, now, standing, &after).await?;
        }
        let left = Backing {
            withdrawn_at: Some(now),
            version: before.version + 1,
            ..before.clone()
        };
        write_backing(conn, granted, now, Some(&before), &left).await?;
        moved.push(MovedBacking {
            from: before,
            into: standing.cloned(),
            became: after.id,
            version: after.version,
        });
    }
    Ok(moved)
}

/// The backing of `into` that comes of one of another problem.
fn moved_to(from: &Backing, into: ProblemId, standing: Option<&Backing>) -> Backing {
    match standing {
        Some(both) if both.holds() => {
            let willingness = both.willingness.max(from.willingness);
            let version = both.version + i64::from(willingness != both.willingness);
            Backing {
                willingness,
                version,
                ..both.clone()
            }
        }
        other => Backing {
            problem_id: into,
            // It keeps its name where it goes.
            id: other.map_or(from.id, |old| old.id),
            version: other.map_or(1, |old| old.version + 1),
            ..from.clone()
        },
    }
}

/// Has every project that works on the one work on the other; returns those that did not.
async fn move_projects(
    conn: &mut Conn,
    from: ProblemId,
    into: ProblemId,
) -> Result<Vec<ProjectId>> {
    let all = projects(conn, &[from, into]).await?;
    let there: HashSet<ProjectId> = all
        .iter()
        .filter(|(problem, _)| *problem == into)
        .map(|(_, project)| *project)
        .collect();
    let moved: Vec<WorksOn> = all
        .iter()
        .filter(|(problem, project)| *problem == from && !there.contains(project))
        .map(|(_, project)| WorksOn {
            project_id: *project,
            problem_id: into,
        })
        .collect();
    let _written: usize = insert_rows!(conn, project_problem::table, moved);
    Ok(moved.into_iter().map(|row| row.project_id).collect())
}

/// Undoes a merge: the problem stands for itself again, backed and worked on as it was. What bodies said meanwhile
/// stands: one that took its backing back has taken it back.
///
/// # Errors
/// [`Error::NotFound`] when there is none; [`Error::Stale`] when it was changed meanwhile; [`Error::Conflict`] when it was
/// undone already, or the other problem was merged further; [`Error::Internal`] when the database fails.
pub async fn undo(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    id: MergeId,
    (expected_version, why): (i64, Option<&str>),
) -> Result<Merge> {
    granted.require(Action::MergeProblems)?;
    granted.covers(About::Sector)?;
    let why = reason("reason", why)?;
    let before = find(conn, id).await?;
    lock::problems(conn, &[before.problem_id, before.into_id]).await?;
    // Whoever was first has it locked until now.
    let before = find(conn, before.id).await?;
    if before.version != expected_version {
        return Err(Error::Stale {
            current: before.version,
        });
    }
    if before.undone_at.is_some() {
        return Err(Error::Conflict("This merge is undone already.".to_owned()));
    }
    let target = by_id(conn, before.into_id).await?;
    target.check_standing()?;
    let granted = granted.clone().because(why);
    let moved: Moved = serde_json::from_str(&before.moved).map_err(Error::internal)?;
    bring_back(conn, &granted, now, &before, moved).await?;
    let after = Merge {
        undone_at: Some(now),
        version: before.version + 1,
        ..before.clone()
    };
    on!(conn, c => diesel::update(problem_merge::table.find(id)).set(&after).execute(c).await)
        .map_err(internal)?;
    record(conn, &granted, now, Some(&before), &after).await?;
    let source = by_id(conn, before.problem_id).await?;
    let standing = Problem {
        merged_into_id: None,
        ..source.clone()
    };
    save(conn, &granted, now, &source, standing).await?;
    settle(conn, &granted, now, &[before.problem_id, before.into_id]).await?;
    Ok(after)
}

/// Brings what was moved back to where it was.
async fn bring_back(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    merge: &Merge,
    moved: Moved,
) -> Result<()> {
    let rows = all_of(conn, &[merge.problem_id, merge.into_id]).await?;
    let now_at: HashMap<(ProblemId, BackingId), Backing> = rows
        .into_iter()
        .map(|row| ((row.problem_id, row.id), row))
        .collect();
    for one in moved.backings {
        let missing = || Error::internal("a backing that a merge moved is not there");
        let there = now_at
            .get(&(merge.into_id, one.became))
            .ok_or_else(missing)?;
        let here = now_at
            .get(&(merge.problem_id, one.from.id))
            .ok_or_else(missing)?;
        let left = taken_apart(&one, there, now);
        if left != *there {
            write_backing(conn, granted, now, Some(there), &left).await?;
        }
        let back = brought_back(&one, there, here.version + 1);
        write_backing(conn, granted, now, Some(here), &back).await?;
    }
    on!(conn, c => diesel::delete(project_problem::table)
        .filter(project_problem::problem_id.eq(merge.into_id))
        .filter(project_problem::project_id.eq_any(&moved.projects))
        .execute(c)
        .await)
    .map_err(internal)?;
    Ok(())
}

/// What a backing of the other problem is without the merge.
fn taken_apart(one: &MovedBacking, there: &Backing, now: NaiveDateTime) -> Backing {
    let version = there.version + 1;
    match &one.into {
        // The body said something since: that stands.
        Some(_) if one.backed_both() && there.version != one.version => there.clone(),
        Some(before) if one.backed_both() && there.willingness == before.willingness => {
            there.clone()
        }
        Some(before) => Backing {
            version,
            ..before.clone()
        },
        None => Backing {
            withdrawn_at: there.withdrawn_at.or(Some(now)),
            version,
            ..there.clone()
        },
    }
}

/// What the backing of the problem is again: as it was, with what was said since where it had moved.
fn brought_back(one: &MovedBacking, there: &Backing, version: i64) -> Backing {
    if one.backed_both() {
        return Backing {
            withdrawn_at: there.withdrawn_at,
            version,
            ..one.from.clone()
        };
    }
    Backing {
        problem_id: one.from.problem_id,
        id: one.from.id,
        version,
        ..there.clone()
    }
}

async fn record(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    before: Option<&Merge>,
    after: &Merge,
) -> Result<()> {
    let write = Write {
        kind: "problem_merge",
        id: after.id.to_string(),
        about: None,
        before,
        after: Some(after),
    };
    change::record(conn, granted, now, write).await
}

/// The merge with this id.
///
/// # Errors
/// [`Error::NotFound`] when there is none; [`Error::Internal`] when the database fails.
pub async fn find(conn: &mut Conn, id: MergeId) -> Result<Merge> {
    on!(conn, c => problem_merge::table
        .find(id)
        .select(Merge::as_select())
        .first(c)
        .await
        .optional())
    .map_err(internal)?
    .ok_or_else(|| Error::not_found("merge", id.to_string()))
}

/// The merges into and of each of these problems, the oldest first.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn of_problems(conn: &mut Conn, problems: &[ProblemId]) -> Result<Vec<Merge>> {
    on!(conn, c => problem_merge::table
        .filter(problem_merge::into_id.eq_any(problems).or(problem_merge::problem_id.eq_any(problems)))
        .order(problem_merge::id.asc())
        .select(Merge::as_select())
        .load(c)
        .await)
    .map_err(internal)
}
