//! Which body follows which: `predecessor,successor,on`, or the columns of a public table of reorganisations.

use crate::Import;
use crate::bodies::Bodies;
use crate::entry::MOST;
use crate::error::ImportError;
use crate::reader::Table;
use crate::report::{Fault, both};
use crate::row::{At, Column, Row};
use chrono::NaiveDate;
use domain::id::OrganisationId;
use domain::period::Period;
use domain::policy::{Action, Granted};
use domain::succession::{Pair, normalise_end};
use std::collections::{HashMap, HashSet};
use store::{Saved, succession};

struct Columns {
    predecessor: Column,
    successor: Column,
    on: Column,
}

/// The successions of one import, and what they were compared with so far.
struct Pairs {
    standing: HashMap<(OrganisationId, OrganisationId), Pair>,
    done: HashSet<(OrganisationId, OrganisationId)>,
    /// The day on which each predecessor ended, by the rows of this import.
    ended: HashMap<OrganisationId, NaiveDate>,
}

/// Reads successions and makes the lives of both bodies meet on the day.
///
/// # Errors
/// When a file breaks its form, the viewer may not keep the register, or the database fails.
pub(crate) async fn import(import: &mut Import<'_>) -> Result<(), ImportError> {
    let granted = import.may(Action::KeepRegister)?;
    let mut bodies = Bodies::load(import.conn).await?;
    let mut rows = read(import, &bodies).await?;
    // By day, so that what comes out does not hang on the order of the rows.
    rows.sort_by_key(|(pair, _)| pair.on);
    let standing = succession::all(import.conn).await?;
    let mut pairs = Pairs {
        standing: standing
            .into_iter()
            .map(|pair| ((pair.predecessor, pair.successor), pair))
            .collect(),
        done: HashSet::new(),
        ended: HashMap::new(),
    };
    for (pair, at) in rows {
        match pairs.ends(&bodies, &pair) {
            Err(fault) => import.recorder.left_out(&at, &fault)?,
            Ok(closed_on) => {
                save(
                    import,
                    &granted,
                    &mut bodies,
                    &mut pairs,
                    (pair, closed_on),
                    &at,
                )
                .await?
            }
        }
    }
    Ok(())
}

/// The pairs of all tables, each with its row.
async fn read(import: &mut Import<'_>, bodies: &Bodies) -> Result<Vec<(Pair, At)>, ImportError> {
    let mut pairs = Vec::new();
    while let Some(mut table) = import.tables.next_table()? {
        let columns = columns(&table)?;
        loop {
            let rows = table.chunk_of(MOST).await?;
            if rows.is_empty() {
                break;
            }
            for row in rows {
                match parse(&columns, bodies, &row) {
                    Ok(pair) => pairs.push((pair, row.at)),
                    Err(fault) => import.recorder.left_out(&row.at, &fault)?,
                }
            }
        }
    }
    Ok(pairs)
}

fn columns(table: &Table<'_>) -> Result<Columns, ImportError> {
    let public = table.has("predecessor_code") || table.has("successor_code");
    let [predecessor, successor, on] = if public {
        table.need(["predecessor_code", "successor_code", "successor_start_date"])?
    } else {
        table.need(["predecessor", "successor", "on"])?
    };
    Ok(Columns {
        predecessor,
        successor,
        on,
    })
}

fn parse(columns: &Columns, bodies: &Bodies, row: &Row) -> Result<Pair, Fault> {
    let pair = Pair {
        predecessor: bodies.find(row.required(columns.predecessor)?)?,
        successor: bodies.find(row.required(columns.successor)?)?,
        on: row.required_day(columns.on)?,
    };
    if pair.predecessor == pair.successor {
        return Err(Fault::new(
            "a body cannot follow itself",
            format!(
                "Both codes name {}; correct one of them.",
                bodies.name(pair.predecessor)
            ),
        ));
    }
    Ok(pair)
}

impl Pairs {
    /// The first day on which the predecessor of `pair` is no longer there.
    fn ends(&mut self, bodies: &Bodies, pair: &Pair) -> Result<NaiveDate, Fault> {
        let contradiction =
            |reason: String| Fault::new("contradicts the lives of the bodies", reason);
        let (Some(predecessor), Some(successor)) =
            (bodies.get(pair.predecessor), bodies.get(pair.successor))
        else {
            return Err(Fault::new(
                "unknown body",
                "One of the bodies is not known; import it first.",
            ));
        };
        if let Some(ended) = self
            .ended
            .get(&pair.predecessor)
            .filter(|ended| **ended != pair.on)
        {
            return Err(contradiction(format!(
                "{} already ended on {ended} by another row, not on {}; correct one of them.",
                predecessor.name, pair.on
            )));
        }
        if let Some(opened) = successor.opened_on.filter(|opened| *opened > pair.on) {
            return Err(contradiction(format!(
                "{} opened on {opened}, after {}; correct one of them.",
                successor.name, pair.on
            )));
        }
        let end = normalise_end(predecessor.closed_on, pair.on)
            .and_then(|end| Period::new(predecessor.opened_on, Some(end)).map(|_| end))
            .map_err(|error| contradiction(Fault::from(error).reason))?;
        if !self.done.insert((pair.predecessor, pair.successor)) {
            return Err(Fault::duplicate("this succession"));
        }
        self.ended.insert(pair.predecessor, pair.on);
        Ok(end)
    }
}

async fn save(
    import: &mut Import<'_>,
    granted: &Granted,
    bodies: &mut Bodies,
    pairs: &mut Pairs,
    (pair, closed_on): (Pair, NaiveDate),
    at: &At,
) -> Result<(), ImportError> {
    let standing = pairs.standing.get(&(pair.predecessor, pair.successor));
    let mut saved = succession::save(import.conn, granted, import.now, standing, &pair).await?;
    for id in [pair.predecessor, pair.successor] {
        let Some(mut facts) = bodies.get(id).map(store::organisation::Organisation::facts) else {
            continue;
        };
        if id == pair.predecessor {
            facts.closed_on = Some(closed_on);
        } else {
            facts.opened_on = facts.opened_on.or(Some(pair.on));
        }
        let body: Saved = bodies
            .save(import.conn, granted, import.now, Some(id), &facts)
            .await?
            .0;
        saved = both(saved, body);
    }
    import.recorder.saved(at, saved)
}
