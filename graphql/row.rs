//! One row of what is to be recorded: read into the sector's words, checked against what stands and who records it.

use crate::error::Result;
use crate::id::Key;
use crate::once::distinct;
use crate::scalar::Date;
use crate::words::{AdoptionState, EvidenceGrade};
use async_graphql::{ID, InputObject};
use chrono::NaiveDate;
use domain::Error;
use domain::adoption::{self, EventFacts, Standing, default_expiry};
use domain::id::{EventId, OrganisationId};
use domain::policy::{About, Action, Granted, Viewer};
use std::collections::HashMap;
use store::Conn;
use store::adoption::{AdoptionEvent, EventKey, NewEvent};
use store::code::Codes;
use store::standard::Standard;

/// The source of what a body says itself.
const OWN: &str = "own";
/// The source of what the collaboration unit says of a body.
const UNIT: &str = "unit";

/// What is to be recorded of one body and one standard.
#[derive(InputObject, Clone)]
pub struct AdoptionRowInput {
    /// The body: its slug or a code, such as `adur-district-council`, `E07000223` or `gss:E07000223`.
    organisation: String,
    /// The standard: its slug.
    standard: String,
    /// How far the body has come; not `UNKNOWN`.
    state: AdoptionState,
    /// Since when it is so, UTC; not in the future.
    effective_on: Date,
    /// The first day it no longer holds. Left out for `ADOPTED`, it is what the standard says, 12 months as a rule.
    expires_on: Option<Date>,
    /// How good the evidence is; `SELF_DECLARED` if left out.
    grade: Option<EvidenceGrade>,
    /// Where the evidence can be read; required from `DOCUMENT` on.
    evidence_url: Option<String>,
    /// When the evidence was last checked, UTC.
    checked_on: Option<Date>,
    /// Words about it.
    note: Option<String>,
    /// The version of the standard it speaks of.
    version_label: Option<String>,
    /// The id of an event of the same body and standard that this one puts right.
    corrects: Option<ID>,
}

/// A fault of one field of a row.
pub(crate) struct Fault {
    /// The field, as the schema names it.
    pub(crate) field: &'static str,
    /// What is wrong.
    pub(crate) error: Error,
}

impl Fault {
    fn new(field: &'static str, error: Error) -> Self {
        Self { field, error }
    }

    /// Whether it is the viewer that may not, rather than the input that cannot be.
    pub(crate) fn is_of_rights(&self) -> bool {
        matches!(self.error, Error::Forbidden { .. } | Error::Unauthenticated)
    }
}

impl From<Error> for Fault {
    /// A fault that names its own field.
    fn from(error: Error) -> Self {
        let field = match error {
            Error::Invalid { field, .. } | Error::Taken { field, .. } => field,
            _ => "organisation",
        };
        Self { field, error }
    }
}

/// A sound row, and the right to record it.
pub(crate) struct Sound {
    /// The event to be recorded.
    pub(crate) event: NewEvent,
    /// The right, which names who records.
    pub(crate) granted: Granted,
}

/// What there is of all that rows name, read in the same number of statements for one row and for many.
pub(crate) struct Register {
    organisations: HashMap<String, OrganisationId>,
    codes: Codes,
    standards: HashMap<String, Standard>,
    corrected: HashMap<EventKey, AdoptionEvent>,
}

impl Register {
    /// Reads what these rows name.
    ///
    /// # Errors
    /// [`Error::Internal`] when the database fails.
    pub(crate) async fn read(conn: &mut Conn, rows: &[AdoptionRowInput]) -> domain::Result<Self> {
        let bodies: Vec<&str> = distinct(rows.iter().map(|row| row.organisation.trim()));
        let standards: Vec<&str> = distinct(rows.iter().map(|row| row.standard.trim()));
        let corrected =
            rows.iter()
                .filter_map(|row| match Key::parse("corrects", row.corrects.as_ref()?) {
                    Ok(Key::Event(key)) => Some(key),
                    _ => None,
                });
        let corrected = distinct(corrected);

        let organisations = store::organisation::by_slugs(conn, &bodies).await?;
        let codes = store::code::among(conn, &bodies).await?;
        let standards = store::standard::by_slugs(conn, &standards).await?;
        let corrected = store::adoption::by_keys(conn, &corrected).await?;
        Ok(Self {
            organisations: organisations
                .into_iter()
                .map(|row| (row.slug, row.id))
                .collect(),
            codes,
            standards: standards
                .into_iter()
                .map(|row| (row.slug.clone(), row))
                .collect(),
            corrected: corrected.into_iter().map(|row| (row.key(), row)).collect(),
        })
    }

