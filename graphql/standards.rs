//! Standards that were read together, and what is read and worked out for all of them at once.

use crate::adopter::{self, Listed};
use crate::asked::{Asked, blocking};
use crate::change::{self, Changes};
use crate::error::Result;
use crate::figure::{Cut, Known};
use crate::once::{Once, by, distinct};
use crate::page::{Connection, Forward, Total, Wanted};
use crate::provision::Provisions;
use crate::series::{self, Lines};
use crate::snapshot::Snapshots;
use crate::standard::Standard;
use analytics::adoption::Figure;
use analytics::history::History;
use chrono::NaiveDate;
use domain::Error;
use domain::id::StandardId;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use store::figure::Sector;
use store::standard::{Filter, Standard as Row};
use store::standard::{Stage, Version};

/// The name of this list in its cursors.
const LIST: &str = "standards by title";

type Rows = HashMap<StandardId, Arc<Row>>;

/// Something for each standard.
pub(crate) type Each<T> = Arc<HashMap<StandardId, T>>;

/// Standards that were read, or will be read, together.
pub(crate) struct Standards {
    /// The request.
    pub(crate) asked: Arc<Asked>,
    ids: Vec<StandardId>,
    rows: Once<(), Arc<Rows>>,
    stages: Once<(), Each<Vec<Stage>>>,
    versions: Once<(), Each<Vec<Version>>>,
    superseded: Once<(), Arc<Standards>>,
    provisions: Once<(), Arc<Provisions>>,
    histories: Once<Known, Each<History>>,
    figures: Once<Cut, Each<Figure>>,
    reasons: Once<NaiveDate, Each<BTreeMap<u8, u32>>>,
    lines: Once<series::Wanted, Each<Lines>>,
    changes: Once<change::Wanted, Arc<Changes>>,
    listed: Once<adopter::Wanted, Arc<Listed>>,
    snapshots: Once<Forward, Arc<Snapshots>>,
}

impl Standards {
    /// Standards to be read when the first of them is wanted.
    pub(crate) fn named(
        asked: &Arc<Asked>,
        ids: impl IntoIterator<Item = StandardId>,
    ) -> Arc<Self> {
        Arc::new(Self::with(asked, distinct(ids), Once::default()))
    }

    /// Standards that were read.
    pub(crate) fn read(asked: &Arc<Asked>, rows: impl IntoIterator<Item = Row>) -> Arc<Self> {
        let rows: Rows = rows
            .into_iter()
            .map(|row| (row.id, Arc::new(row)))
            .collect();
        let ids = distinct(rows.keys().copied());
        Arc::new(Self::with(asked, ids, Once::with(Arc::new(rows))))
    }

    fn with(asked: &Arc<Asked>, ids: Vec<StandardId>, rows: Once<(), Arc<Rows>>) -> Self {
        Self {
            asked: Arc::clone(asked),
            ids,
            rows,
            stages: Once::default(),
            versions: Once::default(),
            superseded: Once::default(),
            provisions: Once::default(),
            histories: Once::default(),
            figures: Once::default(),
            reasons: Once::default(),
            lines: Once::default(),
            changes: Once::default(),
            listed: Once::default(),
            snapshots: Once::default(),
        }
    }

    async fn rows(&self) -> Result<Arc<Rows>> {
        let read = || {
            Box::pin(async {
                let rows =
                    store::standard::by_ids(&mut self.asked.read().await?, &self.ids).await?;
                Ok(Arc::new(
                    rows.into_iter()
                        .map(|row| (row.id, Arc::new(row)))
                        .collect(),
                ))
            })
        };
        self.rows.get((), read).await
    }

    /// One of them; `None` when there is no such standard.
    pub(crate) async fn find(self: &Arc<Self>, id: StandardId) -> Result<Option<Standard>> {
        let row = self.rows().await?.get(&id).cloned();
        Ok(row.map(|row| Standard {
            row,
            together: Arc::clone(self),
        }))
    }

    /// One of them that something else refers to.
    pub(crate) async fn get(self: &Arc<Self>, id: StandardId) -> Result<Standard> {
        let missing = || Error::internal(format!("standard {id} is referred to and not there"));
        Ok(self.find(id).await?.ok_or_else(missing)?)
    }

    /// The stages of each, the earliest first.
    pub(crate) async fn stages(&self) -> Result<Each<Vec<Stage>>> {
        let read = || {
            Box::pin(async {
                let rows =
                    store::standard::stages(&mut self.asked.read().await?, &self.ids).await?;
                Ok(Arc::new(by(rows, |row| row.standard_id)))
            })
        };
        self.stages.get((), read).await
    }

    /// The versions of each, the earliest first.
    pub(crate) async fn versions(&self) -> Result<Each<Vec<Version>>> {
        let read = || {
            Box::pin(async {
                let rows =
                    store::standard::versions(&mut self.asked.read().await?, &self.ids).await?;
                Ok(Arc::new(by(rows, |row| row.standard_id)))
            })
        };
        self.versions.get((), read).await
    }

