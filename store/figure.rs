//! The rows behind a figure: one pass over a standard's provisions and events, ready for `analytics`.

use crate::Conn;
use crate::conn::internal;
use crate::group::{self, Group};
use crate::organisation::{self, Organisation};
use crate::provision::{self, Provision};
use crate::schema::adoption_event;
use analytics::history::{Body, Event, Grade, History, Member, State};
use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::adoption::{AdoptionState, EvidenceGrade, Standing};
use domain::id::{EventId, GroupId, OrganisationId, StandardId};
use domain::period::Period;
use domain::provision::Target;
use domain::{Error, Result};
use std::collections::HashMap;
use std::sync::Arc;

/// Every body and group, indexed as the figures use them: three statements, whatever the number of standards.
#[derive(Debug)]
pub struct Sector {
    /// Every body; a figure speaks of them by their place here.
    pub organisations: Vec<Organisation>,
    /// Every group.
    pub groups: Vec<Group>,
    bodies: Arc<[Body]>,
    places: HashMap<OrganisationId, usize>,
    members: HashMap<GroupId, Vec<Member>>,
}

impl Sector {
    /// Reads every body, group and membership.
    ///
    /// # Errors
    /// [`Error::Internal`] when the database fails.
    pub async fn load(conn: &mut Conn) -> Result<Self> {
        let mut organisations = organisation::all(conn).await?;
        organisations.sort_by(|a, b| a.slug.cmp(&b.slug));
        let places = organisations
            .iter()
            .enumerate()
            .map(|(place, body)| (body.id, place))
            .collect();
        let bodies = organisations
            .iter()
            .map(|row| Body {
                opened_on: row.opened_on,
                closed_on: row.closed_on,
                population: row.population(),
            })
            .collect();
        let mut sector = Self {
            organisations,
            groups: group::all(conn).await?,
            bodies,
            places,
            members: HashMap::new(),
        };
        for row in group::members(conn).await? {
            let Some(body) = sector.known(row.organisation_id) else {
                continue;
            };
            sector
                .members
                .entry(row.group_id)
                .or_default()
                .push(Member {
                    body,
                    from: row.from_on,
                    to: row.to_on,
                });
        }
        Ok(sector)
    }

    /// The dated members of a group; none when the group is not known.
    pub fn members(&self, group: GroupId) -> &[Member] {
        self.members.get(&group).map_or(&[], Vec::as_slice)
    }

    /// The place of a body, if it was there when this sector was read. One that an import adds meanwhile is left out of
    /// the figure whole: it counts in the next.
    fn known(&self, body: OrganisationId) -> Option<usize> {
        self.places.get(&body).copied()
    }

    /// The place of a body in [`organisations`](Self::organisations).
    ///
    /// # Errors
    /// [`Error::Internal`] when it came after this sector was read.
    pub fn place(&self, body: OrganisationId) -> Result<usize> {
        self.known(body)
            .ok_or_else(|| Error::internal(format!("organisation {body} is not among those read")))
    }

    /// The windows in which a provision applies, one a body it names.
    fn expand(&self, row: &Provision, into: &mut Vec<analytics::history::Provision>) -> Result<()> {
        let mut push = |body: usize, period: Period| {
            into.push(analytics::history::Provision {
                body,
                from: period.from,
                to: period.to,
                excluded: row.excluded,
                reason: row.reason.rank(),
            });
        };
        match row.target()? {
            Target::Organisation(body) => {
                if let Some(body) = self.known(body) {
                    push(body, row.period());
                }
            }
            Target::Kind(kind) => {
                let of_kind = self
                    .organisations
                    .iter()
                    .enumerate()
                    .filter(|(_, body)| body.kind == kind);
                of_kind.for_each(|(body, _)| push(body, row.period()));
            }
            Target::Group(group) => {
                for member in self.members(group) {
                    let membership = Period {
                        from: member.from,
                        to: member.to,
                    };
                    if let Some(both) = row.period().intersect(&membership) {
                        push(member.body, both);
                    }
                }
            }
        }
        Ok(())
    }
}

/// What a figure reads of an event, and nothing more: this is the hot statement.
#[derive(Queryable, Selectable)]
#[diesel(table_name = adoption_event)]
struct Said {
    standard_id: StandardId,
    organisation_id: OrganisationId,
    id: EventId,
    state: AdoptionState,
    effective_on: NaiveDate,
    recorded_at: NaiveDateTime,
    expires_on: Option<NaiveDate>,
    grade: EvidenceGrade,
    standing: Standing,
    corrects_id: Option<EventId>,
}

