//! What projects that were read together said of themselves: each kind read for all of them at once.

use crate::ask::{Ask, Asks};
use crate::asked::Asked;
use crate::error::Result;
use crate::flag::Flag;
use crate::once::{Once, by};
use crate::organisations::Organisations;
use crate::page::{Connection, Forward, Total};
use crate::participation::Participations;
use crate::project::Project;
use crate::project_words::Freshness;
use crate::projects::Projects;
use crate::standards::Standards;
use crate::state::{ProjectDifference, ProjectState};
use crate::status::{StatusUpdate, Updates};
use chrono::{NaiveDate, NaiveTime};
use domain::id::ProjectId;
use std::collections::HashMap;
use std::sync::Arc;
use store::output::Output;
use store::page::{Page, Rows};
use store::state::Stood;
use store::status::StatusKey;

/// The name of the list of a project's updates in its cursors.
pub(crate) const LIST: &str = "status updates, newest first";

/// What was read so far.
#[derive(Default)]
pub(crate) struct Said {
    latest: Once<(), Arc<Updates>>,
    pages: Once<Forward, Arc<Pages>>,
    asks: Once<(), Arc<Asks>>,
    flags: Once<(), Arc<HashMap<ProjectId, Vec<Flag>>>>,
    stood: Once<NaiveDate, Arc<Then>>,
}

/// A page of updates of each project, and how many it has.
struct Pages {
    updates: Arc<Updates>,
    keys: HashMap<ProjectId, (Rows<StatusKey>, usize)>,
}

/// How projects stood on a day, and what is named in that.
struct Then {
    stood: HashMap<ProjectId, Stood>,
    updates: Arc<Updates>,
    participations: Arc<Participations>,
    organisations: Arc<Organisations>,
    standards: Arc<Standards>,
}

fn asked(together: &Projects) -> &Arc<Asked> {
    &together.asked
}

async fn latest(together: &Projects) -> Result<Arc<Updates>> {
    let read = || {
        Box::pin(async {
            let rows = together.rows().await?;
            let keys: Vec<StatusKey> = rows
                .values()
                .filter_map(|row| Some((row.id, row.status_id?)))
                .collect();
            Updates::named(asked(together), &keys).await
        })
    };
    together.said.latest.get((), read).await
}

async fn pages(together: &Projects, wanted: Forward) -> Result<Arc<Pages>> {
    let page = wanted.page();
    let read = || {
        Box::pin(async {
            let ids = together.ids();
            let keys = store::status::keys(&mut asked(together).read().await?, ids).await?;
            let keys: HashMap<ProjectId, (Rows<StatusKey>, usize)> = by(keys, |key| key.0)
                .into_iter()
                .map(|(project, keys)| (project, (cut(&keys, &page), keys.len())))
                .collect();
            let shown: Vec<StatusKey> = keys
                .values()
                .flat_map(|(page, _)| page.rows.iter().copied())
                .collect();
            Ok(Arc::new(Pages {
                updates: Updates::named(asked(together), &shown).await?,
                keys,
            }))
        })
    };
    together.said.pages.get(wanted, read).await
}

/// Cuts a page from keys of which the newest comes first.
fn cut(keys: &[StatusKey], page: &Page) -> Rows<StatusKey> {
    let after = page.after.as_ref();
    let is_shown = |key: &&StatusKey| after.is_none_or(|after| key.1.to_string() < after.id);
    let rest: Vec<StatusKey> = keys.iter().filter(is_shown).copied().collect();
    let limit = page.limit as usize;
    Rows {
        more: rest.len() > limit,
        rows: rest.into_iter().take(limit).collect(),
    }
}

async fn then(together: &Projects, day: NaiveDate) -> Result<Arc<Then>> {
    let read = || {
        Box::pin(async {
            let mut conn = asked(together).read().await?;
            let stood = store::state::on(&mut conn, together.ids(), day).await?;
            let parts = || {
                stood
                    .values()
                    .flat_map(|one| one.participants.iter().cloned())
            };
            let ready = stood.values().flat_map(|one| one.ready.iter());
            Ok(Arc::new(Then {
                updates: Updates::read(
                    asked(together),
                    stood.values().filter_map(|one| one.status.clone()),
                ),
                participations: Arc::new(Participations::new(asked(together), parts().collect())),
                organisations: Organisations::named(
                    asked(together),
                    parts().map(|row| row.organisation_id),
                ),
                standards: Standards::named(
                    asked(together),
                    ready.filter_map(|row| row.standard_id),
                ),
                stood,
            }))
        })
    };
    together.said.stood.get(day, read).await
}

