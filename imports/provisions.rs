//! Provisions: planning data's form, or the plain form `standard,applies_to,reason,from,to,excluded,note`.

use crate::bodies::Bodies;
use crate::error::ImportError;
use crate::reader::Table;
use crate::report::Fault;
use crate::row::{At, Column, Row};
use crate::seen::Seen;
use crate::{Import, planning_provisions};
use chrono::NaiveDate;
use domain::id::{GroupId, StandardId};
use domain::policy::{Action, Granted};
use domain::provision::{Target, TargetName};
use std::collections::HashMap;
use store::provision::{self, Facts};
use store::standard::{self, Standard};
use store::{Saved, group};

/// The most characters of a note.
pub(crate) const LONGEST_NOTE: usize = 2_000;

/// What provisions refer to, and the keys given so far.
pub(crate) struct Known {
    /// The right to keep provisions.
    pub granted: Granted,
    /// Every body.
    pub bodies: Bodies,
    /// Every standard, by slug.
    standards: HashMap<String, Standard>,
    groups: HashMap<String, GroupId>,
    /// Whom and why, by standard: the first row of each.
    first: Seen,
    /// The same with the first day.
    dated: Seen,
}

struct Columns {
    standard: Column,
    applies_to: Column,
    reason: Column,
    from: Column,
    to: Column,
    excluded: Column,
    note: Column,
}

/// Reads provisions, each table by its own columns.
///
/// # Errors
/// When a file breaks its form, the viewer may not keep provisions, or the database fails.
pub(crate) async fn import(import: &mut Import<'_>) -> Result<(), ImportError> {
    let mut known = Known::load(import).await?;
    let mut also = planning_provisions::Also::default();
    while let Some(table) = import.tables.next_table()? {
        if table.has("dataset") || table.has("provision-reason") {
            planning_provisions::read(import, &mut known, &mut also, table).await?;
        } else {
            read(import, &mut known, table).await?;
        }
    }
    also.save(import, &mut known).await
}

impl Known {
    async fn load(import: &mut Import<'_>) -> Result<Self, ImportError> {
        let standards = standard::all(import.conn).await?;
        let groups = group::all(import.conn).await?;
        Ok(Self {
            granted: import.may(Action::KeepStandards)?,
            bodies: Bodies::load(import.conn).await?,
            standards: standards
                .into_iter()
                .map(|row| (row.slug.clone(), row))
                .collect(),
            groups: groups.into_iter().map(|row| (row.slug, row.id)).collect(),
            first: Seen::of_the_sector(),
            dated: Seen::of_rows(),
        })
    }

    /// The standard with this slug, if there is one.
    pub(crate) fn standard(&self, slug: &str) -> Option<&Standard> {
        self.standards.get(slug)
    }

    /// What makes a provision the same when its file is read again: whom it names and why. Where a file gives several
    /// for that, those after the first are told apart by their first day.
    ///
    /// # Errors
    /// A fault when an earlier row gave the same with the same first day.
    pub(crate) fn source_key(
        &mut self,
        standard: StandardId,
        plain: String,
        from: Option<NaiveDate>,
    ) -> Result<String, Fault> {
        let day = from.map_or_else(|| "always".to_owned(), |day| day.to_string());
        let dated = format!("{plain}:{day}");
        if !self.dated.insert(&(standard, &dated)) {
            return Err(Fault::duplicate("this provision with this first day"));
        }
        Ok(if self.first.insert(&(standard, &plain)) {
            plain
        } else {
            dated
        })
    }

    fn target(&self, raw: &str) -> Result<Target, Fault> {
        Ok(match TargetName::parse(raw)? {
            TargetName::Kind(kind) => Target::Kind(kind),
            TargetName::Organisation(code) => Target::Organisation(self.bodies.find(code.trim())?),
            TargetName::Group(slug) => Target::Group(*self.groups.get(slug.trim()).ok_or_else(|| {
                Fault::new(
                    "unknown group",
                    format!("`{raw}` is not a known group; import the bodies that make it, or the group itself."),
                )
            })?),
        })
    }
}

/// The fault of a row that speaks of a standard nobody knows.
pub(crate) fn unknown_standard(slug: &str) -> Fault {
    Fault::new(
        "unknown standard",
        format!("`{slug}` is not a known standard; import the standards first."),
    )
}

/// Saves the provisions of one chunk; what was done to each.
///
/// # Errors
/// When the database fails.
pub(crate) async fn save_all(
    import: &mut Import<'_>,
    known: &Known,
    facts: &[Facts],
) -> Result<Vec<Saved>, ImportError> {
    Ok(provision::save_all(import.conn, &known.granted, import.now, facts).await?)
}

/// Reads one table in the plain form.
async fn read(
    import: &mut Import<'_>,
    known: &mut Known,
    mut table: Table<'_>,
) -> Result<(), ImportError> {
    let columns = columns(&table)?;
    loop {
        let rows = table.chunk().await?;
        if rows.is_empty() {
            return Ok(());
        }
        let mut facts: Vec<Facts> = Vec::with_capacity(rows.len());
        let mut places: Vec<At> = Vec::with_capacity(rows.len());
        for row in rows {
            match parse(&columns, known, &row) {
                Ok(one) => {
                    facts.push(one);
                    places.push(row.at);
                }
                Err(fault) => import.recorder.left_out(&row.at, &fault)?,
            }
        }
        let done = save_all(import, known, &facts).await?;
        for (at, saved) in places.iter().zip(done) {
            import.recorder.saved(at, saved)?;
        }
    }
}

fn columns(table: &Table<'_>) -> Result<Columns, ImportError> {
    let [standard, applies_to, reason, from, to] =
        table.need(["standard", "applies_to", "reason", "from", "to"])?;
    let [excluded, note] = table.columns(["excluded", "note"])?;
    Ok(Columns {
        standard,
        applies_to,
        reason,
        from,
        to,
        excluded,
        note,
    })
}

fn parse(columns: &Columns, known: &mut Known, row: &Row) -> Result<Facts, Fault> {
    let slug = row.required(columns.standard)?;
    let standard = known
        .standard(slug)
        .ok_or_else(|| unknown_standard(slug))?
        .id;
    let target = known.target(row.required(columns.applies_to)?)?;
    let reason = row.required(columns.reason)?.parse()?;
    let period = row.period(columns.from, columns.to)?;
    let excluded = yes(row.text(columns.excluded))?;
    let note = row.words(columns.note, LONGEST_NOTE)?;
    let named = match target {
        Target::Kind(kind) => format!("kind:{kind}"),
        Target::Group(id) => format!("group:{id}"),
        Target::Organisation(id) => format!("organisation:{id}"),
    };
    let plain = format!(
        "own:{named}:{reason}:{}",
        if excluded { "out" } else { "in" }
    );
    Ok(Facts {
        standard,
        target,
        reason,
        period,
        excluded,
        note,
        source_key: known.source_key(standard, plain, period.from)?,
    })
}

/// Reads a yes or no; blank is no.
fn yes(raw: &str) -> Result<bool, Fault> {
    match raw.to_ascii_lowercase().as_str() {
        "true" | "yes" | "1" => Ok(true),
        "" | "false" | "no" | "0" => Ok(false),
        _ => Err(Fault::new(
            "bad `excluded`",
            format!("`{raw}` is neither true nor false; write one of them in `excluded`."),
        )),
    }
}
