//! What a page says first, after a form: that it was done, or what was wrong with it.

use crate::deed::{Complaint, Deed, complaints};
use crate::done::Done;
use crate::error::PageError;
use crate::params::{DoneParams, word};
use crate::sent::Returned;

/// What came of the form that led to the page, read by `outcome.html`.
#[derive(Default)]
pub(crate) struct Outcome {
    pub(crate) done: Option<Done>,
    pub(crate) complaints: Vec<Complaint>,
    /// Whether the thing moved on since the page was made.
    pub(crate) conflict: bool,
}

impl Outcome {
    /// What the query string says was done.
    ///
    /// # Errors
    /// [`PageError::BadRequest`] for what no form does.
    pub(crate) fn done(params: &DoneParams) -> Result<Self, PageError> {
        Ok(Self {
            done: word("done", params.done.as_deref())?,
            ..Self::default()
        })
    }

    /// What was wrong with the form that came back, if one did.
    pub(crate) fn with<'d>(
        mut self,
        deeds: impl IntoIterator<Item = &'d Deed>,
        returned: Option<&Returned<'_>>,
    ) -> Self {
        self.complaints = complaints(deeds, returned);
        self.conflict = returned.is_some_and(|returned| returned.wrong.conflict);
        self
    }

    /// The title of the page: a fault comes first in it, so that it is the first thing that is read out.
    pub(crate) fn title(&self, title: &str) -> String {
        match self.complaints.is_empty() {
            true => title.to_owned(),
            false => format!("Nothing was changed: {title}"),
        }
    }
}
