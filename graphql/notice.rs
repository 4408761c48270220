//! Notices: what an organisation's lead or the unit has to be told.

use crate::asked::Asked;
use crate::error::Result;
use crate::id::Key;
use crate::node::{self, Node};
use crate::organisation::Organisation;
use crate::organisations::Organisations;
use crate::roles::NoticeKind;
use crate::scalar::DateTime;
use crate::thing;
use async_graphql::{Context, ID, Object};
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

/// Something that an organisation or the unit is told.
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

    /// The thing it is about beside that organisation; null where there is none of its own.
    async fn thing(&self, ctx: &Context<'_>) -> Result<Option<Node>> {
        let named = self
            .row
            .thing_kind
            .as_deref()
            .zip(self.row.thing_id.as_deref());
        let Some(key) = named.and_then(|(kind, id)| thing::named(kind, id)) else {
            return Ok(None);
        };
        node::node(Asked::of(ctx), key.id()).await
    }

    /// It in a sentence or two, with what to do.
    async fn message(&self) -> Result<String> {
        let body = self.organisations.get(self.row.about_id).await?;
        let title = self.row.detail.as_deref().unwrap_or_default();
        Ok(message(self.row.kind.into(), &body.row.name, title))
    }
}

/// What a notice says of the organisation and the thing it is about.
fn message(kind: NoticeKind, name: &str, title: &str) -> String {
    match kind {
        NoticeKind::NoEditor => format!(
            "Nobody is left to write for {name} but a lead. Invite an editor; what was claimed stays with {name}."
        ),
        NoticeKind::NoLead => format!(
            "Nobody is left who manages the members of {name}. The unit can invite a new lead; what was claimed stays \
             with {name}."
        ),
        NoticeKind::BackingWaits => {
            format!(
                "{name} backs “{title}” and still waits for an answer. Answer it on the problem's page."
            )
        }
        NoticeKind::ParticipationAsked => format!(
            "{name} proposes to take part together in “{title}”. A signatory accepts or declines on the project's page."
        ),
        NoticeKind::ParticipationAnswered => {
            format!("{name} answered whether it takes part in “{title}”. See the project's page.")
        }
        NoticeKind::ProjectWithoutLead => format!(
            "{name} leads “{title}” no more. Invite one of its partners to lead it on the project's page."
        ),
        NoticeKind::StatusDue => {
            format!("A status of “{title}” is due. “No change” is one touch; it takes a minute.")
        }
        NoticeKind::AskOpened => {
            format!(
                "{name} asks for help with “{title}”. Offer it on the project's page if you can."
            )
        }
        NoticeKind::AskOffered => format!("{name} offers help with “{title}”. Get in touch."),
        NoticeKind::FlagRaised => format!(
            "What “{title}” shows does not fit what is on record. Its lead, {name}, can answer on the project's page."
        ),
        NoticeKind::OutputReady => {
            format!("“{title}”, made with {name}, is ready to be used by others.")
        }
        NoticeKind::WebhookPaused => format!(
            "{title} took no deliveries for three days and is paused. Mend it, then resume it on the page of {name}'s \
             people and keys."
        ),
        NoticeKind::CommitmentDue => {
            format!("“{title}”, promised by {name}, falls due. Say whether it is kept, or explain.")
        }
    }
}
