//! The record: who wrote what about which thing, when and why, each change with its place and its seal.

use crate::asked::Asked;
use crate::author::{self, Authors, Home};
use crate::bounds::{Bounds, ChangeFilter, LIST, at};
use crate::error::Result;
use crate::id::Key;
use crate::node::{self, Node};
use crate::once::{Once, distinct};
use crate::organisation::Organisation;
use crate::organisations::Organisations;
use crate::page::{Connection, Total, Wanted, encode};
use crate::scalar::{DateTime, Long};
use crate::standard::Standard;
use crate::standards::Standards;
use crate::thing;
use crate::words::ActorKind;
use async_graphql::{ID, Object};
use domain::id::{ChangeId, StandardId};
use domain::policy::Sight;
use std::collections::HashMap;
use std::sync::Arc;
use store::activity::Recorded;

/// Changes that were read together, with what they name.
pub(crate) struct Changes {
    asked: Arc<Asked>,
    rows: HashMap<ChangeId, Arc<Row>>,
    organisations: Arc<Organisations>,
    standards: Arc<Standards>,
    things: Once<(), Arc<HashMap<Key, Node>>>,
    authors: Once<(), Arc<(Authors, Arc<Organisations>)>>,
    sentences: Once<(), Arc<HashMap<ChangeId, String>>>,
}

/// A change and the things it names.
struct Row {
    sequence: i64,
    seal: i64,
    sealed_at: chrono::NaiveDateTime,
    change: domain::change::Change,
    hash: String,
    thing: Option<Key>,
    standard: Option<StandardId>,
}

impl From<Recorded> for Row {
    fn from(recorded: Recorded) -> Self {
        let change = recorded.change.change();
        Self {
            sequence: recorded.sequence,
            seal: recorded.seal,
            sealed_at: recorded.sealed_at,
            hash: recorded.change.hash().to_owned(),
            thing: thing::named(&change.thing_kind, &change.thing_id),
            standard: thing::standard(&change.thing_kind, &change.thing_id),
            change,
        }
    }
}

impl Changes {
    /// The changes with these ids that the viewer may see.
    pub(crate) async fn named(asked: &Arc<Asked>, ids: &[ChangeId]) -> Result<Arc<Self>> {
        let rows = match ids {
            [] => Vec::new(),
            _ => {
                let reach = asked.viewer.reach(Sight::Members);
                store::activity::by_ids(&mut asked.read().await?, &reach, ids).await?
            }
        };
        Ok(Self::read(asked, rows.into_iter().map(Row::from)))
    }

    fn read(asked: &Arc<Asked>, rows: impl Iterator<Item = Row>) -> Arc<Self> {
        let rows: HashMap<ChangeId, Arc<Row>> =
            rows.map(|row| (row.change.id, Arc::new(row))).collect();
        let bodies = rows.values().filter_map(|row| row.change.organisation);
        let standards = rows.values().filter_map(|row| row.standard);
        Arc::new(Self {
            asked: Arc::clone(asked),
            organisations: Organisations::named(asked, bodies),
            standards: Standards::named(asked, standards),
            things: Once::default(),
            authors: Once::default(),
            sentences: Once::default(),
            rows,
        })
    }

    /// One of them; `None` when there is no such change to be seen.
    pub(crate) fn find(self: &Arc<Self>, id: ChangeId) -> Option<Change> {
        Some(Change {
            row: Arc::clone(self.rows.get(&id)?),
            together: Arc::clone(self),
        })
    }

    /// The things that were changed, one statement for each kind of thing among them.
    async fn things(&self) -> Result<Arc<HashMap<Key, Node>>> {
        let read = || {
            Box::pin(async {
                let mut keys: Vec<Key> = self.rows.values().filter_map(|row| row.thing).collect();
                let mut seen = std::collections::HashSet::new();
                keys.retain(|key| seen.insert(*key));
                let nodes = node::fetch(&self.asked, &keys).await?;
                let found = keys.into_iter().zip(nodes);
                Ok(Arc::new(
                    found.filter_map(|(key, node)| Some((key, node?))).collect(),
                ))
            })
        };
        self.things.get((), read).await
    }

    /// Each in a sentence.
    async fn sentences(&self) -> Result<Arc<HashMap<ChangeId, String>>> {
        let read = || {
            Box::pin(async {
                let rows: Vec<&Arc<Row>> = self.rows.values().collect();
                let changes = rows.iter().map(|row| &row.change);
                let mut conn = self.asked.read().await?;
                let said = store::news::sentences(&mut conn, changes).await?;
                let all = rows.iter().map(|row| row.change.id).zip(said);
                Ok(Arc::new(all.map(|(id, (said, _))| (id, said)).collect()))
            })
        };
        self.sentences.get((), read).await
    }

    /// Whom those who wrote them wrote for.
    async fn authors(&self) -> Result<Arc<(Authors, Arc<Organisations>)>> {
        let read = || {
            Box::pin(async {
                let labels = distinct(self.rows.values().map(|row| row.change.actor.clone()));
                let authors = Authors::read(&self.asked, &labels).await?;
                let bodies = self.rows.values().filter_map(|row| row.change.organisation);
                let all = Organisations::named(&self.asked, bodies.chain(authors.owners()));
                Ok(Arc::new((authors, all)))
            })
        };
        self.authors.get((), read).await
    }
}

/// A change, and those that were read with it.
#[derive(Clone)]
pub struct Change {
    row: Arc<Row>,
    together: Arc<Changes>,
}