    fn organisation(&self, name: &str) -> domain::Result<OrganisationId> {
        if let Some(id) = self.organisations.get(name) {
            return Ok(*id);
        }
        self.codes
            .find(name)?
            .ok_or_else(|| Error::not_found("organisation", name))
    }

    fn standard(&self, slug: &str) -> domain::Result<&Standard> {
        self.standards
            .get(slug)
            .ok_or_else(|| Error::not_found("standard", slug))
    }

    /// Checks a row that `viewer` wants to record on `today`.
    ///
    /// # Errors
    /// Every fault that can be told apart.
    pub(crate) fn check(
        &self,
        viewer: &Viewer,
        today: NaiveDate,
        row: &AdoptionRowInput,
    ) -> Result<Sound, Vec<Fault>> {
        let body = self
            .organisation(row.organisation.trim())
            .map_err(|error| Fault::new("organisation", error));
        let standard = self
            .standard(row.standard.trim())
            .map_err(|error| Fault::new("standard", error));
        let state = row.state.declared().ok_or_else(|| {
            let reason = "UNKNOWN is what no event says anything of; it cannot be recorded.";
            Fault::new("state", Error::invalid("state", reason))
        });
        let (body, standard, state) = match (body, standard, state) {
            (Ok(body), Ok(standard), Ok(state)) => (body, standard, state),
            (body, standard, state) => {
                return Err([body.err(), standard.err(), state.err()]
                    .into_iter()
                    .flatten()
                    .collect());
            }
        };
        self.event(viewer, today, row, (body, standard, state))
            .map_err(|fault| vec![fault])
    }

    fn event(
        &self,
        viewer: &Viewer,
        today: NaiveDate,
        row: &AdoptionRowInput,
        (organisation, standard, state): (OrganisationId, &Standard, adoption::AdoptionState),
    ) -> Result<Sound, Fault> {
        let granted = viewer.may(Action::RecordAdoption, About::Organisation(organisation))?;
        let own = granted.speaks_for(organisation);
        let expires_on = row.expires_on.map(|day| day.0).or_else(|| match state {
            adoption::AdoptionState::Adopted => {
                default_expiry(row.effective_on.0, today, standard.expiry_months)
            }
            _ => None,
        });
        let event = NewEvent {
            standard: standard.id,
            organisation,
            state,
            effective_on: row.effective_on.0,
            expires_on,
            grade: row
                .grade
                .map_or(adoption::EvidenceGrade::SelfDeclared, Into::into),
            standing: if own {
                Standing::Confirmed
            } else {
                Standing::Claimed
            },
            evidence_url: said(row.evidence_url.as_deref()),
            checked_on: row.checked_on.map(|day| day.0),
            source: if own { OWN } else { UNIT }.to_owned(),
            note: said(row.note.as_deref()),
            version_label: said(row.version_label.as_deref()),
            corrects: self.corrected(&granted, row, (standard, organisation))?,
            source_key: None,
        };
        let facts = EventFacts {
            state: event.state,
            effective_on: event.effective_on,
            expires_on: event.expires_on,
            grade: event.grade,
            evidence_url: event.evidence_url.as_deref(),
            checked_on: event.checked_on,
        };
        facts.check(today)?;
        Ok(Sound { event, granted })
    }

    /// The event that a row puts right.
    fn corrected(
        &self,
        granted: &Granted,
        row: &AdoptionRowInput,
        (standard, body): (&Standard, OrganisationId),
    ) -> Result<Option<EventId>, Fault> {
        let Some(id) = &row.corrects else {
            return Ok(None);
        };
        let fault = |reason: String| Fault::new("corrects", Error::invalid("corrects", reason));
        let Ok(Key::Event(key)) = Key::parse("corrects", id) else {
            return Err(fault(format!(
                "`{}` is not the id of an event.",
                id.as_str()
            )));
        };
        if (key.0, key.1) != (standard.id, body) {
            return Err(fault(
                "It is an event of another body or standard; correct it there.".to_owned(),
            ));
        }
        let missing = || Fault::new("corrects", Error::not_found("event", id.as_str()));
        let event = self.corrected.get(&key).ok_or_else(missing)?;
        granted
            .check_correction(body, event.standing)
            .map_err(|error| Fault::new("corrects", error))?;
        Ok(Some(event.id))
    }
}

/// A text without blanks at its ends; `None` when nothing is left.
fn said(text: Option<&str>) -> Option<String> {
    text.map(str::trim)
        .filter(|text| !text.is_empty())
        .map(str::to_owned)
}
