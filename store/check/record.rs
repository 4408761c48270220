//! Checks the record in its order: every change, its place, its seal, and the tree over the seals.

use super::raw::{RawChange, RawSeal, RawSealed, ReadSeal};
use super::seals::Seals;
use super::{Findings, queue};
use crate::Conn;
use crate::conn::internal;
use crate::schema::{change, seal_node, sealed};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::Result;
use domain::merkle::{self, Edge, Hash};
use domain::seal::{Published, leaf};

/// Rows in one statement.
pub(super) const PAGE: i64 = 1_000;

/// Goes through the whole record: what is sealed in its order, what waits, and what is neither.
pub(super) async fn check(
    conn: &mut Conn,
    kept: Option<&Published>,
    findings: &mut Findings,
    mut progress: impl FnMut(u64, u64),
) -> Result<()> {
    let total: i64 = on!(conn, c => change::table.count().get_result(c).await).map_err(internal)?;
    let mut progress = |done| progress(done, total.unsigned_abs());
    let mut walk = Walk::new(kept, findings);
    let mut after = i64::MIN;
    loop {
        let rows = sealed_after(conn, after).await?;
        let numbers = rows.iter().filter_map(|row| row.0.sequence.exactly());
        // A damaged place does not tell where to go on, and lies behind all others.
        let next = numbers.max().unwrap_or(after);
        for (row, change) in &rows {
            walk.row(conn, row, change.as_ref()).await?;
        }
        progress(walk.findings.changes);
        if next <= after {
            break;
        }
        after = next;
    }
    walk.end(conn).await?;
    queue::waiting(conn, findings, &mut progress).await?;
    queue::strays(conn, findings).await
}

async fn sealed_after(conn: &mut Conn, after: i64) -> Result<Vec<(RawSealed, Option<RawChange>)>> {
    on!(conn, c => sealed::table
        .left_join(change::table.on(change::id.eq(sealed::change_id)))
        .filter(sealed::sequence.gt(after))
        .select((RawSealed::as_select(), Option::<RawChange>::as_select()))
        .order(sealed::sequence.asc())
        .limit(PAGE)
        .load(c)
        .await)
    .map_err(internal)
}

/// Where a walk through the record is.
struct Walk<'a> {
    findings: &'a mut Findings,
    kept: Option<&'a Published>,
    seals: Seals,
    /// The sequence that comes next.
    expected: u64,
    /// The number of the seal that comes next.
    number: u64,
    /// The seal before it, where it could be read.
    previous: Option<ReadSeal>,
    /// The tree so far; `None` once a seal is gone or cannot be read.
    edge: Option<Edge>,
    open: Option<Open>,
}

/// The seal that the walk is in.
struct Open {
    number: u64,
    /// The seal, when its own hash fits.
    sound: Option<ReadSeal>,
    leaves: Vec<Option<Hash>>,
}

impl Open {
    /// Whether it holds the change with this sequence, of which `of` says the seal.
    fn holds(&self, sequence: u64, of: Option<u64>) -> bool {
        match &self.sound {
            Some(sound) => sequence <= sound.seal.last,
            None => of == Some(self.number),
        }
    }
}

impl<'a> Walk<'a> {
    fn new(kept: Option<&'a Published>, findings: &'a mut Findings) -> Self {
        Self {
            findings,
            kept,
            seals: Seals::default(),
            expected: 1,
            number: 0,
            previous: None,
            edge: Some(Edge::default()),
            open: None,
        }
    }