/// One write, as the record keeps it for ever: sealed in its place, with a hash over all it says.
#[Object]
impl Change {
    /// Its opaque id.
    pub(crate) async fn id(&self) -> ID {
        Key::Change(self.row.change.id).id()
    }

    /// Its place in the record: without gaps from 1.
    async fn sequence(&self) -> Long {
        Long(self.row.sequence)
    }

    /// The number of its seal, from 0.
    async fn seal(&self) -> Long {
        Long(self.row.seal)
    }

    /// When it was sealed: a second or two after it was written, as a rule.
    async fn sealed_at(&self) -> DateTime {
        DateTime(self.row.sealed_at)
    }

    /// When it was written.
    async fn changed_at(&self) -> DateTime {
        DateTime(self.row.change.at)
    }

    /// Who wrote it: `person:ID`, `token:ID`, `operator`, `job:NAME` or `sign-in`. It never holds a name of a person.
    async fn actor(&self) -> &str {
        &self.row.change.actor
    }

    /// What wrote it; null for an actor that this version does not know.
    async fn actor_kind(&self) -> Option<ActorKind> {
        author::kind(&self.row.change.actor)
    }

    /// The body whose member or machine wrote it; null for the unit, the program itself, and a person of neither.
    async fn actor_organisation(&self) -> Result<Option<Organisation>> {
        let authors = self.together.authors().await?;
        match authors.0.home(&self.row.change) {
            Some(Home::Organisation(id)) => authors.1.find(id).await,
            _ => Ok(None),
        }
    }

    /// Whether a person or machine of the unit wrote it.
    async fn by_unit(&self) -> Result<bool> {
        let authors = self.together.authors().await?;
        Ok(authors.0.home(&self.row.change) == Some(Home::Unit))
    }

    /// The body for which it was written, or which it is about.
    async fn organisation(&self) -> Result<Option<Organisation>> {
        match self.row.change.organisation {
            Some(id) => self.together.organisations.find(id).await,
            None => Ok(None),
        }
    }

    /// The standard it is about, where it is about one.
    async fn standard(&self) -> Result<Option<Standard>> {
        match self.row.standard {
            Some(id) => self.together.standards.find(id).await,
            None => Ok(None),
        }
    }

    /// It in a sentence, as feeds, mails and webhooks tell it.
    async fn sentence(&self) -> Result<String> {
        let sentences = self.together.sentences().await?;
        Ok(sentences
            .get(&self.row.change.id)
            .cloned()
            .unwrap_or_default())
    }

    /// What was done, such as `keep the register`.
    async fn action(&self) -> &str {
        &self.row.change.action
    }

    /// The kind of thing it was done to, such as `standard`.
    async fn thing_kind(&self) -> &str {
        &self.row.change.thing_kind
    }

    /// That thing: its id in this API where it has one, else its key in the record.
    async fn thing_id(&self) -> ID {
        match self.row.thing {
            Some(key) => key.id(),
            None => ID(self.row.change.thing_id.clone()),
        }
    }

    /// The thing as it is now; null where it has no id in this API or is not there any more.
    async fn thing(&self) -> Result<Option<Node>> {
        match self.row.thing {
            Some(key) => Ok(self.together.things().await?.get(&key).cloned()),
            None => Ok(None),
        }
    }

    /// The thing before, as JSON; null when it was new.
    async fn before(&self) -> Option<&str> {
        self.row.change.before.as_deref()
    }

    /// The thing after, as JSON; null when it was taken away.
    async fn after(&self) -> Option<&str> {
        self.row.change.after.as_deref()
    }

    /// Why, where somebody said so.
    async fn reason(&self) -> Option<&str> {
        self.row.change.reason.as_deref()
    }

    /// SHA-256 over all that was written, in hexadecimal: a leaf of its seal.
    async fn hash(&self) -> &str {
        &self.row.hash
    }

    /// The path on this server of the proof that it is in the record.
    async fn proof(&self) -> String {
        format!("/record/proof/{}", self.row.change.id)
    }
}

/// One page of the record, as far as the viewer may see it.
pub(crate) async fn changes(
    asked: &Arc<Asked>,
    since: Option<String>,
    filter: ChangeFilter,
    wanted: &Wanted,
) -> Result<Connection<Change>> {
    let bounds = Bounds::read(asked, since, filter, wanted).await?;
    let end = bounds.end()?;
    let Bounds { filter, page, .. } = bounds;
    let reach = asked.viewer.reach(Sight::Members);
    let rows = store::activity::page(&mut asked.read().await?, &reach, &filter, &page).await?;
    let more = rows.more;
    let order: Vec<ChangeId> = rows.rows.iter().map(|row| row.change.change().id).collect();
    let together = Changes::read(asked, rows.rows.into_iter().map(Row::from));
    let rows = store::page::Rows {
        rows: order
            .into_iter()
            .filter_map(|id| together.find(id))
            .collect(),
        more,
    };
    let asked = Arc::clone(asked);
    let total = Total::counted(move || {
        let (asked, reach, filter) = (Arc::clone(&asked), reach.clone(), filter.clone());
        async move { Ok(store::activity::count(&mut asked.read().await?, &reach, &filter).await?) }
    });
    let place = |change: &Change| (change.row.sequence.to_string(), String::new());
    Ok(Connection::new(LIST, &page, rows, total, place).resuming(encode(LIST, at(end))))
}
