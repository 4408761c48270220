//! Standards of planning data: its tables of specifications and of data sets.

use crate::Import;
use crate::error::ImportError;
use crate::reader::Table;
use crate::report::Fault;
use crate::row::{Column, Row};
use crate::standards::{Form, LONGEST_SUMMARY, Standards};
use chrono::NaiveDate;
use domain::adoption::is_web_address;
use domain::organisation::parse_name;
use domain::slug;
use domain::standard::{StandardKind, StandardStage};
use store::standard::Facts;

struct Columns {
    form: Form,
    slug: Column,
    name: Column,
    /// The status of a specification or the phase of a data set.
    status: Column,
    start: Column,
    end: Column,
    description: Column,
    text: Column,
    url: Column,
}

/// What a row says, and what is to be remarked of its dates.
struct Parsed {
    facts: Facts,
    remarks: Vec<Fault>,
}

/// Reads one table: one row a standard.
///
/// # Errors
/// When the file breaks its form, or the database fails.
pub(crate) async fn read(
    import: &mut Import<'_>,
    standards: &mut Standards,
    mut table: Table<'_>,
    form: Form,
) -> Result<(), ImportError> {
    let columns = columns(&table, form)?;
    loop {
        let rows = table.chunk().await?;
        if rows.is_empty() {
            return Ok(());
        }
        for row in rows {
            let parsed = parse(&columns, &row, import.today())
                .and_then(|parsed| standards.once(form, &parsed.facts.slug).map(|()| parsed));
            match parsed {
                Err(fault) => import.recorder.left_out(&row.at, &fault)?,
                Ok(Parsed { facts, remarks }) => {
                    for remark in &remarks {
                        import.recorder.noted(&row.at, remark)?;
                    }
                    let saved = standards.save(import, form, &facts).await?;
                    import.recorder.saved(&row.at, saved)?;
                }
            }
        }
    }
}

fn columns(table: &Table<'_>, form: Form) -> Result<Columns, ImportError> {
    let [slug, name, status, start, end] = match form {
        Form::Specification => table.need([
            "specification",
            "name",
            "specification-status",
            "start-date",
            "end-date",
        ])?,
        Form::Dataset | Form::Own => {
            table.need(["dataset", "name", "phase", "start-date", "end-date"])?
        }
    };
    let [description, text, url] = table.columns(["description", "text", "documentation-url"])?;
    Ok(Columns {
        form,
        slug,
        name,
        status,
        start,
        end,
        description,
        text,
        url,
    })
}

fn parse(columns: &Columns, row: &Row, today: NaiveDate) -> Result<Parsed, Fault> {
    let title = parse_name("name", row.required(columns.name)?)?;
    let words = match row.words(columns.description, LONGEST_SUMMARY)? {
        None => row.words(columns.text, LONGEST_SUMMARY)?,
        words => words,
    };
    let status = row.text(columns.status);
    let stage = match columns.form {
        Form::Specification => stage_of_status(status)?,
        Form::Dataset | Form::Own => stage_of_phase(status),
    };
    let (stages, remarks) = stages(stage, row.day(columns.start)?, row.day(columns.end)?, today);
    let facts = Facts {
        slug: slug::check("slug", row.required(columns.slug)?)?,
        summary: words.unwrap_or_else(|| title.clone()),
        title,
        kind: StandardKind::Data,
        stages,
        versions: Vec::new(),
        url: row
            .filled(columns.url)
            .filter(|url| is_web_address(url))
            .map(str::to_owned),
        // The source of a publication either stands or does not: an adoption shown by one does not expire.
        expiry_months: 0,
        source: columns.form.as_str().to_owned(),
    };
    Ok(Parsed { facts, remarks })
}

fn stage_of_status(status: &str) -> Result<StandardStage, Fault> {
    Ok(match status {
        "open-standard" => StandardStage::Recommended,
        "candidate-standard" | "piloting" => StandardStage::Trial,
        "working-draft" => StandardStage::Proposed,
        "withdrawn" => StandardStage::Withdrawn,
        other => {
            return Err(Fault::new(
                "unknown `specification-status`",
                format!(
                    "`{other}` is not a known status; use open-standard, candidate-standard, piloting, working-draft or withdrawn."
                ),
            ));
        }
    })
}

fn stage_of_phase(phase: &str) -> StandardStage {
    match phase {
        "live" => StandardStage::Recommended,
        "beta" | "alpha" => StandardStage::Trial,
        _ => StandardStage::Proposed,
    }
}

/// The dated stages that a stage reached, a start and an end come to, and remarks on days that are still to come.
fn stages(
    stage: StandardStage,
    start: Option<NaiveDate>,
    end: Option<NaiveDate>,
    today: NaiveDate,
) -> (Vec<(StandardStage, Option<NaiveDate>)>, Vec<Fault>) {
    let mut stages = Vec::new();
    let mut remarks = Vec::new();
    if stage != StandardStage::Withdrawn {
        match start.filter(|start| *start > today) {
            Some(start) => {
                remarks.push(not_yet(stage, start));
                stages.push((StandardStage::Proposed, None));
            }
            None => stages.push((stage, start)),
        }
    }
    match end {
        Some(end) if end > today => remarks.push(not_yet(StandardStage::Withdrawn, end)),
        Some(_) => stages.push((StandardStage::Withdrawn, end)),
        None => {}
    }
    if stages.is_empty() {
        stages.push((StandardStage::Withdrawn, None));
    }
    (stages, remarks)
}

/// The remark that a stage begins after today.
pub(crate) fn not_yet(stage: StandardStage, day: NaiveDate) -> Fault {
    Fault::new(
        "stage that has not begun",
        format!("The stage {stage} begins on {day}; import the file again when it has begun."),
    )
}
