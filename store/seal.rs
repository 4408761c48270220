//! The order of the record: seals put changes into a sequence without gaps, and prove what stands in it.

mod tree;

use crate::Conn;
use crate::activity::SealedRow;
use crate::change::{ChangeRow, Waiting};
use crate::conn::internal;
use crate::schema::{change, seal, seal_node, sealed, unsealed};
use chrono::{NaiveDateTime, TimeDelta};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::id::ChangeId;
use domain::merkle::{self, Hash, Place};
use domain::policy::{Action, Granted};
use domain::proof::{FORM, Proof};
use domain::seal::{Published, Seal, leaf};
use domain::{Error, Result};
use tree::{edge, nodes, picked};

/// How many changes one seal holds at most, on PostgreSQL.
const MOST: i64 = 4_096;
/// The same on SQLite, whose writers wait for one another: its seals are written by few statements.
const MOST_SQLITE: i64 = crate::CHUNK as i64;

/// A seal as it is stored.
#[derive(Queryable, Selectable, Insertable, Debug, Clone)]
#[diesel(table_name = seal)]
struct SealRow {
    number: i64,
    first: i64,
    last: i64,
    root: String,
    previous: String,
    sealed_at: NaiveDateTime,
    hash: String,
    head: String,
}

impl SealRow {
    fn new(seal: &Seal, head: Hash) -> Result<Self> {
        Ok(Self {
            number: signed(seal.number)?,
            first: signed(seal.first)?,
            last: signed(seal.last)?,
            root: seal.root.to_string(),
            previous: seal.previous.to_string(),
            sealed_at: seal.sealed_at,
            hash: seal.hash().to_string(),
            head: head.to_string(),
        })
    }

    fn seal(&self) -> Result<Seal> {
        Ok(Seal {
            number: unsigned(self.number)?,
            first: unsigned(self.first)?,
            last: unsigned(self.last)?,
            root: read(&self.root)?,
            previous: read(&self.previous)?,
            sealed_at: self.sealed_at,
        })
    }

    fn published(&self) -> Result<Published> {
        Ok(Published {
            seals: unsigned(self.number)? + 1,
            changes: unsigned(self.last)?,
            head: read(&self.head)?,
            at: self.sealed_at,
        })
    }
}

/// A complete subtree over the seals, above its leaves.
#[derive(Insertable, Debug, Clone)]
#[diesel(table_name = seal_node)]
struct NodeRow {
    level: i32,
    place: i64,
    hash: String,
}

fn signed(number: u64) -> Result<i64> {
    i64::try_from(number).map_err(Error::internal)
}

/// A hash as it is stored: one that cannot be read is no fault of whoever asks.
fn read(hash: &str) -> Result<Hash> {
    hash.parse::<Hash>().map_err(Error::internal)
}

fn unsigned(number: i64) -> Result<u64> {
    u64::try_from(number).map_err(Error::internal)
}

/// How many changes one seal holds at most.
pub fn most(conn: &Conn) -> u64 {
    let most = match conn {
        Conn::Postgres(_) => MOST,
        Conn::Sqlite(_) => MOST_SQLITE,
    };
    most.unsigned_abs()
}

/// Seals the next changes that wait, up to [`most`], in the order of their ids; how many those were. 0 when none
/// waits, or another sealer claimed the number first: then nothing is written.
///
/// It runs in a write transaction. On PostgreSQL no writer waits for it: it touches no row of theirs but the queue's,
/// which are committed and nobody else's.
///
/// # Errors
/// [`Error::Internal`] when the database fails, or a change that waits has no hash that could be sealed.
pub async fn seal_next(conn: &mut Conn, granted: &Granted, now: NaiveDateTime) -> Result<u64> {
    granted.require(Action::SealRecord)?;
    // First the last seal, then what waits: whatever another sealer does in between, the claim below then fails.
    let last = last(conn).await?;
    let waiting = waiting(conn).await?;
    if waiting.is_empty() {
        return Ok(0);
    }
    let leaves = waiting
        .iter()
        .map(|Waiting { id, hash, .. }| {
            let hash: Hash = hash
                .parse()
                .map_err(|_| Error::internal(format!("change {id} has no hash to be sealed")))?;
            Ok(leaf(hash))
        })
        .collect::<Result<Vec<Hash>>>()?;
    let seal = next(last.as_ref(), &leaves, now)?;
    let mut edge = edge(conn, seal.number).await?;
    let completed = edge.append(seal.leaf());
    if !claim(conn, &SealRow::new(&seal, edge.root())?).await? {
        return Ok(0);
    }
    write(conn, &seal, &waiting, completed).await?;
    Ok(waiting.len() as u64)
}

