//! Outputs: what a project makes for others to use, and how ready it is.

use crate::{Error, Result, text_enum};

text_enum!(
    /// What an output is.
    pub enum OutputKind as "output kind" {
        /// Software.
        Code = "CODE",
        /// Something to read.
        Document = "DOCUMENT",
        /// A standard or a practice.
        Standard = "STANDARD",
        /// Data.
        Data = "DATA",
    }
);

text_enum!(
    /// How ready an output is.
    pub enum Readiness as "readiness" {
        /// It can be looked at.
        Draft = "DRAFT",
        /// Somebody tried it.
        Tested = "TESTED",
        /// Others can use it.
        Ready = "READY",
    }
);

impl Readiness {
    /// Checks a step from this readiness to another: what is ready stays so, since others build on it.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a step back from `READY`.
    pub fn moves(self, to: Self) -> Result<()> {
        if self == Self::Ready && to != Self::Ready {
            let told = "It was published as ready and others may use it; publish what comes next as a new output.";
            return Err(Error::invalid("readiness", told));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_is_allowed_but_those_back_from_ready() {
        use Readiness::{Draft, Ready, Tested};
        let refused = [(Ready, Draft), (Ready, Tested)];
        for from in Readiness::ALL {
            for to in Readiness::ALL {
                let legal = !refused.contains(&(*from, *to));
                assert_eq!(from.moves(*to).is_ok(), legal, "{from} → {to}");
            }
        }
    }
}
