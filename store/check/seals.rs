//! Reads the seals and the nodes over them in their order, a page at a time.

use super::raw::{Raw, RawNode, RawSeal};
use crate::Conn;
use crate::conn::internal;
use crate::schema::{seal, seal_node};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::merkle::{Hash, Place};
use domain::{Error, Result};
use std::collections::{HashMap, VecDeque};

/// Seals in one statement.
const PAGE: u64 = 500;

/// The seals that were read ahead, and the nodes that they complete.
#[derive(Default)]
pub(super) struct Seals {
    ahead: VecDeque<(u64, RawSeal)>,
    ended: bool,
    nodes: HashMap<Place, Raw>,
}

impl Seals {
    /// The seal with this number. Numbers are asked for in their order.
    pub(super) async fn take(&mut self, conn: &mut Conn, number: u64) -> Result<Option<RawSeal>> {
        if self.next(conn, number).await? != Some(number) {
            return Ok(None);
        }
        Ok(self.ahead.pop_front().map(|(_, seal)| seal))
    }

    /// The number of the next seal, from `number` on.
    pub(super) async fn next(&mut self, conn: &mut Conn, number: u64) -> Result<Option<u64>> {
        if self.ahead.is_empty() && !self.ended {
            self.read(conn, number).await?;
        }
        Ok(self.ahead.front().map(|(number, _)| *number))
    }

    async fn read(&mut self, conn: &mut Conn, from: u64) -> Result<()> {
        let Ok(first) = i64::try_from(from) else {
            self.ended = true;
            return Ok(());
        };
        let rows: Vec<RawSeal> = on!(conn, c => seal::table
            .filter(seal::number.ge(first))
            .select(RawSeal::as_select())
            .order(seal::number.asc())
            .limit(PAGE as i64)
            .load(c)
            .await)
        .map_err(internal)?;
        self.ended = (rows.len() as u64) < PAGE;
        let read = rows
            .into_iter()
            .filter_map(|row| Some((row.number.exactly()?, row)));
        self.ahead.extend(read);
        if let Some((last, _)) = self.ahead.back() {
            self.nodes = nodes(conn, from, *last).await?;
        }
        Ok(())
    }

    /// Whether this node over the last seal that was taken stands as it should.
    pub(super) fn has_node(&self, place: Place, hash: Hash) -> bool {
        self.nodes.get(&place).and_then(Raw::exactly) == Some(hash)
    }
}

/// The nodes that the seals from `first` to `last` complete.
async fn nodes(conn: &mut Conn, first: u64, last: u64) -> Result<HashMap<Place, Raw>> {
    let signed = |number: u64| i64::try_from(number).map_err(Error::internal);
    let mut ranges = Vec::new();
    for level in 1..=i64::BITS - 2 {
        // The first place that the seals before `first` did not complete, and the first that `last` does not.
        let (from, to) = (first >> level, (last + 1) >> level);
        if to == 0 {
            break;
        }
        ranges.push((
            i32::try_from(level).map_err(Error::internal)?,
            signed(from)?,
            signed(to)?,
        ));
    }
    if ranges.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<RawNode> = on!(conn, c => {
        let mut query = seal_node::table.select(RawNode::as_select()).into_boxed();
        for (level, from, to) in &ranges {
            let on_level = seal_node::place.ge(from).and(seal_node::place.lt(to));
            query = query.or_filter(seal_node::level.eq(level).and(on_level));
        }
        query.load(c).await
    })
    .map_err(internal)?;
    let read = |row: RawNode| Some(((row.level.exactly()?, row.place.exactly()?), row.hash));
    Ok(rows.into_iter().filter_map(read).collect())
}
