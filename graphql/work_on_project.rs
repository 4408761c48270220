//! Working on projects: milestones, outputs, and what organisations give.

use crate::asked::Asked;
use crate::done::Done;
use crate::error::Result;
use crate::input;
use crate::project_words::{ContributionKind, OutputKind, Readiness};
use crate::receipt::{self, Sent, Work};
use crate::scalar::Date;
use crate::start_project::ProjectPayload;
use async_graphql::{ID, InputObject};
use chrono::NaiveDateTime;
use domain::Error;
use domain::id::{ProjectId, StandardId};
use domain::policy::{About, Action, Viewer};
use std::sync::Arc;
use store::Conn;
use store::contribution::{self, Pledge};
use store::{milestone, output};

/// A milestone to be set, moved or done.
#[derive(InputObject)]
pub struct SetMilestoneInput {
    /// The project: its id or address.
    project: ID,
    /// The milestone that is changed; left out, a new one is set.
    milestone: Option<ID>,
    /// What is to be done; needed for a new one.
    title: Option<String>,
    /// When it is due, UTC; needed for a new one. When it was first due is kept.
    due_on: Option<Date>,
    /// When it was done, UTC.
    done_on: Option<Date>,
    /// The version of the milestone you saw: when it has moved on, nothing is done and the error says which it is now.
    expected_version: Option<i64>,
    /// Up to 100 characters of your choice: sent again with the same input, it gives the first answer again.
    idempotency_key: Option<String>,
}

/// An output to be published, or said more of.
#[derive(InputObject)]
pub struct PublishOutputInput {
    /// The project: its id or address.
    project: ID,
    /// The output that is changed; left out, a new one is published. What is left out beside stays.
    output: Option<ID>,
    /// What it is called; needed for a new one.
    title: Option<String>,
    /// What it is; needed for a new one.
    kind: Option<OutputKind>,
    /// Where it is; needed for a new one.
    url: Option<String>,
    /// Under which licence others may use it, such as `MIT` or `OGL-UK-3.0`; needed for a new one.
    licence: Option<String>,
    /// How ready it is; a new one is a `DRAFT` if left out. `READY` is told to everybody who backs the problem.
    readiness: Option<Readiness>,
    /// The standard it makes or implements, by its address.
    standard: Option<String>,
    /// The version of the output you saw: when it has moved on, nothing is done and the error says which it is now.
    expected_version: Option<i64>,
    /// Up to 100 characters of your choice: sent again with the same input, it gives the first answer again.
    idempotency_key: Option<String>,
}

/// What an organisation pledges to a project.
#[derive(InputObject)]
pub struct PledgeContributionInput {
    /// The project: its id or address.
    project: ID,
    /// The organisation that pledges: its slug or a code; left out, the one you act for.
    organisation: Option<String>,
    /// What it is.
    kind: ContributionKind,
    /// How much: pence, or days.
    amount: i64,
    /// Words about it.
    note: Option<String>,
    /// Up to 100 characters of your choice: sent again with the same input, it gives the first answer again.
    idempotency_key: Option<String>,
}

/// How much of a pledge was given so far.
#[derive(InputObject)]
pub struct GiveContributionInput {
    /// The contribution's id.
    contribution: ID,
    /// How much was given in all: pence, or days.
    given: i64,
    /// The version you saw: when it has moved on, nothing is done and the error says which it is now.
    expected_version: Option<i64>,
    /// Up to 100 characters of your choice: sent again with the same input, it gives the first answer again.
    idempotency_key: Option<String>,
}

/// What somebody does on a project.
enum Doing {
    Milestone(SetMilestoneInput),
    Output(PublishOutputInput),
    Pledge(PledgeContributionInput),
    Give(GiveContributionInput),
}

struct Do {
    viewer: Viewer,
    doing: Doing,
}

async fn done(asked: &Arc<Asked>, sent: Sent, doing: Doing) -> Result<ProjectPayload> {
    let viewer = asked.viewer.clone();
    let done = receipt::answer(asked, sent, Do { viewer, doing }).await?;
    ProjectPayload::of(asked, done).await
}

/// Sets a milestone, moves it, or says that it is done.
///
/// # Errors
/// `UNAUTHENTICATED` and `FORBIDDEN` for want of the right; `CONFLICT` when the project is over or it moved on.
pub(crate) async fn set_milestone(
    asked: &Arc<Asked>,
    input: SetMilestoneInput,
) -> Result<ProjectPayload> {
    let sent = Sent::new("setMilestone", &input, &input.idempotency_key);
    done(asked, sent, Doing::Milestone(input)).await
}

/// Publishes an output, or says more of one.
///
/// # Errors
/// As [`set_milestone`].
pub(crate) async fn publish_output(
    asked: &Arc<Asked>,
    input: PublishOutputInput,
) -> Result<ProjectPayload> {
    let sent = Sent::new("publishOutput", &input, &input.idempotency_key);
    done(asked, sent, Doing::Output(input)).await
}

