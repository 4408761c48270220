//! The rows behind a figure: the deciding event of each eligible body that has one.

use askama::Template;
use serde::Deserialize;
use serde_json::json;

use crate::answer::{Adoption, Connection, Event, Named, Pager};
use crate::ask::{Ask, EVIDENCE, answer, render};
use crate::error::PageError;
use crate::frame::{Frame, PageContext};
use crate::link::link;
use crate::params::{CutOffs, EvidenceParams, chosen};
use crate::show::Day;
use crate::words::{Grade, State, Word};

/// Events a page.
const SHOWN: u32 = 50;

#[derive(Deserialize)]
struct Answer {
    standard: Option<Standard>,
}

#[derive(Deserialize)]
struct Standard {
    title: String,
    adoption: Evidenced,
}

#[derive(Deserialize)]
struct Evidenced {
    #[serde(flatten)]
    figure: Adoption,
    evidence: Connection<Row>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    organisation: Named,
    state: State,
    #[serde(flatten)]
    event: Event,
    checked_on: Option<Day>,
    note: Option<String>,
    version_label: Option<String>,
}

#[derive(Template)]
#[template(path = "evidence.html")]
struct EvidencePage {
    frame: Frame,
    title: String,
    figure: Adoption,
    min_grade: Option<Grade>,
    evidence: Connection<Row>,
    back: String,
    pager: Pager,
}

/// The page at `/standards/{slug}/evidence`.
///
/// # Errors
/// [`PageError::NotFound`] if no standard has the slug; [`PageError::BadRequest`] if the query string
/// asks for what cannot be; as [`Ask::ask`]; and [`PageError::Failed`] if the answer does not have the
/// shape of the page.
pub async fn evidence(
    ask: &impl Ask,
    context: &PageContext,
    slug: &str,
    params: &EvidenceParams,
) -> Result<String, PageError> {
    let cut = CutOffs::read(
        context,
        params.as_of.as_deref(),
        params.known_at.as_deref(),
        params.min_grade.as_deref(),
    )?;
    let after = chosen(params.after.as_deref());
    let mut variables = cut.variables();
    variables.insert("slug".into(), json!(slug));
    variables.insert("first".into(), json!(SHOWN));
    variables.insert("after".into(), json!(after));
    let variables = variables.into();
    let found: Answer = answer(ask, EVIDENCE, &variables).await?;
    let standard = found.standard.ok_or(PageError::NotFound)?;
    let (title, Evidenced { figure, evidence }) = (standard.title, standard.adoption);
    let path = format!("/standards/{slug}");
    let kept = cut.pairs(context);
    let here = format!("{path}/evidence");
    let page = EvidencePage {
        frame: Frame::new(context, format!("Evidence of {title}")).asking(EVIDENCE, &variables),
        title,
        min_grade: cut.min_grade,
        back: link(&path, &kept),
        pager: Pager::onwards(
            "events",
            &here,
            "",
            &kept,
            after.as_deref(),
            &evidence.page_info,
        ),
        figure,
        evidence,
    };
    render(ask, &page)
}
