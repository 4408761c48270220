//! Rebuilds what is derived from other rows, and compares.

use super::raw::Raw;
use super::{Findings, problems};
use crate::conn::internal;
use crate::schema::{change, group, group_member};
use crate::{Conn, organisation, standard};
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::Result;
use domain::group::GroupKey;
use domain::id::{OrganisationId, StandardId};
use domain::standard::{StandardStage, stage_on};
use std::collections::{BTreeSet, HashMap};

/// Rebuilds everything that is derived.
pub(super) async fn check(
    conn: &mut Conn,
    today: NaiveDate,
    findings: &mut Findings,
) -> Result<()> {
    organisations(conn, findings).await?;
    standards(conn, today, findings).await?;
    problems::check(conn, findings).await
}

/// A body's groups of nation, region, kind and tier follow from the body itself, its search key from its name, its
/// version from the record.
async fn organisations(conn: &mut Conn, findings: &mut Findings) -> Result<()> {
    let mut groups = groups(conn).await?;
    let versions = versions(conn, "organisation").await?;
    for body in organisation::all(conn).await? {
        findings.organisations += 1;
        let mut fault = |text: &str| findings.fault(format!("organisation {}: {text}", body.slug));
        let wanted: BTreeSet<String> = body.derived_groups().map(|key| key.slug).collect();
        if groups.remove(&body.id).unwrap_or_default() != wanted {
            fault("its groups do not follow from its nation, region, kind and tier");
        }
        if body.name_key() != body.name.to_lowercase() {
            fault("its search key does not follow from its name");
        }
        if versions.get(&body.id.to_string().into()) != Some(&body.version) {
            fault("its version is not the number of its changes in the record");
        }
    }
    Ok(())
}

/// The derived groups in which each body stands, by their slugs.
async fn groups(conn: &mut Conn) -> Result<HashMap<OrganisationId, BTreeSet<String>>> {
    let rows: Vec<(OrganisationId, String)> = on!(conn, c => group_member::table
        .inner_join(group::table.on(group::id.eq(group_member::group_id)))
        .filter(group::kind.eq_any(GroupKey::DERIVED))
        .select((group_member::organisation_id, group::slug))
        .load(c)
        .await)
    .map_err(internal)?;
    let mut found: HashMap<OrganisationId, BTreeSet<String>> = HashMap::new();
    for (body, slug) in rows {
        found.entry(body).or_default().insert(slug);
    }
    Ok(found)
}

/// A standard's stage follows from its dated stages, its search key from its title, its version from the record.
async fn standards(conn: &mut Conn, today: NaiveDate, findings: &mut Findings) -> Result<()> {
    let versions = versions(conn, "standard").await?;
    let rows = standard::all(conn).await?;
    let ids: Vec<StandardId> = rows.iter().map(|row| row.id).collect();
    let mut dated: HashMap<StandardId, Vec<(StandardStage, Option<NaiveDate>)>> = HashMap::new();
    for row in standard::stages(conn, &ids).await? {
        let stages = dated.entry(row.standard_id).or_default();
        stages.push((row.stage, row.starts_on));
    }
    for row in rows {
        findings.standards += 1;
        let mut fault = |text: &str| findings.fault(format!("standard {}: {text}", row.slug));
        let stages = dated.get(&row.id);
        if stages.and_then(|stages| stage_on(stages, today)) != Some(row.stage) {
            fault("its stage does not follow from its dated stages");
        }
        if row.title_key() != row.title.to_lowercase() {
            fault("its search key does not follow from its title");
        }
        if versions.get(&row.id.to_string().into()) != Some(&row.version) {
            fault("its version is not the number of its changes in the record");
        }
    }
    Ok(())
}

/// How many changes of each thing of a kind the record has.
pub(super) async fn versions(conn: &mut Conn, kind: &str) -> Result<HashMap<Raw, i64>> {
    let rows: Vec<(Raw, i64)> = on!(conn, c => change::table
        .filter(change::thing_kind.eq(kind))
        .group_by(change::thing_id)
        .select((change::thing_id, diesel::dsl::count_star()))
        .load(c)
        .await)
    .map_err(internal)?;
    Ok(rows.into_iter().collect())
}
