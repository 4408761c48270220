//! Standards in the plain form: `slug,title,kind,stage,stage_on,summary,url,expiry_months,version,released_on`.
//!
//! Rows of one slug stand together; each gives a stage, and a version if it likes.

use crate::Import;
use crate::error::ImportError;
use crate::planning_standards::not_yet;
use crate::reader::Table;
use crate::report::Fault;
use crate::row::{At, Column, Row};
use crate::standards::{Form, LONGEST_SUMMARY, Standards};
use chrono::NaiveDate;
use domain::adoption::is_web_address;
use domain::organisation::parse_name;
use domain::slug;
use domain::standard::{DEFAULT_EXPIRY_MONTHS, StandardStage};
use store::standard::Facts;

/// The longest expiry, in months: a century.
const MOST_MONTHS: i64 = 1_200;
/// The longest label of a version.
const LONGEST_LABEL: usize = 40;
/// The most rows of one standard.
const MOST_ROWS: usize = 1_000;

struct Columns {
    slug: Column,
    title: Column,
    kind: Column,
    stage: Column,
    stage_on: Column,
    summary: Column,
    url: Column,
    expiry: Column,
    version: Column,
    released_on: Column,
}

/// The rows of one standard so far.
struct Gathered {
    facts: Facts,
    rows: Vec<At>,
}

/// Reads one table.
///
/// # Errors
/// When the file breaks its form, or the database fails.
pub(crate) async fn read(
    import: &mut Import<'_>,
    standards: &mut Standards,
    mut table: Table<'_>,
) -> Result<(), ImportError> {
    let columns = columns(&table)?;
    let mut gathered: Option<Gathered> = None;
    loop {
        let rows = table.chunk().await?;
        if rows.is_empty() {
            break;
        }
        for row in rows {
            let facts = match parse(&columns, &row) {
                Ok(facts) => facts,
                Err(fault) => {
                    import.recorder.left_out(&row.at, &fault)?;
                    continue;
                }
            };
            take(import, standards, &mut gathered, facts, &row.at).await?;
        }
    }
    finish(import, standards, gathered).await
}

/// Adds a row to those of its standard, after finishing those of another.
async fn take(
    import: &mut Import<'_>,
    standards: &mut Standards,
    gathered: &mut Option<Gathered>,
    facts: Facts,
    at: &At,
) -> Result<(), ImportError> {
    if gathered
        .as_ref()
        .is_some_and(|one| one.facts.slug != facts.slug)
    {
        finish(import, standards, gathered.take()).await?;
    }
    let added = match gathered {
        Some(one) => one.add(facts, at),
        None => standards.once(Form::Own, &facts.slug).map(|()| {
            let rows = vec![at.clone()];
            *gathered = Some(Gathered { facts, rows });
        }),
    };
    match added {
        Ok(()) => Ok(()),
        Err(fault) => import.recorder.left_out(at, &fault),
    }
}

fn columns(table: &Table<'_>) -> Result<Columns, ImportError> {
    let [slug, title, kind, stage, stage_on, summary] =
        table.need(["slug", "title", "kind", "stage", "stage_on", "summary"])?;
    let [url, expiry, version, released_on] =
        table.columns(["url", "expiry_months", "version", "released_on"])?;
    Ok(Columns {
        slug,
        title,
        kind,
        stage,
        stage_on,
        summary,
        url,
        expiry,
        version,
        released_on,
    })
}

/// What one row says: a standard with one stage and at most one version.
fn parse(columns: &Columns, row: &Row) -> Result<Facts, Fault> {
    let title = parse_name("title", row.required(columns.title)?)?;
    let url = row.filled(columns.url).map(str::to_owned);
    if let Some(url) = url.as_ref().filter(|url| !is_web_address(url)) {
        return Err(Fault::new(
            "bad `url`",
            format!("`{url}` is not a web address; start it with https:// or http://."),
        ));
    }
    let months = row.number(columns.expiry, 0..=MOST_MONTHS)?;
    let released_on = row.day(columns.released_on)?;
    let label = row.words(columns.version, LONGEST_LABEL)?;
    Ok(Facts {
        slug: slug::check("slug", row.required(columns.slug)?)?,
        kind: row.required(columns.kind)?.parse()?,
        stages: vec![(
            row.required(columns.stage)?.parse()?,
            row.day(columns.stage_on)?,
        )],
        versions: label
            .map(|label| (label, released_on, None))
            .into_iter()
            .collect(),
        summary: row
            .words(columns.summary, LONGEST_SUMMARY)?
            .unwrap_or_else(|| title.clone()),
        title,
        url,
        expiry_months: months
            .and_then(|months| i32::try_from(months).ok())
            .unwrap_or(DEFAULT_EXPIRY_MONTHS),
        source: Form::Own.as_str().to_owned(),
    })
}

