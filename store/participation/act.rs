//! What the two sides of a participation do: propose, answer, take back and leave.

use super::{Participation, by_key, of, save};
use crate::conn::OnTaken;
use crate::invitation::check_open;
use crate::notice::{News, tell};
use crate::project::{self, Project, check_version, recount};
use crate::schema::participation;
use crate::{Conn, change, lock};
use chrono::NaiveDateTime;
use diesel_async::RunQueryDsl;
use domain::id::{OrganisationId, ParticipationId, ProjectId};
use domain::notice::NoticeKind;
use domain::participation::{Act, ParticipationRole, ParticipationState, Side, check_proposal};
use domain::policy::{About, Action, Granted};
use domain::project::{self as rules, LONGEST_TEXT};
use domain::{Error, Result};

/// The longest message or reason, in characters.
const LONGEST: usize = 1_000;

/// A part in a project that one side proposes to the other.
#[derive(Debug, Clone, Copy)]
pub struct Proposal<'a> {
    /// In which project.
    pub project: ProjectId,
    /// Which organisation.
    pub organisation: OrganisationId,
    /// What it is to do there.
    pub role: ParticipationRole,
    /// What is said with it.
    pub message: Option<&'a str>,
    /// Who proposes it: the project invites, the organisation asks.
    pub by: Side,
}

/// Invites an organisation to a project, or asks for it to take part.
///
/// The lead of a project invites; where it has none, the unit invites one to lead it.
///
/// # Errors
/// [`Error::NotFound`] when there is no such project or organisation; [`Error::Conflict`] when the project is over, the
/// organisation closed, or something stands in the way; [`Error::Invalid`] for a role or a message that does not fit;
/// [`Error::Internal`] when the database fails.
pub async fn propose(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    new: Proposal<'_>,
) -> Result<Participation> {
    lock::project(conn, new.project).await?;
    let project = project::by_id(conn, new.project).await?;
    match new.by {
        Side::Organisation => speaks(
            granted,
            Action::AskToJoin,
            About::Organisation(new.organisation),
        )?,
        Side::Project => speaks_for_project(granted, &project)?,
    }
    if granted.action() == Action::AppointLead && new.role != ParticipationRole::Lead {
        let told = "The unit invites to a project without a lead only who is to lead it.";
        return Err(Error::invalid("role", told));
    }
    project.check_open()?;
    check_open(conn, now.date(), new.organisation).await?;
    let standing = of(conn, &[project.id]).await?;
    let own = standing
        .iter()
        .filter(|row| row.organisation_id == new.organisation);
    let own: Vec<_> = own.map(|row| (row.role, row.state)).collect();
    check_proposal(&own, new.role, new.by)?;
    if new.role == ParticipationRole::Lead {
        check_one_to_lead(&standing)?;
    }
    let row = Participation {
        state: match new.by {
            Side::Project => ParticipationState::Invited,
            Side::Organisation => ParticipationState::Requested,
        },
        message: rules::words("message", new.message, LONGEST)?,
        ..Participation::proposed(granted, now, project.id, new.organisation, new.role)
    };
    on!(conn, c => diesel::insert_into(participation::table).values(&row).execute(c).await)
        .on_taken("organisation", &row.organisation_id.to_string())?;
    change::record(conn, granted, now, row.added()).await?;
    tell_other(
        conn,
        now,
        NoticeKind::ParticipationAsked,
        &project,
        &row,
        new.by,
    )
    .await?;
    Ok(row)
}

/// Checks that nobody else is invited to lead: of two who accept, one would take the lead from the other.
fn check_one_to_lead(standing: &[Participation]) -> Result<()> {
    let asked = standing
        .iter()
        .any(|row| row.role == ParticipationRole::Lead && row.state == ParticipationState::Invited);
    if !asked {
        return Ok(());
    }
    let told = "An organisation is invited to lead it already; take that back first.";
    Err(Error::Conflict(told.to_owned()))
}

/// Checks that this grant is what this side needs.
fn speaks(granted: &Granted, action: Action, about: About) -> Result<()> {
    granted.require(action)?;
    granted.covers(about)
}

/// Checks that whoever was granted this speaks for a project: its lead, or the unit where it has none.
fn speaks_for_project(granted: &Granted, project: &Project) -> Result<()> {
    let about = About::Project(project.id);
    if granted.action() != Action::AppointLead {
        return speaks(granted, Action::LeadProject, about);
    }
    if project.lead_id.is_some() {
        return Err(Error::Conflict(
            "The project has a lead, who speaks for it; the unit does not.".to_owned(),
        ));
    }
    granted.covers(about)
}

/// An answer to an invitation or a request.
#[derive(Debug, Clone, Copy)]
pub struct Answer<'a> {
    /// In which project.
    pub project: ProjectId,
    /// Which participation.
    pub id: ParticipationId,
    /// Yes or no.
    pub accept: bool,
    /// Why, where somebody says so.
    pub reason: Option<&'a str>,
    /// The version that somebody saw; `None` takes whatever it is.
    pub seen: Option<i64>,
}

