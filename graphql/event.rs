//! Adoption events: what was said of a body and a standard.

use crate::asked::Asked;
use crate::error::Result;
use crate::id::Key;
use crate::once::{Once, distinct};
use crate::organisation::Organisation;
use crate::organisations::Organisations;
use crate::scalar::{Date, DateTime};
use crate::standard::Standard;
use crate::standards::Standards;
use crate::words::{AdoptionState, EvidenceGrade, Standing};
use analytics::history::Status;
use async_graphql::{ID, Object};
use domain::Error;
use domain::id::{EventId, OrganisationId, StandardId};
use std::collections::HashMap;
use std::sync::Arc;
use store::adoption::{AdoptionEvent as Row, EventKey};

type Rows = HashMap<EventKey, Arc<Row>>;

/// Events that will be read together, when the first of them is wanted.
pub(crate) struct Events {
    asked: Arc<Asked>,
    keys: Vec<EventKey>,
    rows: Once<(), Arc<Rows>>,
    organisations: Arc<Organisations>,
    standards: Arc<Standards>,
}

impl Events {
    /// The events with these keys.
    pub(crate) fn named(asked: &Arc<Asked>, keys: impl IntoIterator<Item = EventKey>) -> Arc<Self> {
        let keys = distinct(keys);
        Arc::new(Self {
            asked: Arc::clone(asked),
            rows: Once::default(),
            organisations: Organisations::named(asked, keys.iter().map(|key| key.1)),
            standards: Standards::named(asked, keys.iter().map(|key| key.0)),
            keys,
        })
    }

    async fn rows(&self) -> Result<Arc<Rows>> {
        let read = || {
            Box::pin(async {
                let rows =
                    store::adoption::by_keys(&mut self.asked.read().await?, &self.keys).await?;
                Ok(Arc::new(
                    rows.into_iter()
                        .map(|row| (row.key(), Arc::new(row)))
                        .collect(),
                ))
            })
        };
        self.rows.get((), read).await
    }

    /// One of them; `None` when there is no such event.
    pub(crate) async fn find(self: &Arc<Self>, key: EventKey) -> Result<Option<AdoptionEvent>> {
        let row = self.rows().await?.get(&key).cloned();
        Ok(row.map(|row| AdoptionEvent {
            row,
            together: Arc::clone(self),
        }))
    }

    /// One of them that something else refers to.
    pub(crate) async fn get(self: &Arc<Self>, key: EventKey) -> Result<AdoptionEvent> {
        let missing = || Error::internal(format!("event {} is referred to and not there", key.2));
        Ok(self.find(key).await?.ok_or_else(missing)?)
    }
}

/// The key of the event that decided a body's state.
pub(crate) fn deciding(
    standard: StandardId,
    body: OrganisationId,
    status: Status,
) -> Option<EventKey> {
    status
        .event
        .map(|id| (standard, body, EventId(uuid::Uuid::from_u128(id))))
}

/// An event, and those that were read with it.
#[derive(Clone)]
pub struct AdoptionEvent {
    row: Arc<Row>,
    together: Arc<Events>,
}

impl AdoptionEvent {
    /// The three parts of its key.
    pub(crate) fn key(&self) -> EventKey {
        self.row.key()
    }
}

/// What was said of a body and a standard. Events are never changed: a mistake is put right by one that corrects it.
#[Object]
impl AdoptionEvent {
    /// Its opaque id.
    pub(crate) async fn id(&self) -> ID {
        Key::Event(self.row.key()).id()
    }

    /// The body.
    async fn organisation(&self) -> Result<Organisation> {
        self.together
            .organisations
            .get(self.row.organisation_id)
            .await
    }

    /// The standard.
    async fn standard(&self) -> Result<Standard> {
        self.together.standards.get(self.row.standard_id).await
    }

    /// How far the body has come.
    async fn state(&self) -> AdoptionState {
        self.row.state.into()
    }

    /// Since when it is so, UTC.
    async fn effective_on(&self) -> Date {
        Date(self.row.effective_on)
    }

    /// When it was recorded here.
    async fn recorded_at(&self) -> DateTime {
        DateTime(self.row.recorded_at)
    }

    /// The first day it no longer holds, UTC; null when it does not end by itself.
    async fn expires_on(&self) -> Option<Date> {
        self.row.expires_on.map(Date)
    }

    /// How good the evidence is.
    async fn grade(&self) -> EvidenceGrade {
        self.row.grade.into()
    }

    /// Whether the body itself stands behind it.
    async fn standing(&self) -> Standing {
        self.row.standing.into()
    }

    /// Where the evidence can be read.
    async fn evidence_url(&self) -> Option<&str> {
        self.row.evidence_url.as_deref()
    }

    /// When the evidence was last checked, UTC.
    async fn checked_on(&self) -> Option<Date> {
        self.row.checked_on.map(Date)
    }

    /// Who or which file says so: `own` for the body itself, `unit` for the collaboration unit.
    async fn source(&self) -> &str {
        &self.row.source
    }

    /// Words about it.
    async fn note(&self) -> Option<&str> {
        self.row.note.as_deref()
    }

    /// The id of the event of the same body and standard that this one puts right.
    async fn corrects(&self) -> Option<ID> {
        let (standard, body, _) = self.row.key();
        self.row
            .corrects_id
            .map(|id| Key::Event((standard, body, id)).id())
    }

    /// The version of the standard it speaks of.
    async fn version_label(&self) -> Option<&str> {
        self.row.version_label.as_deref()
    }
}