/// Pledges something to a project.
///
/// # Errors
/// As [`set_milestone`]; `CONFLICT` for an organisation that does not take part.
pub(crate) async fn pledge_contribution(
    asked: &Arc<Asked>,
    input: PledgeContributionInput,
) -> Result<ProjectPayload> {
    let sent = Sent::new("pledgeContribution", &input, &input.idempotency_key);
    done(asked, sent, Doing::Pledge(input)).await
}

/// Says how much of a pledge was given.
///
/// # Errors
/// As [`set_milestone`].
pub(crate) async fn give_contribution(
    asked: &Arc<Asked>,
    input: GiveContributionInput,
) -> Result<ProjectPayload> {
    let sent = Sent::new("giveContribution", &input, &input.idempotency_key);
    done(asked, sent, Doing::Give(input)).await
}

impl Work for Do {
    type Answer = Done;

    async fn run(&self, conn: &mut Conn, now: NaiveDateTime) -> domain::Result<Done> {
        let project = match &self.doing {
            Doing::Milestone(input) => self.milestone(conn, now, input).await,
            Doing::Output(input) => self.output(conn, now, input).await,
            Doing::Pledge(input) => self.pledge(conn, now, input).await,
            Doing::Give(input) => self.give(conn, now, input).await,
        }?;
        Ok(Done::with(project))
    }
}

impl Do {
    async fn milestone(
        &self,
        conn: &mut Conn,
        now: NaiveDateTime,
        input: &SetMilestoneInput,
    ) -> domain::Result<ProjectId> {
        let project = input::project_named(conn, &input.project).await?;
        let team = store::project::team(conn, project).await?;
        let granted = self.viewer.may_in(Action::LeadProject, &team)?;
        let standing = input.milestone.as_ref().map(input::milestone).transpose()?;
        let said = milestone::Said {
            standing: standing.map(|(_, id)| id),
            title: input.title.as_deref(),
            due_on: input.due_on.map(|day| day.0),
            done_on: input.done_on.map(|day| day.0),
            seen: input.expected_version,
        };
        milestone::set(conn, &granted, now, project, said).await?;
        Ok(project)
    }

    async fn output(
        &self,
        conn: &mut Conn,
        now: NaiveDateTime,
        input: &PublishOutputInput,
    ) -> domain::Result<ProjectId> {
        let project = input::project_named(conn, &input.project).await?;
        let team = store::project::team(conn, project).await?;
        let granted = self.viewer.may_in(Action::WorkOnProject, &team)?;
        let standing = input.output.as_ref().map(input::output).transpose()?;
        let said = output::Said {
            standing: standing.map(|(_, id)| id),
            title: input.title.as_deref(),
            kind: input.kind.map(Into::into),
            url: input.url.as_deref(),
            licence: input.licence.as_deref(),
            readiness: input.readiness.map(Into::into),
            standard: standard(conn, input.standard.as_deref()).await?,
            seen: input.expected_version,
        };
        output::publish(conn, &granted, now, project, said).await?;
        Ok(project)
    }

    async fn pledge(
        &self,
        conn: &mut Conn,
        now: NaiveDateTime,
        input: &PledgeContributionInput,
    ) -> domain::Result<ProjectId> {
        let project = input::project_named(conn, &input.project).await?;
        let own = input::body(conn, &self.viewer, input.organisation.as_deref()).await?;
        let granted = self
            .viewer
            .may(Action::TakePart, About::Organisation(own))?;
        let new = Pledge {
            project,
            organisation: own,
            kind: input.kind.into(),
            amount: input.amount,
            note: input.note.as_deref(),
        };
        contribution::pledge(conn, &granted, now, new).await?;
        Ok(project)
    }

    async fn give(
        &self,
        conn: &mut Conn,
        now: NaiveDateTime,
        input: &GiveContributionInput,
    ) -> domain::Result<ProjectId> {
        let key = input::contribution(&input.contribution)?;
        let row = contribution::by_key(conn, key.0, key.1).await?;
        let giver = contribution::giver(&row)?;
        let granted = self
            .viewer
            .may(Action::TakePart, About::Organisation(giver))?;
        let (given, seen) = (input.given, input.expected_version);
        contribution::give(conn, &granted, now, key, given, seen).await?;
        Ok(key.0)
    }
}

/// The standard at an address.
async fn standard(conn: &mut Conn, slug: Option<&str>) -> domain::Result<Option<StandardId>> {
    let Some(slug) = slug else { return Ok(None) };
    let row = store::standard::by_slug(conn, slug.trim()).await?;
    let row = row.ok_or_else(|| Error::not_found("standard", slug))?;
    Ok(Some(row.id))
}
