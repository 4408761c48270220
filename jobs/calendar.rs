//! When a job is due: the slots of its cron line in its own time zone, as instants in UTC.
//!
//! The cron line is read on the local calendar, which knows no clock changes, and each local time is then turned into
//! exactly one instant: the first where the clock shows it twice, the next valid one where the clock skips it. (The
//! cron library's own search skips some lines at a change, and may answer with an instant before the one it was given.)

use chrono::{NaiveDate, NaiveDateTime, TimeDelta, TimeZone, Timelike};
use chrono_tz::Tz;
use croner::Cron;
use croner::parser::{CronParser, Seconds, Year};
use domain::job::JobInfo;
use domain::{Error, Result};

/// The longest stretch of local time that a zone ever skipped is a day: Samoa had no 30 December 2011.
const LONGEST_GAP_MINUTES: usize = 2 * 24 * 60;

/// A job's cron line and time zone, read.
#[derive(Clone, Debug)]
pub(crate) struct Calendar {
    cron: Cron,
    zone: Tz,
}

impl Calendar {
    /// Reads the timetable of a job.
    ///
    /// # Errors
    /// [`Error::Internal`] when its schedule or time zone cannot be read: a mistake in this program.
    pub(crate) fn of(info: &JobInfo) -> Result<Self> {
        let parser = CronParser::builder()
            .seconds(Seconds::Disallowed)
            .year(Year::Disallowed)
            .build();
        let wrong = |what: &str, reason: String| {
            Error::internal(format!("{what} of job {}: {reason}", info.name))
        };
        Ok(Self {
            cron: parser
                .parse(info.schedule)
                .map_err(|e| wrong("schedule", e.to_string()))?,
            zone: info
                .time_zone
                .parse()
                .map_err(|e: chrono_tz::ParseError| wrong("time zone", e.to_string()))?,
        })
    }

    /// The slots strictly after an instant, each later than the one before.
    pub(crate) fn slots(&self, after: NaiveDateTime) -> impl Iterator<Item = NaiveDateTime> + '_ {
        // A slot after `after` has a local time after the local time of `after`, as `instant` never runs backwards.
        let start = self.local(after);
        let start = start.with_nanosecond(0).unwrap_or(start);
        let locals = std::iter::successors(self.next_local(start), |local| self.next_local(*local));
        let mut last = after;
        locals
            .filter_map(|local| self.instant(local))
            .filter(move |slot| {
                let later = *slot > last;
                last = last.max(*slot);
                later
            })
    }

    /// The last local date that had ended by an instant.
    pub(crate) fn day_ended(&self, at: NaiveDateTime) -> NaiveDate {
        let today = self.today(at);
        today.pred_opt().unwrap_or(today)
    }

    /// The local date at an instant.
    pub(crate) fn today(&self, at: NaiveDateTime) -> NaiveDate {
        self.local(at).date()
    }

    fn local(&self, at: NaiveDateTime) -> NaiveDateTime {
        self.zone.from_utc_datetime(&at).naive_local()
    }

    /// The next local time that the cron line names. UTC stands for a calendar without clock changes.
    fn next_local(&self, after: NaiveDateTime) -> Option<NaiveDateTime> {
        let found = self.cron.find_next_occurrence(&after.and_utc(), false);
        found.ok().map(|local| local.naive_utc())
    }

    /// The first instant at which the clock shows this local time, or, where it never does, the next time it does show.
    fn instant(&self, local: NaiveDateTime) -> Option<NaiveDateTime> {
        std::iter::successors(Some(local), |local| {
            local.checked_add_signed(TimeDelta::minutes(1))
        })
        .take(LONGEST_GAP_MINUTES)
        .find_map(|local| self.zone.from_local_datetime(&local).earliest())
        .map(|at| at.naive_utc())
    }
}

/// The first slot of a job strictly after an instant, both in UTC. `None` when there is none, as on 30 February, or when
/// the timetable cannot be read.
pub fn next_due(info: &JobInfo, after: NaiveDateTime) -> Option<NaiveDateTime> {
    Calendar::of(info).ok()?.slots(after).next()
}

/// The slots of a job in `(after, until]`, in UTC, the earliest first. None when the timetable cannot be read.
pub fn due_slots(info: &JobInfo, after: NaiveDateTime, until: NaiveDateTime) -> Vec<NaiveDateTime> {
    Calendar::of(info).map_or_else(
        |_| Vec::new(),
        |calendar| {
            calendar
                .slots(after)
                .take_while(|slot| *slot <= until)
                .collect()
        },
    )
}

/// The date of which a run of this job speaks when nobody names one: the last that had ended, in the job's time zone, by
/// its slot (UTC). `None` when the timetable cannot be read.
pub fn day_ended(info: &JobInfo, slot: NaiveDateTime) -> Option<NaiveDate> {
    Some(Calendar::of(info).ok()?.day_ended(slot))
}
