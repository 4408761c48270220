//! Who pays for a request, and how it is charged.

use super::address::Network;
use super::{Limits, Wait};
use actix_web::{HttpMessage, HttpRequest};
use domain::id::{PersonId, TokenId};
use domain::policy::Viewer;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// What every request costs, and every document in it at least: reading it is work too.
pub(super) const LEAST: u32 = 100;

/// Whose budget pays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Payer {
    /// A machine's token.
    Token(TokenId),
    /// A person who signed in.
    Person(PersonId),
    /// Whoever is at these addresses and does not say who they are.
    Public(Network),
}

impl Payer {
    /// Who pays for what a viewer asks from an address.
    pub(super) fn of(viewer: &Viewer, address: IpAddr) -> Self {
        match viewer {
            Viewer::Token { id, .. } => Self::Token(*id),
            Viewer::Person { id, .. } => Self::Person(*id),
            _ => Self::Public(Network::of_customer(address)),
        }
    }
}

/// What one request is paid from.
#[derive(Clone)]
pub(crate) struct Purse(Arc<Inside>);

struct Inside {
    limits: Arc<Limits>,
    payer: Payer,
    /// Whether the request has been paid for and no document has used that up yet.
    paid: AtomicBool,
}

impl Purse {
    pub(super) fn new(limits: Arc<Limits>, payer: Payer) -> Self {
        let paid = AtomicBool::new(false);
        Self(Arc::new(Inside {
            limits,
            payer,
            paid,
        }))
    }

    /// That of a request, which the gate gave it. What did not come through the gate is the public's.
    pub(crate) fn of(limits: &Arc<Limits>, request: &HttpRequest) -> Self {
        let given = request.extensions().get::<Self>().cloned();
        given.unwrap_or_else(|| {
            let address = limits.proxies.client(request);
            Self::new(Arc::clone(limits), Payer::of(&Viewer::Anonymous, address))
        })
    }

    /// Pays for the request itself. What it costs beside its documents is for the route to say.
    pub(super) fn enter(&self, cost: u32) -> Result<(), Wait> {
        self.take(cost.max(LEAST))?;
        self.0.paid.store(true, Ordering::Relaxed);
        Ok(())
    }

    /// Pays for reading a document: the first is paid for with the request.
    ///
    /// # Errors
    /// How long to wait when the budget is spent.
    pub(crate) fn read(&self) -> Result<(), Wait> {
        if self.0.paid.swap(false, Ordering::Relaxed) {
            return Ok(());
        }
        self.take(LEAST)
    }

    /// Takes what a document costs beyond what was paid for reading it.
    pub(crate) fn meter(&self) -> graphql::Meter {
        let purse = self.clone();
        graphql::Meter::new(move |cost| {
            let cost = u32::try_from(cost).unwrap_or(u32::MAX);
            purse
                .take(cost.saturating_sub(LEAST))
                .map_err(|Wait(wait)| wait)
        })
    }

    fn take(&self, cost: u32) -> Result<(), Wait> {
        self.0.limits.take(self.0.payer, cost)
    }
}
