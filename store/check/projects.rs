//! Rebuilds what is derived of projects from who takes part in them, and compares.

use super::Findings;
use super::derived::versions;
use crate::Conn;
use crate::conn::internal;
use crate::project::{Project, search_key};
use crate::schema::{participation, project};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::Result;
use domain::id::{OrganisationId, ProjectId};
use domain::participation::{ParticipationRole, ParticipationState};
use std::collections::HashMap;

/// A project's lead and number of participants follow from who takes part, its keys from its texts, its version from
/// the record.
pub(super) async fn check(conn: &mut Conn, findings: &mut Findings) -> Result<()> {
    let rows: Vec<Project> = on!(conn, c => project::table
        .select(Project::as_select())
        .order(project::id)
        .load(c)
        .await)
    .map_err(internal)?;
    let active: Vec<(ProjectId, OrganisationId, ParticipationRole)> =
        on!(conn, c => participation::table
        .filter(participation::state.eq(ParticipationState::Active))
        .select((participation::project_id, participation::organisation_id, participation::role))
        .load(c)
        .await)
        .map_err(internal)?;
    let mut parts: HashMap<ProjectId, Vec<(OrganisationId, ParticipationRole)>> = HashMap::new();
    for (project, body, role) in active {
        parts.entry(project).or_default().push((body, role));
    }
    let versions = versions(conn, "project").await?;
    for row in rows {
        let mut fault = |text: &str| findings.fault(format!("project {}: {text}", row.slug));
        let active = parts.remove(&row.id).unwrap_or_default();
        let lead = active
            .iter()
            .find(|(_, role)| *role == ParticipationRole::Lead);
        if lead.map(|(body, _)| *body) != row.lead_id {
            fault("its lead is not who takes part as that");
        }
        if usize::try_from(row.participants) != Ok(active.len()) {
            fault("its number of participants is not that of those who take part");
        }
        if row.title_key != row.title.to_lowercase()
            || row.search_key != search_key(&row.title, &row.summary, row.stopped_reason.as_deref())
        {
            fault("its search key does not follow from its texts");
        }
        if versions.get(&row.id.to_string().into()) != Some(&row.version) {
            fault("its version is not the number of its changes in the record");
        }
    }
    Ok(())
}
