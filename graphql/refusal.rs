//! What was refused to whom: for the unit's administrators.

use crate::asked::Asked;
use crate::error::Result;
use crate::id::Key;
use crate::page::{Connection, Total, Wanted};
use crate::scalar::DateTime;
use async_graphql::{ID, Object};
use domain::policy::{About, Sight};
use std::sync::Arc;
use store::refusal::Refusal as Row;

/// The name of this list in its cursors.
const LIST: &str = "refusals, newest first";

/// Something that somebody asked to do and might not.
pub struct Refusal(Row);

/// Something that somebody asked to do and might not.
#[Object]
impl Refusal {
    /// Its opaque id.
    async fn id(&self) -> ID {
        Key::Refusal(self.0.id).id()
    }

    /// When.
    async fn at(&self) -> DateTime {
        DateTime(self.0.refused_at)
    }

    /// Who asked, as the record names them, such as `token:…` or `anonymous`.
    async fn actor(&self) -> &str {
        &self.0.actor
    }

    /// What they asked to do: the mutation's name, such as `recordAdoption`.
    async fn action(&self) -> &str {
        &self.0.action
    }

    /// Why not: `FORBIDDEN` or `UNAUTHENTICATED`.
    async fn code(&self) -> &str {
        &self.0.code
    }
}

/// One page of what was refused, the newest first.
///
/// # Errors
/// `UNAUTHENTICATED` or `FORBIDDEN` for whoever may not see it.
pub(crate) async fn page(asked: &Arc<Asked>, wanted: &Wanted) -> Result<Connection<Refusal>> {
    asked.viewer.sees(Sight::Refusals, About::Unit)?;
    let page = wanted.page(LIST)?;
    let rows = store::refusal::page(&mut asked.read().await?, &page).await?;
    let nodes = store::page::Rows {
        rows: rows.rows.into_iter().map(Refusal).collect(),
        more: rows.more,
    };
    let asked = Arc::clone(asked);
    let total = Total::counted(move || {
        let asked = Arc::clone(&asked);
        async move { Ok(store::refusal::count(&mut asked.read().await?).await?) }
    });
    let place = |one: &Refusal| (String::new(), one.0.id.to_string());
    Ok(Connection::new(LIST, &page, nodes, total, place))
}
