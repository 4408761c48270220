//! The hidden value of forms that anybody may send: it says when their page was shown, and nobody else can make one.

use super::form::same;
use super::secret::{digest, random};
use chrono::{DateTime, NaiveDateTime};
use domain::Result;
use domain::suggestion::in_time;

/// Makes these values and knows them again, by a secret of this run of the server. After a restart, whoever sends a form
/// of before is shown it anew.
pub(crate) struct Stamps {
    secret: String,
}

impl Stamps {
    /// With a new secret.
    ///
    /// # Errors
    /// [`domain::Error::Internal`] when the system has no random numbers.
    pub(super) fn new() -> Result<Self> {
        let secret = random()?;
        Ok(Self { secret })
    }

    /// The value for a page that is shown at a moment: its seconds, and their seal.
    pub(super) fn made(&self, now: NaiveDateTime) -> String {
        let seconds = now.and_utc().timestamp();
        format!("{seconds}.{}", self.seal(seconds))
    }

    /// Whether a form with this value was shown by us, and filled in by somebody who took the time, and not days.
    pub(super) fn in_time(&self, value: &str, now: NaiveDateTime) -> bool {
        let Some((seconds, seal)) = value.split_once('.') else {
            return false;
        };
        let Ok(shown) = seconds.parse::<i64>() else {
            return false;
        };
        let Some(shown_at) = DateTime::from_timestamp(shown, 0) else {
            return false;
        };
        same(seal, &self.seal(shown)) && in_time((now.and_utc() - shown_at).num_seconds())
    }

    /// Twice under the secret, so that no seal leads to that of a longer text.
    fn seal(&self, seconds: i64) -> String {
        let secret = &self.secret;
        let inner = digest(&format!("{secret}:{seconds}"));
        digest(&format!("{secret}:{inner}"))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests may panic")]
mod tests {
    use super::*;
    use chrono::TimeDelta;

    #[test]
    fn a_form_is_taken_after_a_moment_and_for_a_day() {
        let stamps = Stamps::new().unwrap();
        let shown = NaiveDateTime::default();
        let value = stamps.made(shown);
        for (seconds, taken) in [
            (0, false),
            (2, false),
            (3, true),
            (86_400, true),
            (86_401, false),
        ] {
            let now = shown + TimeDelta::seconds(seconds);
            assert_eq!(stamps.in_time(&value, now), taken, "{seconds}");
        }
    }

    #[test]
    fn nobody_else_makes_a_value_that_is_known() {
        let stamps = Stamps::new().unwrap();
        let shown = NaiveDateTime::default();
        let now = shown + TimeDelta::seconds(60);
        let other = Stamps::new().unwrap().made(shown);
        let own = stamps.made(shown);
        let earlier = own.replacen("0.", "1.", 1);
        for value in ["", "0", "0.", "x.y", &other, &earlier] {
            assert!(!stamps.in_time(value, now), "{value}");
        }
        assert!(stamps.in_time(&own, now));
    }
}
