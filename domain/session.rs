//! Sessions: how long a browser stays signed in, as a rule over its times.

use chrono::{NaiveDateTime, TimeDelta};

/// A session that was not used for so long is over.
pub const IDLE: TimeDelta = TimeDelta::minutes(60);
/// A session is over so long after it began, however much it is used.
pub const ABSOLUTE: TimeDelta = TimeDelta::hours(12);
/// The secret of a session is changed so often.
pub const ROTATE: TimeDelta = TimeDelta::minutes(15);
/// The former secret still holds for so long after a change: requests under way come with it.
pub const GRACE: TimeDelta = TimeDelta::seconds(60);
/// That a session or a token was used is noted at most so often.
pub const NOTED: TimeDelta = TimeDelta::seconds(60);

/// The times of a session, UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Times {
    /// When it began.
    pub created_at: NaiveDateTime,
    /// About when it was last used.
    pub seen_at: NaiveDateTime,
    /// When its secret was last changed.
    pub rotated_at: NaiveDateTime,
}

/// What is due for a session that holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// Its secret should be changed.
    pub rotate: bool,
    /// That it was used should be noted.
    pub touch: bool,
}

impl Times {
    /// What is due at `now` for whoever comes with the session's secret, or with its former one; `None` when the session
    /// or that secret holds no more.
    pub fn due(&self, by_former: bool, now: NaiveDateTime) -> Option<Due> {
        let over = now >= self.created_at + ABSOLUTE || now >= self.seen_at + IDLE;
        let late = by_former && now >= self.rotated_at + GRACE;
        (!over && !late).then(|| Due {
            rotate: !by_former && now >= self.rotated_at + ROTATE,
            touch: is_to_be_noted(Some(self.seen_at), now),
        })
    }
}

/// Whether a use at `now` is to be noted, after the last one that was.
pub fn is_to_be_noted(last: Option<NaiveDateTime>, now: NaiveDateTime) -> bool {
    last.is_none_or(|last| now >= last + NOTED)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> NaiveDateTime {
        let start: NaiveDateTime = "2026-01-02T00:00:00".parse().unwrap();
        start + TimeDelta::seconds(seconds)
    }

    const MINUTE: i64 = 60;
    const HOUR: i64 = 60 * MINUTE;

    #[test]
    fn which_sessions_hold_and_what_is_due() {
        let due = |rotate, touch| Some(Due { rotate, touch });
        // Began at 0; seen, rotated, by the former secret, now → what is due.
        for (seen, rotated, former, now, expected) in [
            (0, 0, false, 0, due(false, false)),
            (0, 0, false, MINUTE - 1, due(false, false)),
            (0, 0, false, MINUTE, due(false, true)),
            (0, 0, false, 15 * MINUTE - 1, due(false, true)),
            (0, 0, false, 15 * MINUTE, due(true, true)),
            // Idle for an hour.
            (0, 0, false, HOUR - 1, due(true, true)),
            (0, 0, false, HOUR, None),
            (5 * HOUR, 5 * HOUR, false, 6 * HOUR - 1, due(true, true)),
            (5 * HOUR, 5 * HOUR, false, 6 * HOUR, None),
            // Twelve hours old, though used a moment ago.
            (
                12 * HOUR - 2,
                12 * HOUR - 2,
                false,
                12 * HOUR - 1,
                due(false, false),
            ),
            (12 * HOUR - 1, 12 * HOUR - 1, false, 12 * HOUR, None),
            // The former secret holds for a minute, and is not itself changed.
            (HOUR, HOUR, true, HOUR + 59, due(false, false)),
            (HOUR, HOUR, true, HOUR + 60, None),
            (12 * HOUR - 1, 12 * HOUR - 1, true, 12 * HOUR, None),
        ] {
            let times = Times {
                created_at: at(0),
                seen_at: at(seen),
                rotated_at: at(rotated),
            };
            assert_eq!(
                times.due(former, at(now)),
                expected,
                "seen {seen}, rotated {rotated}, former {former}, now {now}"
            );
        }
    }
}
