//! Locks of the rows that a write decides on. What is read after a lock holds until the transaction ends.
//!
//! SQLite needs none: there is one writer, and its transaction begins `IMMEDIATE`. Locks are taken in the
//! order of the functions here, so that no two transactions wait for each other.

use crate::Conn;
use crate::conn::internal;
use crate::schema::{membership, organisation, person, problem, project};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::Result;
use domain::id::{MembershipId, OrganisationId, PersonId, ProblemId, ProjectId};

/// Locks a person's row: one write at a time decides what the person holds.
pub(crate) async fn person(conn: &mut Conn, id: PersonId) -> Result<()> {
    if let Conn::Postgres(c) = conn {
        let _locked: Vec<PersonId> = person::table
            .filter(person::id.eq(id))
            .select(person::id)
            .for_no_key_update()
            .load(&mut ***c)
            .await
            .map_err(internal)?;
    }
    Ok(())
}

/// Locks the rows of organisations: one write at a time decides who acts for them.
pub(crate) async fn organisations(conn: &mut Conn, ids: &[OrganisationId]) -> Result<()> {
    if let Conn::Postgres(c) = conn
        && !ids.is_empty()
    {
        let _locked: Vec<OrganisationId> = organisation::table
            .filter(organisation::id.eq_any(ids))
            .select(organisation::id)
            .order(organisation::id)
            .for_no_key_update()
            .load(&mut ***c)
            .await
            .map_err(internal)?;
    }
    Ok(())
}

/// Locks the memberships that a person has: those of the unit have no organisation to lock.
pub(crate) async fn memberships(conn: &mut Conn, id: PersonId) -> Result<()> {
    if let Conn::Postgres(c) = conn {
        let _locked: Vec<MembershipId> = membership::table
            .filter(membership::person_id.eq(id))
            .select(membership::id)
            .order(membership::id)
            .for_no_key_update()
            .load(&mut ***c)
            .await
            .map_err(internal)?;
    }
    Ok(())
}

/// Locks a project's row: one write at a time decides who takes part in it and how far it has come.
pub(crate) async fn project(conn: &mut Conn, id: ProjectId) -> Result<()> {
    if let Conn::Postgres(c) = conn {
        let _locked: Vec<ProjectId> = project::table
            .filter(project::id.eq(id))
            .select(project::id)
            .for_no_key_update()
            .load(&mut ***c)
            .await
            .map_err(internal)?;
    }
    Ok(())
}

/// Locks the rows of problems: one write at a time decides where they stand.
pub(crate) async fn problems(conn: &mut Conn, ids: &[ProblemId]) -> Result<()> {
    if let Conn::Postgres(c) = conn
        && !ids.is_empty()
    {
        let _locked: Vec<ProblemId> = problem::table
            .filter(problem::id.eq_any(ids))
            .select(problem::id)
            .order(problem::id)
            .for_no_key_update()
            .load(&mut ***c)
            .await
            .map_err(internal)?;
    }
    Ok(())
}
