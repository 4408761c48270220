//! Adoption events in the plain form: `organisation,standard,state,effective_on,…`.

use crate::Import;
use crate::bodies::Bodies;
use crate::error::ImportError;
use crate::provisions::{LONGEST_NOTE, unknown_standard};
use crate::reader::Table;
use crate::report::Fault;
use crate::row::{At, Column, Row};
use crate::seen::Seen;
use domain::adoption::{AdoptionState, EventFacts, EvidenceGrade, Standing, default_expiry};
use domain::id::{OrganisationId, StandardId};
use domain::policy::Action;
use domain::token::hex;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use store::Saved;
use store::adoption::{self, NewEvent};
use store::standard::{self, Standard};

/// The most characters of a source.
const LONGEST_SOURCE: usize = 200;
/// The most characters of a version's label.
const LONGEST_LABEL: usize = 40;

struct Columns {
    body: Column,
    standard: Column,
    state: Column,
    effective_on: Column,
    expires_on: Column,
    grade: Column,
    standing: Column,
    evidence_url: Column,
    checked_on: Column,
    source: Column,
    note: Column,
    version: Column,
}

/// What events refer to, and the keys given so far.
struct Known {
    bodies: Bodies,
    standards: HashMap<String, Standard>,
    seen: Seen,
}

/// Reads events: one row an event.
///
/// # Errors
/// When a file breaks its form, the viewer may not record what it says, or the database fails.
pub(crate) async fn import(import: &mut Import<'_>) -> Result<(), ImportError> {
    let rows = standard::all(import.conn).await?;
    let mut known = Known {
        bodies: Bodies::load(import.conn).await?,
        standards: rows
            .into_iter()
            .map(|row| (row.slug.clone(), row))
            .collect(),
        seen: Seen::of_rows(),
    };
    while let Some(mut table) = import.tables.next_table()? {
        let columns = columns(&table)?;
        loop {
            let rows = table.chunk().await?;
            if rows.is_empty() {
                break;
            }
            let (mut claimed, mut confirmed) = (Vec::new(), Vec::new());
            for row in rows {
                match known.parse(&columns, &row, import) {
                    Err(fault) => import.recorder.left_out(&row.at, &fault)?,
                    Ok(event) if event.standing == Standing::Confirmed => {
                        confirmed.push((row.at, event))
                    }
                    Ok(event) => claimed.push((row.at, event)),
                }
            }
            record(import, &known, Action::RecordAdoption, claimed).await?;
            record(import, &known, Action::ImportPublications, confirmed).await?;
        }
    }
    Ok(())
}

fn columns(table: &Table<'_>) -> Result<Columns, ImportError> {
    let [body, standard, state, effective_on] =
        table.need(["organisation", "standard", "state", "effective_on"])?;
    let [
        expires_on,
        grade,
        standing,
        evidence_url,
        checked_on,
        source,
        note,
        version,
    ] = table.columns([
        "expires_on",
        "grade",
        "standing",
        "evidence_url",
        "checked_on",
        "source",
        "note",
        "version",
    ])?;
    Ok(Columns {
        body,
        standard,
        state,
        effective_on,
        expires_on,
        grade,
        standing,
        evidence_url,
        checked_on,
        source,
        note,
        version,
    })
}

impl Known {
    fn parse(
        &mut self,
        columns: &Columns,
        row: &Row,
        import: &Import<'_>,
    ) -> Result<NewEvent, Fault> {
        let slug = row.required(columns.standard)?;
        let standard = self
            .standards
            .get(slug)
            .ok_or_else(|| unknown_standard(slug))?;
        let body = self.bodies.find(row.required(columns.body)?)?;
        let mut event = event(columns, row, standard.id, body)?;
        // Over what the row says, before anything is filled in.
        let key = key(&event);
        if event.expires_on.is_none() && event.state == AdoptionState::Adopted {
            // Never from the day of the import: the same file gives the same figures whenever it is read.
            let said_on = event.checked_on.unwrap_or(event.effective_on);
            event.expires_on = default_expiry(event.effective_on, said_on, standard.expiry_months);
        }
        if event.source.is_empty() {
            event.source = file_name(&row.at);
        }
        check(&event, import)?;
        if !self.seen.insert(&key) {
            return Err(Fault::duplicate("this event"));
        }
        event.source_key = Some(key);
        Ok(event)
    }
}

