//! Checks the changes that have no seal: those that wait for one, and those that should.

use super::Findings;
use super::raw::{Raw, RawChange, RawSealed};
use super::record::PAGE;
use crate::Conn;
use crate::conn::internal;
use crate::schema::{change, sealed, unsealed};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::Result;

/// Checks the changes that wait for their seal.
pub(super) async fn waiting(
    conn: &mut Conn,
    findings: &mut Findings,
    mut progress: impl FnMut(u64),
) -> Result<()> {
    for page in 0.. {
        let rows: Vec<(Raw, Option<RawChange>, Option<RawSealed>)> = on!(conn, c => unsealed::table
            .left_join(change::table.on(change::id.eq(unsealed::change_id)))
            .left_join(sealed::table.on(sealed::change_id.eq(unsealed::change_id)))
            .select((unsealed::change_id, Option::<RawChange>::as_select(), Option::<RawSealed>::as_select()))
            .order(unsealed::change_id.asc())
            .limit(PAGE)
            .offset(page * PAGE)
            .load(c)
            .await)
        .map_err(internal)?;
        if rows.is_empty() {
            break;
        }
        for (id, change, place) in &rows {
            let fault = match (change, place) {
                (None, _) => Some(format!("change {id} is gone")),
                (Some(change), Some(place)) => Some(format!(
                    "{change} has its seal: sequence {}",
                    place.sequence
                )),
                (Some(change), None) => change.fault().map(|fault| format!("{change} {fault}")),
            };
            findings.waiting += 1;
            findings.changes += u64::from(place.is_none());
            if let Some(fault) = fault {
                findings.fault(format!("waiting for a seal: {fault}"));
            }
        }
        progress(findings.changes);
    }
    Ok(())
}

/// Names changes that neither have a seal nor wait for one.
pub(super) async fn strays(conn: &mut Conn, findings: &mut Findings) -> Result<()> {
    let rows: Vec<RawChange> = on!(conn, c => change::table
        .left_join(sealed::table.on(sealed::change_id.eq(change::id)))
        .left_join(unsealed::table.on(unsealed::change_id.eq(change::id)))
        .filter(sealed::sequence.is_null())
        .filter(unsealed::change_id.is_null())
        .select(RawChange::as_select())
        .order(change::id.asc())
        .limit(PAGE)
        .load(c)
        .await)
    .map_err(internal)?;
    for row in &rows {
        findings.fault(format!("{row} has no seal and does not wait for one"));
    }
    Ok(())
}
