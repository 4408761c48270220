//! Codes by which other registers know a body: `scheme,code,organisation_code`.

use crate::Import;
use crate::bodies::Bodies;
use crate::error::ImportError;
use crate::report::Fault;
use crate::row::{Column, Row};
use crate::seen::Seen;
use domain::organisation::{parse_code, parse_scheme};
use domain::policy::Action;
use store::code::{self, ExternalId};

/// Reads aliases: one row a code.
///
/// # Errors
/// When a file breaks its form, the viewer may not keep the register, or the database fails.
pub(crate) async fn import(import: &mut Import<'_>) -> Result<(), ImportError> {
    let granted = import.may(Action::KeepRegister)?;
    let mut bodies = Bodies::load(import.conn).await?;
    let mut seen = Seen::of_rows();
    while let Some(mut table) = import.tables.next_table()? {
        let columns = table.need(["scheme", "code", "organisation_code"])?;
        loop {
            let rows = table.chunk().await?;
            if rows.is_empty() {
                break;
            }
            for row in rows {
                match parse(columns, &bodies, &mut seen, &row) {
                    Err(fault) => import.recorder.left_out(&row.at, &fault)?,
                    Ok(id) => {
                        let saved =
                            code::save(import.conn, &granted, import.now, &mut bodies.codes, &id)
                                .await?;
                        import.recorder.saved(&row.at, saved)?;
                    }
                }
            }
        }
    }
    Ok(())
}

fn parse(
    [scheme, code, body]: [Column; 3],
    bodies: &Bodies,
    seen: &mut Seen,
    row: &Row,
) -> Result<ExternalId, Fault> {
    let id = ExternalId {
        scheme: parse_scheme(row.required(scheme)?)?,
        code: parse_code("code", row.required(code)?)?,
        organisation_id: bodies.find(row.required(body)?)?,
        alias: true,
    };
    let known = bodies.codes.in_scheme(&id.scheme, &id.code);
    if let Some(other) = known.filter(|other| *other != id.organisation_id) {
        return Err(Fault::new(
            "code of another body",
            format!(
                "`{}:{}` already names {}; correct the row, or use another scheme.",
                id.scheme,
                id.code,
                bodies.name(other)
            ),
        ));
    }
    if !seen.insert(&(&id.scheme, &id.code)) {
        return Err(Fault::duplicate("this alias"));
    }
    Ok(id)
}
