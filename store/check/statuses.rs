//! Rebuilds what is kept of updates on the rows of projects, and compares.

use super::Findings;
use crate::Conn;
use crate::conn::internal;
use crate::schema::project;
use crate::status;
use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::Result;
use domain::id::{ProjectId, StatusId};
use std::collections::HashMap;

/// Projects in one batch.
const BATCH: usize = 200;

type Kept = (ProjectId, String, Option<StatusId>, Option<NaiveDateTime>);

/// A project's newest status is the last update that nobody put right.
pub(super) async fn check(conn: &mut Conn, findings: &mut Findings) -> Result<()> {
    let all: Vec<Kept> = on!(conn, c => project::table
        .order(project::id)
        .select((project::id, project::slug, project::status_id, project::status_at))
        .load(c)
        .await)
    .map_err(internal)?;
    for batch in all.chunks(BATCH) {
        let ids: Vec<ProjectId> = batch.iter().map(|kept| kept.0).collect();
        let rows = status::standing(conn, &ids, NaiveDateTime::default()).await?;
        // They come in their order, so the last of each stays.
        let newest: HashMap<ProjectId, (StatusId, NaiveDateTime)> = rows
            .iter()
            .map(|row| (row.project_id, (row.id, row.posted_at)))
            .collect();
        for (id, slug, status_id, status_at) in batch {
            if newest.get(id).copied() != status_id.zip(*status_at) {
                findings.fault(format!(
                    "project {slug}: its newest status does not follow from its updates"
                ));
            }
        }
    }
    Ok(())
}
