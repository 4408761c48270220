//! The public register of councils and combined authorities.

use crate::Import;
use crate::entry::{self, End, Entry};
use crate::error::ImportError;
use crate::reader::Table;
use crate::report::Fault;
use crate::row::{Column, Row};
use domain::organisation::{Nation, OrganisationKind, Tier, parse_code, parse_name};

/// The most persons a body may serve: more than there are.
pub(crate) const MOST_PERSONS: i64 = 10_000_000_000;

/// The most characters of a list of codes.
const LONGEST_LIST: usize = 2_000;

struct Columns {
    code: Column,
    name: Column,
    gss: Column,
    start: Column,
    end: Column,
    replaced_by: Column,
    nation: Column,
    region: Column,
    kind: Column,
    authority: Column,
    population: Column,
    former_gss: Column,
}

/// Reads registers: one row a body.
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
        code,
        name,
        gss,
        start,
        end,
        replaced_by,
        nation,
        region,
        kind,
        authority,
        population,
    ] = table.need([
        "local-authority-code",
        "official-name",
        "gss-code",
        "start-date",
        "end-date",
        "replaced-by",
        "nation",
        "region",
        "local-authority-type",
        "combined-authority",
        "pop-2020",
    ])?;
    let [former_gss] = table.columns(["former-gss-codes"])?;
    Ok(Columns {
        code,
        name,
        gss,
        start,
        end,
        replaced_by,
        nation,
        region,
        kind,
        authority,
        population,
        former_gss,
    })
}

fn parse(columns: &Columns, row: &Row) -> Result<Entry, Fault> {
    let (kind, tier) = kind(row.required(columns.kind)?)?;
    let nation = nation(row, columns.nation)?;
    let gss = row
        .filled(columns.gss)
        .map(|code| parse_code("gss-code", code))
        .transpose()?;
    Ok(Entry {
        at: row.at.clone(),
        code: Some(parse_code(
            "local-authority-code",
            row.required(columns.code)?,
        )?),
        gss,
        former_gss: codes(row, columns.former_gss, "former-gss-codes")?,
        name: parse_name("official-name", row.required(columns.name)?)?,
        kind,
        tier,
        nation,
        region: region(row, columns.region, nation)?,
        population: row.number(columns.population, 0..=MOST_PERSONS)?,
        opened_on: row.day(columns.start)?,
        end: End::Either {
            day: row.day(columns.end)?,
            successors: codes(row, columns.replaced_by, "replaced-by")?,
        },
        authority: row
            .filled(columns.authority)
            .map(|code| parse_code("combined-authority", code))
            .transpose()?,
    })
}

/// What the register's type of a body means here.
fn kind(code: &str) -> Result<(OrganisationKind, Option<Tier>), Fault> {
    let tier = match code {
        "COMB" | "SRA" => return Ok((OrganisationKind::CombinedAuthority, None)),
        "CTY" => Tier::County,
        "NMD" => Tier::District,
        "UA" => Tier::Unitary,
        "MD" => Tier::Metropolitan,
        "LBO" | "CC" => Tier::London,
        "SCO" => Tier::Scottish,
        "WPA" => Tier::Welsh,
        "NID" => Tier::NorthernIrish,
        other => {
            return Err(Fault::new(
                "unknown `local-authority-type`",
                format!(
                    "`{other}` is not a known type; use COMB, SRA, CTY, NMD, UA, MD, LBO, CC, SCO, WPA or NID."
                ),
            ));
        }
    };
    Ok((OrganisationKind::Council, Some(tier)))
}

/// The nation named in a column, or `None` when it is blank.
pub(crate) fn nation(row: &Row, column: Column) -> Result<Option<Nation>, Fault> {
    Ok(row.filled(column).map(str::parse).transpose()?)
}

/// The region named in a column: only England has them, other nations repeat their own name there.
pub(crate) fn region(
    row: &Row,
    column: Column,
    nation: Option<Nation>,
) -> Result<Option<String>, Fault> {
    let region = row
        .filled(column)
        .filter(|_| nation == Some(Nation::England));
    Ok(region
        .map(|region| parse_name("region", region))
        .transpose()?)
}

/// The codes in a list separated by commas.
fn codes(row: &Row, column: Column, field: &'static str) -> Result<Vec<String>, Fault> {
    let list = row.words(column, LONGEST_LIST)?.unwrap_or_default();
    let codes = list.split(',').filter(|code| !code.trim().is_empty());
    Ok(codes
        .map(|code| parse_code(field, code))
        .collect::<Result<_, _>>()?)
}
