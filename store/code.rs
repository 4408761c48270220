//! External ids: the codes by which registers know a body, and finding a body by one of them.

use crate::change::{self, Write};
use crate::conn::{OnTaken, internal};
use crate::schema::external_id;
use crate::{Conn, Saved};
use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::id::OrganisationId;
use domain::policy::{Action, Granted};
use domain::{Error, Result};
use serde::Serialize;
use std::collections::HashMap;

/// One code of a body in one scheme.
#[derive(Queryable, Selectable, Insertable, Debug, Clone, PartialEq, Eq, Serialize)]
#[diesel(table_name = external_id)]
pub struct ExternalId {
    /// Whose code it is, such as `gss` or `register`.
    pub scheme: String,
    /// The code.
    pub code: String,
    /// The body it names.
    pub organisation_id: OrganisationId,
    /// Whether it is another register's name for a body that has a code of its own here.
    pub alias: bool,
}

/// Every code, for imports: find bodies by code without a statement a row.
#[derive(Debug, Default, Clone)]
pub struct Codes {
    by_scheme: HashMap<(String, String), OrganisationId>,
    by_code: HashMap<String, Vec<OrganisationId>>,
}

impl Codes {
    fn add(&mut self, id: &ExternalId) {
        let known = self
            .by_scheme
            .insert((id.scheme.clone(), id.code.clone()), id.organisation_id);
        if known.is_none() {
            let named = self.by_code.entry(id.code.clone()).or_default();
            if !named.contains(&id.organisation_id) {
                named.push(id.organisation_id);
            }
        }
    }

    /// The body a code names, in `scheme:CODE` form or as a bare code of any scheme.
    ///
    /// # Errors
    /// [`Error::Invalid`] when a bare code names different bodies in different schemes.
    pub fn find(&self, code: &str) -> Result<Option<OrganisationId>> {
        let code = code.trim();
        if let Some((scheme, code)) = code.split_once(':') {
            return Ok(self.in_scheme(scheme, code));
        }
        match self.by_code.get(code).map(Vec::as_slice) {
            None | Some([]) => Ok(None),
            Some([one]) => Ok(Some(*one)),
            Some(_) => Err(Error::invalid(
                "code",
                format!(
                    "`{code}` names several bodies in several schemes; write it as scheme:{code}."
                ),
            )),
        }
    }

    /// The body a code names in one scheme.
    pub fn in_scheme(&self, scheme: &str, code: &str) -> Option<OrganisationId> {
        let key = (scheme.trim().to_ascii_lowercase(), code.trim().to_owned());
        self.by_scheme.get(&key).copied()
    }
}

/// Every code there is.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn all(conn: &mut Conn) -> Result<Codes> {
    let rows: Vec<ExternalId> = on!(conn, c => external_id::table
        .select(ExternalId::as_select())
        .load(c)
        .await)
    .map_err(internal)?;
    let mut codes = Codes::default();
    rows.iter().for_each(|row| codes.add(row));
    Ok(codes)
}

/// The codes of these bodies, own codes first.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn of(conn: &mut Conn, bodies: &[OrganisationId]) -> Result<Vec<ExternalId>> {
    let mut found = Vec::new();
    for chunk in bodies.chunks(crate::CHUNK) {
        let rows: Vec<ExternalId> = on!(conn, c => external_id::table
            .filter(external_id::organisation_id.eq_any(chunk))
            .select(ExternalId::as_select())
            .order((external_id::alias.asc(), external_id::scheme.asc(), external_id::code.asc()))
            .load(c)
            .await)
        .map_err(internal)?;
        found.extend(rows);
    }
    Ok(found)
}

/// The one body that a code names, in any scheme.
///
/// # Errors
/// [`Error::Invalid`] when it names several; [`Error::Internal`] when the database fails.
pub async fn find(conn: &mut Conn, code: &str) -> Result<Option<OrganisationId>> {
    among(conn, &[code]).await?.find(code)
}

/// What is needed to find the bodies that these codes name, in `scheme:CODE` form or bare.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn among(conn: &mut Conn, names: &[&str]) -> Result<Codes> {
    let bare = |name: &&str| -> String {
        name.trim()
            .rsplit(':')
            .next()
            .unwrap_or_default()
            .to_owned()
    };
    let mut codes = Codes::default();
    for chunk in names.chunks(crate::CHUNK) {
        let wanted: Vec<String> = chunk.iter().map(bare).collect();
        let rows: Vec<ExternalId> = on!(conn, c => external_id::table
            .filter(external_id::code.eq_any(&wanted))
            .select(ExternalId::as_select())
            .load(c)
            .await)
        .map_err(internal)?;
        rows.iter().for_each(|row| codes.add(row));
    }
    Ok(codes)
}

/// Gives a body a code. A code that already names it stands unchanged.
///
/// # Errors
/// [`Error::Taken`] when the code names another body in that scheme; [`Error::Internal`] when the database fails.
pub async fn save(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    codes: &mut Codes,
    row: &ExternalId,
) -> Result<Saved> {
    granted.require(Action::KeepRegister)?;
    match codes.in_scheme(&row.scheme, &row.code) {
        Some(body) if body == row.organisation_id => return Ok(Saved::Unchanged),
        Some(_) => {
            return Err(Error::Taken {
                field: "code",
                value: format!("{}:{}", row.scheme, row.code),
            });
        }
        None => {}
    }
    on!(conn, c => diesel::insert_into(external_id::table).values(row).execute(c).await)
        .on_taken("code", &row.code)?;
    codes.add(row);
    let write = Write {
        kind: "external_id",
        id: format!("{}/{}", row.scheme, row.code),
        about: Some(row.organisation_id),
        before: None,
        after: Some(row),
    };
    change::record(conn, granted, now, write).await?;
    Ok(Saved::Added)
}
