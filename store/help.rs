//! The kinds of work with which organisations said they can help.

use crate::change::{self, Write};
use crate::conn::internal;
use crate::schema::help_offer;
use crate::{Conn, lock};
use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::Result;
use domain::ask::AskKind;
use domain::id::OrganisationId;
use domain::policy::{About, Action, Granted};
use std::collections::BTreeSet;

#[derive(Insertable, Debug, Clone)]
#[diesel(table_name = help_offer, treat_none_as_default_value = false)]
struct HelpOffer {
    organisation_id: OrganisationId,
    kind: AskKind,
}

/// The kinds with which each of these organisations can help, by organisation and kind.
///
/// # Errors
/// [`domain::Error::Internal`] when the database fails.
pub async fn of(
    conn: &mut Conn,
    organisations: &[OrganisationId],
) -> Result<Vec<(OrganisationId, AskKind)>> {
    on!(conn, c => help_offer::table
        .filter(help_offer::organisation_id.eq_any(organisations))
        .order((help_offer::organisation_id, help_offer::kind))
        .select((help_offer::organisation_id, help_offer::kind))
        .load(c)
        .await)
    .map_err(internal)
}

/// Says with what an organisation can help, in place of what it said before; nothing is written when that is the same.
///
/// # Errors
/// [`domain::Error::Conflict`] when the organisation is closed; [`domain::Error::Internal`] when the database fails.
pub async fn set(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    organisation: OrganisationId,
    kinds: &[AskKind],
) -> Result<()> {
    granted.require(Action::OfferHelp)?;
    granted.covers(About::Organisation(organisation))?;
    lock::organisations(conn, &[organisation]).await?;
    crate::invitation::check_open(conn, now.date(), organisation).await?;
    let before: BTreeSet<AskKind> = of(conn, &[organisation])
        .await?
        .into_iter()
        .map(|(_, kind)| kind)
        .collect();
    let after: BTreeSet<AskKind> = kinds.iter().copied().collect();
    if before == after {
        return Ok(());
    }
    on!(conn, c => diesel::delete(help_offer::table)
        .filter(help_offer::organisation_id.eq(organisation))
        .execute(c)
        .await)
    .map_err(internal)?;
    let offers = |kind: &AskKind| HelpOffer {
        organisation_id: organisation,
        kind: *kind,
    };
    let rows: Vec<HelpOffer> = after.iter().map(offers).collect();
    let _written: usize = insert_rows!(conn, help_offer::table, rows);
    let write = Write {
        kind: "help_offer",
        id: organisation.to_string(),
        about: Some(organisation),
        before: Some(&before),
        after: Some(&after),
    };
    change::record(conn, granted, now, write).await
}
