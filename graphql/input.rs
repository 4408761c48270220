//! Parts of inputs that several mutations take: read into the sector's words.

use crate::id::Key;
use async_graphql::ID;
use domain::id::{
    AskId, CommitmentId, ContributionId, DeclarationId, FlagId, InvitationId, MembershipId,
    MilestoneId, OrganisationId, OutputId, ParticipationId, PersonId, ProblemId, ProjectId,
    SignatureId, SubscriptionId, TokenId, WebhookId,
};
use domain::policy::Viewer;
use domain::{Error, Result};
use store::Conn;

/// The longest reason, in characters.
const LONGEST_REASON: usize = 1_000;

/// The organisation that is named by slug or code.
///
/// # Errors
/// [`Error::NotFound`] when there is none; [`Error::Invalid`] when a code names several.
pub(crate) async fn organisation(conn: &mut Conn, name: &str) -> Result<OrganisationId> {
    let body = store::organisation::named(conn, name.trim()).await?;
    Ok(body
        .ok_or_else(|| Error::not_found("organisation", name))?
        .id)
}

/// Whose affairs: those of the organisation that is named, or the unit's own.
///
/// # Errors
/// As [`organisation`].
pub(crate) async fn home(conn: &mut Conn, name: Option<&str>) -> Result<Option<OrganisationId>> {
    match name {
        Some(name) => organisation(conn, name).await.map(Some),
        None => Ok(None),
    }
}

/// For which organisation `viewer` acts: the one that is named, else that of the token, or of the person's only membership;
/// `None` is the unit, which is also taken for whoever acts for none.
///
/// # Errors
/// As [`organisation`]; [`Error::Invalid`] when nothing is named and the person acts for several.
pub(crate) async fn acting(
    conn: &mut Conn,
    viewer: &Viewer,
    name: Option<&str>,
) -> Result<Option<OrganisationId>> {
    if name.is_some() {
        return home(conn, name).await;
    }
    match viewer.homes().as_slice() {
        [] => Ok(None),
        [only] => Ok(*only),
        _ => Err(Error::invalid(
            "organisation",
            "You act for several organisations; say for which one.",
        )),
    }
}

/// The organisation for which `viewer` acts, where it must be one and not the unit.
///
/// # Errors
/// As [`acting`]; [`Error::Invalid`] for whoever acts for none.
pub(crate) async fn body(
    conn: &mut Conn,
    viewer: &Viewer,
    name: Option<&str>,
) -> Result<OrganisationId> {
    // Whoever did not say who they are is told that first.
    if *viewer == Viewer::Anonymous {
        return Err(Error::Unauthenticated);
    }
    let unsaid = || Error::invalid("organisation", "Say for which organisation.");
    acting(conn, viewer, name).await?.ok_or_else(unsaid)
}

/// The project with this id or at this address.
///
/// # Errors
/// [`Error::NotFound`] when there is none.
pub(crate) async fn project_named(conn: &mut Conn, name: &ID) -> Result<ProjectId> {
    if let Ok(Key::Project(id)) = Key::parse("project", name) {
        return Ok(store::project::by_id(conn, id).await?.id);
    }
    let row = store::project::by_slug(conn, name).await?;
    Ok(row
        .ok_or_else(|| Error::not_found("project", name.as_str()))?
        .id)
}

/// The project with this id or at this address, locked so that one update at a time is posted.
///
/// # Errors
/// [`Error::NotFound`] when there is none.
pub(crate) async fn project_to_post(conn: &mut Conn, name: &ID) -> Result<store::project::Project> {
    let id = match Key::parse("project", name) {
        Ok(Key::Project(id)) => Some(id),
        _ => None,
    };
    store::status::locked(conn, id, name).await
}

/// The problem with this id or at this address.
///
/// # Errors
/// [`Error::NotFound`] when there is none.
pub(crate) async fn problem_named(conn: &mut Conn, name: &ID) -> Result<ProblemId> {
    if let Ok(Key::Problem(id)) = Key::parse("problem", name) {
        return Ok(store::problem::by_id(conn, id).await?.id);
    }
    let row = store::problem::by_slug(conn, name).await?;
    Ok(row
        .ok_or_else(|| Error::not_found("problem", name.as_str()))?
        .id)
}

/// Why, as the record keeps it; `None` when nothing was said.
///
/// # Errors
/// [`Error::Invalid`] when it is longer than 1,000 characters.
pub(crate) fn reason(raw: Option<&str>) -> Result<Option<String>> {
    let reason = raw.map(str::trim).filter(|text| !text.is_empty());
    if reason.is_some_and(|text| text.chars().count() > LONGEST_REASON) {
        let told = format!("Give the reason in at most {LONGEST_REASON} characters.");
        return Err(Error::invalid("reason", told));
    }
    Ok(reason.map(str::to_owned))
}

/// A number of days within bounds.
///
/// # Errors
/// [`Error::Invalid`] when it is none of 1 to `most`.
pub(crate) fn days(days: i64, most: i64) -> Result<chrono::TimeDelta> {
    if (1..=most).contains(&days) {
        return Ok(chrono::TimeDelta::days(days));
    }
    let told = format!("Give 1 to {most} days; {days} is not.");
    Err(Error::invalid("days", told))
}

/// Reads the id of one kind of thing for the argument of the same name: all parts of its key.
macro_rules! read_id {
    ($($(#[$meta:meta])* $field:ident: $kind:ident($($part:ident),+) as $id:ty),+ $(,)?) => {$(
        $(#[$meta])*
        ///
        /// # Errors
        /// [`Error::Invalid`] when it is no id, or that of something else.
        pub(crate) fn $field(id: &ID) -> Result<$id> {
            match Key::parse(stringify!($field), id) {
                Ok(Key::$kind($($part),+)) => Ok(($($part),+)),
                _ => Err(Error::invalid(
                    stringify!($field),
                    format!("`{}` is not the id of this kind of thing; use one that this API gave.", id.as_str()),
                )),
            }
        }
    )+};
}

read_id! {
    /// The id of a membership.
    membership: Membership(id) as MembershipId,
    /// The id of an invitation.
    invitation: Invitation(id) as InvitationId,
    /// The id of a token.
    token: Token(id) as TokenId,
    /// The id of a person.
    person: Person(id) as PersonId,
    /// The id of a participation.
    participation: Participation(project, id) as (ProjectId, ParticipationId),
    /// The id of a contribution.
    contribution: Contribution(project, id) as (ProjectId, ContributionId),
    /// The id of a milestone.
    milestone: Milestone(project, id) as (ProjectId, MilestoneId),
    /// The id of an output.
    output: Output(project, id) as (ProjectId, OutputId),
    /// The id of an ask.
    ask: Ask(project, id) as (ProjectId, AskId),
    /// The id of a flag.
    flag: Flag(project, id) as (ProjectId, FlagId),
    /// The id of a version of the declaration.
    declaration: Declaration(id) as DeclarationId,
    /// The id of a signature.
    signature: Signature(id) as SignatureId,
    /// The id of a commitment.
    commitment: Commitment(id) as CommitmentId,
    /// The id of a subscription.
    subscription: Subscription(id) as SubscriptionId,
    /// The id of a webhook.
    webhook: Webhook(id) as WebhookId,
}
