//! Snapshots: kept results of an analytic.

use crate::asked::Asked;
use crate::error::Result;
use crate::id::Key;
use crate::method::Method;
use crate::once::by;
use crate::page::{Connection, Forward, Total};
use crate::scalar::{Date, DateTime};
use crate::standard::Standard;
use crate::standards::Standards;
use async_graphql::{ID, Json, Object};
use domain::Error;
use domain::id::{SnapshotId, StandardId};
use std::collections::HashMap;
use std::sync::Arc;
use store::page::{Page, Rows};
use store::snapshot::Snapshot as Row;

/// The name of this list in its cursors.
pub(crate) const LIST: &str = "snapshots, newest first";

/// What names a snapshot.
pub(crate) type SnapshotKey = (StandardId, SnapshotId);

/// Snapshots that were read together, and of lists the page of each standard.
pub(crate) struct Snapshots {
    rows: HashMap<SnapshotKey, Arc<Row>>,
    pages: HashMap<StandardId, (Rows<SnapshotKey>, usize)>,
    standards: Arc<Standards>,
}

impl Snapshots {
    /// Reads the snapshots with these keys.
    pub(crate) async fn named(asked: &Arc<Asked>, keys: &[SnapshotKey]) -> Result<Arc<Self>> {
        Self::read(asked, keys, HashMap::new()).await
    }

    /// Reads a page of each of these standards, the newest first: two statements, however many standards there are.
    pub(crate) async fn newest(
        asked: &Arc<Asked>,
        standards: &[StandardId],
        wanted: Forward,
    ) -> Result<Arc<Self>> {
        let keys = store::snapshot::keys(&mut asked.read().await?, standards).await?;
        let page = wanted.page();
        let pages: HashMap<_, _> = by(keys, |key| key.0)
            .into_iter()
            .map(|(standard, keys)| (standard, (cut(&keys, &page), keys.len())))
            .collect();
        let keys: Vec<SnapshotKey> = pages
            .values()
            .flat_map(|(page, _)| page.rows.iter().copied())
            .collect();
        Self::read(asked, &keys, pages).await
    }

    async fn read(
        asked: &Arc<Asked>,
        keys: &[SnapshotKey],
        pages: HashMap<StandardId, (Rows<SnapshotKey>, usize)>,
    ) -> Result<Arc<Self>> {
        let rows = match keys {
            [] => Vec::new(),
            _ => store::snapshot::by_keys(&mut asked.read().await?, keys).await?,
        };
        Ok(Arc::new(Self {
            standards: Standards::named(asked, rows.iter().map(|row| row.standard_id)),
            rows: rows
                .into_iter()
                .map(|row| ((row.standard_id, row.id), Arc::new(row)))
                .collect(),
            pages,
        }))
    }

    /// One of them; `None` when there is no such snapshot.
    pub(crate) fn find(self: &Arc<Self>, key: SnapshotKey) -> Option<Snapshot> {
        let row = Arc::clone(self.rows.get(&key)?);
        Some(Snapshot {
            row,
            together: Arc::clone(self),
        })
    }

    /// The page of one standard.
    pub(crate) fn page(
        self: &Arc<Self>,
        standard: StandardId,
        page: &Page,
    ) -> Connection<Snapshot> {
        let (keys, more, total) = match self.pages.get(&standard) {
            Some((keys, total)) => (keys.rows.as_slice(), keys.more, *total),
            None => (&[] as &[SnapshotKey], false, 0),
        };
        let rows = keys.iter().filter_map(|key| self.find(*key)).collect();
        Connection::new(
            LIST,
            page,
            Rows { rows, more },
            Total::Known(total),
            |snapshot: &Snapshot| (String::new(), snapshot.row.id.to_string()),
        )
    }
}

/// The page of keys that go from the newest to the oldest.
fn cut(keys: &[SnapshotKey], page: &Page) -> Rows<SnapshotKey> {
    let is_shown = |key: &SnapshotKey| {
        page.after
            .as_ref()
            .is_none_or(|after| key.1.to_string() < after.id)
    };
    let rest: Vec<SnapshotKey> = keys.iter().copied().filter(is_shown).collect();
    let limit = page.limit as usize;
    Rows {
        more: rest.len() > limit,
        rows: rest.into_iter().take(limit).collect(),
    }
}

/// A snapshot, and those that were read with it.
#[derive(Clone)]
pub struct Snapshot {
    row: Arc<Row>,
    together: Arc<Snapshots>,
}

impl Snapshot {
    fn whole(&self) -> Result<serde_json::Value> {
        Ok(serde_json::from_str(&self.row.body).map_err(Error::internal)?)
    }
}

/// A kept figure of one standard: never changed, with its cut-offs and the version of its method.
#[Object]
impl Snapshot {
    /// Its opaque id.
    pub(crate) async fn id(&self) -> ID {
        Key::Snapshot(self.row.standard_id, self.row.id).id()
    }

    /// The standard.
    async fn standard(&self) -> Result<Standard> {
        self.together.standards.get(self.row.standard_id).await
    }

    /// How it was worked out, in the version of that time.
    async fn method(&self) -> Method {
        Method::kept(&self.row.method, self.row.method_version)
    }

    /// The day it speaks of, UTC.
    async fn as_of(&self) -> Date {
        Date(self.row.as_of)
    }

    /// Only what was recorded by then counts.
    async fn known_at(&self) -> DateTime {
        DateTime(self.row.known_at)
    }

    /// How many bodies the standard applied to, the exempt ones included.
    async fn eligible(&self) -> i64 {
        self.row.eligible
    }

    /// How many of them had adopted it.
    async fn adopted(&self) -> i64 {
        self.row.adopted
    }

    /// How many of them were exempt.
    async fn exempt(&self) -> i64 {
        self.row.exempt
    }

    /// Of how many of them nothing was known.
    async fn unknown(&self) -> i64 {
        self.row.unknown
    }

    /// adopted / (eligible − exempt), from 0 to 1; null where no body was left to count.
    async fn rate(&self) -> Option<f64> {
        let bound = self.row.eligible - self.row.exempt;
        // Exact: numbers of bodies lie far below 2^53.
        (bound > 0).then(|| self.row.adopted as f64 / bound as f64)
    }

    /// The rate by population, over the bodies whose population was known; null where there was none.
    async fn coverage(&self) -> Result<Option<f64>> {
        Ok(self.whole()?["whole"]["coverage"].as_f64())
    }

    /// The whole figure, by state and by group.
    async fn body(&self) -> Result<Json<serde_json::Value>> {
        Ok(Json(self.whole()?))
    }
}
