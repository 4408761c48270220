//! How much anybody may ask over time: budgets by cost for keys and addresses, and slower answers to wrong secrets.

mod address;
mod audit;
mod budget;
mod gate;
mod purse;

pub use address::Network;
pub(super) use gate::gate;
pub(super) use purse::Purse;

use actix_web::HttpRequest;
use address::Proxies;
use audit::Audit;
use budget::Budgets;
use dashboard::PageError;
use domain::id::{PersonId, TokenId};
use governor::Quota;
use purse::{LEAST, Payer};
use std::num::NonZeroU32;
use std::time::Duration;

/// How many seconds' worth of a budget may be spent at once.
const AT_ONCE: u32 = 20;

/// How much anybody may ask, as the operator said.
#[derive(Debug, Clone)]
pub struct LimitsSetup {
    /// What the public may ask from one address, in cost a second; 0 for no limit.
    pub anonymous: u32,
    /// What one token or one person may ask, in cost a second; 0 for no limit.
    pub key: u32,
    /// How many wrong secrets a minute from one address are answered at once; 0 for all of them.
    pub failures: u32,
    /// The proxies that are believed when they say for whom they ask.
    pub trusted_proxies: Vec<Network>,
}

impl Default for LimitsSetup {
    fn default() -> Self {
        Self {
            anonymous: 50_000,
            key: 500_000,
            failures: 10,
            trusted_proxies: Vec::new(),
        }
    }
}

/// How long somebody has to wait until they are answered again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Wait(pub(crate) Duration);

impl From<Wait> for PageError {
    fn from(Wait(wait): Wait) -> Self {
        Self::TooMany {
            seconds: graphql::wait_seconds(wait),
        }
    }
}

/// A key that pays for itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Key {
    Token(TokenId),
    Person(PersonId),
}

/// How much anybody may ask, while the server runs. Counted in this process: each copy of the program has its own.
pub(crate) struct Limits {
    public: Option<Budgets<Network>>,
    keys: Option<Budgets<Key>>,
    failures: Option<Budgets<Network>>,
    audit: Audit,
    proxies: Proxies,
}

impl Limits {
    /// Limits as they were set up. At once, each may ask what [`AT_ONCE`] seconds give, and never less than the dearest
    /// request that is answered at all, for which `dearest` has the bounds.
    pub(super) fn new(setup: &LimitsSetup, dearest: &graphql::Limits) -> Self {
        Self {
            public: quota(setup.anonymous, dearest.cost_anonymous).map(Budgets::new),
            keys: quota(setup.key, dearest.cost_token).map(Budgets::new),
            failures: NonZeroU32::new(setup.failures)
                .map(|failures| Budgets::new(Quota::per_minute(failures))),
            audit: Audit::new(),
            proxies: Proxies(setup.trusted_proxies.clone()),
        }
    }

    fn take(&self, payer: Payer, cost: u32) -> Result<(), Wait> {
        let taken = match (payer, &self.public, &self.keys) {
            (Payer::Public(network), Some(public), _) => public.take(&network, cost),
            (Payer::Token(id), _, Some(keys)) => keys.take(&Key::Token(id), cost),
            (Payer::Person(id), _, Some(keys)) => keys.take(&Key::Person(id), cost),
            _ => Ok(()),
        };
        taken.map_err(|wait| {
            self.audit
                .note("A budget is spent; requests are refused", payer);
            Wait(wait)
        })
    }

    /// Counts that a request came with a secret that is none: a token, or that of a link. `what` says for the log in a
    /// sentence what it was.
    ///
    /// Call it after the secret was looked up in vain, and answer as usual or, after an error, that it came too often.
    /// Who sends a right one is never asked to wait: behind one address may be an attacker and a whole council, and a
    /// secret of 256 bits is not found by trying. What is slowed is trying itself, and the noise that it makes.
    ///
    /// # Errors
    /// How long to wait when there were too many from that address.
    pub(super) fn failed(&self, request: &HttpRequest, what: &'static str) -> Result<(), Wait> {
        let network = Network::of_customer(self.proxies.client(request));
        self.audit.note(what, Payer::Public(network));
        match &self.failures {
            Some(failures) => failures.take(&network, 1).map_err(Wait),
            None => Ok(()),
        }
    }
}

/// The budget of a rate; `None` for 0, which is no limit.
fn quota(a_second: u32, dearest: usize) -> Option<Quota> {
    let rate = NonZeroU32::new(a_second)?;
    let dearest = u32::try_from(dearest).unwrap_or(u32::MAX);
    let at_once = a_second
        .saturating_mul(AT_ONCE)
        .max(dearest.saturating_add(LEAST));
    let at_once = NonZeroU32::new(at_once).unwrap_or(rate);
    Some(Quota::per_second(rate).allow_burst(at_once))
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    fn limits(setup: &LimitsSetup) -> Limits {
        Limits::new(setup, &graphql::Limits::default())
    }

    fn public(last: u8) -> Payer {
        Payer::Public(Network::of_customer([192, 0, 2, last].into()))
    }

    #[test]
    fn budgets_are_those_of_the_setup_and_hold_the_dearest_request() {
        let quota = |rate, dearest| {
            let quota = quota(rate, dearest).unwrap();
            (quota.replenish_interval(), quota.burst_size().get())
        };
        assert_eq!(
            quota(50_000, 20_000),
            (Duration::from_micros(20), 1_000_000)
        );
        assert_eq!(quota(10, 20_000), (Duration::from_millis(100), 20_100));
        assert_eq!(super::quota(0, 20_000), None);
        let quota = super::quota(u32::MAX, usize::MAX).unwrap();
        assert_eq!(quota.burst_size().get(), u32::MAX);
    }

    #[test]
    fn keys_and_addresses_pay_for_themselves() {
        let setup = LimitsSetup {
            anonymous: 1,
            key: 1,
            ..LimitsSetup::default()
        };
        let limits = limits(&setup);
        let token = Payer::Token(store::fresh());
        for payer in [public(1), public(2), token, Payer::Person(store::fresh())] {
            assert_eq!(limits.take(payer, 20_100), Ok(()));
        }
        assert!(limits.take(public(1), 100).is_err());
        // A key has ten times the room.
        assert_eq!(limits.take(token, 180_000), Ok(()));
        assert!(limits.take(token, 100).is_err());
    }

    #[test]
    fn nothing_is_counted_where_limits_are_off() {
        let limits = limits(&LimitsSetup {
            anonymous: 0,
            key: 0,
            failures: 0,
            trusted_proxies: Vec::new(),
        });
        let request = TestRequest::default().to_http_request();
        for _ in 0..1_000 {
            assert_eq!(limits.take(public(1), u32::MAX), Ok(()));
            assert_eq!(limits.take(Payer::Token(store::fresh()), u32::MAX), Ok(()));
            assert_eq!(limits.failed(&request, "A test"), Ok(()));
        }
    }

    #[test]
    fn wrong_secrets_from_one_address_are_slowed_and_not_those_of_another() {
        let limits = limits(&LimitsSetup::default());
        let from = |last: u8| {
            let peer = ([192, 0, 2, last], 4711).into();
            TestRequest::default().peer_addr(peer).to_http_request()
        };
        for _ in 0..10 {
            assert_eq!(limits.failed(&from(1), "A test"), Ok(()));
        }
        let Wait(wait) = limits.failed(&from(1), "A test").unwrap_err();
        // Ten a minute: the next in six seconds.
        assert!(
            wait <= Duration::from_secs(6) && wait > Duration::from_secs(5),
            "{wait:?}"
        );
        assert_eq!(limits.failed(&from(2), "A test"), Ok(()));
    }
}
