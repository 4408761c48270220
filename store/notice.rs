//! Notices: what an organisation or the unit has to be told. The change that caused one stands in the record.

use crate::conn::internal;
use crate::membership::Membership;
use crate::schema::notice;
use crate::{Conn, fresh};
use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::Result;
use domain::id::{NoticeId, OrganisationId};
use domain::membership::hand_over as to_tell;
use domain::notice::NoticeKind;
use domain::policy::Role;
use std::collections::BTreeSet;

/// A notice.
#[derive(Queryable, Selectable, Insertable, Debug, Clone, PartialEq, Eq)]
#[diesel(table_name = notice, treat_none_as_default_value = false)]
pub struct Notice {
    /// Its id.
    pub id: NoticeId,
    /// Whom it tells: this organisation's lead, or the unit.
    pub organisation_id: Option<OrganisationId>,
    /// Which organisation it is about.
    pub about_id: OrganisationId,
    /// What it says.
    pub kind: NoticeKind,
    /// The kind of thing it is about beside, as the record names it, such as `project`.
    pub thing_kind: Option<String>,
    /// The key of that thing, as the record names it.
    pub thing_id: Option<String>,
    /// What that thing is called.
    pub detail: Option<String>,
    /// When it was written, UTC.
    pub created_at: NaiveDateTime,
}

/// The newest notices to an organisation, or to the unit, at most `limit`.
///
/// # Errors
/// [`domain::Error::Internal`] when the database fails.
pub async fn of(
    conn: &mut Conn,
    organisation: Option<OrganisationId>,
    limit: i64,
) -> Result<Vec<Notice>> {
    on!(conn, c => {
        let all = notice::table
            .select(Notice::as_select())
            .order(notice::id.desc())
            .limit(limit)
            .into_boxed();
        of_home!(all, notice::organisation_id, organisation).load(c).await
    })
    .map_err(internal)
}

/// What is to be told of a thing.
#[derive(Debug, Clone)]
pub(crate) struct News<'a> {
    /// What it is.
    pub(crate) kind: NoticeKind,
    /// The kind of thing and its key, as the record names them.
    pub(crate) thing: (&'static str, String),
    /// What the thing is called.
    pub(crate) title: &'a str,
    /// The organisation concerned, such as the one that invites or asks.
    pub(crate) about: OrganisationId,
}

/// Tells these organisations (`None` is the unit) of a thing, in one statement.
pub(crate) async fn tell(
    conn: &mut Conn,
    now: NaiveDateTime,
    to: impl IntoIterator<Item = Option<OrganisationId>>,
    news: &News<'_>,
) -> Result<()> {
    let to: BTreeSet<Option<OrganisationId>> = to.into_iter().collect();
    let notice = |organisation_id| Notice {
        id: fresh(),
        organisation_id,
        about_id: news.about,
        kind: news.kind,
        thing_kind: Some(news.thing.0.to_owned()),
        thing_id: Some(news.thing.1.clone()),
        detail: Some(news.title.to_owned()),
        created_at: now,
    };
    let notices: Vec<Notice> = to.into_iter().map(notice).collect();
    let _written: usize = insert_rows!(conn, notice::table, notices);
    Ok(())
}

/// Tells whom it concerns what follows for organisations where `there` held memberships, of which some are now as
/// `changed` says.
pub(crate) async fn hand_over(
    conn: &mut Conn,
    now: NaiveDateTime,
    there: &[Membership],
    changed: &[Membership],
) -> Result<()> {
    let homes: BTreeSet<OrganisationId> = changed
        .iter()
        .filter_map(|one| one.organisation_id)
        .collect();
    let mut notices = Vec::new();
    for home in homes {
        let here = || there.iter().filter(|one| one.organisation_id == Some(home));
        let before: Vec<Role> = here().map(|one| one.role).collect();
        let after: Vec<Role> = here()
            .map(|one| changed.iter().find(|new| new.id == one.id).unwrap_or(one))
            .filter(|one| one.holds(now.date()))
            .map(|one| one.role)
            .collect();
        let told = to_tell(&before, &after).into_iter();
        notices.extend(told.map(|(to_lead, kind)| Notice {
            id: fresh(),
            organisation_id: to_lead.then_some(home),
            about_id: home,
            kind,
            thing_kind: None,
            thing_id: None,
            detail: None,
            created_at: now,
        }));
    }
    let _written: usize = insert_rows!(conn, notice::table, notices);
    Ok(())
}
