//! Projects: their phases, and which follows which.

use crate::text_enum;

text_enum!(
    /// How far a project has come.
    pub enum Phase as "phase" {
        /// Finds out what is needed.
        Discovery = "DISCOVERY",
        /// Tries ideas.
        Alpha = "ALPHA",
        /// Is used by a few.
        Beta = "BETA",
        /// Is used by whoever wants it.
        Live = "LIVE",
        /// Has done its work.
        Retired = "RETIRED",
        /// Was given up, with a reason.
        Stopped = "STOPPED",
    }
);

impl Phase {
    /// Whether the project is still worked on.
    pub fn is_open(self) -> bool {
        !matches!(self, Self::Retired | Self::Stopped)
    }
}
