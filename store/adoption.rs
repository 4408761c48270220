//! Adoption events: append-only, and every statement about them.

use crate::change::{self, Write};
use crate::conn::internal;
use crate::schema::adoption_event;
use crate::{Conn, fresh};
use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::adoption::{AdoptionState, EvidenceGrade, Standing};
use domain::id::{EventId, OrganisationId, StandardId};
use domain::policy::{Action, Granted};
use domain::{Error, Result};
use serde::Serialize;
use std::collections::{HashMap, HashSet};

/// What was said of a body and a standard.
#[derive(Queryable, Selectable, Insertable, Debug, Clone, PartialEq, Eq, Serialize)]
#[diesel(table_name = adoption_event, treat_none_as_default_value = false)]
pub struct AdoptionEvent {
    /// The standard.
    pub standard_id: StandardId,
    /// The body.
    pub organisation_id: OrganisationId,
    /// Its id; unique together with the two above.
    pub id: EventId,
    /// How far the body has come.
    pub state: AdoptionState,
    /// Since when it is so.
    pub effective_on: NaiveDate,
    /// When it was recorded here, UTC.
    pub recorded_at: NaiveDateTime,
    /// The first day it no longer holds, if it ends by itself.
    pub expires_on: Option<NaiveDate>,
    /// How good the evidence is.
    pub grade: EvidenceGrade,
    /// Whether the body itself stands behind it.
    pub standing: Standing,
    /// Where the evidence can be read.
    pub evidence_url: Option<String>,
    /// When the evidence was last checked.
    pub checked_on: Option<NaiveDate>,
    /// Who or which file says so.
    pub source: String,
    /// Words about it.
    pub note: Option<String>,
    /// The version of the standard it speaks of.
    pub version_label: Option<String>,
    /// The event of the same body and standard that this one puts right.
    pub corrects_id: Option<EventId>,
    /// Who recorded it, as the record names them.
    pub recorded_by: String,
    source_key: Option<String>,
}

impl AdoptionEvent {
    /// The three parts of its key.
    pub fn key(&self) -> EventKey {
        (self.standard_id, self.organisation_id, self.id)
    }
}

/// What names an event: standard, body and id.
pub type EventKey = (StandardId, OrganisationId, EventId);

/// An event to be recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEvent {
    /// The standard.
    pub standard: StandardId,
    /// The body.
    pub organisation: OrganisationId,
    /// How far the body has come.
    pub state: AdoptionState,
    /// Since when it is so.
    pub effective_on: NaiveDate,
    /// The first day it no longer holds.
    pub expires_on: Option<NaiveDate>,
    /// How good the evidence is.
    pub grade: EvidenceGrade,
    /// Whether the body itself stands behind it.
    pub standing: Standing,
    /// Where the evidence can be read.
    pub evidence_url: Option<String>,
    /// When the evidence was last checked.
    pub checked_on: Option<NaiveDate>,
    /// Who or which file says so.
    pub source: String,
    /// Words about it.
    pub note: Option<String>,
    /// The version of the standard it speaks of.
    pub version_label: Option<String>,
    /// The event it puts right.
    pub corrects: Option<EventId>,
    /// What makes it the same event when its file is read again; unique within the standard.
    pub source_key: Option<String>,
}

/// Records events at `recorded_at`; those whose source key already stands are left out. One id, or `None`, for each,
/// in the order given.
///
/// Only a grant that speaks for the body, or one to import the body's own publications, records a `CONFIRMED` event.
///
/// # Errors
/// [`Error::Forbidden`] for a confirmed event without that right; [`Error::Internal`] when the database fails.
pub async fn record_all(
    conn: &mut Conn,
    granted: &Granted,
    recorded_at: NaiveDateTime,
    events: &[NewEvent],
) -> Result<Vec<Option<EventId>>> {
    for event in events {
        authorise(granted, event)?;
    }
    let mut known = standing_keys(conn, events).await?;
    let mut rows = Vec::with_capacity(events.len());
    let mut ids = Vec::with_capacity(events.len());
    for event in events {
        let fresh_key = event
            .source_key
            .as_ref()
            .is_none_or(|key| known.insert((event.standard, key.clone())));
        if !fresh_key {
            ids.push(None);
            continue;
        }
        let row = row(granted, recorded_at, event);
        ids.push(Some(row.id));
        rows.push(row);
    }
    let _written: usize = insert_rows!(conn, adoption_event::table, rows);
    let writes = rows.iter().map(|row| Write {
        kind: "adoption_event",
        id: format!("{}/{}/{}", row.standard_id, row.organisation_id, row.id),
        about: Some(row.organisation_id),
        before: None,
        after: Some(row),
    });
    change::record_all(conn, granted, recorded_at, writes).await?;
    Ok(ids)
}

