//! What can go wrong with a page, and the page that says so in a plain sentence.

use askama::Template;

use crate::frame::{Frame, PageContext};

/// Why there is no page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PageError {
    /// Nothing has that address.
    NotFound,
    /// No invitation has that link, or no longer.
    DeadLink,
    /// The visitor asked for something that cannot be; the sentence says what to change.
    BadRequest(String),
    /// It is not public: the visitor has to sign in.
    Unauthenticated,
    /// The visitor is signed in and may not; the sentence says who may.
    Forbidden(String),
    /// What was sent is longer than what is read.
    TooLong,
    /// The visitor asked too much in a short time.
    TooMany {
        /// After how many seconds to ask again.
        seconds: u64,
    },
    /// It moved on since the page was made, or cannot be as things stand; the sentence says what to do.
    Conflict(String),
    /// The fault is ours; holds the id under which the cause was logged, never the cause.
    Failed(String),
}

impl PageError {
    /// The HTTP status to send the error page with: 404, 400, 401, 403, 409, 413, 429 or 500.
    #[must_use]
    pub fn status(&self) -> u16 {
        match self {
            Self::NotFound | Self::DeadLink => 404,
            Self::BadRequest(_) => 400,
            Self::Unauthenticated => 401,
            Self::Forbidden(_) => 403,
            Self::TooLong => 413,
            Self::TooMany { .. } => 429,
            Self::Conflict(_) => 409,
            Self::Failed(_) => 500,
        }
    }

    /// After how many seconds the visitor may ask again, for the header `Retry-After`.
    #[must_use]
    pub fn retry_after(&self) -> Option<u64> {
        match self {
            Self::TooMany { seconds } => Some(*seconds),
            _ => None,
        }
    }
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage<'a> {
    frame: Frame,
    error: &'a PageError,
    back: &'a str,
}

/// The page for an error, as HTML, to be sent with [`PageError::status`].
#[must_use]
pub fn error_page(error: &PageError, context: &PageContext) -> String {
    let title = match error {
        PageError::NotFound => "There is no such page",
        PageError::DeadLink => "This link invites to nothing",
        PageError::BadRequest(_) => "This page cannot be shown as asked",
        PageError::Unauthenticated => "Sign in to see this page",
        PageError::TooLong => "This is too long to be read",
        PageError::TooMany { .. } => "Please wait a moment",
        PageError::Forbidden(_) => "You may not do that",
        PageError::Conflict(_) => "Nothing was changed",
        PageError::Failed(_) => "Something went wrong",
    };
    let page = ErrorPage {
        frame: Frame::new(context, title),
        error,
        back: &context.path,
    };
    // Writing to a string cannot fail; the title alone is the least that could be said.
    page.render().unwrap_or_else(|_| title.to_owned())
}