impl Project {
    /// Its newest update.
    pub(crate) async fn newest_status(&self) -> Result<Option<StatusUpdate>> {
        let Some(id) = self.row.status_id else {
            return Ok(None);
        };
        Ok(latest(&self.together).await?.find((self.row.id, id)))
    }

    /// How fresh it is; `None` for one that is over.
    pub(crate) fn how_fresh(&self) -> Option<Freshness> {
        if !self.row.phase.is_open() {
            return None;
        }
        let began = self.row.started_on.and_time(NaiveTime::MIN);
        let last = self.row.status_at.unwrap_or(began);
        let now = self.together.asked.now;
        Some(domain::freshness::Freshness::of(last, self.row.cadence_days, now).into())
    }

    /// A page of its updates.
    pub(crate) async fn updates(&self, wanted: Forward) -> Result<Connection<StatusUpdate>> {
        let page = wanted.page();
        let pages = pages(&self.together, wanted).await?;
        let (keys, more, total) = match pages.keys.get(&self.row.id) {
            Some((keys, total)) => (keys.rows.as_slice(), keys.more, *total),
            None => (&[] as &[StatusKey], false, 0),
        };
        let rows = keys
            .iter()
            .filter_map(|key| pages.updates.find(*key))
            .collect();
        let at = |one: &StatusUpdate| (String::new(), one.row.id.to_string());
        Ok(Connection::new(
            LIST,
            &page,
            Rows { rows, more },
            Total::Known(total),
            at,
        ))
    }

    /// What it asks of others, the newest first.
    pub(crate) async fn all_asks(&self) -> Result<Vec<Ask>> {
        let together = &self.together;
        let read = || {
            Box::pin(async {
                let mut conn = asked(together).read().await?;
                let rows = store::ask::of(&mut conn, together.ids());
                Ok(Asks::read(asked(together), rows.await?))
            })
        };
        Ok(together.said.asks.get((), read).await?.of(self.row.id))
    }

    /// Its flags, the newest first.
    pub(crate) async fn all_flags(&self) -> Result<Vec<Flag>> {
        let together = &self.together;
        let read = || {
            Box::pin(async {
                let mut conn = asked(together).read().await?;
                let rows = store::flag::of(&mut conn, together.ids());
                let flags = rows.await?.into_iter().map(Flag).collect();
                Ok(Arc::new(by(flags, |flag: &Flag| flag.0.project_id)))
            })
        };
        let all = together.said.flags.get((), read).await?;
        Ok(all.get(&self.row.id).cloned().unwrap_or_default())
    }

    /// How it stood when a day ended.
    pub(crate) async fn stood(&self, day: NaiveDate) -> Result<Option<ProjectState>> {
        let then = then(&self.together, day).await?;
        let stood = then.stood.get(&self.row.id).cloned();
        Ok(stood.map(|stood| ProjectState {
            status: then.updates.of(self.row.id),
            participants: then.participations.in_project(self.row.id),
            standards: Arc::clone(&then.standards),
            stood,
        }))
    }

    /// What changed from one day to another.
    pub(crate) async fn changed(
        &self,
        from: NaiveDate,
        to: NaiveDate,
    ) -> Result<Option<ProjectDifference>> {
        let (first, second) = (
            then(&self.together, from).await?,
            then(&self.together, to).await?,
        );
        let both = first
            .stood
            .get(&self.row.id)
            .zip(second.stood.get(&self.row.id));
        let Some((before, after)) = both else {
            return Ok(None);
        };
        let difference = before.state.to(&after.state);
        let is_new = |row: &&Output| difference.ready.contains(&row.id);
        Ok(Some(ProjectDifference {
            from,
            to,
            ready: after.ready.iter().filter(is_new).cloned().collect(),
            before: Arc::clone(&first.organisations),
            after: Arc::clone(&second.organisations),
            standards: Arc::clone(&second.standards),
            difference,
        }))
    }
}
