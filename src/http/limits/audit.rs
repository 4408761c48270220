//! What the operator is told of refusals by limits: a line a minute for each key, with nothing secret or personal in it.

use super::address::Network;
use super::budget::Budgets;
use super::purse::Payer;
use governor::Quota;
use std::hash::{BuildHasher, RandomState};
use std::num::NonZeroU32;

/// Writes lines with the target `audit`, at most one a minute for each matter and key.
pub(super) struct Audit {
    lines: Budgets<(&'static str, Payer)>,
    secret: RandomState,
}

impl Audit {
    pub(super) fn new() -> Self {
        Self {
            lines: Budgets::new(Quota::per_minute(NonZeroU32::MIN)),
            secret: RandomState::new(),
        }
    }

    /// Notes that somebody was refused, and what.
    pub(super) fn note(&self, what: &'static str, payer: Payer) {
        if self.lines.take(&(what, payer), 1).is_ok() {
            let who = self.name(payer);
            tracing::warn!(target: "audit", who, "{what}");
        }
    }

    /// Who it was: a key by its id, and the public by a sign that tells its addresses apart. The sign can neither be
    /// turned into the address nor compared with those of another run.
    fn name(&self, payer: Payer) -> String {
        match payer {
            Payer::Token(id) => format!("token:{id}"),
            Payer::Person(id) => format!("person:{id}"),
            Payer::Public(network) => format!("public:{}", self.sign(network)),
        }
    }

    fn sign(&self, network: Network) -> String {
        format!("{:08x}", self.secret.hash_one(network) >> 32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_public_is_told_apart_without_its_address() {
        let audit = Audit::new();
        let name = |address: &str| {
            audit.name(Payer::Public(Network::of_customer(
                address.parse().unwrap(),
            )))
        };
        assert_eq!(name("192.0.2.7"), name("192.0.2.7"));
        assert_ne!(name("192.0.2.7"), name("192.0.2.8"));
        assert!(!name("192.0.2.7").contains("192"));
        let other = Audit::new().name(Payer::Public(Network::of_customer(
            "192.0.2.7".parse().unwrap(),
        )));
        assert_ne!(name("192.0.2.7"), other);
    }

    #[test]
    fn a_matter_is_noted_once_a_minute_for_each_key() {
        let audit = Audit::new();
        let payer = |last: u8| Payer::Public(Network::of_customer([192, 0, 2, last].into()));
        assert_eq!(audit.lines.take(&("a", payer(1)), 1), Ok(()));
        assert!(audit.lines.take(&("a", payer(1)), 1).is_err());
        assert_eq!(audit.lines.take(&("a", payer(2)), 1), Ok(()));
        assert_eq!(audit.lines.take(&("b", payer(1)), 1), Ok(()));
    }
}
