//! One request: who asks, at what instant, over which store, and what it has read of the sector so far.

use crate::Timetable;
use crate::desk::Desk;
use crate::error::Result;
use crate::once::Once;
use crate::refused::Refusals;
use crate::scalar::{Date, DateTime};
use async_graphql::Context;
use chrono::{NaiveDate, NaiveDateTime};
use domain::Error;
use domain::policy::Viewer;
use std::sync::Arc;
use store::figure::Sector;
use store::{Conn, Store};
use tokio::runtime::Handle;
use tokio::task::spawn_blocking;

/// What every resolver of a request may use.
pub(crate) struct Asked {
    /// Where the data is.
    pub(crate) store: Store,
    /// Who asks.
    pub(crate) viewer: Viewer,
    /// What the timetable of jobs says.
    pub(crate) timetable: Timetable,
    /// What this request shares with all others.
    pub(crate) desk: Arc<Desk>,
    /// What this request was refused so far.
    pub(crate) refusals: Arc<Refusals>,
    /// The one instant of the request, UTC: every default of `asOf` and `knownAt` comes from it.
    pub(crate) now: NaiveDateTime,
    sector: Once<(), Arc<Sector>>,
}

impl Asked {
    /// A request that begins now.
    pub(crate) fn new(desk: Arc<Desk>, viewer: Viewer, refusals: Arc<Refusals>) -> Arc<Self> {
        Arc::new(Self {
            store: desk.store.clone(),
            viewer,
            timetable: desk.timetable,
            desk,
            refusals,
            now: store::now(),
            sector: Once::default(),
        })
    }

    /// The same viewer, who now sees what was recorded meanwhile: for what hangs on the answer of a mutation.
    pub(crate) fn renewed(&self) -> Arc<Self> {
        let (desk, refusals) = (Arc::clone(&self.desk), Arc::clone(&self.refusals));
        Self::new(desk, self.viewer.clone(), refusals)
    }

    /// That of the present request.
    pub(crate) fn of<'a>(ctx: &Context<'a>) -> &'a Arc<Self> {
        ctx.data_unchecked::<Arc<Self>>()
    }

    /// The day of the request, UTC.
    pub(crate) fn today(&self) -> NaiveDate {
        self.now.date()
    }

    /// The day a figure speaks of: the one asked for, else today.
    pub(crate) fn as_of(&self, asked: Option<Date>) -> NaiveDate {
        asked.map_or_else(|| self.today(), |day| day.0)
    }

    /// The cut-off of what was known: the one asked for, but no later than the request itself, since a figure must
    /// come out the same when it is asked for again.
    pub(crate) fn known_at(&self, asked: Option<DateTime>) -> NaiveDateTime {
        asked.map_or(self.now, |moment| moment.0.min(self.now))
    }

    /// A connection for short reads.
    pub(crate) async fn read(&self) -> Result<Conn> {
        Ok(self.store.read().await?)
    }

    /// Every body and group, read once in a request.
    pub(crate) async fn sector(&self) -> Result<Arc<Sector>> {
        let load = || Box::pin(self.wide(async |conn| Ok(Arc::new(Sector::load(conn).await?))));
        self.sector.get((), load).await
    }

    /// Runs a wide read, and what is worked out from it, away from the threads that answer requests.
    pub(crate) async fn wide<T: Send + 'static>(
        &self,
        work: impl AsyncFnOnce(&mut Conn) -> domain::Result<T> + Send + 'static,
    ) -> Result<T> {
        let mut conn = self.store.read_wide().await?;
        let runtime = Handle::current();
        blocking(move || runtime.block_on(work(&mut conn))).await
    }
}

/// Runs heavy maths away from the threads that answer requests.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> domain::Result<T> + Send + 'static,
) -> Result<T> {
    Ok(spawn_blocking(work).await.map_err(Error::internal)??)
}
