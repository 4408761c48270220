//! Awards of public funds as projects: `award,start-date,fund,amount,organisation,organisations,…`, with the funds they are
//! of in a table of their own, `fund,name,documentation-url,…`.

use crate::Import;
use crate::bodies::Bodies;
use crate::error::ImportError;
use crate::reader::Table;
use crate::report::Fault;
use crate::row::{At, Column, Row};
use crate::seen::Seen;
use domain::adoption::is_web_address;
use domain::id::OrganisationId;
use domain::participation::ParticipationRole;
use domain::policy::Action;
use domain::project::{LONGEST_TEXT, LONGEST_TITLE, Phase};
use std::collections::HashMap;
use std::path::Path;
use store::project::{Award, import_all};

/// The most pounds of one award.
const MOST_POUNDS: i64 = 1_000_000_000;

/// A fund, as its table has it.
struct Fund {
    name: String,
    url: Option<String>,
    /// Who gives its money, where the table says so and that body is known.
    giver: Option<OrganisationId>,
}

/// What awards refer to, and those given so far.
struct Known {
    bodies: Bodies,
    funds: HashMap<String, Fund>,
    seen: Seen,
}

struct Columns {
    award: Column,
    start: Column,
    fund: Column,
    intervention: Column,
    amount: Column,
    lead: Column,
    partners: Column,
    url: Column,
    notes: Column,
}

/// Reads funds and awards, each table by its own columns; the funds have to come first.
///
/// # Errors
/// When a file breaks its form, the viewer may not import projects, or the database fails.
pub(crate) async fn import(import: &mut Import<'_>) -> Result<(), ImportError> {
    let mut known = Known {
        bodies: Bodies::load(import.conn).await?,
        funds: HashMap::new(),
        seen: Seen::of_the_sector(),
    };
    while let Some(table) = import.tables.next_table()? {
        if table.has("award") {
            awards(import, &mut known, table).await?;
        } else {
            funds(import, &mut known, table).await?;
        }
    }
    Ok(())
}

/// Reads the funds of one table. They are looked up, and not saved themselves.
async fn funds(
    import: &mut Import<'_>,
    known: &mut Known,
    mut table: Table<'_>,
) -> Result<(), ImportError> {
    let [fund, name] = table.need(["fund", "name"])?;
    let [url, organisation] = table.columns(["documentation-url", "organisation"])?;
    loop {
        let rows = table.chunk().await?;
        if rows.is_empty() {
            return Ok(());
        }
        for row in rows {
            let (Some(code), Some(name)) = (row.filled(fund), row.filled(name)) else {
                import
                    .recorder
                    .left_out(&row.at, &Fault::blank(fund.name))?;
                continue;
            };
            let giver = match row.filled(organisation) {
                None => None,
                Some(code) => match known.bodies.find(code) {
                    Ok(body) => Some(body),
                    Err(fault) => {
                        import.recorder.noted(&row.at, &fault)?;
                        None
                    }
                },
            };
            let address = row.filled(url).filter(|url| is_web_address(url));
            let fund = Fund {
                name: name.to_owned(),
                url: address.map(str::to_owned),
                giver,
            };
            known.funds.insert(code.to_owned(), fund);
        }
    }
}

/// Reads the awards of one table.
async fn awards(
    import: &mut Import<'_>,
    known: &mut Known,
    mut table: Table<'_>,
) -> Result<(), ImportError> {
    let granted = import.may(Action::ImportProjects)?;
    let columns = columns(&table)?;
    loop {
        let rows = table.chunk().await?;
        if rows.is_empty() {
            return Ok(());
        }
        let (mut read, mut places): (Vec<Award>, Vec<At>) = (Vec::new(), Vec::new());
        for row in rows {
            match parse(&columns, known, &row) {
                Err(fault) => import.recorder.left_out(&row.at, &fault)?,
                Ok((award, remarks)) => {
                    for remark in remarks {
                        import.recorder.noted(&row.at, &remark)?;
                    }
                    read.push(award);
                    places.push(row.at);
                }
            }
        }
        let done = import_all(import.conn, &granted, import.now, &read).await?;
        for (at, saved) in places.iter().zip(done) {
            import.recorder.saved(at, saved)?;
        }
    }
}