fn authorise(granted: &Granted, event: &NewEvent) -> Result<()> {
    match granted.action() {
        Action::ImportPublications => Ok(()),
        Action::RecordAdoption if event.standing != Standing::Confirmed => Ok(()),
        Action::RecordAdoption if granted.speaks_for(event.organisation) => Ok(()),
        Action::RecordAdoption => Err(Error::Forbidden {
            action: "confirm an adoption for this organisation",
            hint: "Only the organisation itself confirms; record it as CLAIMED.",
        }),
        _ => granted.require(Action::RecordAdoption),
    }
}

fn row(granted: &Granted, recorded_at: NaiveDateTime, event: &NewEvent) -> AdoptionEvent {
    AdoptionEvent {
        standard_id: event.standard,
        organisation_id: event.organisation,
        id: fresh(),
        state: event.state,
        effective_on: event.effective_on,
        recorded_at,
        expires_on: event.expires_on,
        grade: event.grade,
        standing: event.standing,
        evidence_url: event.evidence_url.clone(),
        checked_on: event.checked_on,
        source: event.source.clone(),
        note: event.note.clone(),
        version_label: event.version_label.clone(),
        corrects_id: event.corrects,
        recorded_by: granted.actor().to_owned(),
        source_key: event.source_key.clone(),
    }
}

/// The source keys among those of `events` that already stand.
async fn standing_keys(
    conn: &mut Conn,
    events: &[NewEvent],
) -> Result<HashSet<(StandardId, String)>> {
    let mut wanted: HashMap<StandardId, Vec<&String>> = HashMap::new();
    for event in events {
        if let Some(key) = &event.source_key {
            wanted.entry(event.standard).or_default().push(key);
        }
    }
    let mut known = HashSet::new();
    for (standard, keys) in wanted {
        for chunk in keys.chunks(crate::CHUNK) {
            let rows: Vec<Option<String>> = on!(conn, c => adoption_event::table
                .filter(adoption_event::standard_id.eq(standard))
                .filter(adoption_event::source_key.eq_any(chunk.iter().map(|key| key.as_str())))
                .select(adoption_event::source_key)
                .load(c)
                .await)
            .map_err(internal)?;
            known.extend(rows.into_iter().flatten().map(|key| (standard, key)));
        }
    }
    Ok(known)
}

/// The events with these keys, in no particular order; unknown keys are left out.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn by_keys(conn: &mut Conn, keys: &[EventKey]) -> Result<Vec<AdoptionEvent>> {
    let wanted: HashSet<EventKey> = keys.iter().copied().collect();
    let mut found = Vec::with_capacity(keys.len());
    for chunk in keys.chunks(crate::CHUNK) {
        let standards: HashSet<StandardId> = chunk.iter().map(|key| key.0).collect();
        let ids: Vec<EventId> = chunk.iter().map(|key| key.2).collect();
        let bodies: HashSet<OrganisationId> = chunk.iter().map(|key| key.1).collect();
        let rows: Vec<AdoptionEvent> = on!(conn, c => adoption_event::table
            .filter(adoption_event::standard_id.eq_any(&standards))
            .filter(adoption_event::organisation_id.eq_any(&bodies))
            .filter(adoption_event::id.eq_any(&ids))
            .select(AdoptionEvent::as_select())
            .load(c)
            .await)
        .map_err(internal)?;
        found.extend(rows.into_iter().filter(|row| wanted.contains(&row.key())));
    }
    Ok(found)
}

/// The standards of which something was ever said of these bodies, with the body.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn standards_of(
    conn: &mut Conn,
    bodies: &[OrganisationId],
) -> Result<Vec<(OrganisationId, StandardId)>> {
    on!(conn, c => adoption_event::table
        .filter(adoption_event::organisation_id.eq_any(bodies))
        .select((adoption_event::organisation_id, adoption_event::standard_id))
        .distinct()
        .load(c)
        .await)
    .map_err(internal)
}

/// The events of a standard from one source that no other event corrects, one a body (the last by effective day):
/// what an import of that source stands against.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn of_source(
    conn: &mut Conn,
    standard: StandardId,
    source: &str,
) -> Result<HashMap<OrganisationId, AdoptionEvent>> {
    let rows: Vec<AdoptionEvent> = on!(conn, c => adoption_event::table
        .filter(adoption_event::standard_id.eq(standard))
        .filter(adoption_event::source.eq(source))
        .select(AdoptionEvent::as_select())
        .order((adoption_event::effective_on.asc(), adoption_event::id.asc()))
        .load(c)
        .await)
    .map_err(internal)?;
    let corrected: HashSet<EventId> = rows.iter().filter_map(|row| row.corrects_id).collect();
    Ok(rows
        .into_iter()
        .filter(|row| !corrected.contains(&row.id))
        .map(|row| (row.organisation_id, row))
        .collect())
}
