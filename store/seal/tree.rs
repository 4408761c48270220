//! The tree over all seals: its complete subtrees, of which a head or a proof needs a few.

use super::{read, signed, unsigned};
use crate::Conn;
use crate::conn::internal;
use crate::schema::{seal, seal_node};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::merkle::{self, Edge, Hash, Place};
use domain::seal::leaf;
use domain::{Error, Result};
use std::collections::HashMap;

/// The right edge of the tree over the first `size` seals.
pub(super) async fn edge(conn: &mut Conn, size: u64) -> Result<Edge> {
    let places = merkle::peaks((0, size));
    let found = nodes(conn, &places).await?;
    Ok(Edge::new(size, picked(&found, &places)?))
}

/// The hashes at these places, in their order.
pub(super) fn picked(found: &HashMap<Place, Hash>, places: &[Place]) -> Result<Vec<Hash>> {
    places
        .iter()
        .map(|place| {
            found.get(place).copied().ok_or_else(|| {
                Error::internal(format!(
                    "the tree of seals has no node {place:?}; run a check"
                ))
            })
        })
        .collect()
}

/// Reads the complete subtrees at these places: the leaves from the seals, the others from their own table.
pub(super) async fn nodes(conn: &mut Conn, places: &[Place]) -> Result<HashMap<Place, Hash>> {
    let mut found = HashMap::new();
    let mut numbers = Vec::new();
    let mut above = Vec::new();
    for (level, place) in places {
        match level {
            0 => numbers.push(signed(*place)?),
            _ => above.push((
                i32::try_from(*level).map_err(Error::internal)?,
                signed(*place)?,
            )),
        }
    }
    if !numbers.is_empty() {
        let rows: Vec<(i64, String)> = on!(conn, c => seal::table
            .filter(seal::number.eq_any(&numbers))
            .select((seal::number, seal::hash))
            .load(c)
            .await)
        .map_err(internal)?;
        for (number, hash) in rows {
            found.insert((0, unsigned(number)?), leaf(read(&hash)?));
        }
    }
    if !above.is_empty() {
        let rows: Vec<(i32, i64, String)> = on!(conn, c => {
            let mut query = seal_node::table.select((seal_node::level, seal_node::place, seal_node::hash)).into_boxed();
            for (level, place) in &above {
                query = query.or_filter(seal_node::level.eq(level).and(seal_node::place.eq(place)));
            }
            query.load(c).await
        })
        .map_err(internal)?;
        for (level, place, hash) in rows {
            let level = u32::try_from(level).map_err(Error::internal)?;
            found.insert((level, unsigned(place)?), read(&hash)?);
        }
    }
    Ok(found)
}
