//! Participation: who takes part in which project, and how far both sides have come.

use crate::asked::Asked;
use crate::error::Result;
use crate::id::Key;
use crate::organisation::Organisation;
use crate::organisations::Organisations;
use crate::page::{Connection, Forward, Total};
use crate::project::Project;
use crate::project_words::{ParticipationRole, ParticipationState};
use crate::projects::Projects;
use crate::scalar::{Date, DateTime};
use async_graphql::{ID, Object};
use domain::id::{OrganisationId, ParticipationId, ProjectId};
use domain::participation::{Act, Side};
use domain::policy::{About, Action};
use std::sync::Arc;
use store::participation::Participation as Row;

/// The name of an organisation's list in its cursors.
pub(crate) const PORTFOLIO: &str = "participations by age";

/// Participations that were read together, with the bodies and projects they name.
pub(crate) struct Participations {
    asked: Arc<Asked>,
    rows: Vec<Arc<Row>>,
    organisations: Arc<Organisations>,
    projects: Arc<Projects>,
}

impl Participations {
    /// Those of these rows.
    pub(crate) fn new(asked: &Arc<Asked>, rows: Vec<Row>) -> Self {
        Self {
            asked: Arc::clone(asked),
            organisations: Organisations::named(asked, rows.iter().map(|row| row.organisation_id)),
            projects: Projects::named(asked, rows.iter().map(|row| row.project_id)),
            rows: rows.into_iter().map(Arc::new).collect(),
        }
    }

    fn choose(self: &Arc<Self>, wanted: impl Fn(&Row) -> bool) -> Vec<Participation> {
        let rows = self.rows.iter().filter(|row| wanted(row));
        rows.map(|row| Participation {
            row: Arc::clone(row),
            together: Arc::clone(self),
        })
        .collect()
    }

    /// Those of one project, in the order in which they were proposed.
    pub(crate) fn in_project(self: &Arc<Self>, project: ProjectId) -> Vec<Participation> {
        self.choose(|row| row.project_id == project)
    }

    /// A page of those of one organisation, in the order in which they were proposed.
    pub(crate) fn portfolio(
        self: &Arc<Self>,
        organisation: OrganisationId,
        wanted: &Forward,
    ) -> Connection<Participation> {
        let whole = self.choose(|row| row.organisation_id == organisation);
        let place = |one: &Participation| (one.row.id.to_string(), String::new());
        let rows = wanted.cut(&whole, place);
        let total = Total::Known(whole.len());
        Connection::new(PORTFOLIO, &wanted.page(), rows, total, place)
    }

    /// What an organisation's participations are, read for many at once.
    pub(crate) async fn of_organisations(
        asked: &Arc<Asked>,
        organisations: &[OrganisationId],
    ) -> Result<Arc<Self>> {
        let mut conn = asked.read().await?;
        let rows = store::participation::of_organisations(&mut conn, organisations).await?;
        Ok(Arc::new(Self::new(asked, rows)))
    }
}

/// An organisation's part in a project, and those that were read with it.
#[derive(Clone)]
pub struct Participation {
    row: Arc<Row>,
    together: Arc<Participations>,
}

impl Participation {
    /// The participation with this id, after a mutation changed it.
    pub(crate) async fn find(
        asked: &Arc<Asked>,
        key: Option<(ProjectId, ParticipationId)>,
    ) -> Result<Option<Self>> {
        let Some((project, id)) = key else {
            return Ok(None);
        };
        let asked = asked.renewed();
        let row = store::participation::by_key(&mut asked.read().await?, project, id).await?;
        let together = Arc::new(Participations::new(&asked, vec![row]));
        Ok(together.choose(|_| true).pop())
    }

    /// Whether whoever asks may do this about it, as it stands.
    async fn may(&self, act: Act) -> Result<bool> {
        let viewer = &self.together.asked.viewer;
        let Ok(side) = self.row.state.side_of(act) else {
            return Ok(false);
        };
        let own = match act {
            Act::Withdraw => Action::AskToJoin,
            _ => Action::TakePart,
        };
        Ok(match side {
            Side::Organisation => {
                let about = About::Organisation(self.row.organisation_id);
                viewer.may(own, about).is_ok()
            }
            Side::Project => {
                let teams = self.together.projects.teams().await?;
                match teams
                    .get(&self.row.project_id)
                    .filter(|team| team.lead.is_some())
                {
                    Some(team) => viewer.may_in(Action::LeadProject, team).is_ok(),
                    None => {
                        let about = About::Project(self.row.project_id);
                        act == Act::Withdraw && viewer.may(Action::AppointLead, about).is_ok()
                    }
                }
            }
        })
    }
}

/// An organisation's part in a project. Nobody takes part who has not agreed: see its state.
#[Object]
impl Participation {
    /// Its opaque id.
    async fn id(&self) -> ID {
        Key::Participation(self.row.project_id, self.row.id).id()
    }

    /// In which project.
    async fn project(&self) -> Result<Project> {
        self.together.projects.get(self.row.project_id).await
    }

    /// Which organisation.
    async fn organisation(&self) -> Result<Organisation> {
        self.together
            .organisations
            .get(self.row.organisation_id)
            .await
    }

    /// What it does there, or is to do once both sides agree.
    async fn role(&self) -> ParticipationRole {
        self.row.role.into()
    }

    /// How far the two sides have come.
    async fn state(&self) -> ParticipationState {
        self.row.state.into()
    }

    /// What was said when it was proposed.
    async fn message(&self) -> Option<&str> {
        self.row.message.as_deref()
    }

    /// When it was proposed.
    async fn proposed_at(&self) -> DateTime {
        DateTime(self.row.proposed_at)
    }

    /// When the other side answered; null while it waits.
    async fn answered_at(&self) -> Option<DateTime> {
        self.row.answered_at.map(DateTime)
    }

    /// Its first day, UTC; null while it does not take part.
    async fn from(&self) -> Option<Date> {
        self.row.from_on.map(Date)
    }

    /// The first day it was over, UTC.
    async fn to(&self) -> Option<Date> {
        self.row.to_on.map(Date)
    }

    /// Why it was declined, taken back or left.
    async fn reason(&self) -> Option<&str> {
        self.row.reason.as_deref()
    }

    /// Counts the changes to it, from 1.
    async fn version(&self) -> i64 {
        self.row.version
    }

    /// Whether whoever asks may answer it: a signatory of the invited organisation, or the project's lead for a request.
    async fn may_answer(&self) -> Result<bool> {
        self.may(Act::Accept).await
    }

    /// Whether whoever asks may take it back: the side that proposed it, before it is answered.
    async fn may_withdraw(&self) -> Result<bool> {
        self.may(Act::Withdraw).await
    }

    /// Whether whoever asks may end it: a signatory of the organisation that takes part.
    async fn may_leave(&self) -> Result<bool> {
        self.may(Act::Leave).await
    }
}