/// What a row says, with nothing filled in but the weakest grade and standing.
fn event(
    columns: &Columns,
    row: &Row,
    standard: StandardId,
    body: OrganisationId,
) -> Result<NewEvent, Fault> {
    Ok(NewEvent {
        standard,
        organisation: body,
        state: row.required(columns.state)?.parse()?,
        effective_on: row.required_day(columns.effective_on)?,
        expires_on: row.day(columns.expires_on)?,
        grade: row
            .filled(columns.grade)
            .map_or(Ok(EvidenceGrade::SelfDeclared), str::parse)?,
        standing: standing(columns, row)?,
        evidence_url: row.filled(columns.evidence_url).map(str::to_owned),
        checked_on: row.day(columns.checked_on)?,
        source: row
            .words(columns.source, LONGEST_SOURCE)?
            .unwrap_or_default(),
        note: row.words(columns.note, LONGEST_NOTE)?,
        version_label: row.words(columns.version, LONGEST_LABEL)?,
        corrects: None,
        source_key: None,
    })
}

/// How the body stands behind a row: by itself only where the file is its own publication.
fn standing(columns: &Columns, row: &Row) -> Result<Standing, Fault> {
    let standing = row
        .filled(columns.standing)
        .map_or(Ok(Standing::Claimed), str::parse)?;
    let own = row.filled(columns.evidence_url).is_some() && row.filled(columns.source).is_some();
    match standing {
        Standing::Confirmed if !own => Err(Fault::new(
            "CONFIRMED without the body's own publication",
            "Only a body's own publication is CONFIRMED: give its `evidence_url` and `source`, or write CLAIMED.",
        )),
        Standing::Contested => Err(Fault::new(
            "CONTESTED is not for files",
            "Only the body itself contests what is said of it; write CLAIMED.",
        )),
        standing => Ok(standing),
    }
}

fn check(event: &NewEvent, import: &Import<'_>) -> Result<(), Fault> {
    let facts = EventFacts {
        state: event.state,
        effective_on: event.effective_on,
        expires_on: event.expires_on,
        grade: event.grade,
        evidence_url: event.evidence_url.as_deref(),
        checked_on: event.checked_on,
    };
    facts.check(import.today()).map_err(|error| {
        let column = match &error {
            domain::Error::Invalid {
                field: "effectiveOn",
                ..
            } => "effective_on",
            domain::Error::Invalid {
                field: "expiresOn", ..
            } => "expires_on",
            domain::Error::Invalid {
                field: "checkedOn", ..
            } => "checked_on",
            _ => "evidence_url",
        };
        Fault::in_field(column, &error)
    })
}

/// What makes a row the same event when its file is read again: everything that it says.
fn key(event: &NewEvent) -> String {
    let day = |day: Option<chrono::NaiveDate>| day.map_or_else(String::new, |day| day.to_string());
    let parts = [
        event.organisation.to_string(),
        event.state.to_string(),
        event.effective_on.to_string(),
        day(event.expires_on),
        event.grade.to_string(),
        event.standing.to_string(),
        event.evidence_url.clone().unwrap_or_default(),
        day(event.checked_on),
        event.source.clone(),
        event.note.clone().unwrap_or_default(),
        event.version_label.clone().unwrap_or_default(),
        event.standard.to_string(),
    ];
    hex(&Sha256::digest(parts.join("\u{1f}").as_bytes()))
}

/// The name of the file alone, without the folders it lies in.
fn file_name(at: &At) -> String {
    let name = std::path::Path::new(&*at.file).file_name();
    name.map_or_else(
        || at.file.to_string(),
        |name| name.to_string_lossy().into_owned(),
    )
}

/// Records the events of one chunk that need one right; rows that stand already change nothing.
async fn record(
    import: &mut Import<'_>,
    known: &Known,
    action: Action,
    rows: Vec<(At, NewEvent)>,
) -> Result<(), ImportError> {
    if rows.is_empty() {
        return Ok(());
    }
    let granted = import.may(action)?;
    let (places, events): (Vec<At>, Vec<NewEvent>) = rows.into_iter().unzip();
    let ids = adoption::record_all(import.conn, &granted, import.now, &events).await?;
    for ((at, event), id) in places.iter().zip(&events).zip(ids) {
        if let Some(remark) = known
            .bodies
            .outside_life(event.organisation, event.effective_on)
        {
            import.recorder.noted(at, &remark)?;
        }
        let saved = if id.is_some() {
            Saved::Added
        } else {
            Saved::Unchanged
        };
        import.recorder.saved(at, saved)?;
    }
    Ok(())
}
