//! Signatures under versions of the declaration.

use crate::change::{self, Write};
use crate::conn::{OnTaken, internal};
use crate::invitation::check_open;
use crate::page::{Page, Rows};
use crate::schema::{organisation, signature};
use crate::{Conn, declaration, fresh, lock};
use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::declaration::{SignatureState, check_signing};
use domain::id::{DeclarationId, OrganisationId, SignatureId};
use domain::policy::{About, Action, Granted};
use domain::{Error, Result};
use serde::Serialize;

/// A signature of an organisation under one version.
#[derive(Queryable, Selectable, Insertable, Debug, Clone, PartialEq, Eq, Serialize)]
#[diesel(table_name = signature, treat_none_as_default_value = false)]
pub struct Signature {
    /// Its id.
    pub id: SignatureId,
    /// What is signed.
    pub declaration_id: DeclarationId,
    /// Who signs.
    pub organisation_id: OrganisationId,
    /// The day it was given, UTC.
    pub signed_on: NaiveDate,
    /// Who gave it for the organisation, as the record names them.
    pub signed_by: String,
    /// The day it was withdrawn, UTC.
    pub withdrawn_on: Option<NaiveDate>,
    /// Why it was withdrawn.
    pub reason: Option<String>,
    /// Goes up by one with every change.
    pub version: i64,
}

impl Signature {
    /// How it stands on a day, of a body that closed on another, if it did.
    pub fn state(&self, day: NaiveDate, closed: Option<NaiveDate>) -> SignatureState {
        SignatureState::on(day, self.withdrawn_on, closed)
    }
}

/// Signs a version for an organisation: the newest one where none is named.
///
/// # Errors
/// [`Error::NotFound`] when there is no such version; [`Error::Conflict`] when the organisation is closed or signed it
/// before; [`Error::Internal`] when the database fails.
pub async fn sign(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    organisation: OrganisationId,
    version: Option<DeclarationId>,
) -> Result<Signature> {
    granted.require(Action::SignDeclaration)?;
    granted.covers(About::Organisation(organisation))?;
    lock::organisations(conn, &[organisation]).await?;
    check_open(conn, now.date(), organisation).await?;
    let signed = match version {
        Some(id) => declaration::by_ids(conn, &[id]).await?.pop(),
        None => declaration::newest(conn).await?,
    };
    let missing = || {
        Error::not_found(
            "declaration",
            version.map_or("newest".into(), |id| id.to_string()),
        )
    };
    let signed = signed.ok_or_else(missing)?;
    let standing = of_organisations(conn, &[organisation]).await?;
    let standing = standing
        .iter()
        .filter(|one| one.declaration_id == signed.id)
        .map(|one| one.state(now.date(), None))
        .min();
    check_signing(standing, signed.number)?;
    let row = Signature {
        id: fresh(),
        declaration_id: signed.id,
        organisation_id: organisation,
        signed_on: now.date(),
        signed_by: granted.actor().to_owned(),
        withdrawn_on: None,
        reason: None,
        version: 1,
    };
    on!(conn, c => diesel::insert_into(signature::table).values(&row).execute(c).await)
        .on_taken("declaration", &signed.number.to_string())?;
    record(conn, granted, now, None, &row).await?;
    Ok(row)
}

