//! The page of the API for people: what it is, a query to try without a script, and how a machine asks.

use askama::Template;

use crate::error::PageError;
use crate::frame::{Frame, PageContext};

/// A query that works on any sector.
const EXAMPLE: &str = "{
  standards(first: 5, filter: { applied: true }) {
    nodes {
      slug
      title
      adoption { asOf eligible adopted unknown rate method { id version } }
    }
  }
}";

#[derive(Template)]
#[template(path = "api.html")]
struct ApiPage {
    frame: Frame,
    example: &'static str,
}

/// The page of the API, as HTML.
///
/// # Errors
/// [`PageError::Failed`] when the template cannot be rendered; it then holds no id, since nothing was asked.
pub fn api(context: &PageContext) -> Result<String, PageError> {
    let page = ApiPage {
        frame: Frame::new(context, "Ask the API"),
        example: EXAMPLE,
    };
    page.render().map_err(|_| PageError::Failed(String::new()))
}
