//! Standards: specifications and data sets of planning data, or the plain form, told apart by their columns.

use crate::Import;
use crate::error::ImportError;
use crate::report::Fault;
use crate::{own_standards, planning_standards};
use domain::policy::{Action, Granted};
use std::collections::{HashMap, HashSet};
use store::Saved;
use store::standard::{self, Facts, Standard};

/// The most characters of a summary.
pub(crate) const LONGEST_SUMMARY: usize = 10_000;

/// Which form of file a standard's words come from. A later one outranks an earlier one, in whatever order they come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Form {
    /// A table of data sets.
    Dataset,
    /// A table of specifications.
    Specification,
    /// The plain form.
    Own,
}

impl Form {
    /// The word that a standard keeps as its source.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Dataset => "dataset",
            Self::Specification => "specification",
            Self::Own => "own",
        }
    }

    /// The form that a standard's source names; anything else is somebody's own words.
    pub(crate) fn of(source: &str) -> Self {
        let known = [Self::Dataset, Self::Specification]
            .into_iter()
            .find(|form| form.as_str() == source);
        known.unwrap_or(Self::Own)
    }
}

/// Every standard, as it stands while an import runs.
pub(crate) struct Standards {
    by_slug: HashMap<String, Standard>,
    done: HashSet<(Form, String)>,
    granted: Granted,
}

/// Reads standards, each table by its own columns.
///
/// # Errors
/// When a file breaks its form, the viewer may not keep standards, or the database fails.
pub(crate) async fn import(import: &mut Import<'_>) -> Result<(), ImportError> {
    let rows = standard::all(import.conn).await?;
    let mut standards = Standards {
        by_slug: rows
            .into_iter()
            .map(|row| (row.slug.clone(), row))
            .collect(),
        done: HashSet::new(),
        granted: import.may(Action::KeepStandards)?,
    };
    while let Some(table) = import.tables.next_table()? {
        if table.has("slug") {
            own_standards::read(import, &mut standards, table).await?;
        } else if table.has("specification") {
            planning_standards::read(import, &mut standards, table, Form::Specification).await?;
        } else if table.has("dataset") {
            planning_standards::read(import, &mut standards, table, Form::Dataset).await?;
        } else {
            // Neither of the public tables: say what the plain form needs.
            table.need(["slug"])?;
        }
    }
    Ok(())
}

impl Standards {
    /// Refuses a standard that this import already read in the same form.
    pub(crate) fn once(&mut self, form: Form, slug: &str) -> Result<(), Fault> {
        if self.done.insert((form, slug.to_owned())) {
            return Ok(());
        }
        Err(Fault::duplicate(format_args!(
            "the standard `{slug}` (rows of one standard stand together)"
        )))
    }

    /// Saves a standard, unless what stands comes from a form that outranks this one.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn save(
        &mut self,
        import: &mut Import<'_>,
        form: Form,
        facts: &Facts,
    ) -> Result<Saved, ImportError> {
        let standing = self.by_slug.get(&facts.slug);
        if standing.is_some_and(|row| Form::of(&row.source) > form) {
            return Ok(Saved::Unchanged);
        }
        let mut facts = facts.clone();
        if let Some(row) = standing.filter(|_| form == Form::Own) {
            // A plain file adds stages to those on record; only a stage that it names is dated anew.
            for known in standard::stages(import.conn, &[row.id]).await? {
                if !facts.stages.iter().any(|(stage, _)| *stage == known.stage) {
                    facts.stages.push((known.stage, known.starts_on));
                }
            }
        }
        let (saved, row) =
            standard::save(import.conn, &self.granted, import.now, standing, &facts).await?;
        if saved != Saved::Unchanged {
            self.by_slug.insert(row.slug.clone(), row);
        }
        Ok(saved)
    }
}
