//! Invitations to a membership, by e-mail address or by link.

use crate::asked::Asked;
use crate::error::Result;
use crate::id::Key;
use crate::organisation::Organisation;
use crate::organisations::Organisations;
use crate::roles::{InvitationState, Role};
use crate::scalar::{Date, DateTime};
use async_graphql::{ID, Object};
use domain::Error;
use domain::id::InvitationId;
use domain::policy::{About, Sight};
use domain::token::Secret;
use std::sync::Arc;
use store::invitation::Invitation as Row;

/// An invitation, and the bodies of those that were read with it.
#[derive(Clone)]
pub struct Invitation {
    row: Row,
    organisations: Arc<Organisations>,
    /// Whether the viewer may know whom it is addressed to.
    addressed: bool,
}

impl Invitation {
    /// Those of these rows, in their order, as this viewer sees them. `own` are those addressed to the viewer.
    pub(crate) fn all(asked: &Arc<Asked>, rows: Vec<Row>, own: bool) -> Vec<Self> {
        let bodies = rows.iter().filter_map(|row| row.organisation_id);
        let organisations = Organisations::named(asked, bodies);
        let one = |row: Row| {
            let home = About::affairs_of(row.organisation_id);
            Self {
                addressed: own || asked.viewer.sees(Sight::Addresses, home).is_ok(),
                organisations: Arc::clone(&organisations),
                row,
            }
        };
        rows.into_iter().map(one).collect()
    }

    /// The invitation with this id, after a mutation changed it.
    pub(crate) async fn find(asked: &Arc<Asked>, id: Option<InvitationId>) -> Result<Option<Self>> {
        let Some(id) = id else { return Ok(None) };
        let asked = asked.renewed();
        let row = store::invitation::by_id(&mut asked.read().await?, id).await?;
        Ok(Self::all(&asked, vec![row], false).pop())
    }

    /// The invitation whose link holds this secret.
    ///
    /// # Errors
    /// `NOT_FOUND` when there is none that still holds.
    pub(crate) async fn by_secret(asked: &Arc<Asked>, secret: &str) -> Result<Self> {
        let row = match Secret::Invitation.hash(secret) {
            Ok(hash) => {
                store::invitation::by_secret(&mut asked.read().await?, &hash, asked.now).await?
            }
            Err(_) => None,
        };
        // The secret itself is not repeated: messages may be logged.
        let shown = Self::all(asked, row.into_iter().collect(), false).pop();
        Ok(shown.ok_or_else(|| Error::not_found("invitation", "of this link"))?)
    }
}

/// An invitation to act for an organisation or the unit.
#[Object]
impl Invitation {
    /// Its opaque id.
    async fn id(&self) -> ID {
        Key::Invitation(self.row.id).id()
    }

    /// For which organisation; null for the unit's own.
    async fn organisation(&self) -> Result<Option<Organisation>> {
        match self.row.organisation_id {
            Some(id) => self.organisations.get(id).await.map(Some),
            None => Ok(None),
        }
    }

    /// What the person is to be there.
    async fn role(&self) -> Role {
        self.row.role.into()
    }

    /// The address it is for: for whom it is addressed to, the organisation's leads and the unit's administrators. Null
    /// for others, and where it is for whoever has the link.
    async fn email(&self) -> Option<&str> {
        self.row.email.as_deref().filter(|_| self.addressed)
    }

    /// How far it has come.
    async fn state(&self) -> InvitationState {
        self.row.state.into()
    }

    /// Who invites, as the record names them.
    async fn invited_by(&self) -> &str {
        &self.row.invited_by
    }

    /// When it can no longer be answered.
    async fn expires_at(&self) -> DateTime {
        DateTime(self.row.expires_at)
    }

    /// The first day the membership will no longer hold, UTC; null when no end is meant.
    async fn until(&self) -> Option<Date> {
        self.row.until_on.map(Date)
    }

    /// Counts the changes to it, from 1. Whoever withdraws it says which version they saw.
    async fn version(&self) -> i64 {
        self.row.version
    }
}
