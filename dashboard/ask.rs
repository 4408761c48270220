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
pub(crate) const DECLARATION: &str = include_str!("queries/declaration.graphql");
pub(crate) const SIGN_DECLARATION: &str = include_str!("queries/sign_declaration.graphql");
pub(crate) const WITHDRAW_SIGNATURE: &str = include_str!("queries/withdraw_signature.graphql");
pub(crate) const MAKE_COMMITMENT: &str = include_str!("queries/make_commitment.graphql");
pub(crate) const SETTLE_COMMITMENT: &str = include_str!("queries/settle_commitment.graphql");
pub(crate) const SUBSCRIBE: &str = include_str!("queries/subscribe.graphql");
pub(crate) const UNSUBSCRIBE: &str = include_str!("queries/unsubscribe.graphql");
pub(crate) const CHOOSE_DIGEST: &str = include_str!("queries/choose_digest.graphql");
pub(crate) const ERASE_PERSON: &str = include_str!("queries/erase_person.graphql");
pub(crate) const PROJECT_STATUS: &str = include_str!("queries/project_status.graphql");
pub(crate) const PROJECT_HISTORY: &str = include_str!("queries/project_history.graphql");
pub(crate) const POST_STATUS: &str = include_str!("queries/post_status.graphql");
pub(crate) const CLOSE_ASK: &str = include_str!("queries/close_ask.graphql");
pub(crate) const OFFER_HELP: &str = include_str!("queries/offer_help.graphql");
pub(crate) const ANSWER_FLAG: &str = include_str!("queries/answer_flag.graphql");
pub(crate) const REVISE_PROBLEM: &str = include_str!("queries/revise_problem.graphql");
pub(crate) const PROBLEM_TEXT: &str = include_str!("queries/problem_text.graphql");
pub(crate) const PROBLEMS: &str = include_str!("queries/problems.graphql");
pub(crate) const PROBLEM: &str = include_str!("queries/problem.graphql");
pub(crate) const PROBLEM_HISTORY: &str = include_str!("queries/problem_history.graphql");
pub(crate) const NEW_PROBLEM: &str = include_str!("queries/new_problem.graphql");
pub(crate) const RAISE_PROBLEM: &str = include_str!("queries/raise_problem.graphql");
pub(crate) const RESTORE_PROBLEM: &str = include_str!("queries/restore_problem.graphql");
pub(crate) const MOVE_PROBLEM: &str = include_str!("queries/move_problem.graphql");
pub(crate) const BACK_PROBLEM: &str = include_str!("queries/back_problem.graphql");
pub(crate) const WITHDRAW_BACKING: &str = include_str!("queries/withdraw_backing.graphql");
pub(crate) const ANSWER_BACKING: &str = include_str!("queries/answer_backing.graphql");
pub(crate) const SUGGEST: &str = include_str!("queries/suggest.graphql");
pub(crate) const SUGGESTION: &str = include_str!("queries/suggestion.graphql");
pub(crate) const UNIT_SUGGESTIONS: &str = include_str!("queries/unit_suggestions.graphql");
pub(crate) const ANSWER_SUGGESTION: &str = include_str!("queries/answer_suggestion.graphql");
pub(crate) const PROJECTS: &str = include_str!("queries/projects.graphql");
pub(crate) const PROJECT: &str = include_str!("queries/project.graphql");
pub(crate) const PORTFOLIO: &str = include_str!("queries/portfolio.graphql");
pub(crate) const NEW_PROJECT: &str = include_str!("queries/new_project.graphql");
pub(crate) const START_PROJECT: &str = include_str!("queries/start_project.graphql");
pub(crate) const INVITE_PARTICIPANT: &str = include_str!("queries/invite_participant.graphql");
pub(crate) const REQUEST_PARTICIPATION: &str =
    include_str!("queries/request_participation.graphql");
pub(crate) const ANSWER_PARTICIPATION: &str = include_str!("queries/answer_participation.graphql");
pub(crate) const WITHDRAW_PARTICIPATION: &str =
    include_str!("queries/withdraw_participation.graphql");
pub(crate) const LEAVE_PROJECT: &str = include_str!("queries/leave_project.graphql");
pub(crate) const CHANGE_PHASE: &str = include_str!("queries/change_phase.graphql");
pub(crate) const SET_GATE: &str = include_str!("queries/set_gate.graphql");
pub(crate) const SET_MILESTONE: &str = include_str!("queries/set_milestone.graphql");
pub(crate) const PUBLISH_OUTPUT: &str = include_str!("queries/publish_output.graphql");
pub(crate) const PLEDGE_CONTRIBUTION: &str = include_str!("queries/pledge_contribution.graphql");
pub(crate) const GIVE_CONTRIBUTION: &str = include_str!("queries/give_contribution.graphql");

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
    ("ProblemsPage", PROBLEMS),
    ("ProblemPage", PROBLEM),
    ("ProblemHistoryPage", PROBLEM_HISTORY),
    ("NewProblemPage", NEW_PROBLEM),
    ("RaiseProblem", RAISE_PROBLEM),
    ("RestoreProblem", RESTORE_PROBLEM),
    ("MoveProblem", MOVE_PROBLEM),
    ("BackProblem", BACK_PROBLEM),
    ("WithdrawBacking", WITHDRAW_BACKING),
    ("AnswerBacking", ANSWER_BACKING),
    ("Suggest", SUGGEST),
    ("SuggestionPage", SUGGESTION),
    ("UnitSuggestionsPage", UNIT_SUGGESTIONS),
    ("AnswerSuggestion", ANSWER_SUGGESTION),
    ("ProjectsPage", PROJECTS),
    ("ProjectStatus", PROJECT_STATUS),
    ("ProjectHistory", PROJECT_HISTORY),
    ("PostStatus", POST_STATUS),
    ("CloseAsk", CLOSE_ASK),
    ("OfferHelp", OFFER_HELP),
    ("AnswerFlag", ANSWER_FLAG),
    ("ReviseProblem", REVISE_PROBLEM),
    ("ProblemTextPage", PROBLEM_TEXT),
    ("ProjectPage", PROJECT),
    ("PortfolioPage", PORTFOLIO),
    ("NewProjectPage", NEW_PROJECT),
    ("StartProject", START_PROJECT),
    ("InviteParticipant", INVITE_PARTICIPANT),
    ("RequestParticipation", REQUEST_PARTICIPATION),
    ("AnswerParticipation", ANSWER_PARTICIPATION),
    ("WithdrawParticipation", WITHDRAW_PARTICIPATION),
    ("LeaveProject", LEAVE_PROJECT),
    ("ChangePhase", CHANGE_PHASE),
    ("SetGate", SET_GATE),
    ("SetMilestone", SET_MILESTONE),
    ("PublishOutput", PUBLISH_OUTPUT),
    ("PledgeContribution", PLEDGE_CONTRIBUTION),
    ("GiveContribution", GIVE_CONTRIBUTION),
    ("DeclarationPage", DECLARATION),
    ("SignDeclaration", SIGN_DECLARATION),
    ("WithdrawSignature", WITHDRAW_SIGNATURE),
    ("MakeCommitment", MAKE_COMMITMENT),
    ("SettleCommitment", SETTLE_COMMITMENT),
    ("Subscribe", SUBSCRIBE),
    ("Unsubscribe", UNSUBSCRIBE),
    ("ChooseDigest", CHOOSE_DIGEST),
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
