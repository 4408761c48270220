//! Bodies in the plain form: `gss_code,name,kind,tier,nation,region,combined_authority,population,opened_on,closed_on`.

use crate::Import;
use crate::entry::{self, End, Entry};
use crate::error::ImportError;
use crate::reader::Table;
use crate::register::{MOST_PERSONS, nation, region};
use crate::report::Fault;
use crate::row::{Column, Row};
use domain::organisation::{OrganisationKind, parse_code, parse_name};

struct Columns {
    code: Column,
    gss: Column,
    name: Column,
    kind: Column,
    tier: Column,
    nation: Column,
    region: Column,
    authority: Column,
    population: Column,
    opened_on: Column,
    closed_on: Column,
}

/// Reads bodies in the plain form: one row a body, its life half-open as it is written.
///
/// # Errors
/// When a file breaks its form, the viewer may not keep the register, or the database fails.
pub(crate) async fn import(import: &mut Import<'_>) -> Result<(), ImportError> {
    let mut entries = Vec::new();
    while let Some(mut table) = import.tables.next_table()? {
        let columns = columns(&table)?;
        loop {
            let rows = table.chunk_of(entry::MOST).await?;
            if rows.is_empty() {
                break;
            }
            for row in rows {
                match parse(&columns, &row) {
                    Ok(entry) => entries.push(entry),
                    Err(fault) => import.recorder.left_out(&row.at, &fault)?,
                }
            }
        }
    }
    entry::save(import, entries).await
}

fn columns(table: &Table<'_>) -> Result<Columns, ImportError> {
    let [
        name,
        kind,
        tier,
        nation,
        region,
        authority,
        population,
        opened_on,
        closed_on,
    ] = table.need([
        "name",
        "kind",
        "tier",
        "nation",
        "region",
        "combined_authority",
        "population",
        "opened_on",
        "closed_on",
    ])?;
    // Either code will do; the one that is there may be called for by name.
    let [code, gss] = table.columns(["code", "gss_code"])?;
    if !table.has("code") {
        table.need(["gss_code"])?;
    }
    Ok(Columns {
        code,
        gss,
        name,
        kind,
        tier,
        nation,
        region,
        authority,
        population,
        opened_on,
        closed_on,
    })
}

fn parse(columns: &Columns, row: &Row) -> Result<Entry, Fault> {
    let code_in = |column: Column, field| {
        row.filled(column)
            .map(|code| parse_code(field, code))
            .transpose()
    };
    let (code, gss) = (
        code_in(columns.code, "code")?,
        code_in(columns.gss, "gss_code")?,
    );
    if code.is_none() && gss.is_none() {
        return Err(Fault::new(
            "no code",
            "The body has neither `code` nor `gss_code`; give one, to know it again.",
        ));
    }
    let kind = row.required(columns.kind)?.parse()?;
    let tier = row.filled(columns.tier).map(str::parse).transpose()?;
    if tier.is_some() && kind != OrganisationKind::Council {
        return Err(Fault::new(
            "`tier` without a council",
            "Only a COUNCIL has a `tier`; leave it blank.",
        ));
    }
    let nation = nation(row, columns.nation)?;
    Ok(Entry {
        at: row.at.clone(),
        code,
        gss,
        former_gss: Vec::new(),
        name: parse_name("name", row.required(columns.name)?)?,
        kind,
        tier,
        nation,
        region: region(row, columns.region, nation)?,
        population: row.number(columns.population, 0..=MOST_PERSONS)?,
        opened_on: row.day(columns.opened_on)?,
        end: End::FirstDayAfter(row.day(columns.closed_on)?),
        authority: code_in(columns.authority, "combined_authority")?,
    })
}
