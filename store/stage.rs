//! The dated stages and the versions of standards.

use crate::Conn;
use crate::change::{self, Write};
use crate::conn::internal;
use crate::schema::{standard_stage, standard_version};
use crate::standard::Facts;
use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::Result;
use domain::id::StandardId;
use domain::policy::Granted;
use domain::standard::StandardStage;
use serde::Serialize;

/// A stage of a standard and the day it began.
#[derive(Queryable, Selectable, Insertable, Debug, Clone, PartialEq, Eq, Serialize)]
#[diesel(table_name = standard_stage, treat_none_as_default_value = false)]
pub struct Stage {
    /// The standard.
    pub standard_id: StandardId,
    /// The stage.
    pub stage: StandardStage,
    /// Its first day; `None` when it is not known.
    pub starts_on: Option<NaiveDate>,
}

/// A published version of a standard.
#[derive(
    Queryable, Selectable, Insertable, AsChangeset, Debug, Clone, PartialEq, Eq, Serialize,
)]
#[diesel(table_name = standard_version, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct Version {
    /// The standard.
    pub standard_id: StandardId,
    /// Its label, such as `2.1`.
    pub label: String,
    /// When it was released.
    pub released_on: Option<NaiveDate>,
    /// Where it is published.
    pub url: Option<String>,
}

/// The stages of these standards, the earliest first.
///
/// # Errors
/// [`domain::Error::Internal`] when the database fails.
pub async fn stages(conn: &mut Conn, standards: &[StandardId]) -> Result<Vec<Stage>> {
    let mut found = Vec::new();
    for chunk in standards.chunks(crate::CHUNK) {
        let rows: Vec<Stage> = on!(conn, c => standard_stage::table
            .filter(standard_stage::standard_id.eq_any(chunk))
            .select(Stage::as_select())
            .load(c)
            .await)
        .map_err(internal)?;
        found.extend(rows);
    }
    found.sort_by_key(|row| (row.standard_id, row.starts_on, row.stage));
    Ok(found)
}

/// The versions of these standards, the earliest first.
///
/// # Errors
/// [`domain::Error::Internal`] when the database fails.
pub async fn versions(conn: &mut Conn, standards: &[StandardId]) -> Result<Vec<Version>> {
    let mut found = Vec::new();
    for chunk in standards.chunks(crate::CHUNK) {
        let rows: Vec<Version> = on!(conn, c => standard_version::table
            .filter(standard_version::standard_id.eq_any(chunk))
            .select(Version::as_select())
            .load(c)
            .await)
        .map_err(internal)?;
        found.extend(rows);
    }
    found.sort_by(|a, b| {
        (a.standard_id, a.released_on, &a.label).cmp(&(b.standard_id, b.released_on, &b.label))
    });
    Ok(found)
}

/// Writes the stages and versions that are new or different and takes away stages that are not given, so that the
/// standard's stage always follows from its stages; says whether there were any.
pub(crate) async fn save(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    id: StandardId,
    facts: &Facts,
) -> Result<bool> {
    let known_stages = stages(conn, &[id]).await?;
    let known_versions = versions(conn, &[id]).await?;
    let mut wrote = false;
    let given = |known: &&Stage| facts.stages.iter().any(|(stage, _)| *stage == known.stage);
    for gone in known_stages.iter().filter(|known| !given(known)) {
        on!(conn, c => diesel::delete(standard_stage::table.find((id, gone.stage))).execute(c).await)
            .map_err(internal)?;
        let write = Write {
            kind: "standard_stage",
            id: format!("{id}/{}", gone.stage),
            about: None,
            before: Some(gone),
            after: None,
        };
        change::record(conn, granted, now, write).await?;
        wrote = true;
    }
    for (stage, starts_on) in &facts.stages {
        let row = Stage {
            standard_id: id,
            stage: *stage,
            starts_on: *starts_on,
        };
        let before = known_stages.iter().find(|known| known.stage == row.stage);
        if before == Some(&row) {
            continue;
        }
        on!(conn, c => diesel::insert_into(standard_stage::table)
            .values(&row)
            .on_conflict((standard_stage::standard_id, standard_stage::stage))
            .do_update()
            .set(standard_stage::starts_on.eq(row.starts_on))
            .execute(c)
            .await)
        .map_err(internal)?;
        let id = format!("{id}/{stage}");
        let write = Write {
            kind: "standard_stage",
            id,
            about: None,
            before,
            after: Some(&row),
        };
        change::record(conn, granted, now, write).await?;
        wrote = true;
    }
    for (label, released_on, url) in &facts.versions {
        let row = Version {
            standard_id: id,
            label: label.clone(),
            released_on: *released_on,
            url: url.clone(),
        };
        let before = known_versions.iter().find(|known| known.label == row.label);
        if before == Some(&row) {
            continue;
        }
        on!(conn, c => diesel::insert_into(standard_version::table)
            .values(&row)
            .on_conflict((standard_version::standard_id, standard_version::label))
            .do_update()
            .set(&row)
            .execute(c)
            .await)
        .map_err(internal)?;
        let id = format!("{id}/{label}");
        let write = Write {
            kind: "standard_version",
            id,
            about: None,
            before,
            after: Some(&row),
        };
        change::record(conn, granted, now, write).await?;
        wrote = true;
    }
    Ok(wrote)
}
