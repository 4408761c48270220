//! Notices: what an organisation's lead or the unit has to be told. The change that caused one stands in the record.

use crate::conn::internal;
use crate::membership::Membership;
use crate::schema::notice;
use crate::{Conn, fresh};
use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::Result;
use domain::id::{NoticeId, OrganisationId};
use domain::membership::{NoticeKind, hand_over as to_tell};
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
            created_at: now,
        }));
    }
    let _written: usize = insert_rows!(conn, notice::table, notices);
    Ok(())
}
