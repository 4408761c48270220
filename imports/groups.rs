//! Groups chosen by the unit, in the plain form: `group,name,organisation,from,to`.
//!
//! Rows of one group and body stand together; they are all of that body's time in the group.

use crate::Import;
use crate::bodies::Bodies;
use crate::error::ImportError;
use crate::report::{Fault, both};
use crate::row::{At, Column, Row};
use crate::seen::Seen;
use domain::group::{GroupKey, GroupKind};
use domain::id::{GroupId, OrganisationId};
use domain::organisation::parse_name;
use domain::period::Period;
use domain::policy::{Action, Granted};
use domain::slug;
use std::collections::{HashMap, HashSet};
use store::Saved;
use store::group::{self, Group};

/// The most rows of one body in one group.
const MOST_ROWS: usize = 1_000;

/// What one row says.
struct Parsed {
    key: GroupKey,
    body: OrganisationId,
    period: Period,
}

/// The rows of one group and body so far.
struct Gathered {
    group: GroupId,
    body: OrganisationId,
    periods: Vec<Period>,
    rows: Vec<At>,
    /// What naming the group did.
    named: Saved,
}

/// Every group and body, and what this import read so far.
struct Known {
    granted: Granted,
    bodies: Bodies,
    groups: HashMap<String, Group>,
    named: HashSet<GroupId>,
    done: Seen,
}

/// Reads groups and their members.
///
/// # Errors
/// When a file breaks its form, the viewer may not keep groups, or the database fails.
pub(crate) async fn import(import: &mut Import<'_>) -> Result<(), ImportError> {
    let groups = group::all(import.conn).await?;
    let mut known = Known {
        granted: import.may(Action::KeepRegister)?,
        bodies: Bodies::load(import.conn).await?,
        groups: groups
            .into_iter()
            .map(|row| (row.slug.clone(), row))
            .collect(),
        named: HashSet::new(),
        done: Seen::of_the_sector(),
    };
    while let Some(mut table) = import.tables.next_table()? {
        let [group, name, body] = table.need(["group", "name", "organisation"])?;
        let [from, to] = table.columns(["from", "to"])?;
        let mut gathered: Option<Gathered> = None;
        loop {
            let rows = table.chunk().await?;
            if rows.is_empty() {
                break;
            }
            for row in rows {
                match known.parse([group, name, body, from, to], &row) {
                    Ok(parsed) => known.take(import, &mut gathered, parsed, row.at).await?,
                    Err(fault) => import.recorder.left_out(&row.at, &fault)?,
                }
            }
        }
        known.finish(import, gathered).await?;
    }
    Ok(())
}

impl Gathered {
    /// Adds a further row of the same group and body.
    fn add(&mut self, period: Period, at: &At) -> Result<(), Fault> {
        if self.periods.contains(&period) {
            return Err(Fault::duplicate("this membership"));
        }
        if self.rows.len() >= MOST_ROWS {
            return Err(Fault::new(
                "too many rows of one body in one group",
                format!(
                    "There are already {MOST_ROWS} rows of this body and group; join their days."
                ),
            ));
        }
        self.periods.push(period);
        self.rows.push(at.clone());
        Ok(())
    }
}

impl Known {
    fn parse(
        &self,
        [group, name, body, from, to]: [Column; 5],
        row: &Row,
    ) -> Result<Parsed, Fault> {
        let key = GroupKey {
            kind: GroupKind::Family,
            slug: slug::check("group", row.required(group)?)?,
            name: parse_name("name", row.required(name)?)?,
        };
        if let Some(standing) = self.groups.get(&key.slug) {
            if standing.kind != GroupKind::Family {
                return Err(Fault::new(
                    "a group that follows by itself",
                    format!(
                        "The members of `{}` follow from the bodies themselves; use another slug.",
                        key.slug
                    ),
                ));
            }
            if self.named.contains(&standing.id) && standing.name != key.name {
                return Err(Fault::new(
                    "`name` differs within one group",
                    format!(
                        "`{}` has another name in an earlier row; give the same in every row.",
                        key.slug
                    ),
                ));
            }
        }
        Ok(Parsed {
            key,
            body: self.bodies.find(row.required(body)?)?,
            period: row.period(from, to)?,
        })
    }

    /// Adds a row to those of its group and body, after finishing those of another.
    async fn take(
        &mut self,
        import: &mut Import<'_>,
        gathered: &mut Option<Gathered>,
        row: Parsed,
        at: At,
    ) -> Result<(), ImportError> {
        let (group, named) = self.name(import, &row.key).await?;
        if gathered
            .as_ref()
            .is_some_and(|one| (one.group, one.body) != (group, row.body))
        {
            self.finish(import, gathered.take()).await?;
        }
        let added = match gathered {
            Some(one) => one.add(row.period, &at),
            None if !self.done.insert(&(group, row.body)) => Err(Fault::duplicate(
                "this body in this group (such rows stand together)",
            )),
            None => {
                *gathered = Some(Gathered {
                    group,
                    body: row.body,
                    periods: vec![row.period],
                    rows: vec![at.clone()],
                    named,
                });
                Ok(())
            }
        };
        match added {
            Ok(()) => Ok(()),
            Err(fault) => import.recorder.left_out(&at, &fault),
        }
    }

    /// The group of a row; the first row that speaks of it gives its name.
    async fn name(
        &mut self,
        import: &mut Import<'_>,
        key: &GroupKey,
    ) -> Result<(GroupId, Saved), ImportError> {
        if let Some(standing) = self
            .groups
            .get(&key.slug)
            .filter(|row| self.named.contains(&row.id))
        {
            return Ok((standing.id, Saved::Unchanged));
        }
        let (saved, row) = group::ensure(import.conn, &self.granted, import.now, key).await?;
        let id = row.id;
        self.named.insert(id);
        self.groups.insert(key.slug.clone(), row);
        Ok((id, saved))
    }

    /// Makes what was gathered the body's time in the group, and leaves its other families as they are.
    async fn finish(
        &mut self,
        import: &mut Import<'_>,
        gathered: Option<Gathered>,
    ) -> Result<(), ImportError> {
        let Some(gathered) = gathered else {
            return Ok(());
        };
        let own = gathered.periods.iter();
        let mut wanted: Vec<(GroupId, Period)> =
            own.map(|period| (gathered.group, *period)).collect();
        wanted.extend(self.other_families(import, &gathered).await?);
        let kinds = [GroupKind::Family];
        let set = group::set(
            import.conn,
            &self.granted,
            import.now,
            gathered.body,
            &kinds,
            &wanted,
        )
        .await?;
        for (n, at) in gathered.rows.iter().enumerate() {
            let named = if n == 0 {
                gathered.named
            } else {
                Saved::Unchanged
            };
            import.recorder.saved(at, both(set, named))?;
        }
        Ok(())
    }

    /// The body's memberships in other families.
    async fn other_families(
        &self,
        import: &mut Import<'_>,
        gathered: &Gathered,
    ) -> Result<Vec<(GroupId, Period)>, ImportError> {
        let others = self
            .groups
            .values()
            .filter(|row| row.kind == GroupKind::Family && row.id != gathered.group);
        let others: HashSet<GroupId> = others.map(|row| row.id).collect();
        let standing = group::of(import.conn, &[gathered.body]).await?;
        let members = standing.iter().filter(|row| others.contains(&row.group_id));
        Ok(members.map(|row| (row.group_id, row.period())).collect())
    }
}