/// The seal that follows `last`, over these leaves.
fn next(last: Option<&SealRow>, leaves: &[Hash], now: NaiveDateTime) -> Result<Seal> {
    let last = last.map(SealRow::seal).transpose()?;
    let first = last.as_ref().map_or(1, |last| last.last + 1);
    Ok(Seal {
        number: last.as_ref().map_or(0, |last| last.number + 1),
        first,
        last: first + leaves.len() as u64 - 1,
        root: merkle::root(leaves),
        previous: last.as_ref().map_or(Hash::of(b""), Seal::hash),
        // The clocks of several copies differ; the record's goes forward only, so that a moment tells seals apart.
        sealed_at: last.map_or(now, |last| {
            now.max(last.sealed_at + TimeDelta::microseconds(1))
        }),
    })
}

/// Writes the seal, unless another sealer wrote one with its number first.
async fn claim(conn: &mut Conn, row: &SealRow) -> Result<bool> {
    let written = on!(conn, c => diesel::insert_into(seal::table)
        .values(row)
        .on_conflict_do_nothing()
        .execute(c)
        .await)
    .map_err(internal)?;
    Ok(written == 1)
}

/// Writes what belongs to a seal, and takes its changes out of the queue.
async fn write(
    conn: &mut Conn,
    seal: &Seal,
    waiting: &[Waiting],
    completed: Vec<(Place, Hash)>,
) -> Result<()> {
    let (first, number) = (signed(seal.first)?, signed(seal.number)?);
    let rows: Vec<SealedRow> = (first..)
        .zip(waiting)
        .map(|(sequence, change)| SealedRow::new(sequence, number, change))
        .collect();
    let nodes = completed
        .into_iter()
        .map(|((level, place), hash)| {
            Ok(NodeRow {
                level: i32::try_from(level).map_err(Error::internal)?,
                place: signed(place)?,
                hash: hash.to_string(),
            })
        })
        .collect::<Result<Vec<_>>>()?;
    let _sealed: usize = insert_rows!(conn, sealed::table, rows);
    let _nodes: usize = insert_rows!(conn, seal_node::table, nodes);
    let of_seal = sealed::table
        .filter(sealed::sequence.between(first, signed(seal.last)?))
        .select(sealed::change_id);
    let gone =
        on!(conn, c => diesel::delete(unsealed::table.filter(unsealed::change_id.eq_any(of_seal)))
        .execute(c)
        .await)
        .map_err(internal)?;
    if gone == waiting.len() {
        return Ok(());
    }
    Err(Error::internal(format!(
        "{} changes were sealed, but {gone} of them waited for it",
        waiting.len()
    )))
}

/// The changes that wait, by id.
async fn waiting(conn: &mut Conn) -> Result<Vec<Waiting>> {
    let most = signed(most(conn))?;
    on!(conn, c => unsealed::table
        .inner_join(change::table.on(change::id.eq(unsealed::change_id)))
        .select(Waiting::as_select())
        .order(unsealed::change_id.asc())
        .limit(most)
        .load(c)
        .await)
    .map_err(internal)
}

/// The last seal.
async fn last(conn: &mut Conn) -> Result<Option<SealRow>> {
    on!(conn, c => seal::table
        .select(SealRow::as_select())
        .order(seal::number.desc())
        .first(c)
        .await
        .optional())
    .map_err(internal)
}

