//! Groups: named sets of organisations by which figures can be cut.

use crate::asked::Asked;
use crate::error::Result;
use crate::id::Key;
use crate::words::GroupKind;
use async_graphql::{ID, Object};

/// A group of organisations.
#[derive(Clone)]
pub struct Group(pub(crate) store::group::Group);

/// A named set of organisations with dated membership, by which every figure can be cut.
#[Object]
impl Group {
    /// Its opaque id.
    pub(crate) async fn id(&self) -> ID {
        Key::Group(self.0.id).id()
    }

    /// Its address, such as `region-south-east`.
    async fn slug(&self) -> &str {
        &self.0.slug
    }

    /// Its name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// What makes its members belong together.
    async fn kind(&self) -> GroupKind {
        self.0.kind.into()
    }
}

/// Every group of a kind, or of all kinds, by kind and name.
pub(crate) async fn groups(asked: &Asked, kind: Option<GroupKind>) -> Result<Vec<Group>> {
    let rows = store::group::all(&mut asked.read().await?).await?;
    let wanted =
        |row: &store::group::Group| kind.is_none_or(|kind| GroupKind::from(row.kind) == kind);
    Ok(rows.into_iter().filter(wanted).map(Group).collect())
}