    /// The standards that these take the place of.
    pub(crate) async fn superseded(&self) -> Result<Arc<Self>> {
        let name = || {
            Box::pin(async {
                let rows = self.rows().await?;
                Ok(Self::named(
                    &self.asked,
                    rows.values().filter_map(|row| row.supersedes_id),
                ))
            })
        };
        self.superseded.get((), name).await
    }

    /// The provisions of each.
    pub(crate) async fn provisions(&self) -> Result<Arc<Provisions>> {
        self.provisions
            .get((), || Box::pin(Provisions::of(&self.asked, &self.ids)))
            .await
    }

    /// The whole history of each, as it was known.
    async fn histories(&self, known: Known) -> Result<Each<History>> {
        let read = || {
            Box::pin(async {
                let (sector, ids) = (self.asked.sector().await?, self.ids.clone());
                let work = async move |conn: &mut store::Conn| {
                    let histories =
                        store::figure::histories(conn, &sector, &ids, known.at, known.min_grade);
                    Ok(Arc::new(histories.await?))
                };
                self.asked.wide(work).await
            })
        };
        self.histories.get(known, read).await
    }

    /// Works something out of the history of each.
    pub(crate) async fn work_out<T: Send + 'static>(
        &self,
        known: Known,
        work: impl Fn(StandardId, &Sector, &History) -> T + Send + 'static,
    ) -> Result<HashMap<StandardId, T>> {
        let (sector, histories) = (self.asked.sector().await?, self.histories(known).await?);
        blocking(move || {
            Ok(histories
                .iter()
                .map(|(id, history)| (*id, work(*id, &sector, history)))
                .collect())
        })
        .await
    }

    /// The figure of each.
    pub(crate) async fn figures(&self, cut: Cut) -> Result<Each<Figure>> {
        let work = || {
            Box::pin(async {
                let figure = move |_, sector: &Sector, history: &History| {
                    let members = cut.group.map(|group| sector.members(group));
                    analytics::adoption::figure(history, cut.as_of, members)
                };
                Ok(Arc::new(self.work_out(cut.known, figure).await?))
            })
        };
        self.figures.get(cut, work).await
    }

    /// How many bodies each applies to, by the rank of the strongest reason.
    pub(crate) async fn reasons(&self, day: NaiveDate) -> Result<Each<BTreeMap<u8, u32>>> {
        let work = || {
            Box::pin(async {
                let known = Known {
                    at: self.asked.now,
                    min_grade: None,
                };
                let reasons = move |_, _: &Sector, history: &History| {
                    analytics::adoption::reasons(history, day)
                };
                Ok(Arc::new(self.work_out(known, reasons).await?))
            })
        };
        self.reasons.get(day, work).await
    }

    /// The lines of each.
    pub(crate) async fn lines(&self, wanted: series::Wanted) -> Result<Each<Lines>> {
        self.lines
            .get(wanted, || Box::pin(Lines::work_out(self, wanted)))
            .await
    }

    /// The change of each.
    pub(crate) async fn changes(&self, wanted: change::Wanted) -> Result<Arc<Changes>> {
        self.changes
            .get(wanted, || Box::pin(Changes::work_out(self, wanted)))
            .await
    }

    /// The bodies that each applies to.
    pub(crate) async fn listed(&self, wanted: adopter::Wanted) -> Result<Arc<Listed>> {
        let work = || Box::pin(Listed::work_out(self, wanted.clone()));
        self.listed.get(wanted.clone(), work).await
    }

    /// A page of the snapshots of each.
    pub(crate) async fn snapshots(&self, wanted: Forward) -> Result<Arc<Snapshots>> {
        let read = || Box::pin(Snapshots::newest(&self.asked, &self.ids, wanted.clone()));
        self.snapshots.get(wanted.clone(), read).await
    }
}

/// One page of the standards that a filter lets through, by title.
pub(crate) async fn page(
    asked: &Arc<Asked>,
    filter: Filter,
    wanted: &Wanted,
) -> Result<Connection<Standard>> {
    let page = wanted.page(LIST)?;
    let rows = store::standard::page(&mut asked.read().await?, &filter, &page).await?;
    let together = Standards::read(asked, rows.rows.iter().cloned());
    let node = |row| Standard {
        row: Arc::new(row),
        together: Arc::clone(&together),
    };
    let nodes = store::page::Rows {
        rows: rows.rows.into_iter().map(node).collect(),
        more: rows.more,
    };
    let asked = Arc::clone(asked);
    let total = Total::counted(move || {
        let (asked, filter) = (Arc::clone(&asked), filter.clone());
        async move { Ok(store::standard::count(&mut asked.read().await?, &filter).await?) }
    });
    Ok(Connection::new(
        LIST,
        &page,
        nodes,
        total,
        |node: &Standard| (node.row.title_key().to_owned(), node.row.id.to_string()),
    ))
}
