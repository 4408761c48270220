//! How a page gets its data: the trait the program implements over the schema, and the documents asked.

use askama::Template;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::error::PageError;

pub(crate) const ACTIVITY: &str = include_str!("queries/activity.graphql");
pub(crate) const HOME: &str = include_str!("queries/home.graphql");
pub(crate) const STANDARDS: &str = include_str!("queries/standards.graphql");
pub(crate) const STANDARD: &str = include_str!("queries/standard.graphql");
pub(crate) const EVIDENCE: &str = include_str!("queries/evidence.graphql");
pub(crate) const ORGANISATIONS: &str = include_str!("queries/organisations.graphql");
pub(crate) const ORGANISATION: &str = include_str!("queries/organisation.graphql");

/// Every document the pages ask, with the name of its one operation, for a test to hold against the schema.
pub const DOCUMENTS: &[(&str, &str)] = &[
    ("ActivityPage", ACTIVITY),
    ("HomePage", HOME),
    ("StandardsPage", STANDARDS),
    ("StandardPage", STANDARD),
    ("EvidencePage", EVIDENCE),
    ("OrganisationsPage", ORGANISATIONS),
    ("OrganisationPage", ORGANISATION),
];

/// What the pages need of the program: answers to documents, and a place to report what went wrong.
pub trait Ask {
    /// Runs a document with its variables, as whoever looks at the page, and gives the GraphQL `data` object.
    ///
    /// # Errors
    /// [`PageError::BadRequest`] for errors the visitor can mend (`BAD_INPUT`, `TOO_COSTLY`), with a
    /// sentence that says how; [`PageError::NotFound`], [`PageError::Unauthenticated`] and [`PageError::Forbidden`] for
    /// the codes of those names; [`PageError::Failed`] for the rest.
    fn ask(
        &self,
        document: &'static str,
        variables: Value,
    ) -> impl Future<Output = Result<Value, PageError>>;

    /// Logs a fault of the pages themselves (an answer of the wrong shape) and returns the id to show.
    fn failed(&self, cause: &str) -> String;
}

/// Asks a document and reads its answer into the shapes of a page.
pub(crate) async fn answer<T: DeserializeOwned>(
    ask: &impl Ask,
    document: &'static str,
    variables: &Value,
) -> Result<T, PageError> {
    let data = ask.ask(document, variables.clone()).await?;
    serde_json::from_value(data).map_err(|cause| failed(ask, &cause))
}

/// Renders a page to HTML.
pub(crate) fn render(ask: &impl Ask, page: &impl Template) -> Result<String, PageError> {
    page.render().map_err(|cause| failed(ask, &cause))
}

fn failed(ask: &impl Ask, cause: &dyn std::error::Error) -> PageError {
    PageError::Failed(ask.failed(&cause.to_string()))
}
