//! Notices: what an organisation's lead or the unit has to be told.

use crate::asked::Asked;
use crate::error::Result;
use crate::id::Key;
use crate::organisation::Organisation;
use crate::organisations::Organisations;
use crate::roles::NoticeKind;
use crate::scalar::DateTime;
use async_graphql::{ID, Object};
use domain::id::NoticeId;
use std::sync::Arc;
use store::notice::Notice as Row;

/// A notice, and the bodies of those that were read with it.
#[derive(Clone)]
pub struct Notice {
    row: Row,
    organisations: Arc<Organisations>,
}

impl Notice {
    /// Those of these rows, in their order.
    pub(crate) fn all(asked: &Arc<Asked>, rows: Vec<Row>) -> Vec<Self> {
        let organisations = Organisations::named(asked, rows.iter().map(|row| row.about_id));
        let one = |row| Self {
            row,
            organisations: Arc::clone(&organisations),
        };
        rows.into_iter().map(one).collect()
    }

    /// Its id in the store, which is in the order of time.
    pub(crate) fn key(&self) -> NoticeId {
        self.row.id
    }
}

/// Something that an organisation's lead or the unit is told.
#[Object]
impl Notice {
    /// Its opaque id.
    async fn id(&self) -> ID {
        Key::Notice(self.row.id).id()
    }

    /// What it is.
    async fn kind(&self) -> NoticeKind {
        self.row.kind.into()
    }

    /// The organisation it is about.
    async fn about(&self) -> Result<Organisation> {
        self.organisations.get(self.row.about_id).await
    }

    /// When it came to be so.
    async fn created_at(&self) -> DateTime {
        DateTime(self.row.created_at)
    }

    /// It in a sentence or two, with what to do.
    async fn message(&self) -> Result<String> {
        let body = self.organisations.get(self.row.about_id).await?;
        let name = &body.row.name;
        Ok(match NoticeKind::from(self.row.kind) {
            NoticeKind::NoEditor => format!(
                "Nobody is left to write for {name} but a lead. Invite an editor; what was claimed stays with {name}."
            ),
            NoticeKind::NoLead => format!(
                "Nobody is left who manages the members of {name}. The unit can invite a new lead; what was claimed \
                 stays with {name}."
            ),
        })
    }
}
