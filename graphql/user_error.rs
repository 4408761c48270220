//! What is wrong with an input, in plain English that says what to do next.

use async_graphql::SimpleObject;
use domain::Error;
use serde::{Deserialize, Serialize};

/// A part of the input that cannot be taken as it is.
#[derive(SimpleObject, Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserError {
    /// Where in the arguments it is, such as `["input", "rows", "3", "effectiveOn"]`.
    path: Vec<String>,
    /// For machines: `BAD_INPUT`, `NOT_FOUND` or `FORBIDDEN`; `GATE` for what keeps a project out of a phase.
    pub(crate) code: String,
    /// For people: what is wrong and what to do.
    message: String,
}

impl UserError {
    /// What `error` says of the part of the input at `path`.
    pub(crate) fn new(path: impl IntoIterator<Item = String>, error: &Error) -> Self {
        let message = match error {
            Error::Invalid { reason, .. } => reason.clone(),
            other => other.to_string(),
        };
        Self {
            path: path.into_iter().collect(),
            code: error.code().to_owned(),
            message,
        }
    }

    /// What `error` says of the field it names; the error itself when it is not the input's.
    pub(crate) fn about(error: Error) -> Result<Self, Error> {
        let field = match &error {
            Error::Invalid { field, .. } | Error::Taken { field, .. } => field,
            // Inputs name things by their kinds.
            Error::NotFound { kind, .. } => kind,
            _ => return Err(error),
        };
        Ok(Self::of(field, &error))
    }

    /// A condition that does not hold before a project enters the phase of the input.
    pub(crate) fn gate(message: &str) -> Self {
        Self {
            path: vec!["input".to_owned(), "phase".to_owned()],
            code: "GATE".to_owned(),
            message: message.to_owned(),
        }
    }

    /// What `error` says of a field directly in the input.
    pub(crate) fn of(field: &str, error: &Error) -> Self {
        Self::new(["input".to_owned(), field.to_owned()], error)
    }
}
