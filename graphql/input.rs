//! Parts of inputs that several mutations take: read into the sector's words.

use crate::id::Key;
use async_graphql::ID;
use domain::id::{InvitationId, MembershipId, OrganisationId, PersonId, TokenId};
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
}
