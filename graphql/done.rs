//! What a mutation about one thing keeps as its answer.

use crate::error::Result;
use crate::receipt::Answer;
use crate::user_error::UserError;
use serde::{Deserialize, Serialize};
use std::fmt::Display;
use std::str::FromStr;

/// The id of the thing, or what has to be mended in the input.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Done {
    wrote: bool,
    id: Option<String>,
    /// Given once, with the first answer, and kept nowhere: who sends the same again is given none.
    #[serde(skip)]
    pub(crate) secret: Option<String>,
    /// What has to be mended in the input.
    pub(crate) user_errors: Vec<UserError>,
}

impl Done {
    /// Something was written, and there is nothing to show for it.
    pub(crate) fn plain() -> Self {
        Self {
            wrote: true,
            ..Self::default()
        }
    }

    /// This thing was written.
    pub(crate) fn with(id: impl Display) -> Self {
        Self {
            id: Some(id.to_string()),
            ..Self::plain()
        }
    }

    /// Nothing was written: this has to be mended first.
    pub(crate) fn held(user_errors: impl IntoIterator<Item = UserError>) -> Self {
        Self {
            user_errors: user_errors.into_iter().collect(),
            ..Self::default()
        }
    }

    /// The same, with a secret that is to be shown once.
    pub(crate) fn showing(self, secret: String) -> Self {
        Self {
            secret: Some(secret),
            ..self
        }
    }

    /// The id of what was written, as it was kept; `None` when nothing was.
    pub(crate) fn text(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// The thing that was written.
    ///
    /// # Errors
    /// `INTERNAL` when what was kept is not its id.
    pub(crate) fn id<Id: FromStr<Err = domain::Error>>(&self) -> Result<Option<Id>> {
        let parsed = self.id.as_deref().map(str::parse).transpose();
        parsed.map_err(|error: domain::Error| domain::Error::internal(error).into())
    }
}

impl Answer for Done {
    fn refused(fault: UserError) -> Self {
        Self {
            user_errors: vec![fault],
            ..Self::default()
        }
    }

    fn wrote(&self) -> bool {
        self.wrote
    }

    fn faults(&self) -> impl Iterator<Item = &UserError> {
        self.user_errors.iter()
    }
}
