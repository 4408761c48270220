//! The page of the link that ends a digest.

use askama::Template;

use crate::frame::{Frame, PageContext};

/// What the page of the link says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unsubscribe {
    /// Whether to end the digest.
    Ask {
        /// Where the button sends its form.
        action: String,
    },
    /// That it is ended.
    Ended,
    /// That there is no such link.
    Dead,
}

#[derive(Template)]
#[template(path = "unsubscribe.html")]
struct UnsubscribePage<'a> {
    frame: Frame,
    page: &'a Unsubscribe,
}

/// The page at `/unsubscribe/{secret}`, which is to be sent so that the address reaches nobody else.
pub fn unsubscribe(page: &Unsubscribe, context: &PageContext) -> String {
    let title = match page {
        Unsubscribe::Ask { .. } => "Get no more mail",
        Unsubscribe::Ended => "You get no more mail",
        Unsubscribe::Dead => "This link ends nothing",
    };
    let page = UnsubscribePage {
        frame: Frame::new(context, title),
        page,
    };
    // Writing to a string cannot fail.
    page.render().unwrap_or_default()
}