/// Whether a change waits for its seal.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn waits(conn: &mut Conn) -> Result<bool> {
    let first: Option<ChangeId> = on!(conn, c => unsealed::table
        .inner_join(change::table.on(change::id.eq(unsealed::change_id)))
        .select(unsealed::change_id)
        .first(c)
        .await
        .optional())
    .map_err(internal)?;
    Ok(first.is_some())
}

/// The newest line to be published; `None` while nothing is sealed.
///
/// # Errors
/// [`Error::Internal`] when the database fails or the last seal cannot be read.
pub async fn published(conn: &mut Conn) -> Result<Option<Published>> {
    last(conn).await?.map(|row| row.published()).transpose()
}

/// The proof that a change stands in the record of so many seals; of all there are when it is not said.
///
/// # Errors
/// [`Error::NotFound`] for an unknown change; [`Error::Conflict`] for one that waits for its seal; [`Error::Invalid`]
/// when there are fewer seals, or that many did not hold it yet; [`Error::Internal`] when the database fails.
pub async fn proof(conn: &mut Conn, id: ChangeId, seals: Option<i64>) -> Result<Proof> {
    let row: ChangeRow = on!(conn, c => change::table
        .find(id)
        .select(ChangeRow::as_select())
        .first(c)
        .await
        .optional())
    .map_err(internal)?
    .ok_or_else(|| Error::not_found("change", id.to_string()))?;
    let place: Option<(i64, SealRow)> = on!(conn, c => sealed::table
        .inner_join(seal::table.on(seal::number.eq(sealed::seal)))
        .filter(sealed::change_id.eq(id))
        .select((sealed::sequence, SealRow::as_select()))
        .first(c)
        .await
        .optional())
    .map_err(internal)?;
    let (sequence, holder) = place.ok_or_else(|| {
        Error::Conflict("This change waits for its seal; ask again in a few seconds.".to_owned())
    })?;
    let newest = last(conn).await?.map_or(0, |row| row.number + 1);
    let seals = seals.unwrap_or(newest);
    if seals <= holder.number || seals > newest {
        let from = holder.number + 1;
        return Err(Error::invalid(
            "seals",
            format!("This change is proven in a record of {from} to {newest} seals."),
        ));
    }
    let leaves: Vec<Hash> = hashes(conn, &holder).await?.into_iter().map(leaf).collect();
    let (seal, seals) = (holder.seal()?, unsigned(seals)?);
    let sequence = unsigned(sequence)?;
    let ways = merkle::siblings(seal.number, seals);
    let whole = merkle::peaks((0, seals));
    let parts: Vec<Vec<Place>> = ways.into_iter().map(merkle::peaks).collect();
    let wanted: Vec<Place> = parts.iter().flatten().chain(&whole).copied().collect();
    let found = nodes(conn, &wanted).await?;
    Ok(Proof {
        proof: FORM,
        hash: read(row.hash())?,
        change: Some(row.change()),
        sequence,
        path: merkle::path(&leaves, (sequence - seal.first) as usize),
        seals,
        seal_path: parts
            .iter()
            .map(|places| Ok(merkle::root_of_peaks(&picked(&found, places)?)))
            .collect::<Result<_>>()?,
        head: merkle::root_of_peaks(&picked(&found, &whole)?),
        seal,
    })
}

/// The hashes of the changes of a seal, in their order.
async fn hashes(conn: &mut Conn, seal: &SealRow) -> Result<Vec<Hash>> {
    let rows: Vec<String> = on!(conn, c => sealed::table
        .inner_join(change::table.on(change::id.eq(sealed::change_id)))
        .filter(sealed::sequence.between(seal.first, seal.last))
        .select(change::hash)
        .order(sealed::sequence.asc())
        .load(c)
        .await)
    .map_err(internal)?;
    rows.iter().map(|hash| read(hash)).collect()
}