    /// Checks one place in the order and the change that stands there.
    async fn row(
        &mut self,
        conn: &mut Conn,
        row: &RawSealed,
        change: Option<&RawChange>,
    ) -> Result<()> {
        let place = row
            .sequence
            .exactly()
            .filter(|place| *place >= self.expected);
        let Some(sequence) = place else {
            let (id, at) = (&row.change_id, &row.sequence);
            self.findings.fault(format!(
                "sequence {at}: change {id} stands outside the order"
            ));
            return Ok(());
        };
        self.gap(sequence);
        let of = row.seal.exactly();
        while !self.holds(sequence, of) {
            self.close();
            self.open(conn).await?;
            // Without a sound seal only the rows say where it ends.
            if self.open.as_ref().is_some_and(|open| open.sound.is_none()) {
                break;
            }
        }
        let number = self.open.as_ref().map(|open| open.number);
        if of != number {
            let (said, number) = (&row.seal, number.unwrap_or_default());
            self.findings.fault(format!(
                "sequence {sequence}: it is said to be in seal {said}, but stands in seal {number}"
            ));
        }
        self.change(sequence, row, change);
        Ok(())
    }

    /// Checks the change at the place that comes next.
    fn change(&mut self, sequence: u64, row: &RawSealed, change: Option<&RawChange>) {
        self.expected = sequence + 1;
        self.findings.changes += 1;
        let fault = match change {
            None => Some(format!("change {} is gone", row.change_id)),
            Some(change) => (change.fault().or_else(|| change.misfiled(row)))
                .map(|fault| format!("{change} {fault}")),
        };
        if let Some(fault) = fault {
            self.findings.fault(format!("sequence {sequence}: {fault}"));
        }
        if let Some(open) = &mut self.open {
            open.leaves.push(change.and_then(RawChange::hash).map(leaf));
        }
    }

    /// Names the places that are missing before `sequence`.
    fn gap(&mut self, sequence: u64) {
        let (first, last) = (self.expected, sequence.saturating_sub(1));
        if first < last {
            self.findings
                .fault(format!("sequence {first} to {last}: missing"));
        } else if first == last {
            self.findings.fault(format!("sequence {first}: missing"));
        }
        self.expected = self.expected.max(sequence);
    }

    fn holds(&self, sequence: u64, of: Option<u64>) -> bool {
        self.open
            .as_ref()
            .is_some_and(|open| open.holds(sequence, of))
    }

    /// Opens the seal that comes next and checks it and its place in the chain and the tree.
    async fn open(&mut self, conn: &mut Conn) -> Result<()> {
        let number = self.number;
        self.number += 1;
        let read = match self.seals.take(conn, number).await? {
            None => {
                self.findings.fault(format!(
                    "seal {number} (from sequence {}): missing",
                    self.expected
                ));
                None
            }
            Some(raw) => self.read(number, &raw),
        };
        let mut sound = read.clone().filter(|read| read.seal.hash() == read.hash);
        if let Some(read) = &read {
            if sound.is_none() {
                self.seal_fault(read, "its hash does not fit its content");
            } else if let Some(fault) = self.chain_fault(read) {
                self.seal_fault(read, fault);
                sound = None;
            }
        }
        self.grow(read.as_ref());
        self.previous = read;
        self.open = Some(Open {
            number,
            sound,
            leaves: Vec::new(),
        });
        Ok(())
    }

    fn read(&mut self, number: u64, raw: &RawSeal) -> Option<ReadSeal> {
        raw.read()
            .map_err(|column| {
                self.findings.fault(format!(
                    "seal {number} (from sequence {}): cannot be read: `{column}` is damaged",
                    self.expected
                ));
            })
            .ok()
    }

    fn seal_fault(&mut self, read: &ReadSeal, fault: &str) {
        let seal = &read.seal;
        self.findings.fault(format!(
            "seal {} (sequence {} to {}): {fault}",
            seal.number, seal.first, seal.last
        ));
    }

