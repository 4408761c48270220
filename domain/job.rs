//! Scheduled jobs: how the timetable describes one, and the states of a run.

use crate::text_enum;

text_enum!(
    /// How far a run of a job has come.
    pub enum JobRunState as "state" {
        /// Asked for, and not yet taken by a runner.
        Queued = "QUEUED",
        /// Taken by a runner that holds its lease.
        Running = "RUNNING",
        /// Ended well.
        Done = "DONE",
        /// Ended with an error.
        Failed = "FAILED",
    }
);

/// What the timetable says of one job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JobInfo {
    /// Its name, such as `adoption_snapshot`.
    pub name: &'static str,
    /// One sentence on what it does.
    pub about: &'static str,
    /// When it is due, as a cron line: minute, hour, day, month, weekday.
    pub schedule: &'static str,
    /// The IANA time zone in which the schedule is read.
    pub time_zone: &'static str,
}

/// What a run did, in rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct JobCounts {
    /// Things looked at.
    pub read: i64,
    /// Rows written.
    pub written: i64,
    /// Things that already stood as they should.
    pub unchanged: i64,
}