/// Answers an invitation (for a signatory of the invited organisation) or a request (for the project's lead).
///
/// Who accepts to lead takes over from the lead there is, which invited it to that and stays as a partner.
///
/// # Errors
/// [`Error::NotFound`] when there is no such participation; [`Error::Stale`] when it was changed meanwhile;
/// [`Error::Conflict`] when it waits for no answer, the project is over or the organisation closed; [`Error::Internal`]
/// when the database fails, or for a grant of the other side.
pub async fn answer(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    given: Answer<'_>,
) -> Result<Participation> {
    lock::project(conn, given.project).await?;
    let before = by_key(conn, given.project, given.id).await?;
    let project = project::by_id(conn, given.project).await?;
    let act = if given.accept {
        Act::Accept
    } else {
        Act::Decline
    };
    let side = before.state.side_of(act)?;
    let about = match side {
        Side::Organisation => About::Organisation(before.organisation_id),
        Side::Project => About::Project(before.project_id),
    };
    speaks(granted, side.action(), about)?;
    check_version(given.seen, before.version)?;
    if given.accept {
        project.check_open()?;
        check_open(conn, now.date(), before.organisation_id).await?;
        hand_over(conn, granted, now, &before).await?;
    }
    let after = Participation {
        state: before.state.after(act, side)?,
        answered_by: Some(granted.actor().to_owned()),
        answered_at: Some(now),
        from_on: given.accept.then(|| now.date()),
        reason: rules::words("reason", given.reason, LONGEST)?,
        version: before.version + 1,
        ..before.clone()
    };
    save(conn, granted, now, &before, &after).await?;
    recount(conn, project.id).await?;
    tell_other(
        conn,
        now,
        NoticeKind::ParticipationAnswered,
        &project,
        &after,
        side,
    )
    .await?;
    Ok(after)
}

/// Makes room for who takes over the lead: the lead there is becomes a partner, and the other part that the new one has
/// ends.
async fn hand_over(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    accepted: &Participation,
) -> Result<()> {
    if accepted.role != ParticipationRole::Lead {
        return Ok(());
    }
    let standing = of(conn, &[accepted.project_id]).await?;
    for before in standing
        .iter()
        .filter(|row| row.state == ParticipationState::Active)
    {
        let mut after = Participation {
            version: before.version + 1,
            ..before.clone()
        };
        if before.organisation_id == accepted.organisation_id {
            after.state = ParticipationState::Left;
            after.to_on = Some(now.date());
            after.reason = Some("It leads the project from then on.".to_owned());
        } else if before.role == ParticipationRole::Lead {
            after.role = ParticipationRole::Partner;
        } else {
            continue;
        }
        save(conn, granted, now, before, &after).await?;
    }
    Ok(())
}

/// Takes an invitation or a request back before it is answered: for the side that made it.
///
/// # Errors
/// As [`answer`].
pub async fn withdraw(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    (project, id): (ProjectId, ParticipationId),
    reason: Option<&str>,
    seen: Option<i64>,
) -> Result<Participation> {
    lock::project(conn, project).await?;
    let before = by_key(conn, project, id).await?;
    let project = project::by_id(conn, project).await?;
    let side = before.state.side_of(Act::Withdraw)?;
    match side {
        Side::Organisation => {
            speaks(
                granted,
                Action::AskToJoin,
                About::Organisation(before.organisation_id),
            )?;
        }
        Side::Project => speaks_for_project(granted, &project)?,
    }
    check_version(seen, before.version)?;
    let after = Participation {
        state: before.state.after(Act::Withdraw, side)?,
        reason: rules::words("reason", reason, LONGEST)?,
        version: before.version + 1,
        ..before.clone()
    };
    save(conn, granted, now, &before, &after).await?;
    Ok(after)
}

/// Ends an organisation's part in a project, with the reason: for a signatory of that organisation.
///
/// Where the lead leaves, the project is left without one: the unit is told, and can invite another to lead it.
///
/// # Errors
/// As [`answer`]; [`Error::Invalid`] without a reason.
pub async fn leave(
    conn: &mut Conn,
    granted: &Granted,
    now: NaiveDateTime,
    (project, id): (ProjectId, ParticipationId),
    reason: &str,
    seen: Option<i64>,
) -> Result<Participation> {
    lock::project(conn, project).await?;
    let before = by_key(conn, project, id).await?;
    speaks(
        granted,
        Action::TakePart,
        About::Organisation(before.organisation_id),
    )?;
    let state = before.state.after(Act::Leave, Side::Organisation)?;
    check_version(seen, before.version)?;
    let project = project::by_id(conn, project).await?;
    let after = Participation {
        state,
        to_on: Some(now.date()),
        reason: Some(rules::text("reason", reason, LONGEST_TEXT)?),
        version: before.version + 1,
        ..before.clone()
    };
    save(conn, granted, now, &before, &after).await?;
    recount(conn, project.id).await?;
    if after.role == ParticipationRole::Lead && project.phase.is_open() {
        let news = news(
            NoticeKind::ProjectWithoutLead,
            &project,
            after.organisation_id,
        );
        tell(conn, now, [None], &news).await?;
    }
    Ok(after)
}

/// What is to be told of a project.
fn news(kind: NoticeKind, project: &Project, about: OrganisationId) -> News<'_> {
    News {
        kind,
        thing: ("project", project.id.to_string()),
        title: &project.title,
        about,
    }
}

/// Tells the other side what one side of a participation did: the organisation, or the project's lead (the unit where it
/// has none).
async fn tell_other(
    conn: &mut Conn,
    now: NaiveDateTime,
    kind: NoticeKind,
    project: &Project,
    part: &Participation,
    by: Side,
) -> Result<()> {
    let own = part.organisation_id;
    let (to, about) = match by {
        Side::Organisation => (project.lead_id, own),
        Side::Project => (Some(own), project.lead_id.unwrap_or(own)),
    };
    tell(conn, now, [to], &news(kind, project, about)).await
}