    /// What is wrong between a seal and the one before it.
    fn chain_fault(&self, read: &ReadSeal) -> Option<&'static str> {
        let seal = &read.seal;
        let (first, previous, at) = match &self.previous {
            Some(before) => (before.seal.last + 1, before.hash, before.seal.sealed_at),
            None if seal.number == 0 => (1, Hash::of(b""), seal.sealed_at),
            // What was before it is broken, and said to be.
            None => (seal.first, seal.previous, seal.sealed_at),
        };
        if seal.previous != previous {
            Some("it does not follow the seal before it")
        } else if seal.first != first || seal.last < seal.first {
            Some("its changes do not follow those of the seal before it")
        } else if seal.sealed_at < at {
            Some("it was made before the seal before it")
        } else {
            None
        }
    }

    /// Appends a seal to the tree, and checks its head, the nodes it completes, and the line that was kept of it.
    fn grow(&mut self, read: Option<&ReadSeal>) {
        let Some((read, edge)) = read.zip(self.edge.take()) else {
            return;
        };
        let appended = |hash| {
            let mut edge = edge.clone();
            let completed = edge.append(leaf(hash));
            (edge, completed)
        };
        // Of a seal whose content and hash differ, that one counts by which the tree goes on.
        let (mut edge, mut completed) = appended(read.hash);
        if edge.root() != read.head {
            let other = appended(read.seal.hash());
            if other.0.root() == read.head {
                (edge, completed) = other;
            } else {
                self.seal_fault(read, "its head does not fit the seals up to it");
            }
        }
        for (place, hash) in completed {
            if !self.seals.has_node(place, hash) {
                let (level, place) = place;
                let fault = format!(
                    "node {place} on level {level} of the tree over the seals is missing or does not fit"
                );
                self.seal_fault(read, &fault);
            }
        }
        let published = Published {
            seals: edge.size(),
            changes: read.seal.last,
            head: edge.root(),
            at: read.seal.sealed_at,
        };
        if let Some(kept) = self.kept.filter(|kept| kept.seals == published.seals)
            && *kept != published
        {
            self.seal_fault(
                read,
                "up to here it is not the record of which the line was kept",
            );
        }
        self.findings.published = Some(published);
        self.edge = Some(edge);
    }

    /// Checks the root of the seal that the walk leaves.
    fn close(&mut self) {
        let Some(open) = self.open.take() else { return };
        let Some(sound) = open.sound else { return };
        let seal = &sound.seal;
        let leaves: Option<Vec<Hash>> = open.leaves.into_iter().collect();
        // What is missing in it was said to be.
        let whole = leaves.filter(|leaves| leaves.len() as u64 == seal.last - seal.first + 1);
        if whole.is_some_and(|leaves| merkle::root(&leaves) != seal.root) {
            self.seal_fault(&sound, "its root does not fit its changes");
        }
    }

    /// Checks what comes after the last change of the order.
    async fn end(&mut self, conn: &mut Conn) -> Result<()> {
        loop {
            let last = self.open.as_ref().and_then(|open| open.sound.as_ref());
            if let Some(last) = last.map(|sound| sound.seal.last) {
                self.gap(last + 1);
            }
            self.close();
            match self.seals.next(conn, self.number).await? {
                Some(next) if next == self.number => self.open(conn).await?,
                Some(next) => {
                    self.findings
                        .fault(format!("seal {next}: stands outside the order"));
                    break;
                }
                None => break,
            }
        }
        self.findings.seals = self.number;
        self.nodes(conn).await?;
        let followed = self.findings.published.as_ref().map_or(0, |to| to.seals);
        if let Some(kept) = self.kept.filter(|kept| kept.seals > followed) {
            self.findings.fault(format!(
                "the line that was kept is of {} seals, but the record can be followed for {followed} only",
                kept.seals
            ));
        }
        Ok(())
    }

    /// Checks that the tree has no nodes but those that were looked at.
    async fn nodes(&mut self, conn: &mut Conn) -> Result<()> {
        let nodes: i64 =
            on!(conn, c => seal_node::table.count().get_result(c).await).map_err(internal)?;
        // Every seal joins two subtrees, but for those with which the right edge begins anew.
        let wanted = self.number - u64::from(self.number.count_ones());
        if self.edge.is_some() && nodes.unsigned_abs() != wanted {
            self.findings.fault(format!(
                "the tree over the seals has {nodes} nodes, but {wanted} belong to it"
            ));
        }
        Ok(())
    }
}
