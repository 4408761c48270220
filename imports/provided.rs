//! What bodies provide to a planning data standard: tables of sources, from which a body's first one with an endpoint
//! is its adoption.

use crate::Import;
use crate::bodies::Bodies;
use crate::error::ImportError;
use crate::provisions::unknown_standard;
use crate::reader::Table;
use crate::report::Fault;
use crate::row::{At, Column, Row};
use chrono::NaiveDate;
use domain::adoption::{AdoptionState, EvidenceGrade, Standing, is_web_address};
use domain::id::{EventId, OrganisationId, StandardId};
use domain::policy::{Action, Granted};
use std::collections::{HashMap, HashSet};
use store::adoption::{self, NewEvent};
use store::{Saved, standard};

struct Columns {
    body: Column,
    endpoint: Column,
    entry_date: Column,
    documentation: Column,
    collection: Column,
}

/// One row with an endpoint.
struct Provided {
    standard: StandardId,
    body: OrganisationId,
    day: NaiveDate,
    documentation: Option<String>,
}

/// The first of the rows of one body and standard.
struct First {
    at: At,
    /// Counts the pairs of body and standard as they came, to write them in that order.
    place: usize,
    standard: StandardId,
    body: OrganisationId,
    day: NaiveDate,
    /// The documentation of the earliest row that has one, with that row's day.
    documentation: Option<(NaiveDate, String)>,
}

/// Reads tables of sources.
///
/// # Errors
/// When a file breaks its form, the viewer may not import publications, or the database fails.
pub(crate) async fn import(import: &mut Import<'_>) -> Result<(), ImportError> {
    let granted = import.may(Action::ImportPublications)?;
    let bodies = Bodies::load(import.conn).await?;
    let rows = standard::all(import.conn).await?;
    let standards: HashMap<String, StandardId> =
        rows.into_iter().map(|row| (row.slug, row.id)).collect();
    let mut firsts: HashMap<(StandardId, OrganisationId), First> = HashMap::new();
    while let Some(mut table) = import.tables.next_table()? {
        let columns = columns(&table)?;
        loop {
            let rows = table.chunk().await?;
            if rows.is_empty() {
                break;
            }
            for row in rows {
                match parse(&columns, &bodies, &standards, &row, import.today()) {
                    Err(fault) => import.recorder.left_out(&row.at, &fault)?,
                    Ok(one) => gather(import, &mut firsts, one, row.at)?,
                }
            }
        }
    }
    let mut firsts: Vec<First> = firsts.into_values().collect();
    firsts.sort_by_key(|first| first.place);
    record(import, &granted, &bodies, &standards, &firsts).await
}

fn columns(table: &Table<'_>) -> Result<Columns, ImportError> {
    let [body, endpoint, entry_date, documentation, collection] = table.need([
        "organisation",
        "endpoint",
        "entry-date",
        "documentation-url",
        "collection",
    ])?;
    Ok(Columns {
        body,
        endpoint,
        entry_date,
        documentation,
        collection,
    })
}

fn parse(
    columns: &Columns,
    bodies: &Bodies,
    standards: &HashMap<String, StandardId>,
    row: &Row,
    today: NaiveDate,
) -> Result<Provided, Fault> {
    if row.filled(columns.endpoint).is_none() {
        return Err(Fault::new(
            "placeholder without an endpoint is not adoption",
            "The row has no endpoint: a placeholder is not adoption.",
        ));
    }
    let slug = row.required(columns.collection)?;
    let standard = *standards.get(slug).ok_or_else(|| unknown_standard(slug))?;
    let body = bodies.find(row.required(columns.body)?)?;
    let day = row.required_day(columns.entry_date)?;
    if day > today {
        return Err(Fault::new(
            "`entry-date` in the future",
            format!("{day} is in the future; import the row again when it has come."),
        ));
    }
    let documentation = row
        .filled(columns.documentation)
        .filter(|url| is_web_address(url));
    Ok(Provided {
        standard,
        body,
        day,
        documentation: documentation.map(str::to_owned),
    })
}

/// Keeps the earliest row of a body and standard; the others say nothing new.
fn gather(
    import: &mut Import<'_>,
    firsts: &mut HashMap<(StandardId, OrganisationId), First>,
    row: Provided,
    at: At,
) -> Result<(), ImportError> {
    let documentation = row.documentation.map(|url| (row.day, url));
    let place = firsts.len();
    let Some(first) = firsts.get_mut(&(row.standard, row.body)) else {
        let first = First {
            at,
            place,
            standard: row.standard,
            body: row.body,
            day: row.day,
            documentation,
        };
        firsts.insert((row.standard, row.body), first);
        return Ok(());
    };
    if let Some(earlier) = documentation
        && first
            .documentation
            .as_ref()
            .is_none_or(|(day, _)| earlier.0 < *day)
    {
        first.documentation = Some(earlier);
    }
    let later = if row.day < first.day {
        first.day = row.day;
        std::mem::replace(&mut first.at, at)
    } else {
        at
    };
    import.recorder.saved(&later, Saved::Unchanged)
}

/// Records the first rows, where they are new or differ from what an earlier import of the same sources said.
async fn record(
    import: &mut Import<'_>,
    granted: &Granted,
    bodies: &Bodies,
    standards: &HashMap<String, StandardId>,
    firsts: &[First],
) -> Result<(), ImportError> {
    let spoken_of: HashSet<StandardId> = firsts.iter().map(|first| first.standard).collect();
    let mut sources = HashMap::new();
    for (slug, id) in standards.iter().filter(|(_, id)| spoken_of.contains(id)) {
        let source = source(slug);
        let standing = adoption::of_source(import.conn, *id, &source).await?;
        sources.insert(*id, (source, standing));
    }
    for chunk in firsts.chunks(store::CHUNK) {
        let mut events = Vec::with_capacity(chunk.len());
        for first in chunk {
            let Some((source, standing)) = sources.get(&first.standard) else {
                continue;
            };
            let known = standing.get(&first.body);
            let saved = match known {
                Some(event) if event.effective_on == first.day => Saved::Unchanged,
                Some(_) => Saved::Changed,
                None => Saved::Added,
            };
            if saved != Saved::Unchanged {
                events.push(event(first, source.clone(), known.map(|event| event.id)));
            }
            if let Some(remark) = bodies.outside_life(first.body, first.day) {
                import.recorder.noted(&first.at, &remark)?;
            }
            import.recorder.saved(&first.at, saved)?;
        }
        adoption::record_all(import.conn, granted, import.now, &events).await?;
    }
    Ok(())
}

/// Who says so: the bodies themselves, by endpoints of their own.
fn source(slug: &str) -> String {
    format!("planning data: sources of {slug}")
}

fn event(first: &First, source: String, corrects: Option<EventId>) -> NewEvent {
    let after = corrects.map_or_else(String::new, |id| format!(":{id}"));
    NewEvent {
        standard: first.standard,
        organisation: first.body,
        state: AdoptionState::Adopted,
        effective_on: first.day,
        expires_on: None,
        grade: EvidenceGrade::AutomaticCheck,
        standing: Standing::Confirmed,
        evidence_url: first.documentation.as_ref().map(|(_, url)| url.clone()),
        checked_on: None,
        source,
        note: None,
        version_label: None,
        corrects,
        source_key: Some(format!("provided:{}:{}{after}", first.body, first.day)),
    }
}
