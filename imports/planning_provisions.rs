//! Provisions in planning data's form: one row a body, a data set and a reason.

use crate::Import;
use crate::error::ImportError;
use crate::provisions::{Known, LONGEST_NOTE, save_all, unknown_standard};
use crate::reader::Table;
use crate::report::{Fault, both};
use crate::row::{At, Column, Row};
use crate::standards::Form;
use domain::id::{OrganisationId, StandardId};
use domain::period::Period;
use domain::provision::{ProvisionReason, Target};
use std::collections::{HashMap, HashSet};
use store::Saved;
use store::provision::Facts;

struct Columns {
    body: Column,
    dataset: Column,
    specification: Column,
    reason: Column,
    start: Column,
    end: Column,
    notes: Column,
}

/// What one row comes to.
struct Parsed {
    facts: Facts,
    /// The specification without a data set of its own name that the row also applies, if so.
    also: Option<StandardId>,
}

/// What a provision of a specification is known by: the specification, the body and the reason.
type Key = (StandardId, OrganisationId, ProvisionReason);

/// Specifications that rows about their data sets also apply to a body: one provision a body and reason, with the widest
/// dates of these rows. Only the whole reading shows which of them also go by the name of a data set; those do not count.
#[derive(Default)]
pub(crate) struct Also {
    by_key: HashMap<Key, usize>,
    applied: Vec<Applied>,
    /// Standards that some row names as its data set.
    datasets: HashSet<StandardId>,
}

struct Applied {
    key: Key,
    periods: Vec<Period>,
    /// The row that brought it, and what that row did for its data set.
    first: Option<(At, Saved)>,
}

/// Reads one table.
///
/// # Errors
/// When the file breaks its form, or the database fails.
pub(crate) async fn read(
    import: &mut Import<'_>,
    known: &mut Known,
    also: &mut Also,
    mut table: Table<'_>,
) -> Result<(), ImportError> {
    let columns = columns(&table)?;
    loop {
        let rows = table.chunk().await?;
        if rows.is_empty() {
            return Ok(());
        }
        let mut facts = Vec::with_capacity(rows.len());
        let mut places = Vec::with_capacity(rows.len());
        for row in rows {
            match parse(&columns, known, &mut also.datasets, &row) {
                Ok(parsed) => {
                    let brought = parsed
                        .also
                        .and_then(|standard| also.apply(standard, &parsed.facts));
                    facts.push(parsed.facts);
                    places.push((row.at, brought));
                }
                Err(fault) => import.recorder.left_out(&row.at, &fault)?,
            }
        }
        let done = save_all(import, known, &facts).await?;
        for ((at, brought), saved) in places.into_iter().zip(done) {
            match brought.and_then(|place| also.applied.get_mut(place)) {
                Some(applied) => applied.first = Some((at, saved)),
                None => import.recorder.saved(&at, saved)?,
            }
        }
    }
}

fn columns(table: &Table<'_>) -> Result<Columns, ImportError> {
    let [body, dataset, specification, reason, start, end] = table.need([
        "organisation",
        "dataset",
        "specification",
        "provision-reason",
        "start-date",
        "end-date",
    ])?;
    let [notes] = table.columns(["notes"])?;
    Ok(Columns {
        body,
        dataset,
        specification,
        reason,
        start,
        end,
        notes,
    })
}

fn parse(
    columns: &Columns,
    known: &mut Known,
    datasets: &mut HashSet<StandardId>,
    row: &Row,
) -> Result<Parsed, Fault> {
    let slug = row.required(columns.dataset)?;
    let standard = known.standard(slug).map(|row| row.id);
    datasets.extend(standard);
    let reason = reason(row.required(columns.reason)?)?;
    let standard = standard.ok_or_else(|| unknown_standard(slug))?;
    let body = known.bodies.find(row.required(columns.body)?)?;
    let period = row.period(columns.start, columns.end)?;
    let also = known
        .standard(row.text(columns.specification))
        .filter(|row| row.id != standard && Form::of(&row.source) == Form::Specification)
        .map(|row| row.id);
    let facts = Facts {
        standard,
        target: Target::Organisation(body),
        reason,
        period,
        excluded: false,
        note: row.words(columns.notes, LONGEST_NOTE)?,
        source_key: known.source_key(standard, plain_key(body, reason), period.from)?,
    };
    Ok(Parsed { facts, also })
}

fn reason(raw: &str) -> Result<ProvisionReason, Fault> {
    if matches!(raw, "alternative" | "authoritative") {
        return Err(Fault::new(
            format!(
                "reason `{raw}`: says who else holds the data, not whom the standard applies to"
            ),
            format!(
                "The reason `{raw}` says who else holds the data, not whom the standard applies to."
            ),
        ));
    }
    Ok(raw.parse()?)
}

/// The key of a body's provision for a reason.
fn plain_key(body: OrganisationId, reason: ProvisionReason) -> String {
    format!("planning:{body}:{reason}")
}

impl Also {
    /// Applies a specification to the body of a row; the place of what the row brought, if it is the first to do so.
    fn apply(&mut self, standard: StandardId, row: &Facts) -> Option<usize> {
        let Target::Organisation(body) = row.target else {
            return None;
        };
        let key = (standard, body, row.reason);
        if let Some(applied) = self
            .by_key
            .get(&key)
            .and_then(|place| self.applied.get_mut(*place))
        {
            widen(&mut applied.periods, row.period);
            return None;
        }
        let place = self.applied.len();
        self.by_key.insert(key, place);
        self.applied.push(Applied {
            key,
            periods: vec![row.period],
            first: None,
        });
        Some(place)
    }

    /// Saves what the whole reading came to.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn save(
        self,
        import: &mut Import<'_>,
        known: &mut Known,
    ) -> Result<(), ImportError> {
        for chunk in self.applied.chunks(store::CHUNK) {
            let mut facts = Vec::with_capacity(chunk.len());
            let mut rows: Vec<usize> = Vec::with_capacity(chunk.len());
            for (row, applied) in chunk.iter().enumerate() {
                if self.datasets.contains(&applied.key.0) {
                    continue;
                }
                for one in applied.facts(known) {
                    facts.push(one);
                    rows.push(row);
                }
            }
            let mut done = vec![Saved::Unchanged; chunk.len()];
            for (row, saved) in rows.into_iter().zip(save_all(import, known, &facts).await?) {
                if let Some(all) = done.get_mut(row) {
                    *all = both(*all, saved);
                }
            }
            for (applied, also) in chunk.iter().zip(done) {
                if let Some((at, saved)) = &applied.first {
                    import.recorder.saved(at, both(*saved, also))?;
                }
            }
        }
        Ok(())
    }
}

impl Applied {
    /// The provisions it comes to: one for each first day.
    fn facts(&self, known: &mut Known) -> Vec<Facts> {
        let (standard, body, reason) = self.key;
        let keyed = |period: &Period| {
            let key = known
                .source_key(standard, plain_key(body, reason), period.from)
                .ok()?;
            Some(Facts {
                standard,
                target: Target::Organisation(body),
                reason,
                period: *period,
                excluded: false,
                note: None,
                source_key: key,
            })
        };
        self.periods.iter().filter_map(keyed).collect()
    }
}

/// Adds a period: one with the same first day is made to last as long as the longer of the two.
fn widen(periods: &mut Vec<Period>, period: Period) {
    match periods.iter_mut().find(|known| known.from == period.from) {
        Some(known) => known.to = known.to.zip(period.to).map(|(a, b)| a.max(b)),
        None => periods.push(period),
    }
}
