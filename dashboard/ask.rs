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
pub(crate) const ACCOUNT: &str = include_str!("queries/account.graphql");
pub(crate) const PERSONAL_DATA: &str = include_str!("queries/personal_data.graphql");
pub(crate) const RIGHTS: &str = include_str!("queries/rights.graphql");
pub(crate) const PEOPLE: &str = include_str!("queries/people.graphql");
pub(crate) const UNIT_PEOPLE: &str = include_str!("queries/unit_people.graphql");
pub(crate) const INVITATION: &str = include_str!("queries/invitation.graphql");
pub(crate) const INVITE_MEMBER: &str = include_str!("queries/invite_member.graphql");
pub(crate) const ANSWER_INVITATION: &str = include_str!("queries/answer_invitation.graphql");
pub(crate) const WITHDRAW_INVITATION: &str = include_str!("queries/withdraw_invitation.graphql");
pub(crate) const CHANGE_MEMBERSHIP: &str = include_str!("queries/change_membership.graphql");
pub(crate) const END_MEMBERSHIP: &str = include_str!("queries/end_membership.graphql");
pub(crate) const UPDATE_CONTACT: &str = include_str!("queries/update_contact.graphql");
pub(crate) const ISSUE_TOKEN: &str = include_str!("queries/issue_token.graphql");
pub(crate) const REVOKE_TOKEN: &str = include_str!("queries/revoke_token.graphql");
pub(crate) const ERASE_PERSON: &str = include_str!("queries/erase_person.graphql");

/// Every document the pages ask, with the name of its one operation, for a test to hold against the schema.
pub const DOCUMENTS: &[(&str, &str)] = &[
    ("ActivityPage", ACTIVITY),
    ("HomePage", HOME),
    ("StandardsPage", STANDARDS),
    ("StandardPage", STANDARD),
    ("EvidencePage", EVIDENCE),
    ("OrganisationsPage", ORGANISATIONS),
    ("OrganisationPage", ORGANISATION),
    ("AccountPage", ACCOUNT),
    ("PersonalData", PERSONAL_DATA),
    ("Rights", RIGHTS),
    ("PeoplePage", PEOPLE),
    ("UnitPeoplePage", UNIT_PEOPLE),
    ("InvitationPage", INVITATION),
    ("InviteMember", INVITE_MEMBER),
    ("AnswerInvitation", ANSWER_INVITATION),
    ("WithdrawInvitation", WITHDRAW_INVITATION),
    ("ChangeMembership", CHANGE_MEMBERSHIP),
    ("EndMembership", END_MEMBERSHIP),
    ("UpdateContact", UPDATE_CONTACT),
    ("IssueToken", ISSUE_TOKEN),
    ("RevokeToken", REVOKE_TOKEN),
    ("ErasePerson", ERASE_PERSON),
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

    /// Runs a document that changes something, as whoever sent the form, and gives the GraphQL `data` object.
    ///
    /// # Errors
    /// As [`Ask::ask`], and [`PageError::Conflict`] for `CONFLICT`.
    fn change(
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
