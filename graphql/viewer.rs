//! Who asks.

use crate::asked::Asked;
use crate::error::Result;
use crate::organisation::Organisation;
use crate::organisations::Organisations;
use crate::words::{Role, ViewerKind};
use async_graphql::Object;
use std::sync::Arc;

/// Whoever sends the request.
pub struct Viewer(pub(crate) Arc<Asked>);

/// Who asks, as the token says.
#[Object]
impl Viewer {
    /// What they are.
    async fn kind(&self) -> ViewerKind {
        use domain::policy::Viewer;
        match self.0.viewer {
            Viewer::Anonymous => ViewerKind::Anonymous,
            Viewer::Token { .. } => ViewerKind::Token,
            Viewer::Person { .. } => ViewerKind::Person,
            Viewer::Operator | Viewer::Job(_) | Viewer::SignIn => ViewerKind::Operator,
        }
    }

    /// The name the token was issued under, or what they are.
    async fn name(&self) -> String {
        match &self.0.viewer {
            domain::policy::Viewer::Token { name, .. } => name.clone(),
            other => other.label(),
        }
    }

    /// The role the token holds; null without a token.
    async fn role(&self) -> Option<Role> {
        match &self.0.viewer {
            domain::policy::Viewer::Token { role, .. } => Some((*role).into()),
            _ => None,
        }
    }

    /// The organisation the token speaks for; null for the unit's own.
    async fn organisation(&self) -> Result<Option<Organisation>> {
        match self.0.viewer.organisation() {
            Some(id) => Organisations::named(&self.0, [id]).find(id).await,
            None => Ok(None),
        }
    }
}