impl Gathered {
    /// Adds what a further row of the same standard says.
    fn add(&mut self, row: Facts, at: &At) -> Result<(), Fault> {
        if self.rows.len() >= MOST_ROWS {
            return Err(Fault::new(
                "too many rows of one standard",
                format!(
                    "`{}` already has {MOST_ROWS} rows; keep those that differ.",
                    row.slug
                ),
            ));
        }
        same(&self.facts, &row)?;
        let own = &self.facts;
        let stages = row
            .stages
            .into_iter()
            .filter(|stage| !own.stages.contains(stage))
            .collect::<Vec<_>>();
        let versions = row
            .versions
            .into_iter()
            .filter(|version| !own.versions.contains(version))
            .collect::<Vec<_>>();
        if stages.is_empty() && versions.is_empty() {
            return Err(Fault::duplicate("this stage and version"));
        }
        self.facts.stages.extend(stages);
        self.facts.versions.extend(versions);
        self.rows.push(at.clone());
        Ok(())
    }
}

/// Holds a further row of a standard against what its earlier rows say.
fn same(own: &Facts, row: &Facts) -> Result<(), Fault> {
    let stage_fits = |(stage, on): &(StandardStage, Option<NaiveDate>)| {
        !own.stages
            .iter()
            .any(|(known, day)| known == stage && day != on)
    };
    let version_fits = |(label, on, _): &(String, Option<NaiveDate>, Option<String>)| {
        !own.versions
            .iter()
            .any(|(known, day, _)| known == label && day != on)
    };
    let columns = [
        ("title", own.title == row.title),
        ("kind", own.kind == row.kind),
        ("summary", own.summary == row.summary),
        ("url", own.url == row.url),
        ("expiry_months", own.expiry_months == row.expiry_months),
        ("stage_on", row.stages.iter().all(stage_fits)),
        ("released_on", row.versions.iter().all(version_fits)),
    ];
    match columns.into_iter().find(|(_, same)| !same) {
        Some((column, _)) => Err(differs(column, &row.slug)),
        None => Ok(()),
    }
}

fn differs(column: &str, slug: &str) -> Fault {
    Fault::new(
        format!("`{column}` differs within one standard"),
        format!(
            "`{column}` differs from an earlier row of `{slug}`; give the same in every row of a standard."
        ),
    )
}

/// Saves a standard of which all rows are read.
async fn finish(
    import: &mut Import<'_>,
    standards: &mut Standards,
    gathered: Option<Gathered>,
) -> Result<(), ImportError> {
    let Some(Gathered { mut facts, rows }) = gathered else {
        return Ok(());
    };
    let today = import.today();
    let begun = |(_, on): &(StandardStage, Option<NaiveDate>)| on.is_none_or(|on| on <= today);
    let later: Vec<_> = facts.stages.extract_if(.., |stage| !begun(stage)).collect();
    if facts.stages.is_empty() {
        let fault = Fault::new(
            "no stage has begun",
            format!(
                "No stage of `{}` has begun; add one that has, such as PROPOSED.",
                facts.slug
            ),
        );
        for at in &rows {
            import.recorder.left_out(at, &fault)?;
        }
        return Ok(());
    }
    let saved = standards.save(import, Form::Own, &facts).await?;
    for at in &rows {
        import.recorder.saved(at, saved)?;
    }
    if let Some(at) = rows.first() {
        for (stage, on) in later {
            import
                .recorder
                .noted(at, &not_yet(stage, on.unwrap_or(today)))?;
        }
    }
    Ok(())
}
