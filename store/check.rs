//! Integrity: every hash of the record is computed again, and what is derived is rebuilt and compared.

use crate::conn::internal;
use crate::schema::{group, group_member, standard};
use crate::{Conn, change, organisation, standard as standards};
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::Result;
use domain::group::GroupKey;
use domain::id::{OrganisationId, StandardId};
use domain::standard::{StandardStage, stage_on};
use std::collections::{BTreeSet, HashMap};

/// What a check looked at and what it found.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Findings {
    /// Rows of the record whose hash was computed again.
    pub changes: u64,
    /// Bodies whose groups were derived again.
    pub organisations: u64,
    /// Standards whose stage was derived again.
    pub standards: u64,
    /// A sentence for each thing that is not as it should be.
    pub faults: Vec<String>,
}

/// Reads the whole record and everything derived; changes nothing.
///
/// # Errors
/// [`domain::Error::Internal`] when the database fails.
pub async fn run(
    conn: &mut Conn,
    today: NaiveDate,
    mut progress: impl FnMut(u64),
) -> Result<Findings> {
    let mut findings = Findings::default();
    let mut last = None;
    loop {
        let rows = change::after(conn, last, 1_000).await?;
        let Some(end) = rows.last() else { break };
        last = Some(end.change().id);
        for row in &rows {
            findings.changes += 1;
            let change = row.change();
            if change.hash().to_string() != row.hash() {
                findings.faults.push(format!(
                    "change {} ({} {}): its hash does not fit its content",
                    change.id, change.thing_kind, change.thing_id
                ));
            }
        }
        progress(findings.changes);
    }
    groups(conn, &mut findings).await?;
    stages(conn, today, &mut findings).await?;
    Ok(findings)
}

/// The groups of nation, region, kind and tier follow from the body itself.
async fn groups(conn: &mut Conn, findings: &mut Findings) -> Result<()> {
    let rows: Vec<(OrganisationId, String)> = on!(conn, c => group_member::table
        .inner_join(group::table.on(group::id.eq(group_member::group_id)))
        .filter(group::kind.eq_any(GroupKey::DERIVED))
        .select((group_member::organisation_id, group::slug))
        .load(c)
        .await)
    .map_err(internal)?;
    let mut standing: HashMap<OrganisationId, BTreeSet<String>> = HashMap::new();
    for (body, slug) in rows {
        standing.entry(body).or_default().insert(slug);
    }
    for body in organisation::all(conn).await? {
        findings.organisations += 1;
        let wanted: BTreeSet<String> = body.derived_groups().map(|key| key.slug).collect();
        if standing.remove(&body.id).unwrap_or_default() != wanted {
            findings.faults.push(format!(
                "organisation {}: its groups do not follow from its nation, region, kind and tier",
                body.slug
            ));
        }
    }
    Ok(())
}

/// The stage of a standard follows from its dated stages.
async fn stages(conn: &mut Conn, today: NaiveDate, findings: &mut Findings) -> Result<()> {
    let rows: Vec<(StandardId, String, StandardStage)> = on!(conn, c => standard::table
        .select((standard::id, standard::slug, standard::stage))
        .load(c)
        .await)
    .map_err(internal)?;
    let ids: Vec<StandardId> = rows.iter().map(|row| row.0).collect();
    let mut dated: HashMap<StandardId, Vec<(StandardStage, Option<NaiveDate>)>> = HashMap::new();
    for row in standards::stages(conn, &ids).await? {
        dated
            .entry(row.standard_id)
            .or_default()
            .push((row.stage, row.starts_on));
    }
    for (id, slug, stage) in rows {
        findings.standards += 1;
        if dated.get(&id).and_then(|stages| stage_on(stages, today)) != Some(stage) {
            findings.faults.push(format!(
                "standard {slug}: its stage does not follow from its dated stages"
            ));
        }
    }
    Ok(())
}
