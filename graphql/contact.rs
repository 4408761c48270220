//! Contact details: how an organisation is reached, for its members and the unit.

use crate::scalar::DateTime;
use async_graphql::Object;
use store::contact::Contact as Row;

/// How an organisation is reached.
#[derive(Clone)]
pub struct Contact(pub(crate) Row);

/// How an organisation is reached: for its own members and the unit, and nobody else.
#[Object]
impl Contact {
    /// Whom to ask for.
    async fn name(&self) -> Option<&str> {
        self.0.name.as_deref()
    }

    /// The e-mail address.
    async fn email(&self) -> Option<&str> {
        self.0.email.as_deref()
    }

    /// The telephone number.
    async fn phone(&self) -> Option<&str> {
        self.0.phone.as_deref()
    }

    /// Counts the changes to it, from 1. Whoever changes it says which version they saw.
    async fn version(&self) -> i64 {
        self.0.version
    }

    /// When it was last changed.
    async fn updated_at(&self) -> DateTime {
        DateTime(self.0.updated_at)
    }
}