fn columns(table: &Table<'_>) -> Result<Columns, ImportError> {
    let [award, start, fund, amount, lead] =
        table.need(["award", "start-date", "fund", "amount", "organisation"])?;
    let [intervention, partners, url, notes] = table.columns([
        "intervention",
        "organisations",
        "documentation-url",
        "notes",
    ])?;
    Ok(Columns {
        award,
        start,
        fund,
        intervention,
        amount,
        lead,
        partners,
        url,
        notes,
    })
}

/// The award of a row, and what is to be remarked of it.
fn parse(columns: &Columns, known: &mut Known, row: &Row) -> Result<(Award, Vec<Fault>), Fault> {
    let number = row.required(columns.award)?;
    let code = row.required(columns.fund)?;
    let lead = known.bodies.find(row.required(columns.lead)?)?;
    let pounds = row.number(columns.amount, 0..=MOST_POUNDS)?;
    let started_on = row.required_day(columns.start)?;
    let mut remarks = Vec::new();
    let fund = known.funds.get(code);
    if fund.is_none() {
        remarks.push(Fault::new(
            "unknown fund",
            format!("`{code}` is in no table of funds; the award is named by that code."),
        ));
    }
    let fund_name = fund.map_or(code, |fund| fund.name.as_str());
    let giver = fund.and_then(|fund| fund.giver);
    let parts = parts(columns, known, row, (lead, giver), &mut remarks);
    if !known.seen.insert(&number) {
        return Err(Fault::duplicate(format!("award {number}")));
    }
    let name = known.bodies.name(lead);
    let intervention = row
        .filled(columns.intervention)
        .map(|word| word.replace('-', " "));
    let summary = match (row.words(columns.notes, LONGEST_TEXT)?, intervention) {
        (Some(notes), _) => notes,
        (None, Some(what)) => format!("{what}: an award of {fund_name} to {name}."),
        (None, None) => format!("An award of {fund_name} to {name}."),
    };
    let address = row.filled(columns.url).filter(|url| is_web_address(url));
    let file = Path::new(&*row.at.file)
        .file_name()
        .and_then(|name| name.to_str());
    let award = Award {
        source_key: format!("award:{number}"),
        source: file.unwrap_or("award.csv").to_owned(),
        title: format!("{fund_name}: {name}")
            .chars()
            .take(LONGEST_TITLE)
            .collect(),
        summary,
        url: address
            .map(str::to_owned)
            .or_else(|| fund.and_then(|fund| fund.url.clone())),
        phase: phase(fund_name),
        started_on,
        parts,
        message: format!("Named in award {number} of {fund_name}, {started_on}."),
        pence: pounds.map(|pounds| pounds * 100),
        giver,
        giver_name: format!("{fund_name} (award {number})"),
    };
    Ok((award, remarks))
}

/// Whom an award names, each once: its lead, its partners, and who gives the money where that is a known body. What is
/// not known, or is there no more, is remarked.
fn parts(
    columns: &Columns,
    known: &Known,
    row: &Row,
    (lead, giver): (OrganisationId, Option<OrganisationId>),
    remarks: &mut Vec<Fault>,
) -> Vec<(OrganisationId, ParticipationRole)> {
    let mut parts = vec![(lead, ParticipationRole::Lead)];
    let mut add = |body, role| {
        if parts.iter().all(|(named, _)| *named != body) {
            parts.push((body, role));
        }
    };
    let codes = row.text(columns.partners).split(';').map(str::trim);
    for code in codes.filter(|code| !code.is_empty()) {
        match known.bodies.find(code) {
            Ok(body) => add(body, ParticipationRole::Partner),
            Err(fault) => remarks.push(Fault::new("unknown partner", fault.reason)),
        }
    }
    if let Some(giver) = giver {
        add(giver, ParticipationRole::Funder);
    }
    for (body, _) in &parts {
        let closed = known.bodies.get(*body).and_then(|body| body.closed_on);
        if let Some(closed) = closed {
            let told = format!(
                "{} is closed since {closed} and can answer no more; its successor can ask to join.",
                known.bodies.name(*body)
            );
            remarks.push(Fault::new("closed body", told));
        }
    }
    parts
}

/// The phase that the name of a fund ends with; where it names none, a project begins with its discovery.
fn phase(fund: &str) -> Phase {
    let last = fund.rsplit(' ').next().unwrap_or_default();
    match last.parse() {
        Ok(phase @ (Phase::Alpha | Phase::Beta | Phase::Live)) => phase,
        _ => Phase::Discovery,
    }
}
