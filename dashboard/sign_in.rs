//! The pages around signing in: what did not work and what to do about it, and the button of a trial.

use askama::Template;

use crate::frame::{Frame, PageContext};
use crate::link::link;

/// What a page around signing in has to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignInPage {
    /// The provider did not sign the visitor in, or not so that it can be believed; the sentence says what to do.
    Failed {
        /// A full sentence, never what somebody else wrote.
        why: String,
        /// Where the visitor wanted to go, a local path.
        to: String,
    },
    /// The provider cannot be asked now.
    Unavailable {
        /// Where the visitor wanted to go, a local path.
        to: String,
    },
    /// This server has no sign-in.
    None,
    /// A link of a trial was opened: one button signs in.
    Trial {
        /// Where the button posts to.
        action: String,
        /// As whom it signs in, such as "Trial administrator".
        name: String,
    },
    /// A link of a trial that was used, is too old or never was one.
    TrialOver,
    /// A form came from somebody who is not signed in any more.
    SignedOut {
        /// The page to go back to, a local path.
        to: String,
    },
    /// A form came that our own pages did not send, or sent too long ago.
    NotOurs,
}

impl SignInPage {
    fn title(&self) -> &'static str {
        match self {
            Self::Failed { .. } => "You are not signed in",
            Self::Unavailable { .. } => "Signing in is not possible at the moment",
            Self::None => "There is no sign-in here",
            Self::Trial { .. } => "Sign in for a trial",
            Self::TrialOver => "This link does not sign in",
            Self::SignedOut { .. } => "You are not signed in any more",
            Self::NotOurs => "Nothing was changed",
        }
    }
}

#[derive(Template)]
#[template(path = "sign_in.html")]
struct Page<'a> {
    frame: Frame,
    page: &'a SignInPage,
}

impl Page<'_> {
    /// The sign-in again, leading to where the visitor wanted to go.
    fn again(&self, to: &str) -> String {
        link("/sign-in", &[("to", Some(to.to_owned()))])
    }
}

/// A page around signing in, as HTML.
#[must_use]
pub fn sign_in(page: &SignInPage, context: &PageContext) -> String {
    let shown = Page {
        frame: Frame::new(context, page.title()),
        page,
    };
    // Writing to a string cannot fail; the title alone is the least that could be said.
    shown.render().unwrap_or_else(|_| page.title().to_owned())
}