/// Withdraws a signature; the reason is that of the grant.
///
/// # Errors
/// [`Error::Invalid`] without a reason; [`Error::NotFound`] when there is no such signature; [`Error::Stale`] when it was
/// changed meanwhile; [`Error::Conflict`] when it holds no more; [`Error::Internal`] when the database fails.
pub async fn withdraw(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    id: SignatureId,
    expected_version: i64,
) -> Result<Signature> {
    granted.require(Action::SignDeclaration)?;
    let body = by_id(conn, id).await?.organisation_id;
    granted.covers(About::Organisation(body))?;
    lock::organisations(conn, &[body]).await?;
    let before = by_id(conn, id).await?;
    if before.version != expected_version {
        let current = before.version;
        return Err(Error::Stale { current });
    }
    let found = crate::organisation::by_ids(conn, &[body]).await?.pop();
    let closed = found.and_then(|body| body.closed_on);
    before.state(now.date(), closed).withdraw()?;
    let reason = granted.reason().map(str::to_owned);
    let reason = reason.ok_or_else(|| Error::invalid("reason", "Say why it is withdrawn."))?;
    let after = Signature {
        withdrawn_on: Some(now.date()),
        reason: Some(reason),
        version: before.version + 1,
        ..before.clone()
    };
    on!(conn, c => diesel::update(signature::table.find(id))
        .set((
            signature::withdrawn_on.eq(after.withdrawn_on),
            signature::reason.eq(&after.reason),
            signature::version.eq(after.version),
        ))
        .execute(c)
        .await)
    .map_err(internal)?;
    record(conn, granted, now, Some(&before), &after).await?;
    Ok(after)
}

async fn record(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    before: Option<&Signature>,
    after: &Signature,
) -> Result<()> {
    let write = Write {
        kind: "signature",
        id: after.id.to_string(),
        about: Some(after.organisation_id),
        before,
        after: Some(after),
    };
    change::record(conn, granted, now, write).await
}

/// The signature with this id.
///
/// # Errors
/// [`Error::NotFound`] when there is none; [`Error::Internal`] when the database fails.
pub async fn by_id(conn: &mut Conn, id: SignatureId) -> Result<Signature> {
    on!(conn, c => signature::table.find(id).select(Signature::as_select()).first(c).await.optional())
        .map_err(internal)?
        .ok_or_else(|| Error::not_found("signature", id.to_string()))
}

/// Every signature of these organisations, the oldest first; those that hold no more as well.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn of_organisations(
    conn: &mut Conn,
    organisations: &[OrganisationId],
) -> Result<Vec<Signature>> {
    on!(conn, c => signature::table
        .filter(signature::organisation_id.eq_any(organisations))
        .select(Signature::as_select())
        .order(signature::id.asc())
        .load(c)
        .await)
    .map_err(internal)
}

/// One page of the signatures under a version that stand on a day, the oldest first.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn page(
    conn: &mut Conn,
    version: DeclarationId,
    day: NaiveDate,
    page: &Page,
) -> Result<Rows<Signature>> {
    let rows = on!(conn, c => {
        let mut query = signature::table
            .inner_join(organisation::table.on(organisation::id.eq(signature::organisation_id)))
            .filter(signature::declaration_id.eq(version))
            .filter(signature::withdrawn_on.is_null().or(signature::withdrawn_on.gt(day)))
            .filter(organisation::closed_on.is_null().or(organisation::closed_on.gt(day)))
            .select(Signature::as_select())
            .into_boxed();
        if let Some(at) = &page.after {
            query = query.filter(signature::id.gt(&at.id));
        }
        if let Some(at) = &page.before {
            query = query.filter(signature::id.lt(&at.id));
        }
        query = if page.from_end {
            query.order(signature::id.desc())
        } else {
            query.order(signature::id.asc())
        };
        query.limit(page.fetch()).load(c).await
    })
    .map_err(internal)?;
    Ok(Rows::cut(rows, page))
}

/// How many signatures stand on a day under each of these versions; those without any are left out.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn counts(
    conn: &mut Conn,
    versions: &[DeclarationId],
    day: NaiveDate,
) -> Result<Vec<(DeclarationId, i64)>> {
    on!(conn, c => signature::table
        .inner_join(organisation::table.on(organisation::id.eq(signature::organisation_id)))
        .filter(signature::declaration_id.eq_any(versions))
        .filter(signature::withdrawn_on.is_null().or(signature::withdrawn_on.gt(day)))
        .filter(organisation::closed_on.is_null().or(organisation::closed_on.gt(day)))
        .group_by(signature::declaration_id)
        .select((signature::declaration_id, diesel::dsl::count_star()))
        .load(c)
        .await)
    .map_err(internal)
}