/// The whole history of each of these standards, as known at `known_at`, with evidence of at least `min_grade`.
///
/// Two statements, whatever the number of standards (up to [`CHUNK`](crate::CHUNK) of them).
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn histories(
    conn: &mut Conn,
    sector: &Sector,
    standards: &[StandardId],
    known_at: NaiveDateTime,
    min_grade: Option<EvidenceGrade>,
) -> Result<HashMap<StandardId, History>> {
    let said = said(conn, standards, None, known_at).await?;
    build(conn, sector, standards, said, known_at, min_grade).await
}

/// As [`histories`], with what was said of these bodies alone: for questions about a few bodies and many standards.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub async fn histories_about(
    conn: &mut Conn,
    sector: &Sector,
    standards: &[StandardId],
    bodies: &[OrganisationId],
    known_at: NaiveDateTime,
) -> Result<HashMap<StandardId, History>> {
    let said = said(conn, standards, Some(bodies), known_at).await?;
    build(conn, sector, standards, said, known_at, None).await
}

async fn build(
    conn: &mut Conn,
    sector: &Sector,
    standards: &[StandardId],
    said: Vec<Said>,
    known_at: NaiveDateTime,
    min_grade: Option<EvidenceGrade>,
) -> Result<HashMap<StandardId, History>> {
    let mut parts: HashMap<StandardId, (Vec<analytics::history::Provision>, Vec<Event>)> =
        standards
            .iter()
            .map(|id| (*id, Default::default()))
            .collect();
    for row in provision::of(conn, standards).await? {
        if let Some((provisions, _)) = parts.get_mut(&row.standard_id) {
            sector.expand(&row, provisions)?;
        }
    }
    for row in said {
        let body = sector.known(row.organisation_id);
        if let (Some(body), Some((_, events))) = (body, parts.get_mut(&row.standard_id)) {
            events.push(event(body, &row));
        }
    }
    let mut histories = HashMap::with_capacity(parts.len());
    for (standard, (provisions, events)) in parts {
        let bodies = Arc::clone(&sector.bodies);
        let history = History::new(bodies, provisions, events, known_at, min_grade.map(grade));
        histories.insert(standard, history.map_err(Error::internal)?);
    }
    Ok(histories)
}

async fn said(
    conn: &mut Conn,
    standards: &[StandardId],
    bodies: Option<&[OrganisationId]>,
    known_at: NaiveDateTime,
) -> Result<Vec<Said>> {
    let mut found = Vec::new();
    for chunk in standards.chunks(crate::CHUNK) {
        let rows: Vec<Said> = match bodies {
            None => on!(conn, c => adoption_event::table
                .filter(adoption_event::standard_id.eq_any(chunk))
                .filter(adoption_event::recorded_at.le(known_at))
                .select(Said::as_select())
                .load(c)
                .await),
            Some(bodies) => on!(conn, c => adoption_event::table
                .filter(adoption_event::organisation_id.eq_any(bodies))
                .filter(adoption_event::standard_id.eq_any(chunk))
                .filter(adoption_event::recorded_at.le(known_at))
                .select(Said::as_select())
                .load(c)
                .await),
        }
        .map_err(internal)?;
        found.extend(rows);
    }
    Ok(found)
}

fn event(body: usize, row: &Said) -> Event {
    Event {
        id: row.id.0.as_u128(),
        body,
        state: state(row.state),
        effective_on: row.effective_on,
        recorded_at: row.recorded_at,
        expires_on: row.expires_on,
        grade: grade(row.grade),
        confirmed: row.standing == Standing::Confirmed,
        corrects: row.corrects_id.map(|id| id.0.as_u128()),
    }
}

fn state(state: AdoptionState) -> State {
    match state {
        AdoptionState::Considering => State::Considering,
        AdoptionState::Pledged => State::Pledged,
        AdoptionState::Piloting => State::Piloting,
        AdoptionState::Adopted => State::Adopted,
        AdoptionState::Lapsed => State::Lapsed,
        AdoptionState::Declined => State::Declined,
        AdoptionState::Exempt => State::Exempt,
    }
}

fn grade(grade: EvidenceGrade) -> Grade {
    match grade {
        EvidenceGrade::SelfDeclared => Grade::SelfDeclared,
        EvidenceGrade::Peer => Grade::Peer,
        EvidenceGrade::Document => Grade::Document,
        EvidenceGrade::AutomaticCheck => Grade::AutomaticCheck,
    }
}
