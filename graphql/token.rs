//! Tokens: the keys of machines, without their secrets.

use crate::asked::Asked;
use crate::error::Result;
use crate::id::Key;
use crate::organisation::Organisation;
use crate::organisations::Organisations;
use crate::roles::{Role, Scope};
use crate::scalar::DateTime;
use async_graphql::{ID, Object};
use domain::id::TokenId;
use std::sync::Arc;
use store::token::Token as Row;

/// A token, and the bodies of those that were read with it.
#[derive(Clone)]
pub struct Token {
    row: Row,
    organisations: Arc<Organisations>,
}

impl Token {
    /// Those of these rows, in their order.
    pub(crate) fn all(asked: &Arc<Asked>, rows: Vec<Row>) -> Vec<Self> {
        let bodies = rows.iter().filter_map(|row| row.organisation_id);
        let organisations = Organisations::named(asked, bodies);
        let one = |row| Self {
            row,
            organisations: Arc::clone(&organisations),
        };
        rows.into_iter().map(one).collect()
    }

    /// The token with this id, after a mutation changed it.
    pub(crate) async fn find(asked: &Arc<Asked>, id: Option<TokenId>) -> Result<Option<Self>> {
        let Some(id) = id else { return Ok(None) };
        let asked = asked.renewed();
        let row = store::token::by_id(&mut asked.read().await?, id).await?;
        Ok(Self::all(&asked, vec![row]).pop())
    }
}

/// A machine's key. Its secret was shown once, when it was issued.
#[Object]
impl Token {
    /// Its opaque id.
    async fn id(&self) -> ID {
        Key::Token(self.row.id).id()
    }

    /// What it is for.
    async fn name(&self) -> &str {
        &self.row.name
    }

    /// The role it holds.
    async fn role(&self) -> Role {
        self.row.role.into()
    }

    /// The organisation it acts for; null for the unit's own.
    async fn organisation(&self) -> Result<Option<Organisation>> {
        match self.row.organisation_id {
            Some(id) => self.organisations.get(id).await.map(Some),
            None => Ok(None),
        }
    }

    /// The part of its role's rights that it was made for.
    async fn scopes(&self) -> Vec<Scope> {
        self.row.scopes.iter().map(Scope::from).collect()
    }

    /// When it was issued.
    async fn created_at(&self) -> DateTime {
        DateTime(self.row.created_at)
    }

    /// When it ends. It ends sooner with the membership of the person who issued it, or with the organisation.
    async fn expires_at(&self) -> DateTime {
        DateTime(self.row.expires_at)
    }

    /// When it was revoked; null while it was not.
    async fn revoked_at(&self) -> Option<DateTime> {
        self.row.revoked_at.map(DateTime)
    }

    /// About when it was last used, to the minute; null when it never was.
    async fn last_used_at(&self) -> Option<DateTime> {
        self.row.used_at.map(DateTime)
    }

    /// Counts the changes to it, from 1. Whoever revokes it may say which version they saw.
    async fn version(&self) -> i64 {
        self.row.version
    }
}
