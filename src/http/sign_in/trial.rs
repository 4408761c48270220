//! The sign-in of a trial: links that are printed on the terminal and work once, for whoever runs the server alone.

use domain::Result;
use domain::policy::Role;
use domain::token::Secret;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long a link works.
const GOOD: Duration = Duration::from_secs(60 * 60);
/// Who vouches for the people of a trial.
const ISSUER: &str = "trial";

/// A made-up person to sign in as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trial {
    /// What the person is called, also by the issuer of trials.
    pub name: &'static str,
    /// What they are.
    pub role: Role,
    /// Where: a slug or a code; `None` for the unit.
    pub organisation: Option<&'static str>,
}

impl Trial {
    /// The administrator of the unit.
    pub const ADMINISTRATOR: Self = Self {
        name: "Trial administrator",
        role: Role::Admin,
        organisation: None,
    };

    /// Whom the issuer of trials vouches for.
    pub(super) fn vouched(&self) -> store::person::Vouched<'static> {
        store::person::Vouched {
            issuer: ISSUER,
            subject: self.name,
            email: None,
            name: Some(self.name.to_owned()),
        }
    }
}

/// The links that were printed and not used yet. Only hashes of their secrets are kept, in the memory of this process.
#[derive(Default)]
pub(crate) struct Trials(Mutex<Vec<Link>>);

struct Link {
    hash: String,
    trial: Trial,
    until: Instant,
}

impl Trials {
    /// Makes a link for somebody: its path, with a secret that is known to the caller alone.
    pub(crate) fn add(&self, trial: Trial) -> Result<String> {
        let secret = store::secret(Secret::Trial)?;
        let link = Link {
            hash: Secret::Trial.hash(&secret)?,
            trial,
            until: Instant::now() + GOOD,
        };
        self.with(|links| links.push(link));
        Ok(format!("/sign-in/trial/{secret}"))
    }

    /// As whom a link with this secret signs in, if it still does.
    pub(super) fn of(&self, secret: &str) -> Option<Trial> {
        let hash = Secret::Trial.hash(secret).ok()?;
        self.with(|links| {
            let link = links.iter().find(|link| link.hash == hash)?;
            Some(link.trial.clone())
        })
    }

    /// Uses a link up.
    pub(super) fn take(&self, secret: &str) -> Option<Trial> {
        let hash = Secret::Trial.hash(secret).ok()?;
        self.with(|links| {
            let at = links.iter().position(|link| link.hash == hash)?;
            Some(links.swap_remove(at).trial)
        })
    }

    /// Works with the links that are still good.
    fn with<R>(&self, work: impl FnOnce(&mut Vec<Link>) -> R) -> R {
        let mut links = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        links.retain(|link| link.until > Instant::now());
        work(&mut links)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests may panic")]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_looked_at_often_and_used_once() {
        let trials = Trials::default();
        let path = trials.add(Trial::ADMINISTRATOR).unwrap();
        let secret = path.strip_prefix("/sign-in/trial/").unwrap();
        assert_eq!(trials.of("other"), None);
        assert_eq!(trials.of(secret), Some(Trial::ADMINISTRATOR));
        assert_eq!(trials.take(secret), Some(Trial::ADMINISTRATOR));
        assert_eq!((trials.of(secret), trials.take(secret)), (None, None));
    }
}
